package portal

import (
	"context"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// NotDeletable says why an item cannot be deleted.
type NotDeletable struct {
	Reason    *Error
	Offending []esri.ItemID // the items that stand in the way
}

func (n *NotDeletable) Error() string { return n.Reason.Error() }

// Unwrap lets callers find the reason.
func (n *NotDeletable) Unwrap() error { return n.Reason }

// DeleteItem removes an item with all that belongs to it, and the items that its relationships
// say are deleted together with it. It returns the item's id in its one spelling.
func (p *Portal) DeleteItem(ctx context.Context, c Caller, ref ItemRef) (esri.ItemID, error) {
	var id esri.ItemID
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := owned(tx, a, ref, privDeleteItems)
		if err != nil {
			return err
		}
		id = it.ID
		return deleteTogether(tx, a, []esri.ItemID{it.ID})
	})
	return id, err
}

// CanDelete tells whether DeleteItem would succeed: nil, or the reason against it.
func (p *Portal) CanDelete(ctx context.Context, c Caller, ref ItemRef) (*NotDeletable, error) {
	var why *NotDeletable
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := owned(tx, a, ref, privDeleteItems)
		if err != nil {
			return err
		}
		_, why, err = deletion(tx, []esri.ItemID{it.ID})
		return err
	})
	return why, err
}

// DeleteItems is DeleteItem for several items, whoever owns them. An item that was deleted
// together with one before it counts as deleted.
func (p *Portal) DeleteItems(ctx context.Context, c Caller, username string, ids []esri.ItemID) (out []BatchResult, err error) {
	if err := checkBatch("items", ids); err != nil {
		return nil, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if _, err := contentOwner(tx, a, username, privDeleteItems); err != nil {
			return err
		}
		gone := map[esri.ItemID]bool{}
		out, err = eachItem(ids, func(id esri.ItemID) ([]esri.GroupID, error) {
			if gone[esri.ItemID(strings.ToLower(string(id)))] {
				return nil, nil
			}
			it, err := visibleItem(tx, a, id)
			if err != nil {
				return nil, err
			}
			if err := a.owns(it.Item, privDeleteItems); err != nil {
				return nil, err
			}
			doomed, why, err := deletion(tx, []esri.ItemID{it.ID})
			if err != nil {
				return nil, err
			}
			if why != nil {
				return nil, why
			}
			for _, d := range doomed {
				gone[d] = true
			}
			return nil, deleteAll(tx, doomed)
		})
		return err
	})
	return out, err
}

// deleteTogether removes items and those that go with them, or none.
func deleteTogether(tx Tx, a *actor, ids []esri.ItemID) error {
	for _, id := range ids {
		it, err := tx.Item(id)
		if err != nil {
			return err
		}
		if err := a.owns(it, privDeleteItems); err != nil {
			return err
		}
	}
	doomed, why, err := deletion(tx, ids)
	if err != nil {
		return err
	}
	if why != nil {
		return why
	}
	return deleteAll(tx, doomed)
}

func deleteAll(tx Tx, ids []esri.ItemID) error {
	for _, id := range ids {
		if err := tx.DeleteItem(id); err != nil {
			return err
		}
	}
	return nil
}

// deletion lists what goes when the items are deleted, or says what stands against it.
func deletion(tx Tx, ids []esri.ItemID) (doomed []esri.ItemID, why *NotDeletable, err error) {
	doomed = slices.Clone(ids)
	going := map[esri.ItemID]bool{}
	for _, id := range ids {
		going[id] = true
	}
	for i := 0; i < len(doomed); i++ {
		it, err := tx.Item(doomed[i])
		if err != nil {
			return nil, nil, err
		}
		if it.Protected {
			return nil, &NotDeletable{
				&Error{Code: 400, Message: "Unable to delete item " + string(it.ID) + ". Delete protection is turned on."},
				[]esri.ItemID{it.ID},
			}, nil
		}
		children, err := childrenOf(tx, it)
		if err != nil {
			return nil, nil, err
		}
		for _, id := range children {
			if !going[id] {
				going[id] = true
				doomed = append(doomed, id)
			}
		}
	}
	for _, id := range doomed {
		holders, err := holdersOf(tx, id)
		if err != nil {
			return nil, nil, err
		}
		holders = slices.DeleteFunc(holders, func(h esri.ItemID) bool { return going[h] })
		if len(holders) > 0 {
			return nil, &NotDeletable{
				&Error{Code: 400, Message: "Unable to delete item. This service item has a related Service item"},
				holders,
			}, nil
		}
	}
	return doomed, nil, nil
}

// childrenOf lists the items of the same owner that are deleted together with an item.
func childrenOf(tx Tx, it *Item) ([]esri.ItemID, error) {
	relations, err := tx.RelationsFrom(it.ID)
	if err != nil {
		return nil, err
	}
	var out []esri.ItemID
	for _, r := range relations {
		if rule, ok := ruleOf(r.Type); !ok || !rule.delete {
			continue
		}
		child, err := tx.Item(r.Destination)
		if err != nil {
			return nil, err
		}
		if sameOwner(it, child) {
			out = append(out, child.ID)
		}
	}
	return out, nil
}

// holdersOf lists the service items that depend on a service item: views of a layer, and the
// tiles that are drawn from it.
func holdersOf(tx Tx, id esri.ItemID) ([]esri.ItemID, error) {
	it, err := tx.Item(id)
	if err != nil || !isService(it.Type) {
		return nil, err
	}
	to, err := tx.RelationsTo(id)
	if err != nil {
		return nil, err
	}
	from, err := tx.RelationsFrom(id)
	if err != nil {
		return nil, err
	}
	var out []esri.ItemID
	for _, r := range to {
		if rule, ok := ruleOf(r.Type); ok && rule.holdsDest {
			out = append(out, r.Origin)
		}
	}
	for _, r := range from {
		if rule, ok := ruleOf(r.Type); ok && rule.holdsOrig {
			out = append(out, r.Destination)
		}
	}
	return out, nil
}
