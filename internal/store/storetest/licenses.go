package storetest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var licenseFieldTests = []namedTest{
	{"user type", roundTrip("ID", func(tx portal.Tx, u *portal.UserType) error { return tx.PutUserType(u) },
		func(tx portal.Tx, u *portal.UserType) (*portal.UserType, error) {
			list, err := tx.UserTypes()
			if err != nil || len(list) != 1 {
				return nil, fmt.Errorf("%d user types, %w", len(list), err)
			}
			return list[0], nil
		})},
	{"product", roundTrip("Item", func(tx portal.Tx, p *portal.Product) error { return tx.PutProduct(p) },
		func(tx portal.Tx, p *portal.Product) (*portal.Product, error) { return tx.Product(p.Item) })},
	{"app bundle", roundTrip("Item", func(tx portal.Tx, b *portal.AppBundle) error { return tx.PutAppBundle(b) },
		func(tx portal.Tx, b *portal.AppBundle) (*portal.AppBundle, error) { return tx.AppBundle(b.Item) })},
	{"entitlement", roundTrip("Item,Username", func(tx portal.Tx, e *portal.Entitlement) error {
		if err := errors.Join(putUsers(tx, e.Username), tx.PutProduct(&portal.Product{Item: e.Item})); err != nil {
			return err
		}
		return tx.PutEntitlement(e)
	}, func(tx portal.Tx, e *portal.Entitlement) (*portal.Entitlement, error) {
		return tx.Entitlement(e.Item, e.Username)
	})},
}

// putPool adds products of two parts each.
func putPool(tx portal.Tx, names ...string) error {
	for i, n := range names {
		p := &portal.Product{Item: itemID(n), Ordinal: i, Title: n, MaxUsers: portal.Unlimited, Parts: []portal.ProductPart{{Key: "x", Seats: 1}, {Key: "y", Seats: 2}}}
		if err := tx.PutProduct(p); err != nil {
			return err
		}
	}
	return nil
}

