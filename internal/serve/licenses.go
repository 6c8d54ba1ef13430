package serve

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/rhumb-gis/rhumb/internal/portal/app"
)

// readLicenses reads the pool of licenses that the options name, before anything is touched; it
// is nil where they name none.
func (o *Options) readLicenses() (*app.LicensePool, error) {
	if o.Licenses == "" {
		return nil, nil
	}
	f, err := os.Open(o.Licenses)
	if err != nil {
		return nil, optionError("licenses", "%v", err)
	}
	defer f.Close()
	pool, err := app.ParseLicenses(f)
	if err != nil {
		return nil, optionError("licenses", "%s: %v", o.Licenses, err)
	}
	return pool, nil
}

// applyLicenses gives the portal its pool of licenses: the one that was read, else, where it has
// none yet, the one of the seed.
func (s *server) applyLicenses(ctx context.Context) error {
	p, pool := s.app.Portal(), s.pool
	if pool == nil && s.o.SeedLicenses != nil {
		has, err := p.HasLicenses(ctx)
		if err != nil || has {
			return err
		}
		if pool, err = app.ParseLicenses(bytes.NewReader(s.o.SeedLicenses)); err != nil {
			return fmt.Errorf("the licenses of the seed: %w", err)
		}
	}
	if pool == nil {
		return nil
	}
	if err := p.ApplyLicenses(ctx, pool); err != nil {
		return fmt.Errorf("apply the licenses of %s: %w", orSeed(s.o.Licenses), err)
	}
	return nil
}

func orSeed(file string) string {
	if file == "" {
		return "the seed"
	}
	return file
}
