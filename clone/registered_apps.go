package clone

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// registerApps registers the copies of registered apps, before any item is filled: each gets a
// client id of the target, which other apps may name. The items stand as shells until then. An
// app that cannot be registered fails by itself. Secrets are not read, kept or written: whoever
// uses one asks the target for the new one.
func (a *applier) registerApps(ctx context.Context) error {
	var todo []Step
	work := false
	for _, s := range a.plan.Steps {
		if s.Kind != KindItem || s.Action == Skip {
			continue
		}
		work = work || s.Action != Match
		if s.Registered && a.items.get(s.Source) != "" {
			todo = append(todo, s)
		}
	}
	if !work || len(todo) == 0 {
		return nil
	}
	rw, err := a.rewriter()
	if err != nil {
		return err
	}
	a.m.begin("register apps", len(todo), 0)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, s := range todo {
		g.Go(func() error {
			defer a.m.finish(MeterEvent{})
			if err := a.registerApp(gctx, s, rw); err != nil {
				a.unregistered.set(s.Source, err.Error())
			}
			return gctx.Err()
		})
	}
	return g.Wait()
}

// registered reports whether the copy of an item is registered as an app on the target.
func (a *applier) registered(source string) bool { return a.apps.get(source) != "" }

// registerApp maps the client id of one app.
func (a *applier) registerApp(ctx context.Context, s Step, rw *remap.Rewriter) error {
	from, err := appOf(ctx, a.src, s.Owner, s.Source)
	if err != nil || from == nil {
		return err
	}
	if from.Type == gis.AppAPIKey {
		a.rep.tally("%d API keys are not copied: make them anew on the target")
		return nil
	}
	owner, folder, err := a.place(s.Source)
	if err != nil {
		return err
	}
	if s.Action == Create {
		if err := a.standShell(ctx, s); err != nil {
			return err
		}
	}
	it := a.dst.Content.Handle(owner, folder, esri.ItemID(a.items.get(s.Source)))
	want := gis.AppSpec{Type: from.Type, RedirectURIs: mapped(rw, from.RedirectURIs), HTTPReferrers: mapped(rw, from.HTTPReferrers), Privileges: mapped(rw, from.Privileges)}
	to, err := it.AppInfo(ctx)
	switch {
	case errors.Is(err, gis.ErrNotFound) && s.Action == Match:
		return nil // an item that is used as it is
	case errors.Is(err, gis.ErrNotFound):
		to, err = a.register(ctx, it, want)
	case err == nil && s.Action != Match && !sameApp(to, want):
		to, err = it.UpdateApp(ctx, to.ClientID, want)
	}
	if err != nil {
		return fmt.Errorf("register it as an app: %w", err)
	}
	a.apps.set(s.Source, to.ClientID)
	if from.ClientID != "" && to.ClientID != "" {
		a.clients.set(from.ClientID, to.ClientID)
	}
	return nil
}

// register registers an item. Portals let only the owner do so: the item of another member
// belongs to the connecting account meanwhile.
func (a *applier) register(ctx context.Context, it *gis.Item, spec gis.AppSpec) (*gis.AppInfo, error) {
	info, err := it.Register(ctx, spec)
	if !errors.Is(err, gis.ErrDenied) || fold(it.Owner) == fold(a.dst.side.User) {
		return info, err
	}
	owner, folder := it.Owner, it.OwnerFolder
	if err := it.ReassignTo(ctx, a.dst.side.User, ""); err != nil {
		return nil, fmt.Errorf("borrow it from %s: %w", owner, err)
	}
	info, err = it.Register(ctx, spec)
	if rerr := it.ReassignTo(ctx, owner, ""); rerr != nil {
		return nil, errors.Join(err, fmt.Errorf("give it back to %s: %w", owner, rerr))
	}
	if folder != "" {
		if merr := it.Move(ctx, folder); merr != nil {
			return nil, errors.Join(err, fmt.Errorf("put it back into its folder: %w", merr))
		}
	}
	return info, err
}

// appOf reads a registration without its secret; nil where the item has none.
func appOf(ctx context.Context, at *site, owner, id string) (*gis.AppInfo, error) {
	info, err := at.Content.Handle(owner, "", esri.ItemID(id)).AppInfo(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read its registration as an app: %w", err)
	}
	info.ClientSecret = ""
	return info, nil
}

func mapped(rw *remap.Rewriter, list []string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i], _ = rw.String(s)
	}
	return out
}

func sameApp(a *gis.AppInfo, want gis.AppSpec) bool {
	return set(a.RedirectURIs) == set(want.RedirectURIs) && set(a.HTTPReferrers) == set(want.HTTPReferrers) && set(a.Privileges) == set(want.Privileges)
}

// readClients maps the client ids of the registered apps among steps to those of their copies,
// which items names by source id.
func readClients(ctx context.Context, src, dst *site, steps []Step, owner func(Step) string) (map[string]string, error) {
	clients := newTable(nil)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for _, s := range steps {
		if s.Kind != KindItem || !s.Registered || !s.begun() {
			continue
		}
		g.Go(func() error {
			from, err := appOf(ctx, src, s.Owner, s.Source)
			if err != nil || from == nil {
				return err
			}
			to, err := appOf(ctx, dst, owner(s), s.Target)
			if err == nil && to != nil && from.ClientID != "" && to.ClientID != "" {
				clients.set(from.ClientID, to.ClientID)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return clients.all(), nil
}
