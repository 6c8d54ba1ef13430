package rest_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestSelf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	w.fails(400, "COM_0019", "", "community/self")
	doc := w.ok("ada", "community/self", "returnUserLicensedItems", "true")
	for key, want := range map[string]any{
		"username": "ada", "fullName": "ada Member", "firstName": "ada", "lastName": "Member", "email": "ada@example.com", "role": "org_user",
		"access": "org", "provider": "arcgis", "userType": "arcgisonly", "disabled": false, "level": "2", "userLicenseTypeId": "creatorUT", "udn": nil,
	} {
		if doc[key] != want {
			t.Errorf("%s is %v, want %v", key, doc[key], want)
		}
	}
	if doc["orgId"] != w.ok("", "portals/self")["id"] || len(str(doc, "id")) != 32 || len(str(doc, "favGroupId")) != 32 || num(doc, "lastLogin") <= 0 {
		t.Errorf("ids and times: %v", doc)
	}
	if doc["roleId"] != nil || !slices.Contains(each(doc, "", "privileges"), "portal:user:createItem") || len(doc["groups"].([]any)) != 0 {
		t.Errorf("roleId %v, privileges %v, groups %v", doc["roleId"], doc["privileges"], doc["groups"])
	}
}

// TestUserTiers asserts which fields of a member each kind of caller sees.
func TestUserTiers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "viewer")
	w.custom("warden", "portal:admin:viewUsers")
	w.custom("loner", "portal:user:createItem")
	const hidden, profile, org, full = "hidden", "profile", "org", "full"
	private := []string{"email", "lastLogin", "disabled", "privileges", "userLicenseTypeId", "favGroupId", "idpUsername", "level", "roleId"}
	for _, tt := range []struct{ access, as, want string }{
		{"org", "", hidden}, {"org", "ada", full}, {"org", "bob", org}, {"org", "viewer", org}, {"org", "loner", hidden}, {"org", "warden", full}, {"org", "admin", full},
		{"private", "", hidden}, {"private", "ada", full}, {"private", "bob", hidden}, {"private", "loner", hidden}, {"private", "warden", full}, {"private", "admin", full},
		{"public", "", profile}, {"public", "ada", full}, {"public", "bob", org}, {"public", "loner", profile}, {"public", "warden", full},
	} {
		w.ok("ada", "community/users/ada/update", "access", tt.access, "description", "Maps")
		if tt.want == hidden {
			w.fails(400, "User does not exist or is inaccessible.", tt.as, "community/users/ada")
			continue
		}
		doc := w.ok(tt.as, "community/users/ADA")
		if doc["username"] != "ada" || doc["description"] != "Maps" || doc["fullName"] != "ada Member" {
			t.Errorf("%s as %q: profile %v", tt.access, tt.as, doc)
		}
		if _, there := doc["role"]; there != (tt.want != profile) {
			t.Errorf("%s as %q: role is there: %v", tt.access, tt.as, there)
		}
		for _, key := range private {
			if _, there := doc[key]; there != (tt.want == full) && key != "roleId" {
				t.Errorf("%s as %q: %s is there: %v", tt.access, tt.as, key, there)
			}
		}
	}
}

// A client that found a member by a search asks for it by id; nothing more is seen that way.
func TestUserByID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := str(w.ok("ada", "community/self"), "id")
	if got := w.ok("bob", "community/users/"+id); got["username"] != "ada" || got["email"] != nil {
		t.Errorf("by id: %v", got)
	}
	w.fails(400, "User does not exist", "", "community/users/"+id)
	w.ok("ada", "community/users/ada/update", "access", "private")
	w.fails(400, "User does not exist", "bob", "community/users/"+id)
	w.fails(400, "User does not exist", "admin", "community/users/"+strings.Repeat("0", 32))
}

func TestSharedGroupsInProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "eve")
	group := func(title string, kv ...string) string {
		return str(w.ok("ada", "community/createGroup", append([]string{"title", title, "tags", "x"}, kv...)...), "group", "id")
	}
	open, secret := group("Open", "access", "org"), group("Secret", "access", "private")
	veiled := group("Veiled", "access", "org", "hiddenMembers", "true")
	for _, g := range []string{open, secret, veiled} {
		w.ok("ada", "community/groups/"+g+"/addUsers", "users", "bob")
	}
	for as, want := range map[string][]string{"bob": {"Open", "Secret", "Veiled"}, "ada": {"Open", "Secret", "Veiled"}, "eve": {"Open"}, "admin": {"Open", "Secret", "Veiled"}} {
		got := each(w.ok(as, "community/users/bob"), "title", "groups")
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s sees bob in %v, want %v", as, got, want)
		}
	}
	row := at(w.ok("bob", "community/users/bob"), "groups", 0)
	if str(row, "userMembership", "username") != "bob" || str(row, "userMembership", "memberType") != "member" {
		t.Errorf("membership %v", at(row, "userMembership"))
	}
}

func TestUsersList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "publisher_pia", "viewer")
	w.ok("bob", "community/users/bob/update", "access", "private")
	list := func(as string, kv ...string) []string {
		return each(w.ok(as, "portals/self/users", append(kv, "num", "100")...), "username", "users")
	}
	all := []string{"ada", "admin", "bob", "esri_boundaries", "esri_demographics", "esri_livingatlas", "esri_nav", "publisher_pia", "system_publisher", "viewer"}
	for _, tt := range []struct {
		name, as string
		kv       []string
		want     []string
	}{
		{"all", "admin", nil, all},
		{"private left out", "ada", nil, slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "bob" })},
		{"without system", "admin", []string{"excludeSystemUsers", "true"}, []string{"ada", "admin", "bob", "publisher_pia", "viewer"}},
		{"descending", "admin", []string{"excludeSystemUsers", "True", "sortField", "USERNAME", "sortOrder", "DESC"}, []string{"viewer", "publisher_pia", "bob", "admin", "ada"}},
		{"basic role", "admin", []string{"role", "org_user", "excludeSystemUsers", "true"}, []string{"ada", "bob", "viewer"}},
		{"role by id", "admin", []string{"role", "iAAAAAAAAAAAAAAA"}, []string{"viewer"}},
		{"old role name", "admin", []string{"role", "account_admin"}, []string{"admin"}},
		{"either", "admin", []string{"username", "ada", "role", "org_publisher", "excludeSystemUsers", "true"}, []string{"ada", "publisher_pia"}},
		{"both", "admin", []string{"lastname", "member", "role", "org_publisher", "filterIntersection", "true"}, []string{"publisher_pia"}},
		{"user type", "admin", []string{"userLicenseType", "viewerUT"}, []string{}},
		{"user type for who may not see it", "ada", []string{"userLicenseType", "creatorUT"}, []string{}},
		{"no such provider", "admin", []string{"provider", "facebook"}, []string{}},
	} {
		if got := list(tt.as, tt.kv...); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	w.fails(499, "Token Required", "", "portals/self/users")
	w.fails(403, "portal:admin:viewUsers", "ada", "portals/self/users", "sortField", "lastLogin")
	w.fails(400, "sortField", "admin", "portals/self/users", "sortField", "shoeSize")
	w.fails(400, "must be at most 10000", "admin", "portals/self/users", "start", "10001")
}

func TestUsersPaging(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	seen := []string{}
	start, total := 1, 0
	for range 10 {
		doc := w.ok("admin", "portals/self/users", "num", "3", "start", strconv.Itoa(start))
		rows := each(doc, "username", "users")
		if num(doc, "num") != 3 || num(doc, "start") != start {
			t.Errorf("start %v num %v", doc["start"], doc["num"])
		}
		seen, total, start = append(seen, rows...), num(doc, "total"), num(doc, "nextStart")
		for i := range rows {
			for _, key := range []string{"lastLogin", "created"} {
				if _, ok := at(doc, "users", i, key).(float64); !ok {
					t.Errorf("%s of %s is no number", key, rows[i])
				}
			}
		}
		if start == -1 {
			break
		}
	}
	if len(seen) != total || total != 8 || !slices.IsSorted(seen) {
		t.Errorf("%d of %d rows: %v", len(seen), total, seen)
	}
}

func TestUserSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "publisher_pia")
	w.ok("ada", "community/users/ada/update", "fullname", "Ada Lovelace", "tags", "engine,notes", "description", "writes programs")
	org := str(w.ok("", "portals/self"), "id")
	for _, tt := range []struct {
		as, q string
		want  []string
	}{
		{"bob", "lovelace", []string{"ada"}},
		{"bob", "ada accountid:" + org, []string{"ada"}},
		{"bob", "ada orgid:other", []string{}},
		{"bob", "fullname:\"ada lovelace\"", []string{"ada"}},
		{"bob", "tags: engine", []string{"ada"}},
		{"bob", "username:ad*  -username:admin", []string{"ada"}},
		{"admin", "email:ada@example.com", []string{"ada"}},
		{"bob", "email:ada@example.com", []string{}},
		{"bob", "email:[a TO b]", []string{}},
		{"bob", "example.com", []string{}},
		{"admin", "role:account_admin OR role:account_publisher -username:system_publisher", []string{"admin", "publisher_pia"}},
		{"admin", "role:org_user AND username:(ada OR bob)", []string{"ada", "bob"}},
		{"bob", "disabled:false", []string{}},
	} {
		for _, path := range []string{"community/users", "portals/self/users/search"} {
			doc := w.ok(tt.as, path, "q", tt.q, "sortField", "username")
			if got := each(doc, "username", "results"); !slices.Equal(got, tt.want) || num(doc, "total") != len(tt.want) || doc["query"] != tt.q {
				t.Errorf("%s as %s %q: %v total %v query %v, want %v", path, tt.as, tt.q, got, doc["total"], doc["query"], tt.want)
			}
		}
	}
	if got := each(w.ok("bob", "community/users", "filter", `username:"ADA"`), "username", "results"); !slices.Equal(got, []string{"ada"}) {
		t.Errorf("filter: %v", got)
	}
	w.fails(499, "Token Required", "", "community/users", "q", "ada")
	w.fails(400, "'q'", "bob", "community/users", "q", "(ada")
	w.fails(400, "categories", "bob", "community/users", "q", "ada", "categories", "/Categories/x")
}

func TestCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "viewer")
	counts := func(kind string) map[string]int {
		doc, out := w.ok("admin", "portals/self/users/counts", "type", kind, "num", "100"), map[string]int{}
		for i := range doc["results"].([]any) {
			out[str(doc, "results", i, "key")] = num(doc, "results", i, "count")
		}
		return out
	}
	if got := counts("role"); len(got) != 3 || got["org_admin"] != 1 || got["org_user"] != 2 || got["iAAAAAAAAAAAAAAA"] != 1 {
		t.Errorf("roles %v", got)
	}
	if got := counts("userLicenseType"); len(got) != 1 || got["creatorUT"] != 4 {
		t.Errorf("user types %v", got)
	}
	if got := counts("app"); len(got) != 0 {
		t.Errorf("apps %v", got)
	}
	w.fails(400, "must be role", "admin", "portals/self/users/counts", "type", "shoes")
	w.fails(403, "portal:admin:viewUsers", "ada", "portals/self/users/counts", "type", "role")
}

func TestUsersGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	w.ok("ada", "community/createGroup", "title", "A", "tags", "x", "access", "org")
	w.ok("ada", "community/createGroup", "title", "B", "tags", "x")
	doc := w.ok("bob", "portals/self/usersGroups", "users", "ada,bob,nobody")
	if got := each(doc, "username", "results"); !slices.Equal(got, []string{"ada", "bob"}) || !slices.Equal(each(doc, "title", "results", 0, "groups"), []string{"A"}) {
		t.Errorf("as bob: %v", doc)
	}
	if got := w.ok("ada", "portals/self/usersGroups", "users", "ada", "limit", "1"); len(each(got, "id", "results", 0, "groups")) != 1 {
		t.Errorf("limit 1: %v", got)
	}
	w.fails(499, "Token Required", "", "portals/self/usersGroups", "users", "ada")
}

func TestAffairsOfOneMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	for path, key := range map[string]string{
		"notifications": "notifications", "invitations": "userInvitations", "appBundles": "appBundles", "provisionedListings": "provisionedListings", "linkedUsers": "linkedUsers",
	} {
		doc := w.ok("ada", "community/users/ada/"+path)
		if rows, ok := doc[key].([]any); !ok || len(rows) != 0 || num(doc, "nextStart") != -1 {
			t.Errorf("%s: %v", path, doc)
		}
		w.fails(403, "signed in as 'ada'", "bob", "community/users/ada/"+path)
		w.fails(499, "Token Required", "", "community/users/ada/"+path)
	}
	w.fails(400, "Notification does not exist", "ada", "community/users/ada/notifications/3ef/delete")
	w.fails(400, "Invitation does not exist", "ada", "community/users/ada/invitations/G45/accept")
	if doc := w.ok("ada", "community/users/ada/userLicenseType"); doc["id"] != "creatorUT" || doc["name"] != "Creator" {
		t.Errorf("user type %v", doc)
	}
	w.fails(403, "portal:admin:viewUsers", "bob", "community/users/ada/userLicenseType")
	types := w.ok("ada", "portals/self/userLicenseTypes", "start", "1", "num", "255")
	if !slices.Contains(each(types, "id", "userLicenseTypes"), "GISProfessionalAdvUT") || num(types, "nextStart") != -1 {
		t.Errorf("user types %v", types)
	}
}

func TestReadsTakeGetAndWritesDoNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	res, body := w.fetch("ada", "COMMUNITY//users/ADA/")
	if res.StatusCode != http.StatusOK || !strings.Contains(string(body), `"username":"ada"`) {
		t.Errorf("get: %s %s", res.Status, body)
	}
	_, body = w.fetch("ada", "community/users/ada/update?description=x")
	if !strings.Contains(string(body), "by POST") {
		t.Errorf("get of a write: %s", body)
	}
	if w.ok("ada", "community/self")["description"] != nil {
		t.Error("a GET changed the profile")
	}
}

// Fellow members are shown a basic role alone, so that a search must not tell more.
func TestSearchDoesNotTellCustomRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	w.custom("cleo", "portal:user:viewOrgUsers")
	id := str(w.ok("admin", "community/users/cleo"), "roleId")
	for _, q := range []string{"role:" + id, "role:" + id[:4] + "*", "role:[" + id + " TO " + id + "]"} {
		if doc := w.ok("admin", "community/users", "q", q); doc["total"] != 1.0 {
			t.Errorf("an administrator finds by %s: %v", q, doc["total"])
		}
		if doc := w.ok("ada", "community/users", "q", q); doc["total"] != 0.0 {
			t.Errorf("a user finds by %s: %v", q, doc["total"])
		}
	}
	if doc := w.ok("ada", "community/users", "q", "role:org_u* AND username:cleo"); doc["total"] != 1.0 {
		t.Errorf("by the basic role: %v", doc["total"])
	}
}

// Rows of lists hold what the rows of a recorded list do, and no lists of privileges, which the
// member's own page has.
func TestRowsOfMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	for file, list := range map[string]struct{ path, key string }{
		"portals_users_search.json": {"portals/self/users/search", "results"},
		"portals_users_page1.json":  {"portals/self/users", "users"},
	} {
		b, err := os.ReadFile(filepath.Join("..", "..", "..", "test", "recorded", "testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		var recorded map[string]any
		if err := json.Unmarshal(b, &recorded); err != nil {
			t.Fatal(err)
		}
		row := recorded[list.key].([]any)[0].(map[string]any)
		ours := w.ok("admin", list.path, "q", "username:ada")[list.key].([]any)[0].(map[string]any)
		for key := range row {
			if _, there := ours[key]; !there {
				t.Errorf("%s: a row lacks %s", list.path, key)
			}
		}
		for _, key := range []string{"privileges"} {
			_, theirs := row[key]
			if _, there := ours[key]; there != theirs {
				t.Errorf("%s: %s is there: %v, in the recorded answer %v", list.path, key, there, theirs)
			}
		}
	}
}
