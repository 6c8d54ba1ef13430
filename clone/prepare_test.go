package clone_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

func (p *pair) plan(t *testing.T, opts clone.Options) *clone.Plan {
	t.Helper()
	return must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, opts, nil, nil))
}

// clash puts something in the way of each kind of object, and returns what it is.
func (p *pair) clash(t *testing.T) map[string]string {
	t.Helper()
	ctx, in := t.Context(), map[string]string{}
	for _, name := range []string{"keeper", "ada_lovelace"} {
		must[*gis.User](t)(p.to.Users.Create(ctx, gis.UserSpec{
			Username: name, Password: "nobody-knows-9", FirstName: "A", LastName: "L", Email: name + "@another.example", Role: gis.RoleUser, UserType: "creatorUT"}))
	}
	in["user"] = "ada_lovelace"
	in["role"] = string(must[*gis.Role](t)(p.to.Roles.Create(ctx, gis.RoleSpec{Name: "cartographer", Privileges: []string{"portal:user:createItem"}})).ID)
	in["group"] = string(must[*gis.Group](t)(p.to.Groups.Create(ctx, gis.GroupSpec{Title: "FIELD crews", Tags: []string{"x"}})).ID)
	file := func(spec gis.ItemSpec, name string) string {
		return string(must[*gis.Item](t)(p.to.Content.Add(ctx, spec, gis.WithData(gis.BytesUpload(name, []byte("%PDF"))))).ID)
	}
	in["file"] = file(gis.ItemSpec{Title: "x", Type: "PDF"}, "Notes.pdf")
	must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{ID: p.spare.ID, Title: "x", Type: "Web Map"}, gis.WithText("{}")))
	in["twin"] = string(p.spare.ID)
	key := p.plan(t, clone.Options{}).Header.Source.Key
	var doubles []string
	for i := range 2 {
		doubles = append(doubles, file(gis.ItemSpec{
			Title: "y", Type: "PDF", TypeKeywords: []string{"source-" + string(p.second.ID)},
			Properties: json.RawMessage(`{"rhumb":{"source":"` + key + `","id":"` + string(p.second.ID) + `","run":"r"}}`),
		}, fmt.Sprintf("copy%d.pdf", i)))
	}
	slices.Sort(doubles)
	in["doubles"] = doubles[0]
	return in
}

// TestEachConflictInEachMode plans over a target on which everything is in the way.
func TestEachConflictInEachMode(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	in := p.clash(t)
	type row struct {
		kind   clone.Kind
		source string
		key    string
		ways   []string // flags that the conflict names
		rename string
		match  clone.Action
		forced clone.Action // under replace
	}
	rows := []row{
		{clone.KindUser, "ada_lovelace", "user", []string{"--map-users", "match", "rename", "--replace-members --reassign-to"}, "ada_lovelace_2", clone.Match, clone.Replace},
		{clone.KindRole, string(p.role.ID), "role", []string{"match", "rename", "replace", "--update-existing"}, "Cartographer (2)", clone.Match, clone.Update},
		{clone.KindGroup, string(p.group.ID), "group", []string{"--map-groups", "match", "rename", "replace"}, "Field Crews (2)", clone.Match, clone.Replace},
		{clone.KindItem, string(p.plainly.ID), "file", []string{"--map-items", "match", "rename", "replace"}, "notes_2.pdf", clone.Match, clone.Replace},
		{clone.KindItem, string(p.spare.ID), "twin", []string{"match", "rename", "replace"}, "Spare Map (2)", clone.Match, clone.Replace},
		{clone.KindItem, string(p.second.ID), "doubles", []string{"--map-items", "match", "rename", "replace"}, "", clone.Update, clone.Replace}, // a copy whose marker tells an older state
	}
	fail, match := p.plan(t, clone.Options{}), p.plan(t, clone.Options{OnConflict: clone.ConflictMatch})
	rename := p.plan(t, clone.Options{OnConflict: clone.ConflictRename})
	replace := p.plan(t, clone.Options{OnConflict: clone.ConflictReplace, ReplaceMembers: true, ReassignTo: "keeper"})
	if n := len(fail.Conflicts()); n != len(rows) {
		t.Errorf("%d conflicts, want %d: %+v", n, len(rows), fail.Conflicts())
	}
	for _, r := range rows {
		s := step(t, fail, r.kind, r.source)
		for _, way := range r.ways {
			if s.Action != clone.Conflict || !strings.Contains(s.Reason, way) {
				t.Errorf("%s under fail: %s, %q does not name %s", r.key, s.Action, s.Reason, way)
			}
		}
		if s := step(t, match, r.kind, r.source); s.Action != r.match || s.Target != in[r.key] || s.Reason == "" {
			t.Errorf("%s under match: %+v, want target %s", r.key, s, in[r.key])
		}
		if s := step(t, rename, r.kind, r.source); s.Action != clone.Create || s.Rename != r.rename || s.Target != "" {
			t.Errorf("%s under rename: %+v", r.key, s)
		}
		if s := step(t, replace, r.kind, r.source); s.Action != r.forced || s.Target != in[r.key] || s.Reason == "" {
			t.Errorf("%s under replace: %+v", r.key, s)
		}
	}
	for _, plan := range []*clone.Plan{match, rename, replace} {
		if open := plan.Conflicts(); len(open) != 0 {
			t.Errorf("%s leaves conflicts: %+v", plan.Header.Options.OnConflict, open)
		}
	}
	if rename.Header.Users["ada_lovelace"] != "ada_lovelace_2" {
		t.Errorf("the header does not map the renamed account: %v", rename.Header.Users)
	}
}

