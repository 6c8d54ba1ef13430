package member

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// BundleUse is an app bundle with the members who hold it.
type BundleUse struct {
	*gis.Bundle
	holders map[string]bool // folded names
}

// Holds reports whether a member holds the bundle.
func (b *BundleUse) Holds(username string) bool { return b.holders[fold(username)] }

// Users is the number of members who hold the bundle.
func (b *BundleUse) Users() int { return len(b.holders) }

// readBundles reads the bundles with their holders. A portal without bundles has none.
func readBundles(ctx context.Context, p *gis.Portal, workers int) ([]*BundleUse, error) {
	all, err := gis.Collect(p.Licenses.Bundles(ctx))
	if errors.Is(err, gis.ErrUnsupported) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the app bundles: %w", err)
	}
	out := make([]*BundleUse, len(all))
	for i, b := range all {
		out[i] = &BundleUse{Bundle: b, holders: map[string]bool{}}
	}
	err = each(ctx, workers, out, func(ctx context.Context, b *BundleUse) error {
		for u, err := range b.Bundle.Users(ctx) {
			if err != nil {
				return fmt.Errorf("read who holds the app bundle %s: %w", b.Name, err)
			}
			b.holders[fold(u.Username)] = true
		}
		return nil
	})
	return out, err
}

// findBundle answers the bundle of a name, without regard to case, or of an id.
func findBundle(bundles []*BundleUse, name string) (*BundleUse, error) {
	var names []string
	for _, b := range bundles {
		if b.ID == name || string(b.ItemID) == name || strings.EqualFold(b.Name, name) {
			return b, nil
		}
		names = append(names, fmt.Sprintf("%q", b.Name))
	}
	slices.Sort(names)
	if len(names) == 0 {
		return nil, fmt.Errorf("the organization has no app bundle %q, and no other", name)
	}
	return nil, fmt.Errorf("the organization has no app bundle %q; it has %s", name, strings.Join(names, ", "))
}
