package sqlite

import (
	"errors"
	"fmt"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// The row holds the member's name as the member's own row has it, which never changes.
const selectEntitlement = "SELECT e.product, e.username, e.parts, e.last_used, e.checked_out FROM entitlements e "

func entitlementCells(e *portal.Entitlement) []any {
	return []any{text(&e.Item), text(&e.Username), list(&e.Keys), moment(&e.LastUsed), moment(&e.CheckedOut)}
}

func (t *tx) Entitlement(id esri.ItemID, username string) (*portal.Entitlement, error) {
	e := new(portal.Entitlement)
	err := t.scan(entitlementCells(e), selectEntitlement+"WHERE e.product=? AND e.user_key=?", string(id), fold(username))
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Entitlements reads a range of places.
func (t *tx) Entitlements(id esri.ItemID, page portal.Page) ([]*portal.Entitlement, error) {
	if page.Num <= 0 {
		return nil, nil
	}
	return t.entitlements("WHERE e.product=? AND e.place BETWEEN ? AND ? ORDER BY e.place",
		string(id), page.Start, page.Start+page.Num-1)
}

func (t *tx) EntitlementsOf(username string) ([]*portal.Entitlement, error) {
	return t.entitlements("JOIN products p ON p.item=e.product WHERE e.user_key=? ORDER BY p.ordinal, p.item", fold(username))
}

func (t *tx) entitlements(rest string, args ...any) ([]*portal.Entitlement, error) {
	var out []*portal.Entitlement
	for r, err := range t.rows(selectEntitlement+rest, args...) {
		if err != nil {
			return nil, err
		}
		e := new(portal.Entitlement)
		if err := r.Scan(entitlementCells(e)...); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// PutEntitlement keeps the place of one that is there, gives a new one the place behind the
// last, and keeps the count of what is held.
func (t *tx) PutEntitlement(e *portal.Entitlement) error {
	old, err := t.Entitlement(e.Item, e.Username)
	switch {
	case errors.Is(err, portal.ErrAbsent):
		if err := t.addEntitlement(e); err != nil {
			return err
		}
		old = &portal.Entitlement{}
	case err != nil:
		return err
	default:
		if err := t.exec("UPDATE entitlements SET parts=?, last_used=?, checked_out=? WHERE product=? AND user_key=?",
			list(&e.Keys), moment(&e.LastUsed), moment(&e.CheckedOut), string(e.Item), fold(e.Username)); err != nil {
			return err
		}
	}
	return t.recount(e.Item, old.Keys, e.Keys)
}

// addEntitlement counts only after the row is in: the row refers to product and member, and
// is refused where one is absent.
func (t *tx) addEntitlement(e *portal.Entitlement) error {
	use, err := t.ProductUse(e.Item)
	if err != nil {
		return err
	}
	n, err := t.execN(`INSERT INTO entitlements(product, place, user_key, username, parts, last_used, checked_out)
		SELECT ?,?,user_key,username,?,?,? FROM users WHERE user_key=?`,
		string(e.Item), use.Holders+1, list(&e.Keys), moment(&e.LastUsed), moment(&e.CheckedOut), fold(e.Username))
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("%w: the member %s", portal.ErrAbsent, e.Username)
	}
	return t.use(e.Item, "", 1)
}

func (t *tx) recount(id esri.ItemID, old, fresh []string) error {
	for _, k := range old {
		if !slices.Contains(fresh, k) {
			if err := t.use(id, k, -1); err != nil {
				return err
			}
		}
	}
	for _, k := range fresh {
		if !slices.Contains(old, k) {
			if err := t.use(id, k, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// DeleteEntitlement moves the last of the product's list into the place that becomes free.
func (t *tx) DeleteEntitlement(id esri.ItemID, username string) error {
	old, err := t.Entitlement(id, username)
	if errors.Is(err, portal.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	key := fold(username)
	place, err := t.number("SELECT place FROM entitlements WHERE product=? AND user_key=?", string(id), key)
	if err != nil {
		return err
	}
	use, err := t.ProductUse(id)
	if err != nil {
		return err
	}
	if err := t.exec("DELETE FROM entitlements WHERE product=? AND user_key=?", string(id), key); err != nil {
		return err
	}
	if err := t.exec("UPDATE entitlements SET place=? WHERE product=? AND place=?", place, string(id), use.Holders); err != nil {
		return err
	}
	if err := t.use(id, "", -1); err != nil {
		return err
	}
	return t.recount(id, old.Keys, nil)
}

// dropLicenses takes everything from a member who is about to be deleted.
func (t *tx) dropLicenses(username string) error {
	held, err := t.EntitlementsOf(username)
	if err != nil {
		return err
	}
	for _, e := range held {
		if err := t.DeleteEntitlement(e.Item, username); err != nil {
			return err
		}
	}
	bundles, err := t.BundlesOf(username)
	if err != nil {
		return err
	}
	for _, b := range bundles {
		if err := t.RevokeBundle(b.Item, username); err != nil {
			return err
		}
	}
	return nil
}
