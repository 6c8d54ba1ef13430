package portal

import (
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// NewLicense is a product that a new account gets.
type NewLicense struct {
	Item esri.ItemID
	Keys []string
}

// mayLicense returns nil where the caller may give the account its licenses.
func (n *NewUser) mayLicense(tx Tx, a *actor, now time.Time) error {
	if len(n.Licenses)+len(n.Bundles) == 0 {
		return nil
	}
	if err := a.needs(privManageLicenses); err != nil {
		return err
	}
	for _, l := range n.Licenses {
		p, err := productIn(tx, l.Item)
		if err != nil {
			return err
		}
		if len(l.Keys) == 0 {
			return ErrBadParam("invitationList", "holds an app without entitlements: "+p.Title)
		}
		if _, err := p.holdable(l.Keys, now); err != nil {
			return err
		}
	}
	for _, item := range n.Bundles {
		if _, err := tx.AppBundle(item); err != nil {
			return absentAs(err, errNotProvisioned())
		}
	}
	return nil
}

// license gives a stored account its licenses.
func (n *NewUser) license(tx Tx, u *User, now time.Time) error {
	for _, l := range n.Licenses {
		p, err := productIn(tx, l.Item)
		if err != nil {
			return err
		}
		keys, err := p.holdable(l.Keys, now)
		if err != nil {
			return err
		}
		if err := provision(tx, p, u, keys); err != nil {
			return err
		}
	}
	for _, item := range n.Bundles {
		b, err := tx.AppBundle(item)
		if err != nil {
			return absentAs(err, errNotProvisioned())
		}
		if err := grantBundle(tx, b, u, now); err != nil {
			return err
		}
	}
	return nil
}