var licenseTests = []namedTest{
	{"absent", func(b *bench) {
		absent(b, "Product", func(tx portal.Tx) (*portal.Product, error) { return tx.Product(itemID("a")) })
		absent(b, "AppBundle", func(tx portal.Tx) (*portal.AppBundle, error) { return tx.AppBundle(itemID("a")) })
		absent(b, "BundleHolders", func(tx portal.Tx) (int64, error) { return tx.BundleHolders(itemID("a")) })
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.DeleteUserType("x"), tx.DeleteProduct(itemID("a")), tx.DeleteAppBundle(itemID("a")),
				tx.DeleteEntitlement(itemID("a"), "ada"), tx.RevokeBundle(itemID("a"), "ada"))
		})
		b.update(func(tx portal.Tx) error { return errors.Join(putUsers(tx, "ada"), putPool(tx, "a")) })
		absent(b, "Entitlement", func(tx portal.Tx) (*portal.Entitlement, error) { return tx.Entitlement(itemID("a"), "ada") })
		for _, e := range []portal.Entitlement{{Item: itemID("b"), Username: "ada"}, {Item: itemID("a"), Username: "bob"}} {
			e.Keys = []string{"x"}
			if err := b.store.Update(b.Context(), func(tx portal.Tx) error { return tx.PutEntitlement(&e) }); !errors.Is(err, portal.ErrAbsent) {
				b.Errorf("%+v: %v, want ErrAbsent", e, err)
			}
		}
		if err := b.store.Update(b.Context(), func(tx portal.Tx) error { return tx.GrantBundle(itemID("a"), "ada") }); !errors.Is(err, portal.ErrAbsent) {
			b.Errorf("a bundle that is not there: %v, want ErrAbsent", err)
		}
	}},
	{"lists come by ordinal", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(
				tx.PutUserType(&portal.UserType{ID: "late", Ordinal: 2}), tx.PutUserType(&portal.UserType{ID: "early", Ordinal: 1}),
				tx.PutAppBundle(&portal.AppBundle{Item: itemID("1"), Ordinal: 2, Name: "late"}), tx.PutAppBundle(&portal.AppBundle{Item: itemID("2"), Ordinal: 1, Name: "early"}),
				tx.PutProduct(&portal.Product{Item: itemID("1"), Ordinal: 2, Title: "late"}), tx.PutProduct(&portal.Product{Item: itemID("2"), Ordinal: 1, Title: "early"}))
		})
		b.view(func(tx portal.Tx) error {
			types, err1 := tx.UserTypes()
			bundles, err2 := tx.AppBundles()
			products, err3 := tx.Products()
			if err := errors.Join(err1, err2, err3); err != nil {
				return err
			}
			if types[0].ID != "early" || bundles[0].Name != "early" || products[0].Title != "early" {
				b.Errorf("got %v %v %v first", types[0].ID, bundles[0].Name, products[0].Title)
			}
			return nil
		})
	}},
	{"user types are counted without accounts of the portal", func(b *bench) {
		put := func(name, kind string, role esri.RoleID, system bool) {
			b.update(func(tx portal.Tx) error {
				return tx.PutUser(&portal.User{Username: name, UserType: kind, Role: role, System: system, Access: portal.InOrg})
			})
		}
		want := func(counts map[string]int64) {
			b.Helper()
			if got := get(b, func(tx portal.Tx) (map[string]int64, error) { return tx.TypeHolders() }); !maps.Equal(got, counts) {
				b.Errorf("got %v, want %v", got, counts)
			}
		}
		put("ada", "a", "r", false)
		put("bob", "a", "s", false)
		put("own", "a", "t", true)
		want(map[string]int64{"a": 2})
		put("bob", "b", "s", false)
		put("bob", "b", "s", false)
		want(map[string]int64{"a": 1, "b": 1})
		put("own", "a", "t", false)
		want(map[string]int64{"a": 2, "b": 1})
		put("own", "b", "t", true)
		b.update(func(tx portal.Tx) error { return errors.Join(tx.DeleteUser("bob"), tx.TouchLogin("ada", epoch)) })
		want(map[string]int64{"a": 1})
		b.reopen()
		want(map[string]int64{"a": 1})
		for role, holds := range map[esri.RoleID]bool{"r": true, "s": false, "t": false} {
			if got := get(b, func(tx portal.Tx) (bool, error) { return tx.HoldsType("a", role) }); got != holds {
				b.Errorf("HoldsType(a, %s) = %v", role, got)
			}
		}
	}},
	{"bundles", func(b *bench) {
		one, two := itemID("1"), itemID("2")
		b.update(func(tx portal.Tx) error {
			return errors.Join(putUsers(tx, "Ada", "bob"), tx.PutAppBundle(&portal.AppBundle{Item: one, Ordinal: 2}), tx.PutAppBundle(&portal.AppBundle{Item: two, Ordinal: 1}))
		})
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.GrantBundle(one, "ADA"), tx.GrantBundle(one, "ada"), tx.GrantBundle(two, "ada"), tx.GrantBundle(one, "bob"),
				tx.RevokeBundle(two, "bob"), tx.PutAppBundle(&portal.AppBundle{Item: one, Ordinal: 2, Name: "again"}))
		})
		b.view(func(tx portal.Tx) error {
			n, err1 := tx.BundleHolders(one)
			m, err2 := tx.BundleHolders(two)
			list, err3 := tx.BundlesOf("ADA")
			holds, err4 := tx.HoldsBundle(two, "bob")
			if n != 2 || m != 1 || len(list) != 2 || list[0].Item != two || holds {
				b.Errorf("%d and %d holders, bundles %v, bob holds two: %v", n, m, list, holds)
			}
			return errors.Join(err1, err2, err3, err4)
		})
		for query, want := range map[string]int{"appbundle:" + string(one): 2, "appbundle: " + string(two): 1, "-appbundle:" + string(two): 1, "appbundle:*": 2} {
			if _, total := findUsers(b, query, portal.Visibility{All: true}, portal.Page{Num: 10}); total != want {
				b.Errorf("%s: %d members, want %d", query, total, want)
			}
		}
		b.update(func(tx portal.Tx) error { return tx.DeleteUser("ada") })
		if n := get(b, func(tx portal.Tx) (int64, error) { return tx.BundleHolders(one) }); n != 1 {
			b.Errorf("%d holders when one of two is gone", n)
		}
	}},
	{"activity takes effect once", func(b *bench) {
		report := portal.Activity{Item: itemID("a"), Username: "Ada", LastUsed: epoch}
		b.update(func(tx portal.Tx) error { return errors.Join(putPool(tx, "a"), tx.PutActivity(report)) })
		take := func() (list []portal.Activity) {
			b.update(func(tx portal.Tx) (err error) {
				list, err = tx.TakeActivity(itemID("a"), "ADA")
				return err
			})
			return list
		}
		if got := take(); len(got) != 1 || got[0] != report {
			b.Errorf("got %v", got)
		}
		later := report
		later.CheckedOut = epoch.Add(time.Hour)
		b.update(func(tx portal.Tx) error { return errors.Join(tx.PutActivity(report), tx.PutActivity(later)) })
		if got := take(); len(got) != 1 || got[0] != later {
			b.Errorf("got %v, want the later report alone", got)
		}
		b.reopen()
		if got := take(); len(got) != 0 {
			b.Errorf("got %v again", got)
		}
	}},
	{"entitlements against a plain model", entitlementsAgainstModel},
}

