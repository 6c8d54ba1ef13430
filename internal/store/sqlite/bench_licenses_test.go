package sqlite_test

import (
	"fmt"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
)

// manyHolders is how many members hold the product of the license benchmarks.
const manyHolders = 50_000

const benchProduct = esri.ItemID("00000000000000000000000000000abc")

// fillLicenses makes a store in which many members hold one product.
func fillLicenses(b *testing.B) *sqlite.Store {
	b.Helper()
	s := open(b, b.TempDir(), clock.System{})
	b.Cleanup(func() { s.Close() })
	update := func(fn func(tx portal.Tx) error) {
		if err := s.Update(b.Context(), fn); err != nil {
			b.Fatal(err)
		}
	}
	update(func(tx portal.Tx) error {
		return tx.PutProduct(&portal.Product{Item: benchProduct, Title: "ArcGIS Pro", MaxUsers: portal.Unlimited})
	})
	for from := 0; from < manyHolders; from += 5000 {
		update(func(tx portal.Tx) error {
			for i := from; i < from+5000; i++ {
				name := fmt.Sprintf("member%06d", (i*7919)%manyHolders)
				if err := tx.PutUser(&portal.User{Username: name, UserType: "creatorUT", Role: portal.RoleUser, Access: portal.InOrg}); err != nil {
					return err
				}
				if err := tx.PutEntitlement(&portal.Entitlement{Item: benchProduct, Username: name, Keys: []string{"desktopAdvN", "spatialAnalystN"}}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return s
}

// BenchmarkEntitlements reads pages of who holds a product, and changes one entitlement.
func BenchmarkEntitlements(b *testing.B) {
	s := fillLicenses(b)
	for name, start := range map[string]int{"first page": 1, "middle page": manyHolders / 2, "last page": manyHolders - 99} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := s.View(b.Context(), func(tx portal.Tx) error {
					rows, err := tx.Entitlements(benchProduct, portal.Page{Start: start, Num: 100})
					if err == nil && len(rows) != 100 {
						err = fmt.Errorf("%d rows", len(rows))
					}
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			if err := s.View(b.Context(), func(tx portal.Tx) error {
				_, err := tx.Entitlements(benchProduct, portal.Page{Start: 1, Num: manyHolders})
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("revoke and assign", func(b *testing.B) {
		i := 0
		for b.Loop() {
			name := fmt.Sprintf("member%06d", i*7919%manyHolders)
			i++
			if err := s.Update(b.Context(), func(tx portal.Tx) error {
				if err := tx.DeleteEntitlement(benchProduct, name); err != nil {
					return err
				}
				return tx.PutEntitlement(&portal.Entitlement{Item: benchProduct, Username: name, Keys: []string{"desktopBasicN"}})
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
