package rest_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// newGroup makes a private group of a caller and returns its id.
func (w *world) newGroup(as, title string, kv ...string) string {
	w.t.Helper()
	return str(w.ok(as, "community/createGroup", append([]string{"title", title, "tags", "x"}, kv...)...), "group", "id")
}

func TestCreateGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "viewer")
	doc := w.ok("ada", "community/createGroup", "title", "Rivers", "tags", "water, maps", "description", "<b>All</b> rivers", "snippet", "Rivers",
		"phone", "112", "access", "org", "isinvitationOnly", "True", "isViewOnly", "true", "sortField", "avgRating", "sortOrder", "desc",
		"autoJoin", "false", "hiddenMembers", "true", "membershipAccess", "org", "displaySettings", `{"itemTypes":"Layer"}`,
		"properties", `{"rhumb":{"run":"1"}}`, "typeKeywords", "source-1", "MAX_FILE_SIZE", "1024000", "capabilities", "", "provider", "")
	if doc["success"] != true {
		t.Errorf("answer %v", doc)
	}
	g := doc["group"].(map[string]any)
	for key, want := range map[string]any{
		"title": "Rivers", "owner": "ada", "description": "<b>All</b> rivers", "snippet": "Rivers", "phone": "112", "access": "org",
		"isInvitationOnly": true, "isViewOnly": true, "sortField": "avgRating", "sortOrder": "desc", "autoJoin": false, "hiddenMembers": true,
		"membershipAccess": "org", "protected": false, "isFav": false, "thumbnail": nil, "isReadOnly": false, "leavingDisallowed": false, "provider": nil,
	} {
		if g[key] != want {
			t.Errorf("%s is %v, want %v", key, g[key], want)
		}
	}
	if !slices.Equal(each(g, "", "tags"), []string{"water", "maps"}) || len(each(g, "", "capabilities")) != 0 || len(str(g, "id")) != 32 ||
		str(g, "displaySettings", "itemTypes") != "Layer" || str(g, "properties", "rhumb", "run") != "1" || g["orgId"] != w.ok("", "portals/self")["id"] {
		t.Errorf("group %v", g)
	}
	if str(g, "userMembership", "memberType") != "owner" || str(g, "userMembership", "username") != "ada" {
		t.Errorf("membership %v", g["userMembership"])
	}
	read := w.ok("ada", "community/groups/"+strings.ToUpper(str(g, "id")))
	if read["title"] != "Rivers" || read["modified"] != g["modified"] {
		t.Errorf("read back %v", read)
	}
	if d := w.ok("ada", "community/createGroup", "title", "Plain", "snippet", "None"); str(d, "group", "access") != "private" || at(d, "group", "snippet") != nil {
		t.Errorf("defaults %v", d)
	}
}

func TestCreateGroupRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "viewer")
	w.custom("homebody", "portal:user:createGroup")
	w.newGroup("ada", "Rivers")
	for _, tt := range []struct {
		code     int
		text, as string
		kv       []string
	}{
		{499, "Token Required", "", []string{"title", "X"}},
		{403, "portal:user:createGroup", "viewer", []string{"title", "X"}},
		{400, "'title' must be specified.", "ada", []string{"title", " "}},
		{400, "named 'RIVERS'", "bob", []string{"title", "RIVERS"}},
		{400, "at most 250 characters", "ada", []string{"title", "X", "snippet", strings.Repeat("x", 251)}},
		{400, "private, org or public", "ada", []string{"title", "X", "access", "shared"}},
		{400, "'sortField'", "ada", []string{"title", "X", "sortField", "size"}},
		{400, "'isViewOnly'", "ada", []string{"title", "X", "isViewOnly", "maybe"}},
		{400, "updateitemcontrol", "ada", []string{"title", "X", "capabilities", "everything"}},
		{400, "must be JSON", "ada", []string{"title", "X", "displaySettings", "nonsense"}},
		{400, "not supported", "ada", []string{"title", "X", "provider", "enterprise", "providerGroupName", "CORP"}},
		{400, "'autoJoin'", "admin", []string{"title", "X", "capabilities", "updateitemcontrol", "autoJoin", "true"}},
		{400, "'autoJoin'", "ada", []string{"title", "X", "isInvitationOnly", "true", "autoJoin", "true"}},
		{403, "portal:admin:createUpdateCapableGroup", "ada", []string{"title", "X", "capabilities", "updateitemcontrol"}},
		{403, "portal:admin:assignToGroups", "ada", []string{"title", "X", "leavingDisallowed", "true"}},
		{403, "portal:user:shareGroupToOrg", "homebody", []string{"title", "X", "access", "org"}},
		{403, "portal:user:shareGroupToPublic", "homebody", []string{"title", "X", "access", "public"}},
	} {
		w.fails(tt.code, tt.text, tt.as, "community/createGroup", tt.kv...)
	}
	if doc := w.ok("admin", "community/groups", "q", "title:X"); num(doc, "total") != 0 {
		t.Errorf("refused groups exist: %v", doc)
	}
}

