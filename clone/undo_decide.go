package clone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// decide tells for every object of the journal whether it goes or stays. Items come first: what
// stays of them keeps folders, groups and accounts, and these keep each other.
func (u *undoing) decide(ctx context.Context) error {
	if err := u.read(ctx); err != nil {
		return err
	}
	if err := u.decideItems(ctx); err != nil {
		return err
	}
	u.decideShares()
	u.decideGroups()
	u.decideFolders()
	u.decideUsers()
	if err := u.decideRoles(ctx); err != nil {
		return err
	}
	u.decideRelationships()
	u.listOthers()
	for _, k := range undoOrder {
		for _, o := range u.order {
			if o.Kind == k {
				u.rep.Remove = append(u.rep.Remove, o.UndoObject)
			}
		}
	}
	u.rep.finish()
	return nil
}

// undoOrder is the order in which objects go, so that nothing stands in the way of another.
var undoOrder = [...]Kind{KindRelationship, KindShare, KindItem, KindGroup, KindFolder, KindUser, KindRole}

// each calls do for the objects of a kind that the run made, in a fixed order.
func (u *undoing) each(k Kind, do func(*logged)) {
	for _, o := range u.sorted(k) {
		if o.action == Create || (o.action == "" && !o.complete) {
			do(o)
		}
	}
}

func (u *undoing) sorted(k Kind) []*logged {
	var list []*logged
	for key, o := range u.log.objects {
		if key.kind == k {
			list = append(list, o)
		}
	}
	slices.SortFunc(list, func(a, b *logged) int { return strings.Compare(a.source, b.source) })
	return list
}

func (u *undoing) object(k Kind, o *logged) UndoObject {
	return UndoObject{Kind: k, Source: o.source, Target: o.target, Owner: o.owner, Title: u.log.titles[objectKey{k, o.source}]}
}

func (u *undoing) goes(o *undoObject) {
	u.going[goingKey(o.Kind, o.Target)] = o
	u.order = append(u.order, o)
}

func (u *undoing) stays(o UndoObject, reason string) {
	o.Reason = reason
	u.rep.Kept = append(u.rep.Kept, o)
}

// gone accounts for an object that somebody removed before.
func (u *undoing) gone(k Kind, o *logged) {
	if o.target != "" {
		u.rep.Result.Gone++
	}
}

