package remap

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// goldenDirs says where the pairs of each rule are.
var goldenDirs = map[*rule][]string{
	&webMapRule:         {"webmap", "webscene"},
	&proMapRule:         {"pro-map"},
	&dashboardRule:      {"dashboard"},
	&operationViewRule:  {"operation-view"},
	&appBuilderRule:     {"web-app-builder"},
	&configurableRule:   {"configurable-app", "classic-story"},
	&storyMapRule:       {"storymap"},
	&experienceRule:     {"experience"},
	&siteRule:           {"site"},
	&formRule:           {"form"},
	&quickCaptureRule:   {"quick-capture"},
	&workforceRule:      {"workforce"},
	&notebookRule:       {"notebook"},
	&solutionRule:       {"solution"},
	&featureServiceRule: {"feature-service"},
	&applicationRule:    {"application"},
	&pipelineRule:       {"pipeline"},
	&genericRule:        {"style", "vector-tile-style", "storymap-theme"},
}

// Every rule of the list has golden pairs, every folder of pairs belongs to a rule, and no entry is
// hidden by one before it.
func TestRuleList(t *testing.T) {
	t.Parallel()
	var used []string
	for i, e := range rules {
		dirs := goldenDirs[e.rule]
		if len(dirs) == 0 {
			t.Errorf("%s has no golden pairs", e.rule.name)
		}
		used = append(used, dirs...)
		if first := slices.IndexFunc(rules, func(o entry) bool {
			return o.itemType == e.itemType && (o.keyword == "" || o.keyword == e.keyword)
		}); first != i {
			t.Errorf("%s %q is hidden by an entry before it", e.itemType, e.keyword)
		}
		if e.rule.fix != nil && len(e.rule.words) == 0 || e.rule.local != nil && len(e.rule.localWords) == 0 {
			t.Errorf("%s never runs", e.rule.name)
		}
	}
	folders, err := os.ReadDir("testdata/golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if f.IsDir() && !slices.Contains(used, f.Name()) {
			t.Errorf("testdata/golden/%s belongs to no rule", f.Name())
		}
	}
}

// What the places of ids expect.
func TestExpectedTypes(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for _, c := range []struct {
		itemType, keyword, doc, want string // want: types that fit, then a bar, then those that do not
	}{
		{"Web Map", "", `{"operationalLayers":[{"layers":[{"itemId":"%s"}]}]}`, "Feature Service,Map Service|Web Map,Dashboard"},
		{"Dashboard", "", `{"desktopView":{"widgets":[{"type":"mapWidget","itemId":"%s"}]}}`, "Web Map,Web Scene|Feature Service"},
		{"Dashboard", "", `{"widgets":[{"datasets":[{"dataSource":{"itemId":"%s"}}]}]}`, "Feature Service|Web Map"},
		{"Operation View", "", `{"widgets":[{"mapId":"%s"}]}`, "Web Map|Form"},
		{"Web Mapping Application", "WAB2D", `{"map":{"itemId":"%s"}}`, "Web Map,Web Scene|Feature Service"},
		{"Web Mapping Application", "WAB2D", `{"dataSource":{"dataSources":{"a":{"itemId":"%s"}}}}`, "Feature Service|Web Map"},
		{"Web Mapping Application", "", `{"values":{"webmap":"%s"}}`, "Web Map|Web Scene"},
		{"Web Mapping Application", "", `{"values":{"mapItemCollection":[{"id":"%s"}]}}`, "Web Map|Form"},
		{"Web Mapping Application", "", `{"source":"%s"}`, "Web Mapping Application|Web Map"},
		{"StoryMap", "", `{"resources":{"r-1":{"data":{"themeItemId":"%s"}}}}`, "StoryMap Theme|StoryMap"},
		{"StoryMap", "", `{"resources":{"r-1":{"data":{"itemId":"%s"}}}}`, "Web Map,Web Scene,Dashboard|"},
		{"StoryMap", "", `{"resources":{"r-1":{"data":{"itemType":"Web Scene","itemId":"%s"}}}}`, "Web Scene|Web Map"},
		{"StoryMap", "", `{"resources":{"r-1":{"data":{"itemType":7,"itemId":"%s"}}}}`, "Web Scene,Web Map|"},
		{"Web Experience", "", `{"dataSources":{"d":{"itemId":"%s"}}}`, "Web Map,Feature Service|Form"},
		{"Web Experience", "", `{"widgets":{"w":{"config":{"surveyItemId":"%s"}}}}`, "Form|Feature Service"},
		{"Site Application", "", `{"values":{"pages":[{"siteId":"%s"}]}}`, "Site Application|Site Page"},
		{"QuickCapture Project", "", `{"dataSources":[{"featureServiceItemId":"%s"}]}`, "Feature Service|Web Map"},
		{"Workforce Project", "", `{"workerWebMapId":"%s"}`, "Web Map|Feature Service"},
		{"Feature Service", "Workforce Project", `{"workforceWorkerMapId":"%s"}`, "Web Map|Feature Service"},
		{"Form", "", `{"serviceInfo":{"itemId":"%s"}}`, "Feature Service|Form"},
		{"Insights Workbook", "", `{"itemId":"%s"}`, "Web Map,Form|"},
		{"Insights Workbook", "", `{"config":"{\"webmap\":\"%s\"}"}`, "Web Map|Form"},
	} {
		it := ItemInfo{Type: c.itemType, TypeKeywords: []string{c.keyword}}
		for _, id := range []string{mapID, keptID, lostID} {
			list := r.References(it, PartData, []byte(strings.ReplaceAll(c.doc, "%s", id)))
			if len(list) != 1 {
				t.Errorf("%s %s: %d references", c.itemType, c.doc, len(list))
				continue
			}
			good, bad, _ := strings.Cut(c.want, "|")
			for _, typ := range strings.Split(good, ",") {
				if !list[0].Fits(typ) {
					t.Errorf("%s %s: takes no %s but %q", c.itemType, c.doc, typ, list[0].Types)
				}
			}
			for _, typ := range strings.Split(bad, ",") {
				if typ != "" && list[0].Fits(typ) {
					t.Errorf("%s %s: takes %s", c.itemType, c.doc, typ)
				}
			}
		}
	}
}

