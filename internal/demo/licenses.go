package demo

import (
	"context"
	_ "embed" // the pool
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/gis"
)

//go:embed data/licenses.json
var pool []byte

// Licenses is the pool of licenses of the demo organization, in the form of rhumb serve
// --licenses. A portal that has it lends the members of the organization what data/manifest says.
func Licenses() []byte { return append([]byte{}, pool...) }

// assignLicenses gives members products of the pool, as far as the portal has them. Who holds a
// product already keeps what he has.
func (s *seeder) assignLicenses(ctx context.Context) error {
	return each(ctx, s, s.Licenses, func(e *licenseEntry) string { return "license of " + e.Username }, s.assignLicense)
}

func (s *seeder) assignLicense(ctx context.Context, e *licenseEntry) error {
	product, err := s.p.Licenses.Get(ctx, e.Product)
	if errors.Is(err, gis.ErrNotFound) {
		return nil // another portal than ours, with licenses of its own
	}
	if err != nil {
		return err
	}
	name := s.account(e.Username)
	held, err := product.Entitlement(ctx, name)
	if err != nil || len(held.Entitlements) > 0 {
		return err
	}
	if err := product.Assign(ctx, e.Entitlements, name); err != nil {
		return fmt.Errorf("assign %s: %w", e.Product, err)
	}
	return nil
}
