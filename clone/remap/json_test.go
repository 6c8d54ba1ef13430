package remap

import (
	"strings"
	"testing"
)

func TestJSONKeepsBytes(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for _, c := range []struct{ name, in, want string }{
		{"white space, numbers, duplicates, order", "{ \"z\" :\t1.50E+3 ,\"a\":-0.0,\r\n \"a\" : [ \"" + mapID + "\" , 1e400,true,null ,false] }\n",
			"{ \"z\" :\t1.50E+3 ,\"a\":-0.0,\r\n \"a\" : [ \"" + newMapID + "\" , 1e400,true,null ,false] }\n"},
		{"markup", `{"a":"<b>&\u0026\u003c ` + mapID + `</b>"}`, `{"a":"<b>&\u0026\u003c ` + newMapID + `</b>"}`},
		{"all escapes", `["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 ` + mapID + `\u0041\u000a"]`, ""},
		{"all escapes, bounded", `["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 ` + mapID + ` \u0041\u000a"]`, `["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 ` + newMapID + ` \u0041\u000a"]`},
		{"half surrogates", `["\ud83d ` + mapID + ` \udead \ud83d\u0041"]`, `["\ud83d ` + newMapID + ` \udead \ud83d\u0041"]`},
		{"invalid UTF-8", "[\"\xff\xfe " + mapID + "\"]", "[\"\xff\xfe " + newMapID + "\"]"},
		{"escaped slashes", `["https:\/\/portal.example.org\/portal\/x","//portal.example.org/portal"]`, `["https:\/\/gis.example.com\/arc\/x","//gis.example.com/arc"]`},
		{"escaped slashes, bare host", `["a\/b staging.maps.arcgis.com"]`, `["a\/b gis.example.com\/arc"]`},
		{"id with an escaped digit", `["\u0061` + mapID[1:] + `"]`, `["` + newMapID + `"]`},
		{"key", `{"` + mapID + `":{"r-` + mapID + `-16":1}}`, `{"` + newMapID + `":{"r-` + newMapID + `-16":1}}`},
		{"key that looks like JSON", `{"[\"` + mapID + `\"]":1}`, `{"[\"` + newMapID + `\"]":1}`},
		{"string at the top", `"` + mapID + `"`, `"` + newMapID + `"`},
		{"byte order mark", "\xEF\xBB\xBF[\"" + mapID + `"]`, "\xEF\xBB\xBF[\"" + newMapID + `"]`},
		{"document in a string", `{"c":"{\"a\": [\"` + mapID + `\", 1.0],\t\"b\":\"\\/\"}"}`, ""},
		{"document in a string, valid", `{"c":" {\"a\": [\"` + mapID + `\", 1.0],\t\"b\":\"\\/\"}"}`, ""},
		{"documents three deep", `["{\"a\":\"[\\\"` + mapID + `\\\"]\"}"]`, `["{\"a\":\"[\\\"` + newMapID + `\\\"]\"}"]`},
		{"document in a string, escaped slashes", `["{\"a\":\"https:\\\/\\\/portal.example.org\\\/portal\"}"]`, `["{\"a\":\"https:\\\/\\\/gis.example.com\\\/arc\"}"]`},
		{"not quite a document", `["{\"a\":\"` + mapID + `\",}","{FIELD} ` + mapID + `","[x] ` + mapID + `"]`, `["{\"a\":\"` + newMapID + `\",}","{FIELD} ` + newMapID + `","[x] ` + newMapID + `"]`},
		{"nothing", `{"a":[],"b":{},"c":"","d":"` + lostID + `"}`, `{"a":[],"b":{},"c":"","d":"` + lostID + `"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := c.want
			if want == "" {
				want = strings.ReplaceAll(c.in, mapID+`\"`, newMapID+`\"`)
			}
			out, rep, err := r.JSON([]byte(c.in))
			if err != nil || string(out) != want {
				t.Errorf("%v\n got %s\nwant %s", err, out, want)
			}
			if (len(rep.Changes) > 0) != (want != c.in) {
				t.Errorf("changes: %+v", rep.Changes)
			}
		})
	}
}

