package clone_test

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// listing reads everything that a portal lists, by plain calls: members, roles, groups with
// members and content, and each member's folders and items. Members that are about looking
// (views, the last sign-in of the reader) are left out.
func listing(t *testing.T, p *portaltest.Portal) string {
	t.Helper()
	token := p.AdminToken(t)
	get := func(path string, kv ...string) map[string]any {
		v := url.Values{"num": {"100"}}
		for i := 0; i < len(kv); i += 2 {
			v.Set(kv[i], kv[i+1])
		}
		doc := p.Call(t, token, "sharing/rest/"+path, v)
		if doc["error"] != nil {
			t.Fatalf("%s: %v", path, doc)
		}
		return doc
	}
	out := map[string]any{"roles": get("portals/self/roles")}
	users := get("portals/self/users")
	for _, u := range users["users"].([]any) {
		m := u.(map[string]any)
		delete(m, "lastLogin")
		name := m["username"].(string)
		home := get("content/users/" + name)
		out["content of "+name] = home
		for _, f := range home["folders"].([]any) {
			id := f.(map[string]any)["id"].(string)
			out["folder "+id] = get("content/users/" + name + "/" + id)
		}
	}
	out["users"] = users
	groups := get("community/groups", "q", "*", "searchUserAccess", "")
	out["groups"] = groups
	for _, g := range groups["results"].([]any) {
		id := g.(map[string]any)["id"].(string)
		out["members of "+id] = get("community/groups/" + id + "/users")
		out["items of "+id] = get("content/groups/" + id)
	}
	b, err := json.MarshalIndent(out, "", " ")
	ok(t, err)
	return string(b)
}

func (p *pair) undo(t *testing.T, opts clone.UndoOptions) *clone.UndoReport {
	t.Helper()
	j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, "undo"))
	defer j.Close()
	return must[*clone.UndoReport](t)(clone.Undo(t.Context(), p.to, j, opts, nil))
}

// TestUndoRestoresAnUntouchedTarget runs a clone and takes it back: what the target lists is
// then the same to the byte. Listing first changes nothing.
func TestUndoRestoresAnUntouchedTarget(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	before := listing(t, p.dst)
	rep, err := p.run(t, t.Context(), nil)
	ok(t, err)
	expectClean(t, rep)
	cloned := listing(t, p.dst)
	if before == cloned {
		t.Fatal("the clone made nothing")
	}

	dry := p.undo(t, clone.UndoOptions{DryRun: true})
	if len(dry.Kept) > 0 || len(dry.Remove) == 0 || len(dry.Removed) > 0 {
		t.Fatalf("dry run: %d to remove, %d removed, kept %+v", len(dry.Remove), len(dry.Removed), dry.Kept)
	}
	declined := p.undo(t, clone.UndoOptions{Confirm: func(*clone.UndoReport) bool { return false }})
	if len(declined.Removed) > 0 || listing(t, p.dst) != cloned {
		t.Fatal("listing what undo would remove changed the target")
	}

	done := p.undo(t, clone.UndoOptions{})
	if len(done.Kept) > 0 || len(done.Failures) > 0 {
		t.Fatalf("kept %+v, failed %+v", done.Kept, done.Failures)
	}
	if !slices.Equal(done.Remove, dry.Remove) || len(done.Removed) != len(done.Remove) {
		t.Errorf("removed %d of %d; the dry run had listed %d", len(done.Removed), len(done.Remove), len(dry.Remove))
	}
	if after := listing(t, p.dst); after != before {
		t.Errorf("the target is not as it was before the run:\n%s", firstDifference(before, after))
	}
	if again := p.undo(t, clone.UndoOptions{}); len(again.Remove)+len(again.Kept)+again.Result.Gone > 0 {
		t.Errorf("a second undo finds something to do: %+v", again)
	}

	rep, err = p.run(t, t.Context(), nil) // an undone clone can be made again
	ok(t, err)
	expectClean(t, rep)
	if rep.Result.Items.Created != 7 {
		t.Errorf("after undo a run made %d items, want 7", rep.Result.Items.Created)
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "before: " + strings.Join(x[max(0, i-3):min(len(x), i+3)], "\n") + "\nafter: " + strings.Join(y[max(0, i-3):min(len(y), i+3)], "\n")
		}
	}
	return "one is longer"
}

// touch is one way in which people make use of what a run made.
type touch struct {
	name string
	do   func(t *testing.T, s *saboteur)
	// keeps are the objects that must stay for it: kind and the name of the saboteur's, or a
	// title; every other object goes.
	keeps []string
	says  string // part of the reason of the first of keeps
}

