package gis_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

func TestPortalUsers(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	group := must(c.Groups.Create(ctx, gis.GroupSpec{Title: "Crew"}))(t)

	ada := must(c.Users.Create(ctx, gis.UserSpec{Username: "ada.l", Password: "difference-engine-1", FirstName: "Ada", LastName: "Lovelace",
		Email: "ada@example.com", Description: "first", Role: gis.RolePublisher, UserType: "creatorUT", Groups: []esri.GroupID{group.ID}}))(t)
	if ada.Username != "ada.l" || ada.FullName != "Ada Lovelace" || ada.Email != "ada@example.com" || ada.EffectiveRole() != gis.RolePublisher ||
		ada.UserLicenseTypeID != "creatorUT" || ada.Description != "first" {
		t.Errorf("user = %s", ada.Raw())
	}
	if m := must(group.Members(ctx))(t); !slices.Contains(m.Users, "ada.l") || m.Owner != p.Admin {
		t.Errorf("members = %+v", m)
	}
	_, err := c.Users.Create(ctx, gis.UserSpec{Username: "ADA.L", Password: "difference-engine-1", FirstName: "A", LastName: "L", Email: "a@example.com"})
	if err == nil {
		t.Error("the same name was created twice")
	}
	_, err = c.Users.Get(ctx, "nobody")
	isKind(t, err, gis.ErrNotFound)
	checks := must(c.Users.CheckUsernames(ctx, "ada.l", "grace"))(t)
	if len(checks) != 2 || checks[0].Free() || !checks[1].Free() {
		t.Errorf("checks = %+v", checks)
	}

	ok(t, ada.Update(ctx, gis.UserUpdate{Description: new(""), Tags: &[]string{"maths"}, Access: new(gis.AccessOrg), Culture: new("en-GB")}))
	if ada.Description != "" || !slices.Equal(ada.Tags, []string{"maths"}) || ada.Access != gis.AccessOrg || ada.Culture != "en-GB" || ada.FullName != "Ada Lovelace" {
		t.Errorf("updated = %s", ada.Raw())
	}
	ok(t, ada.SetThumbnail(ctx, gis.BytesUpload("me.png", png)))
	if got := content(t, ada.OpenThumbnail); got != string(png) {
		t.Errorf("thumbnail of %d bytes", len(got))
	}
	ok(t, ada.DeleteThumbnail(ctx))
	ok(t, ada.SetRole(ctx, gis.RoleViewer))
	if ada.EffectiveRole() != gis.RoleViewer || ada.Role == gis.RoleViewer {
		t.Errorf("role %s, roleId %s", ada.Role, ada.RoleID)
	}
	ok(t, ada.SetRole(ctx, gis.RolePublisher))
	ok(t, ada.Disable(ctx))
	isKind(t, connect(t, p, "ada.l", "difference-engine-1").Connect(ctx), gis.ErrToken)
	ok(t, ada.Enable(ctx))
	a := connect(t, p, "ada.l", "difference-engine-1")
	me := must(a.Users.Me(ctx))(t)
	if len(me.Groups) != 1 || me.Groups[0].ID != group.ID || !slices.Contains(me.Privileges, "portal:user:createItem") {
		t.Errorf("me = %s", me.Raw())
	}
	ok(t, me.SetProperties(ctx, map[string]any{"landingPage": map[string]string{"url": "index.html"}}))
	var props map[string]map[string]string
	ok(t, json.Unmarshal(must(me.Properties(ctx))(t), &props))
	if props["landingPage"]["url"] != "index.html" {
		t.Errorf("properties = %v", props)
	}
	ok(t, me.ChangePassword(ctx, "difference-engine-1", "analytical-engine-2"))
	ok(t, connect(t, p, "ada.l", "analytical-engine-2").Connect(ctx))

	must(c.Content.Add(ctx, gis.ItemSpec{Owner: "ada.l", Title: "x", Type: "Web Map"}, gis.WithText("{}")))(t)
	if err := ada.Delete(ctx); err == nil {
		t.Error("an account that owns items was deleted")
	}
	ok(t, ada.ReassignTo(ctx, p.Admin))
	ok(t, ada.Delete(ctx))
	_, err = c.Users.Get(ctx, "ada.l")
	isKind(t, err, gis.ErrNotFound)
}

