package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
)

func TestModifiedMovesWithUpdatesOnly(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	w := newWorldAt(t, c, "ada")
	id := w.add("ada")
	g := w.newGroup("ada", "G", "access", "org")
	folder := w.createFolder("ada", "F")
	made := num(w.item("ada", id), "modified")
	equal(t, "created", num(w.item("ada", id), "created"), made)
	c.Advance(time.Minute)
	for _, call := range [][]string{
		{own("ada", id, "protect")}, {own("ada", id, "unprotect")}, {own("ada", id, "share"), "everyone", "true", "groups", g},
		{own("ada", id, "move"), "folder", folder}, {"content/items/" + id}, {own("ada", id, "unshare"), "groups", g},
	} {
		w.ok("ada", call[0], call[1:]...)
		equal(t, "modified after "+call[0], num(w.item("ada", id), "modified"), made)
	}
	for _, op := range []func() map[string]any{
		func() map[string]any { return w.call("ada", own("ada", id, "update"), "snippet", "s") },
		func() map[string]any { return w.upload("ada", own("ada", id, "update"), "thumbnail", "a.png", png(9)) },
		func() map[string]any { return w.call("ada", own("ada", id, "deleteThumbnail")) },
		func() map[string]any {
			return w.upload("ada", own("ada", id, "updateInfo"), "file", "a.json", []byte("{}"))
		},
	} {
		c.Advance(time.Minute)
		if doc := op(); at(doc, "success") != true {
			t.Fatal(doc)
		}
		now := num(w.item("ada", id), "modified")
		if now != int(c.Now().UnixMilli()) {
			t.Errorf("modified %d, want %d", now, c.Now().UnixMilli())
		}
	}
	equal(t, "created stays", num(w.item("ada", id), "created"), made)
}

func TestViewsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.add("ada")
	w.ok("ada", own("ada", id, "share"), "everyone", "true")
	for i := range 5 {
		equal(t, "numViews", num(w.item([]string{"ada", "bob", ""}[i%3], id), "numViews"), i)
	}
	w.ok("ada", "content/users/ada")
	w.ok("ada", "search", "q", "id:"+id)
	w.ok("ada", own("ada", id, ""))
	w.fails(400, noItem, "bob", "content/items/"+w.add("ada"))
	equal(t, "listing and searching are no views", num(w.item("ada", id), "numViews"), 5)
}

func TestUpdateChangesWhatIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.add("ada", "title", "Old", "snippet", "stays", "description", "goes", "tags", "a,b")
	doc := w.ok("ada", own("ADA", strings.ToUpper(id), "update"), "title", "New", "tags", "c")
	equal(t, "answer", doc, map[string]any{"success": true, "id": id})
	it := w.item("ada", id)
	equal(t, "item", []any{it["title"], it["snippet"], it["description"], it["tags"]}, []any{"New", "stays", "goes", []string{"c"}})

	w.fails(400, "'type' cannot change", "ada", own("ada", id, "update"), "type", "Dashboard")
	w.ok("ada", own("ada", id, "update"), "type", "WEB MAP", "title", "Same type")
	w.fails(400, "'clearEmptyFields'", "ada", own("ada", id, "update"), "title", "x", "clearEmptyFields", "perhaps")
	w.fails(400, "'snippet'", "ada", own("ada", id, "update"), "title", "x", "snippet", strings.Repeat("x", 2049))
	equal(t, "a refused update changes nothing", w.item("ada", id)["title"], "Same type")
	w.fails(403, "portal:admin:updateItems", "ada", own("ada", id, "update"), "contentStatus", "deprecated")
	w.ok("admin", own("ada", id, "update"), "contentStatus", "deprecated")
	w.ok("ada", own("ada", id, "update"), "contentStatus", "deprecated", "snippet", "sent back as read")
	equal(t, "contentStatus", w.item("ada", id)["contentStatus"], "deprecated")
	w.fails(400, "Folder does not exist", "ada", "content/users/ada/"+nowhere+"/items/"+id+"/update", "title", "x")
	w.fails(400, noItem, "admin", own("admin", id, "update"), "title", "x")
	w.fails(400, noItem, "ada", own("ada", "xyz", "update"), "title", "x")
	w.fails(400, noItem, "ada", own("ada", nowhere, "update"), "title", "x")
}

func TestDataChangesItsKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.addFile("ada", "notes.ipynb", `{"cells":[]}`, "title", "N", "type", "Notebook")
	res, data := w.data("ada", id)
	equal(t, "file", []string{data, res.Header.Get("Content-Disposition")}, []string{`{"cells":[]}`, `inline; filename="notes.ipynb"`})
	w.ok("ada", own("ada", id, "update"), "text", "plain text")
	res, data = w.data("ada", id)
	equal(t, "text", []any{data, res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition"), w.item("ada", id)["name"]},
		[]any{"plain text", "text/plain; charset=utf-8", "", nil})
	w.upload("ada", own("ada", id, "update"), "file", "b.ipynb", []byte("{}"))
	equal(t, "file again", []any{w.item("ada", id)["name"], w.item("ada", id)["size"]}, []any{"b.ipynb", 2})

	service := w.add("ada", "type", "Feature Service", "url", "https://example.com/arcgis/rest/services/S/FeatureServer")
	res, data = w.data("ada", service)
	equal(t, "no data", []any{res.StatusCode, data, w.item("ada", service)["size"]}, []any{200, "", -1})
	w.ok("ada", own("ada", service, "update"), "text", `{"layers":[]}`)
	_, data = w.data("ada", service)
	equal(t, "overrides", data, `{"layers":[]}`)
}

func TestDataIsServedAsAFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	content := strings.Repeat("0123456789", 10_000)
	id := w.addFile("ada", "Überblick \"1\".csv", content, "title", "N", "type", "CSV")
	get := func(header ...string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/sharing/rest/content/items/"+id+"/data?token="+w.tokens["ada"], nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := w.HTTPClient().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var b strings.Builder
		if _, err := copyAll(&b, res); err != nil {
			t.Fatal(err)
		}
		return res, b.String()
	}
	res, body := get("Range", "bytes=99995-")
	equal(t, "range", []any{res.StatusCode, body, res.Header.Get("Content-Range")}, []any{206, "56789", "bytes 99995-99999/100000"})
	equal(t, "headers", []string{res.Header.Get("X-Content-Type-Options"), res.Header.Get("Cache-Control")}, []string{"nosniff", "private, no-store"})
	if res, _ = get("Range", "bytes=200000-"); res.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("beyond the end: %s", res.Status)
	}
	res, body = get()
	if body != content || res.Header.Get("ETag") == "" {
		t.Errorf("%d bytes, ETag %q", len(body), res.Header.Get("ETag"))
	}
	if again, _ := get("If-None-Match", res.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged: %s", again.Status)
	}
	if _, hidden := w.data("bob", id); !strings.Contains(hidden, noItem) {
		t.Errorf("hidden data: %q", hidden)
	}
	html := w.addFile("ada", "x.html", "<script>alert(1)</script>", "title", "H", "type", "Code Sample")
	res, _ = w.data("ada", html)
	if d := res.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
		t.Errorf("active content is shown: %q", d)
	}
}

// TestWhoMayWrite asks for each write as every kind of caller, on an item that all members see.
func TestWhoMayWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "carl", "viewer")
	w.custom("editor", "portal:user:viewOrgItems", "portal:admin:updateItems")
	w.custom("remover", "portal:user:viewOrgItems", "portal:admin:deleteItems")
	w.custom("blind", "portal:admin:updateItems", "portal:admin:deleteItems")
	g := w.newGroup("admin", "Editors", "access", "org", "capabilities", "updateitemcontrol")
	w.join("admin", g, "+ada", "carl")
	calls := []struct {
		op  string
		kv  []string
		may string
	}{
		{"update", []string{"snippet", "s"}, "ada admin editor carl"},
		{"protect", nil, "ada admin editor"},
		{"unprotect", nil, "ada admin editor"},
		{"move", []string{"folder", "/"}, "ada admin editor"},
		{"share", []string{"org", "true"}, "ada admin"},
		{"reassign", []string{"targetUsername", "bob"}, "ada admin"},
		{"deleteThumbnail", nil, "ada admin editor carl"},
		{"addResources", []string{"text", "x", "fileName", "%s.txt"}, "ada admin editor carl"},
		{"parts", nil, "ada admin editor carl"},
		{"status", nil, "ada admin editor carl"},
		{"canDelete", nil, "ada admin remover"},
		{"delete", nil, "ada admin remover"},
	}
	for _, c := range calls {
		for _, who := range []string{"", "ada", "admin", "bob", "carl", "viewer", "editor", "remover", "blind"} {
			id := w.add("ada")
			if left := w.ok("ada", own("ada", id, "share"), "org", "true", "groups", g, "confirmItemControl", "true"); len(each(left, "", "notSharedWith")) > 0 {
				t.Fatal(left)
			}
			kv := append([]string(nil), c.kv...)
			for i := range kv {
				kv[i] = strings.ReplaceAll(kv[i], "%s", "by"+who)
			}
			path := own("ada", id, c.op)
			switch {
			case who == "":
				w.fails(499, "Token Required", who, path, kv...)
			case who == "blind": // holds no privilege to see it
				w.fails(400, noItem, who, path, kv...)
			case strings.Contains(" "+c.may+" ", " "+who+" "):
				w.ok(who, path, kv...)
			default:
				w.fails(403, noPermission, who, path, kv...)
			}
		}
	}
	id := w.add("ada")
	for _, c := range calls {
		for _, who := range []string{"bob", "carl", "viewer", "editor"} {
			w.fails(400, noItem, who, own("ada", id, c.op), c.kv...)
		}
	}
}
