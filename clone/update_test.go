package clone_test

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// updating plans a second run that brings members and groups in line.
func (p *pair) updating(t *testing.T) *clone.Plan {
	t.Helper()
	j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, "plan"))
	defer j.Close()
	return must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{UpdateExisting: true}, j, nil))
}

// changeSource changes an account, a role and a group of the source in every way.
func (p *pair) changeSource(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	ada := must[*gis.User](t)(p.from.Users.Get(ctx, "ada_lovelace"))
	pic := picture(99)
	ok(t, ada.Update(ctx, gis.UserUpdate{
		Description: new("wrote about engines"), Tags: &[]string{"poet"}, FirstName: new("Augusta"), LastName: new("King"), FullName: new("Augusta King"),
		Email: new("augusta@example.org"), Access: new(gis.AccessPrivate), Units: new("english"), Thumbnail: &pic,
	}))
	ok(t, ada.Disable(ctx))
	grace := must[*gis.User](t)(p.from.Users.Get(ctx, "grace_hopper"))
	ok(t, grace.SetRole(ctx, p.role.ID))
	ok(t, grace.SetUserType(ctx, "GISProfessionalBasicUT"))
	ok(t, must[*gis.User](t)(p.from.Users.Get(ctx, "alan_turing")).Enable(ctx))
	ok(t, p.role.SetPrivileges(ctx, []string{"portal:user:createItem", "portal:user:shareToGroup", "portal:user:createGroup", "portal:user:viewOrgUsers", "features:user:edit"}))
	ok(t, p.group.Update(ctx, gis.GroupUpdate{
		Title: new("Crews in the field"), Snippet: new(""), Tags: &[]string{"crew", "2026"}, Access: new(gis.AccessPrivate), ViewOnly: new(false),
		SortField: new("title"), SortOrder: new(gis.Ascending), HiddenMembers: new(false), LeavingDisallowed: new(false), Phone: new("556"),
		Properties: json.RawMessage(`{"map":"` + string(p.webmap.ID) + `"}`),
	}))
	ok(t, p.group.RemoveUsers(ctx, "alan_turing"))
	ok(t, p.group.SetRole(ctx, gis.MemberMember, "ada_lovelace"))
	ok(t, p.group.AddUsers(ctx, p.src.Admin))
	ok(t, p.group.Protect(ctx, false))
}

func TestChangesOfTheSourceArrive(t *testing.T) {
	t.Parallel()
	g := &gate{}
	p := emptyPair(t, portaltest.Wrap(g.wrap))
	p.makeMembers(t)
	p.makeGroups(t)
	p.makeItems(t)
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	copied := esri.GroupID(p.mapping(t, clone.KindGroup)[string(p.group.ID)])
	p.changeSource(t)

	plan := p.updating(t)
	for _, w := range []struct {
		kind   clone.Kind
		source string
	}{
		{clone.KindRole, string(p.role.ID)}, {clone.KindUser, "ada_lovelace"}, {clone.KindUser, "grace_hopper"}, {clone.KindUser, "alan_turing"}, {clone.KindGroup, string(p.group.ID)},
	} {
		if s := step(t, plan, w.kind, w.source); s.Action != clone.Update {
			t.Errorf("planned: %+v", s)
		}
	}
	rep := must[*clone.Report](t)(clone.ApplyPlan(t.Context(), p.from, p.to, plan, clone.RunOptions{Journal: p.journal}, nil))
	for _, f := range rep.Failures {
		t.Errorf("failed: %+v", f)
	}
	if r := rep.Result; r.Roles.Updated != 1 || r.Users.Updated != 3 || r.Groups.Updated != 1 || r.Users.Created+r.Groups.Created != 0 {
		t.Errorf("figures: %+v", r)
	}
	p.expectChanged(t, copied)

	g.writes.Store(0)
	p.journal += "2"
	rep = must[*clone.Report](t)(clone.ApplyPlan(t.Context(), p.from, p.to, plan, clone.RunOptions{Journal: p.journal}, nil))
	if n := g.writes.Load(); n != 0 || rep.Result.Users.Updated+rep.Result.Groups.Updated+rep.Result.Roles.Updated != 0 || len(rep.Failures) != 0 {
		t.Errorf("an update of what is equal makes %d writes: %+v %+v", n, rep.Result, rep.Failures)
	}
}

// expectChanged reads the target by hand.
func (p *pair) expectChanged(t *testing.T, group esri.GroupID) {
	t.Helper()
	ctx := t.Context()
	ada := must[*gis.User](t)(p.to.Users.Get(ctx, "ada_lovelace"))
	if ada.Description != "wrote about engines" || ada.FullName != "Augusta King" || ada.Email != "augusta@example.org" || !ada.Disabled || ada.Units != "english" ||
		ada.Access != gis.AccessPrivate || !slices.Equal(ada.Tags, []string{"poet"}) {
		t.Errorf("profile: %s", ada.Raw())
	}
	role := must[*gis.Role](t)(p.to.Roles.ByName(ctx, "Cartographer"))
	grace := must[*gis.User](t)(p.to.Users.Get(ctx, "grace_hopper"))
	if grace.EffectiveRole() != role.ID || grace.UserLicenseTypeID != "GISProfessionalBasicUT" {
		t.Errorf("grace has role %s and user type %s", grace.EffectiveRole(), grace.UserLicenseTypeID)
	}
	if privileges := must[[]string](t)(role.ReadPrivileges(ctx)); !slices.Contains(privileges, "portal:user:createGroup") || slices.Contains(privileges, "portal:user:joinGroup") {
		t.Errorf("privileges: %q", privileges)
	}
	if alan := must[*gis.User](t)(p.to.Users.Get(ctx, "alan_turing")); alan.Disabled || alan.EffectiveRole() != gis.RoleUser {
		t.Errorf("alan is disabled %v and has role %s", alan.Disabled, alan.EffectiveRole())
	}
	g := must[*gis.Group](t)(p.to.Groups.Get(ctx, group))
	if g.Title != "Crews in the field" || g.Snippet != "" || g.Access != gis.AccessPrivate || g.IsViewOnly || g.HiddenMembers || g.LeavingDisallowed || g.Phone != "556" || g.Protected ||
		!strings.EqualFold(g.SortField, "title") || g.Owner != "grace_hopper" {
		t.Errorf("group: %s", g.Raw())
	}
	if webmap := p.mapping(t, clone.KindItem)[string(p.webmap.ID)]; !strings.Contains(string(g.Properties), `"`+webmap+`"`) || strings.Contains(string(g.Properties), "green") {
		t.Errorf("properties of the group: %s", g.Properties)
	}
	m := must[*gis.GroupMembers](t)(g.Members(ctx))
	slices.Sort(m.Users)
	if want := []string{"ada_lovelace", p.dst.Admin}; !slices.Equal(m.Users, want) || slices.Contains(m.Admins, "ada_lovelace") {
		t.Errorf("members %q, managers %q; want members %q", m.Users, m.Admins, want)
	}
	got := read(t, func() (*gis.Data, error) { return ada.OpenThumbnail(ctx) })
	if want := string(must[[]byte](t)(io.ReadAll(picture(99).Body))); want != got {
		t.Errorf("the thumbnail did not arrive: %d and %d bytes", len(want), len(got))
	}
}
