package rest_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"
)

func (w *world) addText(as, id, name, text string, kv ...string) map[string]any {
	w.t.Helper()
	return w.call(as, own(as, id, "addResources"), append([]string{"fileName", name, "text", text}, kv...)...)
}

func (w *world) resource(as, id, name string) (int, string) {
	w.t.Helper()
	res, b := w.fetch(as, "content/items/"+id+"/resources/"+name)
	return res.StatusCode, string(b)
}

func (w *world) resourceNames(as, id string) []string {
	w.t.Helper()
	return each(w.ok(as, "content/items/"+id+"/resources", "num", "1000", "sortField", "resource"), "resource", "resources")
}

func TestLifeOfResources(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.add("ada", "type", "StoryMap")
	doc := w.upload("ada", own("ada", id, "addResources"), "file", "ignored.png", png(20), "resourcesPrefix", "/images/top/", "fileName", "banner.png", "access", "inherit")
	equal(t, "add", doc, map[string]any{"success": true, "itemId": id, "owner": "ada", "folder": nil})
	w.addText("ada", id, "config.json", `{"zoom":7}`)
	w.form("ada", own("ada", id, "addResources"), []part{{"file", "a.txt", "", []byte("a")}, {"file", "Über.txt", "", []byte("b")}})
	equal(t, "names", w.resourceNames("ada", id), []string{"a.txt", "config.json", "images/top/banner.png", "Über.txt"})
	list := w.ok("ada", "content/items/"+id+"/resources", "sortField", "size", "sortOrder", "desc", "num", "2")
	equal(t, "page", []any{each(list, "resource", "resources"), num(list, "total"), num(list, "start"), num(list, "num"), num(list, "nextStart"), num(list, "resources", 0, "size")},
		[]any{[]string{"images/top/banner.png", "config.json"}, 4, 1, 2, 3, 28})
	equal(t, "size of the item", num(w.item("ada", id), "size"), 7+28+10+2)
	code, body := w.resource("ada", id, "images/top/banner.png")
	equal(t, "bytes", []any{code, body}, []any{200, string(png(20))})
	code, body = w.resource("ada", id, "%C3%9Cber.txt")
	equal(t, "unicode", []any{code, body}, []any{200, "b"})
	if code, body = w.resource("ada", id, "none.txt"); code != http.StatusNotFound || !strings.Contains(body, "Resource does not exist or is inaccessible.") {
		t.Errorf("missing: %d %s", code, body)
	}

	w.refused(w.addText("ada", id, "config.json", "2"), 409, "already exists")
	w.refused(w.call("ada", own("ada", id, "updateResources"), "fileName", "other.json", "text", "2"), 404, "Resource does not exist or is inaccessible.")
	equal(t, "update", at(w.ok("ada", own("ada", id, "updateResources"), "fileName", "config.json", "text", "[2]"), "success"), true)
	_, body = w.resource("ada", id, "config.json")
	equal(t, "updated", body, "[2]")

	remove := own("ada", id, "removeResources")
	w.fails(400, "'resource' must be specified", "ada", remove, "resource", "", "deleteAll", "false")
	w.fails(404, "Resource does not exist", "ada", remove, "resource", "none.txt", "deleteAll", "False")
	equal(t, "remove", w.ok("ada", remove, "resource", "a.txt", "deleteAll", "false"), map[string]any{"success": true})
	w.ok("ada", remove, "resource", "", "deleteAll", "true")
	equal(t, "names", w.resourceNames("ada", id), []string{})
	w.ok("ada", remove, "deleteAll", "true")
	w.fails(400, noItem, "bob", remove, "deleteAll", "true")
	w.fails(499, "Token Required", "", remove, "deleteAll", "true")
}

func TestBadResourcesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.add("ada")
	for _, name := range []string{"../escape.txt", "a/../../b.txt", "a//b.txt", "./a.txt", `a\b.txt`, "a\x00b.txt", "a\nb.txt", "..", "a/ b.txt", strings.Repeat("x", 600) + ".txt"} {
		w.refused(w.addText("ada", id, name, "x"), 400, "fileName")
		if name != ".." {
			w.refused(w.addText("ada", id, "ok.txt", "x", "resourcesPrefix", "p/"+name), 400, "resourcesPrefix")
		}
	}
	for _, name := range []string{"run.exe", "page.html", "noextension", "a.png/b", "script.js"} {
		w.refused(w.addText("ada", id, name, "x"), 400, "File type not allowed for addResources")
	}
	w.refused(w.addText("ada", id, "", "x"), 400, "'fileName' must be specified")
	w.refused(w.addText("ada", id, "a.txt", "x", "access", "everybody"), 400, "'access'")
	w.refused(w.call("ada", own("ada", id, "addResources")), 400, "'file' must be specified")
	w.refused(w.form("ada", own("ada", id, "addResources"), []part{{"file", "a.txt", "", nil}, {"file", "a.txt", "", nil}}), 400, "two files")
	w.refused(w.form("ada", own("ada", id, "addResources"), []part{{"file", "a.txt", "", nil}, {"file", "b.txt", "", nil}}, "fileName", "c.txt"), 400, "'fileName'")
	var many []part
	for i := range 51 {
		many = append(many, part{"file", fmt.Sprintf("f%d.txt", i), "", []byte("x")})
	}
	w.refused(w.form("ada", own("ada", id, "addResources"), many), 400, "50 files")
	w.addText("ada", id, "taken.txt", "x")
	w.refused(w.form("ada", own("ada", id, "addResources"), []part{{"file", "new.txt", "", nil}, {"file", "taken.txt", "", nil}}), 409, "already exists")
	equal(t, "all or nothing", w.resourceNames("ada", id), []string{"taken.txt"})
	w.fails(400, "'sortField'", "ada", "content/items/"+id+"/resources", "sortField", "color")
}

func TestPrivateResources(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "carl")
	id := w.add("ada")
	w.addText("ada", id, "open.txt", "open")
	w.addText("ada", id, "secret.txt", "secret", "access", "private")
	g := w.newGroup("ada", "Editors", "access", "org", "capabilities", "")
	editors := w.newGroup("admin", "Update", "capabilities", "updateitemcontrol")
	w.join("admin", editors, "+ada", "carl")
	w.join("ada", g, "bob")
	w.ok("ada", own("ada", id, "share"), "everyone", "true", "groups", g+","+editors, "confirmItemControl", "true")
	for _, c := range []struct {
		who  string
		sees bool
	}{{"", false}, {"bob", false}, {"carl", true}, {"ada", true}, {"admin", true}} {
		code, body := w.resource(c.who, id, "secret.txt")
		names, total := w.resourceNames(c.who, id), num(w.ok(c.who, "content/items/"+id+"/resources"), "total")
		if c.sees != (code == 200 && body == "secret") || c.sees != (len(names) == 2) || total != len(names) {
			t.Errorf("%q: %d %q, listed %v of %d", c.who, code, body, names, total)
		}
		if code, body := w.resource(c.who, id, "open.txt"); code != 200 || body != "open" {
			t.Errorf("%q: open.txt: %d", c.who, code)
		}
	}
	res, _ := w.fetch("", "content/items/"+id+"/resources/open.txt")
	equal(t, "open cache", res.Header.Get("Cache-Control"), "public, max-age=0, must-revalidate")
	res, _ = w.fetch("ada", "content/items/"+id+"/resources/secret.txt")
	equal(t, "private cache", res.Header.Get("Cache-Control"), "private, no-store")
	w.ok("ada", own("ada", id, "updateResources"), "fileName", "secret.txt", "text", "more")
	if code, _ := w.resource("", id, "secret.txt"); code != http.StatusNotFound {
		t.Error("an update without access opened a private resource")
	}
	w.ok("ada", own("ada", id, "updateResources"), "fileName", "secret.txt", "text", "told", "access", "inherit")
	if code, body := w.resource("", id, "secret.txt"); code != 200 || body != "told" {
		t.Errorf("opened: %d %q", code, body)
	}
}

