package portaltest

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
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

// UseLicense reports, as the product itself would, that a member used it at lastUsed and has it
// checked out, to work offline, since checkedOut; the zero time leaves either as it is. item is
// the product's. It takes effect once the member holds a license of the product.
func (p *Portal) UseLicense(t testing.TB, item, username string, lastUsed, checkedOut time.Time) {
	t.Helper()
	report := portal.Activity{Item: esri.ItemID(item), Username: username, LastUsed: lastUsed, CheckedOut: checkedOut}
	if err := p.app.Portal().RecordActivity(t.Context(), report); err != nil {
		t.Fatalf("portaltest: use %s as %s: %v", item, username, err)
	}
}
