package clone

import (
	"context"
	"errors"
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
	seen map[string][]gis.RelationshipType // by item type
}

func newRelationReader(s *site) *relationReader {
	return &relationReader{site: s, seen: map[string][]gis.RelationshipType{}}
}

// of lists what an item is the origin of.
func (r *relationReader) of(ctx context.Context, item *censusItem) ([]relation, error) {
	it := r.site.Content.Handle(item.Owner, "", esri.ItemID(item.ID))
	var out []relation
	var search func(types []gis.RelationshipType) error
	search = func(types []gis.RelationshipType) error {
		if len(types) == 0 {
			return nil
		}
		related, err := gis.Collect(it.Related(ctx, gis.Forward, types...))
		if err != nil {
			return fmt.Errorf("relationships of %s: %w", describe(item.Title, item.ID), err)
		}
		if len(related) == 0 {
			return nil
		}
		if len(types) == 1 {
			r.learn(item.Type, types[0])
			for _, rel := range related {
				out = append(out, relation{item.ID, string(rel.ID), string(types[0])})
			}
			return nil
		}
		parts := [][]gis.RelationshipType{types[:len(types)/2], types[len(types)/2:]}
		if likely := r.likely(item.Type, types); len(likely) > 0 && len(likely) < len(types) {
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

func (r *relationReader) learn(itemType string, t gis.RelationshipType) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.seen[itemType], t) {
		r.seen[itemType] = append(r.seen[itemType], t)
	}
}

// likely returns those of types that items of this type were seen to have.
func (r *relationReader) likely(itemType string, types []gis.RelationshipType) (out []gis.RelationshipType) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.seen[itemType] {
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

// planRelations adds a step for each relationship between two items that are copied.
func (v *survey) planRelations() {
	title := map[string]string{}
	for _, it := range v.from.items {
		title[it.ID] = it.Title
	}
	for _, list := range v.relations {
		for _, r := range list {
			s := Step{Kind: KindRelationship, Action: Create, Source: r.String(), Type: r.kind, Title: title[r.origin]}
			if v.skipped[r.destination] || title[r.destination] == "" {
				s.Action, s.Reason = Skip, "the related item is not copied"
			}
			v.step(s)
		}
	}
}

// relate makes the relationship on the target; one that is there already is left as it is.
func (a *applier) relate(ctx context.Context, s Step) error {
	r, err := parseRelation(s.Source)
	if err != nil {
		return err
	}
	from, to := a.copied(r.origin), a.copied(r.destination)
	if from == "" || to == "" {
		return blocked("an item of the relationship was not copied completely")
	}
	owner, _, err := a.place(r.origin)
	if err != nil {
		return err
	}
	origin := a.dst.Content.Handle(owner, "", esri.ItemID(from))
	for it, err := range origin.Related(ctx, gis.Forward, gis.RelationshipType(r.kind)) {
		if err != nil {
			return err
		}
		if string(it.ID) == to {
			if err := a.done(Entry{Kind: KindRelationship, Source: s.Source, Target: from + " " + to + " " + r.kind, Action: Match}); err != nil {
				return err
			}
			return errThere
		}
	}
	err = origin.AddRelationship(ctx, esri.ItemID(to), gis.RelationshipType(r.kind))
	if err != nil && !errors.Is(err, gis.ErrConflict) {
		return err
	}
	return a.done(Entry{Kind: KindRelationship, Source: s.Source, Target: from + " " + to + " " + r.kind, Action: Create})
}