func TestPortalManyUsers(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	group := must(c.Groups.Create(ctx, gis.GroupSpec{Title: "Crew"}))(t)
	var names []string
	for i := range 30 {
		names = append(names, p.CreateMember(t, fmt.Sprintf("member%02d", i), portaltest.RoleUser).Username)
	}
	list := must(gis.Collect(c.Users.List(ctx, &gis.UserList{SortField: "username", PageSize: 7, ExcludeSystem: true})))(t)
	var got []string
	for _, u := range list {
		got = append(got, u.Username)
	}
	if want := append([]string{p.Admin}, names...); !slices.Equal(got, want) {
		t.Errorf("list = %v, want %v", got, want)
	}
	if list[5].Email == "" || list[5].Role != gis.RoleUser {
		t.Errorf("listed without e-mail or role: %s", list[5].Raw())
	}
	if n := len(must(gis.Collect(c.Users.Search(ctx, "username:member1*", nil)))(t)); n != 10 {
		t.Errorf("found %d", n)
	}
	if n := len(must(gis.Collect(c.Users.SearchAll(ctx, "username:member*", nil)))(t)); n != 30 {
		t.Errorf("found %d in all", n)
	}
	if page := must(c.Users.SearchPage(ctx, "username:member*", &gis.UserSearch{PageSize: 3}))(t); page.Total != 30 || len(page.Items) != 3 || page.Next != 4 {
		t.Errorf("page = %+v", page)
	}

	err := group.AddUsers(ctx, append(names, "nobody")...)
	var batch *gis.BatchError
	if !errors.As(err, &batch) || len(batch.Done) != 30 || len(batch.Failed) != 1 || batch.Failed[0].ID != "nobody" {
		t.Errorf("err = %v", err)
	}
	ok(t, group.SetRole(ctx, gis.MemberAdmin, names[0], names[1]))
	members := must(group.Members(ctx))(t)
	if len(members.Users) != 28 || !slices.Contains(members.Admins, names[0]) {
		t.Errorf("members = %+v", members)
	}
	rows := must(gis.Collect(group.MemberList(ctx, &gis.MemberList{PageSize: 12})))(t)
	admins := 0
	for _, m := range rows {
		if m.MemberType == gis.MemberAdmin {
			admins++
		}
	}
	if len(rows) != 30 || admins != 2 {
		t.Errorf("%d rows, %d admins", len(rows), admins)
	}
	ok(t, group.RemoveUsers(ctx, names[2:]...))
	ok(t, c.Users.Disable(ctx, names[0], names[1]))
	if u := must(c.Users.Get(ctx, names[0]))(t); !u.Disabled {
		t.Error("not disabled")
	}
	ok(t, c.Users.Enable(ctx, names[0]))
	err = c.Users.Disable(ctx, names[0], "nobody")
	if !errors.As(err, &batch) || len(batch.Failed) != 1 || batch.Failed[0].ID != "nobody" {
		t.Errorf("err = %v", err)
	}
	err = c.Users.Delete(ctx, append(names[2:], "nobody")...)
	if !errors.As(err, &batch) || len(batch.Done) != 28 {
		t.Errorf("err = %v", err)
	}
}

func TestPortalRoles(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	privileges := []string{"portal:user:createItem", "portal:user:viewOrgUsers"}
	role := must(c.Roles.Create(ctx, gis.RoleSpec{Name: "Surveyor", Description: "goes out", Privileges: privileges}))(t)
	slices.Sort(role.Privileges)
	if role.Name != "Surveyor" || !slices.Equal(role.Privileges, privileges) {
		t.Errorf("role = %+v", role)
	}
	found := must(c.Roles.ByName(ctx, "surveyor"))(t)
	got := must(found.ReadPrivileges(ctx))(t)
	slices.Sort(got)
	if found.ID != role.ID || !slices.Equal(got, privileges) {
		t.Errorf("found %+v with %v", found, got)
	}
	if yes := must(c.Roles.Exists(ctx, "Nobody"))(t); yes {
		t.Error("a role that does not exist exists")
	}
	ok(t, role.Update(ctx, gis.RoleUpdate{Description: new("stays in")}))
	if r := must(c.Roles.Get(ctx, role.ID))(t); r.Description != "stays in" || r.Name != "Surveyor" {
		t.Errorf("role = %+v", r)
	}
	_, err := c.Roles.Get(ctx, "xxxxxxxxxxxxxxxx")
	isKind(t, err, gis.ErrNotFound)
	var names []string
	for r, err := range c.Roles.List(ctx) {
		ok(t, err)
		names = append(names, r.Name)
	}
	if !slices.Contains(names, "Viewer") || !slices.Contains(names, "Surveyor") {
		t.Errorf("roles = %v", names)
	}
	ok(t, role.Delete(ctx))
	if yes := must(c.Roles.Exists(ctx, "Surveyor"))(t); yes {
		t.Error("the role is still there")
	}
}

