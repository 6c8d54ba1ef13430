package clone_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestConflictsWriteNothingAndTellTheWayOut puts something in the way of each kind of object.
func TestConflictsWriteNothingAndTellTheWayOut(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		put  func(t *testing.T, p *pair)
		kind clone.Kind
		way  string
	}{
		{"member with another address", func(t *testing.T, p *pair) {
			must[*gis.User](t)(p.to.Users.Create(t.Context(), gis.UserSpec{
				Username: "ada_lovelace", Password: "nobody-knows-9", FirstName: "A", LastName: "L", Email: "another@example.org", Role: gis.RoleUser, UserType: "creatorUT"}))
		}, clone.KindUser, "make the addresses equal"},
		{"role with other privileges", func(t *testing.T, p *pair) {
			must[*gis.Role](t)(p.to.Roles.Create(t.Context(), gis.RoleSpec{Name: "cartographer", Privileges: []string{"portal:user:createItem"}}))
		}, clone.KindRole, "make their privileges equal"},
		{"title of a group", func(t *testing.T, p *pair) {
			must[*gis.Group](t)(p.to.Groups.Create(t.Context(), gis.GroupSpec{Title: "FIELD crews", Tags: []string{"x"}}))
		}, clone.KindGroup, "rename or delete"},
		{"file name", func(t *testing.T, p *pair) {
			must[*gis.Item](t)(p.to.Content.Add(t.Context(), gis.ItemSpec{Title: "x", Type: "PDF"}, gis.WithData(gis.BytesUpload("Notes.pdf", []byte("%PDF")))))
		}, clone.KindItem, "rename or move"},
		{"twin ids", func(t *testing.T, p *pair) {
			must[*gis.Item](t)(p.to.Content.Add(t.Context(), gis.ItemSpec{ID: p.spare.ID, Title: "x", Type: "Web Map"}, gis.WithText("{}")))
		}, clone.KindItem, "delete one of the two"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := &gate{}
			p := emptyPair(t, portaltest.Wrap(g.wrap))
			p.makeMembers(t)
			p.makeGroups(t)
			p.makeItems(t)
			tc.put(t, p)
			before := g.writes.Load()
			_, err := p.run(t, t.Context(), nil)
			var c *clone.ConflictError
			if !errors.As(err, &c) || len(c.Steps) != 1 || c.Steps[0].Kind != tc.kind || !strings.Contains(c.Steps[0].Reason, tc.way) {
				t.Errorf("got %v: %+v", err, c)
			}
			if n := g.writes.Load() - before; n != 0 {
				t.Errorf("%d writes reached the target", n)
			}
		})
	}
}

// TestConnectingAccountsStandForEachOther clones between portals whose administrators have
// different names.
func TestConnectingAccountsStandForEachOther(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	account := func(at *gis.Portal, name string) {
		must[*gis.User](t)(at.Users.Create(t.Context(), gis.UserSpec{
			Username: name, Password: "nobody-knows-9", FirstName: "The", LastName: "Boss", Email: name + "@example.org", Role: gis.RoleAdmin, UserType: "creatorUT"}))
	}
	account(p.from, "boss")
	account(p.to, "chief")
	p.src.Admin, p.src.AdminPassword, p.dst.Admin, p.dst.AdminPassword = "boss", "nobody-knows-9", "chief", "nobody-knows-9"
	p.from, p.to = client(t, p.src), client(t, p.dst)
	it := p.add(t, gis.ItemSpec{Title: "Mine"}, gis.WithText(`{}`))
	g := must[*gis.Group](t)(p.from.Groups.Create(t.Context(), gis.GroupSpec{Title: "Ours", Tags: []string{"x"}}))
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	copied := must[*gis.Item](t)(p.to.Content.Get(t.Context(), esri.ItemID(p.mapping(t, clone.KindItem)[string(it.ID)])))
	group := must[*gis.Group](t)(p.to.Groups.Get(t.Context(), esri.GroupID(p.mapping(t, clone.KindGroup)[string(g.ID)])))
	if copied.Owner != p.dst.Admin || group.Owner != p.dst.Admin {
		t.Errorf("owners: %s and %s, want %s", copied.Owner, group.Owner, p.dst.Admin)
	}
	if _, err := p.to.Users.Get(t.Context(), "boss"); err == nil {
		t.Error("the source's administrator was made on the target")
	}
}

