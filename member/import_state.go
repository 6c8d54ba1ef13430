package member

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// importState is what an import knows of the portal: only what the file asks about.
type importState struct {
	opts     ImportOptions
	online   bool // members are made by invitations
	words    *vocabulary
	role     esri.RoleID // of rows without one
	userType string
	members  map[string]*gis.User // by folded name
	types    map[string]*counter
	products []*Product
	bundles  []*BundleUse
	groups   map[string]*groupUse       // by the folded word of the file
	folders  map[string]map[string]bool // titles by member, both folded
	taken    map[string]string          // names that are nobody's here and not free either, and one that is
	begun    map[string]bool            // by an earlier run with the same journal
}

// groupUse is a group of the file with those who belong to it.
type groupUse struct {
	err   error // why the word names no group
	group *gis.Group
	part  map[string]gis.MemberType // by folded name
}

// readImportState reads the portal, several things at a time.
func readImportState(ctx context.Context, p *gis.Portal, s *Sheet, opts ImportOptions) (*importState, error) {
	k := &importState{opts: opts, members: map[string]*gis.User{}, groups: map[string]*groupUse{}, folders: map[string]map[string]bool{}, taken: map[string]string{}}
	f, err := p.Features(ctx)
	if err != nil {
		return nil, err
	}
	k.online = !f.CreatesUsersByAdmin
	if k.words, err = readVocabulary(ctx, p); err != nil {
		return nil, err
	}
	if err := k.defaults(); err != nil {
		return nil, err
	}
	if k.begun, err = readBegun(opts.Journal); err != nil {
		return nil, err
	}
	asks := askedOf(s)
	if err := k.readMembers(ctx, p, asks.names); err != nil {
		return nil, err
	}
	if asks.licenses {
		if k.products, err = Products(ctx, p, opts.Options); err != nil {
			return nil, err
		}
	}
	if asks.bundles {
		if k.bundles, err = readBundles(ctx, p, opts.workers()); err != nil {
			return nil, err
		}
	}
	if err := k.readGroups(ctx, p, slices.Sorted(maps.Keys(asks.groups))); err != nil {
		return nil, err
	}
	if err := k.readFolders(ctx, p, asks.folders); err != nil {
		return nil, err
	}
	return k, k.readTaken(ctx, p, asks.names)
}

// asked is what a file asks about.
type asked struct {
	names             map[string]string // as written, by folded name
	groups            map[string]string
	folders           []string // members
	licenses, bundles bool
}

func askedOf(s *Sheet) asked {
	a := asked{names: map[string]string{}, groups: map[string]string{}}
	for i := range s.Records {
		r := &s.Records[i]
		if r.Username == "" {
			continue
		}
		a.names[fold(accountName(r.Username))] = r.Username
		for _, word := range slices.Concat(r.Groups, r.Manages) {
			a.groups[word] = word
		}
		if len(r.Folders) > 0 {
			a.folders = append(a.folders, r.Username)
		}
		a.licenses = a.licenses || len(r.Licenses) > 0
		a.bundles = a.bundles || len(r.Bundles) > 0
	}
	return a
}

