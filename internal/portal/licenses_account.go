package portal

import "context"

// LicenseAccount is what the organization has and how much of it is assigned.
type LicenseAccount struct {
	Org        *Org
	UserTypes  []UserTypeView
	AppBundles []AppBundleView
	Products   []ProductView
}

// AppBundleView is an app bundle with the number of its holders.
type AppBundleView struct {
	*AppBundle
	Holders int64
}

// ProductView is a product with what is held of it.
type ProductView struct {
	*Product
	*ProductUse
}

// Members counts the members, accounts of the portal itself left out.
func (v *LicenseAccount) Members() (n int64) {
	for _, t := range v.UserTypes {
		n += t.Holders
	}
	return n
}

// Seats is how many members there may be.
func (v *LicenseAccount) Seats() int64 { return SeatsOf(v.UserTypes) }

// SeatsOf is how many members user types have room for in all.
func SeatsOf(types []UserTypeView) (n int64) {
	for _, t := range types {
		if t.Seats == Unlimited {
			return Unlimited
		}
		n += t.Seats
	}
	return n
}

// LicenseAccount reads the account of licenses for who manages them.
func (p *Portal) LicenseAccount(ctx context.Context, c Caller) (*LicenseAccount, error) {
	out := &LicenseAccount{}
	err := p.store.View(ctx, func(tx Tx) (err error) {
		if err := managesLicenses(tx, c); err != nil {
			return err
		}
		if out.Org, err = tx.Org(); err != nil {
			return err
		}
		if out.UserTypes, err = userTypeViews(tx); err != nil {
			return err
		}
		return out.readItems(tx)
	})
	return out, err
}

func (v *LicenseAccount) readItems(tx Tx) error {
	bundles, err := tx.AppBundles()
	if err != nil {
		return err
	}
	for _, b := range bundles {
		n, err := tx.BundleHolders(b.Item)
		if err != nil {
			return err
		}
		v.AppBundles = append(v.AppBundles, AppBundleView{b, n})
	}
	products, err := tx.Products()
	if err != nil {
		return err
	}
	for _, p := range products {
		use, err := tx.ProductUse(p.Item)
		if err != nil {
			return err
		}
		v.Products = append(v.Products, ProductView{p, use})
	}
	return nil
}
