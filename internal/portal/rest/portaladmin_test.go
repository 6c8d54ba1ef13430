package rest_test

import (
	"slices"
	"strings"
	"testing"
)

func TestPortaladmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	if doc := w.ok("", "portaladmin/healthCheck"); doc["status"] != "success" {
		t.Errorf("health: %v", doc)
	}
	if doc := w.ok("admin", "portaladmin"); doc["version"] != "11.1" {
		t.Errorf("root: %v", doc)
	}
	if doc := w.ok("admin", "portaladmin/security/config"); str(doc, "userStoreConfig", "type") != "BUILTIN" || doc["defaultRoleForUser"] != "org_user" {
		t.Errorf("config: %v", doc)
	}
	// Clients that name the defaults themselves read them here.
	w.ok("admin", "portals/self/setUserDefaultSettings", "role", "org_publisher", "userLicenseType", "GISProfessionalAdvUT")
	if doc := w.ok("admin", "portaladmin/security/config"); doc["defaultRoleForUser"] != "org_publisher" || doc["defaultUserTypeIdForUser"] != "GISProfessionalAdvUT" {
		t.Errorf("config with defaults of new members: %v", doc)
	}
	if doc := w.ok("admin", "portaladmin/security"); !slices.Contains(doc["resources"].([]any), any("config")) {
		t.Errorf("security: %v", doc)
	}
	if doc := w.ok("admin", "portaladmin/security/users"); num(doc, "userCount") != 7 {
		t.Errorf("users: %v", doc)
	}
	for _, path := range []string{"portaladmin", "portaladmin/security", "portaladmin/security/config", "portaladmin/security/users"} {
		w.fails(403, "portal:admin:", "ada", path)
		w.fails(499, "Token Required", "", path)
	}
	w.fails(400, "not supported", "admin", "portaladmin/security/users/searchEnterpriseUsers", "filter", "a")
}

func TestCreateUser(t *testing.T) {
	t.Parallel()
	const create = "portaladmin/security/users/createUser"
	w := newWorld(t, "ada")
	got := w.ok("admin", create, "username", "grace", "password", "Longenough1", "firstname", "Grace", "lastname", "Hopper", "email", "g@example.com",
		"role", "org_publisher", "userLicenseTypeId", "GISProfessionalAdvUT", "provider", "arcgis", "description", "Compiles")
	if got["status"] != "success" || len(got) != 1 {
		t.Errorf("answer %v", got)
	}
	u := w.ok("admin", "community/users/grace")
	for key, want := range map[string]any{
		"username": "grace", "fullName": "Grace Hopper", "email": "g@example.com", "role": "org_publisher", "userLicenseTypeId": "GISProfessionalAdvUT",
		"description": "Compiles", "provider": "arcgis", "access": "org", "lastLogin": -1.0, "disabled": false,
	} {
		if u[key] != want {
			t.Errorf("%s is %v, want %v", key, u[key], want)
		}
	}
	w.Token(t, "GRACE", "Longenough1")

	// A member of an enterprise store, as an old script sends it.
	w.ok("admin", create, "username", `CORP\jdoe`, "fullname", "John Doe", "email", "j@corp.example", "description", "", "role", "account_user", "provider", "enterprise")
	u = w.ok("admin", "community/users/jdoe@CORP")
	if u["idpUsername"] != `CORP\jdoe` || u["firstName"] != "John" || u["provider"] != "enterprise" || u["role"] != "org_user" {
		t.Errorf("enterprise: %v", u)
	}

	for _, tt := range []struct {
		text string
		kv   []string
	}{
		{"3 to 128 characters", []string{"username", "ab", "password", "Longenough1"}},
		{"letters A to Z", []string{"username", "a b c d", "password", "Longenough1"}},
		{"begin with a letter", []string{"username", ".abcdef", "password", "Longenough1"}},
		{"system account", []string{"username", "ESRI_nav", "password", "Longenough1"}},
		{"already in use", []string{"username", "ADA", "password", "Longenough1"}},
		{"'username' must be specified.", []string{"password", "Longenough1"}},
		{"'password' must be specified.", []string{"username", "henry"}},
		{"at least 8", []string{"username", "henry", "password", "x1"}},
		{"one letter and one digit", []string{"username", "henry", "password", "12345678"}},
		{"differ from the username", []string{"username", "henry1234", "password", "Henry1234"}},
		{"e-mail", []string{"username", "henry", "password", "Longenough1", "email", "x"}},
		{"names no role", []string{"username", "henry", "password", "Longenough1", "role", "king"}},
		{"names no user type", []string{"username", "henry", "password", "Longenough1", "userLicenseTypeId", "kingUT"}},
		{"arcgis or enterprise", []string{"username", "henry", "password", "Longenough1", "provider", "myspace"}},
		{"not kept", []string{"username", "henry", "password", "Longenough1", "provider", "enterprise"}},
	} {
		w.fails(400, tt.text, "admin", create, tt.kv...)
	}
	w.fails(400, "User does not exist", "admin", "community/users/henry")
	w.fails(403, "portal:admin:inviteUsers", "ada", create, "username", "henry", "password", "Longenough1")
	w.fails(499, "Token Required", "", create, "username", "henry", "password", "Longenough1")
}