// entitlementsAgainstModel gives and takes at random and compares counts and pages with maps.
func entitlementsAgainstModel(b *bench) {
	random := rand.New(rand.NewPCG(7, 11))
	products := []esri.ItemID{itemID("a"), itemID("b")}
	var names []string
	for i := range 23 {
		names = append(names, fmt.Sprintf("User%02d", i))
	}
	b.update(func(tx portal.Tx) error { return errors.Join(putUsers(tx, names...), putPool(tx, "a", "b")) })
	held := map[esri.ItemID]map[string][]string{products[0]: {}, products[1]: {}}
	for step := range 400 {
		id, name := products[random.IntN(2)], names[random.IntN(len(names))]
		keys := [][]string{nil, {"x"}, {"y"}, {"x", "y"}}[random.IntN(4)]
		b.update(func(tx portal.Tx) error {
			if keys == nil {
				return tx.DeleteEntitlement(id, name)
			}
			return tx.PutEntitlement(&portal.Entitlement{Item: id, Username: name, Keys: keys})
		})
		delete(held[id], name)
		if keys != nil {
			held[id][name] = keys
		}
		if step%40 == 39 {
			compareHeld(b, held)
		}
	}
	gone := names[3]
	b.update(func(tx portal.Tx) error { return tx.DeleteUser(gone) })
	for _, id := range products {
		delete(held[id], gone)
	}
	compareHeld(b, held)
	b.reopen()
	compareHeld(b, held)
}

func compareHeld(b *bench, held map[esri.ItemID]map[string][]string) {
	b.Helper()
	for id, want := range held {
		b.view(func(tx portal.Tx) error {
			use, err := tx.ProductUse(id)
			if err != nil {
				return err
			}
			parts := map[string]int64{}
			for _, keys := range want {
				for _, k := range keys {
					parts[k]++
				}
			}
			if use.Holders != int64(len(want)) || !maps.Equal(use.Parts, parts) {
				b.Errorf("use %+v, want %d holders of %v", use, len(want), parts)
			}
			got := map[string][]string{}
			for start := 1; start <= len(want); start += 5 {
				page, err := tx.Entitlements(id, portal.Page{Start: start, Num: 5})
				if err != nil {
					return err
				}
				if len(page) != min(5, len(want)-start+1) {
					b.Errorf("page at %d has %d rows of %d", start, len(page), len(want))
				}
				for _, e := range page {
					got[e.Username] = e.Keys
				}
			}
			if !maps.EqualFunc(got, want, slices.Equal) {
				b.Errorf("pages hold %v, want %v", got, want)
			}
			behind, err := tx.Entitlements(id, portal.Page{Start: len(want) + 1, Num: 5})
			if len(behind) != 0 {
				b.Errorf("%d rows behind the last", len(behind))
			}
			return err
		})
	}
}
