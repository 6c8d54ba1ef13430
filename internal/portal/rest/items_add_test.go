package rest_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// writable holds a value for every property that addItem and update take.
var writable = []string{
	"title", "Lakes & <rivers>", "description", "<b>Bold</b> 100% ünïcode", "snippet", "All of them", "tags", "lakes,Zürich", "culture", "de-ch",
	"accessInformation", "Someone", "licenseInfo", "CC0", "spatialReference", "102100", "extent", "5.9,45.8,10.5,47.8",
	"url", "https://example.com/app?x=1&y=2", "properties", `{"b":[1,2.50],"a":{"big":12345678901234567890}}`, "advancedSettings", `{"k":true}`,
	"proxyFilter", `{"p":null}`, "classification", `{"level":"Open"}`, "categories", "/Categories/Water,/Categories/Land",
	"appCategories", "Maps", "industries", "Water,Energy", "languages", "en", "documentation", "See there", "metadataEditable", "true",
	"metadataFormats", "iso19139", "commentsEnabled", "false", "typeKeywords", "mine,source-0123",
}

func writableAs(kv []string) map[string]any {
	want := map[string]any{
		"extent": [][]float64{{5.9, 45.8}, {10.5, 47.8}}, "metadataEditable": true, "commentsEnabled": false,
	}
	for i := 0; i < len(kv); i += 2 {
		switch name, v := kv[i], kv[i+1]; name {
		case "tags", "categories", "appCategories", "industries", "languages", "metadataFormats":
			want[name] = strings.Split(v, ",")
		case "properties", "advancedSettings", "proxyFilter", "classification":
			want[name] = json.RawMessage(v)
		case "extent", "metadataEditable", "commentsEnabled", "typeKeywords":
		default:
			want[name] = v
		}
	}
	return want
}

func TestEveryWritablePropertyComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	check := func(id, what string) {
		t.Helper()
		res, body := w.fetch("ada", "content/items/"+id)
		var got map[string]json.RawMessage
		if err := json.Unmarshal(body, &got); err != nil || res.StatusCode != http.StatusOK {
			t.Fatal(err, res.Status)
		}
		for name, v := range writableAs(writable) {
			equal(t, what+": "+name, got[name], v)
		}
		for _, k := range []string{"mine", "source-0123", "Map", "Mapping Site"} {
			if !strings.Contains(string(got["typeKeywords"]), `"`+k+`"`) {
				t.Errorf("%s: typeKeywords %s lack %s", what, got["typeKeywords"], k)
			}
		}
	}
	id := w.add("ada", append([]string{"type", "Web Mapping Application"}, writable...)...)
	check(id, "added")

	id = w.add("ada", "type", "web mapping application")
	w.ok("ada", own("ada", id, "update"), writable...)
	check(id, "updated")
	w.ok("ada", own("ada", id, "update"), "snippet", "", "tags", "", "properties", "", "extent", "")
	check(id, "blank parameters")

	var blank []string
	for i := 0; i < len(writable); i += 2 {
		switch writable[i] {
		case "title", "metadataEditable", "commentsEnabled":
		default:
			blank = append(blank, writable[i], "")
		}
	}
	w.ok("ada", own("ada", id, "update"), append(blank, "clearEmptyFields", "True")...)
	it := w.item("ada", id)
	for name := range writableAs(writable) {
		switch v := it[name]; name {
		case "title", "metadataEditable", "commentsEnabled":
		case "tags", "categories", "appCategories", "industries", "languages", "metadataFormats", "extent":
			equal(t, "cleared "+name, v, []any{})
		default:
			equal(t, "cleared "+name, v, nil)
		}
	}
	equal(t, "cleared typeKeywords", it["typeKeywords"], []string{"Web Map", "Map", "Online Map", "Mapping Site"})
	equal(t, "title stays", it["title"], "Lakes & <rivers>")
	w.fails(400, "title", "ada", own("ada", id, "update"), "title", " ", "clearEmptyFields", "true")
}