// TestWhatMayNotBeReplacedStaysAConflict protects what is in the way, and leaves accounts out.
func TestWhatMayNotBeReplacedStaysAConflict(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	in := p.clash(t)
	ctx := t.Context()
	ok(t, p.to.Groups.Handle(esri.GroupID(in["group"])).Protect(ctx, true))
	ok(t, must[*gis.Item](t)(p.to.Content.Get(ctx, esri.ItemID(in["file"]))).Protect(ctx, true))
	must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{ID: p.webmap.ID, Title: "x", Type: "Dashboard"}, gis.WithText("{}")))
	plan := p.plan(t, clone.Options{OnConflict: clone.ConflictReplace})
	for _, r := range []struct {
		kind         clone.Kind
		source, want string
	}{
		{clone.KindUser, "ada_lovelace", "--replace-members --reassign-to"},
		{clone.KindGroup, string(p.group.ID), "protected"},
		{clone.KindItem, string(p.plainly.ID), "protected"},
		{clone.KindItem, string(p.webmap.ID), "its type is Dashboard, not Web Map"},
	} {
		if s := step(t, plan, r.kind, r.source); s.Action != clone.Conflict || !strings.Contains(s.Reason, r.want) {
			t.Errorf("%s %s: %s, %q; want a conflict that says %q", r.kind, r.source, s.Action, s.Reason, r.want)
		}
	}
	if n := len(plan.Conflicts()); n != 4 {
		t.Errorf("%d conflicts: %+v", n, plan.Conflicts())
	}
	heir := p.plan(t, clone.Options{OnConflict: clone.ConflictReplace, ReplaceMembers: true, ReassignTo: "ADA_lovelace"})
	if s := step(t, heir, clone.KindUser, "ada_lovelace"); s.Action != clone.Conflict || !strings.Contains(s.Reason, "--reassign-to") {
		t.Errorf("the heir: %+v", s)
	}
}

// TestMapsTakeThePlaceOfCopies maps a member, a group and an item, and refuses maps that name
// what is not there.
func TestMapsTakeThePlaceOfCopies(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	in := p.clash(t)
	opts := clone.Options{
		OnConflict: clone.ConflictRename,
		MapUsers:   map[string]string{"ADA_lovelace": "Keeper"},
		MapGroups:  map[string]string{string(p.other.ID): in["group"]},
		MapItems:   map[string]string{string(p.plainly.ID): in["file"]},
		AccessMap:  map[string]string{"public": "org", "shared": "private"},
	}
	plan := p.plan(t, opts)
	for _, r := range []struct {
		kind           clone.Kind
		source, target string
	}{{clone.KindUser, "ada_lovelace", "keeper"}, {clone.KindGroup, string(p.other.ID), in["group"]}, {clone.KindItem, string(p.plainly.ID), in["file"]}} {
		if s := step(t, plan, r.kind, r.source); s.Action != clone.Match || s.Target != r.target || !strings.Contains(s.Reason, "--map-") {
			t.Errorf("%+v, want target %s", s, r.target)
		}
	}
	if s := step(t, plan, clone.KindShare, string(p.app.ID)); s.Access != "org" {
		t.Errorf("the public app: %+v", s)
	}
	if s := step(t, plan, clone.KindShare, string(p.file.ID)); s.Access != "shared" || len(s.Groups) != 1 {
		t.Errorf("the shared file: %+v", s)
	}
	for _, tc := range []struct {
		opts clone.Options
		want string
	}{
		{clone.Options{MapUsers: map[string]string{"nobody": "keeper"}}, "--map-users: there is no member nobody on the source"},
		{clone.Options{MapUsers: map[string]string{"ada_lovelace": "nobody"}}, "--map-users: there is no account nobody on the target"},
		{clone.Options{MapGroups: map[string]string{string(p.group.ID): string(p.group.ID)}}, "--map-groups: there is no group"},
		{clone.Options{MapItems: map[string]string{string(p.webmap.ID): in["file"]}}, "map items of one type"},
		{clone.Options{OnConflict: clone.ConflictReplace, ReplaceMembers: true, ReassignTo: "nobody"}, "--reassign-to"},
		{clone.Options{OnConflict: "x"}, "--on-conflict"},
	} {
		if _, err := clone.Prepare(t.Context(), p.from, p.to, tc.opts, nil, nil); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v: got %v, want %q", tc.opts, err, tc.want)
		}
	}
}

