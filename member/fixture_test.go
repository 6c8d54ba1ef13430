package member_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/member"
	"github.com/rhumb-gis/rhumb/portaltest"
)

const proID = "00000000000000000000000000000abc"

// pool has few seats of ArcGIS Pro, a second product and two app bundles.
const pool = `{
	"userTypes": [{"id": "creatorUT", "seats": -1}, {"id": "viewerUT", "seats": 3}, {"id": "editorUT", "seats": -1}],
	"products": [
		{"title": "ArcGIS Pro", "itemId": "` + proID + `", "canDisconnect": true, "entitlements": [
			{"name": "desktopBasicN", "seats": 5}, {"name": "desktopStdN", "seats": 2}, {"name": "desktopAdvN", "seats": 2},
			{"name": "spatialAnalystN", "seats": 2}, {"name": "3DAnalystN", "seats": 3}]},
		{"title": "Insights", "entitlements": [{"name": "insightsN", "seats": 4}]}],
	"appBundles": [{"name": "Field Apps", "seats": 2, "apps": [{"title": "Field Maps"}]}, {"name": "Office Apps", "seats": 10, "apps": [{"title": "Office"}]}]
}`

// world is a portal with its administrator's connection.
type world struct {
	*portaltest.Portal
	p *gis.Portal
}

func start(t testing.TB, licenses string, opts ...portaltest.Option) *world {
	t.Helper()
	if licenses != "" {
		opts = append(opts, portaltest.WithLicenses(strings.NewReader(licenses)))
	}
	w := &world{Portal: portaltest.Start(t, opts...)}
	w.p = w.connect(t)
	return w
}

// connect is another connection of the administrator.
func (w *world) connect(t testing.TB, opts ...gis.Option) *gis.Portal {
	t.Helper()
	p, err := gis.New(w.URL, auth.Password(w.Admin, w.AdminPassword), opts...)
	ok(t, err)
	t.Cleanup(p.Close)
	return p
}

// people makes members, all of them users.
func (w *world) people(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		w.CreateMember(t, name, portaltest.RolePublisher)
	}
}

// give assigns entitlements of ArcGIS Pro.
func (w *world) give(t testing.TB, username string, set ...string) {
	t.Helper()
	ok(t, w.p.Licenses.Handle(proID).Assign(t.Context(), set, username))
}

// held answers what somebody holds of ArcGIS Pro, sorted and joined by spaces.
func (w *world) held(t testing.TB, username string) string {
	t.Helper()
	e, err := w.p.Licenses.Handle(proID).Entitlement(t.Context(), username)
	ok(t, err)
	slices.Sort(e.Entitlements)
	return strings.Join(e.Entitlements, " ")
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		ok(t, err)
		return v
	}
}

// outcomes checks "username outcome reason", the reason by a part of it.
func outcomes(t testing.TB, r *member.Results, want ...string) {
	t.Helper()
	var got []string
	for _, row := range r.Rows {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", row.Username, row.Outcome, row.Reason)))
	}
	if len(got) != len(want) {
		t.Fatalf("%d results, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		head, reason, _ := strings.Cut(want[i], ": ")
		if !strings.HasPrefix(got[i], head) || !strings.Contains(got[i], reason) || reason == "" && got[i] != head {
			t.Errorf("result %d:\n got %s\nwant %s", i, got[i], want[i])
		}
	}
}

// cut stands in front of a portal and ends connections after a number of writes, before or
// after they reach it, as a killed process or a lost network does.
type cut struct {
	left  atomic.Int64 // writes that pass; negative: all
	after atomic.Bool  // the write that is cut reaches the portal
	cuts  atomic.Int64
}

func newCut() *cut { c := &cut{}; c.left.Store(-1); return c }

func (c *cut) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isWrite(r) || c.left.Load() < 0 || c.left.Add(-1) >= 0 {
			next.ServeHTTP(w, r)
			return
		}
		c.left.Store(0)
		c.cuts.Add(1)
		if c.after.Swap(false) {
			next.ServeHTTP(httptest.NewRecorder(), r)
		}
		panic(http.ErrAbortHandler)
	})
}

func isWrite(r *http.Request) bool {
	return r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "/generateToken")
}
