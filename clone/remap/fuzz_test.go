package remap

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"testing"
)

// fuzzMaps are the maps that the fuzz targets choose from.
func fuzzMaps(tb testing.TB) []*Rewriter {
	var list []*Rewriter
	full := programMap()
	full.Hosts = map[string]string{"https://parks-city.hub.arcgis.com": "https://parks-town.hub.arcgis.com", "data.example.org/x": "http://open.example.com:8080"}
	full.Sites = map[string]string{"parks": "parks-2"}
	full.ClientIDs = map[string]string{"Ab12Cd34Ef56Gh78": "Zy98Xw76Vu54Ts32", "mapper": "mapper2"}
	full.Lacking = map[string]Kind{lostID: KindItem}
	online := testMap()
	online.Target = "https://city.maps.arcgis.com"
	for _, m := range []Map{testMap(), loopMap(), rootMap(), upMap(), {}, full, online} {
		list = append(list, rewriter(tb, m))
	}
	return list
}

var fuzzTexts = []string{
	"https://portal.example.org/portal/home/item.html?id=" + mapID + "&token=abc#x",
	"HTTP://PORTAL.EXAMPLE.ORG:443/portal?token=1&a=2&token=3",
	"https%3A%2F%2Fportal.example.org%2Fportal%2Fsharing%2Frest%2Fcontent%2Fitems%2F" + mapID + "&x=1",
	"https%253A%252F%252Fportal.example.org%252Fportal%253Ftoken%253D1",
	`https:\/\/portal.example.org\/portal\/apps\/?appid=` + mapID,
	`https:\\/\\/portal.example.org\\/portal\u002fhome`,
	"&lt;a href=&quot;//portal.example.org/portal?a=1&amp;token=x&amp;id=" + mapID + "&quot;&gt;",
	"https:&#47;&#x2F;portal.example.org&#x2f;portal",
	"portal.example.org/portal, portal.example.org/portal2 portal.example.org.evil/portal a@portal.example.org/portal",
	"https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer/1?token=x",
	"https://services.arcgis.com/ORG/arcgis/rest/services/service_" + mapID + "/FeatureServer/10",
	"//services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer2/1 //services.arcgis.com/ORG/arcgis/rest/services",
	"https://other.org/arcgis/rest/services/x_" + mapID + "/MapServer//portal.example.org/portal",
	"Portal('https://www.arcgis.com'), '" + mapID + "', 0)",
	"https://www.arcgis.com/sharing/rest/content/items/" + mapID + "/data",
	"https://www.arcgis.com/home/item.html?id=" + lostID,
	"service_" + mapID + " _" + mapID + " source-" + mapID + " r-" + mapID + "-1690000000000 draft_" + mapID + ".json",
	"F" + mapID + " " + mapID + "0 " + mapID + mapID + " x" + mapID + ` \n` + mapID + ` \b` + mapID + " %2F" + mapID + " %30" + mapID + ` \u0041` + mapID,
	"data:image/png;base64,iVBOR//" + mapID + "/== data:text/html,https://portal.example.org/portal",
	"http://127.0.0.1:8001/portal/x http://127.0.0.1:8002/portal/x 127.0.0.1:8001/portal http://127.0.0.1:80010/portal",
	"https://one.example.org/portal/portal/old/x https://one.example.org:443/x one.example.org/old https://one.example.org",
	"https://portal.example.org/portal/sharing/rest/content/users/ada/items?q=owner:ada&owner=bob%40old.org portals/0123456789ABCDEF",
	"https://staging.maps.arcgis.com/sharing/rest/portals/0123456789ABCDEF?x=https://portal.example.org:7443/arcgis",
	"x//services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer http:////portal.example.org/portal",
	"https://ada:s3cret@portal.example.org/portal?token=1 //a%40b@services.arcgis.com/ORG/arcgis/rest/services/A/MapServer?token=2 https://u@one.example.org@x/",
	"var p = Portal('https://www.arcgis.com'), i = '" + layerID + "', n = 0; FeatureSetByPortalItem(p, i, n) FeatureSetByPortalItem(p, \"" + mapID + "\", 10)",
	"FeatureSetByPortalItem(Portal(\\\"https://www.arcgis.com\\\"), \\\"" + layerID + "\\\", 0) // x",
	"https://storymaps.arcgis.com/stories/" + mapID + " https%3A%2F%2Fexperience.arcgis.com%2Fexperience%2F" + mapID + "&x https://survey123.arcgis.com/share/" + mapID + "?a=1",
	"https://portal.example.org/portal/apps/storymaps/stories/" + mapID + "?token=x&y=" + layerID + " //portal.example.org/portal/apps/experiencebuilder/experience/?id=" + mapID,
	"https://parks-city.hub.arcgis.com/datasets/" + lostID + " data.example.org/x/y https://portal.example.org/portal/apps/sites/#/parks?client_id=mapper&Ab12Cd34Ef56Gh78",
	`C:\folder\` + mapID + ` \\server\portal.example.org/portal`,
}

func FuzzJSON(f *testing.F) {
	for i, s := range fuzzTexts {
		inner := `{"` + string(escape([]byte(s), i%2 == 0)) + `":["` + string(escape([]byte(s), i%3 == 0)) + `",1.50e+3,null],"itemId":"` + lostID + `"}`
		f.Add([]byte(inner), byte(i))
		f.Add([]byte(` {"a" : "`+string(escape([]byte(inner), false))+`", "a":true}`+"\n"), byte(i))
	}
	maps := fuzzMaps(f)
	f.Fuzz(func(t *testing.T, doc []byte, which byte) { checkJSON(t, maps[int(which)%len(maps)], doc) })
}

// checkJSON checks what holds for every document.
func checkJSON(t *testing.T, r *Rewriter, doc []byte) {
	t.Helper()
	before := slices.Clone(doc)
	out, rep, err := r.JSON(doc)
	if !bytes.Equal(doc, before) {
		t.Fatal("the input was written to")
	}
	if valid := json.Valid(bytes.TrimPrefix(doc, []byte("\xEF\xBB\xBF"))); valid != (err == nil) {
		t.Fatalf("JSON says %v, encoding/json says valid=%v", err, valid)
	}
	if len(rep.Changes) == 0 && (len(out) != len(doc) || len(doc) > 0 && &out[0] != &doc[0]) {
		t.Fatal("nothing changed, but the result is not the input")
	}
	if err != nil {
		return
	}
	checkTokens(t, doc, out, len(rep.Changes))
	again, rep2, err := r.JSON(out)
	if err != nil {
		t.Fatalf("the result is not JSON: %v\n%s", err, out)
	}
	if !bytes.Equal(again, out) || len(rep2.Changes) > 0 {
		t.Fatalf("not idempotent: %+v\n in %s\nout %s\nnew %s", rep2.Changes, doc, out, again)
	}
	checkLeftovers(t, r, out, rep)
}

// checkTokens compares the documents token by token: at most changes strings may differ.
func checkTokens(t *testing.T, doc, out []byte, changes int) {
	t.Helper()
	doc, out = bytes.TrimPrefix(doc, []byte("\xEF\xBB\xBF")), bytes.TrimPrefix(out, []byte("\xEF\xBB\xBF"))
	a, b := json.NewDecoder(bytes.NewReader(doc)), json.NewDecoder(bytes.NewReader(out))
	var atA, atB int64
	differ := 0
	for {
		tok, errA := a.Token()
		_, errB := b.Token()
		if (errA == nil) != (errB == nil) {
			t.Fatalf("one document ends early: %v, %v", errA, errB)
		}
		if errA != nil {
			break
		}
		x, y := doc[atA:a.InputOffset()], out[atB:b.InputOffset()]
		atA, atB = a.InputOffset(), b.InputOffset()
		if bytes.Equal(x, y) {
			continue
		}
		if _, isString := tok.(string); !isString {
			t.Fatalf("%q became %q", x, y)
		}
		i, j := bytes.IndexByte(x, '"'), bytes.IndexByte(y, '"')
		if !bytes.Equal(x[:i], y[:j]) {
			t.Fatalf("white space before %s changed", x)
		}
		differ++
	}
	if differ > changes {
		t.Fatalf("%d strings differ, %d changes are reported", differ, changes)
	}
	if !bytes.Equal(doc[atA:], out[atB:]) {
		t.Fatal("the end changed")
	}
}

// checkLeftovers makes sure that what is left over was reported as kept.
func checkLeftovers(t *testing.T, r *Rewriter, out []byte, rep Report) {
	t.Helper()
	kept := slices.ContainsFunc(rep.Unresolved, func(ref Ref) bool { return ref.Kept })
	if left, _ := r.Leftovers(out); len(left) > 0 && !kept {
		t.Fatalf("left over: %+v\nin %q", left, out)
	}
}

func FuzzText(f *testing.F) {
	for i, s := range fuzzTexts {
		f.Add([]byte(s), byte(i))
	}
	maps := fuzzMaps(f)
	f.Fuzz(func(t *testing.T, doc []byte, which byte) { checkText(t, maps[int(which)%len(maps)], doc) })
}

// checkText checks what holds for every text.
func checkText(t *testing.T, r *Rewriter, doc []byte) {
	t.Helper()
	out, rep := r.Text(doc)
	if len(rep.Changes) == 0 && (len(out) != len(doc) || len(doc) > 0 && &out[0] != &doc[0]) {
		t.Fatal("nothing changed, but the result is not the input")
	}
	again, rep2 := r.Text(out)
	if !bytes.Equal(again, out) || len(rep2.Changes) > 0 {
		t.Fatalf("not idempotent: %+v\n in %q\nout %q\nnew %q", rep2.Changes, doc, out, again)
	}
	if json.Valid(out) {
		return // Leftovers reads it as JSON
	}
	checkLeftovers(t, r, out, rep)
}

// slowReader hands out a few bytes at a time.
type slowReader struct {
	rest []byte
	n    int
}

func (s *slowReader) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.n)], s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func FuzzScan(f *testing.F) {
	for i, s := range fuzzTexts {
		f.Add([]byte(s), byte(i), uint16(i*7), uint16(3*i))
	}
	maps := fuzzMaps(f)
	f.Fuzz(func(t *testing.T, part []byte, which byte, window, pad uint16) {
		r := maps[int(which)%len(maps)]
		var doc []byte
		for i := 0; len(doc) < 12<<10 && i < 64; i++ {
			doc = append(append(doc, part...), bytes.Repeat([]byte{"0a -/"[i%5]}, int(pad)%97)...)
		}
		checkScan(t, r, doc, 1+int(window)%5000, 1+int(pad)%300)
	})
}

// checkScan checks that a scan through windows finds what a scan of the whole finds.
func checkScan(t *testing.T, r *Rewriter, doc []byte, window, read int) {
	t.Helper()
	whole, err := r.scan(bytes.NewReader(doc), len(doc)+1)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := r.scan(&slowReader{doc, read}, window)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(whole.Unresolved, parts.Unresolved) || !slices.Equal(whole.ByReference, parts.ByReference) || whole.Omitted != parts.Omitted {
		t.Fatalf("in parts\n%s\n%s\nas a whole\n%s\n%s\nof %q", refs(parts.Unresolved), refs(parts.ByReference),
			refs(whole.Unresolved), refs(whole.ByReference), doc)
	}
}

// goldenSeeds are the documents of the typed rules with their items.
func goldenSeeds(tb testing.TB, add func(c typedCase, in []byte)) {
	tb.Helper()
	dirs, err := filepath.Glob("testdata/golden/*/map.json")
	if err != nil {
		tb.Fatal(err)
	}
	for _, file := range dirs {
		_, cases := typedCases(tb, filepath.Dir(file))
		for name, c := range cases {
			if in := read(tb, filepath.Join(filepath.Dir(file), name+".in")); len(in) < 8<<10 || c.Part == "archive" {
				add(c, in)
			}
		}
	}
}

// FuzzItem checks typed rules on documents of any shape: what stays valid, what is reported, and
// that twice is once.
func FuzzItem(f *testing.F) {
	r, _ := typedCases(f, "testdata/golden/webmap")
	empty := rewriter(f, Map{})
	goldenSeeds(f, func(c typedCase, in []byte) {
		for i, e := range rules {
			if e.itemType == c.Type && c.Part != "archive" {
				f.Add(in, byte(i))
			}
		}
	})
	f.Fuzz(func(t *testing.T, doc []byte, which byte) {
		e := rules[int(which)%len(rules)]
		it := ItemInfo{ID: mapID, Type: e.itemType, TypeKeywords: []string{e.keyword}, OwnerEmail: "owner@city.example"}
		out, rep, err := r.Item(it, PartData, doc)
		if err != nil {
			t.Fatal(err)
		}
		if len(rep.Changes) == 0 && (len(out) != len(doc) || len(doc) > 0 && &out[0] != &doc[0]) {
			t.Fatal("nothing changed, but the result is not the input")
		}
		if json.Valid(doc) && !json.Valid(out) {
			t.Fatalf("%s\nbecame\n%s", doc, out)
		}
		again, rep2, err := r.Item(it, PartData, out)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("not idempotent: %v %+v\n in %s\nout %s\nnew %s", err, rep2.Changes, doc, out, again)
		}
		if same, _, err := empty.Item(it, PartData, doc); err != nil || !bytes.Equal(same, doc) {
			t.Fatalf("an empty map changed %s to %s, %v", doc, same, err)
		}
		for _, ref := range r.References(it, PartData, doc) {
			if ref.Path == "" || ref.Kind == "" || ref.Value == "" {
				t.Fatalf("reference %+v", ref)
			}
		}
	})
}

// FuzzArchive checks that archives of any bytes are refused or rewritten within bounds.
func FuzzArchive(f *testing.F) {
	r := rewriter(f, testMap())
	goldenSeeds(f, func(c typedCase, in []byte) {
		if c.Part == "archive" {
			f.Add(in)
		}
	})
	f.Add(makeZip(f, zipMember{name: "a.json", text: `["` + mapID + `"]`}, zipMember{name: "m.png", text: "x", store: true}))
	f.Add(makeZip(f, zipMember{name: "a.xlsx", text: string(makeZip(f, zipMember{name: "xl/a.xml", text: mapID}))}))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, rep, err := rewriteZip(r, data)
		if err != nil {
			if len(out) > 0 || !errors.Is(err, ErrArchive) {
				t.Fatalf("%d bytes written, %v", len(out), err)
			}
			return
		}
		if len(rep.Changes) == 0 {
			if !bytes.Equal(out, data) {
				t.Fatal("nothing changed, but the result is not the input")
			}
			return
		}
		again, rep, err := rewriteZip(r, out)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("not idempotent: %v %+v", err, rep.Changes)
		}
	})
}
