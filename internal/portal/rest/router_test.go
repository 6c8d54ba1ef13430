package rest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
)

func nop(context.Context, *Request) (any, error) { return Object{}, nil }

func TestTableFind(t *testing.T) {
	t.Parallel()
	patterns := []string{
		"sharing/rest", "sharing/rest/community/users/{username}", "sharing/rest/community/users/{username}/update",
		"sharing/rest/portals/{id}", "sharing/rest/portals/self", "sharing/rest/portals/{id}/roles/{role}",
		"sharing/rest/portals/self/roles/search", "sharing/rest/content/items/{id}/info/{path...}",
		"sharing/rest/content/users/{user}/{folder}/items/{id}", "sharing/rest/content/users/{user}/items/{id}",
	}
	var routes []Route
	for _, p := range patterns {
		routes = append(routes, Route{Pattern: p, Handle: nop})
	}
	tb, err := newTable(routes)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		path    string
		pattern string // empty: none
		vars    map[string]string
	}{
		{"/portal/sharing/rest", "sharing/rest", nil},
		{"/portal//sharing/rest/", "sharing/rest", nil},
		{"/PORTAL/Sharing/REST", "sharing/rest", nil},
		{"/arcgis/sharing/rest//community/users/jo", "sharing/rest/community/users/{username}", map[string]string{"username": "jo"}},
		{"/portal/sharing/rest/community/users/jo@x.org/UPDATE/", "sharing/rest/community/users/{username}/update", map[string]string{"username": "jo@x.org"}},
		{"/portal/sharing/rest/community/users/DOM%5Cjo.d-e", "sharing/rest/community/users/{username}", map[string]string{"username": `DOM\jo.d-e`}},
		{"/portal/sharing/rest/portals/Self", "sharing/rest/portals/self", nil},
		{"/portal/sharing/rest/portals/abc", "sharing/rest/portals/{id}", map[string]string{"id": "abc"}},
		{"/portal/sharing/rest/portals/self/roles/x", "sharing/rest/portals/{id}/roles/{role}", map[string]string{"id": "self", "role": "x"}},
		{"/portal/sharing/rest/portals/self/roles/search", "sharing/rest/portals/self/roles/search", nil},
		{"/portal/sharing/rest/content/items/1/info/a/b%20c.xml", "sharing/rest/content/items/{id}/info/{path...}", map[string]string{"id": "1", "path": "a/b c.xml"}},
		{"/portal/sharing/rest/content/items/1/info", "sharing/rest/content/items/{id}/info/{path...}", map[string]string{"id": "1", "path": ""}},
		{"/portal/sharing/rest/content/users/items/items/7", "sharing/rest/content/users/{user}/items/{id}", map[string]string{"user": "items", "id": "7"}},
		{"/portal/sharing/rest/content/users/u/f/items/7", "sharing/rest/content/users/{user}/{folder}/items/{id}", map[string]string{"user": "u", "folder": "f", "id": "7"}},
		{"/portal/sharing/rest/content/items/1/info/../../x", "", nil},
		{"/portal/sharing/rest/content/items/1/info/%2e%2e/x", "", nil},
		{"/portal/sharing/rest/nothing", "", nil},
		{"/other/sharing/rest", "", nil},
		{"/sharing/rest", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			var rt *Route
			var vars map[string]string
			if segs, ok := segmentsOf(httptest.NewRequest(http.MethodGet, tt.path, nil)); ok {
				if below, ok := cutContext(segs); ok {
					rt, vars = tb.find(below)
				}
			}
			if rt == nil || tt.pattern == "" {
				if rt != nil || tt.pattern != "" {
					t.Fatalf("got %v, want %q", rt, tt.pattern)
				}
				return
			}
			if rt.Pattern != tt.pattern || !maps.Equal(vars, tt.vars) {
				t.Errorf("got %q %v, want %q %v", rt.Pattern, vars, tt.pattern, tt.vars)
			}
		})
	}
}

func TestTableRefusesContradictions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		routes []Route
	}{
		{"same paths", []Route{{Pattern: "a/{x}", Handle: nop}, {Pattern: "a/{y}", Handle: nop}}},
		{"same but for case", []Route{{Pattern: "a/B", Handle: nop}, {Pattern: "A/b", Handle: nop}}},
		{"no handler", []Route{{Pattern: "a"}}},
		{"rest not last", []Route{{Pattern: "a/{x...}/b", Handle: nop}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := newTable(tt.routes); err == nil {
				t.Error("no error")
			}
		})
	}
}

// The portal's own table must be free of contradictions.
func TestOwnTable(t *testing.T) {
	t.Parallel()
	if _, err := newTable(New(Config{}).Routes()); err != nil {
		t.Error(err)
	}
}

func TestNoRedirectOnUncleanPaths(t *testing.T) {
	t.Parallel()
	rg := newRig(t, Route{Pattern: "sharing/rest/community/self", Handle: echo})
	res, body := rg.call(t, http.MethodPost, "/portal/sharing/rest//community/self/", formType, "f=json&a=1")
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %d", res.StatusCode)
	}
	var v struct{ Params map[string][]string }
	if err := json.Unmarshal([]byte(body), &v); err != nil || len(v.Params["a"]) != 1 {
		t.Errorf("the body was lost: %s", body)
	}
}