func TestCreateUserGrantsNoMoreThanTheCallerHas(t *testing.T) {
	t.Parallel()
	const create = "portaladmin/security/users/createUser"
	w := newWorld(t)
	viewer := each(w.ok("admin", "portals/self/roles/iAAAAAAAAAAAAAAA/privileges"), "", "privileges")
	w.custom("host", append(viewer, "portal:admin:inviteUsers")...)
	w.ok("host", create, "username", "guest", "password", "Longenough1", "role", "iAAAAAAAAAAAAAAA")
	for _, role := range []string{"org_user", "org_publisher", "org_admin"} {
		w.fails(403, "Needed", "host", create, "username", "guest2", "password", "Longenough1", "role", role)
	}
	w.fails(400, "User does not exist", "admin", "community/users/guest2")
}

func TestInvite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	g := str(w.ok("admin", "community/createGroup", "title", "Newcomers", "tags", "x"), "group", "id")
	invite := func(as, list string) map[string]any { return w.call(as, "portals/self/invite", "invitationList", list) }

	doc := invite("admin", `{"invitations":[
		{"username":"grace","firstname":"Grace","lastname":"Hopper","fullname":"Grace Hopper","email":"g@example.com","role":"account_publisher",
		 "password":"Longenough1","userLicenseType":"creatorUT","userType":"arcgisonly","groups":"`+g+`","userCreditAssignment":-1},
		{"username":"ADA","password":"Longenough1","role":"org_user"}],"apps":[],"appBundles":[]}`)
	if doc["success"] != true || !slices.Equal(each(doc, "", "notInvited"), []string{"ADA"}) {
		t.Fatalf("answer %v", doc)
	}
	if u := w.ok("admin", "community/users/grace"); u["role"] != "org_publisher" || !slices.Equal(each(u, "id", "groups"), []string{g}) {
		t.Errorf("grace: %v", u)
	}
	w.Token(t, "grace", "Longenough1")

	// The text that Python prints for a dict, with both kinds of quotes.
	doc = invite("admin", `{'invitations': [{'username': u'obrien', 'fullname': "Conan O'Brien", 'password': 'Longenough1', 'role': 'org_user', 'email': None}]}`)
	if doc["success"] != true || len(each(doc, "", "notInvited")) != 0 {
		t.Errorf("Python: %v", doc)
	}
	if u := w.ok("admin", "community/users/obrien"); u["fullName"] != "Conan O'Brien" || u["lastName"] != "O'Brien" {
		t.Errorf("obrien: %v", u)
	}

	for _, tt := range []struct{ as, list, text string }{
		{"admin", `{"invitations":[{"username":"henry","role":"org_user","email":"h@example.com"}]}`, "has no password"},
		{"admin", `{"invitations":[{"username":"henry","password":"Longenough1"},{"username":"ivy99","password":"x"}]}`, "Concerns the account 'ivy99'"},
		{"admin", `{"invitations":[{"username":"henry","password":"Longenough1","groups":"00000000000000000000000000000000"}]}`, "Group does not exist"},
		{"admin", `{"invitations":[{"username":"henry","password":"Longenough1"}],"apps":[{"itemId":"x"}]}`, "must list the entitlements"},
		{"admin", `{"invitations":[{"username":"henry","password":"Longenough1","userType":"both"}]}`, "not supported"},
		{"admin", `{"invitations":[]}`, "must hold invitations"},
		{"admin", `nonsense`, "must be JSON"},
		{"admin", ``, "must be specified"},
	} {
		if doc := invite(tt.as, tt.list); errorCode(doc) != 400 || !strings.Contains(str(doc, "error", "message")+strings.Join(each(doc, "", "error", "details"), " "), tt.text) {
			t.Errorf("%s: %v", tt.list, doc)
		}
	}
	if code := errorCode(invite("ada", `{"invitations":[{"username":"henry","password":"Longenough1"}]}`)); code != 403 {
		t.Errorf("a user invites: %d", code)
	}
	w.fails(400, "User does not exist", "admin", "community/users/henry")
}

func TestCheckUsernames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "ada_1")
	doc := w.ok("admin", "community/checkUsernames", "usernames", "ada,free,ESRI_nav")
	if got := each(doc, "suggested", "usernames"); !slices.Equal(got, []string{"ada_2", "free", "ESRI_nav_1"}) || str(doc, "usernames", 0, "requested") != "ada" {
		t.Errorf("suggested %v", doc)
	}
	w.fails(403, "portal:admin:inviteUsers", "ada", "community/checkUsernames", "usernames", "bob")
}
