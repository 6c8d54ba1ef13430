package recorded

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/tools/directive"
)

// root is the module's folder.
const root = "../.."

// tables are read once for all tests.
var tables = sync.OnceValues(func() (t struct {
	responses []Response
	params    map[directive.Operation][]string
}, err error) {
	if t.responses, err = Responses(root); err != nil {
		return t, err
	}
	requests, err := Requests(root)
	t.params = map[directive.Operation][]string{}
	for _, r := range requests {
		t.params[r.Op] = append([]string{"f", "token"}, r.Params...)
	}
	return t, err
})

// replay is a portal that answers from files: at a path of its own, and only what it was
// told to answer.
type replay struct {
	t       tester
	url     string
	answers map[string]answer // operation, with ?name=value behind it if it wants a parameter
	params  map[directive.Operation][]string

	mu     sync.Mutex
	seen   []request
	tokens int
}

type answer struct {
	file   string
	body   []byte
	status int
}

// request is what the portal was asked.
type request struct {
	op   directive.Operation // as the table writes it
	path string              // as it was sent
	form url.Values
}

const webContext = "/context/portal"

// serve starts a portal that answers the operations which the table gives for the files.
func serve(t *testing.T, files ...string) *replay {
	t.Helper()
	all, err := tables()
	if err != nil {
		t.Fatal(err)
	}
	r := &replay{t: t, answers: map[string]answer{}, params: all.params}
	for _, file := range append([]string{"generate_token.json"}, files...) {
		known := false
		for _, row := range all.responses {
			if row.File == file && row.Op.Path != AnyOperation {
				known = true
				r.on(row.Op.String(), file)
			}
		}
		if !known {
			t.Fatalf("responses.tsv has no operation for %s", file)
		}
	}
	srv := httptest.NewServer(http.HandlerFunc(r.answer))
	t.Cleanup(srv.Close)
	r.url = srv.URL + webContext
	return r
}

// on answers an operation from a file: "GET search", or "GET search?start=2" where that is
// what is asked.
func (r *replay) on(op, file string) *replay { return r.fails(op, file, http.StatusOK) }

// fails is on with another HTTP status.
func (r *replay) fails(op, file string, status int) *replay {
	r.t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		r.t.Fatalf("%v", err)
	}
	r.answers[op] = answer{file, body, status}
	return r
}

// portal connects to the replay as somebody.
func (r *replay) portal() *gis.Portal { return r.connect(auth.Password("jsmith", "example-password")) }

func (r *replay) connect(by auth.Method, opts ...gis.Option) *gis.Portal {
	r.t.Helper()
	p, err := gis.New(r.url, by, opts...)
	ok(r.t, err)
	return p
}

// RoundTrip answers without a connection, for tests that ask a great deal.
func (r *replay) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	r.answer(w, req)
	return w.Result(), nil
}

// answer gives the answer that was set. Each sign-in gets a token of its own.
func (r *replay) answer(w http.ResponseWriter, req *http.Request) {
	rest, inside := strings.CutPrefix(req.URL.EscapedPath(), webContext+"/")
	if !inside {
		r.t.Errorf("a request outside the portal: %s", req.URL)
	}
	rest = strings.Trim(strings.TrimPrefix(rest, "sharing/rest"), "/")
	if err := req.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		r.t.Errorf("%v", err)
	}
	key, a, found := r.find(req.Method, rest, req.Form)
	if !found {
		r.t.Errorf("no answer is set for %s %s", req.Method, rest)
		http.Error(w, "no answer", http.StatusBadRequest)
		return
	}
	name, _, _ := strings.Cut(key, "?")
	op, err := operation(name)
	if err != nil {
		r.t.Errorf("%v", err)
	}
	r.mu.Lock()
	r.seen = append(r.seen, request{op, rest, req.Form})
	if rest == "generateToken" {
		r.tokens++
		a.body = bytes.ReplaceAll(a.body, []byte("example-token"), fmt.Appendf(nil, "example-token-%d", r.tokens))
	}
	r.mu.Unlock()
	r.check(op, a.file, req.Form)
	if kind := contentType(a.file); kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// check holds the parameters against the documents.
func (r *replay) check(op directive.Operation, name string, form url.Values) {
	known, documented := r.params[op]
	for param := range form {
		if documented && !slices.Contains(known, param) {
			r.t.Errorf("%s carries %s, which no document names", op, param)
		}
	}
	if file := filepath.Ext(name); file != ".json" && file != ".html" && file != ".zip" && form.Has("f") {
		r.t.Errorf("%s carries f=%s: files are read without it", op, form.Get("f"))
	}
}

// find answers the most particular answer: one that wants a parameter before one that does
// not, and one with more fixed segments before one with less.
func (r *replay) find(method, path string, form url.Values) (string, answer, bool) {
	best, points := "", -1
	for key := range r.answers {
		op, want, conditional := strings.Cut(key, "?")
		verb, pattern, _ := strings.Cut(op, " ")
		fixed, ok := matches(strings.Trim(pattern, "/"), path)
		if verb != method || !ok {
			continue
		}
		if conditional {
			name, value, _ := strings.Cut(want, "=")
			if form.Get(name) != value {
				continue
			}
			fixed += 100
		}
		if fixed > points {
			best, points = key, fixed
		}
	}
	return best, r.answers[best], points >= 0
}

// matches reports whether path has the form of pattern, and in how many segments both are
// the same. A last {name} or {key} takes all that follows.
func matches(pattern, path string) (fixed int, ok bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i, w := range want {
		switch {
		case i >= len(have):
			return 0, false
		case w == have[i]:
			fixed++
		case !strings.HasPrefix(w, "{"):
			return 0, false
		case i == len(want)-1 && (w == "{name}" || w == "{key}"):
			return fixed, true
		}
	}
	return fixed, len(want) == len(have)
}

func contentType(file string) string {
	switch filepath.Ext(file) {
	case ".json":
		return "application/json;charset=utf-8"
	case ".html":
		return "text/html;charset=utf-8"
	case ".xml":
		return "text/xml"
	case ".png":
		return "image/png"
	case ".zip":
		return "application/zip"
	}
	return ""
}

// asked answers the requests of one operation.
func (r *replay) asked(op string) []request {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []request
	for _, s := range r.seen {
		if s.op.String() == op {
			out = append(out, s)
		}
	}
	return out
}

// sent fails unless the last request of op carried the parameters, in the form of a query.
func (r *replay) sent(op, query string) {
	r.t.Helper()
	all := r.asked(op)
	if len(all) == 0 {
		r.t.Errorf("%s was not asked", op)
		return
	}
	want, err := url.ParseQuery(query)
	if err != nil {
		r.t.Fatalf("%v", err)
	}
	for name := range want {
		if got := all[len(all)-1].form[name]; fmt.Sprint(got) != fmt.Sprint(want[name]) {
			r.t.Errorf("%s: %s = %q, want %q", op, name, got, want[name])
		}
	}
}
