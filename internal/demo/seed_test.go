package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// One organization serves all the tests that only read it: seeding is the dear part.
func TestOrganization(t *testing.T) {
	t.Parallel()
	var w writes
	srv := portaltest.Start(t, portaltest.Wrap(w.wrap), portaltest.WithLicenses(bytes.NewReader(Licenses())))
	p, m := connect(t, srv), loaded(t)
	checkProgress(t, p)
	if len(w.take()) == 0 {
		t.Fatal("no write was seen: what follows would prove nothing")
	}
	ok(t, Seed(t.Context(), p, nil))
	if again := w.take(); len(again) > 0 {
		t.Errorf("the second call wrote %d times, the first to %s", len(again), again[0])
	}
	checkMembers(t, p)
	checkLicenses(t, p)
	checkGroups(t, p)
	checkItems(t, p, m)
	whole := held(t, p, m)
	t.Run("an interrupted seeding goes on", func(t *testing.T) {
		t.Parallel()
		compare(t, "after interruptions", interrupted(t, m), whole)
	})
	t.Run("its clone is equal", func(t *testing.T) {
		t.Parallel()
		checkClone(t, p, srv.URL, m, whole)
	})
}

func checkProgress(t *testing.T, p *gis.Portal) {
	t.Helper()
	var done, total int
	ok(t, Seed(t.Context(), p, func(d, of int, _ string) {
		if d < done || of != total && total > 0 {
			t.Errorf("progress went from %d/%d to %d/%d", done, total, d, of)
		}
		done, total = d, of
	}))
	if done != total || total == 0 {
		t.Errorf("progress ended at %d of %d", done, total)
	}
}

func checkMembers(t *testing.T, p *gis.Portal) {
	t.Helper()
	for name, want := range map[string]string{
		"demo_account": "iAAAAAAAAAAAAAAA viewerUT false", "journalist": "Publisher creatorUT false", "social": "User storytellerUT true",
		"imagery": "Imagery Analyst GISProfessionalStdUT false", "urban_planning": "Planning Editor GISProfessionalAdvUT false",
		"weather": "Publisher GISProfessionalBasicUT false",
	} {
		u, err := p.Users.Get(t.Context(), name)
		ok(t, err)
		role := string(u.EffectiveRole())
		if r, err := p.Roles.Get(t.Context(), u.EffectiveRole()); err == nil && role != string(gis.RoleViewer) {
			role = r.Name
			privileges, err := r.ReadPrivileges(t.Context())
			ok(t, err)
			for _, privilege := range privileges {
				if strings.HasPrefix(privilege, "portal:admin:") {
					t.Errorf("role %s holds %s", role, privilege)
				}
			}
		}
		if got := fmt.Sprintf("%s %s %v", role, u.UserLicenseTypeID, u.Disabled); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// The notebook lists 28 groups; the snapshot brings one more.
func checkGroups(t *testing.T, p *gis.Portal) {
	t.Helper()
	var titles []string
	for g, err := range p.Groups.SearchAll(t.Context(), "", nil) {
		ok(t, err)
		titles = append(titles, g.Title)
	}
	slices.Sort(titles)
	want := append(notebookGroups(), "Adopt-A-Stop Manager", "Basemaps", "Esri Boundary Layers", "Esri Demographic Layers", "Living Atlas",
		"Living Atlas Analysis Layers", "Navigator Maps")
	slices.Sort(want)
	if !slices.Equal(titles, want) {
		t.Errorf("groups %q, want %q", titles, want)
	}
}

func checkItems(t *testing.T, p *gis.Portal, m *manifest) {
	t.Helper()
	types, owners := map[string]int{}, map[string]int{}
	ours := map[string]bool{}
	var items []*gis.Item
	for _, name := range append([]string{"admin"}, "imagery", "journalist", "social", "urban_planning", "weather") {
		for it, err := range p.Content.AllUserItems(t.Context(), name) {
			ok(t, err)
			types[it.Type]++
			owners[name]++
			ours[string(it.ID)] = true
			items = append(items, it)
		}
	}
	for kind, n := range map[string]int{
		"Web Map": 41, "Feature Service": 40, "CSV": 35, "Web Mapping Application": 21, "Shapefile": 14, "Image": 12, "StoryMap": 9, "Dashboard": 7,
		"Hub Site Application": 1, "Web Experience": 4, "Web Scene": 1, "Form": 2, "Notebook": 5, "GeoPackage": 4, "Project Package": 2,
		"Site Application": 1, "Site Page": 2, "Pro Map": 1, "Vector Tile Service": 1, "Style": 1, "Workforce Project": 1, "Operation View": 1,
	} {
		if types[kind] != n {
			t.Errorf("%d items of the type %s, want %d (all: %v)", types[kind], kind, n, types)
		}
	}
	if len(items) != len(m.Items) || len(items) < 150 {
		t.Errorf("%d items, the manifest has %d", len(items), len(m.Items))
	}
	if slices.Min(slices.Collect(maps.Values(owners))) < 15 {
		t.Errorf("items by owner: %v", owners)
	}
	if n := referring(t, items, ours); n < 40 {
		t.Errorf("%d items refer to others of the organization, want at least 40", n)
	}
}

// referring counts the items whose text names another item of the organization.
func referring(t *testing.T, items []*gis.Item, ours map[string]bool) int {
	t.Helper()
	n := 0
	for _, it := range items {
		if it.Name != "" {
			continue
		}
		text, err := it.Text(t.Context())
		if errors.Is(err, gis.ErrNotFound) {
			continue
		}
		ok(t, err)
		if slices.ContainsFunc(anyID.FindAllString(text, -1), func(id string) bool { return ours[id] && id != string(it.ID) }) {
			n++
		}
	}
	return n
}

// interrupted seeds a portal, interrupted at random objects and by connections that break at random
// requests, and then in peace. It returns what the portal holds in the end.
func interrupted(t *testing.T, m *manifest) []string {
	t.Helper()
	var after atomic.Int64 // writes until the connection breaks; negative: never
	after.Store(-1)
	p := connect(t, portaltest.Start(t, portaltest.Wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && after.Load() >= 0 && after.Add(-1) < 0 {
				after.Store(0) // broken until the round ends
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		})
	})))
	rng := rand.New(rand.NewPCG(7, 11))
	for round := range 6 {
		ctx, cancel := context.WithCancel(t.Context())
		stopAt := (round+1)*40 + rng.IntN(40)
		if round%2 == 1 {
			after.Store(rng.Int64N(150))
			stopAt = len(m.Items) * 10
		}
		err := Seed(ctx, p, func(done, _ int, _ string) {
			if done >= stopAt {
				cancel()
			}
		})
		cancel()
		after.Store(-1)
		switch {
		case err == nil:
			t.Errorf("round %d was not interrupted", round)
		case round%2 == 0 && !errors.Is(err, context.Canceled):
			t.Fatalf("round %d, cancelled at object %d: %v", round, stopAt, err)
		}
	}
	ok(t, Seed(t.Context(), p, nil))
	return held(t, p, m)
}

