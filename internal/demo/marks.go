package demo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// makeCategories gives the organization the categories that items can have, where it has none.
func (s *seeder) makeCategories(ctx context.Context) error {
	have, err := s.p.Content.Categories().Schema(ctx)
	if err != nil || len(have) > 0 || len(s.Categories) == 0 {
		return err
	}
	if err := s.p.Content.Categories().SetSchema(ctx, s.manifest.Categories); err != nil {
		return fmt.Errorf("categories: %w", err)
	}
	return nil
}

// register registers the item as an app, unless an earlier call did.
func (w *itemWriter) register(ctx context.Context, it *gis.Item) error {
	if w.App == nil {
		return nil
	}
	_, err := it.AppInfo(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		_, err = it.Register(ctx, gis.AppSpec{Type: gis.AppType(w.App.Type), RedirectURIs: w.App.RedirectURIs})
	}
	return err
}

// mark sets what an item is given beside its content: its categories within groups, the status of
// its content, and protection, which comes last.
func (w *itemWriter) mark(ctx context.Context, it *gis.Item) error {
	for _, title := range slices.Sorted(maps.Keys(w.GroupCategories)) {
		g := w.p.Groups.Handle(w.groups[title])
		if err := g.UpdateCategories(ctx, map[esri.ItemID][]string{it.ID: w.GroupCategories[title]}); err != nil {
			return fmt.Errorf("categories within %s: %w", title, err)
		}
	}
	if w.ContentStatus != "" {
		if err := it.SetContentStatus(ctx, gis.ContentStatus(w.ContentStatus)); err != nil {
			return fmt.Errorf("content status: %w", err)
		}
	}
	if w.itemEntry.Protected {
		if err := it.Protect(ctx, true); err != nil {
			return fmt.Errorf("protect: %w", err)
		}
	}
	return nil
}
