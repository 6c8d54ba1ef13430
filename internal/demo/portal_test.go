package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// connect signs in as the administrator of a portal of the test.
func connect(t *testing.T, srv *portaltest.Portal) *gis.Portal {
	t.Helper()
	p, err := gis.New(srv.URL, auth.Password(srv.Admin, srv.AdminPassword))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// writes counts requests that may change a portal.
type writes struct {
	mu   sync.Mutex
	list []string
}

func (w *writes) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "/generateToken") {
			w.mu.Lock()
			w.list = append(w.list, r.URL.Path)
			w.mu.Unlock()
		}
		next.ServeHTTP(rw, r)
	})
}

func (w *writes) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.list
	w.list = nil
	return out
}

// held is everything that a portal holds of the organization, a line a fact. Objects are named by
// keys, names and titles, so that two portals can be compared; data are compared by their length
// and, where no reference is mapped inside, by their bytes.
func held(t *testing.T, p *gis.Portal, m *manifest) []string {
	t.Helper()
	ctx := t.Context()
	h := &holding{p: p, m: m, titles: map[esri.GroupID]string{}, keys: map[esri.ItemID]string{}}
	var accounts []string
	for u, err := range p.Users.List(ctx, nil) {
		ok(t, err)
		role, err := h.roleName(ctx, u)
		ok(t, err)
		h.add("member %s %q %q %q %v %s %s %s %s %s disabled=%v picture=%s", u.Username, u.FullName, u.Email, u.Description, u.Tags, u.Access,
			role, u.UserLicenseTypeID, u.Culture, u.Region, u.Disabled, h.hash(ctx, u.Thumbnail != "", u.OpenThumbnail))
		accounts = append(accounts, u.Username)
	}
	for g, err := range p.Groups.SearchAll(ctx, "", nil) {
		ok(t, err)
		h.titles[g.ID] = g.Title
		members, err := g.Members(ctx)
		ok(t, err)
		slices.Sort(members.Admins)
		slices.Sort(members.Users)
		h.add("group %q %s %s %v %q %q %v %v %v %v %v %v %v %s%s managers=%v members=%v picture=%s", g.Title, g.Owner, g.Access, g.Tags, g.Snippet, g.Phone,
			g.IsInvitationOnly, g.IsViewOnly, g.AutoJoin, g.LeavingDisallowed, g.HiddenMembers, g.Protected, g.SharedUpdate(), g.SortField, g.SortOrder,
			members.Admins, members.Users, h.hash(ctx, g.Thumbnail != "", g.OpenThumbnail))
	}
	ok(t, h.content(ctx, accounts))
	ok(t, h.categories(ctx))
	slices.Sort(h.lines)
	return h.lines
}

type holding struct {
	p      *gis.Portal
	m      *manifest
	titles map[esri.GroupID]string
	keys   map[esri.ItemID]string

	mu    sync.Mutex
	lines []string
}

func (h *holding) add(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, fmt.Sprintf(format, args...))
}

func (h *holding) roleName(ctx context.Context, u *gis.User) (string, error) {
	id := u.EffectiveRole()
	if len(id) != 16 || id == gis.RoleViewer || id == gis.RoleDataEditor {
		return string(id), nil
	}
	r, err := h.p.Roles.Get(ctx, id)
	if err != nil {
		return "", err
	}
	privileges, err := r.ReadPrivileges(ctx)
	return fmt.Sprintf("%s (%d privileges)", r.Name, len(privileges)), err
}

// categories lists the categories of items, those within groups, and which items have these.
func (h *holding) categories(ctx context.Context) error {
	trees, err := h.p.Content.Categories().Schema(ctx)
	if err != nil {
		return err
	}
	h.add("categories %q", slices.Collect(gis.CategoryPaths(trees)))
	for id, title := range h.titles {
		g := h.p.Groups.Handle(id)
		if trees, err = g.Categories().Schema(ctx); err != nil {
			return err
		}
		if len(trees) == 0 {
			continue
		}
		h.add("categories of group %q %q", title, slices.Collect(gis.CategoryPaths(trees)))
		for it, err := range g.Items(ctx, nil) {
			if err != nil {
				return err
			}
			h.add("categories of %s in %q %q", h.keys[it.ID], title, it.GroupCategories)
		}
	}
	return nil
}

// app describes the registration of an item.
func (h *holding) app(ctx context.Context, it *gis.Item) string {
	if it.Type != "Application" {
		return "none"
	}
	app, err := it.AppInfo(ctx)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %q", app.Type, app.RedirectURIs)
}

type place struct {
	it     *gis.Item
	folder string
}