// TestNoPlanMakesAnAdministrator edits a plan in every way that could give a member
// administrative privileges without --allow-admins.
func TestNoPlanMakesAnAdministrator(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(t *testing.T, p *pair, plan *clone.Plan){
		"role of the member": func(t *testing.T, p *pair, plan *clone.Plan) {
			step(t, plan, clone.KindUser, "alan_turing").Role = string(gis.RoleAdmin)
		},
		"role mapped to administrator": func(t *testing.T, p *pair, plan *clone.Plan) {
			r := step(t, plan, clone.KindRole, string(p.role.ID))
			r.Action, r.Target = clone.Match, string(gis.RoleAdmin)
		},
		"role mapped to a custom role with administrative privileges": func(t *testing.T, p *pair, plan *clone.Plan) {
			power := must[*gis.Role](t)(p.to.Roles.Create(t.Context(), gis.RoleSpec{Name: "Power", Privileges: []string{"portal:admin:updateUsers", "portal:admin:viewUsers"}}))
			r := step(t, plan, clone.KindRole, string(p.role.ID))
			r.Action, r.Target = clone.Match, string(power.ID)
		},
		"skipped role made": func(t *testing.T, p *pair, plan *clone.Plan) {
			r := &plan.Steps[slices.IndexFunc(plan.Steps, func(s clone.Step) bool { return s.Title == "Deputy" })]
			r.Action, r.Privileges = clone.Create, nil
			step(t, plan, clone.KindUser, "alan_turing").Role = r.Source
		},
		"options of the plan": func(t *testing.T, p *pair, plan *clone.Plan) {
			plan.Header.Options.AllowAdmins = true
			step(t, plan, clone.KindUser, "alan_turing").Role = string(gis.RoleAdmin)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := emptyPair(t)
			p.makeMembers(t)
			must[*gis.Role](t)(p.from.Roles.Create(t.Context(), gis.RoleSpec{Name: "Deputy", Privileges: []string{"portal:admin:updateUsers", "portal:user:createItem"}}))
			plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{}, nil, nil))
			edit(t, p, plan)
			var b bytes.Buffer
			ok(t, plan.Write(&b))
			j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, "run"))
			defer j.Close()
			read, err := clone.ReadPlan(&b)
			if name == "role of the member" {
				if err == nil || !strings.Contains(err.Error(), "--allow-admins") || !strings.Contains(err.Error(), "line ") {
					t.Errorf("the plan was read: %v", err)
				}
				read, err = plan, nil // Apply must refuse it by itself
			}
			ok(t, err)
			rep := must[*clone.Report](t)(clone.Apply(t.Context(), p.from, p.to, read, clone.ApplyOptions{}, j, nil))
			if rep.Result.Failed() == 0 {
				t.Error("nothing was refused")
			}
			for u := range must[map[string]*gis.User](t)(membersOf(t, p.to)) {
				if full := must[*gis.User](t)(p.to.Users.Get(t.Context(), u)); u != p.dst.Admin && privileged(t, p.to, full) {
					t.Errorf("%s has role %s", u, full.EffectiveRole())
				}
			}
		})
	}
}

func privileged(t *testing.T, p *gis.Portal, u *gis.User) bool {
	switch role := u.EffectiveRole(); role {
	case gis.RoleAdmin:
		return true
	case gis.RolePublisher, gis.RoleUser, gis.RoleViewer, gis.RoleDataEditor:
		return false
	default:
		r := must[*gis.Role](t)(p.Roles.Get(t.Context(), role))
		return strings.Contains(strings.Join(must[[]string](t)(r.ReadPrivileges(t.Context())), " "), "portal:admin:")
	}
}

func membersOf(t *testing.T, p *gis.Portal) (map[string]*gis.User, error) {
	out := map[string]*gis.User{}
	for u, err := range p.Users.List(t.Context(), nil) {
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(u.Username, "esri_") && u.Username != "system_publisher" {
			out[u.Username] = u
		}
	}
	return out, nil
}

func step(t *testing.T, plan *clone.Plan, k clone.Kind, source string) *clone.Step {
	t.Helper()
	for i := range plan.Steps {
		if s := &plan.Steps[i]; s.Kind == k && s.Source == source {
			return s
		}
	}
	t.Fatalf("the plan has no step for %s %s", k, source)
	return nil
}

// TestForgedMarkersAreNotTrusted lets a member of the target mark a group and an item of his
// own as copies: neither may be taken for one.
func TestForgedMarkersAreNotTrusted(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	group := must[*gis.Group](t)(p.to.Groups.Get(t.Context(), esri.GroupID(p.mapping(t, clone.KindGroup)[string(p.group.ID)])))
	item := must[*gis.Item](t)(p.to.Content.Get(t.Context(), esri.ItemID(p.mapping(t, clone.KindItem)[string(p.spare.ID)])))
	forged := must[*gis.Group](t)(p.to.Groups.Create(t.Context(), gis.GroupSpec{Title: "Forged", Tags: []string{"x"}, Properties: group.Properties}))
	ok(t, forged.AddUsers(t.Context(), "alan_turing"))
	ok(t, forged.ReassignTo(t.Context(), "alan_turing"))
	must[*gis.Item](t)(p.to.Content.Add(t.Context(), gis.ItemSpec{Owner: "alan_turing", Title: "Forged", Type: "Web Map", Properties: item.Properties, TypeKeywords: item.TypeKeywords}, gis.WithText("{}")))

	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{}, nil, nil))
	if s := step(t, plan, clone.KindGroup, string(p.group.ID)); s.Action != clone.Match || s.Target != string(group.ID) {
		t.Errorf("group: %+v", s)
	}
	if s := step(t, plan, clone.KindItem, string(p.spare.ID)); s.Action != clone.Match || s.Target != string(item.ID) {
		t.Errorf("item: %+v", s)
	}
}

// TestVerifyWithoutAJournal goes by the markers, says so first, and lists the members and
// groups that it cannot place.
func TestVerifyWithoutAJournal(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	rep := must[*clone.Report](t)(clone.Verify(t.Context(), p.from, p.to, clone.Options{}, nil, nil))
	if len(rep.Differences) != 0 || len(rep.Unmatched) != 0 || len(rep.Notes) == 0 || !strings.Contains(rep.Notes[0], "no journal") {
		t.Errorf("differences %+v, unmatched %+v, notes %q", rep.Differences, rep.Unmatched, rep.Notes)
	}
	ok(t, p.to.Groups.Handle(esri.GroupID(p.mapping(t, clone.KindGroup)[string(p.other.ID)])).Delete(t.Context()))
	p.member(t, "newcomer")
	rep = must[*clone.Report](t)(clone.Verify(t.Context(), p.from, p.to, clone.Options{}, nil, nil))
	if len(rep.Unmatched) != 2 || rep.Unmatched[0].Source != string(p.other.ID) || rep.Unmatched[1].Source != "newcomer" || rep.Result.Differences < 2 {
		t.Errorf("unmatched: %+v, differences: %+v", rep.Unmatched, rep.Differences)
	}
}
