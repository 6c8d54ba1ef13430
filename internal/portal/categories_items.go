package portal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// ItemChange is what one entry of a batch asks for.
type ItemChange struct {
	ID     esri.ItemID
	Fields ItemFields
	Err    *Error // why the entry cannot be read; it fails alone
}

// UpdateItems changes properties of several items, each by its own: of those that the caller
// owns, or all for who holds portal:admin:updateItems.
func (p *Portal) UpdateItems(ctx context.Context, c Caller, changes []ItemChange) (out []BatchResult, err error) {
	if c.Anonymous() {
		return nil, ErrTokenRequired()
	}
	return p.eachChange(ctx, c, changes, func(tx Tx, a *actor, ch ItemChange) error {
		it, err := visibleItem(tx, a, ch.ID)
		if err != nil {
			return err
		}
		if err := a.owns(it.Item, privUpdateItems); err != nil {
			return err
		}
		u := ItemUpdate{Fields: ch.Fields}
		if err := u.check(); err != nil {
			return err
		}
		if err := u.allowed(a, it); err != nil {
			return err
		}
		return p.updateItem(tx, it.Item, it.Folder, u, nil, itemFiles{})
	})
}

// UpdateGroupCategories replaces the categories that items have within a group. Its owner and
// its managers may, and who may update all groups.
func (p *Portal) UpdateGroupCategories(ctx context.Context, c Caller, id esri.GroupID, changes []ItemChange) (out []BatchResult, err error) {
	var g *Group
	err = p.store.View(ctx, func(tx Tx) error {
		g, err = p.groupToEdit(tx, c, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.eachChange(ctx, c, changes, func(tx Tx, a *actor, ch ItemChange) error {
		// The right to it may have gone since.
		if _, err := p.groupToEdit(tx, c, g.ID); err != nil {
			return err
		}
		if ch.Fields.Categories == nil {
			return ErrMissingParam("categories")
		}
		f := ItemFields{Categories: ch.Fields.Categories}
		if err := f.check(); err != nil {
			return err
		}
		it, err := visibleItem(tx, a, ch.ID)
		if err != nil {
			return err
		}
		return absentAs(tx.PutGroupCategories(g.ID, it.ID, *f.Categories), errNoItem())
	})
}

// groupToEdit reads a group that the caller may change.
func (p *Portal) groupToEdit(tx Tx, c Caller, id esri.GroupID) (*Group, error) {
	a, err := actorIn(tx, c)
	if err != nil {
		return nil, err
	}
	g, err := visibleGroup(tx, a, id)
	if err != nil {
		return nil, err
	}
	return g, a.mayEdit(g)
}

// eachChange runs do for each entry in one transaction. An error that a caller may see belongs
// to its entry; do must change nothing before its last one.
func (p *Portal) eachChange(ctx context.Context, c Caller, changes []ItemChange, do func(Tx, *actor, ItemChange) error) (out []BatchResult, err error) {
	ids := make([]esri.ItemID, len(changes))
	for i, ch := range changes {
		ids[i] = ch.ID
	}
	if err := checkBatch("items", ids); err != nil {
		return nil, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		out = make([]BatchResult, 0, len(changes))
		for _, ch := range changes {
			failure := error(nil)
			if ch.Err != nil {
				failure = ch.Err
			} else {
				failure = do(tx, a, ch)
			}
			var public *Error
			if failure != nil && !errors.As(failure, &public) {
				return failure
			}
			out = append(out, BatchResult{ID: ch.ID, Err: public})
		}
		return nil
	})
	return out, err
}

// Limits of a search by categories.
const (
	maxCategoryFilters = 8 // values of one parameter, and parameters
	maxCategoryTerms   = 3
	maxTermFilters     = 2
)

// checkCategories holds the filters of a search by category against their limits.
func (s *ItemSearch) checkCategories() error {
	for _, f := range []struct {
		param             string
		lists             [][]string
		maxLists, maxEach int
	}{{"categories", s.Categories, maxCategoryFilters, maxCategoryFilters}, {"categoryFilters", s.CategoryTerms, maxTermFilters, maxCategoryTerms}} {
		if len(f.lists) > f.maxLists {
			return ErrBadParam(f.param, fmt.Sprintf("must not be sent more than %d times", f.maxLists))
		}
		for _, list := range f.lists {
			if len(list) > f.maxEach {
				return ErrBadParam(f.param, fmt.Sprintf("must hold at most %d values", f.maxEach))
			}
			if slices.ContainsFunc(list, func(v string) bool { return len(v) > maxItemWord*4 }) {
				return ErrBadParam(f.param, "holds a value that is too long for a category")
			}
		}
	}
	if len(s.Categories) > 0 && len(s.CategoryTerms) > 0 {
		return ErrBadParam("categoryFilters", "must not come together with 'categories'")
	}
	return nil
}

// trimmedPaths drops slashes at the ends of paths, which mean nothing.
func trimmedPaths(lists [][]string) [][]string {
	out := make([][]string, len(lists))
	for i, list := range lists {
		for _, path := range list {
			out[i] = append(out[i], strings.TrimRight(path, "/"))
		}
	}
	return out
}

// withGroupCategories adds to items what they have within a group.
func withGroupCategories(tx Tx, group esri.GroupID, views []ItemView) error {
	ids := make([]esri.ItemID, len(views))
	for i := range views {
		ids[i] = views[i].ID
	}
	categories, err := tx.GroupCategories(group, ids)
	for i := range views {
		views[i].GroupCategories = categories[views[i].ID]
	}
	return err
}