func call(path string, kv ...string) func(*testing.T, *saboteur) {
	return func(t *testing.T, s *saboteur) {
		params := set(path, kv...).params
		s.call(t, path, params)
	}
}

var touches = []touch{
	{"title of an item", call(fileUpdate, "title", "Renamed"), []string{"item {file}", "user grace_hopper", "group {group}"}, "title"},
	{"description of an item", call(fileUpdate, "description", "by hand"), []string{"item {file}", "user grace_hopper", "group {group}"}, "changed since"},
	{"data of an item", call("content/users/{admin}/items/{app}/update", "text", `{"mine":1}`), []string{"item {app}"}, "data"},
	{"resource added", func(t *testing.T, s *saboteur) {
		file("content/users/{admin}/items/{app}/addResources", "file", "mine.png", "mine", "resourcesPrefix", "images", "fileName", "mine.png").do(t, s)
	}, []string{"item {app}"}, "resources"},
	{"shared further", call("content/users/{admin}/items/{plain}/share", "everyone", "false", "org", "true"), []string{"item {plain}"}, "access"},
	{"shared with a group", call("content/users/{admin}/items/{plain}/share", "groups", "{other}", "confirmItemControl", "true"), []string{"item {plain}", "group {other}"}, "groups"},
	{"moved", func(t *testing.T, s *saboteur) {
		doc := s.p.dst.Call(t, s.token, "sharing/rest/content/users/"+s.names["admin"]+"/createFolder", url.Values{"title": {"Kept"}})
		s.call(t, "content/users/{admin}/items/{plain}/move", url.Values{"folder": {doc["folder"].(map[string]any)["id"].(string)}})
	}, []string{"item {plain}"}, "moved"},
	{"unprotected", call("content/users/ada_lovelace/{folder}/items/{map}/unprotect"), []string{"item {map}", "folder {folder}", "user ada_lovelace", "role {role}", "group {group}", "user grace_hopper"}, "protection"},
	{"given to another owner", call("content/users/{admin}/items/{plain}/reassign", "targetUsername", "grace_hopper"), []string{"item {plain}", "user grace_hopper"}, "belongs to"},
	{"member changed", call(adaUpdate, "description", "changed"), []string{"user ada_lovelace", "role {role}"}, "profile"},
	{"member disabled", call("portals/self/disableUsers", "users", "ada_lovelace"), []string{"user ada_lovelace", "role {role}"}, "disabled"},
	{"member signed in", func(t *testing.T, s *saboteur) {
		s.p.liar.tell("portals/self/users", func(doc map[string]any) { // the account must set a password first, in a browser
			for _, u := range doc["users"].([]any) {
				if m := u.(map[string]any); m["username"] == "grace_hopper" {
					m["lastLogin"] = 1700000000000
				}
			}
		})
	}, []string{"user grace_hopper"}, "signed in"},
	{"group changed", call("community/groups/{other}/update", "snippet", "by hand"), []string{"group {other}"}, "changed since"},
	{"member added to a group", call("community/groups/{other}/addUsers", "users", "ada_lovelace"), []string{"group {other}"}, "members"},
	{"item added to a group", func(t *testing.T, s *saboteur) {
		id := s.newItem(t, "content/users/{admin}/addItem", "Mine")
		s.call(t, "content/users/{admin}/items/"+id+"/share", url.Values{"groups": {"{other}"}, "confirmItemControl": {"true"}})
	}, []string{"group {other}"}, "Mine"},
	{"item added to a folder", func(t *testing.T, s *saboteur) {
		s.newItem(t, "content/users/ada_lovelace/{folder}/addItem", "Mine")
	}, []string{"folder {folder}", "user ada_lovelace", "role {role}"}, "Mine"},
	{"item added to an account", func(t *testing.T, s *saboteur) {
		s.newItem(t, "content/users/grace_hopper/addItem", "Mine")
	}, []string{"user grace_hopper"}, "Mine"},
	{"folder renamed", call("content/users/ada_lovelace/{folder}/updateFolder", "newTitle", "Renamed"), []string{"folder {folder}", "user ada_lovelace", "role {role}"}, "title"},
	{"folder added to an account", call("content/users/grace_hopper/createFolder", "title", "Mine"), []string{"user grace_hopper"}, "Mine"},
	{"role changed", call("portals/self/roles/{role}/setPrivileges", "privileges", `{"privileges":["portal:user:createItem"]}`), []string{"role {role}"}, "privileges"},
	{"role given to somebody", func(t *testing.T, s *saboteur) {
		s.p.dst.CreateMember(t, "newcomer", "org_user")
		s.call(t, "portals/self/updateUserRole", url.Values{"user": {"newcomer"}, "role": {"{role}"}})
	}, []string{"role {role}"}, "newcomer"},
}

