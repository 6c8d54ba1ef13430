package member

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// Assign plans an assignment and applies it: see [PlanAssign] and [AssignPlan.Apply].
func Assign(ctx context.Context, p *gis.Portal, a Assignment, opts Options) (*Results, error) {
	pl, err := PlanAssign(ctx, p, a, opts)
	if err != nil {
		return nil, err
	}
	return pl.Apply(ctx, opts)
}

// Apply carries out the plan. Members who end with the same set go to the portal together, 25
// at a time; where it refuses such a call, it is asked for each of them alone, and its reason
// is told. Applying a plan again changes nothing.
func (pl *AssignPlan) Apply(ctx context.Context, opts Options) (*Results, error) {
	r, err := beginRun(ctx, pl.p, opts.Journal, kindAssign, pl.Changes)
	if err != nil {
		return nil, err
	}
	defer r.close()
	return applyChanges(ctx, pl.p, r, pl.Changes, opts)
}

// resumeAssign goes on with changes that were begun earlier. What others changed since then is
// not overwritten.
func resumeAssign(ctx context.Context, p *gis.Portal, r *run, opts Options) (*Results, error) {
	changes, err := stepsOf[Change](r)
	if err != nil {
		return nil, err
	}
	products, err := Products(ctx, p, opts)
	if err != nil {
		return nil, err
	}
	for i := range changes {
		c := &changes[i]
		if _, over := r.over(i); over || c.Refusal != "" || c.Action() == "" {
			continue
		}
		at := slices.IndexFunc(products, func(p *Product) bool { return p.ItemID == c.ItemID })
		if at < 0 {
			c.Refusal = fmt.Sprintf("the organization does not hold %s any more", c.Product)
			continue
		}
		h, _ := products[at].Holder(c.Username)
		if !slices.Equal(h.Entitlements, c.Before) && !slices.Equal(h.Entitlements, c.After) {
			c.Refusal = fmt.Sprintf("somebody else changed it meanwhile: %s is held now, where it was %s", listed(h.Entitlements), listed(c.Before))
		}
	}
	return applyChanges(ctx, p, r, changes, opts)
}

// listed writes a set for a person.
func listed(set []string) string {
	if len(set) == 0 {
		return "nothing"
	}
	return strings.Join(set, ", ")
}

// parcel is a call to the portal: members who end with the same set.
type parcel struct {
	item  esri.ItemID
	after []string
	steps []int
}

const parcelSize = 25

// parcels puts the changes of a wave together.
func parcels(changes []Change, r *run, wave int) []*parcel {
	var out []*parcel
	open := map[string]*parcel{}
	for i := range changes {
		c := &changes[i]
		if _, over := r.over(i); over || c.Refusal != "" || c.Action() == "" || c.Wave != wave {
			continue
		}
		key := string(c.ItemID) + " " + strings.Join(c.After, ",")
		p := open[key]
		if p == nil || len(p.steps) == parcelSize {
			p = &parcel{item: c.ItemID, after: c.After}
			open[key], out = p, append(out, p)
		}
		p.steps = append(p.steps, i)
	}
	return out
}

func applyChanges(ctx context.Context, p *gis.Portal, r *run, changes []Change, opts Options) (*Results, error) {
	m := newMeter(opts)
	waves, todo := 0, 0
	for i := range changes {
		waves = max(waves, changes[i].Wave)
		if changes[i].Refusal == "" && changes[i].Action() != "" {
			todo++
		}
	}
	m.begin("assign", todo)
	a := &assigner{p: p, r: r, changes: changes, m: m}
	for wave := 0; wave <= waves; wave++ {
		if err := each(ctx, opts.workers(), parcels(changes, r, wave), a.send); err != nil {
			return a.results(), err
		}
	}
	return a.results(), r.finish()
}

type assigner struct {
	p       *gis.Portal
	r       *run
	changes []Change
	m       *meter
}

// send makes one call, and where it is refused one for each member.
func (a *assigner) send(ctx context.Context, pc *parcel) error {
	err := a.assign(ctx, pc.item, pc.after, pc.steps)
	if err == nil {
		return a.settled(Done, "", pc.steps...)
	}
	if ends(ctx, err) {
		return err
	}
	for _, n := range pc.steps {
		if len(pc.steps) > 1 {
			err = a.assign(ctx, pc.item, pc.after, []int{n})
		}
		o, why := Done, ""
		if err != nil {
			if ends(ctx, err) {
				return err
			}
			o, why = Failed, reasonOf(err)
		}
		if err := a.settled(o, why, n); err != nil {
			return err
		}
	}
	return nil
}

func (a *assigner) assign(ctx context.Context, item esri.ItemID, set []string, steps []int) error {
	names := make([]string, len(steps))
	for i, n := range steps {
		names[i] = a.changes[n].Username
	}
	return a.p.Licenses.Handle(item).Assign(ctx, set, names...)
}

func (a *assigner) settled(o Outcome, why string, steps ...int) error {
	if err := a.r.outcome(o, why, steps...); err != nil {
		return err
	}
	for _, n := range steps {
		a.m.step(a.changes[n].Username, o, why)
	}
	return nil
}

// ends reports whether a failure ends the run, in place of concerning one member: the run was
// cancelled, the portal cannot be reached, or the sign-in or the privilege is missing.
func ends(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, gis.ErrTransport) || errors.Is(err, gis.ErrToken) || errors.Is(err, gis.ErrThrottled)
}

// results tells what became of the changes so far.
func (a *assigner) results() *Results {
	out := &Results{}
	for i := range a.changes {
		row := a.changes[i].result()
		if l, over := a.r.over(i); over {
			row.Outcome, row.Reason = l.Outcome, l.Reason
		} else if row.Outcome == Done {
			row.Outcome, row.Reason = Failed, "the run ended before it was done; it goes on with the same journal"
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