// TestGroupVisibility asserts for whom a group of each access level exists.
func TestGroupVisibility(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "eve", "viewer")
	w.custom("warden", "portal:admin:viewGroups")
	w.custom("loner", "portal:user:createItem")
	for access, seen := range map[string][]string{
		"private": {"ada", "bob", "admin", "warden"},
		"org":     {"ada", "bob", "admin", "warden", "eve", "viewer"},
		"public":  {"ada", "bob", "admin", "warden", "eve", "viewer", "loner", ""},
	} {
		id := w.newGroup("ada", "Group "+access, "access", access)
		w.ok("ada", "community/groups/"+id+"/addUsers", "users", "bob")
		for _, as := range []string{"", "ada", "bob", "eve", "viewer", "admin", "warden", "loner"} {
			found := len(each(w.ok(as, "community/groups", "q", "id:"+id), "id", "results")) == 1
			want := slices.Contains(seen, as)
			if found != want {
				t.Errorf("%s: found by %q: %v", access, as, found)
			}
			if !want {
				w.fails(400, "Group does not exist or is inaccessible.", as, "community/groups/"+id)
				continue
			}
			w.ok(as, "community/groups/"+id)
		}
	}
	fav := str(w.ok("ada", "community/self"), "favGroupId")
	if g := w.ok("ada", "community/groups/"+fav); g["isFav"] != true {
		t.Errorf("favorites: %v", g)
	}
	w.fails(400, "Group does not exist", "admin", "community/groups/"+fav)
	w.fails(403, "favorites", "ada", "community/groups/"+fav+"/delete")
	w.fails(403, "favorites", "ada", "community/groups/"+fav+"/addUsers", "users", "bob")
	w.fails(403, "favorites", "ada", "community/groups/"+fav+"/update", "title", "x")
}

func TestGroupSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	w.newGroup("ada", "Rivers", "access", "org", "snippet", "fires and floods")
	w.newGroup("ada", "Lakes", "access", "org", "phone", "112")
	w.newGroup("bob", "Roads", "access", "public")
	org := str(w.ok("", "portals/self"), "id")
	for _, tt := range []struct {
		as   string
		kv   []string
		want []string
	}{
		{"bob", []string{"q", "rivers"}, []string{"Rivers"}},
		{"bob", []string{"q", "fire accountid:" + org}, []string{"Rivers"}},
		{"bob", []string{"q", "owner: ada"}, []string{"Lakes", "Rivers"}},
		{"bob", []string{"q", "owner: ada", "sortField", "TITLE", "sortOrder", "desc"}, []string{"Rivers", "Lakes"}},
		{"bob", []string{"q", "phone:112"}, []string{"Lakes"}},
		{"bob", []string{"q", `title:"Rivers" AND owner:ada`}, []string{"Rivers"}},
		{"", []string{"q", "owner:ada OR owner:bob"}, []string{"Roads"}},
		{"bob", []string{"q", "orgid:other"}, []string{}},
		{"bob", []string{"filter", `title:"lakes"`}, []string{"Lakes"}},
		{"bob", []string{"q", "orgid:" + org, "searchUserAccess", "groupMember"}, []string{"Roads"}},
		{"bob", []string{"searchUserAccess", "groupMember", "searchUserName", "ada", "sortField", "title"}, []string{"Lakes", "Rivers"}},
		{"ada", []string{"q", "access:org", "sortField", "title", "num", "1"}, []string{"Lakes"}},
	} {
		doc := w.ok(tt.as, "community/groups", tt.kv...)
		if got := each(doc, "title", "results"); !slices.Equal(got, tt.want) {
			t.Errorf("%q %v: %v, want %v", tt.as, tt.kv, got, tt.want)
		}
	}
	page := w.ok("bob", "community/groups", "q", "owner:ada", "num", "1")
	if num(page, "total") != 2 || num(page, "num") != 1 || num(page, "nextStart") != 2 || page["query"] != "owner:ada" {
		t.Errorf("page %v", page)
	}
	if _, there := at(page, "results", 0).(map[string]any)["userMembership"]; there {
		t.Error("a row has userMembership")
	}
	w.fails(400, "sortField", "bob", "community/groups", "q", "x", "sortField", "phone")
	w.fails(400, "categoryFilters", "bob", "community/groups", "q", "x", "categoryFilters", "y")
	w.fails(499, "Token Required", "", "community/groups", "searchUserAccess", "groupMember")
	w.fails(400, "'q'", "bob", "community/groups", "q", `"open`)
}

func TestUpdateGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "mia", "bob", "eve")
	w.custom("editor", "portal:admin:updateGroups", "portal:admin:viewGroups")
	id := w.newGroup("ada", "Rivers", "description", "d", "snippet", "s")
	w.ok("ada", "community/groups/"+id+"/addUsers", "users", "bob", "admins", "mia")
	update := "community/groups/" + id + "/update"
	if doc := w.ok("mia", update, "title", "Streams", "description", "", "capabilities", "", "isinvitationOnly", "None"); doc["success"] != true || doc["groupId"] != id {
		t.Errorf("answer %v", doc)
	}
	g := w.ok("ada", "community/groups/"+id)
	if g["title"] != "Streams" || g["description"] != "d" || g["snippet"] != "s" || len(each(g, "", "tags")) != 1 {
		t.Errorf("after a manager's update: %v", g)
	}
	w.ok("editor", update, "description", "", "tags", "", "access", "", "clearEmptyFields", "true")
	g = w.ok("ada", "community/groups/"+id)
	if g["description"] != nil || len(each(g, "", "tags")) != 0 || g["snippet"] != "s" || g["access"] != "private" || g["title"] != "Streams" {
		t.Errorf("after clearing: %v", g)
	}
	w.newGroup("eve", "Roads", "access", "org")
	w.fails(400, "named 'roads'", "ada", update, "title", "roads")
	w.ok("ada", update, "title", "STREAMS")
	w.fails(403, "portal:admin:updateGroups", "bob", update, "title", "Mine")
	w.fails(400, "Group does not exist", "eve", update, "title", "Mine")
	w.fails(400, "Group does not exist", "", update, "title", "Mine")
	w.fails(403, "portal:user:shareGroupToPublic", "editor", update, "access", "public")
	w.fails(400, "settled when a group is created", "ada", update, "capabilities", "updateitemcontrol")

	shared := w.newGroup("admin", "Shared", "capabilities", "updateitemcontrol")
	w.ok("admin", "community/groups/"+shared+"/update", "capabilities", "", "clearEmptyFields", "true", "description", "x")
	if g := w.ok("admin", "community/groups/"+shared); !slices.Equal(each(g, "", "capabilities"), []string{"updateitemcontrol"}) {
		t.Errorf("capabilities %v", g["capabilities"])
	}
	w.fails(400, "'autoJoin'", "admin", "community/groups/"+shared+"/update", "autoJoin", "true")
}

