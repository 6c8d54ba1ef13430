package clone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// deletions is how many items one call deletes.
const deletions = 100

// remove takes away what goes, kind by kind. A failure of one object is reported and ends
// nothing; what is not empty because of it stays too.
func (u *undoing) remove(ctx context.Context) error {
	if len(u.rep.Kept) == 0 && len(u.order) == 0 && u.j.Finished() {
		return nil
	}
	steps := map[Kind]func(context.Context, *undoObject) error{
		KindRelationship: u.removeRelationship, KindShare: u.removeShare, KindGroup: u.removeGroup,
		KindFolder: u.removeFolder, KindUser: u.removeUser, KindRole: u.removeRole,
	}
	for _, k := range undoOrder {
		var list []*undoObject
		for _, o := range u.order {
			if o.Kind == k {
				list = append(list, o)
			}
		}
		u.m.begin("remove "+removalNames[k], len(list), 0)
		var err error
		if k == KindItem {
			err = u.removeItems(ctx, list)
		} else {
			err = u.removeEach(ctx, list, steps[k])
		}
		if err != nil {
			return err
		}
	}
	return u.j.Append(Entry{Event: EventFinished})
}

var removalNames = map[Kind]string{
	KindRelationship: "relationships", KindShare: "sharing", KindItem: "items", KindGroup: "groups",
	KindFolder: "folders", KindUser: "members", KindRole: "roles",
}

func (u *undoing) removeEach(ctx context.Context, list []*undoObject, do func(context.Context, *undoObject) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, o := range list {
		g.Go(func() error {
			if gctx.Err() != nil {
				return gctx.Err()
			}
			return u.outcome(ctx, o, do(gctx, o))
		})
	}
	return g.Wait()
}

// stillUsed is the error of an object that somebody began to use while undo was at work.
type stillUsed string

func (s stillUsed) Error() string { return string(s) }

// outcome journals and counts one removal. What is gone already counts as removed: the answer
// to an earlier call may have been lost.
func (u *undoing) outcome(ctx context.Context, o *undoObject, err error) error {
	var used stillUsed
	ev := MeterEvent{Kind: o.Kind, Source: o.Source, Target: o.Target, Title: o.Title, Action: "removed"}
	switch {
	case err == nil || errors.Is(err, gis.ErrNotFound):
		if err := u.j.Append(Entry{Event: EventUndone, Kind: o.Kind, Source: o.Source, Target: o.Target}); err != nil {
			return err
		}
		u.seen.mu.Lock()
		u.rep.Removed = append(u.rep.Removed, o.UndoObject)
		u.rep.Result.Removed[o.Kind]++
		u.seen.mu.Unlock()
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &used):
		ev.Action = "kept"
		u.seen.mu.Lock()
		u.stays(o.UndoObject, string(used))
		u.seen.mu.Unlock()
	default:
		ev.Action, ev.Error = "failed", err.Error()
		u.seen.mu.Lock()
		u.rep.Failures = append(u.rep.Failures, Failure{Kind: o.Kind, Source: o.Source, Title: o.Title, Cause: causeOf(err), Error: err.Error()})
		u.seen.mu.Unlock()
	}
	u.m.finish(ev)
	return nil
}

// removeItems unprotects what the run had protected and deletes a hundred items of an owner at
// a time. Portals refuse to delete what others still need: what is refused is tried again while
// that gets anywhere.
func (u *undoing) removeItems(ctx context.Context, list []*undoObject) error {
	slices.SortStableFunc(list, func(a, b *undoObject) int { return strings.Compare(fold(a.Owner), fold(b.Owner)) })
	for last := false; len(list) > 0; {
		refused, err := u.removeBatches(ctx, list, last)
		if err != nil || last {
			return err
		}
		last = len(refused) == len(list)
		list = refused
	}
	return nil
}

// removeBatches deletes what it can and returns the rest; the last time it reports the rest.
func (u *undoing) removeBatches(ctx context.Context, list []*undoObject, last bool) ([]*undoObject, error) {
	var batches [][]*undoObject
	for _, o := range list {
		n := len(batches)
		if n == 0 || fold(batches[n-1][0].Owner) != fold(o.Owner) || len(batches[n-1]) == deletions {
			batches, n = append(batches, nil), n+1
		}
		batches[n-1] = append(batches[n-1], o)
	}
	refused := make([][]*undoObject, len(batches))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for n, batch := range batches {
		g.Go(func() error {
			errs := u.deleteItems(gctx, batch)
			for i, o := range batch {
				if errs[i] != nil && !errors.Is(errs[i], gis.ErrNotFound) && !last && ctx.Err() == nil {
					refused[n] = append(refused[n], o)
				} else if err := u.outcome(ctx, o, errs[i]); err != nil {
					return err
				}
			}
			return gctx.Err()
		})
	}
	err := g.Wait()
	return slices.Concat(refused...), err
}

