package portal

import "github.com/rhumb-gis/rhumb/esri"

// nextAccess is the access that an item gets, groups apart.
//
// guess: taking back everyone alone makes a public item private, whatever its organization
// saw: the narrower reading.
func nextAccess(now Access, r ShareRequest) Access {
	if now == Shared {
		now = Private
	}
	switch {
	case on(r.Everyone):
		return Public
	case off(r.Everyone) && now == Public:
		now = Private
	}
	switch {
	case on(r.Org) && now != Public:
		return InOrg
	case off(r.Org) && now == InOrg:
		return Private
	}
	return now
}

// settleAccess stores the access of an item after its own level or its groups have changed:
// a private item that groups hold is a shared one.
func settleAccess(tx Tx, it *Item) error {
	access := it.Access
	if access == Private || access == Shared {
		groups, err := realGroupsOf(tx, it.ID)
		if err != nil {
			return err
		}
		access = Private
		if len(groups) > 0 {
			access = Shared
		}
	}
	it.Access = access
	return tx.PutItem(it)
}

// leaveGroups takes an item back from all groups, the favorites of members apart.
func leaveGroups(tx Tx, it *Item) error {
	groups, err := realGroupsOf(tx, it.ID)
	if err != nil {
		return err
	}
	for _, id := range groups {
		if err := tx.Unshare(it.ID, id); err != nil {
			return err
		}
	}
	return nil
}

// emptyGroup takes all items back from a group that is about to go.
func emptyGroup(tx Tx, id esri.GroupID) error {
	items, err := tx.ItemsOfGroup(id)
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := tx.Unshare(item, id); err != nil {
			return err
		}
		it, err := tx.Item(item)
		if err != nil {
			return err
		}
		if it.Access != Shared {
			continue
		}
		if err := settleAccess(tx, it); err != nil {
			return err
		}
	}
	return nil
}
