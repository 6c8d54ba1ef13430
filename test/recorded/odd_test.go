package recorded

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/tools/directive"
)

// oddity is what portals and those between write in place of a value. One that tells as much as
// the value must be read like it; another may make a call fail, but no more.
type oddity struct {
	name    string
	of      func(v any) (other any, applies bool)
	mayFail bool
}

func oddities() []oddity {
	return []oddity{
		{"null", func(any) (any, bool) { return nil, true }, false},
		{"a value in quotes", func(v any) (any, bool) {
			switch x := v.(type) {
			case bool:
				return fmt.Sprint(x), true
			case json.Number:
				return x.String(), true
			}
			return nil, false
		}, false},
		{"a number for a text", func(v any) (any, bool) {
			_, is := v.(string)
			return json.Number("5"), is
		}, false},
		{"null in the list", func(v any) (any, bool) {
			list, is := v.([]any)
			return append([]any{nil}, list...), is
		}, false},
		{"another kind of value", func(v any) (any, bool) {
			switch v.(type) {
			case []any:
				return "", true
			case map[string]any:
				return []any{}, true
			}
			return map[string]any{}, true
		}, true},
	}
}

// matter are members without which a call has nothing to work on.
var matter = []string{"id", "username", "item", "thumbnail", "resource"}

// TestOddForms spoils each member of each answer in turn, by leaving it out or by writing
// another thing in its place. The SDK may then answer less, and fail where what is missing is
// the matter itself, but never panics; and what is left of an answer stays readable.
func TestOddForms(t *testing.T) {
	t.Parallel()
	methods := readers(t)
	for i, c := range readings() {
		t.Run(fmt.Sprintf("%s %d", c.method, i), func(t *testing.T) {
			t.Parallel()
			files := serve(t, append([]string{"root.json"}, c.files...)...)
			if c.set != nil {
				c.set(files)
			}
			for _, op := range slices.Sorted(maps.Keys(files.answers)) {
				name, _, _ := strings.Cut(op, "?")
				own := slices.ContainsFunc(methods[c.method], func(o directive.Operation) bool { return o.String() == name })
				if own && strings.HasSuffix(files.answers[op].file, ".json") && !strings.HasPrefix(files.answers[op].file, "error_") && !strings.HasSuffix(op, "/data") {
					spoil(t, c, files, op)
				}
			}
		})
	}
}

func spoil(t *testing.T, c reading, r *replay, op string) {
	whole := r.answers[op]
	defer func() { r.answers[op] = whole }()
	doc := parse(t, whole.body)
	walk(doc, "", func(where string, with func(set func(v any) (any, bool))) {
		try := func(odd oddity) {
			with(odd.of)
			body, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			r.answers[op] = answer{whole.file, body, whole.status}
			q := &quiet{T: t}
			r.t = q
			q.run(func() { c.do(q, r.connect(auth.Anonymous(), gis.WithTransport(r)), r) })
			if q.panicked != "" {
				t.Errorf("%s with %s at %s: %s", whole.file, odd.name, where, q.panicked)
			}
			if q.failed != "" && !odd.mayFail && !slices.Contains(matter, where[strings.LastIndexByte(where, '.')+1:]) {
				t.Errorf("%s with %s at %s: %s", whole.file, odd.name, where, q.failed)
			}
		}
		for _, odd := range oddities() {
			try(odd)
		}
	})
}

func parse(t *testing.T, body []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// walk calls visit for each member of each object, of lists for those of the first entry.
// What visit is given replaces the member for as long as it is not called again.
func walk(v any, where string, visit func(where string, with func(set func(v any) (any, bool)))) {
	switch x := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(x)) {
			old := x[name]
			visit(where+"."+name, func(set func(v any) (any, bool)) {
				x[name] = old
				if other, applies := set(old); applies {
					x[name] = other
				}
			})
			x[name] = old
			walk(old, where+"."+name, visit)
		}
	case []any:
		if len(x) > 0 {
			walk(x[0], where+"[0]", visit)
		}
	}
}

// quiet takes a reading's complaints, which a spoiled answer earns, and keeps what the SDK
// itself does wrong.
type quiet struct {
	*testing.T
	panicked string // by the SDK
	failed   string // error of the SDK
}

func (q *quiet) Errorf(string, ...any) {}

// Fatalf ends the reading. That something is not there is no fault of the SDK where that is
// what was spoiled; that an answer cannot be read is.
func (q *quiet) Fatalf(format string, args ...any) {
	for _, arg := range args {
		if err, is := arg.(error); is && errors.Is(err, gis.ErrProtocol) {
			q.failed = fmt.Sprintf(format, args...)
		}
	}
	runtime.Goexit()
}

