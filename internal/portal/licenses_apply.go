package portal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// ApplyLicenses makes the pool that of the organization. What is assigned stays assigned: a
// total below that is refused by name, with everything else that contradicts it, and nothing
// changes then. Settings of check-outs that were made on the portal stay as they are.
func (p *Portal) ApplyLicenses(ctx context.Context, pool *LicensePool) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a := poolApplier{tx: tx, now: p.clock.Now()}
		for _, step := range []func(*LicensePool) error{a.userTypes, a.products, a.bundles, a.activity} {
			if err := step(pool); err != nil {
				return err
			}
		}
		return errors.Join(a.refused...)
	})
}

// HasLicenses reports whether the organization has a pool of licenses.
func (p *Portal) HasLicenses(ctx context.Context) (has bool, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		types, err := tx.UserTypes()
		if err != nil {
			return err
		}
		products, err := tx.Products()
		if err != nil {
			return err
		}
		bundles, err := tx.AppBundles()
		has = len(types)+len(products)+len(bundles) > 0
		return err
	})
	return has, err
}

// poolApplier stores a pool and collects what contradicts what is assigned.
type poolApplier struct {
	tx      Tx
	now     time.Time
	refused []error
}

func (a *poolApplier) refuse(format string, args ...any) {
	a.refused = append(a.refused, fmt.Errorf(format, args...))
}

// holds refuses a total that is smaller than what is assigned.
func (a *poolApplier) holds(field string, seats, assigned int64) {
	if seats != Unlimited && assigned > seats {
		a.refuse("%s: %d seats, but %d are assigned; take back %d first", field, seats, assigned, assigned-seats)
	}
}

func (a *poolApplier) userTypes(pool *LicensePool) error {
	stored, err := a.tx.UserTypes()
	if err != nil {
		return err
	}
	for _, t := range stored {
		if !slices.ContainsFunc(pool.UserTypes, func(o *UserType) bool { return o.ID == t.ID }) {
			if err := a.tx.DeleteUserType(t.ID); err != nil {
				return err
			}
		}
	}
	types := pool.UserTypes
	if len(types) == 0 {
		types = defaultUserTypes()
	}
	held, err := a.tx.TypeHolders()
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(held)) {
		if !slices.ContainsFunc(types, func(t *UserType) bool { return t.ID == id }) {
			a.refuse("userTypes: %s is missing, but in use by %d", id, held[id])
		}
	}
	for _, t := range types {
		a.holds("userTypes: "+t.ID, t.Seats, held[t.ID])
		if err := a.roles(t, held[t.ID]); err != nil {
			return err
		}
	}
	for _, t := range pool.UserTypes {
		if err := a.tx.PutUserType(t); err != nil {
			return err
		}
	}
	return nil
}

// roles refuses a user type whose members have roles that it does not allow.
func (a *poolApplier) roles(t *UserType, holders int64) error {
	if t.Privileges == nil || holders == 0 {
		return nil
	}
	ids := []esri.RoleID{RoleAdmin, RolePublisher, RoleUser, RoleDataEditor, RoleViewer}
	custom, err := a.tx.Roles()
	if err != nil {
		return err
	}
	for _, r := range custom {
		ids = append(ids, r.ID)
	}
	for _, id := range ids {
		refusal := t.allowsRole(a.tx, id)
		if refusal == nil {
			continue
		}
		if held, err := a.tx.HoldsType(t.ID, id); err != nil {
			return err
		} else if held {
			a.refuse("userTypes: %s has members with the role %s: %w", t.ID, id, refusal)
		}
	}
	return nil
}

func (a *poolApplier) products(pool *LicensePool) error {
	stored, err := a.tx.Products()
	if err != nil {
		return err
	}
	for _, old := range stored {
		use, err := a.tx.ProductUse(old.Item)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(pool.Products, func(p *Product) bool { return p.Item == old.Item })
		if i < 0 {
			if use.Holders > 0 {
				a.refuse("products: %s (%s) is missing, but in use by %d", old.Title, old.Item, use.Holders)
				continue
			}
			if err := a.tx.DeleteProduct(old.Item); err != nil {
				return err
			}
			continue
		}
		a.covers(pool.Products[i], use)
	}
	for _, p := range pool.Products {
		if err := a.putProduct(p, stored); err != nil {
			return err
		}
	}
	return nil
}

// covers refuses a product that has less than what is held of it.
func (a *poolApplier) covers(p *Product, use *ProductUse) {
	a.holds("products: "+p.Title+".maxUsers", p.MaxUsers, use.Holders)
	for _, key := range slices.Sorted(maps.Keys(use.Parts)) {
		n := use.Parts[key]
		i := slices.IndexFunc(p.Parts, func(part ProductPart) bool { return part.Key == key })
		if i < 0 {
			a.refuse("products: %s: %s is missing, but in use by %d", p.Title, key, n)
			continue
		}
		a.holds("products: "+p.Title+": "+key, p.Parts[i].Seats, n)
	}
}

func (a *poolApplier) putProduct(p *Product, stored []*Product) error {
	c := *p
	c.Created = a.now
	if i := slices.IndexFunc(stored, func(o *Product) bool { return o.Item == p.Item }); i >= 0 {
		c.Created, c.CanDisconnect, c.MaxDisconnect = stored[i].Created, stored[i].CanDisconnect, stored[i].MaxDisconnect
	}
	return a.tx.PutProduct(&c)
}

func (a *poolApplier) bundles(pool *LicensePool) error {
	stored, err := a.tx.AppBundles()
	if err != nil {
		return err
	}
	for _, old := range stored {
		n, err := a.tx.BundleHolders(old.Item)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(pool.AppBundles, func(b *AppBundle) bool { return b.Item == old.Item })
		switch {
		case i >= 0:
			a.holds("appBundles: "+pool.AppBundles[i].Name, pool.AppBundles[i].Seats, n)
		case n > 0:
			a.refuse("appBundles: %s (%s) is missing, but in use by %d", old.Name, old.Item, n)
		default:
			if err := a.tx.DeleteAppBundle(old.Item); err != nil {
				return err
			}
		}
	}
	for _, b := range pool.AppBundles {
		if err := a.tx.PutAppBundle(b); err != nil {
			return err
		}
	}
	return nil
}

// activity notes the reports and lets those on licenses that are held take effect.
func (a *poolApplier) activity(pool *LicensePool) error { return recordActivity(a.tx, pool.Activity) }
