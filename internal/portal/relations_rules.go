package portal

import (
	"slices"
	"strings"
)

// relationRule is what a type of relationship asks for and does, by Esri's page
// "Relationship types".
type relationRule struct {
	name      string
	ownOrigin bool // the one who relates has to own the origin
	ownDest   bool // likewise the destination
	share     bool // the destination is shared as the origin is
	delete    bool // the destination is deleted with the origin
	inherits  bool // a destination takes over the sharing of its origin when they are related
	holdsDest bool // the destination cannot be deleted while a service depends on it
	holdsOrig bool // the origin cannot be deleted while a service depends on it
}

// relationRules lists the types, one a line.
//
// guess: the rules of App2DependentApp and Data2App say that sharing and deleting affect what
// depends on the item, which clients show as a warning; they forbid nothing here.
var relationRules = []relationRule{
	{name: "APIKey2Item", ownOrigin: true, ownDest: true},
	{name: "App2DependentApp"},
	{name: "Area2CustomPackage", ownOrigin: true, ownDest: true},
	{name: "Area2Package", ownOrigin: true, ownDest: true, share: true, delete: true},
	{name: "Data2App"},
	{name: "Item2Attachment", ownOrigin: true, ownDest: true, share: true, delete: true},
	{name: "Item2Report"},
	{name: "Listed2ImplicitlyListed", ownOrigin: true, ownDest: true, delete: true},
	{name: "Listed2Provisioned", ownOrigin: true, ownDest: true, delete: true},
	{name: "Map2AppConfig", ownOrigin: true, ownDest: true, share: true, delete: true, inherits: true},
	{name: "Map2Area", ownOrigin: true, ownDest: true},
	{name: "Map2FeatureCollection"},
	{name: "Map2IndoorsConfig", ownOrigin: true, ownDest: true, share: true, delete: true, inherits: true},
	{name: "Map2Service"},
	{name: "Mission2Item"},
	{name: "MobileApp2Code", share: true, delete: true, inherits: true},
	{name: "Notebook2WebTool"},
	{name: "Service2Data", ownOrigin: true, ownDest: true, holdsDest: true},
	{name: "Service2Layer"},
	{name: "Service2Route"},
	{name: "Service2Service", ownOrigin: true, ownDest: true, holdsOrig: true},
	{name: "Service2Style", ownDest: true},
	{name: "Solution2Item"},
	{name: "Style2Style", ownDest: true},
	{name: "Survey2Data", ownOrigin: true},
	{name: "Survey2Service"},
	{name: "SurveyAddIn2Data"},
	{name: "Theme2Story"},
	{name: "TrackView2Map"},
	{name: "WMA2Code", share: true, delete: true, inherits: true},
	{name: "WebStyle2DesktopStyle"},
	{name: "WorkforceMap2FeatureService"},
}

// ruleOf finds a type of relationship by name, without regard to case.
func ruleOf(name string) (relationRule, bool) {
	i := slices.IndexFunc(relationRules, func(r relationRule) bool { return strings.EqualFold(r.name, strings.TrimSpace(name)) })
	if i < 0 {
		return relationRule{}, false
	}
	return relationRules[i], true
}

// rulesOf finds several types; an unknown one is an error that names it.
func rulesOf(param string, names []string) ([]relationRule, error) {
	if len(names) == 0 {
		return nil, ErrMissingParam(param)
	}
	var out []relationRule
	for _, n := range names {
		r, ok := ruleOf(n)
		if !ok {
			return nil, ErrBadParam(param, "names no type of relationship: '"+n+"'")
		}
		out = append(out, r)
	}
	return out, nil
}