func (u *undoing) deleteItems(ctx context.Context, batch []*undoObject) []error {
	errs := make([]error, len(batch))
	var ids []esri.ItemID
	at := map[string]int{}
	for i, o := range batch {
		if o.protected {
			it := u.dst.Content.Handle(o.Owner, esri.FolderID(o.folder), esri.ItemID(o.Target))
			if errs[i] = cmp.Or(u.undoing(o), it.Protect(ctx, false)); errs[i] != nil {
				continue
			}
		}
		at[o.Target] = i
		ids = append(ids, esri.ItemID(o.Target))
	}
	if len(ids) == 0 {
		return errs
	}
	err := u.dst.Content.DeleteItems(ctx, batch[0].Owner, ids...)
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
	return errs
}

// undoing notes that the protection of an object is lifted, so that it does not count as touched
// when the undo is cut off before the object is gone.
func (u *undoing) undoing(o *undoObject) error {
	return u.j.Append(Entry{Event: EventUndoing, Kind: o.Kind, Source: o.Source, Target: o.Target})
}

func (u *undoing) removeRelationship(ctx context.Context, o *undoObject) error {
	r, err := parseRelation(o.Target)
	if err != nil {
		return err
	}
	origin := u.dst.Content.Handle(o.Owner, "", esri.ItemID(r.origin))
	return origin.DeleteRelationship(ctx, esri.ItemID(r.destination), gis.RelationshipType(r.kind))
}

// removeShare takes an item that was there before out of the groups that go.
func (u *undoing) removeShare(ctx context.Context, o *undoObject) error {
	now := u.seen.items[o.Target]
	if now == nil {
		return gis.ErrNotFound
	}
	var groups []esri.GroupID
	for id, g := range u.seen.groups {
		if slices.Contains(g.items, o.Target) && u.going[goingKey(KindGroup, id)] != nil {
			groups = append(groups, esri.GroupID(id))
		}
	}
	if len(groups) == 0 {
		return nil
	}
	return u.dst.Content.Handle(now.owner, esri.FolderID(now.folder), esri.ItemID(o.Target)).Unshare(ctx, groups...)
}

// removeGroup looks once more whether the group is empty.
func (u *undoing) removeGroup(ctx context.Context, o *undoObject) error {
	g := u.dst.Groups.Handle(esri.GroupID(o.Target))
	for it, err := range g.Items(ctx, &gis.ItemList{Max: 1}) {
		if err != nil {
			return err
		}
		return stillUsed("an item that stays is shared with it: " + describe(it.Title, string(it.ID)))
	}
	if o.protected {
		if err := cmp.Or(u.undoing(o), g.Protect(ctx, false)); err != nil {
			return fmt.Errorf("unprotect: %w", err)
		}
	}
	return g.Delete(ctx)
}

// removeFolder looks once more whether the folder is empty: deleting it deletes what is in it.
func (u *undoing) removeFolder(ctx context.Context, o *undoObject) error {
	for it, err := range u.dst.Content.UserItems(ctx, o.Owner, esri.FolderID(o.Target), &gis.ItemList{Max: 1}) {
		if err != nil {
			return err
		}
		return stillUsed("an item is in it: " + describe(it.Title, string(it.ID)))
	}
	return u.dst.Content.DeleteFolder(ctx, o.Owner, esri.FolderID(o.Target))
}

func (u *undoing) removeUser(ctx context.Context, o *undoObject) error {
	err := u.dst.Users.Delete(ctx, o.Target)
	if err == nil {
		return nil
	}
	if _, gerr := u.dst.Users.Get(ctx, o.Target); errors.Is(gerr, gis.ErrNotFound) {
		return nil
	}
	return err
}

func (u *undoing) removeRole(ctx context.Context, o *undoObject) error {
	r, err := u.dst.Roles.Get(ctx, esri.RoleID(o.Target))
	if err != nil {
		return err
	}
	return r.Delete(ctx)
}
