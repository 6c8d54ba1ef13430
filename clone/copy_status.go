package clone

import (
	"context"
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/gis"
)

// settleStatus sets content status and protection where they differ from what have says; nil is
// an item that was just made. It comes last. Marking an item as authoritative protects it, so
// that protection follows. Protection itself guards an item against deletion alone and stands in
// the way of no other write: it is never lifted in between.
func (c *itemCopy) settleStatus(ctx context.Context, it, have *gis.Item) error {
	status, protected := "", false
	if have != nil {
		status, protected = have.ContentStatus, have.Protected
	}
	if want := c.src.ContentStatus; want != status {
		err := it.SetContentStatus(ctx, gis.ContentStatus(want))
		switch {
		case errors.Is(err, gis.ErrUnsupported):
			c.rep.tally("the content status of %d items is not carried: the target does not know it")
		case err != nil:
			return fmt.Errorf("set the content status: %w", err)
		case want != "" && gis.ContentStatus(want) != gis.Deprecated:
			protected = true
		}
	}
	if c.src.Protected == protected {
		return nil
	}
	if err := it.Protect(ctx, c.src.Protected); err != nil {
		return fmt.Errorf("set the protection: %w", err)
	}
	return nil
}

// leaveOut counts what an item has that no clone can carry, for one note each.
func (c *itemCopy) leaveOut() {
	for _, n := range []struct {
		there bool
		note  string
	}{
		{c.src.NumComments > 0, "comments on %d items are not copied: they belong to those who wrote them"},
		{c.src.NumRatings > 0, "ratings of %d items are not copied: they belong to those who gave them"},
		{c.src.Listed || given(c.src.Raw(), "listingProperties"), "the marketplace listings of %d items are not copied"},
		{given(c.src.Raw(), "classification"), "the classification of %d items is not copied: it belongs to a schema of the source organization"},
		{c.src.SourceURL != "" || given(c.src.Raw(), "serviceProxyParams") || given(c.src.Raw(), "appProxies"),
			"the stored credentials and proxies of %d items are not copied: portals do not give them away; set them anew"},
	} {
		if n.there {
			c.rep.tally(n.note)
		}
	}
}