// decideItems compares each item with its seal, and the names of its resources with the
// journal. What was looked for in vain in its owner's content may be with another owner.
func (u *undoing) decideItems(ctx context.Context) error {
	var todo []*logged
	u.each(KindItem, func(o *logged) { todo = append(todo, o) })
	u.m.begin("compare items", len(todo), 0)
	verdicts := make([]func(), len(todo))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, o := range todo {
		g.Go(func() (err error) {
			verdicts[i], err = u.itemVerdict(gctx, o)
			u.m.finish(MeterEvent{})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, settle := range verdicts {
		settle()
	}
	return nil
}

func (u *undoing) itemVerdict(ctx context.Context, o *logged) (func(), error) {
	d := u.object(KindItem, o)
	now := u.seen.items[o.target]
	if now == nil || now.now == nil {
		if o.target == "" {
			return func() {}, nil
		}
		it, err := u.dst.Content.Get(ctx, esri.ItemID(o.target))
		switch {
		case errors.Is(err, gis.ErrNotFound):
			return func() { u.gone(KindItem, o) }, nil
		case err != nil:
			return nil, fmt.Errorf("item %s: %w", o.target, err)
		}
		d.Title, d.Owner = it.Title, it.Owner
		return func() { u.stays(d, "it belongs to "+it.Owner+" now") }, nil
	}
	d.Title, d.Owner = now.title, now.owner
	reason, err := u.itemTouched(ctx, o, now)
	if err != nil {
		return nil, fmt.Errorf("item %s: %w", describe(now.title, o.target), err)
	}
	if reason != "" {
		return func() { u.stays(d, reason) }, nil
	}
	return func() { u.goes(&undoObject{UndoObject: d, logged: o, protected: now.protected, folder: now.folder}) }, nil
}

// itemTouched says what somebody changed of an item since the run; "" for nothing.
func (u *undoing) itemTouched(ctx context.Context, o *logged, now *itemNow) (string, error) {
	switch {
	case o.sealed == nil && !u.log.runs[now.mark.Run]:
		return "it does not carry the marker of this run", nil
	case o.sealed == nil && now.modified > u.seen.latest+unsealedGrace:
		return "the run did not finish, and the item was changed later; finish the run first, then undo it", nil
	case o.sealed == nil && now.protected && !o.complete:
		return "the run did not finish, and the item is protected; finish the run first, then undo it", nil
	case o.sealed != nil:
		if t := o.touched(now.now); len(t) > 0 {
			return changedSince(t), nil
		}
	}
	it := u.dst.Content.Handle(now.owner, esri.FolderID(now.folder), esri.ItemID(o.target))
	if o.sealed == nil && o.complete && o.hash != "" {
		same, err := u.holds(ctx, it, o.hash)
		if err != nil || !same {
			return "its data was changed since", err
		}
	}
	if o.resources == "" || !o.complete {
		return "", nil
	}
	var names []string
	for r, err := range it.Resources().List(ctx, nil) {
		if err != nil {
			return "", err
		}
		names = append(names, r.Name)
	}
	if resourcesWritten(names) != o.resources {
		return "resources were added or removed since", nil
	}
	return "", nil
}

// unsealedGrace is how long after the last object of a cut-off run was made a change of an
// object of it counts as the run's own, in milliseconds.
const unsealedGrace = 60_000

// resourcesWritten is what a journal keeps of the names of an item's resources.
func resourcesWritten(names []string) string {
	if len(names) == 0 {
		return "-"
	}
	return namesHash(names)
}

// holds reports whether the data of an item still is what the run wrote.
func (u *undoing) holds(ctx context.Context, it *gis.Item, hash string) (bool, error) {
	d, err := optional(it.Data(ctx))
	if err != nil || d == nil {
		return false, err
	}
	defer d.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, d)
	u.m.addBytes(n)
	return hex.EncodeToString(sum.Sum(nil)) == hash, err
}

var undoWords = map[string]string{
	"sign-in": "somebody signed in with it", "folder": "it was moved", "groups": "it was shared with other groups, or no longer with one",
	"access": "its access level was changed", "comments": "it was commented or rated",
	"owner": "it belongs to somebody else now", "user-type": "its user type was changed",
	"members": "members came or went", "state": "it was enabled or disabled",
}

// changedSince puts aspects into words.
func changedSince(aspects []string) string {
	var plain, said []string
	for _, a := range aspects {
		if w := undoWords[a]; w != "" {
			said = append(said, w)
		} else {
			plain = append(plain, a)
		}
	}
	if len(plain) > 0 {
		said = append([]string{"changed since: " + strings.Join(plain, ", ")}, said...)
	}
	return strings.Join(said, "; ")
}

// decideRelationships removes those that the run made between items that both stay; others go
// with their items.
func (u *undoing) decideRelationships() {
	u.each(KindRelationship, func(o *logged) {
		r, err := parseRelation(o.target)
		if err != nil || !o.complete {
			return
		}
		from, to := u.seen.items[r.origin], u.going[goingKey(KindItem, r.origin)]
		if from == nil || to != nil || u.going[goingKey(KindItem, r.destination)] != nil {
			return
		}
		d := u.object(KindRelationship, o)
		d.Title, d.Owner = from.title, from.owner
		if u.madeHere(r.origin) || u.madeHere(r.destination) {
			return // an item that stays, stays as it is
		}
		u.goes(&undoObject{UndoObject: d, logged: o})
	})
}

// madeHere reports whether the run made an item.
func (u *undoing) madeHere(target string) bool {
	now := u.seen.items[target]
	return now != nil && now.now != nil && u.log.runs[now.mark.Run]
}

// listOthers lists what the run changed and did not make.
func (u *undoing) listOthers() {
	for _, k := range kinds {
		for _, o := range u.sorted(k) {
			if o.action != Update && o.action != Replace && k != KindSetting {
				continue
			}
			d := u.object(k, o)
			d.Reason = "it was there before and was brought in line with the source"
			if o.action == Replace {
				d.Reason = "it took the place of another object, which cannot be brought back"
			}
			u.rep.NotUndone = append(u.rep.NotUndone, d)
		}
	}
}
