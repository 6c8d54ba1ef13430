package rest_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func (w *world) info(as, id, name string) (int, string) {
	w.t.Helper()
	res, b := w.fetch(as, "content/items/"+id+"/info/"+name)
	return res.StatusCode, string(b)
}

func TestThumbnails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := str(w.upload("ada", "content/users/ada/addItem", "thumbnail", "one.png", png(1), "title", "T", "type", "Web Map", "text", "{}"), "id")
	equal(t, "thumbnail", w.item("ada", id)["thumbnail"], "thumbnail/one.png")
	res, body := w.fetch("ada", "content/items/"+id+"/info/thumbnail/one.png")
	equal(t, "served", []any{res.StatusCode, string(body), res.Header.Get("Content-Type")}, []any{200, string(png(1)), "image/png"})
	if code, _ := w.info("bob", id, "thumbnail/one.png"); code != http.StatusBadRequest {
		t.Errorf("of a hidden item: %d", code)
	}

	doc := w.upload("ada", own("ada", id, "updateThumbnail"), "file", "two.png", png(2))
	equal(t, "answer", doc, map[string]any{"success": true, "itemId": id, "owner": "ada", "folder": nil})
	code, _ := w.info("ada", id, "thumbnail/one.png")
	equal(t, "the old one is gone", []any{code, w.item("ada", id)["thumbnail"]}, []any{400, "thumbnail/two.png"})
	w.upload("ada", own("ada", id, "update"), "thumbnail", "two.png", png(3))
	_, got := w.info("ada", id, "thumbnail/two.png")
	equal(t, "the same name", got, string(png(3)))

	encoded := base64.StdEncoding.EncodeToString(png(4))
	w.ok("ada", own("ada", id, "updateThumbnail"), "data", "data:image/png;base64,"+encoded, "filename", "three.png")
	_, got = w.info("ada", id, "thumbnail/three.png")
	equal(t, "base64", got, string(png(4)))
	for text, kv := range map[string][]string{
		"'url'": {"url", "http://127.0.0.1/"}, "'data'": {"data", "%%%", "filename", "x.png"}, "'file' must be": {}, "must be a PNG": {"data", "aGVsbG8=", "filename", "x.png"},
	} {
		w.fails(400, text, "ada", own("ada", id, "updateThumbnail"), kv...)
	}
	w.refused(w.upload("ada", own("ada", id, "updateThumbnail"), "file", "x.svg", []byte("<svg onload='alert(1)'/>")), 400, "must be a PNG")
	w.refused(w.upload("bob", own("ada", id, "updateThumbnail"), "file", "x.png", png(1)), 400, noItem)
	equal(t, "refused ones change nothing", w.item("ada", id)["thumbnail"], "thumbnail/three.png")

	equal(t, "delete", w.ok("ada", own("ada", id, "deleteThumbnail")), map[string]any{"success": true})
	equal(t, "deleted", w.item("ada", id)["thumbnail"], nil)
	w.ok("ada", own("ada", id, "deleteThumbnail"))
	code, _ = w.info("ada", id, "thumbnail/three.png")
	equal(t, "gone", code, 400)

	all := w.form("ada", own("ada", id, "update"), []part{
		{"largeThumbnail", "l.png", "", png(1)}, {"banner", "b.png", "", png(2)}, {"screenshot", "s.png", "", png(3)}, {"screenshot", "s.png", "", png(4)},
	})
	equal(t, "pictures", at(all, "success"), true)
	it := w.item("ada", id)
	equal(t, "paths", []any{it["largeThumbnail"], it["banner"], it["screenshots"]}, []any{"largethumbnail/l.png", "banner/b.png", []string{"screenshots/1_s.png", "screenshots/2_s.png"}})
	_, got = w.info("ada", id, "screenshots/2_s.png")
	equal(t, "screenshot", got, string(png(4)))
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.add("ada")
	const place = "metadata/metadata.xml"
	if code, body := w.info("ada", id, place); code != http.StatusBadRequest || !strings.Contains(body, "Resource does not exist") {
		t.Errorf("no metadata: %d %s", code, body)
	}
	xml := "<?xml version=\"1.0\"?>\n<metadata>Gewässer</metadata>"
	w.upload("ada", own("ada", id, "update"), "metadata", "metadata.xml", []byte(xml))
	res, body := w.fetch("ada", "content/items/"+id+"/info/"+place)
	equal(t, "metadata", string(body), xml)
	if d := res.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("XML is shown: %q", d)
	}
	hasKeyword := func() bool { return slices.Contains(each(w.item("ada", id), "", "typeKeywords"), "Metadata") }
	if !hasKeyword() {
		t.Error("no keyword Metadata")
	}
	w.ok("ada", own("ada", id, "update"), "typeKeywords", "other")
	if !hasKeyword() {
		t.Error("the keyword Metadata went with an update of keywords")
	}
	_, got := w.info("ada", id, place+"?format=default")
	equal(t, "default form", got, xml)
	_, got = w.info("ada", id, place+"?format=iso19139")
	if !strings.Contains(got, "'format'") {
		t.Errorf("another form: %s", got)
	}
	_, got = w.info("ada", id, place+"?output=html")
	if !strings.Contains(got, "'output'") {
		t.Errorf("as a page: %s", got)
	}
	w.fails(400, "'infoFile' must be specified", "ada", own("ada", id, "deleteInfo"))
	w.ok("ada", own("ada", id, "deleteInfo"), "file", place)
	if hasKeyword() {
		t.Error("the keyword Metadata outlives the metadata")
	}
	w.fails(404, "Resource does not exist", "ada", own("ada", id, "deleteInfo"), "infoFile", place)
	w.ok("ada", own("ada", id, "update"), "metadata", "<metadata/>")
	_, got = w.info("ada", id, place)
	equal(t, "as a text", got, "<metadata/>")
}

func TestInfoFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.add("ada", "title", "Survey <1> & more", "tags", "a,b", "extent", "1,2,3,4", "snippet", "s", "url", "https://example.com/?a=1&b=2")
	for _, path := range []string{"", "iteminfo.xml", "ITEMINFO.XML"} {
		code, card := w.info("ada", id, path)
		for _, want := range []string{"<ESRI_ItemInformation", "<title>Survey &lt;1&gt; &amp; more</title>", "<type>Web Map</type>", "<tags>a,b</tags>", "<xmin>1</xmin>",
			"<typekeyword>Explorer Web Map</typekeyword>", "https://example.com/?a=1&amp;b=2"} {
			if code != 200 || !strings.Contains(card, want) {
				t.Errorf("%q: %d, no %s in %s", path, code, want, card)
			}
		}
	}
	doc := w.upload("ada", own("ada", id, "updateinfo"), "file", "form.json", []byte(`{"q":1}`), "folderName", "forms/v1")
	equal(t, "answer", doc, map[string]any{"success": true, "itemId": id, "owner": "ada", "folder": nil})
	code, body := w.info("ada", id, "forms/v1/form.json")
	equal(t, "file", []any{code, body}, []any{200, `{"q":1}`})
	w.upload("ada", own("ada", id, "updateInfo"), "file", "form.json", []byte(`{"q":2}`), "folderName", "forms/v1/")
	_, body = w.info("ada", id, "Forms/V1/form.json")
	equal(t, "replaced", body, `{"q":2}`)
	w.upload("ada", own("ada", id, "updateInfo"), "file", "iteminfo.xml", []byte("<own/>"))
	_, body = w.info("ada", id, "iteminfo.xml")
	equal(t, "a stored card", body, "<own/>")
	for _, folder := range []string{"..", "a/../..", `a\b`, "a//b"} {
		if doc := w.upload("ada", own("ada", id, "updateInfo"), "file", "x.json", []byte("{}"), "folderName", folder); errorCode(doc) == 0 && folder != "a//b" {
			t.Errorf("folder %q is taken", folder)
		}
	}
	for _, name := range []string{"..%2f..%2fpasswd", "forms", "none.json", "%00"} {
		if code, _ := w.info("ada", id, name); code != http.StatusBadRequest && code != http.StatusNotFound {
			t.Errorf("%s: %d", name, code)
		}
	}
	w.refused(w.upload("bob", own("ada", id, "updateInfo"), "file", "x.json", []byte("{}")), 400, noItem)
	w.refused(w.call("ada", own("ada", id, "updateInfo")), 400, "'file' must be specified")
}
