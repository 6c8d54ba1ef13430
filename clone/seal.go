package clone

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// seal journals what each object that this run made or changed looks like on the target now
// that everything is done. It reads listings only. Undo removes an object only while it looks
// like that.
func (a *applier) seal(ctx context.Context) error {
	todo := a.j.unsealed()
	n := 0
	for _, list := range todo {
		n += len(list)
	}
	if n == 0 {
		return nil
	}
	a.m.begin("record the outcome", n, 0)
	r := &stateReader{dst: a.dst.Portal}
	read := []struct {
		kind Kind
		do   func(context.Context, []sealing) error
	}{
		{KindRole, r.roles}, {KindUser, r.users}, {KindGroup, r.groups}, {KindFolder, r.folders}, {KindItem, r.items},
	}
	for _, s := range todo[KindItem] {
		if owner, folder, err := a.place(s.source); err == nil {
			r.place(s.target, owner, string(folder))
		}
	}
	for _, s := range todo[KindFolder] {
		r.owner(a.users.get(a.folderOwner(s.source)))
	}
	r.knownGroups = slices.Collect(maps.Values(a.groups.all()))
	for _, p := range read {
		if len(todo[p.kind]) == 0 {
			continue
		}
		if err := p.do(ctx, todo[p.kind]); err != nil {
			return fmt.Errorf("record the outcome: %w", err)
		}
		if err := a.keep(ctx, p.kind, todo[p.kind]); err != nil {
			return err
		}
	}
	return nil
}

// keep writes the states that were read. Lines that wait together share one sync.
func (a *applier) keep(ctx context.Context, k Kind, list []sealing) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(64)
	for _, s := range list {
		if s.now == "" {
			continue // it is not there: what became of it is reported where it failed
		}
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			defer a.m.finish(MeterEvent{})
			return a.j.Append(Entry{Event: EventSealed, Kind: k, Source: s.source, Target: s.target, State: s.now})
		})
	}
	return g.Wait()
}

func (a *applier) folderOwner(source string) string {
	if s := a.step(KindFolder, source); s != nil {
		return s.Owner
	}
	return ""
}

// sealing is one object whose state is read.
type sealing struct {
	source, target string
	now            string // its state; empty: it is not there
}

// unsealed lists what this run left on the target and has not sealed.
func (j *Journal) unsealed() map[Kind][]sealing {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := map[Kind][]sealing{}
	for key, r := range j.state.objects {
		if r.Target == "" || r.Sealed != 0 || r.Action == Match {
			continue
		}
		switch key.kind {
		case KindRole, KindUser, KindGroup, KindFolder, KindItem:
			out[key.kind] = append(out[key.kind], sealing{source: key.source, target: r.Target})
		}
	}
	return out
}

// stateReader reads what objects of the target look like, by listings.
type stateReader struct {
	dst         *gis.Portal
	places      map[itemPlace]map[string]bool // item ids by where they are expected; nil: everywhere
	owners      map[string]bool               // of folders
	knownGroups []string                      // besides those that a search finds, which lags
}

type itemPlace struct{ owner, folder string }

func (r *stateReader) place(item, owner, folder string) {
	at := itemPlace{owner, folder}
	if r.places == nil {
		r.places = map[itemPlace]map[string]bool{}
	}
	if r.places[at] == nil {
		r.places[at] = map[string]bool{}
	}
	r.places[at][item] = true
}

func (r *stateReader) owner(owner string) {
	if r.owners == nil {
		r.owners = map[string]bool{}
	}
	if owner != "" {
		r.owners[owner] = true
	}
}

// byTarget indexes a list by the ids on the target, in the form norm gives them.
func byTarget(list []sealing, norm func(string) string) map[string]*sealing {
	out := make(map[string]*sealing, len(list))
	for i := range list {
		out[norm(list[i].target)] = &list[i]
	}
	return out
}

func same(s string) string { return s }

func (r *stateReader) roles(ctx context.Context, list []sealing) error {
	want := byTarget(list, same)
	for role, err := range r.dst.Roles.List(ctx) {
		if err != nil {
			return err
		}
		s := want[string(role.ID)]
		if s == nil {
			continue
		}
		if role.Privileges, err = role.ReadPrivileges(ctx); err != nil {
			return err
		}
		s.now = roleState(role).String()
	}
	return nil
}

func (r *stateReader) users(ctx context.Context, list []sealing) error {
	want := byTarget(list, fold)
	for u, err := range r.dst.Users.List(ctx, nil) {
		if err != nil {
			return err
		}
		if s := want[fold(u.Username)]; s != nil {
			s.now = userState(u).String()
		}
	}
	return nil
}

func (r *stateReader) groups(ctx context.Context, list []sealing) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i := range list {
		g.Go(func() error {
			group, err := r.dst.Groups.Get(ctx, esri.GroupID(list[i].target))
			if errors.Is(err, gis.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			members, err := group.Members(ctx)
			if err != nil {
				return err
			}
			list[i].now = groupState(group, members).String()
			return nil
		})
	}
	return g.Wait()
}

func (r *stateReader) folders(ctx context.Context, list []sealing) error {
	want := byTarget(list, same)
	for owner := range r.owners {
		folders, err := r.dst.Content.Folders(ctx, owner)
		if errors.Is(err, gis.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		for _, f := range folders {
			if s := want[string(f.ID)]; s != nil {
				s.now = folderState(f).String()
			}
		}
	}
	return nil
}

// sealedBefore is when a copy that an earlier run made, and this one has not written, was last
// changed on the target as far as its run knew, in milliseconds; 0 where that is not known.
func (j *Journal) sealedBefore(k Kind, source string) int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	key := objectKey{k, source}
	if _, now := j.state.objects[key]; now {
		return 0
	}
	return j.state.earlier[key].Sealed
}

// madeNow reports whether this run made or wrote an object.
func (j *Journal) madeNow(k Kind, source string) bool {
	_, ok := j.last(k, source)
	return ok
}
