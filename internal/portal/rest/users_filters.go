package rest

import (
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// userFilters reads the filters of Esri's page "Users". Several of them widen the list, unless
// filterIntersection asks for members that meet them all.
//
// guess: names match by their words, the other filters by the whole value.
func (r *Request) userFilters(q *portal.UserSearch) error {
	all := false
	for _, name := range []string{"filterIntersection", "applyFiltersIntersection"} {
		on, err := r.Bool(name, false)
		if err != nil {
			return err
		}
		all = all || on
	}
	var parts []search.Node
	for _, f := range []struct{ param, field string }{
		{"username", "username"}, {"fullname", "fullname"}, {"firstname", "firstname"}, {"lastname", "lastname"},
		{"role", "role"}, {"provider", "provider"}, {"userLicenseType", "userlicensetype"},
	} {
		value := strings.TrimSpace(r.Str(f.param))
		if value == "" || value == "None" {
			continue
		}
		parts = append(parts, filterTerm(f.field, value))
	}
	switch {
	case len(parts) == 0:
	case all:
		q.Match = &search.And{Parts: parts}
	default:
		q.Match = &search.Or{Parts: parts}
	}
	return nil
}

func filterTerm(field, value string) search.Node {
	t := &search.Term{Field: field, Text: value, Kind: search.Phrase, Boost: 1}
	if strings.ContainsAny(value, "*?") {
		t.Kind = search.Pattern
	}
	return t
}