// downloads counts what is read of item data.
type downloads struct{ data, resources atomic.Int64 }

func (d *downloads) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/data"):
			d.data.Add(1)
		case strings.Contains(r.URL.Path, "/resources/"):
			d.resources.Add(1)
		}
		next.ServeHTTP(w, r)
	})
}

// TestPlanFindsExactlyWhatChanged plans again over an unchanged source, and after one change of
// each kind.
func TestPlanFindsExactlyWhatChanged(t *testing.T) {
	t.Parallel()
	var d downloads
	p := &pair{src: portaltest.Start(t, portaltest.Wrap(d.wrap)), dst: portaltest.Start(t), journal: t.TempDir() + "/journal.jsonl"}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	p.makeMembers(t)
	p.makeGroups(t)
	p.makeItems(t)
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	replan := func(opts clone.Options) *clone.Plan {
		t.Helper()
		j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, "plan"))
		defer j.Close()
		return must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, opts, j, nil))
	}
	d.data.Store(0)
	d.resources.Store(0)
	if plan := replan(clone.Options{}); plan.Totals().Writes != 0 {
		t.Errorf("an unchanged source: %+v", writing(plan))
	}
	if d.data.Load() != 0 || d.resources.Load() != 0 {
		t.Errorf("an unchanged source was read: %d data, %d resources", d.data.Load(), d.resources.Load())
	}
	if plan := replan(clone.Options{Full: true}); plan.Totals().Actions[clone.KindItem][clone.Update] != 7 {
		t.Errorf("--full: %+v", writing(plan))
	}

	ctx := t.Context()
	ok(t, p.webmap.Update(ctx, gis.ItemUpdate{}, gis.WithText(`{"operationalLayers":[],"version":"2.1"}`)))
	ok(t, p.app.Resources().Update(ctx, gis.ResourceSpec{Name: "config/settings.json", Upload: gis.BytesUpload("settings.json", []byte(`{"longer":"than before it was"}`))}))
	ok(t, p.plainly.Share(ctx, gis.Share{Access: gis.AccessOrg}))
	ok(t, p.file.Protect(ctx, true))
	ok(t, p.app.AddRelationship(ctx, p.second.ID, "Item2Attachment"))
	ok(t, p.other.AddUsers(ctx, "grace_hopper"))
	want := []string{
		"update item Engine App", "update item Engine Map", "update item Stops as CSV", "update group Reviewers",
		"create share Notes", "create relationship Engine App",
	}
	got := writing(replan(clone.Options{}))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	rep := must[*clone.Report](t)(p.run(t, ctx, nil))
	expectClean(t, rep)
	if plan := replan(clone.Options{}); plan.Totals().Writes != 0 {
		t.Errorf("after the changes arrived: %+v", writing(plan))
	}
}

func writing(plan *clone.Plan) (out []string) {
	for _, s := range plan.Steps {
		if s.Action != clone.Match && s.Action != clone.Skip {
			out = append(out, fmt.Sprintf("%s %s %s", s.Action, s.Kind, s.Title))
		}
	}
	slices.Sort(out)
	return out
}

// TestTwoPlansUnderOptionsAreByteIdentical plans the same twice under options that follow references.
func TestTwoPlansUnderOptionsAreByteIdentical(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	for _, opts := range []clone.Options{{}, {Only: []string{"group:Field Crews"}}, {OnConflict: clone.ConflictRename}} {
		var first, second bytes.Buffer
		ok(t, p.plan(t, opts).Write(&first))
		ok(t, p.plan(t, opts).Write(&second))
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%+v:\n%s\n%s", opts, first.String(), second.String())
		}
	}
}