func TestAddItemTakesTheFormsOfClients(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.add("ada", "TITLE", "Python", "extent", "[[-10.5, -20], [30, 40]]", "tags", `["a", "b, c", ""]`, "typekeywords", ",x,y",
		"properties", `{'ok': True, 'none': None}`, "id", nowhere, "owner", "bob", "access", "public", "numViews", "7", "created", "1", "protected", "true",
		"thumbnail", "thumbnail/x.png", "ownerFolder", nowhere, "itemType", "text", "async", "True", "overwrite", "false")
	it := w.item("ada", id)
	for name, want := range map[string]any{
		"title": "Python", "extent": [][]float64{{-10.5, -20}, {30, 40}}, "tags": []string{"a", "b", "c"}, "properties": json.RawMessage(`{"none":null,"ok":true}`),
		"owner": "ada", "access": "private", "numViews": 0, "protected": false, "thumbnail": nil, "ownerFolder": nil, "itemControl": "admin", "size": 7,
	} {
		equal(t, name, it[name], want)
	}
	if id == nowhere || len(id) != 32 {
		t.Errorf("id %s", id)
	}
	if got := each(it, "", "typeKeywords"); !slices.Contains(got, "x") || !slices.Contains(got, "Explorer Web Map") {
		t.Errorf("typeKeywords %v", got)
	}
	_, data := w.data("ada", id)
	equal(t, "data", data, `{"a":1}`)

	long := w.form("ada", "content/users/ada/addItem", []part{{"text", "data.json", "", []byte(" [1]")}}, "title", "Long text", "type", "Feature Collection")
	res, data := w.data("ada", str(long, "id"))
	equal(t, "text as a file part", []string{data, res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition")}, []string{" [1]", "application/json; charset=utf-8", ""})
	equal(t, "name", w.item("ada", str(long, "id"))["name"], nil)
}

func TestBadItemsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	with := func(kv ...string) []string {
		return append(kv, "title", "T", "type", "Web Map", "text", "{}")
	}
	for _, c := range []struct {
		text string
		kv   []string
	}{
		{"'title' must be specified", []string{"type", "Web Map", "text", "{}"}},
		{"'title' must be specified", []string{"title", " ", "type", "Web Map", "text", "{}"}},
		{"'type' must be specified", []string{"title", "T", "text", "{}"}},
		{"'title'", []string{"title", strings.Repeat("x", 1025), "type", "Web Map"}},
		{"'snippet'", with("snippet", strings.Repeat("é", 2049))},
		{"'description'", with("description", strings.Repeat("x", 64<<10+1))},
		{"'extent'", with("extent", "1,2,three,4")},
		{"'extent'", with("extent", "NaN,0,1,1")},
		{"'extent'", with("extent", "10,0,-10,5")},
		{"'properties'", with("properties", "[1]")},
		{"'properties'", with("properties", "12")},
		{"'properties'", with("properties", "{broken")},
		{"'properties'", with("properties", `"text"`)},
		{"'url'", with("url", " java\tscript:alert(1)")},
		{"'contentStatus'", with("contentStatus", "best")},
		{"Item exceeds max size of 20 categories.", with("categories", strings.Repeat("/a,", 21))},
		{"'itemIdToCreate'", with("itemIdToCreate", "XYZ")},
		{"'itemIdToCreate'", with("itemIdToCreate", strings.ToUpper(nowhere))},
		{"'itemIdToCreate'", with("itemIdToCreate", "../../../../../../../../etc/passwd")},
		{"'dataUrl'", with("dataURL", "https://example.com/x.csv")},
		{"'thumbnailUrl'", with("thumbnailurl", "http://169.254.169.254/")},
		{"'servicePassword'", with("servicePassword", "s")},
		{"'listingProperties'", with("listingProperties", "{}")},
		{"'commentsEnabled'", with("commentsEnabled", "perhaps")},
		{"'filename' must be specified", []string{"title", "T", "type", "CSV", "multipart", "true"}},
		{"'multipart'", append(with("multipart", "true"), "filename", "a.csv")},
		{"'file'", with("file", "not a file part")},
		{"'tags'", with("tags", strings.Repeat("x", 1025))},
	} {
		w.fails(400, c.text, "ada", "content/users/ada/addItem", c.kv...)
	}
	w.fails(400, "Folder does not exist", "ada", "content/users/ada/"+nowhere+"/addItem", with()...)
	w.fails(403, "portal:admin:updateItems", "ada", "content/users/ada/addItem", with("contentStatus", "org_authoritative")...)
	for _, name := range []string{"..", "."} {
		w.refused(w.upload("ada", "content/users/ada/addItem", "file", name, []byte("x"), "title", "T", "type", "CSV"), 400, "file")
	}
	w.refused(w.upload("ada", "content/users/ada/addItem", "file", "a.csv", []byte("x"), with()...), 400, "'text'")
	w.refused(w.upload("ada", "content/users/ada/addItem", "file", "a.unknown", []byte("x"), "title", "T"), 400, "'type' must be specified")
	w.refused(w.upload("ada", "content/users/ada/addItem", "thumbnail", "a.png", []byte("<svg/>"), with()...), 400, "'thumbnail'")
	w.refused(w.upload("ada", "content/users/ada/addItem", "metadata", "metadata.xml", []byte("hello"), with()...), 400, "'metadata'")
	w.refused(w.upload("", "content/users/ada/addItem", "file", "a.csv", []byte("x"), "title", "T", "type", "CSV"), 499, "Token Required")
	equal(t, "nothing was made", num(w.ok("ada", "content/users/ada"), "total"), 0)
}

func TestChosenIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	equal(t, "id", w.add("ada", "itemIdToCreate", nowhere), nowhere)
	for _, who := range []string{"ada", "bob"} {
		w.fails(409, "already exists", who, "content/users/"+who+"/addItem", "title", "T", "type", "Web Map", "text", "{}", "itemIdToCreate", nowhere)
	}
	equal(t, "owner", w.item("ada", nowhere)["owner"], "ada")
	other := strings.Repeat("ab", 16)
	doc := w.ok("ada", "content/users/ada/addItem", "title", "P", "type", "CSV", "multipart", "true", "filename", "p.csv", "itemIdToCreate", other)
	equal(t, "opened with an id", str(doc, "id"), other)
}

