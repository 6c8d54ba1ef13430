package rest_test

import (
	"slices"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

func newAccount(name, role, userType string) []string {
	return []string{"username", name, "password", "Longenough1", "role", role, "userLicenseTypeId", userType, "provider", "arcgis", "email", name + "@example.com"}
}

func TestUserTypesHaveSeats(t *testing.T) {
	t.Parallel()
	w, _ := licensed(t, "ada", "bob", "cyd", "dan", "eve") // with admin: all six seats of creatorUT
	const create = "portaladmin/security/users/createUser"
	change := func(name, kind string) (bool, string) {
		t.Helper()
		doc := w.ok("admin", "portals/self/updateUserLicenseType", "users", name, "userLicenseType", kind)
		return at(doc, "results", 0, "status") == true, str(doc, "results", 0, "error")
	}
	w.fails(400, "No seat of the user type 'creatorUT' is free: all 6 are assigned", "admin", create, newAccount("fay", "org_user", "")...)
	w.fails(400, "No seat of the user type 'creatorUT'", "admin", "portals/self/invite", "invitationList",
		`{"invitations":[{"username":"fay","password":"Longenough1","userLicenseType":"creatorUT"}]}`)
	w.fails(400, "does not allow the role: it excludes the privilege portal:user:createGroup", "admin", create, newAccount("fay", "org_user", "viewerUT")...)
	w.fails(400, "names no user type", "admin", create, newAccount("fay", "org_user", "editorUT")...)
	w.fails(400, "The user type 'formerUT' expired on 2026-01-01", "admin", create, newAccount("fay", "org_user", "formerUT")...)
	w.fails(400, "User does not exist", "admin", "community/users/fay")
	w.ok("admin", create, newAccount("fay", "iAAAAAAAAAAAAAAA", "VIEWERUT")...)
	if ok, why := change("ada", "viewerUT"); ok {
		t.Errorf("ada may not have the role User as a viewer: %s", why)
	}
	if ok, why := change("ada", "GISProfessionalAdvUT"); !ok {
		t.Errorf("ada: %s", why)
	}
	if ok, why := change("bob", "GISProfessionalAdvUT"); ok || why == "" {
		t.Errorf("bob takes a seat that is not there")
	}
	if ok, why := change("ada", "GISProfessionalAdvUT"); !ok {
		t.Errorf("what ada has already: %s", why)
	}
	w.ok("admin", create, newAccount("gil", "org_user", "creatorUT")...)
	w.fails(400, "does not allow the role", "admin", "portals/self/updateUserRole", "user", "fay", "role", "org_user")
	w.ok("admin", "community/users/gil/delete")
	w.ok("admin", create, newAccount("hal", "org_user", "creatorUT")...)

	doc := w.ok("admin", "portals/self/userLicenseTypes", "start", "1", "num", "255")
	if !slices.Equal(each(doc, "id", "userLicenseTypes"), []string{"creatorUT", "viewerUT", "GISProfessionalAdvUT", "formerUT"}) ||
		num(doc, "userLicenseTypes", 0, "maxUsers") != 6 || num(doc, "userLicenseTypes", 0, "currentUsers") != 6 || num(doc, "nextStart") != -1 {
		t.Errorf("user types %v", doc)
	}
	if doc := w.ok("ada", "portals/self/userLicenseTypes"); at(doc, "userLicenseTypes", 0, "maxUsers") != nil || str(doc, "userLicenseTypes", 1, "level") != "1" {
		t.Errorf("user types for a member %v", doc)
	}
	if doc := w.ok("bob", "community/users/bob/userLicenseType"); str(doc, "apps", 0, "title") != "Dashboards" || doc["id"] != "creatorUT" {
		t.Errorf("bob's %v", doc)
	}
}

func TestRolesStayWithinUserTypes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "viewer")
	w.custom("nothing", "portal:user:viewOrgUsers")
	role := str(w.ok("admin", "community/users/nothing"), "roleId")
	w.ok("admin", "portals/self/updateUserLicenseType", "users", "nothing", "userLicenseType", "viewerUT")
	set := func(privilege string) []string { return []string{"privileges", `{"privileges":["` + privilege + `"]}`} }
	w.ok("admin", "portals/self/roles/"+role+"/setPrivileges", set("portal:user:viewOrgItems")...)
	w.fails(400, "'viewerUT' does not allow the role: it excludes the privilege portal:user:createItem", "admin", "portals/self/roles/"+role+"/setPrivileges", set("portal:user:createItem")...)
	w.ok("admin", "portals/self/updateUserLicenseType", "users", "nothing", "userLicenseType", "storytellerUT")
	w.ok("admin", "portals/self/roles/"+role+"/setPrivileges", set("portal:user:createItem")...)
	w.fails(400, "excludes the privilege portal:admin:", "admin", "portals/self/updateUserRole", "user", "nothing", "role", portaltest.RoleAdmin)
}

func TestInviteWithLicenses(t *testing.T) {
	t.Parallel()
	w, _ := licensed(t)
	list := func(name, apps string) []string {
		return []string{"invitationList", `{"invitations":[{"username":"` + name + `","password":"Longenough1","role":"iAAAAAAAAAAAAAAA"}],"apps":[` + apps + `],"appBundles":[{"itemId":"` + bundleID + `"}]}`}
	}
	w.fails(400, "has exactly one", "admin", "portals/self/invite", list("ada", `{"itemId":"`+proID+`","entitlements":["desktopAdvN","desktopBasicN"]}`)...)
	w.fails(400, "No seat of the desktopStdN", "admin", "portals/self/invite", list("ada", `{"itemId":"`+proID+`","entitlements":["desktopStdN"]}`)...)
	w.fails(400, "without entitlements", "admin", "portals/self/invite", list("ada", `{"itemId":"`+proID+`","entitlements":[]}`)...)
	w.fails(400, "User does not exist", "admin", "community/users/ada")
	w.ok("admin", "portals/self/invite", list("ada", `{"itemId":"`+proID+`","entitlements":["desktopAdvN","spatialAnalystN"]}`)...)
	if got := w.holds("ada"); !slices.Equal(got, []string{"desktopAdvN", "spatialAnalystN"}) {
		t.Errorf("ada holds %v", got)
	}
	if doc := w.ok("admin", "community/users/ada/appBundles"); num(doc, "total") != 1 {
		t.Errorf("ada's bundles %v", doc)
	}
	w.custom("inviter", "portal:admin:inviteUsers", "portal:user:viewOrgUsers", "portal:user:joinGroup", "portal:user:viewOrgGroups", "portal:user:viewOrgItems",
		"premium:user:geocode", "premium:user:networkanalysis", "premium:user:demographics", "premium:user:elevation")
	w.fails(403, "portal:admin:manageLicenses", "inviter", "portals/self/invite", list("bob", "")...)
}
