package remap

import (
	"strings"
	"testing"
)

func TestIDs(t *testing.T) {
	t.Parallel()
	upper := strings.ToUpper(mapID)
	runText(t, testMap(), []textCase{
		{"alone", mapID, newMapID},
		{"group", "{" + teamID + "}", "{" + newTeamID + "}"},
		{"folder", dirID + "," + dirID, newDirID + "," + newDirID},
		{"upper case", upper, newMapID},
		{"mixed case", upper[:16] + mapID[16:], newMapID},
		{"service_", "service_" + mapID, "service_" + newMapID},
		{"underscore", "_" + mapID, "_" + newMapID},
		{"source-", "source-" + mapID, "source-" + newMapID},
		{"r- with time", "r-" + mapID + "-1690000000000", "r-" + newMapID + "-1690000000000"},
		{"draft_", "draft_" + mapID + ".json", "draft_" + newMapID + ".json"},
		{"resource folder", mapID + "_info_thumbnail/thumb.png", newMapID + "_info_thumbnail/thumb.png"},
		{"two in a row", mapID + "_" + layerID, newMapID + "_" + newLayerID},
		{"31", mapID[1:], ""},
		{"33 before", "0" + mapID, ""},
		{"33 behind", mapID + "0", ""},
		{"64", mapID + mapID, ""},
		{"64 of another hash", "9" + mapID + mapID[1:], ""},
		{"letter before", "x" + mapID, ""},
		{"letter behind", mapID + "x", ""},
		{"long word", strings.Repeat("g", 70) + mapID, ""},
		{"dashed", "a0fcf0bd-879b-84a0-1bd5-96aee72111e4", ""},
		{"braced", "{A0FCF0BD-879B-84A0-1BD5-96AEE72111E4}", ""},
		{"same on both sides", keptID, ""},
		{"same on both sides, upper case", strings.ToUpper(keptID), ""},
		{"not mapped", lostID, ""},
		{"non-ASCII beside", "é" + mapID + "→", "é" + newMapID + "→"},
		{"in a sentence", "See " + mapID + ".", "See " + newMapID + "."},
		{"python", `gis.content.get("` + mapID + `")`, `gis.content.get("` + newMapID + `")`},
		{"css", "url(" + mapID + ")", "url(" + newMapID + ")"},
	})
}