// Ids that mean something only inside a document are no references.
func TestLocalIDs(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	source := `{"widgets":[{"datasets":[{"dataSource":{"type":"arcadeDataSource","itemId":"%s","script":"FeatureSetByPortalItem(p,'%s')"}}]}],"x":{"itemId":"%s"}}`
	template := `{"templates":[{"itemId":"%s","groups":[{"itemId":"%s"}]}],"templates2":{"itemId":"%s"}}`
	for _, c := range []struct {
		it        ItemInfo
		doc, want string
	}{
		{ItemInfo{Type: "Dashboard"}, source, "$.widgets[0].datasets[0].dataSource.script\n$.x.itemId"},
		{ItemInfo{Type: "Web Map"}, source, "$.widgets[0].datasets[0].dataSource.itemId\n$.widgets[0].datasets[0].dataSource.script\n$.x.itemId"},
		{ItemInfo{Type: "Solution", TypeKeywords: []string{"Template"}}, template, "$.templates2.itemId"},
		{ItemInfo{Type: "Solution"}, template, "$.templates[0].itemId\n$.templates[0].groups[0].itemId\n$.templates2.itemId"},
	} {
		doc := []byte(strings.ReplaceAll(c.doc, "%s", lostID))
		_, rep, err := r.Item(c.it, PartData, doc)
		if err != nil {
			t.Fatal(err)
		}
		if got := refPaths(rep.Unresolved); got != c.want {
			t.Errorf("%s: unresolved\n%s\nwant\n%s", c.it.Type, got, c.want)
		}
		if got := refPaths(r.References(c.it, PartData, doc)); got != c.want {
			t.Errorf("%s: references\n%s\nwant\n%s", c.it.Type, got, c.want)
		}
		mapped := []byte(strings.ReplaceAll(c.doc, "%s", mapID)) // what the map knows is a reference anywhere
		if out, _, _ := r.Item(c.it, PartData, mapped); strings.Count(string(out), newMapID) != 3 {
			t.Errorf("%s became %s", mapped, out)
		}
	}
}

func refPaths(list []Ref) string {
	var paths []string
	for _, ref := range list {
		paths = append(paths, ref.Path)
	}
	return strings.Join(paths, "\n")
}

