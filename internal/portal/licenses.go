package portal

import (
	"context"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// PurchaseStatus selects products by whether their time is over.
type PurchaseStatus string

// Statuses of Esri's page "Purchases".
const (
	PurchasesActive  PurchaseStatus = "active"
	PurchasesExpired PurchaseStatus = "expired"
	PurchasesAll     PurchaseStatus = "all"
)

// Purchases are the products of the organization.
type Purchases struct {
	Org      *Org
	Products []*Product
}

// Purchases lists the products for who manages licenses.
func (p *Portal) Purchases(ctx context.Context, c Caller, status PurchaseStatus) (*Purchases, error) {
	switch status {
	case PurchasesActive, PurchasesExpired, PurchasesAll:
	default:
		return nil, ErrBadParam("status", "must be active, expired or all, not '"+string(status)+"'")
	}
	out := &Purchases{}
	err := p.store.View(ctx, func(tx Tx) error {
		if err := managesLicenses(tx, c); err != nil {
			return err
		}
		var err error
		if out.Org, err = tx.Org(); err != nil {
			return err
		}
		all, err := tx.Products()
		for _, product := range all {
			if status == PurchasesAll || expired(product.Ends, p.clock.Now()) == (status == PurchasesExpired) {
				out.Products = append(out.Products, product)
			}
		}
		return err
	})
	return out, err
}

// managesLicenses returns nil for a caller who manages licenses.
func managesLicenses(tx Tx, c Caller) error {
	a, err := actorIn(tx, c)
	if err != nil {
		return err
	}
	return a.needs(privManageLicenses)
}

// Listing is a product or an app bundle; the other is nil.
type Listing struct {
	Product *Product
	Bundle  *AppBundle
}

// Listing reads one product or app bundle, for who manages licenses and for who holds it.
func (p *Portal) Listing(ctx context.Context, c Caller, item esri.ItemID) (*Listing, error) {
	out := &Listing{}
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privManageLicenses); err != nil {
			held, failed := holdsListing(tx, a, item)
			if failed != nil {
				return failed
			}
			if !held {
				return err
			}
		}
		out.Product, err = tx.Product(item)
		if isAbsent(err) {
			out.Bundle, err = tx.AppBundle(item)
		}
		return absentAs(err, errNotProvisioned())
	})
	return out, err
}

// holdsListing reports whether the caller holds something of a product, or an app bundle.
func holdsListing(tx Tx, a *actor, item esri.ItemID) (bool, error) {
	if a.anonymous() {
		return false, nil
	}
	_, err := tx.Entitlement(item, a.name())
	if isAbsent(err) {
		return tx.HoldsBundle(item, a.name())
	}
	return err == nil, err
}

// Provisioned lists the products that a member holds, or with all every product of the
// organization: the member's own, or for who manages licenses. Those whose time is over are
// left out unless they are asked for.
func (p *Portal) Provisioned(ctx context.Context, c Caller, username string, all, withExpired bool) ([]*Product, error) {
	var out []*Product
	err := p.store.View(ctx, func(tx Tx) error {
		u, err := licensee(tx, c, username)
		if err != nil {
			return err
		}
		products, err := tx.Products()
		if err != nil {
			return err
		}
		held, err := tx.EntitlementsOf(u.Username)
		if err != nil {
			return err
		}
		has := map[esri.ItemID]bool{}
		for _, e := range held {
			has[e.Item] = true
		}
		for _, product := range products {
			if (all || has[product.Item]) && (withExpired || !expired(product.Ends, p.clock.Now())) {
				out = append(out, product)
			}
		}
		return nil
	})
	return out, err
}

// SetDisconnect sets whether licenses of a product may be checked out, and for how long.
func (p *Portal) SetDisconnect(ctx context.Context, c Caller, item esri.ItemID, allowed bool, longest int64) error {
	if longest < Unlimited {
		return ErrBadParam("maxDisconnectDuration", "must be -1 (unlimited) or a whole number from 0 on")
	}
	return p.store.Update(ctx, func(tx Tx) error {
		if err := managesLicenses(tx, c); err != nil {
			return err
		}
		product, err := productIn(tx, item)
		if err != nil {
			return err
		}
		product.CanDisconnect, product.MaxDisconnect = allowed, longest
		return tx.PutProduct(product)
	})
}

// ReleaseLicense gives up the check-outs of a member, whose machine may be lost: the licenses
// stay assigned and can be changed again.
func (p *Portal) ReleaseLicense(ctx context.Context, c Caller, username string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privManageLicenses); err != nil {
			return err
		}
		u, _, err := visibleUser(tx, a, username)
		if err != nil {
			return err
		}
		held, err := tx.EntitlementsOf(u.Username)
		if err != nil {
			return err
		}
		released := 0
		for _, e := range held {
			if e.CheckedOut.IsZero() {
				continue
			}
			e.CheckedOut = time.Time{}
			released++
			if err := tx.PutEntitlement(e); err != nil {
				return err
			}
		}
		if released == 0 {
			return &Error{Code: 400, MessageCode: "RHUMB_0014", Message: "'" + u.Username + "' has no license checked out."}
		}
		return nil
	})
}

// RecordActivity notes what an application reported about a member's license; it takes effect
// once the member holds it.
func (p *Portal) RecordActivity(ctx context.Context, reports ...Activity) error {
	return p.store.Update(ctx, func(tx Tx) error { return recordActivity(tx, reports) })
}

func recordActivity(tx Tx, reports []Activity) error {
	for _, report := range reports {
		if err := tx.PutActivity(report); err != nil {
			return err
		}
		e, err := tx.Entitlement(report.Item, report.Username)
		if isAbsent(err) {
			continue
		}
		if err == nil {
			err = takeActivity(tx, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