func TestGroupThumbnail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	picture := png(70_000)
	doc := w.upload("ada", "community/createGroup", "thumbnail", "Fluß 1.png", picture, "title", "Rivers", "tags", "x", "access", "public")
	id := str(doc, "group", "id")
	if str(doc, "group", "thumbnail") != "Fluß 1.png" {
		t.Fatalf("answer %v", doc)
	}
	res, body := w.fetch("", "community/groups/"+id+"/info/Flu%C3%9F%201.png")
	if !bytes.Equal(body, picture) || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d bytes, headers %v", len(body), res.Header)
	}
	jpeg := append([]byte("\xff\xd8\xff"), picture...)
	w.upload("ada", "community/groups/"+id+"/update", "thumbnail", "b.jpg", jpeg)
	if res, body := w.fetch("bob", "community/groups/"+id+"/info/b.jpg"); !bytes.Equal(body, jpeg) || res.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%d bytes of %s", len(body), res.Header.Get("Content-Type"))
	}
	if res, _ := w.fetch("bob", "community/groups/"+id+"/info/Flu%C3%9F%201.png"); res.StatusCode != http.StatusNotFound {
		t.Errorf("the picture before is still there: %s", res.Status)
	}
	w.fails(403, "portal:admin:updateGroups", "bob", "community/groups/"+id+"/deleteThumbnail")
	w.ok("ada", "community/groups/"+id+"/deleteThumbnail")
	if got := w.ok("ada", "community/groups/"+id)["thumbnail"]; got != nil {
		t.Errorf("thumbnail %v", got)
	}
}

func TestDeleteGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "mia")
	w.custom("cleaner", "portal:admin:deleteGroups", "portal:admin:viewGroups")
	id := w.newGroup("ada", "Rivers", "access", "org")
	group := "community/groups/" + id
	w.ok("ada", group+"/addUsers", "admins", "mia")
	w.fails(403, "portal:admin:deleteGroups", "mia", group+"/delete")
	w.fails(499, "Token Required", "", "community/groups/"+w.newGroup("ada", "Open", "access", "public")+"/delete")
	w.ok("ada", group+"/protect")
	if w.ok("ada", group)["protected"] != true {
		t.Error("not protected")
	}
	for _, as := range []string{"ada", "admin", "cleaner"} {
		w.fails(400, "protected", as, group+"/delete")
	}
	w.ok("mia", group+"/unprotect")
	if doc := w.ok("cleaner", group+"/delete"); doc["success"] != true || doc["groupId"] != id {
		t.Errorf("answer %v", doc)
	}
	w.fails(400, "Group does not exist or is inaccessible.", "ada", group)
	if g := each(w.ok("mia", "community/self"), "title", "groups"); len(g) != 0 {
		t.Errorf("mia is still in %v", g)
	}
	w.newGroup("ada", "Rivers") // the title is free again
}

func TestReassignGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "eve", "viewer")
	w.custom("mover", "portal:admin:reassignGroups", "portal:admin:viewGroups", "portal:admin:viewUsers")
	id := w.newGroup("ada", "Rivers", "access", "org")
	reassign := "community/groups/" + id + "/reassign"
	w.fails(403, "portal:admin:reassignGroups", "eve", reassign, "targetUsername", "eve")
	w.fails(400, "cannot own groups", "ada", reassign, "targetUsername", "viewer")
	w.fails(400, "User does not exist", "ada", reassign, "targetUsername", "nobody")
	w.fails(400, "account of the portal itself", "admin", reassign, "targetUsername", "esri_nav")
	w.ok("mover", reassign, "targetUsername", "BOB")
	doc := w.ok("bob", "community/groups/"+id+"/users")
	if doc["owner"] != "bob" || !slices.Equal(each(doc, "", "admins"), []string{"bob", "ada"}) {
		t.Errorf("users %v", doc)
	}
	w.ok("ada", "community/groups/"+id+"/leave")
	if got := each(w.ok("bob", "community/groups/"+id+"/users"), "", "admins"); !slices.Equal(got, []string{"bob"}) {
		t.Errorf("admins %v", got)
	}
}
