package soak

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/gis"
)

// inventory is everything that a portal holds, a line a fact, in the words of the portal's own
// answers. Ids of the portal's objects are replaced by names, and its address is cut out, so that
// two portals with equal content have equal inventories. It knows nothing of clones.
func inventory(ctx context.Context, p *gis.Portal) ([]string, error) {
	inv := &stock{p: p, names: map[string]string{}}
	if err := inv.list(ctx); err != nil {
		return nil, err
	}
	if err := inv.describe(ctx); err != nil {
		return nil, err
	}
	slices.Sort(inv.lines)
	return inv.lines, nil
}

type stock struct {
	p      *gis.Portal
	users  []*gis.User
	groups []*gis.Group
	items  []*gis.Item
	names  map[string]string // of the portal's ids

	mu    sync.Mutex
	lines []string
}

// list reads what there is and gives every id a name.
func (s *stock) list(ctx context.Context) error {
	seen := map[string]int{}
	name := func(id, as string) {
		seen[as]++
		s.names[id] = fmt.Sprintf("‹%s #%d›", as, seen[as])
	}
	var err error
	if s.users, err = gis.Collect(s.p.Users.List(ctx, nil)); err != nil {
		return err
	}
	for _, u := range s.users {
		folders, err := s.p.Content.Folders(ctx, u.Username)
		if err != nil {
			return err
		}
		for _, f := range folders {
			name(string(f.ID), "folder "+u.Username+"/"+f.Title)
			s.add("folder %s/%s", u.Username, f.Title)
		}
		items, err := gis.Collect(s.p.Content.AllUserItems(ctx, u.Username))
		if err != nil {
			return err
		}
		s.items = append(s.items, items...)
	}
	for r, err := range s.p.Roles.List(ctx) {
		if err != nil {
			return err
		}
		privileges, err := r.ReadPrivileges(ctx)
		if err != nil {
			return err
		}
		slices.Sort(privileges)
		s.names[string(r.ID)] = "‹role " + r.Name + "›"
		s.add("role %s %q %v", r.Name, r.Description, privileges)
	}
	if s.groups, err = gis.Collect(s.p.Groups.SearchAll(ctx, "", nil)); err != nil {
		return err
	}
	for _, g := range s.groups {
		name(string(g.ID), "group "+g.Title)
	}
	// The demo's own keyword tells items of one title apart; it is copied like any other.
	slices.SortFunc(s.items, func(a, b *gis.Item) int { return strings.Compare(label(a), label(b)) })
	for _, it := range s.items {
		name(string(it.ID), label(it))
	}
	return nil
}

func label(it *gis.Item) string {
	for _, k := range it.TypeKeywords {
		if key, ok := strings.CutPrefix(k, "demo-"); ok {
			return "item " + key
		}
	}
	return "item " + it.Type + "/" + it.Owner + "/" + it.Title
}

func (s *stock) add(format string, args ...any) {
	line := s.named(fmt.Sprintf(format, args...))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
}

var (
	anyID     = regexp.MustCompile(`[0-9a-f]{32}|\b[A-Za-z0-9]{16}\b`) // the short ones are roles
	ownPlace  = regexp.MustCompile(`(?i)127\.0\.0\.1(:|%3A)[0-9]+`)
	sourceKey = regexp.MustCompile(`source-[0-9a-f]{32}`)
)

// named replaces what differs from portal to portal.
func (s *stock) named(text string) string {
	text = sourceKey.ReplaceAllString(ownPlace.ReplaceAllString(text, "‹portal›"), "‹source›")
	return anyID.ReplaceAllStringFunc(text, func(id string) string {
		if n := s.names[id]; n != "" {
			return n
		}
		return id
	})
}

func (s *stock) describe(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, u := range s.users {
		g.Go(func() error { return s.user(ctx, u.Username) })
	}
	for _, group := range s.groups {
		g.Go(func() error { return s.group(ctx, group) })
	}
	for _, it := range s.items {
		g.Go(func() error { return s.item(ctx, it) })
	}
	return g.Wait()
}

// volatile are properties that no copy keeps: times, counters, and what names the portal.
var volatile = []string{
	"created", "modified", "lastLogin", "lastModified", "numViews", "numRatings", "numComments", "avgRating", "scoreCompleteness", "size",
	"storageUsage", "lastViewed", "guid", "orgId", "id", "ownerFolder", "userMembership", "groups", "properties", "itemControl", "favGroupId",
	"roleId", "mfaEnabled", "securityQuestionIdx", "thumbnail", "storageQuota", "tokenExpirationTime", "passwordLastUpdated", "sharing",
}

// facts are the other properties, in a fixed order; ids are named before, since lists are sorted.
func facts(raw json.RawMessage) (string, error) {
	m := map[string]any{}
	if err := json.Unmarshal(raw, &m); err != nil {
		return "", err
	}
	for _, k := range volatile {
		delete(m, k)
	}
	for k, v := range m {
		if list, ok := v.([]any); ok {
			text := make([]string, len(list))
			for i, e := range list {
				b, err := json.Marshal(e)
				if err != nil {
					return "", err
				}
				text[i] = string(b)
			}
			if k != "extent" {
				slices.Sort(text)
			}
			m[k] = text
		}
	}
	var out strings.Builder
	for _, k := range slices.Sorted(maps.Keys(m)) {
		b, err := json.Marshal(m[k])
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, " %s=%s", k, b)
	}
	return out.String(), nil
}

