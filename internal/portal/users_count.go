package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// Count is how many members have a value.
type Count struct {
	Key   string
	Count int
}

// CountUsers counts the members by role, user type, app (product) or app bundle, values that
// nobody has left out; the accounts of the portal itself are not counted. It takes the
// privilege to view all members.
func (p *Portal) CountUsers(ctx context.Context, c Caller, by string) ([]Count, error) {
	counters := map[string]func(Tx) ([]Count, error){
		"role": countRoles, "userLicenseType": countUserTypes, "app": countProducts, "appBundle": countBundles,
	}
	count := counters[by]
	if count == nil {
		return nil, ErrBadParam("type", "must be role, userLicenseType, app or appBundle")
	}
	var out []Count
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privViewUsers); err != nil {
			return err
		}
		out, err = count(tx)
		return err
	})
	return out, err
}

func countRoles(tx Tx) (out []Count, err error) {
	keys := []string{string(RoleAdmin), string(RolePublisher), string(RoleUser)}
	roles, err := listedRoles(tx)
	if err != nil {
		return nil, err
	}
	for _, r := range roles {
		keys = append(keys, string(r.ID))
	}
	for _, key := range keys {
		match := &search.And{Parts: []search.Node{exactly("role", key), withoutSystem()}}
		_, n, err := tx.FindUsers(UserQuery{Match: match, Visible: Visibility{All: true}, Page: Page{Start: 1}})
		if err != nil {
			return nil, err
		}
		out = counted(out, key, int64(n))
	}
	return out, nil
}

func counted(out []Count, key string, n int64) []Count {
	if n > 0 {
		out = append(out, Count{key, int(n)})
	}
	return out
}

func countUserTypes(tx Tx) (out []Count, err error) {
	types, err := userTypeViews(tx)
	for _, t := range types {
		out = counted(out, t.ID, t.Holders)
	}
	return out, err
}

func countProducts(tx Tx) (out []Count, err error) {
	products, err := tx.Products()
	if err != nil {
		return nil, err
	}
	for _, p := range products {
		use, err := tx.ProductUse(p.Item)
		if err != nil {
			return nil, err
		}
		out = counted(out, string(p.Item), use.Holders)
	}
	return out, nil
}

func countBundles(tx Tx) (out []Count, err error) {
	bundles, err := tx.AppBundles()
	if err != nil {
		return nil, err
	}
	for _, b := range bundles {
		n, err := tx.BundleHolders(b.Item)
		if err != nil {
			return nil, err
		}
		out = counted(out, b.ID, n)
	}
	return out, nil
}
