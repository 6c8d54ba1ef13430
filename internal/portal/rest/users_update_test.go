package rest_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestUpdateUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	got := w.ok("ada", "community/users/ada/update", "fullname", "Ada King", "DESCRIPTION", "Maps", "tags", "a, b", "culture", "pt-BR", "region", "GB",
		"units", "english", "preferredView", "GIS", "access", "public", "email", "a@b.org", "categories", `["/Categories/Staff"]`)
	if got["success"] != true || got["username"] != "ada" {
		t.Errorf("answer %v", got)
	}
	u := w.ok("ada", "community/self")
	for key, want := range map[string]any{
		"fullName": "Ada King", "firstName": "Ada", "lastName": "King", "description": "Maps", "culture": "pt-BR", "region": "GB",
		"units": "english", "preferredView": "GIS", "access": "public", "email": "a@b.org",
	} {
		if u[key] != want {
			t.Errorf("%s is %v, want %v", key, u[key], want)
		}
	}
	if !slices.Equal(each(u, "", "tags"), []string{"a", "b"}) || !slices.Equal(each(u, "", "categories"), []string{"/Categories/Staff"}) {
		t.Errorf("tags %v, categories %v", u["tags"], u["categories"])
	}
	// Blank leaves as it is; blank with clearEmptyFields empties what may be empty.
	w.ok("ada", "community/users/ada/update", "description", "", "tags", "", "units", "", "lastName", "Byron")
	u = w.ok("ada", "community/self")
	if u["description"] != "Maps" || len(u["tags"].([]any)) != 2 || u["fullName"] != "Ada Byron" {
		t.Errorf("after blanks: %v %v %v", u["description"], u["tags"], u["fullName"])
	}
	w.ok("ada", "community/users/ada/update", "description", "", "tags", "", "units", "", "access", "", "clearEmptyFields", "True")
	u = w.ok("ada", "community/self")
	if u["description"] != nil || len(u["tags"].([]any)) != 0 || u["units"] != "english" || u["access"] != "public" {
		t.Errorf("after clearing: %v %v %v %v", u["description"], u["tags"], u["units"], u["access"])
	}
}

func TestUpdateUserRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	w.custom("clerk", "portal:admin:updateUsers", "portal:admin:viewUsers")
	for _, tt := range []struct{ param, value, text string }{
		{"units", "cubits", "english or metric"}, {"access", "shared", "private, org or public"}, {"email", "nobody", "e-mail"},
		{"culture", "a b", "'culture'"}, {"region", "Narnia", "'region'"}, {"preferredView", "X", "Web or GIS"},
		{"categories", "Staff", "/Categories/Name"}, {"userType", "both", "not supported"}, {"securityAnswer", "Rex", "securityAnswer"},
		{"firstName", strings.Repeat("é", 129), "at most 128 characters"}, {"description", strings.Repeat("x", 32001), "at most"},
		{"password", "Longenough1", "operation reset"},
	} {
		w.fails(400, tt.text, "ada", "community/users/ada/update", tt.param, tt.value)
	}
	w.fails(499, "Token Required", "", "community/users/ada/update", "description", "x")
	w.fails(403, "portal:admin:updateUsers", "bob", "community/users/ada/update", "description", "x")
	w.fails(403, "portal:admin:updateUsers", "ada", "community/users/ada/update", "idpUsername", "x")
	w.fails(400, "User does not exist", "admin", "community/users/nobody/update", "description", "x")
	w.fails(403, "account of the portal itself", "admin", "community/users/esri_nav/update", "description", "x")
	w.fails(403, "role of administrator", "clerk", "community/users/admin/update", "email", "mine@example.com")
	w.ok("clerk", "community/users/ada/update", "description", "By the clerk")
	// Taking over an account takes all that the account may do.
	w.fails(403, "portal:user:", "clerk", "community/users/ada/update", "password", "Longenough1")
	if u := w.ok("admin", "community/users/ada"); u["description"] != "By the clerk" || u["email"] != "ada@example.com" {
		t.Errorf("ada: %v", u)
	}
}