// accountName is how the portal calls an account of a directory that is made as DOMAIN\user.
func accountName(username string) string {
	if domain, name, ok := strings.Cut(username, `\`); ok {
		return name + "@" + domain
	}
	return username
}

func (k *importState) defaults() (err error) {
	k.role = gis.RoleUser
	if k.opts.Role != "" {
		if k.role, err = k.words.role(k.opts.Role); err != nil {
			return err
		}
	}
	if k.opts.UserType != "" {
		t, err := k.words.userType(k.opts.UserType)
		if err != nil {
			return err
		}
		k.userType = t.ID
	}
	return nil
}

// readMembers goes through all members: those of the file are kept, the others counted.
func (k *importState) readMembers(ctx context.Context, p *gis.Portal, names map[string]string) error {
	taken := map[string]int{}
	for u, err := range p.Users.ListAll(ctx, &gis.UserListAll{Ahead: k.opts.workers(), WithSystem: true}) {
		if err != nil {
			return fmt.Errorf("read the members: %w", err)
		}
		if !u.IsSystem() {
			taken[u.UserLicenseTypeID]++
		}
		if _, asked := names[fold(u.Username)]; asked {
			k.members[fold(u.Username)] = u
		}
	}
	var err error
	k.types, err = userTypeSeats(ctx, p, k.words, taken)
	return err
}

// readGroups finds the groups of the file and who belongs to them.
func (k *importState) readGroups(ctx context.Context, p *gis.Portal, words []string) error {
	var mu sync.Mutex
	return each(ctx, k.opts.workers(), words, func(ctx context.Context, word string) error {
		use := &groupUse{part: map[string]gis.MemberType{}}
		group, err := findGroup(ctx, p, word)
		var wrong noGroup
		switch {
		case errors.As(err, &wrong):
			use.err = err
		case err != nil:
			return fmt.Errorf("read the group %q: %w", word, err)
		default:
			use.group = group
			if err := use.read(ctx); err != nil {
				return err
			}
		}
		mu.Lock()
		defer mu.Unlock()
		k.groups[word] = use
		return nil
	})
}

func (g *groupUse) read(ctx context.Context) error {
	m, err := g.group.Members(ctx)
	if err != nil {
		return fmt.Errorf("read the members of the group %q: %w", g.group.Title, err)
	}
	for _, name := range m.Users {
		g.part[fold(name)] = gis.MemberMember
	}
	for _, name := range m.Admins {
		g.part[fold(name)] = gis.MemberAdmin
	}
	g.part[fold(m.Owner)] = gis.MemberOwner
	return nil
}

// noGroup says why a word names no group.
type noGroup string

func (n noGroup) Error() string { return string(n) }

// findGroup finds a group by its id, or by its title without regard to case.
func findGroup(ctx context.Context, p *gis.Portal, word string) (*gis.Group, error) {
	if esri.IsID(word) {
		g, err := p.Groups.Get(ctx, esri.GroupID(word))
		if !errors.Is(err, gis.ErrNotFound) && !errors.Is(err, gis.ErrDenied) {
			return g, err
		}
	}
	var found []*gis.Group
	query := `title:"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`
	for g, err := range p.Groups.Search(ctx, query, nil) {
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(g.Title, word) {
			found = append(found, g)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, noGroup(fmt.Sprintf("there is no group %q", word))
	}
	return nil, noGroup(fmt.Sprintf("%d groups are called %q: name one by its id", len(found), word))
}

// readFolders reads the folders of members who are there.
func (k *importState) readFolders(ctx context.Context, p *gis.Portal, names []string) error {
	names = slices.DeleteFunc(names, func(n string) bool { return k.members[fold(accountName(n))] == nil })
	var mu sync.Mutex
	return each(ctx, k.opts.workers(), names, func(ctx context.Context, name string) error {
		u := k.members[fold(accountName(name))]
		list, err := p.Content.Folders(ctx, u.Username)
		if err != nil {
			return fmt.Errorf("read the folders of %s: %w", name, err)
		}
		titles := map[string]bool{}
		for _, f := range list {
			titles[fold(f.Title)] = true
		}
		mu.Lock()
		defer mu.Unlock()
		k.folders[fold(u.Username)] = titles
		return nil
	})
}

// readTaken asks which of the new names belong to somebody outside: on ArcGIS Online, user names
// are unique among all organizations.
func (k *importState) readTaken(ctx context.Context, p *gis.Portal, names map[string]string) error {
	if !k.online {
		return nil
	}
	var fresh []string
	for folded, name := range names {
		if k.members[folded] == nil && !strings.ContainsFunc(name, badInName) {
			fresh = append(fresh, name)
		}
	}
	slices.Sort(fresh)
	var mu sync.Mutex
	return each(ctx, k.opts.workers(), slices.Collect(slices.Chunk(fresh, parcelSize)), func(ctx context.Context, part []string) error {
		checks, err := p.Users.CheckUsernames(ctx, part...)
		if err != nil {
			return fmt.Errorf("ask which user names are free: %w", err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, c := range checks {
			if !c.Free() {
				k.taken[fold(c.Requested)] = c.Suggested
			}
		}
		return nil
	})
}
