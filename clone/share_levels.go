package clone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// shareLevels knows how widely items of the source are shared now. A plan may have been edited,
// and an item narrowed since it was made: no copy becomes wider than the map of access levels
// makes its source.
type shareLevels struct {
	mu    sync.Mutex
	level map[string]string // by source item
	lower []string          // items whose copies are narrower than planned
}

// few is how many items of a folder are asked for one by one, rather than by the folder's
// listing.
const few = 20

// read fills in the levels of the items whose copies are to be seen by more than groups.
func (l *shareLevels) read(ctx context.Context, a *applier, steps []Step) error {
	type place struct{ owner, folder string }
	wanted := map[place]map[string]bool{}
	for _, s := range steps {
		if it := a.steps[s.Source]; it != nil && level(gis.Access(s.Access)) != gis.AccessPrivate {
			at := place{it.Owner, it.Folder}
			if wanted[at] == nil {
				wanted[at] = map[string]bool{}
			}
			wanted[at][s.Source] = true
		}
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for at, ids := range wanted {
		if len(ids) <= few {
			for id := range ids {
				g.Go(func() error {
					it, err := a.src.Content.UserItem(gctx, at.owner, esri.ItemID(id))
					if err == nil {
						l.set(id, string(it.Access))
					}
					return gctx.Err() // what cannot be read fails when it is shared
				})
			}
			continue
		}
		g.Go(func() error {
			for it, err := range a.src.Content.UserItems(gctx, at.owner, esri.FolderID(at.folder), nil) {
				if err != nil {
					return fmt.Errorf("how items of %s are shared: %w", at.owner, err)
				}
				if ids[string(it.ID)] {
					l.set(string(it.ID), string(it.Access))
				}
			}
			return nil
		})
	}
	return g.Wait()
}

func (l *shareLevels) set(item, access string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.level[item] = access
}

func (l *shareLevels) get(item string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	access, ok := l.level[item]
	return access, ok
}

// lowered notes an item whose copy is narrower than the plan says.
func (l *shareLevels) lowered(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Contains(l.lower, name) {
		l.lower = append(l.lower, name)
	}
}

// levelOf returns the access level that the copy of the item of s gets: that of the plan, unless the
// source is narrower now or the target shares nothing with everybody.
func (a *applier) levelOf(ctx context.Context, s Step) (gis.Access, error) {
	want := level(gis.Access(s.Access))
	if want == gis.AccessPrivate {
		return want, nil
	}
	now, ok := a.levels.get(s.Source)
	if !ok {
		it, err := a.src.Content.UserItem(ctx, s.Owner, esri.ItemID(s.Source))
		if errors.Is(err, gis.ErrNotFound) {
			return "", errors.New("it is gone from the source since the plan was made")
		}
		if err != nil {
			return "", fmt.Errorf("read how it is shared: %w", err)
		}
		now = string(it.Access)
		a.levels.set(s.Source, now)
	}
	most := level(gis.Access(a.plan.Header.Options.access(now)))
	if width(want) > width(most) {
		a.levels.lowered(describe(s.Title, s.Source))
		want = most
	}
	if most == gis.AccessPublic && !a.dst.self.CanSharePublic {
		a.levels.lowered(describe(s.Title, s.Source))
		want = gis.AccessOrg
	}
	return want, nil
}

// width orders access levels.
func width(a gis.Access) int {
	return slices.Index([]gis.Access{gis.AccessPrivate, gis.AccessOrg, gis.AccessPublic}, a)
}

// report says which copies are narrower than planned.
func (l *shareLevels) report(rep *Report, public bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lower) == 0 {
		return
	}
	slices.Sort(l.lower)
	why := "their sources are shared less widely than the plan says"
	if !public {
		why = "the target shares nothing with everybody, or their sources are shared less widely than the plan says"
	}
	names := l.lower[:min(len(l.lower), few)]
	rest := ""
	if n := len(l.lower) - len(names); n > 0 {
		rest = fmt.Sprintf(" and %d more", n)
	}
	rep.note(fmt.Sprintf("%d items are shared less widely than planned, since %s: %s%s", len(l.lower), why, strings.Join(names, ", "), rest))
}
