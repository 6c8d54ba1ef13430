package remap

import "strings"

// formRule is for Survey123. Its archive holds a copy of the item's description.
var formRule = rule{
	name:  "form",
	words: []string{`"owner"`, `"webhooks"`},
	fix: func(f *fixer) {
		root := f.o.root()
		name := strings.ToLower(string(f.part))
		if v, ok := root.get("owner"); ok && strings.HasSuffix(name, ".iteminfo") {
			f.owner(v)
		}
		if v, ok := root.at("notificationsInfo", "webhooks"); ok && isFull(v) {
			f.warn(v, "the form calls the same webhooks as on the source")
		}
	},
	expects: []expect{
		{"serviceInfo", "itemId", "Feature Service"},
		{"maps", "itemId", mapTypes + "|Tile Package|Vector Tile Package|Mobile Map Package|Map Service|Vector Tile Service"},
	},
}

// owner renames an account.
func (f *fixer) owner(v value) {
	name, _ := v.text()
	if to, ok := f.r.users[strings.ToLower(name)]; ok && to != name {
		f.setText(v, to, RuleUser)
	}
}

// quickCaptureRule is for QuickCapture: the address of the owner is where errors are sent.
var quickCaptureRule = rule{
	name:   "quick capture",
	words:  []string{`"adminEmail"`},
	layers: true,
	fix: func(f *fixer) {
		root := f.o.root()
		for _, keys := range [][]string{{"preferences", "adminEmail"}, {"application", "preferences", "adminEmail"}} {
			v, ok := root.at(keys...)
			if !ok || f.it.OwnerEmail == "" {
				continue
			}
			if text, ok := v.text(); ok && text != "" && text != f.it.OwnerEmail {
				f.setText(v, f.it.OwnerEmail, RuleEmail)
			}
		}
	},
	expects: []expect{
		{"", "featureServiceItemId", "Feature Service"},
		{"basemap", "itemId", layerTypes + "|" + mapTypes + "|Tile Package|Vector Tile Package"},
		{"", "itemId", "QuickCapture Project"},
	},
}

var workforceRule = rule{
	name: "workforce",
	expects: []expect{
		{"", "workerWebMapId", "Web Map"},
		{"", "dispatcherWebMapId", "Web Map"},
		{"", "serviceItemId", "Feature Service"},
	},
}

// notebookRule leaves account names alone: they are part of the program.
var notebookRule = rule{name: "notebook", code: true}

// solutionRule is for solutions. The templates of one that is not deployed name each other by ids that are
// no items here.
var solutionRule = rule{
	name:       "solution",
	localWords: []string{`"templates"`},
	local: func(f *fixer) []string {
		if !f.it.hasKeyword("Template") {
			return nil
		}
		return []string{"$.templates"}
	},
}
