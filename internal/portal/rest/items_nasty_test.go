package rest_test

import (
	"strings"
	"testing"
)

// nasty are texts that one layer or another could stumble over.
var nasty = []string{
	`'; DROP TABLE items; --`, `" OR "1"="1`, `\`, `%s %d %n`, "a\x00b", "tab\tline\nfeed\r\n", "\u202eright to left", "👩‍🚀🏳️‍🌈", "İstanbul ǅ ß", "<script>alert(1)</script>",
	`{"json": true}`, `../../etc/passwd`, "null", "true", "0", "\ufeffbom", "\ufffd", strings.Repeat("ä", 1000), "*", "?", "a:b", "-x", "(", "AND",
}

func TestNastyTextsComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	for _, s := range nasty {
		id := w.add("ada", "title", s, "snippet", s, "description", s, "accessInformation", s, "documentation", s, "text", s)
		it := w.item("ada", id)
		for _, name := range []string{"snippet", "description", "accessInformation", "documentation"} {
			equal(t, name, it[name], s)
		}
		equal(t, "title", it["title"], strings.TrimSpace(s))
		_, data := w.data("ada", id)
		equal(t, "data", data, s)
		if folder := strings.TrimSpace(s); len([]rune(folder)) <= 250 {
			fid := w.createFolder("ada", folder)
			equal(t, "folder", str(w.ok("ada", "content/users/ada/"+fid), "currentFolder", "title"), folder)
		}
		equal(t, "searched", errorCode(w.call("ada", "search", "q", s)) != 500, true)
	}
	equal(t, "all are listed", num(w.ok("ada", "content/users/ada"), "total"), len(nasty))
}

func TestNastyPathsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.add("ada")
	for _, bad := range []string{"xyz", strings.Repeat("g", 32), strings.Repeat("a", 33), "%27", "..%2f..", "null", strings.Repeat("0", 5000)} {
		for _, path := range []string{"content/items/" + bad, own("ada", bad, "update"), own("ada", bad, "delete"), "content/items/" + bad + "/resources"} {
			w.fails(400, noItem, "ada", path)
		}
		if doc := w.call("ada", "content/users/ada/"+bad); errorCode(doc) == 0 || errorCode(doc) == 500 {
			t.Errorf("folder %.40s: %v", bad, doc)
		}
		if doc := w.call("ada", "content/groups/"+bad); errorCode(doc) != 400 {
			t.Errorf("group %.40s: %v", bad, doc)
		}
		if doc := w.call("ada", "content/users/"+bad); errorCode(doc) != 400 {
			t.Errorf("user %.40s: %v", bad, doc)
		}
	}
	for _, name := range []string{"a#b?c%20.png", "über+ .png", "x.png/", "..png"} {
		if doc := w.form("ada", own("ada", id, "updateThumbnail"), []part{{"file", name, "image/png", png(3)}}); at(doc, "success") != true {
			t.Errorf("thumbnail %s: %v", name, doc)
			continue
		}
		thumb := str(w.item("ada", id), "thumbnail")
		if code, _ := w.info("ada", id, thumb); code != 200 || strings.ContainsAny(thumb, "#?%+") {
			t.Errorf("thumbnail %s as %s: %d", name, thumb, code)
		}
	}
}

// Readers give up on JSON that nests very deep, and with it on every list that shows it.
func TestDeepJSONIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	nested := func(levels int) string {
		return `{"a\"[":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `}`
	}
	id := w.add("ada", "title", "deep", "text", "{}", "properties", nested(99))
	w.fails(400, "'properties'", "ada", "content/users/ada/items/"+id+"/update", "properties", nested(100))
	w.fails(400, "'advancedSettings'", "ada", "content/users/ada/items/"+id+"/update", "advancedSettings", nested(9000))
	w.fails(400, "'properties'", "ada", "community/users/ada/setProperties", "properties", nested(9000))
	w.fails(400, "'displaySettings'", "ada", "community/createGroup", "title", "g", "displaySettings", nested(9000))
}
