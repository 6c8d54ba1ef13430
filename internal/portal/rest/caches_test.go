package rest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// ask requests a path as a caller, whose token goes in the address or in a header.
func (w *world) ask(as, method, path string, inHeader bool, header ...string) *http.Response {
	w.t.Helper()
	address := w.URL + "/sharing/rest/" + path
	if !inHeader && as != "" {
		address += "?token=" + url.QueryEscape(w.tokens[as])
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, address, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if inHeader && as != "" {
		req.Header.Set("X-Esri-Authorization", "Bearer "+w.tokens[as])
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := w.HTTPClient().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		w.t.Fatal(err)
	}
	return res
}

// Whoever asks, and however: what is for everybody may be kept and is asked for again; of all else
// no cache keeps anything, not even that of the caller's own browser.
//
// Guard: the branch of Bytes.Public in serveBytes.
func TestCachesByCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "eve")
	group := w.newGroup("ada", "Readers")
	w.join("ada", group, "bob")
	id := w.addFile("ada", "secret.csv", "a,b\n1,2\n", "type", "CSV", "title", "cached")
	w.form("ada", own("ada", id, "addResources"), []part{{"file", "note.txt", "text/plain", []byte("x")}})
	w.form("ada", own("ada", id, "updateThumbnail"), []part{{"file", "t.png", "image/png", png(3)}})
	root := "content/items/" + id
	paths := []string{root + "/data", root + "/resources/note.txt", root + "/info/" + str(w.item("ada", id), "thumbnail")}
	for _, state := range []struct {
		share  []string
		public bool
		sees   string // callers who are answered
	}{
		{[]string{"everyone", "false", "org", "false", "groups", ""}, false, "ada admin"},
		{[]string{"everyone", "false", "org", "false", "groups", group}, false, "ada admin bob"},
		{[]string{"everyone", "false", "org", "true", "groups", group}, false, "ada admin bob eve"},
		{[]string{"everyone", "true", "org", "true", "groups", group}, true, "ada admin bob eve nobody"},
	} {
		w.ok("ada", own("ada", id, "share"), state.share...)
		for _, path := range paths {
			etag := w.ask("ada", http.MethodGet, path, true).Header.Get("ETag")
			for _, as := range []string{"ada", "admin", "bob", "eve", ""} {
				seen := strings.Contains(state.sees, as)
				if as == "" {
					seen = state.public
				}
				want := "private, no-store"
				switch {
				case !seen:
					want = "no-store" // of the refusal
				case state.public:
					want = "public, max-age=0, must-revalidate"
				}
				for _, how := range []struct {
					method   string
					inHeader bool
					header   []string
					status   int
				}{
					{"GET", true, nil, 200}, {"GET", false, nil, 200}, {"POST", true, nil, 200}, {"HEAD", false, nil, 200},
					{"GET", true, []string{"Range", "bytes=0-0"}, 206}, {"GET", true, []string{"If-None-Match", etag}, 304},
				} {
					res := w.ask(as, how.method, path, how.inHeader, how.header...)
					if got := res.Header.Get("Cache-Control"); got != want || seen && res.StatusCode != how.status {
						t.Errorf("%v: %s %s as %q %v: status %d, Cache-Control %q, want %q", state.share, how.method, path, as, how.header, res.StatusCode, got, want)
					}
				}
			}
		}
	}
}

// No method but those of the table does anything, least of all TRACE, which would send a token
// back to who reads the answer.
//
// Guard: allows.
func TestOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"info", "community/self", "generateToken", "oauth2/authorize", "content/users/admin/addItem"} {
		for _, method := range []string{"TRACE", "PUT", "PATCH", "DELETE", "PROPFIND", "DEBUG", "X"} {
			res := w.ask("admin", method, path, true)
			if res.StatusCode != http.StatusMethodNotAllowed || !strings.Contains(res.Header.Get("Allow"), "POST") || res.Header.Get("X-Esri-Authorization") != "" {
				t.Errorf("%s %s: status %d, Allow %q", method, path, res.StatusCode, res.Header.Get("Allow"))
			}
		}
	}
}
