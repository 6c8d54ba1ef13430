package clone

import (
	"context"
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// relate makes a relationship on the target; one that is there already is left as it is. Portals
// ask who owns the ends before they relate them, so that it is done in the name of the member
// whom the type asks for, when both items have their final owner.
func (a *applier) relate(ctx context.Context, s Step) error {
	r, err := parseRelation(s.Source)
	if err != nil {
		return err
	}
	if s.Action == Update {
		return a.endRelation(ctx, s)
	}
	rule := ruleOfRelation(r.kind)
	if rule.leftOut != "" {
		return errors.New(rule.leftOut)
	}
	from, to := a.copied(r.origin), a.copied(r.destination)
	if from == "" || to == "" {
		return blocked("an item of the relationship was not copied completely")
	}
	owner, err := a.relating(r, rule)
	if err != nil {
		return err
	}
	target := relation{from, to, r.kind}
	origin := a.dst.Content.Handle(owner, "", esri.ItemID(from))
	there, err := related(ctx, origin, target)
	if err != nil {
		return err
	}
	if there && !(rule.attachment && a.madeNow(r.destination)) {
		if err := a.done(Entry{Kind: KindRelationship, Source: s.Source, Target: target.String(), Action: Match}); err != nil {
			return err
		}
		return errThere
	}
	if !there {
		err = origin.AddRelationship(ctx, esri.ItemID(to), gis.RelationshipType(r.kind))
	}
	if err != nil && !errors.Is(err, gis.ErrConflict) {
		return a.unrelatable(r, err)
	}
	return a.done(Entry{Kind: KindRelationship, Source: s.Source, Target: target.String(), Action: Create})
}

// madeNow reports whether this run made an item, and with it the relationship that an attachment
// is born with.
func (a *applier) madeNow(source string) bool {
	e, ok := a.j.last(KindItem, source)
	return ok && e.Event == EventDone && e.Action == Create
}

// relating returns the account of the target in whose name two items are related.
func (a *applier) relating(r relation, rule relationRule) (string, error) {
	end := r.origin
	if s := a.steps[r.origin]; rule.destination || s == nil || s.Action == Skip {
		end = r.destination
	}
	owner, _, err := a.place(end)
	return owner, err
}

// unrelatable adds to a refusal what the reader needs to know: some types want one owner for
// both ends, which the source does not ask for again once the items are related.
func (a *applier) unrelatable(r relation, err error) error {
	from, _, ferr := a.place(r.origin)
	to, _, terr := a.place(r.destination)
	if !errors.Is(err, gis.ErrDenied) || ferr != nil || terr != nil || from == to {
		return err
	}
	return fmt.Errorf("the target relates items by %s only where one member owns both, and these belong to %s and %s: %w", r.kind, from, to, err)
}

// endRelation takes a relationship away that an earlier run made.
func (a *applier) endRelation(ctx context.Context, s Step) error {
	target, err := parseRelation(s.Target)
	if err != nil {
		return err
	}
	made, ok := a.j.made(KindRelationship, s.Source)
	if !ok || made != s.Target {
		return errors.New("no earlier run made it, so it is left on the target")
	}
	r, err := parseRelation(s.Source)
	if err != nil {
		return err
	}
	owner, err := a.relating(r, ruleOfRelation(r.kind))
	if err != nil {
		return err
	}
	origin := a.dst.Content.Handle(owner, "", esri.ItemID(target.origin))
	there, err := related(ctx, origin, target)
	if err != nil {
		return err
	}
	if there {
		if err := origin.DeleteRelationship(ctx, esri.ItemID(target.destination), gis.RelationshipType(target.kind)); err != nil {
			return err
		}
	}
	return a.done(Entry{Kind: KindRelationship, Source: s.Source, Action: Update})
}

// related reports whether a relationship is on the target.
func related(ctx context.Context, origin *gis.Item, r relation) (bool, error) {
	for it, err := range origin.Related(ctx, gis.Forward, gis.RelationshipType(r.kind)) {
		if err != nil {
			return false, err
		}
		if string(it.ID) == r.destination {
			return true, nil
		}
	}
	return false, nil
}

// ruleOfRelation is the rule of a type, the zero one for types that ask for nothing.
func ruleOfRelation(kind string) relationRule { return relationRules[gis.RelationshipType(kind)] }

// attachedTo returns the source app that an item is the code attachment of.
func (a *applier) attachedTo(source string) (app string, kind gis.RelationshipType, ok bool) {
	for _, s := range a.plan.Steps {
		if s.Kind != KindRelationship || s.Action == Skip || !ruleOfRelation(s.Type).attachment {
			continue
		}
		if r, err := parseRelation(s.Source); err == nil && r.destination == source {
			return r.origin, gis.RelationshipType(r.kind), true
		}
	}
	return "", "", false
}
