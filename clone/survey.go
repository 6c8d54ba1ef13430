package clone

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// readers is how many listings are read at a time on one portal; the portal's pacer lowers it
// where the host is slow.
const readers = 8

// census is what one portal holds, cut down to what matching and planning need.
type census struct {
	users   []*gis.User
	roles   []*gis.Role
	groups  []*censusGroup
	folders []*gis.Folder
	items   []*censusItem
}

type censusGroup struct {
	group    *gis.Group
	members  *gis.GroupMembers
	settings []string // not empty: the portal's own
	items    []esri.ItemID
}

// systemic reports whether a group belongs to the portal itself.
func (g *censusGroup) systemic() bool { return len(g.settings) > 0 || isSystem(g.group.Owner) }

type censusItem struct {
	ID       string
	Owner    string
	Folder   string
	Type     string
	Title    string
	Name     string
	Access   string
	Modified int64
	Size     int64
	Marked   string   // source id that its marker names
	Keywords []string // those that planning looks at, see keywordsOfNote
}

// take reads the portal. key is that of the other side when copies are to be recognized.
func take(ctx context.Context, s *site, key string, m *Meter) (*census, error) {
	c := &census{}
	var err error
	if c.users, err = gis.Collect(s.Users.List(ctx, nil)); err != nil {
		return nil, fmt.Errorf("list members of %s: %w", s.side.Address, err)
	}
	slices.SortFunc(c.users, func(a, b *gis.User) int { return strings.Compare(fold(a.Username), fold(b.Username)) })
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return c.readRoles(gctx, s) })
	g.Go(func() error { return c.readGroups(gctx, s, m) })
	g.Go(func() error { return c.readContent(gctx, s, key, m) })
	return c, g.Wait()
}

func (c *census) readRoles(ctx context.Context, s *site) error {
	for r, err := range s.Roles.List(ctx) {
		if err != nil {
			return fmt.Errorf("list roles of %s: %w", s.side.Address, err)
		}
		if r.ID == gis.RoleViewer || r.ID == gis.RoleDataEditor {
			continue
		}
		if r.Privileges, err = r.ReadPrivileges(ctx); err != nil {
			return fmt.Errorf("privileges of role %q: %w", r.Name, err)
		}
		slices.Sort(r.Privileges)
		c.roles = append(c.roles, r)
	}
	slices.SortFunc(c.roles, func(a, b *gis.Role) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

func (c *census) readGroups(ctx context.Context, s *site, m *Meter) error {
	for g, err := range s.Groups.SearchAll(ctx, "", nil) {
		if err != nil {
			return fmt.Errorf("list groups of %s: %w", s.side.Address, err)
		}
		if g.IsFav {
			continue
		}
		c.groups = append(c.groups, &censusGroup{group: g, settings: s.own(g)})
	}
	slices.SortFunc(c.groups, func(a, b *censusGroup) int { return strings.Compare(string(a.group.ID), string(b.group.ID)) })
	eg, ctx := errgroup.WithContext(ctx)
	eg.SetLimit(readers)
	for _, cg := range c.groups {
		eg.Go(func() error {
			full, err := s.Groups.Get(ctx, cg.group.ID)
			if err != nil {
				return fmt.Errorf("group %q: %w", cg.group.Title, err)
			}
			cg.group = full
			if cg.members, err = full.Members(ctx); err != nil {
				return fmt.Errorf("members of group %q: %w", full.Title, err)
			}
			for it, err := range full.Items(ctx, nil) {
				if err != nil {
					return fmt.Errorf("items of group %q: %w", full.Title, err)
				}
				cg.items = append(cg.items, it.ID)
			}
			m.finish(MeterEvent{})
			return nil
		})
	}
	return eg.Wait()
}

// readContent lists the folders and items of every member; those of system accounts too, so
// that a plan can say that they are left out.
func (c *census) readContent(ctx context.Context, s *site, key string, m *Meter) error {
	eg, ctx := errgroup.WithContext(ctx)
	eg.SetLimit(readers)
	folders := make([][]*gis.Folder, len(c.users))
	items := make([][]*censusItem, len(c.users))
	for i, u := range c.users {
		eg.Go(func() error {
			var err error
			if folders[i], err = s.Content.Folders(ctx, u.Username); err != nil {
				return fmt.Errorf("folders of %s: %w", u.Username, err)
			}
			ids := []esri.FolderID{""}
			for _, f := range folders[i] {
				ids = append(ids, f.ID)
			}
			for _, id := range ids {
				for it, err := range s.Content.UserItems(ctx, u.Username, id, nil) {
					if err != nil {
						return fmt.Errorf("content of %s: %w", u.Username, err)
					}
					items[i] = append(items[i], newCensusItem(it, id, key))
				}
			}
			m.finish(MeterEvent{})
			return nil
		})
	}
	if err := eg.Wait(); err != nil {
		return err
	}
	c.folders, c.items = slices.Concat(folders...), slices.Concat(items...)
	slices.SortFunc(c.folders, func(a, b *gis.Folder) int {
		return strings.Compare(fold(a.Username)+"\x00"+fold(a.Title), fold(b.Username)+"\x00"+fold(b.Title))
	})
	slices.SortFunc(c.items, func(a, b *censusItem) int { return strings.Compare(a.ID, b.ID) })
	return nil
}

func newCensusItem(it *gis.Item, folder esri.FolderID, key string) *censusItem {
	c := &censusItem{
		ID: string(it.ID), Owner: it.Owner, Folder: string(folder), Type: it.Type, Title: it.Title, Name: it.Name,
		Access: string(it.Access), Modified: it.Modified.Millis(), Size: max(it.Size, 0),
	}
	c.Keywords = keywordsOfNote(it.TypeKeywords)
	c.Marked, _ = markedItem(it.TypeKeywords, it.Properties, key)
	return c
}

// fold is the form in which names and titles are compared.
func fold(s string) string { return strings.ToLower(s) }
