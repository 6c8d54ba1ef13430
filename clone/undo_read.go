package clone

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// inhabitants is what an undo must know of the target: what the run's objects look like now,
// and who and what else lives beside them.
type inhabitants struct {
	users   map[string]*gis.User // by folded name
	roles   map[string]*gis.Role
	groups  map[string]*groupNow
	folders map[string]*gis.Folder
	homes   []string                     // accounts whose content was listed
	owned   map[string]map[string]string // titles of all groups, by folded owner and id

	mu     sync.Mutex
	items  map[string]*itemNow // in the homes
	latest int64               // when the last object of the run was created, in milliseconds
}

type groupNow struct {
	group   *gis.Group
	members *gis.GroupMembers
	items   []string
}

type itemNow struct {
	owner, folder string
	title         string
	protected     bool
	now           state  // of the run's objects only
	mark          marker // likewise
	modified      int64
}

// read lists what the decisions rest on.
func (u *undoing) read(ctx context.Context) error {
	u.m.begin("read the target", len(u.log.objects), 0)
	u.seen = &inhabitants{
		users: map[string]*gis.User{}, roles: map[string]*gis.Role{}, groups: map[string]*groupNow{},
		folders: map[string]*gis.Folder{}, items: map[string]*itemNow{}, owned: map[string]map[string]string{},
	}
	for user, err := range u.dst.Users.List(ctx, nil) {
		if err != nil {
			return fmt.Errorf("list members: %w", err)
		}
		u.seen.users[fold(user.Username)] = user
	}
	for role, err := range u.dst.Roles.List(ctx) {
		if err != nil {
			return fmt.Errorf("list roles: %w", err)
		}
		u.seen.roles[string(role.ID)] = role
	}
	for g, err := range u.dst.Groups.SearchAll(ctx, "", nil) {
		if err != nil {
			return fmt.Errorf("list groups: %w", err)
		}
		if u.seen.owned[fold(g.Owner)] == nil {
			u.seen.owned[fold(g.Owner)] = map[string]string{}
		}
		u.seen.owned[fold(g.Owner)][string(g.ID)] = g.Title
	}
	if err := u.resolve(ctx); err != nil {
		return err
	}
	if err := u.readGroups(ctx); err != nil {
		return err
	}
	return u.readHomes(ctx)
}

// resolve finds what a run was about to make when it was cut off, and of which it could not
// note the id any more: by name, since nothing of that name was there before.
func (u *undoing) resolve(ctx context.Context) error {
	for key, o := range u.log.objects {
		title := u.log.titles[key]
		if o.target != "" || o.complete || title == "" {
			continue
		}
		switch key.kind {
		case KindRole:
			for id, r := range u.seen.roles {
				if strings.EqualFold(r.Name, title) {
					o.target = id
				}
			}
		case KindFolder:
			f, err := u.dst.Content.FolderByTitle(ctx, o.owner, title)
			if err != nil && !errors.Is(err, gis.ErrNotFound) {
				return err
			}
			if err == nil {
				o.target = string(f.ID)
			}
		case KindGroup:
			for id, t := range u.seen.owned[fold(u.dst.side.User)] {
				if t == title && !u.log.before[goingKey(KindGroup, id)] {
					o.target = id // the marker is asked for before it goes
				}
			}
		}
	}
	return nil
}

// readGroups reads the groups that the run made: properties, members and content.
func (u *undoing) readGroups(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for key, o := range u.log.objects {
		if key.kind != KindGroup || o.target == "" {
			continue
		}
		g.Go(func() error {
			group, err := u.dst.Groups.Get(ctx, esri.GroupID(o.target))
			if errors.Is(err, gis.ErrNotFound) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("group %s: %w", o.target, err)
			}
			now := &groupNow{group: group}
			if now.members, err = group.Members(ctx); err != nil {
				return fmt.Errorf("members of group %q: %w", group.Title, err)
			}
			for it, err := range group.Items(ctx, nil) {
				if err != nil {
					return fmt.Errorf("items of group %q: %w", group.Title, err)
				}
				now.items = append(now.items, string(it.ID))
			}
			u.seen.mu.Lock()
			defer u.seen.mu.Unlock()
			u.seen.groups[o.target] = now
			u.seen.latest = max(u.seen.latest, group.Created.Millis())
			return nil
		})
	}
	return g.Wait()
}

// readHomes lists the content of every account that the run made or wrote to.
func (u *undoing) readHomes(ctx context.Context) error {
	owners := map[string]bool{}
	for key, o := range u.log.objects {
		if key.kind == KindUser && o.target != "" {
			owners[fold(o.target)] = true
		}
		if (key.kind == KindItem || key.kind == KindFolder) && o.owner != "" {
			owners[fold(o.owner)] = true
		}
	}
	maps.DeleteFunc(owners, func(n string, _ bool) bool { return u.seen.users[n] == nil })
	u.seen.homes = slices.Sorted(maps.Keys(owners))
	made := map[string]*logged{}
	for key, o := range u.log.objects {
		if key.kind == KindItem && o.target != "" {
			made[o.target] = o
		}
	}
	groups, err := u.groupsOfItems(ctx, made)
	if err != nil {
		return fmt.Errorf("list the content of groups: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for _, name := range u.seen.homes {
		g.Go(func() error { return u.readHome(ctx, u.seen.users[name].Username, made, groups) })
	}
	return g.Wait()
}

func (u *undoing) groupsOfItems(ctx context.Context, made map[string]*logged) (map[string][]string, error) {
	r := &stateReader{dst: u.dst.Portal, knownGroups: slices.Collect(maps.Keys(u.seen.groups))}
	list := make([]sealing, 0, len(made))
	for id, o := range made {
		list = append(list, sealing{target: id})
		r.place(id, o.owner, "")
	}
	if len(list) == 0 {
		return nil, nil
	}
	return r.groupsOf(ctx, list)
}

func (u *undoing) readHome(ctx context.Context, owner string, made map[string]*logged, groups map[string][]string) error {
	folders, err := u.dst.Content.Folders(ctx, owner)
	if err != nil {
		return fmt.Errorf("folders of %s: %w", owner, err)
	}
	ids := []string{""}
	u.seen.mu.Lock()
	for _, f := range folders {
		ids = append(ids, string(f.ID))
		u.seen.folders[string(f.ID)] = f
	}
	u.seen.mu.Unlock()
	for _, folder := range ids {
		for it, err := range u.dst.Content.UserItems(ctx, owner, esri.FolderID(folder), nil) {
			if err != nil {
				return fmt.Errorf("content of %s: %w", owner, err)
			}
			now := &itemNow{owner: owner, folder: folder, title: it.Title, protected: it.Protected, modified: it.Modified.Millis()}
			if made[string(it.ID)] != nil {
				now.now = itemState(it, folder, groups[string(it.ID)])
				now.mark, _ = readMarker(it.Properties)
			}
			u.seen.mu.Lock()
			u.seen.items[string(it.ID)] = now
			if made[string(it.ID)] != nil {
				u.seen.latest = max(u.seen.latest, it.Created.Millis())
			}
			u.seen.mu.Unlock()
			u.m.finish(MeterEvent{})
		}
	}
	return nil
}
