package portal

import (
	"context"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// check names what contradicts itself.
func (r NewRelation) check() error {
	switch {
	case r.Origin != "" && r.Destination != "":
		return ErrBadParam("originItemId", "must not come together with 'destinationItemId'")
	case r.Origin == "" && r.Destination == "":
		return ErrMissingParam("originItemId")
	}
	_, err := rulesOf("relationshipType", r.Types)
	return err
}

// RelatedItems lists the items at the other end of an item's relationships of the given
// types: its destinations, or its origins where reverse is set. Items that do not exist for
// the caller are left out, and do not count.
func (p *Portal) RelatedItems(ctx context.Context, c Caller, id esri.ItemID, types []string, reverse bool, page Page) ([]ItemView, int, error) {
	rules, err := rulesOf("relationshipTypes", types)
	if err != nil {
		return nil, 0, err
	}
	var views []ItemView
	total := 0
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := visibleItem(tx, a, id)
		if err != nil {
			return err
		}
		others, err := relatedIDs(tx, it.ID, rules, reverse)
		if err != nil {
			return err
		}
		var seen []*Item
		for _, other := range others {
			rel, err := visibleItem(tx, a, other)
			if isRefusal(err) {
				continue
			}
			if err != nil {
				return err
			}
			total++
			if total >= page.Start && len(seen) < page.Num {
				seen = append(seen, rel.Item)
			}
		}
		views, err = viewsOf(tx, a, seen)
		return err
	})
	return views, total, err
}

// relatedIDs lists the other ends of an item's relationships, each once, in a stable order.
func relatedIDs(tx Tx, id esri.ItemID, rules []relationRule, reverse bool) ([]esri.ItemID, error) {
	list := tx.RelationsFrom
	if reverse {
		list = tx.RelationsTo
	}
	relations, err := list(id)
	if err != nil {
		return nil, err
	}
	var out []esri.ItemID
	for _, r := range relations {
		other := r.Destination
		if reverse {
			other = r.Origin
		}
		wanted := slices.ContainsFunc(rules, func(rule relationRule) bool { return rule.name == r.Type })
		if wanted && !slices.Contains(out, other) {
			out = append(out, other)
		}
	}
	return out, nil
}

// AddRelationship relates two items that the caller sees, in the name of the member whose
// content the call is made under: the caller, or another one for who holds
// portal:admin:updateItems. The type's rule says which of the items that member has to own.
// Relating what is related already changes nothing.
func (p *Portal) AddRelationship(ctx context.Context, c Caller, username string, origin, destination esri.ItemID, types []string) error {
	rules, err := rulesOf("relationshipType", types)
	if err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := contentOwner(tx, a, username, privUpdateItems)
		if err != nil {
			return err
		}
		from, err := visibleItem(tx, a, origin)
		if err != nil {
			return err
		}
		to, err := visibleItem(tx, a, destination)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			if err := p.relate(tx, u, rule, from.Item, to.Item); err != nil {
				return err
			}
		}
		return nil
	})
}

// relateNew relates an item that is just made, in the name of its owner.
func (p *Portal) relateNew(tx Tx, a *actor, it *Item, r NewRelation) error {
	rules, err := rulesOf("relationshipType", r.Types)
	if err != nil {
		return err
	}
	id := r.Origin
	if id == "" {
		id = r.Destination
	}
	other, err := visibleItem(tx, a, id)
	if err != nil {
		return err
	}
	owner, err := tx.User(it.Owner)
	if err != nil {
		return err
	}
	from, to := other.Item, it
	if r.Origin == "" {
		from, to = it, other.Item
	}
	for _, rule := range rules {
		if err := p.relate(tx, owner, rule, from, to); err != nil {
			return err
		}
	}
	if r.Origin == "" || !sameOwner(from, to) {
		return nil
	}
	return copySharing(tx, from, to)
}

// relate stores one relationship in the name of u.
func (p *Portal) relate(tx Tx, u *User, rule relationRule, from, to *Item) error {
	switch {
	case from.ID == to.ID:
		return ErrBadParam("destinationItemId", "must not be the origin itself")
	case rule.ownOrigin && !strings.EqualFold(from.Owner, u.Username):
		return errNotOwned(rule, "origin", u)
	case rule.ownDest && !strings.EqualFold(to.Owner, u.Username):
		return errNotOwned(rule, "destination", u)
	}
	privs, err := privilegesOf(tx, u)
	if err != nil {
		return err
	}
	if !slices.Contains(privs, privCreateItem) {
		return ErrDenied("the privilege " + privCreateItem)
	}
	if _, err := tx.Relation(from.ID, to.ID, rule.name); !isAbsent(err) {
		return err
	}
	if err := tx.PutRelation(Relation{Origin: from.ID, Destination: to.ID, Type: rule.name, Creator: u.Username, Created: p.clock.Now()}); err != nil {
		return err
	}
	if rule.inherits && sameOwner(from, to) {
		return copySharing(tx, from, to)
	}
	return nil
}

func errNotOwned(rule relationRule, end string, u *User) *Error {
	e := ErrDenied("")
	e.Details = []string{"A relationship of the type " + rule.name + " needs an " + end + " item that '" + u.Username + "' owns."}
	if end == "destination" {
		e.Details[0] = strings.Replace(e.Details[0], "an destination", "a destination", 1)
	}
	return e
}

// sameOwner reports whether one member owns both items. What a relationship does to its
// destination it does only then: nobody's items change by what others relate to them.
func sameOwner(a, b *Item) bool { return strings.EqualFold(a.Owner, b.Owner) }

// DeleteRelationship takes a relationship away. Its creator may, and the owner of the origin.
func (p *Portal) DeleteRelationship(ctx context.Context, c Caller, username string, origin, destination esri.ItemID, types []string) error {
	rules, err := rulesOf("relationshipType", types)
	if err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := contentOwner(tx, a, username, privUpdateItems)
		if err != nil {
			return err
		}
		from, err := visibleItem(tx, a, origin)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			r, err := tx.Relation(from.ID, esri.ItemID(strings.ToLower(string(destination))), rule.name)
			if err != nil {
				return absentAs(err, &Error{Code: 400, Message: "Relationship does not exist or is inaccessible."})
			}
			// deviates: real portals know the creator alone, who may have left since.
			if !strings.EqualFold(r.Creator, u.Username) && !strings.EqualFold(from.Owner, u.Username) {
				return ErrDenied("to have made the relationship or to own its origin")
			}
			if err := tx.DeleteRelation(r.Origin, r.Destination, r.Type); err != nil {
				return err
			}
		}
		return nil
	})
}
