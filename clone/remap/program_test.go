package remap

import (
	"strings"
	"testing"
)

// programMap has a service of which layers have other numbers.
func programMap() Map {
	m := testMap()
	m.Services = append(m.Services, Service{
		From: "https://services.arcgis.com/ORG/arcgis/rest/services/Parks/FeatureServer",
		To:   "https://gis.example.com/server/rest/services/Hosted/Parks/FeatureServer",
		Item: layerID, Layers: map[int]int{0: 2, 1: 1, 10: 11},
	})
	return m
}

// The address of ArcGIS Online in Portal() and the number of the layer follow the item, also
// where they are variables.
func TestPortalItemCalls(t *testing.T) {
	t.Parallel()
	const agol, out = "https://www.arcgis.com", "https://gis.example.com/arc"
	call := func(portal, id, rest string) string {
		return "FeatureSetByPortalItem(" + portal + ", " + id + rest + ")"
	}
	runText(t, programMap(), []textCase{
		{"layer", call("Portal('"+agol+"')", "'"+layerID+"'", ", 0, ['*'], false"), call("Portal('"+out+"')", "'"+newLayerID+"'", ", 2, ['*'], false")},
		{"layer that keeps its number", call("p", "'"+layerID+"'", ",1"), call("p", "'"+newLayerID+"'", ",1")},
		{"10 is not 1", call("p", "'"+layerID+"'", ",10"), call("p", "'"+newLayerID+"'", ",11")},
		{"item without numbers", call("p", "'"+mapID+"'", ",0"), call("p", "'"+newMapID+"'", ",0")},
		{"double quotes", call(`Portal("`+agol+`")`, `"`+layerID+`"`, ",0"), call(`Portal("`+out+`")`, `"`+newLayerID+`"`, ",2")},
		{"variables", "var p = Portal('" + agol + "');\nvar id = '" + layerID + "'\nvar n = 0;\nreturn " + call("p", "id", ", n"),
			"var p = Portal('" + out + "');\nvar id = '" + newLayerID + "'\nvar n = 2;\nreturn " + call("p", "id", ", n")},
		{"address in a variable", "var u=\"" + agol + "\"; var p = portal(u) // Portal('x')\n" + call("P", "'"+mapID+"'", ""),
			"var u=\"" + out + "\"; var p = portal(u) // Portal('x')\n" + call("P", "'"+newMapID+"'", "")},
		{"item that stays", "var p = Portal('" + agol + "'); " + call("p", "'"+lostID+"'", ",0"), ""},
		{"both", "var p = Portal('" + agol + "'); " + call("p", "'"+lostID+"'", ",0") + call("p", "'"+mapID+"'", ",0"),
			"var p = Portal('" + agol + "'); " + call("p", "'"+lostID+"'", ",0") + call("p", "'"+newMapID+"'", ",0")},
		{"in a comment", "/* var p = Portal('" + agol + "') */ " + call("p", "'"+mapID+"'", ""), "/* var p = Portal('" + agol + "') */ " + call("p", "'"+newMapID+"'", "")},
		{"escaped quotes", `var p = Portal(\"` + agol + `\"); ` + call("p", `\"`+layerID+`\"`, ",0"), `var p = Portal(\"` + out + `\"); ` + call("p", `\"`+newLayerID+`\"`, ",2")},
		{"expression", "var n = 0; " + call("p", "'"+layerID+"'", ", n + 1"), "var n = 0; " + call("p", "'"+newLayerID+"'", ", n + 1")},
		{"two layers", "var n = 0; n = 1; " + call("p", "'"+layerID+"'", ", n"), "var n = 0; n = 1; " + call("p", "'"+newLayerID+"'", ", n")},
		{"layer left out", call("p", "'"+layerID+"'", ""), call("p", "'"+newLayerID+"'", "")},
		{"word and number", "0 " + call("p", "'"+layerID+"'", ", 0, ['a0', '"+mapID+"']"), "0 " + call("p", "'"+newLayerID+"'", ", 2, ['a0', '"+newMapID+"']")},
		{"no call", "FeatureSetByPortalItem", ""},
		{"call that does not end", "FeatureSetByPortalItem(Portal(", ""},
		{"text that does not end", "FeatureSetByPortalItem('", ""},
		{"comment that does not end", "FeatureSetByPortalItem /* ", ""},
		{"comparison", "p == Portal('" + agol + "'); " + call("p", "'"+mapID+"'", ""), "p == Portal('" + agol + "'); " + call("p", "'"+newMapID+"'", "")},
	})
	r := rewriter(t, programMap())
	_, rep := r.String("var p = Portal('" + agol + "'); " + call("p", "'"+lostID+"'", ",0") + call("p", "'"+layerID+"'", ",7"))
	if len(rep.Warnings) != 1 || !strings.Contains(rep.Warnings[0].Text, "one Portal()") {
		t.Errorf("warnings %+v", rep.Warnings)
	}
	if got := refs(rep.Unresolved); !strings.Contains(got, " layer "+layerID+"/7") || !strings.Contains(got, "item "+lostID) {
		t.Errorf("unresolved %s", got)
	}
}

// What a script computes is not followed, and said so.
func TestComputedLayers(t *testing.T) {
	t.Parallel()
	r := rewriter(t, programMap())
	for text, warnings := range map[string]int{
		"var n = 0; FeatureSetByPortalItem(p, '" + layerID + "', n + 1)":                  1,
		"var n = 0; n = 1; FeatureSetByPortalItem(p, '" + layerID + "', n)":               1,
		"FeatureSetByPortalItem(p, '" + layerID + "')":                                    1,
		"FeatureSetByPortalItem(p, '" + mapID + "', n + 1)":                               0,
		"FeatureSetByPortalItem(p, '" + layerID + "', 0, ['*'])":                          0,
		"var i = '" + mapID + "'; i = '" + layerID + "'; FeatureSetByPortalItem(p, i, 0)": 1,
	} {
		_, rep := r.String(text)
		if len(rep.Warnings) != warnings {
			t.Errorf("%s: warnings %+v, want %d", text, rep.Warnings, warnings)
		}
	}
}

// Programs that grow when they are followed are bounded.
func TestProgramIsBounded(t *testing.T) {
	t.Parallel()
	r := rewriter(t, programMap())
	for _, text := range []string{
		"FeatureSetByPortalItem; a='x'" + strings.Repeat(";a=a", 10_000),
		"FeatureSetByPortalItem; a='x'" + strings.Repeat(";b=a;a=b;a='"+layerID+"'", 5_000),
		"FeatureSetByPortalItem(" + strings.Repeat("Portal(", 30_000),
		strings.Repeat("FeatureSetByPortalItem(Portal('https://www.arcgis.com'),'"+layerID+"',0)", 2_000),
	} {
		out, _ := r.String(text)
		if strings.Contains(out, layerID) {
			t.Errorf("%.60s… keeps the id", text)
		}
	}
}
