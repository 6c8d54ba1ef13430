package member_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/member"
	"github.com/rhumb-gis/rhumb/portaltest"
)

func TestAssign(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada", "grace", "alan", "edsger")
	ctx := t.Context()
	assign := func(a member.Assignment) *member.Results {
		t.Helper()
		return must[*member.Results](t)(member.Assign(ctx, w.p, a, member.Options{}))
	}
	names := func(n ...string) member.Select { return member.Select{Usernames: n} }

	outcomes(t, assign(member.Assignment{Members: names("ada", "GRACE", "nobody", "alan"), Set: []string{"DesktopAdvN"}}),
		"ada done", "GRACE done", "nobody refused: no member of this name",
		"alan refused: no seat of ArcGIS Pro is free for desktopAdvN (2 of 2 seats are taken)")
	outcomes(t, assign(member.Assignment{Members: names("ada"), Set: []string{"desktopAdvN"}}), "ada unchanged")
	outcomes(t, assign(member.Assignment{Members: names("ada"), Add: []string{"spatialAnalystN"}}), "ada done")
	if got := w.held(t, "ada"); got != "desktopAdvN spatialAnalystN" {
		t.Errorf("ada holds %s", got)
	}
	// Another level takes the place of the one that is held, and frees its seat for alan.
	outcomes(t, assign(member.Assignment{Members: names("ada"), Add: []string{"desktopStdN"}}), "ada done")
	outcomes(t, assign(member.Assignment{Members: names("alan"), Set: []string{"desktopAdvN"}}), "alan done")
	outcomes(t, assign(member.Assignment{Members: names("edsger"), Add: []string{"3DAnalystN"}}), "edsger refused: needs a level with 3DAnalystN")
	outcomes(t, assign(member.Assignment{Members: names("ada"), Remove: []string{"desktopStdN"}}), "ada refused: needs a level with spatialAnalystN")
	outcomes(t, assign(member.Assignment{Members: names("ada", "edsger"), Revoke: true}), "ada done", "edsger unchanged")
	outcomes(t, assign(member.Assignment{Members: names("edsger"), Set: []string{"desktopAdvN", "desktopStdN"}}), "edsger refused: one level, not desktopAdvN and desktopStdN")
	outcomes(t, assign(member.Assignment{Members: names("ada"), Product: "insights", Set: []string{"insightsN"}}), "ada done")

	for name, a := range map[string]member.Assignment{
		"no members":          {Set: []string{"desktopAdvN"}},
		"nothing to do":       {Members: names("ada")},
		"two things":          {Members: names("ada"), Revoke: true, Set: []string{"desktopAdvN"}},
		"unknown product":     {Members: names("ada"), Product: "ArcMap", Revoke: true},
		"unknown entitlement": {Members: names("ada"), Set: []string{"desktopGoldN"}},
	} {
		if _, err := member.Assign(ctx, w.p, a, member.Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestAssignInOrder gives up seats before it takes them, whatever the order of the members.
func TestAssignInOrder(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada", "grace", "alan", "edsger")
	for _, name := range []string{"ada", "grace"} {
		w.give(t, name, "desktopAdvN")
	}
	w.give(t, "alan", "desktopStdN")
	file := "Username,License\nedsger,desktopAdvN\nada,desktopBasicN\nalan,desktopAdvN\n"
	r := must[*member.Results](t)(member.Assign(t.Context(), w.p, member.Assignment{Members: member.Select{CSV: strings.NewReader(file)}}, member.Options{}))
	outcomes(t, r, "edsger done", "ada done", "alan refused: no seat")
	if got := w.held(t, "edsger"); got != "desktopAdvN" {
		t.Errorf("edsger holds %q", got)
	}
}

func TestAssignBySelection(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada", "grace", "alan")
	ctx := t.Context()
	group := must[*gis.Group](t)(w.p.Groups.Create(ctx, gis.GroupSpec{Title: "Navy"}))
	ok(t, group.AddUsers(ctx, "grace"))
	r := must[*member.Results](t)(member.Assign(ctx, w.p, member.Assignment{
		Members: member.Select{Group: group.ID, Usernames: []string{"ada"}}, Set: []string{"desktopBasicN"},
	}, member.Options{}))
	outcomes(t, r, "ada done", w.Admin+" done", "grace done")
	r = must[*member.Results](t)(member.Assign(ctx, w.p, member.Assignment{Members: member.Select{Query: "username:a*"}, Revoke: true}, member.Options{}))
	outcomes(t, r, w.Admin+" done", "ada done", "alan unchanged")
	file := "\ufeffUsername;License\r\nada;ArcGIS Pro: desktopBasicN; Insights: insightsN\r\ngrace;\"desktopBasicN,desktopStdN,desktopAdvN\"\r\nalan;\r\n"
	r = must[*member.Results](t)(member.Assign(ctx, w.p, member.Assignment{Members: member.Select{CSV: strings.NewReader(strings.Replace(file, "ada;ArcGIS Pro: desktopBasicN; Insights: insightsN", `ada;"ArcGIS Pro: desktopBasicN; Insights: insightsN"`, 1))}}, member.Options{}))
	outcomes(t, r, "ada done", "ada done", "grace refused: takes one level", "alan refused: names no license")
	if got := w.held(t, "grace"); got != "desktopBasicN" {
		t.Errorf("grace holds %q", got)
	}
}

func TestAssignLeavesCheckOutsAlone(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada")
	w.give(t, "ada", "desktopAdvN")
	w.UseLicense(t, proID, "ada", time.Now(), time.Now())
	r := must[*member.Results](t)(member.Assign(t.Context(), w.p, member.Assignment{Members: member.Select{Usernames: []string{"ada"}}, Revoke: true}, member.Options{}))
	outcomes(t, r, "ada refused: checked out offline")
	ok(t, w.p.Licenses.Release(t.Context(), "ada"))
	r = must[*member.Results](t)(member.Assign(t.Context(), w.p, member.Assignment{Members: member.Select{Usernames: []string{"ada"}}, Revoke: true}, member.Options{}))
	outcomes(t, r, "ada done")
}

// TestAssignersNeverOversell lets fifty of them fight for a hundred seats.
func TestAssignersNeverOversell(t *testing.T) {
	t.Parallel()
	const seats, assigners, each = 100, 50, 4
	w := start(t, `{"products":[{"title":"ArcGIS Pro","itemId":"`+proID+`","entitlements":[{"name":"desktopAdvN","seats":100}]}]}`)
	var names []string
	for i := range assigners * each {
		names = append(names, fmt.Sprintf("member_%03d", i))
	}
	w.people(t, names...)
	var all sync.WaitGroup
	results := make([]*member.Results, assigners)
	for i := range assigners {
		p := w.p
		if i%10 == 0 {
			p = w.connect(t)
		}
		all.Go(func() {
			var err error
			results[i], err = member.Assign(t.Context(), p, member.Assignment{
				Members: member.Select{Usernames: names[i*each : (i+1)*each]}, Set: []string{"desktopAdvN"},
			}, member.Options{})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	done, told := 0, 0
	for _, r := range results {
		done += r.Count(member.Done)
		for _, bad := range r.Bad() {
			if strings.Contains(strings.ToLower(bad.Reason), "no seat") {
				told++
			}
		}
	}
	if done != seats || told != assigners*each-seats {
		t.Errorf("%d got a seat and %d were told that there is none, of %d seats", done, told, seats)
	}
	products := must[[]*member.Product](t)(member.Products(t.Context(), w.p, member.Options{}))
	if products[0].Assigned["desktopAdvN"] != seats || products[0].Free("desktopAdvN") != 0 {
		t.Errorf("assigned %v", products[0].Assigned)
	}
}

// TestAssignGoesOn cuts an assignment off at each of its calls, before and after the portal
// got it.
func TestAssignGoesOn(t *testing.T) {
	t.Parallel()
	for i := range 6 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			assignCutAt(t, i)
		})
	}
}

func assignCutAt(t *testing.T, i int) {
	c := newCut()
	w := start(t, `{"products":[{"title":"ArcGIS Pro","itemId":"`+proID+`","entitlements":[{"name":"desktopAdvN","seats":90}]}]}`, portaltest.Wrap(c.wrap))
	var names []string
	for n := range 80 {
		names = append(names, fmt.Sprintf("member_%02d", n))
	}
	w.people(t, names...)
	opts := member.Options{Journal: filepath.Join(t.TempDir(), "j"), Workers: 1}
	a := member.Assignment{Members: member.Select{Usernames: names}, Set: []string{"desktopAdvN"}}
	plan := must[*member.AssignPlan](t)(member.PlanAssign(t.Context(), w.p, a, opts))
	c.left.Store(int64(i / 2))
	c.after.Store(i%2 == 1)
	if _, err := plan.Apply(t.Context(), opts); err == nil {
		t.Fatal("the cut did not show")
	}
	if kind, err := member.Unfinished(opts.Journal); err != nil || kind != "assign" {
		t.Fatalf("unfinished: %q, %v", kind, err)
	}
	if _, err := plan.Apply(t.Context(), opts); err == nil {
		t.Fatal("another run was begun over an unfinished one")
	}
	c.left.Store(-1)
	r := must[*member.Results](t)(member.Resume(t.Context(), w.p, opts))
	if r.Count(member.Done) != 80 {
		t.Errorf("after the cut at %d: %s", i, r)
	}
	products := must[[]*member.Product](t)(member.Products(t.Context(), w.p, opts))
	if products[0].Users() != 80 {
		t.Errorf("%d hold it", products[0].Users())
	}
	if kind, err := member.Unfinished(opts.Journal); err != nil || kind != "" {
		t.Errorf("still unfinished: %q, %v", kind, err)
	}
}

// TestResumeRespectsOthers does not overwrite what somebody else changed between a cut and its
// continuation.
func TestResumeRespectsOthers(t *testing.T) {
	t.Parallel()
	c := newCut()
	w := start(t, pool, portaltest.Wrap(c.wrap))
	w.people(t, "ada", "grace")
	opts := member.Options{Journal: filepath.Join(t.TempDir(), "j"), Workers: 1}
	plan := must[*member.AssignPlan](t)(member.PlanAssign(t.Context(), w.p, member.Assignment{Members: member.Select{Usernames: []string{"ada", "grace"}}, Set: []string{"desktopBasicN"}}, opts))
	c.left.Store(0)
	if _, err := plan.Apply(t.Context(), opts); err == nil {
		t.Fatal("the cut did not show")
	}
	c.left.Store(-1)
	w.give(t, "grace", "desktopAdvN")
	r := must[*member.Results](t)(member.Resume(t.Context(), w.p, opts))
	outcomes(t, r, "ada done", "grace refused: somebody else changed it")
	if got := w.held(t, "grace"); got != "desktopAdvN" {
		t.Errorf("grace holds %q", got)
	}
}
