package portal

import (
	"context"
	"errors"

	"github.com/rhumb-gis/rhumb/esri"
)

// EntitlementPage is one page of who holds a product. Total counts the holders that the caller
// sees.
type EntitlementPage struct {
	Rows  []*Entitlement
	Total int64
}

// Entitlements lists who holds a product, for who manages licenses. A page without a number of
// rows is the whole list. Members whom the caller may not see are neither listed nor counted.
func (p *Portal) Entitlements(ctx context.Context, c Caller, item esri.ItemID, page Page) (*EntitlementPage, error) {
	out := &EntitlementPage{}
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privManageLicenses); err != nil {
			return err
		}
		if _, err := productIn(tx, item); err != nil {
			return err
		}
		use, err := tx.ProductUse(item)
		if err != nil {
			return err
		}
		all := Page{Start: 1, Num: int(use.Holders)}
		if page.Num == 0 {
			page = all
		}
		if a.has(privViewUsers) {
			out.Total = use.Holders
			out.Rows, err = tx.Entitlements(item, page)
			return err
		}
		rows, err := tx.Entitlements(item, all)
		if err != nil {
			return err
		}
		if rows, err = seenHolders(tx, a, rows); err != nil {
			return err
		}
		out.Rows, out.Total = window(rows, page), int64(len(rows))
		return nil
	})
	return out, err
}

// seenHolders leaves out the members that the caller may not see.
func seenHolders(tx Tx, a *actor, rows []*Entitlement) ([]*Entitlement, error) {
	var out []*Entitlement
	for _, e := range rows {
		_, _, err := visibleUser(tx, a, e.Username)
		if isRefusal(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// Entitlement reads what a member holds of a product: the member's own, or for who manages
// licenses. It is nil where the member holds nothing.
func (p *Portal) Entitlement(ctx context.Context, c Caller, item esri.ItemID, username string) (*Entitlement, error) {
	var out *Entitlement
	err := p.store.View(ctx, func(tx Tx) error {
		u, err := licensee(tx, c, username)
		if err != nil {
			return err
		}
		if _, err := productIn(tx, item); err != nil {
			return err
		}
		out, err = tx.Entitlement(item, u.Username)
		if errors.Is(err, ErrAbsent) {
			out, err = nil, nil
		}
		return err
	})
	return out, err
}