func (h *holding) content(ctx context.Context, accounts []string) error {
	var all []place
	for _, name := range accounts {
		folders, err := h.p.Content.Folders(ctx, name)
		if err != nil {
			return err
		}
		for _, f := range append(folders, &gis.Folder{}) {
			if f.ID != "" {
				h.add("folder %s %q", name, f.Title)
			}
			for it, err := range h.p.Content.UserItems(ctx, name, f.ID, nil) {
				if err != nil {
					return err
				}
				all = append(all, place{it, f.Title})
				h.keys[it.ID], _ = keyOf(it.TypeKeywords)
			}
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, at := range all {
		g.Go(func() error { return h.item(ctx, at) })
	}
	return g.Wait()
}

func (h *holding) item(ctx context.Context, at place) error {
	it, key := at.it, h.keys[at.it.ID]
	full, err := h.p.Content.UserItem(ctx, it.Owner, it.ID)
	if err != nil {
		return err
	}
	var groups []string
	for _, id := range full.Sharing.Groups {
		groups = append(groups, h.titles[id])
	}
	slices.Sort(groups)
	keywords := slices.DeleteFunc(slices.Clone(it.TypeKeywords), func(k string) bool {
		return k == "Hosted Service" || strings.HasPrefix(k, "source-") || anyID.MatchString(k)
	})
	slices.Sort(keywords)
	h.add("item %s %q %q %s in %q %s %v protected=%v %v %v %v status=%q app=%s %v data=%s picture=%s metadata=%s", key, withoutIDs(it.Title), it.Type, it.Owner, at.folder, full.Access,
		groups, it.Protected, it.Tags, keywords, it.Categories, full.ContentStatus, h.app(ctx, it), it.Extent, h.data(ctx, it), h.hash(ctx, it.Thumbnail != "", it.OpenThumbnail),
		h.hash(ctx, slices.Contains(it.TypeKeywords, "Metadata"), func(ctx context.Context) (*gis.Data, error) { return it.OpenMetadata(ctx, "") }))
	for r, err := range it.Resources().List(ctx, nil) {
		if err != nil {
			return err
		}
		h.add("resource of %s: %s %s", key, r.Name, r.Access)
	}
	return h.relations(ctx, it, key)
}

// relations asks for all types at once first, since most items have none.
func (h *holding) relations(ctx context.Context, it *gis.Item, key string) error {
	kinds := relationTypes(h.m)
	any, err := gis.Collect(it.Related(ctx, gis.Forward, kinds...))
	if err != nil || len(any) == 0 {
		return err
	}
	for _, kind := range kinds {
		for other, err := range it.Related(ctx, gis.Forward, kind) {
			if err != nil {
				return err
			}
			h.add("relationship %s %s %s", key, kind, h.keys[other.ID])
		}
	}
	return nil
}

func relationTypes(m *manifest) []gis.RelationshipType {
	var out []gis.RelationshipType
	for _, r := range m.Relationships {
		out = append(out, gis.RelationshipType(r.Type))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// data describes an item's data: text by its length with addresses of the portal cut out.
func (h *holding) data(ctx context.Context, it *gis.Item) string {
	if it.Name != "" {
		return it.Name + " " + h.hash(ctx, true, it.Data)
	}
	text, err := it.Text(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		return "none"
	}
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d characters", len(localAddress.ReplaceAllString(text, "")))
}

var (
	localAddress = regexp.MustCompile(`(?i)127\.0\.0\.1(:|%3A)[0-9]+`)
	anyID        = regexp.MustCompile(`(\b|_)[0-9a-f]{32}\b`)
)

func withoutIDs(s string) string { return anyID.ReplaceAllString(s, "") }

func (h *holding) hash(ctx context.Context, there bool, open func(context.Context) (*gis.Data, error)) string {
	if !there {
		return "none"
	}
	d, err := open(ctx)
	if err != nil {
		return err.Error()
	}
	defer d.Close()
	b, err := io.ReadAll(d)
	if err != nil {
		return err.Error()
	}
	b, err = unpacked(b)
	if err != nil {
		return err.Error()
	}
	// Files and metadata that hold addresses of the portal differ from portal to portal.
	sum := sha256.Sum256(anyID.ReplaceAll(localAddress.ReplaceAll(b, nil), nil))
	return hex.EncodeToString(sum[:4])
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

// compare names the facts that only one of two portals holds.
func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	shown := 0
	for _, d := range []struct {
		name      string
		in, notIn []string
	}{{"missing", want, got}, {"unexpected", got, want}} {
		for _, line := range d.in {
			if _, found := slices.BinarySearch(d.notIn, line); !found && shown < 20 {
				t.Errorf("%s: %s: %s", what, d.name, line)
				shown++
			}
		}
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
