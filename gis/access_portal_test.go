package gis_test

import (
	"context"
	"errors"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// outcome is how a call ends for one caller; empty is success.
type outcome = gis.Kind

func TestPortalCallers(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	owner := p.CreateMember(t, "owner", portaltest.RolePublisher)
	editor := p.CreateMember(t, "editor", portaltest.RolePublisher)
	member := p.CreateMember(t, "member", portaltest.RoleUser)
	anonymous := must(gis.New(p.URL, auth.Anonymous()))(t)
	t.Cleanup(anonymous.Close)
	admin := connect(t, p, p.Admin, p.AdminPassword)
	callers := map[string]*gis.Portal{
		"admin": admin, "owner": connect(t, p, owner.Username, owner.Password), "editor": connect(t, p, editor.Username, editor.Password),
		"member": connect(t, p, member.Username, member.Password), "anonymous": anonymous,
	}
	for _, c := range callers {
		ok(t, c.Connect(ctx))
	}
	group := must(admin.Groups.Create(ctx, gis.GroupSpec{Title: "Editors", SharedUpdate: true}))(t)
	ok(t, group.AddAdmins(ctx, "owner"))
	ok(t, group.AddUsers(ctx, "editor"))
	add := func(title string) *gis.Item {
		return must(callers["owner"].Content.Add(ctx, gis.ItemSpec{Title: title, Type: "Web Map"}, gis.WithText("{}")))(t)
	}
	private, shared, public := add("private"), add("shared"), add("public")
	ok(t, shared.Share(ctx, gis.Share{Groups: []esri.GroupID{group.ID}, AllowMembersToEdit: true}))
	ok(t, public.Share(ctx, gis.Share{Access: gis.AccessPublic}))

	get := func(id esri.ItemID) func(*gis.Portal) error {
		return func(c *gis.Portal) error { _, err := c.Content.Get(ctx, id); return err }
	}
	update := func(id esri.ItemID) func(*gis.Portal) error {
		return func(c *gis.Portal) error {
			it, err := c.Content.Get(ctx, id)
			if err != nil {
				return err
			}
			return it.Update(ctx, gis.ItemUpdate{Snippet: new("by " + c.URL())})
		}
	}
	tests := []struct {
		name string
		do   func(*gis.Portal) error
		want map[string]outcome // of callers that do not succeed
	}{
		{"get private", get(private.ID), map[string]outcome{"editor": gis.ErrNotFound, "member": gis.ErrNotFound, "anonymous": gis.ErrNotFound}},
		{"get shared", get(shared.ID), map[string]outcome{"member": gis.ErrNotFound, "anonymous": gis.ErrNotFound}},
		{"get public", get(public.ID), nil},
		{"data of private", func(c *gis.Portal) error { _, err := c.Content.Handle("owner", "", private.ID).Text(ctx); return err },
			map[string]outcome{"editor": gis.ErrNotFound, "member": gis.ErrNotFound, "anonymous": gis.ErrNotFound}},
		{"update private", update(private.ID), map[string]outcome{"editor": gis.ErrNotFound, "member": gis.ErrNotFound, "anonymous": gis.ErrNotFound}},
		{"update shared", update(shared.ID), map[string]outcome{"member": gis.ErrNotFound, "anonymous": gis.ErrNotFound}},
		{"update public", update(public.ID), map[string]outcome{"editor": gis.ErrDenied, "member": gis.ErrDenied, "anonymous": gis.ErrToken}},
		{"sharing of public", func(c *gis.Portal) error {
			s, err := c.Content.Handle("owner", "", public.ID).ReadSharing(ctx)
			if err == nil && s.Access != gis.AccessPublic {
				return errors.New("access is " + string(s.Access))
			}
			return err
		}, nil},
		{"owner's content", func(c *gis.Portal) error { _, err := gis.Collect(c.Content.AllUserItems(ctx, "owner")); return err },
			map[string]outcome{"editor": gis.ErrDenied, "member": gis.ErrDenied, "anonymous": gis.ErrToken}},
		{"list members", func(c *gis.Portal) error { _, err := gis.Collect(c.Users.List(ctx, nil)); return err }, map[string]outcome{"anonymous": gis.ErrToken}},
		{"create a role", func(c *gis.Portal) error {
			r, err := c.Roles.Create(ctx, gis.RoleSpec{Name: "R"})
			if err != nil {
				return err
			}
			return r.Delete(ctx)
		}, map[string]outcome{"owner": gis.ErrDenied, "editor": gis.ErrDenied, "member": gis.ErrDenied, "anonymous": gis.ErrToken}},
		{"add an item", func(c *gis.Portal) error {
			_, err := c.Content.Add(ctx, gis.ItemSpec{Title: "x", Type: "Web Map"}, gis.WithText("{}"))
			return err
		}, map[string]outcome{"anonymous": gis.ErrToken}},
		{"health", func(c *gis.Portal) error { return c.CheckHealth(ctx) }, nil},
	}
	for _, tt := range tests {
		for name, c := range callers {
			err := tt.do(c)
			if want := tt.want[name]; want == "" && err != nil || want != "" && !errors.Is(err, want) {
				t.Errorf("%s as %s: %v, want %q", tt.name, name, err, want)
			}
		}
	}
}

func TestPortalTokenRevokedMidRun(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := context.WithoutCancel(t.Context())
	ada := p.CreateMember(t, "ada", portaltest.RolePublisher)
	c := connect(t, p, ada.Username, ada.Password)
	me := must(c.Users.Me(ctx))(t)
	// A changed password revokes the session's token, and the old password is refused.
	ok(t, me.ChangePassword(ctx, ada.Password, "analytical-engine-2"))
	_, err := c.Users.Me(ctx)
	isKind(t, err, gis.ErrToken)
	ok(t, connect(t, p, "ada", "analytical-engine-2").Connect(ctx))
}
