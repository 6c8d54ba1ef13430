package portaltest

import (
	"context"
	"fmt"
	"io"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (p *Portal) applyLicenses(ctx context.Context, r io.Reader) error {
	pool, err := portal.ParseLicenses(r)
	if err == nil {
		err = p.app.Portal().ApplyLicenses(ctx, pool)
	}
	if err != nil {
		return fmt.Errorf("licenses: %w", err)
	}
	return nil
}
