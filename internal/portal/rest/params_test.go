package rest

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func requestWith(t *testing.T, query string) *Request {
	t.Helper()
	r := &Request{params: map[string][]string{}}
	if err := r.addForm(query); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestList(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query string
		want        []string
		ok          bool
	}{
		{"absent", "", nil, false},
		{"empty", "v=", nil, true},
		{"lone space", "v=+", nil, true},
		{"commas", "v=a,b", []string{"a", "b"}, true},
		{"spaces after commas", "v=a,+b", []string{"a", "b"}, true},
		{"leading comma", "v=,a,b", []string{"a", "b"}, true},
		{"JSON", `v=["a","b"]`, []string{"a", "b"}, true},
		{"Python", `v=['a',+u'b']`, []string{"a", "b"}, true},
		{"mixed quotes", `v=["O'Brien",+'x"y']`, []string{"O'Brien", `x"y`}, true},
		{"joined in an array", `v=["a,b"]`, []string{"a", "b"}, true},
		{"numbers", `v=[1,2]`, []string{"1", "2"}, true},
		{"repeated", "v=a&V=b", []string{"a", "b"}, true},
		{"any case", "VaLuE=a", nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := requestWith(t, tt.query).List("v")
			if ok != tt.ok || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %q %v, want %q %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestBool(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in      string
		want    bool
		wantErr bool
	}{
		{"", true, false}, {"true", true, false}, {"True", true, false}, {"1", true, false}, {`"true"`, true, false},
		{"false", false, false}, {"False", false, false}, {"0", false, false}, {"None", true, false},
		{"yes", false, true}, {"2", false, true},
	}
	for _, tt := range tests {
		got, err := requestWith(t, "v="+tt.in).Bool("V", true)
		if (err != nil) != tt.wantErr || (err == nil && got != tt.want) {
			t.Errorf("Bool(%q) = %v, %v", tt.in, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), "'V'") {
			t.Errorf("the error does not name the parameter: %v", err)
		}
	}
}

func TestJSONParam(t *testing.T) {
	t.Parallel()
	want := map[string]any{"a": "it's", "b": []any{true, nil, 1.5}}
	for _, in := range []string{
		`{"a":"it's","b":[true,null,1.5]}`,
		`"{\"a\":\"it's\",\"b\":[true,null,1.5]}"`,
		`{'a': "it's", 'b': [True, None, 1.5]}`,
		`{u'a': u'it\'s', u'b': (True, None, 1.5)}`,
	} {
		r := &Request{params: map[string][]string{"v": {in}}}
		var got map[string]any
		if ok, err := r.JSON("v", &got); err != nil || !ok {
			t.Errorf("%s: %v %v", in, ok, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v", in, got)
		}
	}
	var v any
	if ok, err := (&Request{params: map[string][]string{"v": {" "}}}).JSON("v", &v); ok || err != nil {
		t.Errorf("blank: %v %v", ok, err)
	}
	if _, err := (&Request{params: map[string][]string{"v": {"{'a"}}}).JSON("v", &v); err == nil {
		t.Error("broken JSON passes")
	}
}

// What json.Marshal writes must be read back as it is, whatever it holds.
func FuzzLenientJSON(f *testing.F) {
	f.Add(`a'b"c\`, true)
	f.Add("None", false)
	f.Add("\u2028\x00é", true)
	f.Fuzz(func(t *testing.T, s string, b bool) {
		s = strings.ToValidUTF8(s, "?")
		in := map[string]any{"k": s, s: b}
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := lenientJSON(string(raw), &got); err != nil || !reflect.DeepEqual(got, in) {
			t.Errorf("%s: got %v, %v", raw, got, err)
		}
	})
}

func TestAddFormRefusesBrokenEscapes(t *testing.T) {
	t.Parallel()
	r := &Request{params: map[string][]string{}}
	if err := r.addForm("a=%zz"); err == nil {
		t.Error("no error")
	}
	if err := r.addForm("q=a;b&c=%2B+d"); err != nil || r.Str("q") != "a;b" || r.Str("C") != "+ d" {
		t.Errorf("got %v, %v", r.params, err)
	}
	var many strings.Builder
	for range maxParams + 1 {
		many.WriteString("x=1&")
	}
	if err := r.addForm(many.String()); err == nil {
		t.Error("any number of parameters is taken")
	}
}
