package gis

import (
	"encoding/json"
	"testing"
)

func TestUnmarshalMends(t *testing.T) {
	t.Parallel()
	type shape struct {
		N    int     `json:"n"`
		Big  int64   `json:"big"`
		F    float64 `json:"f"`
		B    bool    `json:"b"`
		S    string  `json:"s"`
		List []int   `json:"list"`
		In   struct {
			B bool `json:"b"`
		} `json:"in"`
		Last string `json:"last"`
	}
	tests := []struct {
		name, doc string
		want      shape
		fails     bool
	}{
		{name: "numbers in quotes", doc: `{"n":"12","big":"-9007199254740993","f":"1.5e3","list":["1",2]}`, want: shape{N: 12, Big: -9007199254740993, F: 1500, List: []int{1, 2}}},
		{name: "booleans in quotes", doc: `{"b":"True","in":{"b":"true"}}`, want: shape{B: true, In: struct {
			B bool `json:"b"`
		}{true}}},
		{name: "text without quotes", doc: `{"s":102100,"last":true}`, want: shape{S: "102100", Last: "true"}},
		{name: "all that follows is read", doc: `{"n":"a","b":"no","list":"1,2","big":"7","s":[1],"last":"x"}`, want: shape{Big: 7, Last: "x"}, fails: true},
		{name: "no number", doc: `{"n":"0x10"}`, fails: true},
		{name: "no whole number", doc: `{"n":"1.5"}`, fails: true},
		{name: "0 is no boolean", doc: `{"b":"0"}`, fails: true},
		{name: "object for a text", doc: `{"s":{"a":1},"last":"x"}`, want: shape{Last: "x"}, fails: true},
		{name: "a quotation mark inside", doc: `{"n":"1\"2"}`, fails: true},
		{name: "too large", doc: `{"n":"99999999999999999999"}`, fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got shape
			err := unmarshal([]byte(tt.doc), &got)
			if (err != nil) != tt.fails {
				t.Errorf("err = %v", err)
			}
			if err := lenient(err); err != nil {
				t.Errorf("an entity would fail: %v", err)
			}
			a, _ := json.Marshal(got)
			b, _ := json.Marshal(tt.want)
			if string(a) != string(b) {
				t.Errorf("got %s, want %s", a, b)
			}
		})
	}
}

func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`{"size":"12","protected":"true","title":5,"tags":["a",1]}`))
	f.Add([]byte(`{"size":"1\"2"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var it Item
		if err := json.Unmarshal(b, &it); err == nil && string(it.Raw()) != "" && !json.Valid(it.Raw()) {
			t.Errorf("raw is no JSON: %s", it.Raw())
		}
	})
}
