package rest_test

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestRolesList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	w.custom("carl", "portal:user:viewOrgUsers")
	doc := w.ok("ada", "portals/self/roles", "start", "1", "num", "100")
	if got := each(doc, "name", "roles"); !slices.Equal(got, []string{"Viewer", "Data Editor", "role of carl"}) {
		t.Errorf("roles %v", got)
	}
	if num(doc, "total") != 3 || num(doc, "num") != 100 || num(doc, "nextStart") != -1 || at(doc, "roles", 0, "privileges") != nil {
		t.Errorf("page %v", doc)
	}
	page := w.ok("ada", "portals/self/roles", "num", "2", "returnPrivileges", "true")
	if num(page, "nextStart") != 3 || len(page["roles"].([]any)) != 2 || len(each(page, "", "roles", 0, "privileges")) != 8 {
		t.Errorf("page %v", page)
	}
	w.fails(499, "Token Required", "", "portals/self/roles")
}

func TestRoleLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := str(w.ok("admin", "portals/self/createRole", "name", "Surveyor", "description", "In the field"), "id")
	if len(id) != 16 {
		t.Errorf("id %q", id)
	}
	role := "portals/self/roles/" + id
	if p := w.ok("admin", role+"/privileges"); len(p["privileges"].([]any)) != 0 {
		t.Errorf("a new role has %v", p)
	}
	want := []string{"portal:user:viewOrgItems", "portal:user:createItem"}
	once, _ := json.Marshal(map[string]any{"privileges": want})
	twice, _ := json.Marshal(string(once))
	for name, value := range map[string]string{
		"object": string(once), "object in a string": string(twice),
		"Python": "{'privileges': ['portal:user:createItem', u'portal:user:viewOrgItems']}", "bare list": `["portal:user:createItem","portal:user:viewOrgItems"]`,
	} {
		w.ok("admin", role+"/setPrivileges", "privileges", `{"privileges":[]}`)
		w.ok("admin", role+"/setPrivileges", "privileges", value)
		if got := each(w.ok("admin", role+"/privileges"), "", "privileges"); !slices.Equal(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	w.fails(400, "portal:user:fly", "admin", role+"/setPrivileges", "privileges", `{"privileges":["portal:user:fly"]}`)
	w.fails(400, "'privileges' must be specified", "admin", role+"/setPrivileges")
	w.fails(400, "must be of the form", "admin", role+"/setPrivileges", "privileges", `{}`)
	w.ok("admin", role+"/update", "description", "Outside")
	got := w.ok("admin", role)
	if got["name"] != "Surveyor" || got["description"] != "Outside" || num(got, "created") <= 0 {
		t.Errorf("role %v", got)
	}
	w.fails(400, "name of another role", "admin", "portals/self/createRole", "name", "surveyor")
	w.fails(400, "name of another role", "admin", "portals/self/createRole", "name", "Viewer")

	w.member("ada", id)
	w.fails(400, "assigned to members", "admin", role+"/delete")
	w.ok("admin", "portals/self/updateuserrole", "user", "ada", "role", "org_user")
	w.ok("admin", role+"/delete")
	w.fails(400, "Role does not exist", "admin", role)
}

func TestPredefinedRolesStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []string{"iAAAAAAAAAAAAAAA", "iBBBBBBBBBBBBBBB", "org_admin", "org_publisher"} {
		for _, op := range []string{"update", "setPrivileges", "delete"} {
			w.fails(400, "predefined", "admin", "portals/self/roles/"+id+"/"+op, "name", "x", "privileges", `{"privileges":[]}`)
		}
	}
	if got := len(each(w.ok("admin", "portals/self/roles/iBBBBBBBBBBBBBBB/privileges"), "", "privileges")); got != 9 {
		t.Errorf("Data Editor has %d privileges", got)
	}
}

func TestRolesAreForWhoManagesThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "publisher_pia")
	w.custom("manager", "portal:admin:manageRoles", "portal:user:createItem")
	id := str(w.ok("admin", "portals/self/createRole", "name", "Wide"), "id")
	w.ok("admin", "portals/self/roles/"+id+"/setPrivileges", "privileges", `{"privileges":["portal:user:createGroup"]}`)
	for _, who := range []string{"ada", "publisher_pia"} {
		w.fails(403, "portal:admin:manageRoles", who, "portals/self/createRole", "name", "Mine")
		w.fails(403, "portal:admin:manageRoles", who, "portals/self/roles/"+id+"/setPrivileges", "privileges", `{"privileges":[]}`)
		w.fails(403, "portal:admin:manageRoles", who, "portals/self/roles/"+id+"/delete")
	}
	w.fails(499, "Token Required", "", "portals/self/createRole", "name", "Mine")
	// Who may manage roles gives and takes only what he has.
	own := str(w.ok("manager", "portals/self/createRole", "name", "Mine"), "id")
	w.ok("manager", "portals/self/roles/"+own+"/setPrivileges", "privileges", `{"privileges":["portal:user:createItem"]}`)
	w.fails(403, "portal:admin:deleteUsers", "manager", "portals/self/roles/"+own+"/setPrivileges", "privileges", `{"privileges":["portal:admin:deleteUsers"]}`)
	w.fails(403, "portal:user:createGroup", "manager", "portals/self/roles/"+id+"/setPrivileges", "privileges", `{"privileges":[]}`)
	if got := each(w.ok("admin", "portals/self/roles/"+id+"/privileges"), "", "privileges"); !slices.Equal(got, []string{"portal:user:createGroup"}) {
		t.Errorf("privileges %v", got)
	}
}

func TestUpdateUserRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "admin_two")
	w.custom("clerk", "portal:admin:changeUserRoles", "portal:user:viewOrgUsers", "portal:user:joinGroup", "portal:user:viewOrgGroups", "portal:user:viewOrgItems",
		"premium:user:geocode", "premium:user:networkanalysis", "premium:user:demographics", "premium:user:elevation")
	change := func(as, user, role string) map[string]any {
		return w.call(as, "portals/self/updateUserRole", "user", user, "role", role)
	}
	roleOf := func(user string) string { return str(w.ok("admin", "community/users/"+user), "role") }

	if code := errorCode(change("clerk", "ada", "iAAAAAAAAAAAAAAA")); code != 0 || roleOf("ada") != "org_user" || str(w.ok("admin", "community/users/ada"), "roleId") != "iAAAAAAAAAAAAAAA" {
		t.Errorf("clerk makes a viewer: %d", code)
	}
	for _, tt := range []struct{ as, user, role, why string }{
		{"clerk", "ada", "org_admin", "role of administrator"},
		{"clerk", "ada", "org_publisher", "portal:publisher:"},
		{"clerk", "clerk", "org_admin", "role of administrator"},
		{"clerk", "admin", "iAAAAAAAAAAAAAAA", "role of administrator"},
		{"bob", "ada", "org_user", "portal:admin:changeUserRoles"},
		{"bob", "bob", "org_admin", "portal:admin:changeUserRoles"},
		{"admin", "esri_nav", "org_admin", "account of the portal itself"},
	} {
		w.fails(403, tt.why, tt.as, "portals/self/updateUserRole", "user", tt.user, "role", tt.role)
	}
	w.fails(400, "names no role", "admin", "portals/self/updateUserRole", "user", "ada", "role", "nothing")
	w.fails(400, "User does not exist or is inaccessible.", "admin", "portals/self/updateUserRole", "user", "nobody", "role", "org_user")
	w.fails(400, "'role' must be specified.", "admin", "portals/self/updateUserRole", "user", "ada")

	w.ok("admin", "portals/self/updateUserRole", "user", "ada", "role", "account_publisher")
	if roleOf("ada") != "org_publisher" {
		t.Errorf("ada is %s", roleOf("ada"))
	}
	w.ok("admin", "portals/self/updateUserRole", "user", "admin_two", "role", "org_user")
	w.fails(400, "last administrator", "admin", "portals/self/updateUserRole", "user", "admin", "role", "org_user")
	if roleOf("admin") != "org_admin" {
		t.Error("the last administrator is none")
	}
	// A right that was taken away is gone at once, with the token that was made before.
	w.fails(403, "portal:admin:changeUserRoles", "admin_two", "portals/self/updateUserRole", "user", "ada", "role", "org_user")
}
