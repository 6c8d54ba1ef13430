package portal

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// ShareItems is ShareItem for several items, whoever owns them.
func (p *Portal) ShareItems(ctx context.Context, c Caller, username string, ids []esri.ItemID, r ShareRequest) ([]BatchResult, error) {
	return p.sharingBatch(ctx, c, username, ids, func(tx Tx, a *actor, it *Item) ([]esri.GroupID, error) {
		return shareItem(tx, a, it, r)
	})
}

// UnshareItems is UnshareItem for several items, whoever owns them.
func (p *Portal) UnshareItems(ctx context.Context, c Caller, username string, ids []esri.ItemID, groups []esri.GroupID) ([]BatchResult, error) {
	return p.sharingBatch(ctx, c, username, ids, func(tx Tx, a *actor, it *Item) ([]esri.GroupID, error) {
		return unshareItem(tx, a, it, groups)
	})
}

// sharingBatch runs do for each item in one transaction. The member in the path is a member
// of the organization; clients name the caller there, also for items of others.
func (p *Portal) sharingBatch(ctx context.Context, c Caller, username string, ids []esri.ItemID,
	do func(Tx, *actor, *Item) ([]esri.GroupID, error),
) (out []BatchResult, err error) {
	if err := checkBatch("items", ids); err != nil {
		return nil, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if _, err := contentOwner(tx, a, username, privAdminShare+"Group", privAdminShare+"Org", privAdminShare+"Public"); err != nil {
			return err
		}
		out, err = eachItem(ids, func(id esri.ItemID) ([]esri.GroupID, error) {
			it, err := visibleItem(tx, a, id)
			if err != nil {
				return nil, err
			}
			return do(tx, a, it.Item)
		})
		return err
	})
	return out, err
}

// UnshareItem takes an item back from groups. The item's owner may, who shares everybody's
// items, and for a group its owner and managers. It returns the groups that still hold it.
func (p *Portal) UnshareItem(ctx context.Context, c Caller, id esri.ItemID, groups []esri.GroupID) (left []esri.GroupID, err error) {
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
		left, err = unshareItem(tx, a, it.Item, groups)
		return err
	})
	return left, err
}

// UnshareOwnItem is UnshareItem under the path of the item's owner.
func (p *Portal) UnshareOwnItem(ctx context.Context, c Caller, ref ItemRef, groups []esri.GroupID) (left []esri.GroupID, err error) {
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := itemAt(tx, a, ref)
		if err != nil {
			return err
		}
		left, err = unshareItem(tx, a, it.Item, groups)
		return err
	})
	return left, err
}

// unshareItem takes an item back from groups, and refuses where the caller may do so for none
// of them.
func unshareItem(tx Tx, a *actor, it *Item, groups []esri.GroupID) (left []esri.GroupID, err error) {
	all := a.is(it.Owner) || a.has(privAdminShare+"Group")
	done := 0
	for _, id := range groups {
		id = esri.GroupID(strings.ToLower(string(id)))
		g, err := tx.Group(id)
		if err != nil && !isAbsent(err) {
			return nil, err
		}
		fine := err == nil && (a.manages(id) || all && !g.Fav)
		if !fine {
			left = append(left, id)
			continue
		}
		done++
		if err := tx.Unshare(it.ID, id); err != nil {
			return nil, err
		}
	}
	if done == 0 {
		if !all && len(groups) > 0 {
			return nil, ErrDenied("to own the item, or to own or manage the group")
		}
		return left, nil
	}
	if err := settleAccess(tx, it); err != nil {
		return nil, err
	}
	return left, shareChildren(tx, it, map[esri.ItemID]bool{it.ID: true})
}

// shareChildren shares as it is the items that its relationships say are shared together with
// it, of the same owner.
func shareChildren(tx Tx, it *Item, seen map[esri.ItemID]bool) error {
	relations, err := tx.RelationsFrom(it.ID)
	if err != nil {
		return err
	}
	for _, r := range relations {
		if rule, ok := ruleOf(r.Type); !ok || !rule.share || seen[r.Destination] {
			continue
		}
		seen[r.Destination] = true
		child, err := tx.Item(r.Destination)
		if err != nil {
			return err
		}
		if !sameOwner(it, child) {
			continue
		}
		if err := copySharing(tx, it, child); err != nil {
			return err
		}
		if err := shareChildren(tx, child, seen); err != nil {
			return err
		}
	}
	return nil
}

// copySharing gives to the access and the groups of from.
func copySharing(tx Tx, from, to *Item) error {
	groups, err := realGroupsOf(tx, from.ID)
	if err != nil {
		return err
	}
	if err := leaveGroups(tx, to); err != nil {
		return err
	}
	for _, id := range groups {
		if err := tx.Share(to.ID, id); err != nil {
			return err
		}
	}
	to.Access = from.Access
	return settleAccess(tx, to)
}
