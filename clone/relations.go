package clone

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// relationReader lists relationships. The portal does not say which of the types that were
// asked for a related item belongs to, so the list of types must be split until one is left.
// Items of one type mostly have the same few kinds of relationship: those seen before are
// asked for one by one and all others together, which leaves little to split. That is one call
// for an item without relationships, and some three for an item with one.
type relationReader struct {
	site *site

	mu   sync.Mutex
	seen map[string][]gis.RelationshipType // by direction and item type
}

func newRelationReader(s *site) *relationReader {
	return &relationReader{site: s, seen: map[string][]gis.RelationshipType{}}
}

// of lists what an item is the origin of.
func (r *relationReader) of(ctx context.Context, item *censusItem) ([]relation, error) {
	return r.list(ctx, item, gis.Forward)
}

// to lists what an item is the destination of.
func (r *relationReader) to(ctx context.Context, item *censusItem) ([]relation, error) {
	return r.list(ctx, item, gis.Reverse)
}

func (r *relationReader) list(ctx context.Context, item *censusItem, way gis.Direction) ([]relation, error) {
	it := r.site.Content.Handle(item.Owner, "", esri.ItemID(item.ID))
	seen := string(way) + " " + item.Type
	var out []relation
	var search func(types []gis.RelationshipType) error
	search = func(types []gis.RelationshipType) error {
		if len(types) == 0 {
			return nil
		}
		related, err := gis.Collect(it.Related(ctx, way, types...))
		if err != nil {
			return fmt.Errorf("relationships of %s: %w", describe(item.Title, item.ID), err)
		}
		if len(related) == 0 {
			return nil
		}
		if len(types) == 1 {
			r.learn(seen, types[0])
			for _, rel := range related {
				found := relation{item.ID, string(rel.ID), string(types[0])}
				if way == gis.Reverse {
					found.origin, found.destination = found.destination, found.origin
				}
				out = append(out, found)
			}
			return nil
		}
		parts := [][]gis.RelationshipType{types[:len(types)/2], types[len(types)/2:]}
		if likely := r.likely(seen, types); len(likely) > 0 && len(likely) < len(types) {
			parts = append(slices.Collect(slices.Chunk(likely, 1)), slices.DeleteFunc(slices.Clone(types), func(t gis.RelationshipType) bool {
				return slices.Contains(likely, t)
			}))
		}
		for _, part := range parts {
			if err := search(part); err != nil {
				return err
			}
		}
		return nil
	}
	if err := search(gis.RelationshipTypes()); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b relation) int { return strings.Compare(a.String(), b.String()) })
	return out, nil
}

func (r *relationReader) learn(key string, t gis.RelationshipType) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.seen[key], t) {
		r.seen[key] = append(r.seen[key], t)
	}
}

// likely returns those of types that items of this type were seen to have.
func (r *relationReader) likely(key string, types []gis.RelationshipType) (out []gis.RelationshipType) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.seen[key] {
		if slices.Contains(types, t) {
			out = append(out, t)
		}
	}
	return out
}

// String is the form in which steps and journals name a relationship.
func (r relation) String() string { return r.origin + " " + r.destination + " " + r.kind }

func parseRelation(s string) (relation, error) {
	p := strings.Fields(s)
	if len(p) != 3 {
		return relation{}, fmt.Errorf("relationship %q: want origin, destination and type with spaces between", s)
	}
	return relation{p[0], p[1], p[2]}, nil
}
