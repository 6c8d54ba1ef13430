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

// ErrDrift is what Apply returns when the target is not as the plan found it. Nothing is
// written.
var ErrDrift = errors.New("the target changed since the plan was made")

// DriftError lists the objects of the target that are not as the plan found them.
type DriftError struct{ Objects []string }

func (e *DriftError) Error() string {
	return fmt.Sprintf("%v; plan again: %s", ErrDrift, strings.Join(e.Objects, "; "))
}

// Is makes the error match ErrDrift.
func (e *DriftError) Is(target error) bool { return target == ErrDrift }

// drift compares the target with what a plan expects there. What this journal records is no
// drift: the run did it.
type drift struct {
	*applier
	mu    sync.Mutex
	found []string
}

// checkDrift refuses a target on which objects that the plan uses are gone, or names that it
// wants are taken.
func (a *applier) checkDrift(ctx context.Context) error {
	d := &drift{applier: a}
	g, gctx := errgroup.WithContext(ctx)
	for _, check := range []func(context.Context) error{d.users, d.rolesOf, d.groupsOf, d.content} {
		g.Go(func() error { return check(gctx) })
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("compare the target with the plan: %w", err)
	}
	if len(d.found) > 0 {
		slices.Sort(d.found)
		return &DriftError{Objects: d.found}
	}
	return nil
}

func (d *drift) name(s Step, what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.found = append(d.found, fmt.Sprintf("%s %s: %s", s.Kind, describe(s.Title, s.Source), what))
}

// open yields the steps of a kind that this journal knows nothing of.
func (d *drift) open(k Kind) func(func(Step) bool) {
	return func(yield func(Step) bool) {
		for _, s := range d.plan.Steps {
			if s.Kind != k || s.Action == Skip {
				continue
			}
			_, known := d.j.last(k, s.Source)
			if _, begun := d.j.begun(k, s.Source); !known && !begun && !yield(s) {
				return
			}
		}
	}
}

func (d *drift) users(ctx context.Context) error {
	there := map[string]bool{}
	for u, err := range d.dst.Users.List(ctx, nil) {
		if err != nil {
			return err
		}
		there[fold(u.Username)] = true
	}
	replaces := false
	for s := range d.open(KindUser) {
		name := d.accountName(s)
		switch {
		case s.Action == Create && there[fold(name)]:
			d.name(s, "an account named "+name+" appeared")
		case (s.Action == Match || s.Action == Update) && !there[fold(s.Target)]:
			d.name(s, "account "+s.Target+" is gone")
		case s.Action == Replace:
			replaces = true
		}
	}
	if heir := d.plan.Header.Options.ReassignTo; replaces && !there[fold(heir)] {
		d.found = append(d.found, "account "+heir+", which is to receive what replaced accounts own, is not there")
	}
	return nil
}

func (d *drift) rolesOf(ctx context.Context) error {
	named, there := map[string]bool{}, map[string]bool{}
	for r, err := range d.dst.Roles.List(ctx) {
		if err != nil {
			return err
		}
		named[fold(r.Name)], there[string(r.ID)] = true, true
	}
	for s := range d.open(KindRole) {
		title := s.Title
		if s.Rename != "" {
			title = s.Rename
		}
		switch {
		case s.Action == Create && named[fold(title)]:
			d.name(s, "a role of this name appeared")
		case s.Action != Create && !there[s.Target] && !predefined(esri.RoleID(s.Target)):
			d.name(s, "role "+s.Target+" is gone")
		}
	}
	return nil
}

// groupsOf asks for each group that is used, since listings of groups lag behind.
func (d *drift) groupsOf(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for s := range d.open(KindGroup) {
		if s.Action != Match && s.Action != Update {
			continue
		}
		g.Go(func() error {
			_, err := d.dst.Groups.Get(gctx, esri.GroupID(s.Target))
			if errors.Is(err, gis.ErrNotFound) {
				d.name(s, "group "+s.Target+" is gone")
				return nil
			}
			return err
		})
	}
	titled := map[string]bool{}
	for t, err := range d.dst.Groups.SearchAll(gctx, "", nil) {
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		titled[fold(t.Title)] = true
	}
	for s := range d.open(KindGroup) {
		title := s.Title
		if s.Rename != "" {
			title = s.Rename
		}
		if s.Action == Create && titled[fold(title)] {
			d.name(s, "a group of this title appeared")
		}
	}
	return g.Wait()
}

// content looks for the folders and items that the plan uses in the listings of their owners.
func (d *drift) content(ctx context.Context) error {
	byOwner := map[string][]Step{}
	for _, k := range []Kind{KindFolder, KindItem} {
		for s := range d.open(k) {
			if s.inPlace() {
				owner := d.ownerThere(s)
				byOwner[owner] = append(byOwner[owner], s)
			}
		}
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for owner, steps := range byOwner {
		g.Go(func() error { return d.contentOf(gctx, owner, steps) })
	}
	return g.Wait()
}

// ownerThere is the account of the target that has what a step of content uses, as far as the
// plan tells.
func (d *drift) ownerThere(s Step) string {
	if u := d.step(KindUser, s.Owner); u != nil {
		return d.accountName(*u)
	}
	return s.Owner
}

func (d *drift) contentOf(ctx context.Context, owner string, steps []Step) error {
	there := map[string]bool{}
	folders, err := d.dst.Content.Folders(ctx, owner)
	if err != nil && !errors.Is(err, gis.ErrNotFound) {
		return err
	}
	for _, f := range folders {
		there[string(f.ID)] = true
	}
	for it, err := range d.dst.Content.AllUserItems(ctx, owner) {
		if errors.Is(err, gis.ErrNotFound) {
			break
		}
		if err != nil {
			return err
		}
		there[string(it.ID)] = true
	}
	for _, s := range steps {
		if there[s.Target] {
			continue
		}
		if s.Kind == KindItem {
			_, err := d.dst.Content.Get(ctx, esri.ItemID(s.Target))
			if err == nil {
				continue // somebody else's, as a map of items may have it
			}
			if !errors.Is(err, gis.ErrNotFound) {
				return err
			}
		}
		d.name(s, fmt.Sprintf("%s %s is gone", s.Kind, s.Target))
	}
	return nil
}
