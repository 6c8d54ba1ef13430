package member_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/member"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// furnish gives a member n items, half of them in a folder, a group of his own, a group that he
// manages, one that he has joined, licenses and a bundle.
func (w *world) furnish(t testing.TB, username string, n int) {
	t.Helper()
	ctx := t.Context()
	folder := must[*gis.Folder](t)(w.p.Content.CreateFolder(ctx, username, "Maps"))
	must[*gis.Folder](t)(w.p.Content.CreateFolder(ctx, username, "Empty"))
	for i := range n {
		spec := gis.ItemSpec{Owner: username, Title: fmt.Sprint("Map ", i), Type: "Web Map"}
		if i%2 == 1 {
			spec.Folder = folder.ID
		}
		_, err := w.p.Content.Add(ctx, spec, gis.WithText(`{"operationalLayers":[]}`), gis.WithoutRefresh())
		ok(t, err)
	}
	for _, part := range []string{"own", "manage", "join"} {
		g := must[*gis.Group](t)(w.p.Groups.Create(ctx, gis.GroupSpec{Title: username + " " + part}))
		ok(t, g.AddUsers(ctx, username))
		switch part {
		case "own":
			ok(t, g.ReassignTo(ctx, username))
		case "manage":
			ok(t, g.SetRole(ctx, gis.MemberAdmin, username))
		}
	}
	w.give(t, username, "desktopBasicN")
	bundles := must[[]*gis.Bundle](t)(gis.Collect(w.p.Licenses.Bundles(ctx)))
	ok(t, bundles[1].Assign(ctx, username))
}

// belongings describes what an account has, for comparing.
func (w *world) belongings(t testing.TB, username string) string {
	t.Helper()
	ctx := t.Context()
	var b strings.Builder
	u := must[*gis.User](t)(w.p.Users.Get(ctx, username))
	fmt.Fprintf(&b, "%s %s\n", u.EffectiveRole(), u.UserLicenseTypeID)
	for _, f := range append([]*gis.Folder{{}}, must[[]*gis.Folder](t)(u.Folders(ctx))...) {
		items := must[[]*gis.Item](t)(gis.Collect(u.Items(ctx, f.ID, nil)))
		fmt.Fprintf(&b, "folder %q: %d\n", f.Title, len(items))
	}
	var groups []string
	for _, g := range u.Groups {
		if !g.IsFav {
			groups = append(groups, fmt.Sprintf("%s: %s", g.Title, g.UserMembership.MemberType))
		}
	}
	fmt.Fprintf(&b, "%s\n", sorted(strings.Join(groups, "\n")))
	bundles := must[[]*gis.Bundle](t)(u.Bundles(ctx))
	fmt.Fprintf(&b, "holds %q and %d bundles\n", w.held(t, username), len(bundles))
	return b.String()
}

func TestOffboard(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada", "grace", "alan", "boss")
	ctx := t.Context()
	w.furnish(t, "ada", 7)
	w.furnish(t, "grace", 3)
	w.give(t, "alan", "desktopBasicN")
	w.UseLicense(t, proID, "alan", time.Now(), time.Now())
	ask := member.Offboard{Members: member.Select{Usernames: []string{"ada", "alan", "boss", "nobody", w.Admin}}, Successor: "boss", Delete: true}
	plan := must[*member.OffboardPlan](t)(member.PlanOffboard(ctx, w.p, ask, member.Options{}))
	outcomes(t, plan.Preview(), "ada done", "alan refused: checked out", "boss refused: successor", "nobody refused: no member", w.Admin+" refused: signed in")
	if m := plan.Members[0]; m.Items != 7 || len(m.Groups) != 1 || len(m.Licenses) != 1 || len(m.Bundles) != 1 || len(m.Folders) != 2 {
		t.Errorf("%+v", m)
	}
	r := must[*member.Results](t)(plan.Apply(ctx, member.Options{}))
	outcomes(t, r, "ada done", "alan refused: checked out", "boss refused: successor", "nobody refused: no member", w.Admin+" refused: signed in")
	if _, err := w.p.Users.Get(ctx, "ada"); !errors.Is(err, gis.ErrNotFound) {
		t.Errorf("ada is still there: %v", err)
	}
	got := w.belongings(t, "boss")
	for _, want := range []string{`folder "ada_root": 4`, `folder "ada_Maps": 3`, "ada own: owner"} {
		if !strings.Contains(got, want) {
			t.Errorf("boss has no %s:\n%s", want, got)
		}
	}
	r = must[*member.Results](t)(apply(member.PlanOffboard(ctx, w.p, member.Offboard{Members: member.Select{Usernames: []string{"grace"}}, Successor: "boss"}, member.Options{}))(ctx, member.Options{}))
	outcomes(t, r, "grace done")
	grace := must[*gis.User](t)(w.p.Users.Get(ctx, "grace"))
	if !grace.Disabled || w.held(t, "grace") != "" {
		t.Errorf("grace is not disabled or holds %q", w.held(t, "grace"))
	}
}

// TestOffboardKeepsWhatCannotGo leaves an account whose items the successor cannot have, and
// takes them along when he may join their groups.
func TestOffboardKeepsWhatCannotGo(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada", "boss")
	ctx := t.Context()
	g := must[*gis.Group](t)(w.p.Groups.Create(ctx, gis.GroupSpec{Title: "Secret"}))
	ok(t, g.AddUsers(ctx, "ada"))
	it, err := w.p.Content.Add(ctx, gis.ItemSpec{Owner: "ada", Title: "Plan", Type: "Web Map"}, gis.WithText(`{}`))
	ok(t, err)
	ok(t, it.Share(ctx, gis.Share{Groups: []gisGroupID{g.ID}}))
	ask := member.Offboard{Members: member.Select{Usernames: []string{"ada"}}, Successor: "boss", Delete: true}
	r := must[*member.Results](t)(apply(member.PlanOffboard(ctx, w.p, ask, member.Options{}))(ctx, member.Options{}))
	outcomes(t, r, `ada failed: item "Plan"`)
	if u := must[*gis.User](t)(w.p.Users.Get(ctx, "ada")); !u.Disabled {
		t.Error("ada is not disabled")
	}
	ask.JoinGroups = true
	r = must[*member.Results](t)(apply(member.PlanOffboard(ctx, w.p, ask, member.Options{}))(ctx, member.Options{}))
	outcomes(t, r, "ada done")
}

func TestOffboardGoesOn(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := newCut()
			w := start(t, pool, portaltest.Wrap(c.wrap))
			w.people(t, "ada", "boss")
			w.furnish(t, "ada", 5)
			opts := member.Options{Journal: filepath.Join(t.TempDir(), "j"), Workers: 1}
			plan := must[*member.OffboardPlan](t)(member.PlanOffboard(t.Context(), w.p, member.Offboard{Members: member.Select{Usernames: []string{"ada"}}, Successor: "boss", Delete: true}, opts))
			c.after.Store(i%2 == 1)
			c.left.Store(int64(2 * i))
			if _, err := plan.Apply(t.Context(), opts); err == nil {
				t.Fatal("the cut did not show")
			}
			c.left.Store(-1)
			outcomes(t, must[*member.Results](t)(member.Resume(t.Context(), w.p, opts)), "ada done")
			got := w.belongings(t, "boss")
			if !strings.Contains(got, `folder "ada_root": 3`) || !strings.Contains(got, `folder "ada_Maps": 2`) || !strings.Contains(got, "ada own: owner") {
				t.Errorf("boss has\n%s", got)
			}
		})
	}
}
