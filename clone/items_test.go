package clone_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// copyOf reads the copy of an item as its owner does.
func (p *pair) copyOf(t *testing.T, it *gis.Item) *gis.Item {
	t.Helper()
	id := p.mapping(t, clone.KindItem)[string(it.ID)]
	if id == "" {
		t.Fatalf("%q has no copy", it.Title)
	}
	return must[*gis.Item](t)(p.to.Content.UserItem(t.Context(), it.Owner, esri.ItemID(id)))
}

func rawOf(t *testing.T, it *gis.Item) map[string]any {
	t.Helper()
	var doc map[string]any
	ok(t, json.Unmarshal(it.Raw(), &doc))
	return doc
}

func read(t *testing.T, open func() (*gis.Data, error)) string {
	t.Helper()
	d := must[*gis.Data](t)(open())
	defer d.Close()
	return string(must[[]byte](t)(io.ReadAll(d)))
}

// TestEveryPropertyArrives copies an item that has everything an item can have.
func TestEveryPropertyArrives(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	p.member(t, "ada")
	layer := p.add(t, gis.ItemSpec{Title: "Layer", Type: "Feature Service", URL: "https://elsewhere.example.org/rest/services/X/FeatureServer"})
	it := p.add(t, gis.ItemSpec{
		Owner: "ada", Title: "Everything", Type: "Web Map", Tags: []string{"b", "a"}, TypeKeywords: []string{"Collector", "doNotDelete"},
		Description: "see " + string(layer.ID), Snippet: "short", AccessInformation: "the society", LicenseInfo: "free", Culture: "en-gb",
		Documentation: "notes", SpatialReference: "102100", Extent: &esri.Extent{XMin: -10, YMin: 40, XMax: 5, YMax: 60},
		Categories: []string{"/Categories/Water", "/Categories/Roads"}, AppCategories: []string{"Maps"}, Industries: []string{"Utilities"}, Languages: []string{"en", "pt"},
		Properties: json.RawMessage(`{"layer":"` + string(layer.ID) + `"}`), CommentsEnabled: new(false),
		Extra: map[string][]string{
			"proxyFilter":      {`{"filters":[{"path":"/query","item":"` + string(layer.ID) + `"}]}`},
			"advancedSettings": {`{"a":1}`}, "metadataEditable": {"true"}, "metadataFormats": {"iso19139,fgdc"},
		},
	}, gis.WithText("{}"), gis.WithThumbnail(picture(1)), gis.WithLargeThumbnail(picture(2)), gis.WithBanner(picture(3)),
		gis.WithScreenshots(picture(4), picture(5)), gis.WithMetadata(gis.BytesUpload("metadata.xml", []byte("<m>"+string(layer.ID)+"</m>"))))
	form := p.add(t, gis.ItemSpec{Title: "Form", Type: "Form"}, gis.WithData(gis.BytesUpload("form.zip", []byte("not a zip file"))))
	ok(t, form.SetInfo(ctx, "", gis.BytesUpload("form.json", []byte(`{"map":"`+string(it.ID)+`"}`))))
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))

	c, l := p.copyOf(t, it), string(p.copyOf(t, layer).ID)
	raw := rawOf(t, c)
	for name, want := range map[string]any{
		"title": "Everything", "owner": "ada", "snippet": "short", "description": "see " + l, "accessInformation": "the society", "licenseInfo": "free",
		"culture": "en-gb", "documentation": "notes", "spatialReference": "102100", "commentsEnabled": false, "metadataEditable": true,
		"extent": []any{[]any{-10.0, 40.0}, []any{5.0, 60.0}}, "tags": []any{"b", "a"}, "categories": []any{"/Categories/Water", "/Categories/Roads"},
		"appCategories": []any{"Maps"}, "industries": []any{"Utilities"}, "languages": []any{"en", "pt"}, "metadataFormats": []any{"iso19139", "fgdc"},
		"proxyFilter":      map[string]any{"filters": []any{map[string]any{"path": "/query", "item": l}}},
		"advancedSettings": map[string]any{"a": 1.0},
	} {
		if !reflect.DeepEqual(raw[name], want) {
			t.Errorf("%s: got %v, want %v", name, raw[name], want)
		}
	}
	if props := raw["properties"].(map[string]any); props["layer"] != l {
		t.Errorf("properties: %v", props)
	}
	for _, k := range []string{"Collector", "doNotDelete", "source-" + string(it.ID)} {
		if !strings.Contains(fmt.Sprint(c.TypeKeywords), k) {
			t.Errorf("keyword %s is missing: %v", k, c.TypeKeywords)
		}
	}
	for i, name := range []string{c.Thumbnail, c.LargeThumbnail, c.Banner, at(c.Screenshots, 0), at(c.Screenshots, 1)} {
		want := string(must[[]byte](t)(io.ReadAll(picture(uint8(i + 1)).Body)))
		if got := read(t, func() (*gis.Data, error) { return c.OpenInfo(ctx, name) }); got != want {
			t.Errorf("picture %d (%s): %d bytes, want %d", i+1, name, len(got), len(want))
		}
	}
	if got := read(t, func() (*gis.Data, error) { return c.OpenMetadata(ctx, "") }); got != "<m>"+l+"</m>" {
		t.Errorf("metadata: %s", got)
	}
	f := p.copyOf(t, form)
	if got := read(t, func() (*gis.Data, error) { return f.OpenInfo(ctx, "form.json") }); got != `{"map":"`+string(c.ID)+`"}` {
		t.Errorf("form.json: %s", got)
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "none"
}

