package portal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// maxEntitled is how many members one call may license.
const maxEntitled = 25

// errNotProvisioned is the answer to an item that is no product of the organization.
func errNotProvisioned() *Error {
	return &Error{Code: 400, Message: "item not provisioned", Details: []string{"Purchases lists the products of this portal."}}
}

// productIn reads the product that an item stands for.
func productIn(tx Tx, item esri.ItemID) (*Product, error) {
	p, err := tx.Product(item)
	return p, absentAs(err, errNotProvisioned())
}

// ProvisionEntitlements makes keys all that each of the members holds of a product; no keys
// take it away. It is done for all of them or for none.
//
// A member who works offline with a checked-out license keeps what he holds until it is
// checked in or released.
func (p *Portal) ProvisionEntitlements(ctx context.Context, c Caller, item esri.ItemID, usernames, keys []string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privManageLicenses); err != nil {
			return err
		}
		product, err := productIn(tx, item)
		if err != nil {
			return err
		}
		now := p.clock.Now()
		keys, err := product.holdable(keys, now)
		if err != nil {
			return err
		}
		users, err := licensees(tx, a, "userEntitlements", usernames, maxEntitled)
		if err != nil {
			return err
		}
		for _, u := range users {
			if err := provision(tx, product, u, keys); err != nil {
				return named(u.Username, err)
			}
		}
		return nil
	})
}

// licensees reads the members that a call licenses, each once.
func licensees(tx Tx, a *actor, param string, usernames []string, most int) ([]*User, error) {
	switch {
	case len(usernames) == 0:
		return nil, ErrBadParam(param, "must name the users")
	case len(usernames) > most:
		return nil, ErrBadParam(param, fmt.Sprintf("must name at most %d users, not %d", most, len(usernames)))
	}
	var out []*User
	for _, name := range usernames {
		u, _, err := visibleUser(tx, a, strings.TrimSpace(name))
		if err != nil {
			return nil, named(name, err)
		}
		if u.System {
			return nil, denied("'" + u.Username + "' is an account of the portal itself, which holds no licenses.")
		}
		if !slices.ContainsFunc(out, func(o *User) bool { return o.Username == u.Username }) {
			out = append(out, u)
		}
	}
	return out, nil
}

// holdable checks what a member is to hold of the product and puts it in the product's order.
func (p *Product) holdable(keys []string, now time.Time) ([]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	if err := p.current(now); err != nil {
		return nil, err
	}
	var out, levels []string
	leveled := false
	for _, part := range p.Parts {
		leveled = leveled || part.Level
		if slices.ContainsFunc(keys, func(k string) bool { return strings.TrimSpace(k) == part.Key }) {
			out = append(out, part.Key)
			if part.Level {
				levels = append(levels, part.Key)
			}
		}
	}
	for _, k := range keys {
		if !slices.Contains(out, strings.TrimSpace(k)) {
			return nil, ErrBadParam("userEntitlements", "holds '"+k+"', which "+p.Title+" does not have; it has "+strings.Join(p.keys(), ", "))
		}
	}
	switch {
	case len(levels) > 1:
		return nil, ErrBadParam("userEntitlements", "holds several levels of "+p.Title+" ("+strings.Join(levels, ", ")+"); a user has exactly one")
	case leveled && len(levels) == 0:
		return nil, ErrBadParam("userEntitlements", "holds no level of "+p.Title+"; extensions need one of "+strings.Join(p.levels(), ", ")+" beside them")
	}
	return out, nil
}

// current returns an error before the product's time has begun and from its end on.
func (p *Product) current(now time.Time) error {
	switch {
	case expired(p.Ends, now):
		return &Error{Code: 400, MessageCode: "RHUMB_0011", Message: "The licenses of " + p.Title + " expired on " + p.Ends.Format(time.DateOnly) + ".",
			Details: []string{"They can be revoked, but not assigned."}}
	case now.Before(p.Starts):
		return &Error{Code: 400, MessageCode: "RHUMB_0011", Message: "The licenses of " + p.Title + " begin on " + p.Starts.Format(time.DateOnly) + "."}
	}
	return nil
}

func (p *Product) keys() []string {
	var out []string
	for _, part := range p.Parts {
		out = append(out, part.Key)
	}
	return out
}

func (p *Product) levels() []string {
	var out []string
	for _, part := range p.Parts {
		if part.Level {
			out = append(out, part.Key)
		}
	}
	return out
}

// provision gives one member exactly keys of a product.
func provision(tx Tx, p *Product, u *User, keys []string) error {
	old, err := tx.Entitlement(p.Item, u.Username)
	if errors.Is(err, ErrAbsent) {
		old = &Entitlement{Item: p.Item, Username: u.Username}
	} else if err != nil {
		return err
	}
	if slices.Equal(old.Keys, keys) {
		return nil
	}
	if !old.CheckedOut.IsZero() {
		return &Error{Code: 400, MessageCode: "RHUMB_0013", Message: "'" + u.Username + "' works offline with a license of " + p.Title + ", which cannot be changed until it is checked in.",
			Details: []string{"releaseLicense gives up a check-out whose machine is lost."}}
	}
	if len(keys) == 0 {
		return tx.DeleteEntitlement(p.Item, u.Username)
	}
	if err := p.seatsFor(tx, old.Keys, keys); err != nil {
		return err
	}
	isNew := len(old.Keys) == 0
	old.Keys = keys
	if err := tx.PutEntitlement(old); err != nil {
		return err
	}
	if isNew {
		return takeActivity(tx, old)
	}
	return nil
}

// seatsFor returns nil where seats are free for what a member gets beyond what he has.
func (p *Product) seatsFor(tx Tx, old, fresh []string) error {
	use, err := tx.ProductUse(p.Item)
	if err != nil {
		return err
	}
	if len(old) == 0 && p.MaxUsers != Unlimited && use.Holders >= p.MaxUsers {
		return errNoSeat(p.Title, p.MaxUsers)
	}
	for _, part := range p.Parts {
		if part.Seats != Unlimited && slices.Contains(fresh, part.Key) && !slices.Contains(old, part.Key) && use.Parts[part.Key] >= part.Seats {
			return errNoSeat(part.Key+" of "+p.Title, part.Seats)
		}
	}
	return nil
}

// takeActivity lets the reports that waited for an entitlement take effect.
func takeActivity(tx Tx, e *Entitlement) error {
	reports, err := tx.TakeActivity(e.Item, e.Username)
	if err != nil || len(reports) == 0 {
		return err
	}
	for _, r := range reports {
		if r.LastUsed.After(e.LastUsed) {
			e.LastUsed = r.LastUsed
		}
		if r.CheckedOut.After(e.CheckedOut) {
			e.CheckedOut = r.CheckedOut
		}
	}
	return tx.PutEntitlement(e)
}