func TestIDsBehindEscapes(t *testing.T) {
	t.Parallel()
	runText(t, testMap(), []textCase{
		{"newline", `\n` + mapID, `\n` + newMapID},
		{"newline twice escaped", `\\n` + mapID, `\\n` + newMapID},
		{"formfeed", `\f` + mapID, `\f` + newMapID},
		{"backspace before b", `\b` + layerID, `\b` + newLayerID},
		{"windows path", `C:\` + layerID, `C:\` + newLayerID},
		{"slash", `\u002f` + mapID + `\u0026`, `\u002f` + newMapID + `\u0026`},
		{"non-ASCII escape", `\u00e9` + mapID, `\u00e9` + newMapID},
		{"wide escape", `\u4e2d` + mapID, `\u4e2d` + newMapID},
		{"wide entity", "&#x4e2d;" + mapID + "&equals;", "&#x4e2d;" + newMapID + "&equals;"},
		{"percent signs", "100%25 " + mapID + "%25", "100%25 " + newMapID + "%25"},
		{"hex escape", `\x2f` + mapID, `\x2f` + newMapID},
		{"percent", "items%2F" + mapID + "%2Fdata", "items%2F" + newMapID + "%2Fdata"},
		{"percent twice", "items%252F" + mapID + "%252F", "items%252F" + newMapID + "%252F"},
		{"entity", "&#x2F;" + mapID + "&amp;", "&#x2F;" + newMapID + "&amp;"},
		{"33 by percent", "%30" + mapID, ""},
		{"33 by percent behind", mapID + "%61", ""},
		{"33 by \\u", `\u0061` + mapID, ""},
		{"33 by entity", "&#97;" + mapID, ""},
		{"first letter spelled", "%61" + mapID[1:], newMapID},
		{"last letter spelled", mapID[:31] + `\u0034`, newMapID},
		{"letter in the middle spelled", mapID[:8] + "&#" + "50" + ";" + mapID[9:], ""},
		{"long spelled word", strings.Repeat("%61", 80) + mapID, ""},
		{"percent sign", "100%g" + mapID, ""},
		{"broken escapes", `%2 %zz \u12 \q & &; &#; &#x; &#xzz; &#48 &unknown; ` + mapID + ` \`, `%2 %zz \u12 \q & &; &#; &#x; &#xzz; &#48 &unknown; ` + newMapID + ` \`},
		{"many backslashes", strings.Repeat(`\`, 20) + "/" + mapID, strings.Repeat(`\`, 20) + "/" + newMapID},
	})
}

func TestUsers(t *testing.T) {
	t.Parallel()
	runText(t, testMap(), []textCase{
		{"path", "https://portal.example.org/portal/sharing/rest/content/users/ada/items", "https://gis.example.com/arc/sharing/rest/content/users/ada_l/items"},
		{"parameter", "https://portal.example.org/portal/home/search.html?owner=ADA&x=1", "https://gis.example.com/arc/home/search.html?owner=ada_l&x=1"},
		{"query", "https://portal.example.org/portal/sharing/rest/search?q=owner:ada AND x", "https://gis.example.com/arc/sharing/rest/search?q=owner:ada_l AND x"},
		{"encoded", "//portal.example.org/portal/search?q=owner%3A%22bob%40old.org%22", "//gis.example.com/arc/search?q=owner%3A%22bob%40new.org%22"},
		{"longer name", "https://portal.example.org/portal/home/user.html?owner=ada_x", "https://gis.example.com/arc/home/user.html?owner=ada_x"},
		{"name at the end", "https://portal.example.org/portal/home/user.html?owner", "https://gis.example.com/arc/home/user.html?owner"},
		{"no name", "https://portal.example.org/portal/home/user.html?owner=", "https://gis.example.com/arc/home/user.html?owner="},
		{"another portal", "https://other.example.org/home/user.html?owner=ada", ""},
		{"prose", "The owner:ada and users/ada are people.", ""},
	})
	r := rewriter(t, testMap())
	doc := `{"stylesGroupQuery":"title:\"x\" AND owner:ada","q":"owner:\"bob@old.org\"","owner":"ada","note":"owner:ada"}`
	want := `{"stylesGroupQuery":"title:\"x\" AND owner:ada_l","q":"owner:\"bob@new.org\"","owner":"ada","note":"owner:ada"}`
	if out, _, err := r.JSON([]byte(doc)); string(out) != want || err != nil {
		t.Errorf("%s %v", out, err)
	}
}

func TestOrgIDs(t *testing.T) {
	t.Parallel()
	runText(t, testMap(), []textCase{
		{"clause", "orgid:0123456789ABCDEF AND accountid:0123456789ABCDEF", "orgid:FEDCBA9876543210 AND accountid:FEDCBA9876543210"},
		{"path", "https://portal.example.org/portal/sharing/rest/portals/0123456789ABCDEF/users", "https://gis.example.com/arc/sharing/rest/portals/FEDCBA9876543210/users"},
		{"path elsewhere", "https://other.example.org/sharing/rest/portals/0123456789ABCDEF", ""},
		{"alone", "0123456789ABCDEF", ""},
		{"no separator", "orgid 0123456789ABCDEF orgid;0123456789ABCDEF", ""},
		{"behind another word", "id 0123456789ABCDEF, x:0123456789ABCDEF", ""},
	})
	r := rewriter(t, testMap())
	doc := `{"orgId":"0123456789ABCDEF","0123456789ABCDEF":"0123456789ABCDEF"}`
	want := `{"orgId":"FEDCBA9876543210","0123456789ABCDEF":"0123456789ABCDEF"}`
	if out, rep, err := r.JSON([]byte(doc)); string(out) != want || err != nil || rep.Changes[0].Rule != RuleOrg {
		t.Errorf("%s %v", out, err)
	}
}