func TestExportOfResources(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.add("ada")
	w.ok("ada", own("ada", id, "share"), "org", "true")
	w.addText("ada", id, "a/b/one.json", "[1]")
	w.upload("ada", own("ada", id, "addResources"), "file", "pic.png", png(100_000), "access", "private")
	res, body := w.fetch("ada", own("ada", id, "resources/export")+"?f=zip")
	equal(t, "headers", []string{res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition")},
		[]string{"application/zip", `attachment; filename="` + id + `_resources.zip"`})
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, f := range z.File {
		b, err := fs.ReadFile(z, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		got[f.Name] = len(b)
	}
	equal(t, "archive", got, map[string]int{"a/b/one.json": 3, "pic.png": 100_008})
	_, body = w.fetch("bob", own("ada", id, "resources/export"))
	if !strings.Contains(string(body), noPermission) {
		t.Errorf("a reader exports private resources: %.100q", body)
	}
}

func TestArchivesAreUnpackedWithCare(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.add("ada")
	unpack := func(archive string) map[string]any {
		t.Helper()
		return w.upload("ada", own("ada", id, "addResources"), "file", "a.zip", []byte(archive), "archive", "true", "resourcesPrefix", "p")
	}
	link := func() string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: "link.txt"}
		h.SetMode(fs.ModeSymlink | 0o777)
		f, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("/etc/passwd")); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	bomb := func() string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		f, err := z.Create("zeros.txt")
		if err != nil {
			t.Fatal(err)
		}
		chunk := make([]byte, 1<<20)
		for range 51 {
			if _, err := f.Write(chunk); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	var many []string
	for i := range 51 {
		many = append(many, fmt.Sprintf("%d.txt", i))
	}
	good := zipped(t, "a.txt", "dir/b.json")
	torn := []byte(good)
	torn[35] ^= 0xff // inside the first file
	lying := []byte(good)
	end := bytes.LastIndex(lying, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint16(lying[end+8:], 0xffff)
	binary.LittleEndian.PutUint16(lying[end+10:], 0xffff)
	for name, c := range map[string]struct{ archive, text string }{
		"no archive":       {"hello", "cannot be read as a zip archive"},
		"empty":            {"", "cannot be read as a zip archive"},
		"cut off":          {good[:len(good)-30], "cannot be read as a zip archive"},
		"no files":         {zipped(t, "dir/"), "archive without files"},
		"parent":           {zipped(t, "../evil.txt"), "must not hold"},
		"inner parent":     {zipped(t, "a/../../evil.txt"), "must not hold"},
		"backslash":        {zipped(t, `..\evil.txt`), "backslashes"},
		"link":             {link(), "no regular file"},
		"too many":         {zipped(t, many...), "50 files"},
		"too large":        {bomb(), "too large when unpacked"},
		"forbidden type":   {zipped(t, "a.txt", "b.exe"), "File type not allowed"},
		"twice":            {zipped(t, "a.txt", "a.txt"), "two files"},
		"torn":             {string(torn), "cannot be unpacked"},
		"endless contents": {string(lying), "cannot be read as a zip archive"},
	} {
		doc := unpack(c.archive)
		if errorCode(doc) != 400 || !strings.Contains(fmt.Sprint(doc), c.text) {
			t.Errorf("%s: got %v, want %q", name, doc, c.text)
		}
	}
	equal(t, "nothing was stored", w.resourceNames("ada", id), []string{})
	equal(t, "unpacked", at(unpack(good), "success"), true)
	equal(t, "names", w.resourceNames("ada", id), []string{"p/a.txt", "p/dir/b.json"})
	_, body := w.resource("ada", id, "p/dir/b.json")
	equal(t, "content", body, "dir/b.json")
	w.refused(w.call("ada", own("ada", id, "addResources"), "text", "x", "fileName", "a.txt", "archive", "true"), 400, "'archive'")
}