// TestDataIsProbedNotGuessed copies data whose kind the type of the item does not tell.
func TestDataIsProbedNotGuessed(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	layer := p.add(t, gis.ItemSpec{Title: "Layer", Type: "Feature Service", URL: "https://elsewhere.example.org/rest/services/X/FeatureServer"}, gis.WithText(`{"layers":[]}`))
	id := string(layer.ID)
	file := func(title, itemType, name, content string) *gis.Item {
		return p.add(t, gis.ItemSpec{Title: title, Type: itemType}, gis.WithData(gis.BytesUpload(name, []byte(content))))
	}
	notebook := file("Notebook", "Notebook", "trees.ipynb", `{"cells":[{"source":["gis.content.get('`+id+`')"]}]}`)
	mapx := file("Map of Pro", "Pro Map", "trees.mapx", `{"layerDefinitions":[{"id":"`+id+`"}]}`)
	webmap := file("Map as a file", "Web Map", "map.json", `{"operationalLayers":[{"itemId":"`+id+`"}]}`)
	csv := file("Table", "CSV", "ids.csv", "id\n"+id+"\n")
	unknown := file("Of a type that nobody knows", "Shiny New Thing", "thing.json", `{"itemId":"`+id+`"}`)
	text := p.add(t, gis.ItemSpec{Title: "Text of a type that nobody knows", Type: "Shiny New Thing"}, gis.WithText(`{"itemId":"`+id+`"}`))
	none := p.add(t, gis.ItemSpec{Title: "Without data", Type: "Web Map"})
	rep := must[*clone.Report](t)(p.run(t, ctx, nil))
	expectCleanOr(t, rep, "the ids in users' own files")
	l := string(p.copyOf(t, layer).ID)
	for _, tc := range []struct {
		it         *gis.Item
		name, data string
	}{
		{notebook, "trees.ipynb", `{"cells":[{"source":["gis.content.get('` + l + `')"]}]}`},
		{mapx, "trees.mapx", `{"layerDefinitions":[{"id":"` + l + `"}]}`},
		{webmap, "map.json", `{"operationalLayers":[{"itemId":"` + l + `"}]}`},
		{csv, "ids.csv", "id\n" + id + "\n"},
		{unknown, "thing.json", `{"itemId":"` + id + `"}`},
		{text, "", `{"itemId":"` + l + `"}`},
		{layer, "", `{"layers":[]}`},
	} {
		c := p.copyOf(t, tc.it)
		if got := read(t, func() (*gis.Data, error) { return c.Data(ctx) }); got != tc.data || c.Name != tc.name {
			t.Errorf("%s: %q named %q, want %q named %q", tc.it.Title, got, c.Name, tc.data, tc.name)
		}
	}
	if d, err := p.copyOf(t, none).Data(ctx); err == nil {
		d.Close()
		t.Error("an item without data has some on the target")
	}
}

// expectCleanOr is expectClean for a run that may leave references unresolved.
func expectCleanOr(t *testing.T, rep *clone.Report, _ string) {
	t.Helper()
	if rep.Result.Failed() != 0 || len(rep.Differences) != 0 {
		t.Errorf("failures %+v, differences %+v", rep.Failures, rep.Differences)
	}
}

// TestLongTextsAreRewrittenPieceByPiece copies a text that does not fit in memory.
func TestLongTextsAreRewrittenPieceByPiece(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	layer := p.add(t, gis.ItemSpec{Title: "Layer", Type: "Feature Service", URL: "https://elsewhere.example.org/rest/services/X/FeatureServer"})
	document := func(id string) []byte {
		var b bytes.Buffer
		b.WriteString(`{"first":"` + id + `","rows":[`)
		for i := range 340_000 {
			fmt.Fprintf(&b, `{"n":%d,"item":"%s"},`, i, id)
		}
		b.WriteString(`{"last":"` + id + `"}]}`)
		return b.Bytes()
	}
	text := document(string(layer.ID))
	it := p.add(t, gis.ItemSpec{Title: "Long", Type: "Feature Collection"}, gis.WithTextFile(gis.BytesUpload("text.json", text)))
	if len(text) < 17<<20 || it.Name != "" {
		t.Fatalf("the fixture is %d bytes and named %q", len(text), it.Name)
	}
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	c := p.copyOf(t, it)
	got := read(t, func() (*gis.Data, error) { return c.Data(t.Context()) })
	if want := document(string(p.copyOf(t, layer).ID)); got != string(want) || c.Name != "" {
		t.Errorf("%d bytes named %q, want %d without a name", len(got), c.Name, len(want))
	}
	left := must[[]string](t)(filepath.Glob(filepath.Join(filepath.Dir(p.journal), ".item-*")))
	if len(left) != 0 {
		t.Errorf("files are left beside the journal: %v", left)
	}
	if _, err := os.Stat(p.journal); err != nil {
		t.Error(err)
	}
}
