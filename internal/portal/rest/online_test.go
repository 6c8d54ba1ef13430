package rest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// newOnline is newWorld on an online portal.
func newOnline(t *testing.T, names ...string) *world {
	t.Helper()
	return inhabited(t, portaltest.Start(t, portaltest.Online()), names...)
}

func TestOnlineDescribesItself(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	self := w.ok("admin", "portals/self")
	for key, want := range map[string]any{
		"isPortal": false, "portalMode": "multitenant", "portalName": "ArcGIS Online", "currentVersion": "2024.1", "portalHostname": strings.TrimPrefix(w.URL, "http://"),
	} {
		if self[key] != want {
			t.Errorf("%s is %v, want %v", key, self[key], want)
		}
	}
	for _, absent := range []string{"enterpriseVersion", "portalLocalHostname"} {
		if v, there := self[absent]; there {
			t.Errorf("%s is there: %v", absent, v)
		}
	}
	if address := "http://" + str(self, "urlKey") + "." + str(self, "customBaseUrl"); address != w.URL {
		t.Errorf("urlKey and customBaseUrl make %s, want %s", address, w.URL)
	}
	root := w.ok("", "")
	if root["currentVersion"] != "2024.1" || root["enterpriseVersion"] != nil || root["fullVersion"] != nil {
		t.Errorf("root: %v", root)
	}
	if got := str(w.ok("", "info"), "authInfo", "tokenServicesUrl"); got != w.URL+"/sharing/rest/generateToken" {
		t.Errorf("tokens come from %s", got)
	}
}

