package clone

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// settleItemCategories gives the copies in a group the categories that their items have within
// that group on the source, once they are shared with it. Only what differs is written.
func (a *applier) settleItemCategories(ctx context.Context) error {
	work, cancel := inFlight(ctx)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, s := range a.plan.Steps {
		target := a.groups.get(s.Source)
		if s.Kind != KindGroup || !s.Categorized || s.Action == Skip || target == "" {
			continue
		}
		g.Go(func() error {
			if gctx.Err() != nil {
				return gctx.Err()
			}
			err := a.settleCategoriesWithin(work, s.Source, target)
			if err == nil || ctx.Err() != nil {
				return ctx.Err()
			}
			return a.failLate(Failure{Kind: KindGroup, Source: s.Source, Title: s.Title, Error: "categories of its items: " + err.Error()}, s.Action)
		})
	}
	return g.Wait()
}

func (a *applier) settleCategoriesWithin(ctx context.Context, source, target string) error {
	want, err := categoriesWithin(ctx, a.src, source)
	if err != nil {
		return err
	}
	have, err := categoriesWithin(ctx, a.dst, target)
	if err != nil {
		return fmt.Errorf("on the target: %w", err)
	}
	change := map[esri.ItemID][]string{}
	for id, it := range want {
		copied := a.items.get(id)
		if there := have[copied]; there != nil && set(there.GroupCategories) != set(it.GroupCategories) {
			change[esri.ItemID(copied)] = it.GroupCategories
		}
	}
	if len(change) == 0 {
		return nil
	}
	return a.dst.Groups.Handle(esri.GroupID(target)).UpdateCategories(ctx, change)
}

// categoriesWithin lists the items of a group, by id, as the group has them.
func categoriesWithin(ctx context.Context, at *site, group string) (map[string]*gis.Item, error) {
	out := map[string]*gis.Item{}
	for it, err := range at.Groups.Handle(esri.GroupID(group)).Items(ctx, nil) {
		if err != nil {
			return nil, err
		}
		out[string(it.ID)] = it
	}
	return out, nil
}
