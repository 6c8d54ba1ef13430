package clone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// share applies access levels and groups, one call for all items of an owner that are shared
// alike.
func (a *applier) share(ctx context.Context) error {
	todo := a.sharesToDo()
	a.m.begin("sharing", len(todo), 0)
	if err := a.levels.read(ctx, a, todo); err != nil {
		return err
	}
	type alike struct{ owner, access, groups string }
	sets := map[alike][]Step{}
	var order []alike
	for _, s := range todo {
		access, err := a.levelOf(ctx, s)
		if err != nil {
			if err := a.outcome(ctx, s, err); err != nil {
				return err
			}
			continue
		}
		key := alike{a.users.get(s.Owner), string(access), strings.Join(s.Groups, ",")}
		if sets[key] == nil {
			order = append(order, key)
		}
		sets[key] = append(sets[key], s)
	}
	work, cancel := inFlight(ctx)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, key := range order {
		for steps := range chunks(sets[key], 100) {
			g.Go(func() error {
				if gctx.Err() != nil {
					return gctx.Err()
				}
				for i, err := range a.shareAlike(work, key.owner, gis.Access(key.access), steps) {
					if err := a.outcome(ctx, steps[i], err); err != nil {
						return err
					}
				}
				return gctx.Err()
			})
		}
	}
	return g.Wait()
}

// sharesToDo lists the steps of sharing. What the plan found to be shared alike already is
// shared again with a group that was made anew.
func (a *applier) sharesToDo() (todo []Step) {
	anew := map[string]bool{}
	for _, s := range a.plan.Steps {
		if s.Kind == KindGroup && s.Action == Replace {
			anew[s.Source] = true
		}
	}
	for _, s := range a.plan.Steps {
		if s.Kind != KindShare {
			continue
		}
		if s.Action == Match && slices.ContainsFunc(s.Groups, func(id string) bool { return anew[id] }) {
			s.Action = Update
		}
		if !a.settled(s) {
			todo = append(todo, s)
		}
	}
	return todo
}

// shareAlike shares the items of steps, which all want the same, and returns an error or nil
// for each.
func (a *applier) shareAlike(ctx context.Context, owner string, access gis.Access, steps []Step) []error {
	errs := make([]error, len(steps))
	// Members of a group with shared update edit the source's item, so they edit its copy.
	share := gis.Share{Access: access, AllowMembersToEdit: true}
	var lost []string
	for _, id := range steps[0].Groups {
		if t := a.groups.get(id); t != "" {
			share.Groups = append(share.Groups, esri.GroupID(t))
		} else {
			lost = append(lost, id)
		}
	}
	var ids []esri.ItemID
	at := map[string]int{}
	for i, s := range steps {
		id := a.copied(s.Source)
		if id == "" {
			errs[i] = blocked("its item was not copied completely")
			continue
		}
		at[id] = i
		ids = append(ids, esri.ItemID(id))
	}
	if len(ids) == 0 {
		return errs
	}
	err := a.dst.Content.ShareItems(ctx, owner, share, ids...)
	var failed *gis.BatchError
	switch {
	case errors.As(err, &failed):
		for _, f := range failed.Failed {
			if i, ok := at[f.ID]; ok {
				errs[i] = f.Err
			}
		}
	case err != nil:
		for _, i := range at {
			errs[i] = err
		}
	}
	for id, i := range at {
		switch {
		case errs[i] != nil:
		case len(lost) > 0:
			errs[i] = blocked("it is not shared with these groups, which were not copied: " + strings.Join(lost, ", "))
		default:
			errs[i] = a.done(Entry{Kind: KindShare, Source: steps[i].Source, Target: id, Action: steps[i].Action})
		}
	}
	return errs
}

// chunks yields runs of at most n elements.
func chunks[T any](s []T, n int) func(func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(s) > 0 {
			k := min(n, len(s))
			if !yield(s[:k]) {
				return
			}
			s = s[k:]
		}
	}
}

// settleShares sets the sharing of related items again. A relationship may carry the sharing
// of its origin over to its destination, at once or when the origin is shared, and the copy
// must not become wider than its source. The same goes for a copy that an earlier run made and
// that is shared otherwise now.
func (a *applier) settleShares(ctx context.Context) error {
	wanted, related := map[string]Step{}, map[string]bool{}
	for _, s := range a.plan.Steps {
		switch {
		case s.Kind == KindShare && s.Action != Skip:
			wanted[s.Source] = s
			if it := a.steps[s.Source]; s.Action != Match && it != nil && it.begun() {
				related[s.Source] = true
			}
		case s.Kind == KindRelationship && s.Action == Create:
			r, err := parseRelation(s.Source)
			if err != nil {
				return err
			}
			related[r.origin], related[r.destination] = true, true
		}
	}
	work, cancel := inFlight(ctx)
	defer cancel()
	defer func() { a.levels.report(a.rep, a.dst.self.CanSharePublic) }()
	for range 2 { // sharing an origin may move its destination once more
		var moved atomic.Bool
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(writers)
		for source := range related {
			g.Go(func() error {
				if gctx.Err() != nil {
					return gctx.Err()
				}
				changed, err := a.settleShare(work, source, wanted[source])
				if changed {
					moved.Store(true)
				}
				if err == nil || ctx.Err() != nil {
					return ctx.Err()
				}
				return a.failLate(Failure{Kind: KindShare, Source: source, Title: a.steps[source].Title, Error: err.Error()}, wanted[source].Action)
			})
		}
		if err := g.Wait(); err != nil || !moved.Load() {
			return err
		}
	}
	return nil
}

// settleShare makes the sharing of one copy exactly what the plan says, private without a step,
// and reports whether it was otherwise.
func (a *applier) settleShare(ctx context.Context, source string, want Step) (changed bool, err error) {
	id := a.items.get(source)
	owner, folder, err := a.place(source)
	if id == "" || err != nil {
		return false, nil // the item failed, and is reported so
	}
	it := a.dst.Content.Handle(owner, folder, esri.ItemID(id))
	now, err := it.ReadSharing(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the sharing: %w", err)
	}
	var groups, extra []esri.GroupID
	for _, g := range want.Groups {
		if t := a.groups.get(g); t != "" {
			groups = append(groups, esri.GroupID(t))
		}
	}
	for _, g := range now.Groups {
		if !slices.Contains(groups, g) {
			extra = append(extra, g)
		}
	}
	if len(extra) > 0 {
		if err := it.Unshare(ctx, extra...); err != nil {
			return false, fmt.Errorf("unshare: %w", err)
		}
	}
	access := gis.AccessPrivate
	if want.Source != "" {
		if access, err = a.levelOf(ctx, want); err != nil {
			return false, err
		}
	}
	if level(now.Access) == access {
		return len(extra) > 0, nil
	}
	if err := it.Share(ctx, gis.Share{Access: access, Groups: groups}); err != nil {
		return true, fmt.Errorf("share: %w", err)
	}
	return true, nil
}

// level is the access level without the part that groups play.
func level(a gis.Access) gis.Access {
	if a == gis.AccessOrg || a == gis.AccessPublic {
		return a
	}
	return gis.AccessPrivate
}
