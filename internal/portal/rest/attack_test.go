package rest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// markup is what every text of the portal under attack holds.
const markup = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`

// Every operation is asked by an administrator under a false name of the host, of a portal whose
// texts are all hostile.
//
// Guards: Server.base (addresses never come of Host or X-Forwarded-*), html/template (pages),
// allowOrigins (no credentials), and that the portal knows no cookie.
func TestEveryReadUnderAFalseHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	w.ok("ada", "community/users/ada/update", "fullname", "A"+markup, "description", markup, "tags", markup, "access", "public")
	id := w.add("ada", "title", markup, "snippet", markup, "description", markup, "tags", markup, "accessInformation", markup, "text", `{"a":"`+"<script>alert(1)"+`"}`)
	group := str(w.ok("ada", "community/createGroup", "title", markup, "description", markup, "tags", "x", "access", "public"), "group", "id")
	w.ok("admin", "portals/self/update", "name", markup, "description", markup)
	w.createFolder("ada", "x"+strings.ReplaceAll(markup, "/", ""))
	fill := func(pattern string) string {
		switch {
		case strings.Contains(pattern, "roups/{"):
			pattern = strings.Replace(pattern, "{id}", group, 1)
		case strings.Contains(pattern, "portals/{"):
			pattern = strings.Replace(pattern, "{id}", "self", 1)
		}
		for {
			before, rest, ok := strings.Cut(pattern, "{")
			if !ok {
				return pattern
			}
			name, after, _ := strings.Cut(rest, "}")
			value := id
			if strings.Contains(strings.ToLower(name), "user") {
				value = "ada"
			}
			pattern = before + value + after
		}
	}
	pages := 0
	for _, pattern := range w.Routes() {
		for _, f := range []string{"json", "html"} {
			res, body := w.falsely(t, "/"+fill(pattern)+"?f="+f+"&q=ada&token="+url.QueryEscape(w.tokens["admin"]))
			for k, v := range res.Header {
				if strings.Contains(fmt.Sprint(k, v), "evil.test") {
					t.Errorf("%s: the header %s: %v", pattern, k, v)
				}
			}
			hd := res.Header
			if hd.Get("Set-Cookie") != "" || hd.Get("Access-Control-Allow-Credentials") != "" || hd.Get("X-Content-Type-Options") != "nosniff" || hd.Get("Cache-Control") == "" && res.StatusCode != 404 {
				t.Errorf("%s: headers %v", pattern, hd)
			}
			if policy := hd.Get("Content-Security-Policy"); body != "" && (!strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "base-uri 'none'")) {
				t.Errorf("%s: Content-Security-Policy %q", pattern, policy)
			}
			if strings.Contains(body, "evil.test") {
				t.Errorf("%s: the answer holds the false host: %.300s", pattern, body)
			}
			if strings.HasPrefix(hd.Get("Content-Type"), "text/html") && hd.Get("Content-Disposition") == "" {
				pages++
				if lower := strings.ToLower(body); strings.Contains(lower, "<script>alert") || strings.Contains(lower, "<img src=x") {
					t.Errorf("%s: the page holds markup of a member: %.300s", pattern, body)
				}
			}
		}
	}
	if pages < 40 {
		t.Errorf("only %d pages were seen", pages)
	}
}

// falsely asks under the name of another host.
func (w *world) falsely(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.test"
	for _, name := range []string{"X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server"} {
		req.Header.Set(name, "evil.test")
	}
	req.Header.Set("Forwarded", "host=evil.test;proto=https")
	req.Header.Set("Origin", "https://evil.test")
	res, err := w.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// What is not for everybody is kept by no cache that others share, and documents by none at all.
//
// Guards: serveBytes and writeWhole.
func TestCachesKeepNothingPrivate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.addFile("ada", "secret.csv", "a,b\n1,2\n", "type", "CSV", "title", "private")
	paths := []string{"content/items/" + id + "/data"}
	w.form("ada", own("ada", id, "addResources"), []part{{"file", "note.txt", "text/plain", []byte("x")}})
	w.form("ada", own("ada", id, "updateThumbnail"), []part{{"file", "t.png", "image/png", png(3)}})
	paths = append(paths, "content/items/"+id+"/resources/note.txt", "content/items/"+id+"/info/"+str(w.item("ada", id), "thumbnail"))
	for _, path := range paths {
		res, body := w.fetch("ada", path)
		cache, vary := res.Header.Get("Cache-Control"), strings.Join(res.Header.Values("Vary"), ",")
		if res.Header.Get("Content-Security-Policy") == "" || cache != "private, no-store" || !strings.Contains(vary, "Authorization") {
			t.Errorf("%s: Cache-Control %q, Vary %q: %.200s", path, cache, vary, body)
		}
		if res, body := w.send(http.MethodGet, path+"?f=json", "", nil); !strings.Contains(string(body), `"error"`) || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s for a stranger: %q %.200s", path, res.Header.Get("Cache-Control"), body)
		}
	}
	for _, path := range []string{"content/items/" + id, "community/self", "content/users/ada", "search?q=private"} {
		if res, _ := w.fetch("ada", path); res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, res.Header.Get("Cache-Control"))
		}
	}
}

// Numbers that no float holds come back digit by digit, those that no integer holds are refused
// by name, and a key that comes twice decides nothing in two ways.
//
// Guards: json.RawMessage for what is kept, Request.Int and Request.JSON for what is read.
func TestNumbersAndKeysThatReadersDifferIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	const long = `{"n":12345678901234567890,"f":0.1234567890123456789,"e":1e400}`
	id := w.add("ada", "title", "numbers", "text", long, "properties", `{"n":12345678901234567890}`)
	if _, data := w.data("ada", id); data != long {
		t.Errorf("data came back as %s", data)
	}
	if _, b := w.fetch("ada", "content/items/"+id); !strings.Contains(string(b), "12345678901234567890") {
		t.Errorf("the number changed: %s", b)
	}
	for _, name := range []string{"num", "start"} {
		for _, v := range []string{"99999999999999999999", "-99999999999999999999", "1e3", "0x10", "NaN"} {
			w.fails(400, "'"+name+"'", "ada", "search", "q", "numbers", name, v)
		}
	}
	// The last of two equal keys counts, for the check and for what is done.
	w.custom("clerk", "portal:admin:viewUsers", "portal:user:createItem")
	role := str(w.ok("admin", "portals/self/createRole", "name", "twice", "description", "d"), "id")
	w.ok("admin", "portals/self/roles/"+role+"/setPrivileges", "privileges", `{"privileges":["portal:admin:deleteUsers"],"privileges":["portal:user:createItem"]}`)
	if got := fmt.Sprint(at(w.ok("admin", "portals/self/roles/"+role+"/privileges"), "privileges")); strings.Contains(got, "deleteUsers") || !strings.Contains(got, "createItem") {
		t.Errorf("the role holds %s", got)
	}
	w.fails(403, "", "clerk", "portals/self/roles/"+role+"/setPrivileges", "privileges", `{"privileges":[],"privileges":["portal:admin:deleteUsers"]}`)
}

// No account is made whose name looks like that of another one.
//
// Guard: checkUsername.
func TestNamesThatLookAlikeAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	for _, name := range []string{
		"\u0430dmin", "adm\u0131n", "ADM\u0130N", "\uff41dmin", "admin\u200b", "\u202enimda", "admi\u0301n", "admin\u00a0", "ad min", "admin\x00", "admin,bob", "admin\r\n", "\u212adm", "..", "ada/../admin",
	} {
		doc := w.call("admin", "portals/self/invite", "invitationList",
			`{"invitations":[{"username":`+quoted(name)+`,"password":"Long-enough-1","firstname":"A","lastname":"B","fullname":"A B","email":"a@example.com","role":"org_user"}]}`)
		if found := num(w.ok("admin", "community/users", "q", "email:a@example.com"), "total"); found != 0 {
			t.Errorf("%q was made: %v", name, doc)
		}
	}
	defer func() {
		w.call("admin", "portals/self/invite", "invitationList",
			`{"invitations":[{"username":"zoe","password":"Long-enough-1","firstname":"A","lastname":"B","fullname":"A B","email":"a@example.com","role":"org_user"}]}`)
		if found := num(w.ok("admin", "community/users", "q", "email:a@example.com"), "total"); found != 1 {
			t.Errorf("a good name was refused too: %d", found)
		}
	}()
	for _, name := range []string{"ADA", "Admin", " ada"} {
		w.call("admin", "portals/self/invite", "invitationList",
			`{"invitations":[{"username":`+quoted(name)+`,"password":"Long-enough-1","firstname":"A","lastname":"B","fullname":"A B","email":"a@example.com","role":"org_user"}]}`)
		if found := num(w.ok("admin", "community/users", "q", "email:a@example.com"), "total"); found != 0 {
			t.Errorf("%q was made beside its namesake", name)
		}
	}
}

func quoted(s string) string { return strings.ReplaceAll(fmt.Sprintf("%+q", s), `\x00`, `\u0000`) }
