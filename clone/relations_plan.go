package clone

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// relation is one relationship, by the ids of one portal.
type relation struct{ origin, destination, kind string }

// readRelations asks for the relationships of every item that is copied, in both directions
// where the other end may be one that is not, and for those that copies have already.
func (v *survey) readRelations(ctx context.Context, m *Meter) error {
	m.begin("read relationships", len(v.from.items), 0)
	read, there := newRelationReader(v.src), newRelationReader(v.dst)
	v.relations = make([][]relation, len(v.from.items))
	v.related = make([][]relation, len(v.from.items))
	target := map[string]*censusItem{}
	for _, t := range v.to.items {
		target[t.ID] = t
	}
	made := v.origins()
	few := 2*len(v.skipped) > len(v.from.items) // most are left out: ask the others from their end
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, it := range v.from.items {
		if v.skipped[it.ID] && few {
			continue
		}
		g.Go(func() (err error) {
			defer m.finish(MeterEvent{})
			if v.relations[i], err = read.of(ctx, it); err != nil {
				return err
			}
			if few {
				if err := v.readOrigins(ctx, read, i, it); err != nil {
					return err
				}
			}
			if t := target[v.items[it.ID]]; t != nil && (len(v.relations[i]) > 0 || made[it.ID]) {
				v.related[i], err = there.of(ctx, t)
				v.related[i] = append([]relation{}, v.related[i]...) // not nil: it was read
			}
			return err
		})
	}
	return g.Wait()
}

// origins lists the items of which earlier runs related the copies to others.
func (v *survey) origins() map[string]bool {
	out := map[string]bool{}
	if v.journal != nil {
		for source := range v.journal.Mapping(KindRelationship) {
			if r, err := parseRelation(source); err == nil {
				out[r.origin] = true
			}
		}
	}
	return out
}

// readOrigins adds the relationships of which an item is the destination and an item that is
// left out the origin.
func (v *survey) readOrigins(ctx context.Context, read *relationReader, i int, it *censusItem) error {
	reverse, err := read.to(ctx, it)
	if err != nil {
		return err
	}
	for _, r := range reverse {
		if v.skipped[r.origin] {
			v.relations[i] = append(v.relations[i], r)
		}
	}
	return nil
}

// planRelations adds a step for each relationship of an item that is copied. One whose other end
// is not copied, and has no counterpart on the target either, is left out with the reason.
func (v *survey) planRelations() {
	title, have := map[string]string{}, map[string]bool{}
	for _, it := range v.from.items {
		title[it.ID] = it.Title
	}
	for _, r := range slices.Concat(v.related...) {
		have[r.String()] = true
	}
	all := slices.Concat(v.relations...)
	v.followOrigins(all)
	planned := map[string]bool{}
	for _, r := range all {
		s := Step{Kind: KindRelationship, Action: Create, Source: r.String(), Type: r.kind, Title: title[r.origin]}
		target := relation{v.items[r.origin], v.items[r.destination], r.kind}
		switch {
		case v.skipped[r.origin] && v.skipped[r.destination]:
			continue
		case ruleOfRelation(r.kind).leftOut != "":
			s.Action, s.Reason = Skip, ruleOfRelation(r.kind).leftOut
		case v.stays(r.origin):
			s.Action, s.Reason = Skip, "the item that it comes from is used as it was found on the target"
		case v.astray(r.origin) || v.astray(r.destination):
			s.Action, s.Reason = Skip, "one of the two is a copy that another tool made in another account"
		case v.skipped[r.destination] && target.destination == "" || title[r.destination] == "":
			s.Action, s.Reason = Skip, "the related item is not copied"
		case v.skipped[r.origin] && target.origin == "":
			s.Action, s.Reason = Skip, "the item that it comes from is not copied"
		case have[target.String()]:
			s.Action, s.Target = Match, target.String()
		}
		planned[s.Source] = true
		if s.Action == Create {
			v.noteCounterparts(r)
		}
		v.step(s)
	}
	v.planEndedRelations(planned, have)
}

// noteCounterparts puts into the header what stands on the target for an end of a relationship that
// is not copied itself.
func (v *survey) noteCounterparts(r relation) {
	for _, end := range []string{r.origin, r.destination} {
		if v.skipped[end] && v.items[end] != "" {
			v.plan.Header.Items[end] = v.items[end]
		}
	}
}

// planEndedRelations adds a step for each relationship that an earlier run made and that the
// source has no more.
func (v *survey) planEndedRelations(planned, have map[string]bool) {
	if v.journal == nil {
		return
	}
	var ended []Step
	for source, target := range v.journal.Mapping(KindRelationship) {
		r, err := parseRelation(source)
		if err != nil || planned[source] || !have[target] || v.skipped[r.origin] {
			continue
		}
		ended = append(ended, Step{Kind: KindRelationship, Action: Update, Source: source, Target: target, Type: r.kind, Reason: "the source has it no more"})
	}
	slices.SortFunc(ended, func(a, b Step) int { return strings.Compare(a.Source, b.Source) })
	for _, s := range ended {
		v.step(s)
	}
}

// followOrigins leaves out the items that are made for another one which is not copied, and lets
// those wait for their origin that are made from it.
func (v *survey) followOrigins(all []relation) {
	follows, needs := map[string]string{}, map[string]string{}
	for _, r := range all {
		rule := ruleOfRelation(r.kind)
		if rule.follows != "" {
			follows[r.destination] = rule.follows
		}
		if rule.attachment && !v.skipped[r.origin] && !v.skipped[r.destination] {
			needs[r.destination] = r.origin
		}
	}
	for i := range v.plan.Steps {
		s := &v.plan.Steps[i]
		if s.Kind != KindItem || s.Action == Skip {
			continue
		}
		if reason := follows[s.Source]; reason != "" {
			s.Action, s.Target, s.Reason = Skip, "", reason
			v.skipped[s.Source] = true
		} else if app := needs[s.Source]; app != "" && !slices.Contains(s.Needs, app) {
			s.Needs = append(s.Needs, app)
			slices.Sort(s.Needs)
		}
	}
}
