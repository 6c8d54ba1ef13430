package rest_test

import (
	"slices"
	"strings"
	"testing"
)

func TestGroupMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "mia", "eve")
	w.custom("warden", "portal:admin:assignToGroups", "portal:admin:viewGroups", "portal:admin:viewUsers")
	id := w.newGroup("ada", "Rivers", "access", "org")
	group := "community/groups/" + id
	doc := w.ok("ada", group+"/addUsers", "users", "bob,nobody,esri_nav", "admins", "mia")
	if got := each(doc, "", "notAdded"); !slices.Equal(got, []string{"nobody", "esri_nav"}) || doc["success"] != nil {
		t.Errorf("answer %v", doc)
	}
	users := func(as string) (string, []string, []string) {
		d := w.ok(as, group+"/users")
		return str(d, "owner"), each(d, "", "admins"), each(d, "", "users")
	}
	if owner, admins, plain := users("eve"); owner != "ada" || !slices.Equal(admins, []string{"ada", "mia"}) || !slices.Equal(plain, []string{"bob"}) {
		t.Errorf("users: %s %v %v", owner, admins, plain)
	}
	// Again is no error, and naming a member as a manager makes one.
	if got := each(w.ok("mia", group+"/addUsers", "admins", "bob", "users", "mia"), "", "notAdded"); len(got) != 0 {
		t.Errorf("not added %v", got)
	}
	if _, admins, plain := users("bob"); !slices.Equal(admins, []string{"ada", "bob", "mia"}) || len(plain) != 0 {
		t.Errorf("after promotion: %v %v", admins, plain)
	}
	doc = w.ok("warden", group+"/updateUsers", "users", "bob,ada,eve")
	for i, want := range []any{true, false, false} {
		if at(doc, "results", i, "success") != want {
			t.Errorf("row %d: %v", i, at(doc, "results", i))
		}
	}
	if _, admins, plain := users("bob"); !slices.Equal(admins, []string{"ada", "mia"}) || !slices.Equal(plain, []string{"bob"}) {
		t.Errorf("after demotion: %v %v", admins, plain)
	}
	for _, op := range []string{"addUsers", "removeUsers", "updateUsers"} {
		w.fails(403, "portal:admin:assignToGroups", "eve", group+"/"+op, "users", "eve")
		w.fails(403, "portal:admin:assignToGroups", "bob", group+"/"+op, "users", "eve")
		w.fails(400, "must be specified", "ada", group+"/"+op)
		w.fails(400, "at most 25", "ada", group+"/"+op, "users", strings.Repeat("x,", 26))
	}
	doc = w.ok("warden", group+"/removeUsers", "users", "bob,ada,eve,nobody")
	if got := each(doc, "", "notRemoved"); !slices.Equal(got, []string{"ada", "eve", "nobody"}) {
		t.Errorf("not removed %v", got)
	}
	if _, _, plain := users("ada"); len(plain) != 0 {
		t.Errorf("after removal: %v", plain)
	}
	public := w.newGroup("ada", "Open", "access", "public")
	w.fails(499, "Token Required", "", "community/groups/"+public+"/users")
	w.fails(499, "Token Required", "", "community/groups/"+public+"/userList")
}

func TestHiddenMembersAndPrivateProfiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "cem", "mia", "eve")
	w.ok("cem", "community/users/cem/update", "access", "private")
	open, veiled := w.newGroup("ada", "Open", "access", "org"), w.newGroup("ada", "Veiled", "access", "org", "hiddenMembers", "true")
	for _, id := range []string{open, veiled} {
		w.ok("admin", "community/groups/"+id+"/addUsers", "users", "bob,cem", "admins", "mia")
	}
	for _, tt := range []struct {
		group, as string
		want      []string
	}{
		{open, "ada", []string{"bob", "cem"}}, {open, "bob", []string{"bob", "cem"}}, {open, "eve", []string{"bob"}}, {open, "admin", []string{"bob", "cem"}},
		{veiled, "ada", []string{"bob", "cem"}}, {veiled, "mia", []string{"bob", "cem"}}, {veiled, "bob", []string{"bob"}}, {veiled, "eve", []string{}}, {veiled, "admin", []string{"bob", "cem"}},
	} {
		if got := each(w.ok(tt.as, "community/groups/"+tt.group+"/users"), "", "users"); !slices.Equal(got, tt.want) {
			t.Errorf("users as %s: %v, want %v", tt.as, got, tt.want)
		}
		list := w.ok(tt.as, "community/groups/"+tt.group+"/userList", "memberType", "member")
		if got := each(list, "username", "users"); !slices.Equal(got, tt.want) || num(list, "total") != len(tt.want) {
			t.Errorf("userList as %s: %v, want %v", tt.as, got, tt.want)
		}
	}
}

