package clone

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unique"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// readers is how many listings are read at a time on one portal; the portal's pacer lowers it
// where the host is slow.
const readers = 8

// census is what one portal holds, cut down to what matching and planning need.
type census struct {
	users   []*censusUser
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

// censusUser is what planning keeps of an account.
type censusUser struct {
	Username, FullName, Email string
	Role                      esri.RoleID // in effect
	UserType                  string
	Provider                  string
	Favorites                 esri.GroupID // the hidden group of what it marked as favorite
	Disabled                  bool
	Profile                   [16]byte // sums up what is copied of the profile
}

type censusItem struct {
	ID       string
	Owner    string
	Folder   string
	Type     string
	Title    string
	Name     string
	Access   string
	Status   string // of the content: authoritative or deprecated
	Modified int64
	Size     int64
	Marked   string      // source id that its marker names, or the keyword of another tool, see settleMarks
	Copied   *copiedFrom // what the marker says besides; nil: it is another tool's
	Keywords []string    // those that planning looks at, see keywordsOfNote
	Tags     []string    // where a selector asks for them

	Protected bool
	File      bool // its data was uploaded as a file
	Metadata  bool // it has a metadata document
	Texts     bool // a property of it may name other objects
	Commas    bool // a tag or type keyword holds a comma
}

// copiedFrom is the state that a source item had when it was copied.
type copiedFrom struct {
	Modified, Size int64
	Resources      string
}

// take reads the portal. key is that of the other side when copies are to be recognized; tags
// tells whether selectors ask for the tags of items.
func take(ctx context.Context, s *site, key string, tags bool, m *Meter) (*census, error) {
	c := &census{}
	for u, err := range s.Users.List(ctx, nil) {
		if err != nil {
			return nil, fmt.Errorf("list members of %s: %w", s.side.Address, err)
		}
		c.users = append(c.users, newCensusUser(u))
	}
	slices.SortFunc(c.users, func(a, b *censusUser) int { return strings.Compare(fold(a.Username), fold(b.Username)) })
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return c.readRoles(gctx, s) })
	g.Go(func() error { return c.readGroups(gctx, s, m) })
	g.Go(func() error {
		return c.readContent(gctx, s, m, func(it *gis.Item, folder esri.FolderID) *censusItem {
			item := newCensusItem(it, folder, key)
			if tags {
				item.Tags = it.Tags
			}
			return item
		})
	})
	return c, g.Wait()
}

func newCensusUser(u *gis.User) *censusUser {
	sum := sha256.New()
	for _, part := range []string{
		u.FullName, u.FirstName, u.LastName, u.Email, u.Description, set(u.Tags), u.Culture, u.CultureFormat,
		u.Region, u.Units, string(u.Access), u.PreferredView, yesNo(u.Thumbnail != ""),
	} {
		fmt.Fprintf(sum, "%q", part)
	}
	return &censusUser{
		Username: u.Username, FullName: u.FullName, Email: u.Email, Role: esri.RoleID(intern(string(u.EffectiveRole()))),
		UserType: intern(u.UserLicenseTypeID), Provider: intern(u.Provider), Favorites: u.FavGroupID, Disabled: u.Disabled,
		Profile: [16]byte(sum.Sum(nil)),
	}
}

// intern makes equal strings share their bytes: owners, types and the like stand in every item.
func intern(s string) string { return unique.Make(s).Value() }

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
func (c *census) readContent(ctx context.Context, s *site, m *Meter, note func(*gis.Item, esri.FolderID) *censusItem) error {
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
					items[i] = append(items[i], note(it, id))
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
		ID: string(it.ID), Owner: intern(it.Owner), Folder: intern(string(folder)), Type: intern(it.Type), Title: it.Title, Name: it.Name,
		Access: intern(string(it.Access)), Status: intern(it.ContentStatus), Modified: it.Modified.Millis(), Size: max(it.Size, 0),
		Keywords: keywordsOfNote(it.TypeKeywords), Protected: it.Protected, File: isFile(it),
	}
	for _, k := range it.TypeKeywords {
		c.Metadata = c.Metadata || strings.EqualFold(k, "Metadata")
	}
	comma := func(s string) bool { return strings.Contains(s, ",") }
	c.Commas = slices.ContainsFunc(it.Tags, comma) || slices.ContainsFunc(it.TypeKeywords, comma)
	for _, text := range itemTexts(it) {
		c.Texts = c.Texts || mayRefer(text.value)
	}
	if id, ok := markedItem(it.TypeKeywords, it.Properties, key); ok {
		m, _ := readMarker(it.Properties)
		c.Marked, c.Copied = id, &copiedFrom{Modified: m.Modified, Size: m.Size, Resources: m.Resources}
	} else {
		c.Marked = namedSources(it.TypeKeywords, it.Properties)
	}
	return c
}

// item finds an item by its id; nil where there is none.
func (c *census) item(id string) *censusItem {
	if i := c.index(id); i >= 0 {
		return c.items[i]
	}
	return nil
}

// index is the place of an item among items; -1 for none.
func (c *census) index(id string) int {
	i, ok := slices.BinarySearchFunc(c.items, id, func(it *censusItem, id string) int { return strings.Compare(it.ID, id) })
	if !ok {
		return -1
	}
	return i
}

// group finds a group by its id; nil where there is none.
func (c *census) group(id string) *censusGroup {
	i, ok := slices.BinarySearchFunc(c.groups, id, func(g *censusGroup, id string) int { return strings.Compare(string(g.group.ID), id) })
	if !ok {
		return nil
	}
	return c.groups[i]
}

// fold is the form in which names and titles are compared.
func fold(s string) string { return strings.ToLower(s) }