func TestPortalGroups(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	bob := p.CreateMember(t, "bob", portaltest.RoleUser)
	b := connect(t, p, bob.Username, bob.Password)

	g := must(c.Groups.Create(ctx, gis.GroupSpec{Title: "Fire Service", Tags: []string{"fire", "water"}, Access: gis.AccessOrg, Description: "d", Snippet: "s",
		Phone: "1", ViewOnly: true, SharedUpdate: true, SortField: "modified", SortOrder: gis.Descending, Thumbnail: new(gis.BytesUpload("g.png", png))}))(t)
	ok(t, g.Refresh(ctx))
	if g.Title != "Fire Service" || !slices.Equal(g.Tags, []string{"fire", "water"}) || g.Access != gis.AccessOrg || g.Description != "d" || g.Snippet != "s" ||
		g.Phone != "1" || !g.IsViewOnly || !g.SharedUpdate() || g.IsInvitationOnly || g.SortField != "modified" || g.UserMembership.MemberType != gis.MemberOwner {
		t.Errorf("group = %s", g.Raw())
	}
	if got := content(t, g.OpenThumbnail); got != string(png) {
		t.Errorf("thumbnail of %d bytes", len(got))
	}
	ok(t, g.Update(ctx, gis.GroupUpdate{Snippet: new(""), InvitationOnly: new(false), Description: new("dd")}))
	if g.Snippet != "" || g.Description != "dd" || !g.SharedUpdate() || !g.IsViewOnly || g.Title != "Fire Service" {
		t.Errorf("updated = %s", g.Raw())
	}
	ok(t, g.DeleteThumbnail(ctx))

	open := must(c.Groups.Create(ctx, gis.GroupSpec{Title: "Open", Access: gis.AccessOrg, AutoJoin: true}))(t)
	seen := must(b.Groups.Get(ctx, open.ID))(t)
	ok(t, seen.Join(ctx))
	if mine := must(gis.Collect(b.Groups.Search(ctx, "", &gis.GroupSearch{MemberOnly: true})))(t); len(mine) != 1 || mine[0].ID != open.ID {
		t.Errorf("bob's groups = %v", mine)
	}
	if of := must(c.Users.GroupsOf(ctx, "bob"))(t); !slices.Equal(of["bob"], []esri.GroupID{open.ID}) {
		t.Errorf("bob's groups = %v", of)
	}
	ok(t, seen.Leave(ctx))
	isKind(t, seen.Delete(ctx), gis.ErrDenied)

	if found := must(gis.Collect(c.Groups.Search(ctx, `title:"fire service"`, nil)))(t); len(found) != 1 || found[0].ID != g.ID {
		t.Errorf("found = %v", found)
	}
	ok(t, g.Protect(ctx, true))
	if err := g.Delete(ctx); err == nil {
		t.Error("a protected group was deleted")
	}
	ok(t, g.Protect(ctx, false))
	ok(t, g.ReassignTo(ctx, p.CreateMember(t, "carol", portaltest.RolePublisher).Username))
	ok(t, g.Refresh(ctx))
	if g.Owner != "carol" {
		t.Errorf("owner = %s", g.Owner)
	}
	ok(t, g.Delete(ctx))
	_, err := c.Groups.Get(ctx, g.ID)
	isKind(t, err, gis.ErrNotFound)
}