func (q *quiet) Context() context.Context { return context.Background() }

// run calls f and tells a panic of the SDK from one of the reading, which may rely on what was
// spoiled.
func (q *quiet) run(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil && sdkPanicked() {
				q.panicked = fmt.Sprint(v)
			}
		}()
		f()
	}()
	<-done
}

// sdkPanicked reports whether the panic came about in the SDK, or in what the SDK called, and
// not in the reading itself.
func sdkPanicked() bool {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		switch {
		case strings.Contains(f.Function, "/rhumb/gis"), strings.Contains(f.Function, "/rhumb/esri"), strings.Contains(f.Function, "/rhumb/internal"):
			return true
		case strings.Contains(f.Function, "/test/recorded") && !strings.Contains(f.Function, "quiet"):
			return false
		case !more:
			return false
		}
	}
}

// TestQuotedValues reads entities whose numbers and booleans stand in quotes: they are the same
// in every field.
func TestQuotedValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file, op string
		read     func(p *gis.Portal) (any, error)
	}{
		{"item_form.json", "GET content/items/{id}", func(p *gis.Portal) (any, error) { return p.Content.Get(t.Context(), form) }},
		{"item_feature_service.json", "GET content/items/{id}", func(p *gis.Portal) (any, error) { return p.Content.Get(t.Context(), form) }},
		{"group_documented.json", "GET community/groups/{id}", func(p *gis.Portal) (any, error) { return p.Groups.Get(t.Context(), "2ecb") }},
		{"user.json", "GET community/users/{username}", func(p *gis.Portal) (any, error) { return p.Users.Get(t.Context(), "jsmith") }},
		{"portals_self_enterprise.json", "GET portals/self", func(p *gis.Portal) (any, error) { return p.Self(t.Context()) }},
		{"portaladmin_license.json", "GET portaladmin/license", func(p *gis.Portal) (any, error) { return p.Licenses.Installed(t.Context()) }},
		{"user_tags.json", "GET community/users/{username}/tags", func(p *gis.Portal) (any, error) {
			u, err := p.Users.Get(t.Context(), "jsmith")
			if err != nil {
				return nil, err
			}
			return u.TagCounts(t.Context())
		}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			r := serve(t, "user.json", tt.file)
			plain, err := tt.read(r.portal())
			ok(t, err)
			a := r.answers[tt.op]
			body, err := json.Marshal(quoted(parse(t, a.body)))
			ok(t, err)
			r.answers[tt.op] = answer{a.file, body, a.status}
			odd, err := tt.read(r.portal())
			ok(t, err)
			if got, want := fields(odd), fields(plain); got != want {
				t.Errorf("in quotes:\n%s\nas documented:\n%s", got, want)
			}
		})
	}
}

// quoted puts numbers and booleans in quotes.
func quoted(v any) any {
	switch x := v.(type) {
	case bool:
		return fmt.Sprint(x)
	case json.Number:
		return x.String()
	case []any:
		for i := range x {
			x[i] = quoted(x[i])
		}
	case map[string]any:
		for name := range x {
			x[name] = quoted(x[name])
		}
	}
	return v
}

// fields writes what users see of an entity, without what was received.
func fields(v any) string {
	x := reflect.Indirect(reflect.ValueOf(v))
	if x.Kind() != reflect.Struct {
		return fmt.Sprintf("%+v", v)
	}
	var out []string
	for i := range x.NumField() {
		f, value := x.Type().Field(i), x.Field(i)
		if f.IsExported() && f.Type != reflect.TypeFor[json.RawMessage]() && f.Name != "HelperServices" && f.Name != "User" && f.Name != "Groups" {
			out = append(out, fmt.Sprintf("%s: %+v", f.Name, reflect.Indirect(value)))
		}
	}
	return strings.Join(out, "\n")
}

// TestNextStartInQuotes reads on: a listing must not end because a proxy wrote a number as a
// text.
func TestNextStartInQuotes(t *testing.T) {
	t.Parallel()
	r := serve(t)
	groupPages(r)
	a := r.answers["GET community/groups"]
	r.answers["GET community/groups"] = answer{a.file, bytes.Replace(a.body, []byte(`"nextStart": 2`), []byte(`"nextStart": "2"`), 1), a.status}
	eq(t, "groups", len(all(t, r.portal().Groups.Search(t.Context(), "x", &gis.GroupSearch{OutsideOrg: true}))), 2)
}
