package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// writers is how many objects are made at a time.
const writers = 8

// Seed builds the organization in p, which must be signed in as an administrator. What is there
// already is left as it is, so that a call after an interrupted one goes on, and a call on a
// complete organization writes nothing.
//
// progress, where not nil, is called before the first object and after each one, by one goroutine
// at a time, with the number of objects done, their total, and what was done last.
//
// It needs a portal that keeps chosen item ids: ArcGIS Enterprise, or rhumb serve.
func Seed(ctx context.Context, p *gis.Portal, progress func(done, total int, what string)) error {
	m, err := load()
	if err != nil {
		return err
	}
	return m.seed(ctx, p, progress)
}

// seeder is one call of Seed.
type seeder struct {
	*manifest
	p     *gis.Portal
	me    string // the administrator
	org   esri.OrgID
	roles map[string]esri.RoleID // by key

	mu      sync.Mutex // guards the fields below
	groups  map[string]esri.GroupID
	folders map[string]esri.FolderID // by owner and title
	done    int
	total   int
	report  func(done, total int, what string)
}

func (m *manifest) seed(ctx context.Context, p *gis.Portal, progress func(done, total int, what string)) error {
	s := &seeder{
		manifest: m, p: p, report: progress,
		roles: map[string]esri.RoleID{}, groups: map[string]esri.GroupID{}, folders: map[string]esri.FolderID{},
		total: len(m.Roles) + len(m.Members) + len(m.Groups) + len(m.Folders) + len(m.Items) + len(m.Relationships) + len(m.Licenses),
	}
	if err := s.connect(ctx); err != nil {
		return err
	}
	s.finished(0, "connected")
	if err := s.makeCategories(ctx); err != nil {
		return err
	}
	for _, phase := range []func(context.Context) error{
		s.makeRoles, s.makeMembers, s.makeGroups, s.makeFolders, s.makeItems, s.makeRelations, s.assignLicenses, s.disableMembers,
	} {
		if err := phase(ctx); err != nil {
			return err
		}
	}
	return nil
}

// connect makes sure that the portal can hold the organization before anything is written.
func (s *seeder) connect(ctx context.Context) error {
	self, err := s.p.Self(ctx)
	if err != nil {
		return err
	}
	if self.User == nil || self.User.Role != gis.RoleAdmin {
		return errors.New("the demo organization is made by an administrator: sign in as one")
	}
	f, err := s.p.Features(ctx)
	if err != nil {
		return err
	}
	if !f.HonorsItemIDToCreate {
		return fmt.Errorf("%s chooses item ids itself, and the demo organization needs its own: use ArcGIS Enterprise or rhumb serve", s.p.URL())
	}
	s.me, s.org = self.User.Username, self.ID
	return nil
}

// finished counts n objects as done.
func (s *seeder) finished(n int, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done += n
	if s.report != nil {
		s.report(s.done, s.total, what)
	}
}

// account is the portal's name of a member of the manifest.
func (s *seeder) account(name string) string {
	if name == admin || name == "" {
		return s.me
	}
	return name
}

// itemID is the id of an item of the manifest in this portal. It follows from the organization
// and the key, so that references hold across interruptions, and differs from portal to portal.
func (s *seeder) itemID(key string) esri.ItemID {
	sum := sha256.Sum256([]byte("rhumb demo\x00" + string(s.org) + "\x00" + key))
	return esri.ItemID(hex.EncodeToString(sum[:16]))
}

// each calls do for every entry, several at a time, and counts what is done.
func each[T any](ctx context.Context, s *seeder, list []T, name func(*T) string, do func(context.Context, *T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for i := range list {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			what := name(&list[i])
			if err := do(ctx, &list[i]); err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			s.finished(1, what)
			return nil
		})
	}
	return g.Wait()
}

func (s *seeder) makeRoles(ctx context.Context) error {
	return each(ctx, s, s.Roles, func(r *roleEntry) string { return "role " + r.Name }, s.makeRole)
}

// makeRole makes a custom role. One without privileges was left behind by a call that was cut off.
func (s *seeder) makeRole(ctx context.Context, e *roleEntry) error {
	role, err := s.p.Roles.ByName(ctx, e.Name)
	switch {
	case errors.Is(err, gis.ErrNotFound):
		role, err = s.p.Roles.Create(ctx, gis.RoleSpec{Name: e.Name, Description: e.Description, Privileges: e.Privileges})
	case err == nil:
		var have []string
		if have, err = role.ReadPrivileges(ctx); err == nil && len(have) == 0 {
			err = role.SetPrivileges(ctx, e.Privileges)
		}
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles[e.Key] = role.ID
	return nil
}

// makeFolders merges the folders by owner and title.
func (s *seeder) makeFolders(ctx context.Context) error {
	var owners []string
	byOwner := map[string][]folderEntry{}
	for _, f := range s.Folders {
		if byOwner[f.Owner] == nil {
			owners = append(owners, f.Owner)
		}
		byOwner[f.Owner] = append(byOwner[f.Owner], f)
	}
	slices.Sort(owners)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, owner := range owners {
		g.Go(func() error { return s.foldersOf(ctx, owner, byOwner[owner]) })
	}
	return g.Wait()
}

func (s *seeder) foldersOf(ctx context.Context, owner string, list []folderEntry) error {
	name := s.account(owner)
	have, err := s.p.Content.Folders(ctx, name)
	if err != nil {
		return fmt.Errorf("folders of %s: %w", name, err)
	}
	for _, e := range list {
		i := slices.IndexFunc(have, func(f *gis.Folder) bool { return strings.EqualFold(f.Title, e.Title) })
		var f *gis.Folder
		if i >= 0 {
			f = have[i]
		} else if f, err = s.p.Content.CreateFolder(ctx, name, e.Title); err != nil {
			return fmt.Errorf("folder %s of %s: %w", e.Title, name, err)
		}
		s.mu.Lock()
		s.folders[folderKey(owner, e.Title)] = f.ID
		s.mu.Unlock()
		s.finished(1, "folder "+e.Title)
	}
	return nil
}

func folderKey(owner, title string) string { return owner + "\x00" + title }
