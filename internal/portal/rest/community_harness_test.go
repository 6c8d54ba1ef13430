package rest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// world is a portal with a cast: the administrator and members by name, and their tokens.
type world struct {
	*portaltest.Portal
	t         *testing.T
	tokens    map[string]string // by name; "" is anonymous
	passwords map[string]string
}

// newWorld starts a portal with the administrator "admin" and one member per name: those that
// begin with "viewer", "publisher" or "admin" have these roles, the others are users.
func newWorld(t *testing.T, names ...string) *world {
	t.Helper()
	return inhabited(t, portaltest.Start(t), names...)
}

// inhabited is newWorld on a portal that was started with options.
func inhabited(t *testing.T, p *portaltest.Portal, names ...string) *world {
	t.Helper()
	w := &world{Portal: p, t: t, tokens: map[string]string{}, passwords: map[string]string{}}
	w.tokens["admin"], w.passwords["admin"] = w.AdminToken(t), w.AdminPassword
	for _, name := range names {
		role := portaltest.RoleUser
		for prefix, r := range map[string]string{"viewer": portaltest.RoleViewer, "publisher": portaltest.RolePublisher, "admin": portaltest.RoleAdmin} {
			if strings.HasPrefix(name, prefix) {
				role = r
			}
		}
		w.member(name, role)
	}
	return w
}

// member adds a member with a role and signs it in.
func (w *world) member(name, role string) {
	w.t.Helper()
	m := w.CreateMember(w.t, name, role)
	w.passwords[name] = m.Password
	w.tokens[name] = w.Token(w.t, m.Username, m.Password)
}

// custom adds a member who holds a custom role with exactly these privileges.
func (w *world) custom(name string, privileges ...string) {
	w.t.Helper()
	id := str(w.ok("admin", "portals/self/createRole", "name", "role of "+name, "description", "d"), "id")
	b, err := json.Marshal(map[string]any{"privileges": privileges})
	if err != nil {
		w.t.Fatal(err)
	}
	w.ok("admin", "portals/self/roles/"+id+"/setPrivileges", "privileges", string(b))
	w.member(name, id)
}

// call posts as a caller to a path below sharing/rest, or below the portal for portaladmin.
func (w *world) call(as, path string, kv ...string) map[string]any {
	w.t.Helper()
	token, known := w.tokens[as]
	if as != "" && !known {
		w.t.Fatalf("no member %q", as)
	}
	form := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		form.Add(kv[i], kv[i+1])
	}
	if !strings.HasPrefix(path, "portaladmin") {
		path = "sharing/rest/" + path
	}
	return w.Call(w.t, token, path, form)
}

// ok is call for one that must succeed.
func (w *world) ok(as, path string, kv ...string) map[string]any {
	w.t.Helper()
	doc := w.call(as, path, kv...)
	if code := errorCode(doc); code != 0 {
		w.t.Fatalf("%s as %q %v: %v", path, as, kv, doc["error"])
	}
	return doc
}

// fails is call for one that must be refused with a code; text is part of message or details.
func (w *world) fails(code int, text, as, path string, kv ...string) {
	w.t.Helper()
	doc := w.call(as, path, kv...)
	b, err := json.Marshal(doc)
	if err != nil {
		w.t.Fatal(err)
	}
	if errorCode(doc) != code || !strings.Contains(string(b), text) {
		w.t.Errorf("%s as %q %v: got %s, want code %d with %q", path, as, kv, b, code, text)
	}
}

// errorCode is the code of an error envelope, 0 for any other document.
func errorCode(doc map[string]any) int {
	e, ok := doc["error"].(map[string]any)
	if !ok {
		return 0
	}
	code, _ := e["code"].(float64)
	return int(code)
}

// at walks into a document by keys and list indexes.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func str(v any, path ...any) string { s, _ := at(v, path...).(string); return s }
func num(v any, path ...any) int    { f, _ := at(v, path...).(float64); return int(f) }

// each collects one string per row of a list.
func each(v any, key string, path ...any) []string {
	rows, _ := at(v, path...).([]any)
	out := []string{}
	for _, r := range rows {
		if key == "" {
			s, _ := r.(string)
			out = append(out, s)
			continue
		}
		out = append(out, str(r, key))
	}
	return out
}

// upload posts a multipart form with one file.
func (w *world) upload(as, path, param, name string, content []byte, kv ...string) map[string]any {
	w.t.Helper()
	var b bytes.Buffer
	mw := multipart.NewWriter(&b)
	fields := append([]string{"f", "json", "token", w.tokens[as]}, kv...)
	for i := 0; i < len(fields); i += 2 {
		if err := mw.WriteField(fields[i], fields[i+1]); err != nil {
			w.t.Fatal(err)
		}
	}
	f, err := mw.CreateFormFile(param, name)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := f.Write(content); err != nil {
		w.t.Fatal(err)
	}
	if err := mw.Close(); err != nil {
		w.t.Fatal(err)
	}
	_, body := w.send(http.MethodPost, path, mw.FormDataContentType(), &b)
	var doc map[string]any
	if err := json.Unmarshal(body, &doc); err != nil {
		w.t.Fatalf("%s: %q", path, body)
	}
	return doc
}

// send makes one request below sharing/rest.
func (w *world) send(method, path, contentType string, body io.Reader) (*http.Response, []byte) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.URL+"/sharing/rest/"+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := w.HTTPClient().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res, b
}

// fetch gets a path as a caller.
func (w *world) fetch(as, path string) (*http.Response, []byte) {
	w.t.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return w.send(http.MethodGet, path+sep+"f=json&token="+url.QueryEscape(w.tokens[as]), "", nil)
}

// png is the smallest beginning of a picture that the portal accepts, with some bytes more.
func png(size int) []byte {
	return append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{7}, size)...)
}