// An item that was given to another member is left where it is.
func TestSeedLeavesReassignedItems(t *testing.T) {
	t.Parallel()
	srv := portaltest.Start(t)
	p := connect(t, srv)
	m := &manifest{organization: loaded(t).organization}
	m.Members, m.Groups, m.Folders, m.Roles = m.Members[:1], nil, nil, nil
	m.Members[0].Role, m.Members[0].UserType = string(gis.RoleUser), "creatorUT"
	m.Items = []itemEntry{{Key: "one", ID: esri.NewID(), Owner: admin, Type: "CSV", Title: "One", File: "files/csv-latlon/csv_wkt_column.csv"}}
	ok(t, m.seed(t.Context(), p, nil))
	var it *gis.Item
	for found, err := range p.Content.AllUserItems(t.Context(), srv.Admin) {
		ok(t, err)
		it = found
	}
	ok(t, it.ReassignTo(t.Context(), m.Members[0].Username, ""))
	ok(t, m.seed(t.Context(), p, nil))
	got, err := p.Content.Get(t.Context(), it.ID)
	ok(t, err)
	if got.Owner != m.Members[0].Username {
		t.Errorf("the item belongs to %s", got.Owner)
	}
}

func TestSeedNeedsAnAdministrator(t *testing.T) {
	t.Parallel()
	srv := portaltest.Start(t)
	u := srv.CreateMember(t, "ada", portaltest.RolePublisher)
	srv.Admin, srv.AdminPassword = u.Username, u.Password
	if err := Seed(t.Context(), connect(t, srv), nil); err == nil || !strings.Contains(err.Error(), "administrator") {
		t.Errorf("error %v", err)
	}
}
