package gis_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
)

// Answers of a portal that accepts a request of the given kind, as documented.
const (
	success  = `{"success":true}`
	conflict = `{"error":{"code":409,"message":"Item 'a' already exists.","details":[]}}`
	badToken = `{"error":{"code":498,"message":"Invalid token.","details":[]}}`
	// self describes ArcGIS Enterprise to its administrator ada.
	self = `{"id":"0123456789ABCDEF","name":"Acme","portalName":"ArcGIS Enterprise","portalMode":"singletenant","isPortal":true,
		"currentVersion":"10.3","user":{"username":"ada","fullName":"Ada Lovelace","email":"ada@example.com","role":"org_admin"}}`
)

// request is what the fake portal saw.
type request struct {
	op     string // method and path below the REST root, or below the portal for portaladmin
	form   url.Values
	files  map[string]string // field to "name: content"
	header http.Header
	query  url.Values
}

// fake is a portal that gives canned answers. It lives on a path of its own, so that an
// address which is put together wrongly fails.
type fake struct {
	t       *testing.T
	url     string
	mu      sync.Mutex
	answers map[string][]string // op to answers in turn, the last again and again
	seen    []request
	tokens  int
}

const fakeRoot = "/deep/portal"

func newFake(t *testing.T, answers map[string]string) *fake {
	t.Helper()
	f := &fake{t: t, answers: map[string][]string{"GET portals/self": {self}}}
	for op, a := range answers {
		f.answers[op] = []string{a}
	}
	srv := httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(srv.Close)
	f.url = srv.URL + fakeRoot
	return f
}

// first puts answers before those that op gives otherwise.
func (f *fake) first(op string, answers ...string) { f.answers[op] = append(answers, f.answers[op]...) }

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	path, inside := strings.CutPrefix(r.URL.EscapedPath(), fakeRoot+"/")
	if !inside {
		f.t.Errorf("request outside the portal: %s", r.URL)
	}
	if rest, ok := strings.CutPrefix(path, "sharing/rest/"); ok {
		path = rest
	}
	req := request{op: r.Method + " " + path, header: r.Header, query: r.URL.Query(), files: map[string]string{}}
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		f.t.Errorf("%s: %v", req.op, err)
	}
	req.form = r.Form
	if r.MultipartForm != nil {
		for field, parts := range r.MultipartForm.File {
			part, err := parts[0].Open()
			if err != nil {
				f.t.Error(err)
				continue
			}
			b, _ := io.ReadAll(part)
			req.files[field] = parts[0].Filename + ": " + string(b)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, req)
	if path == "generateToken" {
		f.tokens++
		fmt.Fprintf(w, `{"token":"example-token-%d","expires":%d,"ssl":true}`, f.tokens, 1<<50)
		return
	}
	answers := f.answers[req.op]
	if len(answers) == 0 {
		fmt.Fprintf(w, `{"error":{"code":400,"messageCode":"TEST","message":"no answer to %s","details":[]}}`, req.op)
		return
	}
	if len(answers) > 1 {
		f.answers[req.op] = answers[1:]
	}
	fmt.Fprint(w, answers[0])
}

// of answers the requests of one operation.
func (f *fake) of(op string) []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []request
	for _, r := range f.seen {
		if r.op == op {
			out = append(out, r)
		}
	}
	return out
}

func (f *fake) connect(opts ...gis.Option) *gis.Portal {
	f.t.Helper()
	p, err := gis.New(f.url, auth.Password("ada", "difference-engine"), opts...)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(p.Close)
	return p
}

// setup is a signed-in connection to a fake portal.
func setup(t *testing.T, answers map[string]string) (*gis.Portal, *fake) {
	t.Helper()
	f := newFake(t, answers)
	return f.connect(), f
}

// call is one method against one operation. Each is also made with an error in an answer of
// status 200, with a token that the portal rejects once, and with a context that has ended.
type call struct {
	name    string
	do      func(ctx context.Context, p *gis.Portal) error
	op      string
	want    string            // parameters that must be sent, in the form of a query
	not     string            // names of parameters that must not be sent, with commas
	answer  string            // of op
	answers map[string]string // of other operations
	file    string            // "field: name: content" that must be sent
}

func runCalls(t *testing.T, calls []call) {
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			answers := map[string]string{c.op: c.answer}
			for op, a := range c.answers {
				answers[op] = a
			}
			t.Run("happy", func(t *testing.T) { c.happy(t, answers) })
			t.Run("200 with an error", func(t *testing.T) {
				p, f := setup(t, answers)
				f.first(c.op, conflict)
				err := c.do(t.Context(), p)
				isKind(t, err, gis.ErrConflict)
				e, is := errors.AsType[*gis.Error](err)
				if !is || e.Code != 409 || e.HTTPStatus != 200 || !strings.Contains(e.URL, fakeRoot) || strings.Contains(err.Error(), "example-token") {
					t.Errorf("err = %+v", err)
				}
			})
			t.Run("rejected token", func(t *testing.T) {
				p, f := setup(t, answers)
				f.first(c.op, badToken)
				ok(t, c.do(t.Context(), p))
				seen := f.of(c.op)
				if len(seen) < 2 || f.tokens != 2 || bearer(seen[0]) == bearer(seen[1]) {
					t.Errorf("%d requests, %d tokens", len(seen), f.tokens)
				}
			})
			t.Run("ended context", func(t *testing.T) {
				p, f := setup(t, answers)
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if err := c.do(ctx, p); !errors.Is(err, context.Canceled) {
					t.Errorf("err = %v", err)
				}
				if n := len(f.of(c.op)); n != 0 {
					t.Errorf("%d requests were sent", n)
				}
			})
		})
	}
}

func bearer(r request) string {
	return r.header.Get("X-Esri-Authorization") + r.form.Get("token")
}

func (c call) happy(t *testing.T, answers map[string]string) {
	p, f := setup(t, answers)
	ok(t, c.do(t.Context(), p))
	seen := f.of(c.op)
	if len(seen) == 0 {
		t.Fatalf("no %s among %v", c.op, f.seen)
	}
	r := seen[0]
	if got := r.query.Get("token"); got != "" {
		t.Error("the token is in the address")
	}
	if !strings.HasPrefix(bearer(r), "Bearer example-token") && r.form.Get("token") == "" {
		t.Errorf("no token: %v", r.header)
	}
	want, err := url.ParseQuery(c.want)
	ok(t, err)
	for name := range want {
		if got := r.form[name]; strings.Join(got, "|") != strings.Join(want[name], "|") {
			t.Errorf("%s = %q, want %q", name, got, want[name])
		}
	}
	for name := range strings.SplitSeq(c.not, ",") {
		if _, there := r.form[name]; there && name != "" {
			t.Errorf("%s = %q was sent", name, r.form[name])
		}
	}
	if c.file != "" {
		field, content, _ := strings.Cut(c.file, ": ")
		if r.files[field] != content {
			t.Errorf("files = %q, want %s", r.files, c.file)
		}
	}
}

// recorded reads a file of testdata.
func recorded(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	ok(t, err)
	return string(b)
}
