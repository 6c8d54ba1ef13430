package clone

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// fewItems is how many items are asked one by one for the groups that they are shared with;
// for more, the listings of all groups are read.
const fewItems = 20

// items reads the folders in which the items of list are expected.
func (r *stateReader) items(ctx context.Context, list []sealing) error {
	want := byTarget(list, same)
	groups, err := r.groupsOf(ctx, list)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for at := range r.places {
		g.Go(func() error {
			for it, err := range r.dst.Content.UserItems(ctx, at.owner, esri.FolderID(at.folder), nil) {
				if errors.Is(err, gis.ErrNotFound) {
					return nil
				}
				if err != nil {
					return err
				}
				s := want[string(it.ID)]
				if s == nil {
					continue
				}
				mu.Lock()
				s.now = itemState(it, at.folder, groups[string(it.ID)]).String()
				mu.Unlock()
			}
			return nil
		})
	}
	return g.Wait()
}

// groupsOf returns for each item the groups that it is shared with, sorted.
func (r *stateReader) groupsOf(ctx context.Context, list []sealing) (map[string][]string, error) {
	out := map[string][]string{}
	if len(list) <= fewItems {
		for at, ids := range r.places {
			for id := range ids {
				it, err := r.dst.Content.UserItem(ctx, at.owner, esri.ItemID(id))
				if errors.Is(err, gis.ErrNotFound) {
					continue
				}
				if err != nil {
					return nil, err
				}
				if it.Sharing != nil {
					out[id] = texts(it.Sharing.Groups)
				}
			}
		}
		return out, nil
	}
	ids := slices.Clone(r.knownGroups)
	for g, err := range r.dst.Groups.SearchAll(ctx, "", nil) {
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, string(g.ID)) {
			ids = append(ids, string(g.ID))
		}
	}
	shared, err := r.contents(ctx, ids)
	for group, items := range shared {
		for _, id := range items {
			out[id] = append(out[id], group)
		}
	}
	return out, err
}

// contents lists the items of groups.
func (r *stateReader) contents(ctx context.Context, groups []string) (map[string][]string, error) {
	out := map[string][]string{}
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for _, id := range groups {
		g.Go(func() error {
			var items []string
			for it, err := range r.dst.Groups.Handle(esri.GroupID(id)).Items(ctx, nil) {
				if errors.Is(err, gis.ErrNotFound) {
					return nil
				}
				if err != nil {
					return err
				}
				items = append(items, string(it.ID))
			}
			mu.Lock()
			defer mu.Unlock()
			out[id] = items
			return nil
		})
	}
	return out, g.Wait()
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	slices.Sort(out)
	return out
}