func (s *saboteur) newItem(t *testing.T, path, title string) string {
	t.Helper()
	doc := s.p.dst.Call(t, s.token, "sharing/rest/"+s.fill(path), url.Values{"title": {title}, "type": {"Web Map"}, "text": {"{}"}})
	id, _ := doc["id"].(string)
	if id == "" {
		t.Fatalf("%s: %v", path, doc)
	}
	return id
}

// TestUndoKeepsWhatPeopleTouched touches one object of a clone in each way that there is. Undo
// keeps it, says what was touched, keeps what it needs, and removes everything else. Each way
// is tried on a target of its own state: the clone is made again in between.
func TestUndoKeepsWhatPeopleTouched(t *testing.T) {
	t.Parallel()
	for part := range 3 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			l := &liar{}
			p := newPairWith(t, l)
			p.liar = l
			for i, touch := range touches {
				if i%3 == part {
					t.Run(touch.name, func(t *testing.T) { p.undoTouched(t, touch) })
				}
			}
		})
	}
}

func (p *pair) undoTouched(t *testing.T, touch touch) {
	rep, err := p.run(t, t.Context(), nil)
	ok(t, err)
	if rep.Result.Failed() > 0 {
		t.Fatalf("%+v", rep.Failures)
	}
	s := newSaboteur(t, p)
	touch.do(t, s)
	u := p.undo(t, clone.UndoOptions{})
	var kept, want []string
	for _, o := range u.Kept {
		kept = append(kept, string(o.Kind)+" "+o.Target)
	}
	for _, k := range touch.keeps {
		want = append(want, s.fill(k))
	}
	slices.Sort(kept)
	first := want[0]
	slices.Sort(want)
	if !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q; reasons %+v", kept, want, u.Kept)
	}
	for _, o := range u.Kept {
		if string(o.Kind)+" "+o.Target == first && !strings.Contains(o.Reason, touch.says) {
			t.Errorf("the reason does not say %q: %s", touch.says, o.Reason)
		}
		if o.Reason == "" || o.Title == "" {
			t.Errorf("kept without a title or a reason: %+v", o)
		}
	}
	if len(u.Failures) > 0 || len(u.Removed) != len(u.Remove) || len(u.Removed) == 0 {
		t.Errorf("removed %d of %d, failed %+v", len(u.Removed), len(u.Remove), u.Failures)
	}
	p.liar.tell("", nil)
	p.clean(t, s)
}

// clean empties the target for the next way of touching.
func (p *pair) clean(t *testing.T, s *saboteur) {
	t.Helper()
	ctx := t.Context()
	for u, err := range p.to.Users.List(ctx, &gis.UserList{ExcludeSystem: true}) {
		ok(t, err)
		for it, err := range u.AllItems(ctx) {
			ok(t, err)
			ok(t, it.Protect(ctx, false))
			ok(t, it.Delete(ctx))
		}
		folders, err := u.Folders(ctx)
		ok(t, err)
		for _, f := range folders {
			ok(t, p.to.Content.DeleteFolder(ctx, u.Username, f.ID))
		}
	}
	for g, err := range p.to.Groups.SearchAll(ctx, "", nil) {
		ok(t, err)
		if g.Title == "Field Crews" || g.Title == "Reviewers" {
			ok(t, g.Protect(ctx, false))
			ok(t, g.Delete(ctx))
		}
	}
	for u, err := range p.to.Users.List(ctx, &gis.UserList{ExcludeSystem: true}) {
		ok(t, err)
		if u.Username != p.dst.Admin {
			ok(t, u.Delete(ctx))
		}
	}
	if r, err := p.to.Roles.ByName(ctx, "Cartographer"); err == nil {
		ok(t, r.Delete(ctx))
	}
	old, err := os.ReadDir(strings.TrimSuffix(p.journal, "journal.jsonl"))
	ok(t, err)
	for _, f := range old {
		ok(t, os.Remove(strings.TrimSuffix(p.journal, "journal.jsonl")+f.Name()))
	}
}
