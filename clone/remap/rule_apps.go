package remap

import "strings"

// dashboardRule is for dashboards of all layouts. The itemId of an Arcade data source names a
// script inside the dashboard.
var dashboardRule = rule{
	name:       "dashboard",
	layers:     true,
	localWords: []string{`"arcadeDataSource"`},
	local: func(f *fixer) []string {
		var places []string
		for v := range f.o.root().all() {
			kind, ok := v.get("type")
			if !ok || string(kind.raw()) != `"arcadeDataSource"` {
				continue
			}
			if id, ok := v.get("itemId"); ok {
				places = append(places, id.path())
			}
		}
		return places
	},
	expects: []expect{
		{"dataSource", "itemId", layerTypes},
		{"datasets", "itemId", layerTypes},
		{"widgets", "itemId", mapTypes},
	},
}

var operationViewRule = rule{
	name: "operation view",
	expects: []expect{
		{"", "mapId", "Web Map"},
		{"", "serviceItemId", layerTypes},
	},
}

// appBuilderRule is for apps of Web AppBuilder. Proxies to services with stored passwords
// belong to the source.
var appBuilderRule = rule{
	name:   "web app builder",
	words:  []string{`"appProxy"`, `"proxyItems"`},
	layers: true,
	fix: func(f *fixer) {
		root := f.o.root()
		objects := []value{root}
		if m, ok := root.get("map"); ok {
			objects = append(objects, m)
		}
		for _, obj := range objects {
			dropped := f.drop(obj, func(m value) bool {
				return m.key() == "appProxy" && hasProxies(m) || m.key() == "proxyItems" && isFull(m)
			})
			if dropped {
				f.warn(obj, "the app's proxies to secured services stay on the source: it now uses the addresses of the services; make proxies for it on the target")
			}
		}
	},
	expects: []expect{
		{"appProxy", "mapItemId", mapTypes},
		{"map", "itemId", mapTypes},
		{"dataSources", "itemId", layerTypes},
	},
}

func hasProxies(appProxy value) bool {
	list, ok := appProxy.at("proxyItems")
	return ok && isFull(list)
}

// isFull reports whether an object or array has anything in it.
func isFull(v value) bool {
	for range v.children() {
		return true
	}
	return false
}

// configurableRule is for configurable apps, Instant Apps and classic story maps. The folder is
// where the app was made, and no app needs it.
var configurableRule = rule{
	name:   "configurable app",
	words:  []string{`"folderId"`},
	layers: true,
	fix: func(f *fixer) {
		if v, ok := f.o.root().get("folderId"); ok {
			f.folder(v)
		}
	},
	expects: []expect{
		{"", "source", "Web Mapping Application|Application Configuration"},
		{"mapItemCollection", "id", mapTypes},
	},
}

// folder empties the id of a folder that has no counterpart.
func (f *fixer) folder(v value) {
	id, ok := v.text()
	id = strings.ToLower(id)
	if !ok || len(id) != idLen || !hexRun([]byte(id)) || f.r.folders[id] {
		return
	}
	if t, _, ok := f.r.lookup([]byte(id)); ok && t.kind == KindFolder {
		return
	}
	f.replace(v, "null", string(KindFolder))
}

var storyMapRule = rule{
	name:    "story map",
	beside:  "itemType",
	expects: []expect{{"", "themeItemId", "StoryMap Theme"}},
}

// experienceRule is for Experience Builder, published and draft. The client id belongs to the
// registration of the source's app.
var experienceRule = rule{
	name:   "experience",
	words:  []string{`"clientId"`},
	layers: true,
	fix: func(f *fixer) {
		if v, ok := f.o.root().at("attributes", "clientId"); ok {
			f.client(v)
		}
	},
	expects: []expect{
		{"", "surveyItemId", "Form"},
		{"maps", "itemId", mapTypes},
		{"widgets", "itemId", ""},
		{"dataSources", "itemId", mapTypes + "|" + layerTypes},
	},
}

// client empties the client id of an application that is not registered on the target. Those of
// the portal software's own apps, such as experienceBuilder, are the same on every portal: only
// ids that a registration gave are random words of 16 letters and digits.
func (f *fixer) client(v value) {
	id, ok := v.text()
	if !ok || len(id) != randomClient || f.r.knowsClient(id) {
		return
	}
	f.blank(v, RuleClient)
	f.warn(v, "the app is registered on the source: register it on the target so that members can sign in to it")
}

// knowsClient reports whether a client id is mapped or the counterpart of one that is.
func (r *Rewriter) knowsClient(id string) bool {
	if _, ok := r.clients[id]; ok {
		return true
	}
	for _, to := range r.clients {
		if to == id {
			return true
		}
	}
	return false
}

// siteRule is for sites and pages of Hub and Enterprise. Feeds hold {{templates}}, which are
// kept like any other text.
var siteRule = rule{
	name:   "site",
	words:  []string{`"clientId"`, `"subdomain"`, `"defaultHostname"`, `"customHostname"`},
	layers: true,
	fix: func(f *fixer) {
		values, ok := f.o.root().get("values")
		if !ok {
			return
		}
		if v, ok := values.get("clientId"); ok {
			f.client(v)
		}
		if v, ok := values.get("subdomain"); ok {
			f.subdomain(v)
		}
		for _, key := range []string{"defaultHostname", "customHostname"} {
			if v, ok := values.get(key); ok {
				f.hostname(v)
			}
		}
	},
	expects: []expect{
		{"pages", "id", "Hub Page|Site Page"},
		{"sites", "id", "Hub Site Application|Site Application"},
		{"", "siteId", "Hub Site Application|Site Application"},
		{"", "surveyId", "Form"},
		{"", "initiativeId", "Hub Initiative"},
		{"", "parentInitiativeId", "Hub Initiative"},
	},
}

// subdomain renames a site.
func (f *fixer) subdomain(v value) {
	name, _ := v.text()
	if to, ok := f.r.sites[strings.ToLower(name)]; ok && to != name {
		f.setText(v, to, RuleSite)
	}
}

// hostname warns of a site that keeps the host of the source.
func (f *fixer) hostname(v value) {
	name, _ := v.text()
	if name == "" || strings.Contains(name, "{{") {
		return
	}
	a, err := parseAddress(name)
	if err != nil || f.r.to.host == a.host {
		return
	}
	if p, _ := f.r.portal([]byte(a.key()), 0); p == nil && !f.r.isHostTarget(a.host) {
		f.warn(v, "the site names the host "+a.host+" of the source: give it a domain on the target")
	}
}