// TestPlanNamesNeedsAndReferences reads needs, order and references of the fixture, with a map
// added that names an item of nobody, one of the portal itself and itself.
func TestPlanNamesNeedsAndReferences(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	nobody := strings.Repeat("0a1b", 8)
	lone := must[*gis.Item](t)(p.from.Content.Add(t.Context(), gis.ItemSpec{Title: "Lone", Type: "Web Map", Description: "shows " + string(p.spare.ID)},
		gis.WithText(`{"operationalLayers":[{"itemId":"`+nobody+`"}],"home":"`+p.src.URL+`/home/item.html?id=`+nobody+`"}`)))
	ok(t, p.spare.Update(t.Context(), gis.ItemUpdate{}, gis.WithText(`{"operationalLayers":[{"itemId":"`+string(lone.ID)+`"}]}`)))
	plan := p.plan(t, clone.Options{})
	needs := func(it *gis.Item, want ...esri.ItemID) {
		t.Helper()
		var ids []string
		for _, id := range want {
			ids = append(ids, string(id))
		}
		slices.Sort(ids)
		if s := step(t, plan, clone.KindItem, string(it.ID)); !slices.Equal(s.Needs, ids) {
			t.Errorf("%s needs %v, want %v", it.Title, s.Needs, ids)
		}
	}
	needs(p.webmap, p.layer.ID)
	needs(p.app, p.webmap.ID, esri.ItemID(p.group.ID))
	needs(p.layer)
	needs(lone, p.spare.ID)
	needs(p.spare, lone.ID)
	if a, b := step(t, plan, clone.KindItem, string(lone.ID)), step(t, plan, clone.KindItem, string(p.spare.ID)); a.Cycle != 1 || b.Cycle != 1 {
		t.Errorf("the ring: %d and %d", a.Cycle, b.Cycle)
	}
	at := map[string]int{}
	for i, s := range plan.Steps {
		if s.Kind == clone.KindItem {
			at[s.Title] = i
		}
	}
	if at["Stops"] > at["Engine Map"] || at["Engine Map"] > at["Engine App"] {
		t.Errorf("order: %v", at)
	}
	classes := map[string]int{}
	for _, r := range plan.References {
		classes[r.Class]++
		if r.Class == clone.Unresolved && (r.Item != string(lone.ID) || r.Value != nobody || r.Path == "" || r.Part != "data") {
			t.Errorf("unresolved: %+v", r)
		}
	}
	if classes[clone.Unresolved] != 1 || classes[clone.ByReference] == 0 || classes[clone.External] != 0 {
		t.Errorf("references: %v", plan.References)
	}
}

// TestPlanSaysWhatItWouldMeetWith looks for the notices of the fixture.
func TestPlanSaysWhatItWouldMeetWith(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	notice := func(plan *clone.Plan, code string) string {
		for _, n := range plan.Notices {
			if n.Code == code {
				return n.Text + " " + strings.Join(n.Objects, " ")
			}
		}
		return ""
	}
	plan := p.plan(t, clone.Options{})
	if got := notice(plan, clone.NoticeAdministrators); !strings.Contains(got, "become plain users: 1") || !strings.Contains(got, "alan_turing") {
		t.Errorf("administrators: %q", got)
	}
	if got := notice(plan, clone.NoticeTotals); !strings.Contains(got, "objects to write: 20") {
		t.Errorf("totals: %q", got)
	}
	if got := notice(p.plan(t, clone.Options{AllowAdmins: true}), clone.NoticeAdministrators); !strings.Contains(got, "given administrative privileges: 1 alan_turing") {
		t.Errorf("administrators that are allowed: %q", got)
	}
	if got := notice(plan, clone.NoticePrivileges); got != "" {
		t.Errorf("an administrator lacks privileges: %q", got)
	}
	role := must[*gis.Role](t)(p.to.Roles.Create(t.Context(), gis.RoleSpec{Name: "Half", Privileges: []string{
		"portal:admin:viewUsers", "portal:admin:viewGroups", "portal:admin:viewItems", "portal:user:createItem", "portal:user:createGroup", "portal:admin:inviteUsers"}}))
	must[*gis.User](t)(p.to.Users.Create(t.Context(), gis.UserSpec{Username: "half", Password: "nobody-knows-9", FirstName: "H", LastName: "A", Email: "h@example.org", Role: role.ID, UserType: "creatorUT"}))
	p.to = client(t, &portaltest.Portal{URL: p.dst.URL, Admin: "half", AdminPassword: "nobody-knows-9"})
	got := notice(p.plan(t, clone.Options{}), clone.NoticePrivileges)
	for _, want := range []string{"half lacks", "portal:admin:manageRoles", "portal:admin:updateUsers", "portal:admin:reassignGroups", "portal:admin:disableUsers", "portal:admin:shareToPublic"} {
		if !strings.Contains(got, want) {
			t.Errorf("privileges: %q does not name %s", got, want)
		}
	}
	for _, not := range []string{"createItem", "createGroup", "inviteUsers", "deleteUsers"} {
		if strings.Contains(got, not) {
			t.Errorf("privileges: %q names %s", got, not)
		}
	}
}