// Between no portals, as in a backup, typed rules change nothing.
func TestRulesNeedATarget(t *testing.T) {
	t.Parallel()
	r := rewriter(t, Map{Items: map[string]string{mapID: newMapID}})
	doc := `{"layers":[{"adminLayerInfo":{"itemId":"` + mapID + `"}}]}`
	want := `{"layers":[{"adminLayerInfo":{"itemId":"` + newMapID + `"}}]}`
	if out, _, err := r.Item(ItemInfo{Type: "Feature Service"}, PartData, []byte(doc)); err != nil || string(out) != want {
		t.Errorf("%s %v", out, err)
	}
}

func TestDroppedMembersLeaveValidJSON(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for in, want := range map[string]string{
		`{"layers":[{"adminLayerInfo":1}]}`:                                                    `{"layers":[{}]}`,
		`{"layers":[{ "adminLayerInfo" : {"a":[1]} , "id":0 }]}`:                               `{"layers":[{ "id":0 }]}`,
		`{"layers":[{ "id":0 , "adminLayerInfo":{} }]}`:                                        `{"layers":[{ "id":0 }]}`,
		`{"layers":[{"a":1,"adminLayerInfo":0,"b":2}]}`:                                        `{"layers":[{"a":1,"b":2}]}`,
		`{"layers":[{"adminLayerInfo":0,"a":1,"adminLayerInfo":0,"adminLayerInfo":1}]}`:        `{"layers":[{"a":1}]}`,
		`{"layers":[{"adminLayerInfo":0, "adminLayerInfo":"x" }],"tables":["adminLayerInfo"]}`: `{"layers":[{}],"tables":["adminLayerInfo"]}`,
		`{"layers":{"adminLayerInfo":{"adminLayerInfo":1}}}`:                                   `{"layers":{"adminLayerInfo":{}}}`,
		`{"layers":7,"adminLayerInfo":1}`:                                                      `{"layers":7,"adminLayerInfo":1}`,
	} {
		out, _, err := r.Item(ItemInfo{Type: "Feature Service"}, PartData, []byte(in))
		if err != nil || string(out) != want {
			t.Errorf("%s\nbecame %s\n  want %s, %v", in, out, want, err)
		}
	}
}

// Layer numbers stay where the item or service is not mapped, is not named, or is the same.
func TestLayerNumbersStay(t *testing.T) {
	t.Parallel()
	r := rewriter(t, programMap())
	for _, doc := range []string{
		`{"itemId":"` + mapID + `","layerId":0}`, `{"itemId":"` + lostID + `","layerId":0}`, `{"layerId":0}`,
		`{"itemId":"` + layerID + `","layerId":0.5}`, `{"itemId":"` + layerID + `","layerId":"00"}`, `{"itemId":"` + layerID + `","layerId":"x-layer-0"}`,
		`{"itemId":"` + layerID + `","layerId":1}`, `{"itemId":["` + layerID + `"],"layerId":0}`, `{"url":"not a URL","layerId":0}`, `{"itemId":"` + layerID[1:] + `","layerId":0}`,
	} {
		out, _, err := r.Item(ItemInfo{Type: "Dashboard"}, PartData, []byte(doc))
		if want := strings.NewReplacer(mapID, newMapID, layerID, newLayerID).Replace(doc); err != nil || string(out) != want {
			t.Errorf("%s became %s, %v", doc, out, err)
		}
	}
	doc := `{"itemId":"` + layerID + `","layerId":5}`
	_, rep, _ := r.Item(ItemInfo{Type: "Dashboard"}, PartData, []byte(doc))
	if got := refs(rep.Unresolved); got != "$.layerId layer 5" {
		t.Errorf("unresolved %s", got)
	}
	doc = `{"url":"https://services.arcgis.com/ORG/arcgis/rest/services/Parks/FeatureServer","layerId":"10"}`
	if out, _, _ := r.Item(ItemInfo{Type: "Dashboard"}, PartData, []byte(doc)); string(out) != `{"url":"https://gis.example.com/server/rest/services/Hosted/Parks/FeatureServer","layerId":"11"}` {
		t.Errorf("by its address: %s", out)
	}
}
