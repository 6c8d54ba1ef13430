package portal

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// ShareRequest says how the sharing of an item is to change.
type ShareRequest struct {
	Everyone       *bool          // nil: leave as it is; false takes back
	Org            *bool          // likewise
	Groups         []esri.GroupID // to share with as well
	ClearGroups    bool           // take back from all groups
	ConfirmControl bool           // groups whose members may update their items are meant
}

// ShareItem changes with whom an item is shared, in the name of its owner. It returns the
// groups that the item could not be shared with.
func (p *Portal) ShareItem(ctx context.Context, c Caller, ref ItemRef, r ShareRequest) (left []esri.GroupID, err error) {
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := itemAt(tx, a, ref)
		if err != nil {
			return err
		}
		left, err = shareItem(tx, a, it.Item, r)
		return err
	})
	return left, err
}

// ShareToGroups shares an item with groups that the caller owns or manages: an item that the
// organization or everybody sees. For who may share the item in its owner's name it is
// ShareItem.
func (p *Portal) ShareToGroups(ctx context.Context, c Caller, id esri.ItemID, r ShareRequest) (left []esri.GroupID, err error) {
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		it, err := visibleItem(tx, a, id)
		if err != nil {
			return err
		}
		if a.is(it.Owner) || a.has(privAdminShare+"Group") {
			left, err = shareItem(tx, a, it.Item, r)
			return err
		}
		// The Python client sends everyone and account along. What they do not change they do
		// not ask for; taking an item of others back is not what a group's manager means.
		if len(r.Groups) == 0 || on(r.Everyone) && it.Access != Public || on(r.Org) && it.Access != Public && it.Access != InOrg {
			return ErrDenied("to own the item, or to own or manage a group to share it with")
		}
		left, err = shareAsManager(tx, a, it.Item, r.Groups)
		return err
	})
	return left, err
}

func on(b *bool) bool  { return b != nil && *b }
func off(b *bool) bool { return b != nil && !*b }

// shareAsManager shares an item of others with groups of the caller.
func shareAsManager(tx Tx, a *actor, it *Item, groups []esri.GroupID) (left []esri.GroupID, err error) {
	for _, id := range groups {
		g, err := tx.Group(id)
		if err != nil && !isAbsent(err) {
			return nil, err
		}
		// Favorites hold whatever their owner sees.
		fine := err == nil && a.manages(id) && (g.Fav || (it.Access == Public || it.Access == InOrg) && !g.SharedUpdate())
		if !fine {
			left = append(left, id)
			continue
		}
		if !g.Fav {
			if err := a.needs(privShare + "Group"); err != nil {
				return nil, err
			}
		}
		if err := tx.Share(it.ID, id); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// shareItem changes the sharing of an item, and of the items that are shared with it, in its
// owner's name.
func shareItem(tx Tx, a *actor, it *Item, r ShareRequest) (left []esri.GroupID, err error) {
	next := nextAccess(it.Access, r)
	if err := a.mayShare(it, next, r); err != nil {
		return nil, err
	}
	if next == Public && it.Access != Public {
		if err := mayPublish(tx, a); err != nil {
			return nil, err
		}
	}
	if r.ClearGroups {
		if err := leaveGroups(tx, it); err != nil {
			return nil, err
		}
	}
	it.Access = next
	for _, id := range r.Groups {
		fine, err := a.mayContribute(tx, it, id, r.ConfirmControl)
		if err != nil {
			return nil, err
		}
		if !fine {
			left = append(left, id)
			continue
		}
		if err := tx.Share(it.ID, id); err != nil {
			return nil, err
		}
	}
	if err := settleAccess(tx, it); err != nil {
		return nil, err
	}
	return left, shareChildren(tx, it, map[esri.ItemID]bool{it.ID: true})
}

// mayShare returns nil where the caller may give the item this access and share it with
// groups. To take back needs no privilege of an owner.
func (a *actor) mayShare(it *Item, next Access, r ShareRequest) error {
	mine := a.is(it.Owner)
	need := func(what string) error {
		if a.has(privAdminShare + what) {
			return nil
		}
		if mine {
			return a.needs(privShare + what)
		}
		return a.needs(privAdminShare + what)
	}
	now := it.Access
	if now == Shared {
		now = Private
	}
	if !mine && !a.has(privAdminShare+"Org") && !a.has(privAdminShare+"Public") {
		if err := need("Group"); err != nil {
			return err
		}
	}
	if r.ClearGroups && !mine {
		if err := need("Group"); err != nil {
			return err
		}
	}
	if next != now {
		if next == Public || (!mine && now == Public) {
			if err := need("Public"); err != nil {
				return err
			}
		}
		if next == InOrg || (!mine && now == InOrg && next != Public) {
			if err := need("Org"); err != nil {
				return err
			}
		}
	}
	if len(r.Groups) > 0 && !(mine && len(r.Groups) == 1 && r.Groups[0] == a.user.FavGroupID) {
		return need("Group")
	}
	return nil
}

// mayContribute reports whether an item may be shared with a group by the caller, who may
// share the item: as its owner with groups that take items of his, as an administrator with
// groups that take the owner's items, or any where the item is open to the organization.
func (a *actor) mayContribute(tx Tx, it *Item, id esri.GroupID, confirmed bool) (bool, error) {
	g, err := tx.Group(esri.GroupID(strings.ToLower(string(id))))
	if err != nil {
		if isAbsent(err) {
			err = nil
		}
		return false, err
	}
	if g.Fav {
		return a.is(g.Owner), nil
	}
	part := MemberNone
	if a.is(it.Owner) {
		part = a.groups[g.ID]
	} else if part, err = memberTypeOf(tx, g.ID, it.Owner); err != nil {
		return false, err
	}
	if g.SharedUpdate() {
		// Members of the group get to change the item, so that its owner has to stand above them.
		return confirmed && (part == MemberOwner || part == MemberAdmin), nil
	}
	if a.has(privAdminShare+"Group") && (it.Access == Public || it.Access == InOrg) {
		return true, nil
	}
	return takesItems(g, part), nil
}

// takesItems reports whether a group takes items of a member with that part in it.
func takesItems(g *Group, part MemberType) bool {
	switch part {
	case MemberOwner, MemberAdmin:
		return true
	case MemberPlain:
		return !g.ViewOnly
	}
	return false
}