// properties are those of the object's own properties that are not the mark of a copy.
func properties(raw json.RawMessage) string {
	m := map[string]json.RawMessage{}
	if json.Unmarshal(raw, &m) != nil {
		return string(raw)
	}
	delete(m, "rhumb")
	b, err := json.Marshal(m)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (s *stock) user(ctx context.Context, username string) error {
	u, err := s.p.Users.Get(ctx, username)
	if err != nil {
		return err
	}
	text, err := facts(json.RawMessage(s.named(string(u.Raw()))))
	if err != nil {
		return err
	}
	picture, err := s.bytes(ctx, u.Thumbnail != "", u.OpenThumbnail)
	s.add("member %s role=%s%s picture=%s", u.Username, u.EffectiveRole(), text, picture)
	return err
}

func (s *stock) group(ctx context.Context, g *gis.Group) error {
	full, err := s.p.Groups.Get(ctx, g.ID)
	if err != nil {
		return err
	}
	text, err := facts(json.RawMessage(s.named(string(full.Raw()))))
	if err != nil {
		return err
	}
	members, err := full.Members(ctx)
	if err != nil {
		return err
	}
	slices.Sort(members.Admins)
	slices.Sort(members.Users)
	var items []string
	for it, err := range full.Items(ctx, nil) {
		if err != nil {
			return err
		}
		items = append(items, s.named(string(it.ID)))
	}
	slices.Sort(items)
	picture, err := s.bytes(ctx, full.Thumbnail != "", full.OpenThumbnail)
	s.add("group %s%s %s owner=%s managers=%v members=%v picture=%s", full.ID, text, properties(full.Properties), members.Owner, members.Admins, members.Users, picture)
	s.add("items of group %s: %v", full.ID, items)
	return err
}

func (s *stock) item(ctx context.Context, listed *gis.Item) error {
	it, err := s.p.Content.UserItem(ctx, listed.Owner, listed.ID)
	if err != nil {
		return err
	}
	text, err := facts(json.RawMessage(s.named(string(it.Raw()))))
	if err != nil {
		return err
	}
	data, err := s.bytes(ctx, true, it.Data)
	if err != nil {
		return err
	}
	picture, err := s.bytes(ctx, it.Thumbnail != "", it.OpenThumbnail)
	if err != nil {
		return err
	}
	metadata, err := s.bytes(ctx, slices.Contains(it.TypeKeywords, "Metadata"), func(ctx context.Context) (*gis.Data, error) { return it.OpenMetadata(ctx, "") })
	if err != nil {
		return err
	}
	groups := slices.Clone(it.Sharing.Groups)
	slices.Sort(groups)
	shared := make([]string, len(groups))
	for i, id := range groups {
		shared[i] = s.named(string(id))
	}
	slices.Sort(shared)
	s.add("item %s in %q%s %s shared=%s%v data=%s picture=%s metadata=%s", it.ID, it.OwnerFolder, text, properties(it.Properties), it.Sharing.Access, shared, data, picture, metadata)
	for r, err := range it.Resources().List(ctx, nil) {
		if err != nil {
			return err
		}
		sum, err := s.bytes(ctx, true, func(ctx context.Context) (*gis.Data, error) { return it.Resources().Open(ctx, r.Name) })
		if err != nil {
			return err
		}
		s.add("resource of %s: %s access=%s %s", it.ID, r.Name, r.Access, sum)
	}
	return s.relations(ctx, it)
}

func (s *stock) relations(ctx context.Context, it *gis.Item) error {
	all := gis.RelationshipTypes()
	some, err := gis.Collect(it.Related(ctx, gis.Forward, all...))
	if err != nil || len(some) == 0 {
		return err
	}
	for _, kind := range all {
		for other, err := range it.Related(ctx, gis.Forward, kind) {
			if err != nil {
				return err
			}
			s.add("relationship %s %s %s", it.ID, kind, other.ID)
		}
	}
	return nil
}

// bytes sums a file with its references named. Of the archive of a form the members are summed:
// their packing differs with the references in them.
func (s *stock) bytes(ctx context.Context, there bool, open func(context.Context) (*gis.Data, error)) (string, error) {
	if !there {
		return "none", nil
	}
	d, err := open(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		return "none", nil
	}
	if err != nil {
		return "", err
	}
	defer d.Close()
	b, err := io.ReadAll(d)
	if err != nil {
		return "", err
	}
	if b, err = unpacked(b); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(s.named(string(b))))
	return hex.EncodeToString(sum[:8]), nil
}

// unpacked returns the names and bytes of the members of a form's archive, and any other file as
// it is.
func unpacked(file []byte) ([]byte, error) {
	if !bytes.HasPrefix(file, []byte("PK")) || !bytes.Contains(file, []byte("esriinfo/")) {
		return file, nil
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "%s\n", f.Name)
		if _, err := io.Copy(&out, r); err != nil {
			return nil, err
		}
		if err := r.Close(); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}