func TestOnlineIsAtTheRoot(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	for path, want := range map[string]int{
		"/": 200, "/healthz": 200, "/sharing/rest?f=json": 200, "/sharing/rest//portals/self?f=json": 200, "/sharing/rest?f=html": 200,
		"/portal/sharing/rest?f=json": 404, "/arcgis/sharing/rest": 404, "/portaladmin/healthCheck": 404, "/portaladmin": 404, "/home/item.html": 404,
	} {
		res, err := w.HTTPClient().Get(w.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
	for _, path := range []string{"portaladmin/security/users/createUser", "portaladmin/license/releaseLicense"} {
		w.fails(404, "nothing at this address", "admin", path)
	}
}

func TestOnlineChoosesItemIDs(t *testing.T) {
	t.Parallel()
	w := newOnline(t, "ada")
	add := func(id string) string {
		return str(w.ok("ada", "content/users/ada/addItem", "title", "T", "type", "Web Map", "text", "{}", "itemIdToCreate", id), "id")
	}
	if one, two := add(nowhere), add(nowhere); one == nowhere || two == nowhere || one == two || len(one) != 32 {
		t.Errorf("ids %s and %s", one, two)
	}
	if id := add("no id at all"); len(id) != 32 {
		t.Errorf("id %s", id)
	}
}

// invited makes an account that waits and returns what the inviter is handed.
func (w *world) invited(name string) map[string]any {
	w.t.Helper()
	doc := w.ok("admin", "portals/self/invite", "subject", "Come", "html", "@@invitation.id@@", "invitationList",
		`{"invitations":[{"username":"`+name+`","firstname":"A","lastname":"B","fullname":"A B","email":"a@example.com","role":"account_publisher","userLicenseType":"creatorUT","userType":"arcgisonly","userCreditAssignment":-1}]}`)
	row, _ := at(doc, "invitations", 0).(map[string]any)
	if doc["success"] != true || len(doc["notInvited"].([]any)) != 0 || row == nil {
		w.t.Fatalf("invite %s: %v", name, doc)
	}
	return row
}

func TestInvitationWithPassword(t *testing.T) {
	t.Parallel()
	w := newOnline(t, "ada")
	doc := w.ok("admin", "portals/self/invite", "invitationList", `{'invitations': [
		{'username': 'grace', 'password': 'Engine1843', 'firstname': 'Grace', 'lastname': "O'Hopper", 'email': 'g@example.com', 'role': 'account_user', 'level': '2'},
		{'username': 'ADA', 'password': 'Engine1843', 'email': 'a@example.com', 'role': 'org_user'}]}`)
	if doc["success"] != true || fmt.Sprint(doc["notInvited"]) != "[ADA]" || doc["invitations"] != nil {
		t.Errorf("answer %v", doc)
	}
	if me := w.Call(t, w.Token(t, "grace", "Engine1843"), "sharing/rest/community/self", nil); me["lastName"] != "O'Hopper" || me["role"] != "org_user" {
		t.Errorf("grace is %v", me)
	}
	for _, tt := range []struct{ text, list string }{
		{"must be specified", ""}, {"must hold invitations", `{"invitations":[]}`},
		{"3 to 128", `{"invitations":[{"username":"x","role":"org_user"}]}`},
		{"at least 8", `{"invitations":[{"username":"alan","password":"short1","role":"org_user"}]}`},
		{"userCreditAssignment", `{"invitations":[{"username":"alan","userCreditAssignment":100}]}`},
		{"user type 'both'", `{"invitations":[{"username":"alan","userType":"both"}]}`},
		{"must be 1, 2 or 11", `{"invitations":[{"username":"alan","level":"7"}]}`},
	} {
		w.fails(400, tt.text, "admin", "portals/self/invite", "invitationList", tt.list)
	}
	w.fails(400, "does not exist", "admin", "community/users/alan")
}

func TestWaitingAccount(t *testing.T) {
	t.Parallel()
	w := newOnline(t, "bob")
	row := w.invited("grace")
	id, key := str(row, "id"), str(row, "invitationKey")
	if u := w.ok("admin", "community/users/grace"); u["role"] != "org_publisher" || u["fullName"] != "A B" {
		t.Errorf("the account is %v", u)
	}
	for _, password := range []string{"", "Engine1843"} {
		doc := w.Call(t, "", "sharing/rest/generateToken", url.Values{"username": {"grace"}, "password": {password}})
		if errorCode(doc) == 0 {
			t.Errorf("the account can be used before its owner comes: %v", doc)
		}
	}
	list := w.ok("admin", "portals/self/invitations")
	if num(list, "total") != 1 || num(list, "nextStart") != -1 || str(list, "invitations", 0, "id") != id || str(list, "invitations", 0, "username") != "grace" ||
		strings.Contains(fmt.Sprint(list), key) {
		t.Errorf("invitations: %v", list)
	}
	if one := w.ok("admin", "portals/self/invitations/"+id); one["email"] != "a@example.com" || one["type"] != "user" || strings.Contains(fmt.Sprint(one), key) {
		t.Errorf("invitation: %v", one)
	}
	path := "portals/self/invitations/" + id
	w.fails(400, "invitationKey", "", path+"/accept", "password", "Engine1843")
	w.fails(400, "does not exist", "", path+"/accept", "password", "Engine1843", "invitationKey", id)
	w.fails(400, "at least 8", "", path+"/accept", "password", "short1", "invitationKey", key)
	if yes := w.ok("", path+"/accept", "password", "Engine1843", "invitationKey", key); yes["success"] != true || yes["username"] != "grace" {
		t.Errorf("accept: %v", yes)
	}
	w.Token(t, "grace", "Engine1843")
	w.fails(400, "does not exist", "", path+"/accept", "password", "Engine1844", "invitationKey", key)
	if n := num(w.ok("admin", "portals/self/invitations"), "total"); n != 0 {
		t.Errorf("%d invitations are left", n)
	}
}

func TestInvitationsEnd(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	one, two, three := w.invited("one"+"two"), w.invited("grace"), w.invited("alan")
	accept := func(row map[string]any) {
		t.Helper()
		w.fails(400, "does not exist", "", "portals/self/invitations/"+str(row, "id")+"/accept", "password", "Engine1843", "invitationKey", str(row, "invitationKey"))
	}
	w.fails(400, "of another invitation", "", "portals/self/invitations/"+str(two, "id")+"/accept", "password", "Engine1843", "invitationKey", str(one, "invitationKey"))
	w.ok("admin", "portals/self/invitations/"+str(one, "id")+"/delete")
	w.ok("", "portals/self/invitations/"+str(two, "id")+"/decline", "invitationKey", str(two, "invitationKey"))
	w.ok("admin", "community/users/alan/update", "password", "Engine1843")
	accept(one)
	accept(two)
	accept(three)
	w.fails(400, "does not exist", "admin", "portals/self/invitations/"+str(one, "id")+"/delete")
	w.ok("admin", "community/users/grace") // an account that waited stays
}

func TestInvitationsExpire(t *testing.T) {
	t.Parallel()
	now := clock.NewManual(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC))
	w := inhabited(t, portaltest.Start(t, portaltest.Online(), portaltest.WithClock(now)))
	row := w.invited("grace")
	now.Advance(14*24*time.Hour + time.Second)
	w.tokens["admin"] = w.AdminToken(t)
	w.fails(400, "does not exist", "", "portals/self/invitations/"+str(row, "id")+"/accept", "password", "Engine1843", "invitationKey", str(row, "invitationKey"))
	if n := num(w.ok("admin", "portals/self/invitations"), "total"); n != 0 {
		t.Errorf("%d invitations are open", n)
	}
}

func TestInviteByEmail(t *testing.T) {
	t.Parallel()
	w := newOnline(t, "ada")
	doc := w.ok("admin", "portals/self/inviteByEmail", "emails", "g@example.com,h@example.com", "role", "org_publisher", "mustApprove", "true",
		"expiration", "1440", "validateEmail", "true", "message", "Come", "targetUserProvider", "arcgis")
	if doc["success"] != true || str(doc, "invitations", 1, "email") != "h@example.com" {
		t.Fatalf("answer %v", doc)
	}
	path, key := "portals/self/invitations/"+str(doc, "invitations", 0, "id")+"/accept", str(doc, "invitations", 0, "invitationKey")
	w.fails(400, "'username' must be", "", path, "invitationKey", key, "password", "Engine1843")
	w.fails(400, "already in use", "", path, "invitationKey", key, "username", "Ada", "password", "Engine1843")
	w.ok("", path, "invitationKey", key, "username", "grace", "firstName", "Grace", "lastName", "Hopper", "password", "Engine1843")
	if u := w.ok("admin", "community/users/grace"); u["email"] != "g@example.com" || u["role"] != "org_publisher" || u["disabled"] != true {
		t.Errorf("the account is %v", u)
	}
	w.ok("admin", "community/users/grace/enable")
	w.Token(t, "grace", "Engine1843")
	for _, tt := range [][]string{
		{"emails"}, {"emails", "emails", "nowhere"}, {"expiration", "emails", "x@example.com", "expiration", "5"},
		{"targetUserProvider", "emails", "x@example.com", "targetUserProvider", "enterprise"}, {"mustApprove", "emails", "x@example.com", "mustApprove", "perhaps"},
	} {
		w.fails(400, tt[0], "admin", "portals/self/inviteByEmail", tt[1:]...)
	}
}

// TestSeatsAndInvitations: nobody is told why, but the others come in.
func TestSeatsAndInvitations(t *testing.T) {
	t.Parallel()
	pool := `{"userTypes":[{"id":"creatorUT","seats":-1},{"id":"viewerUT","seats":1}]}`
	w := inhabited(t, portaltest.Start(t, portaltest.Online(), portaltest.WithLicenses(strings.NewReader(pool))))
	row := func(name string) string {
		return `{"username":"` + name + `","role":"iAAAAAAAAAAAAAAA","userLicenseType":"viewerUT"}`
	}
	doc := w.ok("admin", "portals/self/invite", "invitationList", `{"invitations":[`+row("one_")+`,`+row("two_")+`,{"username":"three","role":"org_user"}]}`)
	if doc["success"] != true || fmt.Sprint(doc["notInvited"]) != "[two_]" || len(doc["invitations"].([]any)) != 2 {
		t.Errorf("answer %v", doc)
	}
	w.fails(400, "does not exist", "admin", "community/users/two_")
}

func TestNewUserPage(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	row := w.invited("grace")
	key, address := str(row, "invitationKey"), str(row, "url")
	page := func(form url.Values) string {
		t.Helper()
		res, err := w.HTTPClient().Get(address)
		if form != nil {
			form.Set("invitation", key)
			res, err = w.HTTPClient().PostForm(w.URL+"/home/newuser.html", form)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Referrer-Policy") != "no-referrer" || res.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s %v %v", res.Status, res.Header, err)
		}
		return string(b)
	}
	for _, step := range []struct {
		form url.Values
		want string
	}{
		{nil, "Choose the password of the account grace"},
		{url.Values{"password": {"Engine1843"}, "password2": {"Engine1844"}}, "The two passwords differ"},
		{url.Values{"password": {"short1"}, "password2": {"short1"}}, "at least 8 characters"},
		{url.Values{"password": {"Engine1843"}, "password2": {"Engine1843"}}, "The account grace is open"},
		{nil, "Invitation does not exist"},
	} {
		if got := page(step.form); !strings.Contains(got, step.want) || strings.Contains(got, "Engine184") {
			t.Errorf("%v: want %q in\n%s", step.form, step.want, got)
		}
	}
	w.Token(t, "grace", "Engine1843")
}
