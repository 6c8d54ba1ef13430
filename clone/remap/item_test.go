package remap

import (
	"testing"
)

func TestItemTellsTextsApart(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	it := ItemInfo{ID: mapID, Type: "Web Map"}
	for _, c := range []struct {
		name string
		part Part
		in   string
		want string
		path string
	}{
		{"JSON data", PartData, `{"itemId":"` + mapID + `"}`, `{"itemId":"` + newMapID + `"}`, "$.itemId"},
		{"byte order mark", PartData, "\xEF\xBB\xBF{\"itemId\":\"" + mapID + `"}`, "\xEF\xBB\xBF{\"itemId\":\"" + newMapID + `"}`, "$.itemId"},
		{"text data", PartData, `see ` + mapID, `see ` + newMapID, "@4"},
		{"broken JSON", PartData, `{"itemId":"` + mapID + `"`, `{"itemId":"` + newMapID + `"`, "@11"},
		{"resource", Resource("config/config.json"), `["` + mapID + `"]`, `["` + newMapID + `"]`, "$[0]"},
		{"metadata", PartMetadata, `<a>` + mapID + `</a>`, `<a>` + newMapID + `</a>`, "@3"},
		{"properties", PartProperties, `{"groupId":"` + teamID + `"}`, `{"groupId":"` + newTeamID + `"}`, "$.groupId"},
		{"description", PartDescription, `<b>` + mapID + `</b>`, `<b>` + newMapID + `</b>`, "@3"},
		{"url", PartURL, "https://portal.example.org/portal/apps/x?appid=" + mapID, "https://gis.example.com/arc/apps/x?appid=" + newMapID, "@0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, rep, err := r.Item(it, c.part, []byte(c.in))
			if err != nil || string(out) != c.want {
				t.Fatalf("%s, %v; want %s", out, err, c.want)
			}
			if len(rep.Changes) == 0 || rep.Changes[0].Path != c.path {
				t.Errorf("changes %+v, want the first at %s", rep.Changes, c.path)
			}
			again, rep, err := r.Item(it, c.part, out)
			if err != nil || len(rep.Changes) > 0 || &again[0] != &out[0] {
				t.Errorf("rewriting twice differs from once: %s %v", again, err)
			}
		})
	}
	if out, _, err := r.Item(it, PartProperties, []byte("no JSON")); err == nil || string(out) != "no JSON" {
		t.Errorf("properties that are no JSON: %s, %v", out, err)
	}
}

func TestTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, name string
		want       Treatment
	}{
		{"Web Map", "", TreatText},
		{"Web Map", "map.json", TreatTextFile},
		{"Web Mapping Application", "custom.zip", TreatFile},
		{"Form", "survey.zip", TreatArchive},
		{"Notebook", "a.ipynb", TreatTextFile},
		{"Pro Map", "a.mapx", TreatTextFile},
		{"CSV", "a.csv", TreatFile},
		{"Microsoft Excel", "a.xlsx", TreatFile},
		{"Layer", "a.lyrx", TreatFile},
		{"Insights Workbook", "", TreatText},
		{"No Such Type", "x.json", TreatFile},
	} {
		if got := Typed(ItemInfo{Type: c.kind}, c.name); got != c.want {
			t.Errorf("data of a %s named %q is treated as %d, want %d", c.kind, c.name, got, c.want)
		}
	}
	for name, want := range map[string]Treatment{
		"config/config.json": TreatTextFile, "oembed.XML": TreatTextFile, "images/a.png": TreatFile, "x.py": TreatFile, "sprite": TreatFile,
	} {
		if got := TypedResource(ItemInfo{Type: "Web Experience"}, name); got != want {
			t.Errorf("resource %s is treated as %d, want %d", name, got, want)
		}
	}
	if TypedResource(ItemInfo{Type: "Notebook"}, "snapshots/a.ipynb") != TreatTextFile {
		t.Error("the snapshot of a notebook is its text")
	}
}

func TestKeywords(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	it := ItemInfo{ID: mapID}
	list := []string{"Web Map", "source-" + lostID, mapID, "Data"}
	got, rep := r.Keywords(it, list)
	if want := "Web Map," + newMapID + ",Data"; join(got) != want || len(rep.Changes) != 1 {
		t.Errorf("%s %+v, want %s", join(got), rep.Changes, want)
	}
	m := testMap()
	m.Sites = map[string]string{"parks": "Parks-2"}
	list = []string{"hubsubdomain|parks", "hubSite", "hubsubdomain|trees", Marker(mapID), "smdraftresourceid:draft_1690000000000.json",
		"smdraftresourceid:draft_" + layerID + ".json", "status: Draft"}
	got, rep = rewriter(t, m).Keywords(it, list)
	want := "hubsubdomain|parks-2,hubSite,hubsubdomain|trees," + Marker(mapID) + ",smdraftresourceid:draft_1690000000000.json," +
		"smdraftresourceid:draft_" + newLayerID + ".json,status: Draft"
	if join(got) != want || len(rep.Changes) != 2 {
		t.Errorf("%s %+v, want %s", join(got), rep.Changes, want)
	}
	same := []string{"Web Map", "source-x", lostID}
	if got, _ := r.Keywords(it, same); &got[0] != &same[0] {
		t.Errorf("%v became %v", same, got)
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	doc := `{"itemId":"` + keptID + `","layers":[{"itemId":"` + layerID + `","url":"https:\/\/services.arcgis.com\/ORG\/arcgis\/rest\/services\/Roads\/FeatureServer\/10"},
		{"itemId":"` + lostID + `","url":"https://services.arcgis.com/ORG/arcgis/rest/services/Trees2/MapServer"}],"u":"https%3A%2F%2Fo.example.net%2Fa%2Frest%2Fservices%2FX%2FMapServer%2F1"}`
	want := `$.itemId item ` + keptID + ` mapped
$.layers[0].itemId item ` + layerID + ` mapped
$.layers[0].url service https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer layer 10 mapped
$.layers[0].url layer https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer/10
$.layers[1].itemId item ` + lostID + `
$.layers[1].url service https://services.arcgis.com/ORG/arcgis/rest/services/Trees2/MapServer
$.u service https://o.example.net/a/rest/services/X/MapServer layer 1 on o.example.net`
	if got := refs(r.References(ItemInfo{}, PartData, []byte(doc))); got != want {
		t.Errorf("references\n%s\nwant\n%s", got, want)
	}
}