func TestUserThumbnail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	small, large := png(100), png(300_000)
	for name, content := range map[string][]byte{"me & you.png": small, "big.png": large} {
		if doc := w.upload("ada", "community/users/ada/update", "thumbnail", name, content); doc["success"] != true {
			t.Fatalf("%s: %v", name, doc)
		}
		if got := w.ok("bob", "community/users/ada")["thumbnail"]; got != name {
			t.Errorf("thumbnail is %v", got)
		}
		res, body := w.fetch("bob", "community/users/ada/info/"+strings.ReplaceAll(name, " ", "%20"))
		if !bytes.Equal(body, content) || res.Header.Get("Content-Type") != "image/png" {
			t.Errorf("%s: %d bytes of %s", name, len(body), res.Header.Get("Content-Type"))
		}
	}
	if res, _ := w.fetch("", "community/users/ada/info/big.png"); res.StatusCode != http.StatusNotFound {
		t.Errorf("an anonymous caller gets the picture of a member: %s", res.Status)
	}
	if res, _ := w.fetch("bob", "community/users/ada/info/other.png"); res.StatusCode != http.StatusNotFound {
		t.Errorf("another name: %s", res.Status)
	}
	for text, content := range map[string][]byte{"PNG, GIF or JPEG": []byte("<svg onload='x'/>"), "at most 1 MB": png(1 << 20)} {
		doc := w.upload("ada", "community/users/ada/update", "thumbnail", "x.png", content)
		if errorCode(doc) != 400 || !strings.Contains(str(doc, "error", "message"), text) {
			t.Errorf("%s: %v", text, doc)
		}
	}
	w.ok("ada", "community/users/ada/deleteThumbnail")
	if got := w.ok("ada", "community/self")["thumbnail"]; got != nil {
		t.Errorf("thumbnail is %v", got)
	}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	if doc := w.ok("ada", "community/users/ada/properties"); len(doc["properties"].(map[string]any)) != 0 {
		t.Errorf("unset: %v", doc)
	}
	for _, value := range []string{`{"landingPage":{"url":"index.html"}}`, `"{\"landingPage\":{\"url\":\"index.html\"}}"`, `{'landingPage': {'url': 'index.html'}}`} {
		w.ok("ada", "community/users/ada/setProperties", "properties", value)
		if got := str(w.ok("ada", "community/users/ada/properties"), "properties", "landingPage", "url"); got != "index.html" {
			t.Errorf("%s: %q", value, got)
		}
		w.ok("ada", "community/users/ada/setProperties", "properties", "{}")
	}
	w.fails(400, "'properties'", "ada", "community/users/ada/setProperties", "properties", "[1]")
	w.fails(400, "must be specified", "ada", "community/users/ada/setProperties")
	w.fails(403, "portal:admin:viewUsers", "bob", "community/users/ada/properties")
	w.fails(403, "portal:admin:updateUsers", "bob", "community/users/ada/setProperties", "properties", "{}")
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	old := w.passwords["ada"]
	for _, tt := range []struct{ old, fresh, text string }{
		{"wrong", "Longenough1", "Invalid username or password."}, {old, "short1", "at least 8"}, {old, "onlyletters", "one letter and one digit"},
		{old, old, "must differ"}, {"", "Longenough1", "'password' must be specified."},
	} {
		w.fails(400, tt.text, "ada", "community/users/ada/reset", "password", tt.old, "newPassword", tt.fresh)
	}
	w.fails(403, "signed in as 'ada'", "admin", "community/users/ada/reset", "password", old, "newPassword", "Longenough1")
	w.fails(400, "newSecurityQuestionIdx", "ada", "community/users/ada/reset", "password", old, "newPassword", "Longenough1", "newSecurityQuestionIdx", "3")
	w.fails(400, "'email'", "ada", "community/users/ada/reset", "email", "true")
	w.ok("ada", "community/self")

	w.ok("ada", "community/users/ada/reset", "password", old, "newPassword", "Longenough1", "newSecurityAnswer", "")
	w.fails(498, "Invalid token.", "ada", "community/self") // the old password's tokens are gone
	w.tokens["ada"] = w.Token(t, "ada", "Longenough1")
	w.ok("ada", "community/self")
	if doc := w.call("", "generateToken", "username", "ada", "password", old); errorCode(doc) != 400 {
		t.Errorf("the old password still signs in: %v", doc)
	}

	w.fails(403, "portal:admin:updateUsers", "bob", "community/users/ada/expirePassword")
	w.ok("admin", "community/users/ada/expirePassword", "expiration", "1")
	if doc := w.call("", "generateToken", "username", "ada", "password", "Longenough1"); errorCode(doc) == 0 {
		t.Errorf("an expired password signs in: %v", doc)
	}
	w.ok("ada", "community/self") // tokens that are out stay good

	w.ok("admin", "community/users/ada/update", "password", "Temporary9")
	w.fails(498, "Invalid token.", "ada", "community/self")
	if doc := w.call("", "generateToken", "username", "ada", "password", "Temporary9"); errorCode(doc) == 0 {
		t.Errorf("a temporary password signs in: %v", doc)
	}
	w.fails(400, "at least 8", "admin", "community/users/bob/update", "password", "x1")
}