// A document without a hit is the same slice, in every form.
func TestNoHitIsSameSlice(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	doc := []byte(`{"a" : "https://other.example.org/portal", "itemId":"` + lostID + `"}`)
	if out, _, err := r.JSON(doc); err != nil || &out[0] != &doc[0] {
		t.Errorf("JSON made a copy: %v", err)
	}
	if out, _ := r.Text(doc); &out[0] != &doc[0] {
		t.Error("Text made a copy")
	}
}

func TestJSONSyntax(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for _, c := range []struct{ in, want string }{
		{``, "a value is expected at byte 0"},
		{`  `, "a value is expected at byte 2"},
		{`{"a":1`, "a comma or closing bracket is expected at byte 6"},
		{`{"a":1]`, "a comma or closing bracket is expected at byte 6"},
		{`[1,]`, "a value is expected at byte 3"},
		{`{,}`, "a key is expected at byte 1"},
		{`{"a" 1}`, "a colon is expected at byte 5"},
		{`{"a":1,}`, "a key is expected at byte 7"},
		{`[1] x`, "something follows the document at byte 4"},
		{`["` + mapID + `" "x"]`, "a comma or closing bracket is expected at byte 36"},
		{`["a`, "a string does not end at byte 3"},
		{`{"a`, "a string does not end at byte 3"},
		{"[\"a\n\"]", "a control character stands in a string at byte 3"},
		{`["\x"]`, "an escape is not valid at byte 2"},
		{`["\u12"]`, "an escape is not valid at byte 2"},
		{`["\`, "an escape is not valid at byte 2"},
		{`[tru]`, "true is expected at byte 1"},
		{`[falsy]`, "false is expected at byte 1"},
		{`[nul]`, "null is expected at byte 1"},
		{`[-]`, "a digit is expected at byte 2"},
		{`[1.]`, "a digit is expected at byte 3"},
		{`[1e+]`, "a digit is expected at byte 4"},
		{`[01]`, "a comma or closing bracket is expected at byte 2"},
		{strings.Repeat("[", 10_001), "more than 10000 levels at byte 10000"},
	} {
		out, rep, err := r.JSON([]byte(c.in))
		if err == nil || err.Error() != "not JSON: "+c.want {
			t.Errorf("%.40q: %v, want %s", c.in, err, c.want)
		}
		if string(out) != c.in || len(rep.Changes) > 0 {
			t.Errorf("%.40q was changed", c.in)
		}
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	doc := `{"a":[[0,"ID"]],"b c":"ID","9":"ID","":"ID","x\"y":"ID","ID":1,"n":"[{\"ID\":\"ID\"}]","$_é":{"ID":{"k":"ID"}}}`
	want := []string{
		"$.a[0][1]", `$["b c"]`, `$["9"]`, `$[""]`, `$["x\"y"]`, "$." + mapID + "~",
		"$.n→$[0]." + mapID + "~", "$.n→$[0]." + mapID, `$["$_é"].` + mapID + "~", `$["$_é"].` + mapID + ".k",
	}
	_, rep, err := rewriter(t, testMap()).JSON([]byte(strings.ReplaceAll(doc, "ID", mapID)))
	if err != nil || len(rep.Changes) != len(want) {
		t.Fatalf("%v %+v", err, rep.Changes)
	}
	for i, c := range rep.Changes {
		if c.Path != want[i] || c.Rule != string(KindItem) || c.Before != mapID || c.After != newMapID {
			t.Errorf("change %d is %+v, want path %s", i, c, want[i])
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	_, rep := rewriter(t, testMap()).String("x //portal.example.org/portal?token=secret&g=" + teamID + " " + dirID +
		" https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer/1 orgid:0123456789ABCDEF")
	want := []Change{
		{"@2", "address", "//portal.example.org/portal", "//gis.example.com/arc"},
		{"@30", "token", "token=", ""},
		{"@45", "group", teamID, newTeamID},
		{"@78", "folder", dirID, newDirID},
		{"@111", "service", "https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer", "https://gis.example.com/server/rest/services/Hosted/Roads_1/FeatureServer"},
		{"@184", "layer", "1", "3"},
		{"@192", "org", "0123456789ABCDEF", "FEDCBA9876543210"},
	}
	for i := range max(len(want), len(rep.Changes)) {
		if i >= len(want) || i >= len(rep.Changes) || rep.Changes[i] != want[i] {
			t.Fatalf("change %d of\n%+v\nwant\n%+v", i, rep.Changes, want)
		}
	}
}

// In data: URLs and strings over 1 MB nothing is rewritten, but hits are told.
func TestFrozen(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	long := strings.Repeat("some words ", 100_000) + mapID + " owner:ada https://portal.example.org/portal?token=x"
	for _, c := range []struct{ name, text, want string }{
		{"data URL", "data:image/svg+xml;utf8,<svg id='" + mapID + "'> " + layerID, ""},
		{"base64", "data:image/png;base64,AAAA//" + mapID + "== " + layerID, "$.query item " + mapID + " kept"},
		{"address", "data:text/html,https://portal.example.org/portal?token=x", "$.query address https://portal.example.org/portal kept"},
		{"no data URL", "data: " + layerID, ""},
		{"no data URL either", "data:a b," + layerID, ""},
		{"long string", long, "$.query item " + mapID + " kept\n$.query address https://portal.example.org/portal kept"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, rep, err := r.JSON([]byte(`{"query":"` + c.text + `"}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := refs(rep.Unresolved); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			rewritten := strings.Contains(string(out), newLayerID)
			if rewritten != strings.Contains(c.text, layerID) {
				t.Errorf("behind the data URL: %v", rewritten)
			}
			if left, _ := r.Leftovers(out); (len(left) > 0) != (c.want != "") {
				t.Errorf("left over: %s", refs(left))
			}
		})
	}
	if got, rep := r.String(long); got != long || len(rep.Unresolved) != 2 {
		t.Errorf("String changed a long text: %s", refs(rep.Unresolved))
	}
	if out, _ := r.Text([]byte(long)); !strings.Contains(string(out), newMapID) {
		t.Error("Text did not rewrite a long text")
	}
	inner := `{\"a\":\"` + mapID + `\",\"b\":\"` + strings.Repeat("x", maxString) + `\"}`
	if out, _, err := r.JSON([]byte(`["` + inner + `"]`)); err != nil || !strings.Contains(string(out), newMapID) {
		t.Errorf("a long string that is a document was not rewritten: %v", err)
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for in, want := range map[string]string{
		"":                                "",
		"  ":                              "  ",
		`{"id":"` + mapID + `"}`:          `{"id":"` + newMapID + `"}`,
		`{"id":"` + mapID + `",}`:         `{"id":"` + newMapID + `",}`,
		"<p>" + mapID + " &amp; more</p>": "<p>" + newMapID + " &amp; more</p>",
	} {
		if got, _ := r.String(in); got != want {
			t.Errorf("String(%q) = %q", in, got)
		}
	}
}

// Paths of deep places stay short, and keep their ends.
func TestDeepPath(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	_, rep, err := r.JSON([]byte(`{"a":` + strings.Repeat("[", 5000) + `{"itemId":"` + mapID + `"}` + strings.Repeat("]", 5000) + `}`))
	if err != nil || len(rep.Changes) != 1 {
		t.Fatalf("%+v %v", rep, err)
	}
	path := rep.Changes[0].Path
	if len(path) > 1000 || !strings.HasPrefix(path, "$.a[0][0]") || !strings.HasSuffix(path, "[0].itemId") || !strings.Contains(path, "[0]…[0]") {
		t.Errorf("%d characters: %s", len(path), path)
	}
}
