package clone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// relationsFrom lists the relationships of which an item is the origin. The portal does not
// say which of the types that were asked for a related item belongs to, so that the list of
// types is halved until one is left: one call for an item without relationships, some ten for
// an item with one.
func relationsFrom(ctx context.Context, s *site, owner, id, title string) ([]relation, error) {
	it := s.Content.Handle(owner, "", esri.ItemID(id))
	var out []relation
	var search func(types []gis.RelationshipType) error
	search = func(types []gis.RelationshipType) error {
		related, err := gis.Collect(it.Related(ctx, gis.Forward, types...))
		if err != nil {
			return fmt.Errorf("relationships of %s: %w", describe(title, id), err)
		}
		if len(related) == 0 {
			return nil
		}
		if len(types) > 1 {
			half := len(types) / 2
			if err := search(types[:half]); err != nil {
				return err
			}
			return search(types[half:])
		}
		for _, r := range related {
			out = append(out, relation{id, string(r.ID), string(types[0])})
		}
		return nil
	}
	if err := search(gis.RelationshipTypes()); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b relation) int { return strings.Compare(a.String(), b.String()) })
	return out, nil
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
	from, to := a.items.get(r.origin), a.items.get(r.destination)
	if from == "" || to == "" {
		return blocked("an item of the relationship was not copied")
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