func TestGroupUserList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "cem", "mia")
	id := w.newGroup("ada", "Rivers")
	w.ok("ada", "community/groups/"+id+"/addUsers", "users", "cem,bob", "admins", "mia")
	list := func(kv ...string) map[string]any { return w.ok("ada", "community/groups/"+id+"/userList", kv...) }
	doc := list()
	if str(doc, "owner", "username") != "ada" || str(doc, "owner", "fullName") != "ada Member" || !slices.Equal(each(doc, "username", "users"), []string{"bob", "cem", "mia"}) {
		t.Errorf("list %v", doc)
	}
	if str(doc, "users", 2, "memberType") != "admin" || num(doc, "users", 0, "joined") <= 0 || num(doc, "nextStart") != -1 {
		t.Errorf("rows %v", doc["users"])
	}
	for _, tt := range []struct {
		kv   []string
		want []string
	}{
		{[]string{"name", "BO"}, []string{"bob"}},
		{[]string{"memberType", "admin"}, []string{"mia"}},
		{[]string{"sortField", "username", "sortOrder", "desc"}, []string{"mia", "cem", "bob"}},
		{[]string{"sortField", "memberType"}, []string{"mia", "bob", "cem"}},
		{[]string{"num", "1", "start", "2"}, []string{"cem"}},
		{[]string{"joined", "99999999999999"}, []string{}},
		{[]string{"joined", "0,1"}, []string{}},
		{[]string{"joined", "0"}, []string{"bob", "cem", "mia"}},
	} {
		if got := each(list(tt.kv...), "username", "users"); !slices.Equal(got, tt.want) {
			t.Errorf("%v: %v, want %v", tt.kv, got, tt.want)
		}
	}
	w.fails(400, "memberType", "ada", "community/groups/"+id+"/userList", "memberType", "king")
	w.fails(400, "sortField", "ada", "community/groups/"+id+"/userList", "sortField", "age")
	w.fails(400, "joined", "ada", "community/groups/"+id+"/userList", "joined", "x")
}

func TestJoinAndLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "eve")
	w.custom("loner", "portal:user:viewOrgGroups")
	free, asks := w.newGroup("ada", "Free", "access", "org", "autoJoin", "true"), w.newGroup("ada", "Asks", "access", "org")
	closed, tied := w.newGroup("ada", "Closed", "access", "org", "isInvitationOnly", "true"), w.newGroup("admin", "Tied", "access", "org", "autoJoin", "true", "leavingDisallowed", "true")
	in := func(who, id string) string {
		return str(w.ok(who, "community/groups/"+id), "userMembership", "memberType")
	}
	if doc := w.ok("bob", "community/groups/"+free+"/join"); doc["success"] != true || doc["groupId"] != free || in("bob", free) != "member" {
		t.Errorf("join: %v, %s", doc, in("bob", free))
	}
	w.fails(400, "already a member", "bob", "community/groups/"+free+"/join")
	w.fails(400, "invitation only", "bob", "community/groups/"+closed+"/join")
	w.fails(403, "portal:user:joinGroup", "loner", "community/groups/"+free+"/join")
	w.fails(400, "Group does not exist", "", "community/groups/"+free+"/join")

	w.ok("bob", "community/groups/"+asks+"/join")
	w.ok("bob", "community/groups/"+asks+"/join")
	if in("bob", asks) != "none" || num(w.ok("ada", "community/groups/"+asks), "userMembership", "applications") != 1 {
		t.Error("an application makes a member, or is not counted")
	}
	if got := each(w.ok("eve", "community/groups/"+asks+"/users"), "", "users"); len(got) != 0 {
		t.Errorf("an applicant is listed: %v", got)
	}

	w.ok("bob", "community/groups/"+free+"/leave")
	w.fails(400, "not a member", "bob", "community/groups/"+free+"/leave")
	w.fails(400, "owner cannot leave", "ada", "community/groups/"+free+"/leave")
	w.ok("bob", "community/groups/"+tied+"/join")
	w.fails(400, "cannot leave it", "bob", "community/groups/"+tied+"/leave")
	if in("bob", tied) != "member" {
		t.Error("bob left")
	}
	w.ok("bob", "community/groups/"+asks+"/leave") // takes the application back
	if got := each(w.ok("ada", "community/groups/"+asks+"/applications"), "username", "applications"); len(got) != 0 {
		t.Errorf("applications %v", got)
	}
}

func TestApplications(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "eve")
	id := w.newGroup("ada", "Asks", "access", "org")
	group := "community/groups/" + id
	w.ok("bob", group+"/join")
	w.ok("eve", group+"/join")
	doc := w.ok("ada", group+"/applications")
	if !slices.Equal(each(doc, "username", "applications"), []string{"bob", "eve"}) || str(doc, "applications", 0, "fullname") != "bob Member" || num(doc, "applications", 0, "received") <= 0 {
		t.Errorf("applications %v", doc)
	}
	if one := w.ok("ada", group+"/applications/bob"); one["username"] != "bob" {
		t.Errorf("one: %v", one)
	}
	for _, path := range []string{"/applications", "/applications/bob", "/applications/bob/accept", "/applications/bob/decline"} {
		w.fails(403, "portal:admin:assignToGroups", "eve", group+path)
	}
	if got := w.ok("ada", group+"/applications/BOB/accept"); got["success"] != true || got["username"] != "bob" || got["groupId"] != id {
		t.Errorf("accept: %v", got)
	}
	w.ok("ada", group+"/applications/eve/decline")
	w.fails(400, "Application does not exist", "ada", group+"/applications/eve/accept")
	w.fails(400, "Application does not exist", "ada", group+"/applications/eve")
	if got := each(w.ok("ada", group+"/users"), "", "users"); !slices.Equal(got, []string{"bob"}) {
		t.Errorf("members %v", got)
	}
}
