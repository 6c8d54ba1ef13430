package rest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// newWorldAt is newWorld for a portal that lives by a clock.
func newWorldAt(t *testing.T, c *clock.Manual, names ...string) *world {
	t.Helper()
	w := &world{Portal: portaltest.Start(t, portaltest.WithClock(c)), t: t, tokens: map[string]string{}, passwords: map[string]string{}}
	w.tokens["admin"], w.passwords["admin"] = w.AdminToken(t), w.AdminPassword
	for _, name := range names {
		w.member(name, portaltest.RoleUser)
	}
	return w
}

// add makes a text item of a caller and returns its id. A Web Map, unless kv says otherwise.
func (w *world) add(as string, kv ...string) string {
	w.t.Helper()
	given := map[string]bool{}
	for i := 0; i < len(kv); i += 2 {
		given[kv[i]] = true
	}
	for _, def := range [][2]string{{"title", "Map"}, {"type", "Web Map"}, {"text", `{"a":1}`}} {
		if !given[def[0]] && !(def[0] == "text" && given["url"]) {
			kv = append(kv, def[0], def[1])
		}
	}
	doc := w.ok(as, "content/users/"+as+"/addItem", kv...)
	if at(doc, "success") != true {
		w.t.Fatalf("addItem %v: %v", kv, doc)
	}
	return str(doc, "id")
}

// addFile makes a file item of a caller.
func (w *world) addFile(as, name, content string, kv ...string) string {
	w.t.Helper()
	doc := w.upload(as, "content/users/"+as+"/addItem", "file", name, []byte(content), kv...)
	if at(doc, "success") != true {
		w.t.Fatalf("addItem %s %v: %v", name, kv, doc)
	}
	return str(doc, "id")
}

// item reads an item as a caller.
func (w *world) item(as, id string) map[string]any {
	w.t.Helper()
	return w.ok(as, "content/items/"+id)
}

// own is the path of an item under its owner's content.
func own(owner, id, op string) string {
	return strings.TrimSuffix("content/users/"+owner+"/items/"+id+"/"+op, "/")
}

// createFolder makes a folder of a caller and returns its id.
func (w *world) createFolder(as, title string) string {
	w.t.Helper()
	return str(w.ok(as, "content/users/"+as+"/createFolder", "title", title), "folder", "id")
}

// join adds members to a group as its owner; managers come with a leading +.
func (w *world) join(owner, group string, names ...string) {
	w.t.Helper()
	for _, n := range names {
		param := "users"
		if m, ok := strings.CutPrefix(n, "+"); ok {
			n, param = m, "admins"
		}
		if doc := w.ok(owner, "community/groups/"+group+"/addUsers", param, n); len(each(doc, "", "notAdded")) > 0 {
			w.t.Fatalf("add %s to %s: %v", n, group, doc)
		}
	}
}

// data reads an item's data as a caller.
func (w *world) data(as, id string) (*http.Response, string) {
	w.t.Helper()
	res, b := w.fetch(as, "content/items/"+id+"/data")
	return res, string(b)
}

// part is one file of a multipart form.
type part struct {
	param, name, contentType string
	content                  []byte
}

// form posts a multipart form with any number of files.
func (w *world) form(as, path string, parts []part, kv ...string) map[string]any {
	w.t.Helper()
	var b bytes.Buffer
	mw := multipart.NewWriter(&b)
	for i := 0; i < len(kv); i += 2 {
		if err := mw.WriteField(kv[i], kv[i+1]); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, p := range parts {
		h := map[string][]string{"Content-Disposition": {`form-data; name="` + p.param + `"; filename="` + p.name + `"`}}
		if p.contentType != "" {
			h["Content-Type"] = []string{p.contentType}
		}
		f, err := mw.CreatePart(h)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := f.Write(p.content); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := mw.Close(); err != nil {
		w.t.Fatal(err)
	}
	_, body := w.send(http.MethodPost, path+"?f=json&token="+w.tokens[as], mw.FormDataContentType(), &b)
	var doc map[string]any
	if err := json.Unmarshal(body, &doc); err != nil {
		w.t.Fatalf("%s: %q", path, body)
	}
	return doc
}

// refused checks that a document is an error with a code and a text.
func (w *world) refused(doc map[string]any, code int, text string) {
	w.t.Helper()
	b, err := json.Marshal(doc)
	if err != nil {
		w.t.Fatal(err)
	}
	if errorCode(doc) != code || !strings.Contains(string(b), text) {
		w.t.Errorf("got %s, want code %d with %q", b, code, text)
	}
}

// equal compares two values by their JSON.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	g, err1 := json.Marshal(got)
	v, err2 := json.Marshal(want)
	if err1 != nil || err2 != nil || !bytes.Equal(g, v) {
		t.Errorf("%s: got %s, want %s", what, g, v)
	}
}

const (
	noItem       = "Item does not exist or is inaccessible."
	noPermission = "You do not have permissions to access this resource or perform this operation."
	nowhere      = "0123456789abcdef0123456789abcdef"
)

// copyAll reads an answer to its end.
func copyAll(b *strings.Builder, res *http.Response) (int64, error) { return io.Copy(b, res.Body) }
