package clone_test

import (
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestCategoriesOfGroupsArrive copies the categories of a group, and their change.
func TestCategoriesOfGroupsArrive(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	ctx := t.Context()
	water := []gis.Category{{Title: "Categories", Categories: []gis.Category{{Title: "Water", Description: "all that flows"}}}}
	ok(t, p.other.Categories().SetSchema(ctx, water))
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	copied := p.to.Groups.Handle(esri.GroupID(p.mapping(t, clone.KindGroup)[string(p.other.ID)]))
	got := must[[]gis.Category](t)(copied.Categories().Schema(ctx))
	if len(got) != 1 || len(got[0].Categories) != 1 || got[0].Categories[0].Title != "Water" || got[0].Categories[0].Description != "all that flows" {
		t.Errorf("categories: %+v", got)
	}
}

// TestMembersThatThePortalDoesNotAddAreTold lets the target leave one member out and claim
// success: the group says who is missing, and all others are in it.
func TestMembersThatThePortalDoesNotAddAreTold(t *testing.T) {
	t.Parallel()
	f := &dropper{name: "alan_turing"}
	p := emptyPair(t, portaltest.Wrap(f.wrap))
	p.makeMembers(t)
	p.makeGroups(t)
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if len(rep.Failures) != 1 || rep.Failures[0].Kind != clone.KindGroup || !strings.Contains(rep.Failures[0].Error, "alan_turing") {
		t.Fatalf("failures: %+v", rep.Failures)
	}
	for g, err := range p.to.Groups.SearchAll(t.Context(), "", nil) {
		ok(t, err)
		if g.Title != "Field Crews" {
			continue
		}
		m := must[*gis.GroupMembers](t)(g.Members(t.Context()))
		if m.Owner != "grace_hopper" || !strings.Contains(strings.Join(m.Admins, " "), "ada_lovelace") || strings.Contains(strings.Join(m.Users, " "), p.dst.Admin) {
			t.Errorf("members: %+v", m)
		}
	}
	f.mended.Store(true)
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
}

// TestATargetThatSharesNothingWithEverybodyIsToldOf copies a public item to such a target.
func TestATargetThatSharesNothingWithEverybodyIsToldOf(t *testing.T) {
	t.Parallel()
	l := &liar{}
	p := newPairWith(t, l)
	l.tell("portals/self", func(doc map[string]any) { doc["canSharePublic"] = false })
	p.to = client(t, p.dst)
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if len(rep.Failures) != 0 {
		t.Errorf("failures: %+v", rep.Failures)
	}
	app := must[*gis.Item](t)(p.to.Content.Get(t.Context(), esri.ItemID(p.mapping(t, clone.KindItem)[string(p.app.ID)])))
	if app.Access != gis.AccessOrg {
		t.Errorf("the app is shared with %s", app.Access)
	}
	if notes := strings.Join(rep.Notes, "\n"); !strings.Contains(notes, "everybody") {
		t.Errorf("nobody is told: %q", rep.Notes)
	}
}

// TestNoCopyBecomesWiderThanItsSource narrows an item after the plan was made, and edits the
// plan to widen another.
func TestNoCopyBecomesWiderThanItsSource(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{}, nil, nil))
	ok(t, p.app.Share(t.Context(), gis.Share{Access: gis.AccessPrivate}))
	step(t, plan, clone.KindShare, string(p.webmap.ID)).Access = "public"
	rep := must[*clone.Report](t)(clone.ApplyPlan(t.Context(), p.from, p.to, plan, clone.RunOptions{Journal: p.journal}, nil))
	items := p.mapping(t, clone.KindItem)
	for id, want := range map[esri.ItemID]gis.Access{p.app.ID: gis.AccessPrivate, p.webmap.ID: gis.AccessOrg} {
		if it := must[*gis.Item](t)(p.to.Content.Get(t.Context(), esri.ItemID(items[string(id)]))); it.Access != want {
			t.Errorf("%s is shared with %s, want %s", it.Title, it.Access, want)
		}
	}
	if notes := strings.Join(rep.Notes, "\n"); !strings.Contains(notes, "Engine App") || !strings.Contains(notes, "Engine Map") {
		t.Errorf("nobody is told: %q", rep.Notes)
	}
}