func zipped(t *testing.T, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		f, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(n, "/") {
			continue
		}
		if _, err := f.Write([]byte(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTypeFollowsFromTheFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	for _, c := range []struct{ file, content, want string }{
		{"sites.CSV", "a,b\n", "CSV"}, {"roads.geojson", "{}", "GeoJson"}, {"roads.json", `{"type": "FeatureCollection", "features": []}`, "GeoJson"},
		{"other.json", `{"a":1}`, ""}, {"roads.zip", zipped(t, "roads/roads.shp", "roads/roads.dbf"), "Shapefile"},
		{"parcels.zip", zipped(t, "parcels.gdb/a00000001.gdbtable", "parcels.gdb/gdb"), "File Geodatabase"},
		{"tables.zip", zipped(t, "a.csv", "b.csv"), "CSV Collection"}, {"any.zip", zipped(t, "readme.md"), ""}, {"broken.zip", "PK\x03\x04", ""},
		{"empty.zip", "", ""}, {"map.sd", "x", "Service Definition"}, {"d.gpkg", "x", "GeoPackage"}, {"d.xlsx", "x", "Microsoft Excel"},
		{"d.docx", "x", "Microsoft Word"}, {"d.pptx", "x", "Microsoft Powerpoint"}, {"d.pdf", "x", "PDF"}, {"d.kml", "x", "KML"}, {"d.kmz", "x", "KML"},
		{"d.tpk", "x", "Tile Package"}, {"d.tpkx", "x", "Compact Tile Package"}, {"d.vtpk", "x", "Vector Tile Package"}, {"d.slpk", "x", "Scene Package"},
		{"d.mmpk", "x", "Mobile Map Package"}, {"d.lpkx", "x", "Layer Package"}, {"d.png", "x", "Image"}, {"d.JPG", "x", "Image"},
		{"d.ipynb", "{}", "Notebook"}, {"noextension", "x", ""},
	} {
		doc := w.upload("ada", "content/users/ada/addItem", "file", c.file, []byte(c.content))
		if c.want == "" {
			w.refused(doc, 400, "'type' must be specified")
			continue
		}
		it := w.item("ada", str(doc, "id"))
		equal(t, c.file, []any{it["type"], it["name"], it["title"]}, []any{c.want, c.file, c.file[:strings.LastIndexByte(c.file, '.')]})
		if c.want == "CSV" {
			equal(t, "keywords", it["typeKeywords"], []string{"Data", "Text", "CSV"})
		}
	}
}

func TestFileNamesAreUniquePerFolder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	folder := w.createFolder("ada", "F")
	add := func(as, folder, name string) map[string]any {
		path := strings.Replace("content/users/"+as+"/"+folder+"/addItem", "//", "/", 1)
		return w.upload(as, path, "file", name, []byte("a\n"), "title", "T", "type", "CSV")
	}
	first := add("ada", "", "sites.csv")
	w.refused(add("ada", "", "sites.csv"), 409, "Item 'sites.csv' already exists.")
	w.refused(add("ada", "", "SITES.csv"), 409, "Item 'SITES.csv' already exists.")
	second := add("ada", folder, "sites.csv")
	equal(t, "another folder", at(second, "success"), true)
	equal(t, "another member", at(add("bob", "", "sites.csv"), "success"), true)

	id := str(first, "id")
	again := w.upload("ada", "content/users/ada/addItem", "file", "sites.csv", []byte("new\n"), "type", "CSV", "overwrite", "true", "snippet", "s")
	equal(t, "overwrite", again, map[string]any{"success": true, "id": id, "folder": nil})
	_, data := w.data("ada", id)
	equal(t, "overwritten", []any{data, w.item("ada", id)["snippet"], w.item("ada", id)["title"]}, []any{"new\n", "s", "T"})
	w.refused(w.upload("ada", "content/users/ada/addItem", "file", "sites.csv", []byte("x"), "type", "GeoJson", "overwrite", "true"), 400, "'overwrite'")

	// Without the folder in the path, the name is looked up in the root folder.
	update := func(path string) map[string]any {
		return w.upload("ada", path, "file", "sites.csv", []byte("u\n"))
	}
	w.refused(update(own("ada", str(second, "id"), "update")), 409, "Item with file 'sites.csv' already exists.")
	equal(t, "with the folder", at(update("content/users/ada/"+folder+"/items/"+str(second, "id")+"/update"), "success"), true)
	equal(t, "its own name", at(update(own("ada", id, "update")), "success"), true)
	w.fails(500, "Item already exists in target folder", "ada", own("ada", id, "move"), "folder", folder)
}
