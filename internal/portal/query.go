package portal

import (
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// parsedQuery parses a query and a filter; empty ones add nothing.
func parsedQuery(query, filter string) ([]search.Node, error) {
	var parts []search.Node
	if strings.TrimSpace(query) != "" {
		n, err := search.Parse(query)
		if err != nil {
			return nil, ErrBadParam("q", err.Error())
		}
		parts = append(parts, n)
	}
	if strings.TrimSpace(filter) != "" {
		n, err := search.ParseFilter(filter)
		if err != nil {
			return nil, ErrBadParam("filter", err.Error())
		}
		parts = append(parts, n)
	}
	return parts, nil
}

// mapLeaves returns a copy of the tree with each term and range replaced by what leaf makes
// of it.
func mapLeaves(n search.Node, leaf func(search.Node) search.Node) search.Node {
	switch n := n.(type) {
	case *search.And:
		return &search.And{Parts: mapParts(n.Parts, leaf)}
	case *search.Or:
		return &search.Or{Parts: mapParts(n.Parts, leaf)}
	case *search.Not:
		return &search.Not{Part: mapLeaves(n.Part, leaf)}
	default:
		return leaf(n)
	}
}

func mapParts(parts []search.Node, leaf func(search.Node) search.Node) []search.Node {
	out := make([]search.Node, len(parts))
	for i, p := range parts {
		out[i] = mapLeaves(p, leaf)
	}
	return out
}

// everything matches all, nothing matches none.
func everything() search.Node { return &search.And{} }
func nothing() search.Node    { return &search.Not{Part: everything()} }
