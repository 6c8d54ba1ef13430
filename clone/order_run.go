package clone

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

// grace is how long objects in flight may go on when a run is cancelled.
const grace = 30 * time.Second

// inFlight returns a context for work on an object that was begun: it outlives ctx by the grace
// time, so that a cancelled run leaves as few half-made objects as it can.
func inFlight(ctx context.Context) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		t := time.AfterFunc(grace, cancel)
		context.AfterFunc(work, func() { t.Stop() })
	})
	return work, func() {
		stop()
		cancel()
	}
}

// copyItems carries out the item steps. An item starts when all that it needs is done; those
// that need a failed or blocked one are blocked and not written, the others arrive.
func (a *applier) copyItems(ctx context.Context) error {
	var todo []Step
	var bytes int64
	for _, s := range a.plan.Steps {
		if s.Kind == KindItem && !a.settled(s) {
			todo, bytes = append(todo, s), bytes+s.Size
		}
	}
	a.m.begin("items", len(todo), bytes)
	work, cancel := inFlight(ctx)
	defer cancel()
	return schedule(ctx, arrange(todo, a.missing), writers, func(u *unit) (*lack, error) {
		if u.lacks != nil {
			return a.blockUnit(ctx, u)
		}
		if len(u.steps) == 1 {
			s := u.steps[0]
			err := a.copyItem(work, s)
			return lackOf(s, err), a.outcome(ctx, s, err)
		}
		return a.copyRing(ctx, work, u)
	})
}

// schedule runs do for units, at most limit at a time, each after those that it waits for. What
// do answers as lacking blocks the units that wait. It returns the first error, or that of ctx
// when it ends, after the units in flight.
func schedule(ctx context.Context, units []*unit, limit int, do func(*unit) (*lack, error)) error {
	type result struct {
		u    *unit
		lack *lack
		err  error
	}
	var ready []*unit
	for _, u := range units {
		if u.waits == 0 {
			ready = append(ready, u)
		}
	}
	results := make(chan result, limit)
	running, left := 0, len(units)
	var failed error
	for left > 0 {
		for len(ready) > 0 && running < limit && failed == nil && ctx.Err() == nil {
			u := ready[0]
			ready = ready[1:]
			running++
			go func() {
				l, err := do(u)
				results <- result{u, l, err}
			}()
		}
		if running == 0 {
			break
		}
		r := <-results
		running, left = running-1, left-1
		if failed == nil {
			failed = r.err
		}
		for _, next := range r.u.unlocks {
			if next.lacks == nil {
				next.lacks = r.lack
			}
			if next.waits--; next.waits == 0 {
				ready = append(ready, next)
			}
		}
	}
	if failed == nil && left > 0 {
		failed = ctx.Err()
	}
	return failed
}

// missing reports a need that is no item step to do: a group or item that an earlier phase or an
// earlier run could not make.
func (a *applier) missing(id string) *lack {
	for _, kind := range []Kind{KindItem, KindGroup} {
		if s := a.step(kind, id); s != nil && s.Action != Skip && a.table(kind).get(id) == "" {
			return &lack{kind: kind, source: id, title: s.Title}
		}
	}
	return nil
}

// blockUnit reports the items of u as blocked by what they need.
func (a *applier) blockUnit(ctx context.Context, u *unit) (*lack, error) {
	for _, s := range u.steps {
		if err := a.outcome(ctx, s, blocked(u.lacks.Error())); err != nil {
			return nil, err
		}
	}
	return u.lacks, nil
}

// lackOf says what those that need s lack when it ended with err.
func lackOf(s Step, err error) *lack {
	if err == nil || errors.Is(err, errThere) {
		return nil
	}
	return &lack{kind: s.Kind, source: s.Source, title: s.Title}
}

// copyRing copies items that refer to each other: first as shells, so that each is there when
// the others are filled. When one fails the others are blocked; their shells stay, and the next
// run completes them.
func (a *applier) copyRing(ctx, work context.Context, u *unit) (*lack, error) {
	errs := make([]error, len(u.steps))
	fill := func(do func(context.Context, Step) error) {
		var g errgroup.Group
		g.SetLimit(writers / 2)
		for i, s := range u.steps {
			if errs[i] == nil && ctx.Err() == nil {
				g.Go(func() error { errs[i] = do(work, s); return nil })
			}
		}
		g.Wait()
	}
	fill(a.standShell)
	root := ringFailure(u.steps, errs)
	if root == nil && ctx.Err() == nil {
		fill(a.copyItem)
		root = ringFailure(u.steps, errs)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	for i, s := range u.steps {
		if errs[i] == nil && root != nil {
			errs[i] = blocked(root.Error())
		}
		if err := a.outcome(ctx, s, errs[i]); err != nil {
			return nil, err
		}
	}
	return root, nil
}

// ringFailure returns the first member of a ring that failed.
func ringFailure(steps []Step, errs []error) *lack {
	for i, err := range errs {
		if l := lackOf(steps[i], err); l != nil {
			return l
		}
	}
	return nil
}