func TestDisableAndEnable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "admin_two")
	w.custom("guard", "portal:admin:disableUsers", "portal:admin:viewUsers")
	w.fails(403, "portal:admin:disableUsers", "bob", "community/users/ada/disable")
	if doc := w.ok("guard", "community/users/ada/disable"); doc["success"] != true || doc["username"] != "ada" {
		t.Errorf("answer %v", doc)
	}
	w.fails(498, "Invalid token.", "ada", "community/self")
	if doc := w.call("", "generateToken", "username", "ada", "password", w.passwords["ada"]); errorCode(doc) != 400 {
		t.Errorf("a disabled member signs in: %v", doc)
	}
	w.ok("guard", "community/users/ada/enable")
	w.tokens["ada"] = w.Token(t, "ada", w.passwords["ada"])
	if w.ok("ada", "community/self")["disabled"] != false {
		t.Error("ada is disabled")
	}
	w.fails(403, "role of administrator", "guard", "community/users/admin/disable")
	w.fails(403, "account of the portal itself", "admin", "community/users/esri_nav/disable")
	w.fails(400, "nobody disables his own", "admin", "community/users/admin/disable")
	w.fails(400, "nobody disables his own", "guard", "community/users/guard/disable")

	doc := w.ok("admin", "portals//self/disableUsers", "users", "ada,nobody,admin,bob")
	want := []any{true, false, false, true}
	for i := range want {
		if at(doc, "results", i, "status") != want[i] {
			t.Errorf("row %d: %v", i, at(doc, "results", i))
		}
	}
	if w.ok("admin", "community/users/bob")["disabled"] != true || w.ok("admin", "community/self")["disabled"] != false {
		t.Error("states are wrong")
	}
	w.ok("admin", "portals/self/enableUsers", "users", `["ada,bob"]`)
	if w.ok("admin", "community/users/bob")["disabled"] != false {
		t.Error("bob stays disabled")
	}
	w.ok("admin", "community/users/admin_two/disable")
	w.fails(400, "last administrator", "admin", "portals/self/updateUserRole", "user", "admin", "role", "org_user")
	w.tokens["bob"] = w.Token(t, "bob", w.passwords["bob"])
	w.fails(403, "portal:admin:disableUsers", "bob", "portals/self/disableUsers", "users", "ada")
}

func TestDeleteUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "cem", "admin_two")
	w.custom("clerk", "portal:admin:deleteUsers", "portal:admin:viewUsers")
	g := str(w.ok("ada", "community/createGroup", "title", "Maps", "tags", "x", "access", "org"), "group", "id")
	w.ok("ada", "community/groups/"+g+"/addUsers", "users", "bob")
	w.fails(403, "portal:admin:deleteUsers", "bob", "community/users/cem/delete")
	w.fails(499, "Token Required", "", "community/users/cem/delete")
	w.fails(400, "owns 0 items and 1 groups", "admin", "community/users/ada/delete")
	w.fails(400, "dryRun", "admin", "community/users/bob/delete", "dryRun", "true")
	w.fails(403, "role of administrator", "clerk", "community/users/admin_two/delete")
	w.fails(403, "account of the portal itself", "admin", "community/users/system_publisher/delete")
	w.fails(400, "nobody deletes his own", "admin", "community/users/admin/delete")
	if doc := w.ok("clerk", "community/users/bob/delete"); doc["success"] != true || doc["username"] != "bob" {
		t.Errorf("answer %v", doc)
	}
	w.fails(400, "User does not exist or is inaccessible.", "admin", "community/users/bob")
	w.fails(498, "Invalid token.", "bob", "community/self")
	if got := each(w.ok("ada", "community/groups/"+g+"/users"), "", "users"); len(got) != 0 {
		t.Errorf("members %v", got)
	}
	doc := w.ok("admin", "portals/self/removeUsers", "users", "ada,cem,nobody")
	if got := each(doc, "", "notRemoved"); !slices.Equal(got, []string{"ada", "nobody"}) {
		t.Errorf("not removed %v", got)
	}
	w.fails(400, "User does not exist", "admin", "community/users/cem")
	w.ok("admin", "community/users/ada")
}

func TestReassignContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "viewer")
	g := str(w.ok("ada", "community/createGroup", "title", "Maps", "tags", "x"), "group", "id")
	folder := str(w.ok("ada", "content/users/ada/createFolder", "title", "Rivers"), "folder", "id")
	root := str(w.ok("ada", "content/users/ada/addItem", "type", "Web Map", "title", "One", "text", "{}"), "id")
	inside := str(w.ok("ada", "content/users/ada/"+folder+"/addItem", "type", "Web Map", "title", "Two", "text", "{}"), "id")
	w.fails(403, "portal:admin:reassignItems", "bob", "community/users/ada/reassign", "targetUsername", "bob")
	w.fails(400, "cannot own content", "admin", "community/users/ada/reassign", "targetUsername", "viewer")
	w.fails(400, "User does not exist", "admin", "community/users/ada/reassign", "targetUsername", "nobody")
	w.fails(400, "account of the portal itself", "admin", "community/users/ada/reassign", "targetUsername", "esri_nav")
	w.fails(400, "must be specified", "admin", "community/users/ada/reassign")
	w.ok("admin", "community/users/ada/reassign", "targetUsername", "bob")

	content := w.ok("bob", "content/users/bob")
	folders := map[string]string{}
	for i, title := range each(content, "title", "folders") {
		folders[title] = str(content, "folders", i, "id")
	}
	for title, id := range map[string]string{"ada_root": root, "ada_Rivers": inside} {
		if got := each(w.ok("bob", "content/users/bob/"+folders[title]), "id", "items"); !slices.Equal(got, []string{id}) {
			t.Errorf("folder %s (%s): %v, want %s", title, folders[title], got, id)
		}
	}
	group := w.ok("bob", "community/groups/"+g)
	if group["owner"] != "bob" || str(group, "userMembership", "memberType") != "owner" {
		t.Errorf("group %v", group)
	}
	if left := w.ok("ada", "content/users/ada"); num(left, "total") != 0 || len(each(left, "id", "folders")) != 0 {
		t.Errorf("ada still has %v", left)
	}
	w.ok("admin", "community/users/ada/delete")
}

func TestUserLicenseTypes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	w.custom("licenser", "portal:admin:manageLicenses", "portal:admin:viewUsers")
	if refused := w.ok("licenser", "portals/self/updateUserLicenseType", "users", "ada", "userLicenseType", "viewerUT"); at(refused, "results", 0, "status") != false {
		t.Errorf("a viewer with the role User: %v", refused)
	}
	w.ok("admin", "portals/self/updateUserRole", "user", "ada", "role", "iAAAAAAAAAAAAAAA")
	doc := w.ok("licenser", "portals/self/updateUserLicenseType", "users", `["ada","nobody"]`, "userLicenseType", "viewerut")
	if at(doc, "results", 0, "status") != true || at(doc, "results", 1, "status") != false {
		t.Errorf("results %v", doc)
	}
	if u := w.ok("ada", "community/self"); u["userLicenseTypeId"] != "viewerUT" || u["level"] != "1" {
		t.Errorf("ada: %v %v", u["userLicenseTypeId"], u["level"])
	}
	w.fails(400, "names no user type", "admin", "portals/self/updateUserLicenseType", "users", "ada", "userLicenseType", "kingUT")
	w.fails(403, "portal:admin:manageLicenses", "bob", "portals/self/updateUserLicenseType", "users", "bob", "userLicenseType", "creatorUT")
}

func TestUserTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	w.ok("ada", "content/users/ada/addItem", "type", "Web Map", "title", "One", "text", "{}", "tags", "river,lake")
	w.ok("ada", "content/users/ada/addItem", "type", "Web Map", "title", "Two", "text", "{}", "tags", "river")
	doc := w.ok("ada", "community/users/ada/tags")
	if got := each(doc, "tag", "tags"); !slices.Equal(got, []string{"river", "lake"}) || num(doc, "tags", 0, "count") != 2 {
		t.Errorf("tags %v", doc)
	}
	if got := each(w.ok("bob", "community/users/ada/tags"), "tag", "tags"); len(got) != 0 {
		t.Errorf("bob sees tags of private items: %v", got)
	}
}
