package wire

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern string
		args          []string
		op, path      string
		fails         bool
	}{
		{name: "root", pattern: "", op: "", path: ""},
		{name: "plain", pattern: "portals/self", op: "portals/self", path: "portals/self"},
		{name: "one", pattern: "content/items/{id}", args: []string{"abc"}, op: "content/items/{id}", path: "content/items/abc"},
		{name: "escaped", pattern: "community/users/{username}", args: []string{`DOM\jöe smith/x`}, op: "community/users/{username}", path: "community/users/DOM%5Cj%C3%B6e%20smith%2Fx"},
		{name: "at sign stays", pattern: "community/users/{username}", args: []string{"a@b"}, op: "community/users/{username}", path: "community/users/a@b"},
		{name: "optional present", pattern: "content/users/{u}/{folder?}/items/{id}", args: []string{"a", "f", "i"}, op: "content/users/{u}/{folder}/items/{id}", path: "content/users/a/f/items/i"},
		{name: "optional absent", pattern: "content/users/{u}/{folder?}/items/{id}", args: []string{"a", "", "i"}, op: "content/users/{u}/items/{id}", path: "content/users/a/items/i"},
		{name: "several segments", pattern: "content/items/{id}/info/{name...}", args: []string{"i", "thumb nail/x.png"}, op: "content/items/{id}/info/{name...}", path: "content/items/i/info/thumb%20nail/x.png"},
		{name: "empty", pattern: "content/items/{id}", args: []string{""}, fails: true},
		{name: "parent", pattern: "content/items/{id}", args: []string{".."}, fails: true},
		{name: "parent inside", pattern: "content/items/{id}/info/{name...}", args: []string{"i", "a/../../x"}, fails: true},
		{name: "too few", pattern: "content/items/{id}", fails: true},
		{name: "too many", pattern: "portals/self", args: []string{"x"}, fails: true},
	}
	for _, tt := range tests {
		op, path, err := expand(tt.pattern, tt.args)
		if tt.fails {
			if _, ok := errors.AsType[*argumentError](err); !ok {
				t.Errorf("%s: err = %v, want a mistake in the arguments", tt.name, err)
			}
			continue
		}
		if err != nil || op != tt.op || path != tt.path {
			t.Errorf("%s: got %q, %q, %v, want %q, %q", tt.name, op, path, err, tt.op, tt.path)
		}
	}
}

func TestSetters(t *testing.T) {
	t.Parallel()
	empty, none := "", []string{}
	no := false
	r := Once("x").Set("a", "").Text("b", "").Text("c", "v").TextIf("d", nil).TextIf("e", &empty).Int("g", 0).Int("h", 3).
		Bool("i", true).BoolIf("j", nil).BoolIf("k", &no).List("l", nil).List("m", []string{"1", "2"}).ListIf("n", nil).ListIf("o", &none).
		JSON("p", map[string]int{"q": 1}).JSON("r", nil).JSON("s", json.RawMessage(nil)).All(url.Values{"c": {"x", "y"}})
	want := "a=&c=x&c=y&e=&h=3&i=true&k=false&m=1%2C2&o=&p=%7B%22q%22%3A1%7D"
	if got := r.params.Encode(); got != want || r.err != nil {
		t.Errorf("got  %s, %v\nwant %s", got, r.err, want)
	}
	if r := Once("x").List("tags", []string{"a", "b,c"}); r.err == nil || !strings.Contains(r.err.Error(), "tags") {
		t.Errorf("a comma in a list: err = %v, want one that names tags", r.err)
	}
	if r := Once("x").JSON("v", func() {}); r.err == nil {
		t.Error("a function as JSON passed")
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"https://h/p?token=SECRET&q=a", "https://h/p?q=a&token=redacted"},
		{"https://user:SECRET@h/p#SECRET", "https://h/p"},
		{"https://h/p?PassWord=SECRET&X-Amz-Signature=SECRET", "https://h/p?PassWord=redacted&X-Amz-Signature=redacted"},
		{"https://h/p?q=code", "https://h/p?q=code"},
	}
	for _, tt := range tests {
		u, err := url.Parse(tt.in)
		if err != nil {
			t.Fatal(err)
		}
		before := u.String()
		if got := Redact(u); got != tt.want {
			t.Errorf("Redact(%s) = %s, want %s", tt.in, got, tt.want)
		}
		if u.String() != before {
			t.Errorf("Redact changed its argument to %s", u)
		}
	}
	if got := Redact(nil); got != "" {
		t.Errorf("Redact(nil) = %q", got)
	}
}
