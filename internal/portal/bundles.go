package portal

import (
	"context"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// AppBundles lists the bundles of the organization, for who manages licenses.
func (p *Portal) AppBundles(ctx context.Context, c Caller) ([]*AppBundle, error) {
	var out []*AppBundle
	err := p.store.View(ctx, func(tx Tx) (err error) {
		if err := managesLicenses(tx, c); err != nil {
			return err
		}
		out, err = tx.AppBundles()
		return err
	})
	return out, err
}

// AppBundlesOf lists the bundles that a member holds: the member's own, or for who manages
// licenses.
func (p *Portal) AppBundlesOf(ctx context.Context, c Caller, username string) ([]*AppBundle, error) {
	var out []*AppBundle
	err := p.store.View(ctx, func(tx Tx) error {
		u, err := licensee(tx, c, username)
		if err != nil {
			return err
		}
		out, err = tx.BundlesOf(u.Username)
		return err
	})
	return out, err
}

// ProvisionBundle gives members a bundle or, with revoke, takes it from them: from all of them
// or from none.
func (p *Portal) ProvisionBundle(ctx context.Context, c Caller, item esri.ItemID, usernames []string, revoke bool) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privManageLicenses); err != nil {
			return err
		}
		b, err := tx.AppBundle(item)
		if err != nil {
			return absentAs(err, errNotProvisioned())
		}
		users, err := licensees(tx, a, "users", usernames, maxBulkUsers)
		if err != nil {
			return err
		}
		for _, u := range users {
			if revoke {
				err = tx.RevokeBundle(item, u.Username)
			} else {
				err = grantBundle(tx, b, u, p.clock.Now())
			}
			if err != nil {
				return named(u.Username, err)
			}
		}
		return nil
	})
}

func grantBundle(tx Tx, b *AppBundle, u *User, now time.Time) error {
	held, err := tx.HoldsBundle(b.Item, u.Username)
	if err != nil || held {
		return err
	}
	if expired(b.Expires, now) {
		return &Error{Code: 400, MessageCode: "RHUMB_0011", Message: "The app bundle " + b.Name + " expired on " + b.Expires.Format(time.DateOnly) + ".",
			Details: []string{"It can be revoked, but not assigned."}}
	}
	n, err := tx.BundleHolders(b.Item)
	if err != nil {
		return err
	}
	if b.Seats != Unlimited && n >= b.Seats {
		return errNoSeat("app bundle "+b.Name, b.Seats)
	}
	return tx.GrantBundle(b.Item, u.Username)
}
