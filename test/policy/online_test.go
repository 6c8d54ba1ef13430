package policy

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// onlineWorld is a portal with the personality of ArcGIS Online and who calls it.
type onlineWorld struct {
	p      *portaltest.Portal
	admin  string // token
	tokens map[string]string
	serial int
}

func newOnlineWorld(t *testing.T) *onlineWorld {
	t.Helper()
	w := &onlineWorld{p: portaltest.Start(t, portaltest.Online()), tokens: map[string]string{"anonymous": ""}}
	w.admin = w.p.AdminToken(t)
	cast := w.p.CreateCast(t)
	for name, m := range map[string]portaltest.Member{"administrator": cast.Admin, "publisher": cast.Publisher, "user": cast.User, "viewer": cast.Viewer} {
		w.tokens[name] = w.p.Token(t, m.Username, m.Password)
	}
	of := texts(w.call(t, w.tokens["user"], "community/self", nil)["privileges"])
	w.tokens["inviter"] = w.custom(t, "inviter", append(of, "portal:admin:inviteUsers"))
	w.tokens["updater"] = w.custom(t, "updater", append(of, "portal:admin:updateUsers", "portal:admin:deleteUsers"))
	return w
}

func (w *onlineWorld) custom(t *testing.T, name string, privileges []string) string {
	t.Helper()
	id, _ := w.call(t, w.admin, "portals/self/createRole", url.Values{"name": {name}, "description": {name}})["id"].(string)
	set, err := json.Marshal(map[string]any{"privileges": privileges})
	if err != nil {
		t.Fatal(err)
	}
	w.call(t, w.admin, "portals/self/roles/"+id+"/setPrivileges", url.Values{"privileges": {string(set)}})
	m := w.p.CreateMember(t, name, id)
	return w.p.Token(t, m.Username, m.Password)
}

func (w *onlineWorld) call(t *testing.T, token, path string, form url.Values) map[string]any {
	t.Helper()
	return w.p.Call(t, token, rest+path, form)
}

// state is what the invitations of the portal can change, as an administrator reads it.
func (w *onlineWorld) state(t *testing.T) string {
	t.Helper()
	members := w.call(t, w.admin, "portals/self/users", url.Values{"num": {"1"}})["total"]
	open := w.call(t, w.admin, "portals/self/invitations", url.Values{"num": {"1"}})["total"]
	if members == nil || open == nil {
		t.Fatal("the state cannot be read")
	}
	return fmt.Sprint(members, " members, ", open, " invitations")
}

// open makes an invitation to an account that waits, and returns its id and key.
func (w *onlineWorld) open(t *testing.T) (id, key string) {
	t.Helper()
	doc := w.call(t, w.admin, "portals/self/invite", w.list("org_user"))
	rows, _ := doc["invitations"].([]any)
	if len(rows) != 1 {
		t.Fatalf("invite: %v", doc)
	}
	row := rows[0].(map[string]any)
	return row["id"].(string), row["invitationKey"].(string)
}

func (w *onlineWorld) list(role string) url.Values {
	w.serial++
	return url.Values{"invitationList": {fmt.Sprintf(`{"invitations":[{"username":"person_%d","role":"%s"}]}`, w.serial, role)}}
}

// onlineRow says who may call a route, and whether a call that succeeds changes the portal.
type onlineRow struct {
	route   string
	source  string
	changes bool
	form    func(w *onlineWorld, key string) url.Values
	want    string // callers with their outcomes; others get the one of *
}

const inviters = "anonymous 499, administrator ok, inviter ok, * 403"

var password = url.Values{"password": {"Engine1843"}}

func onlineRows() []onlineRow {
	const invitations = "sharing/rest/portals/{id}/invitations"
	none := func(*onlineWorld, string) url.Values { return nil }
	keyed := func(_ *onlineWorld, key string) url.Values {
		return url.Values{"invitationKey": {key}, "password": password["password"]}
	}
	keyless := func(*onlineWorld, string) url.Values { return password }
	as := func(role string) func(*onlineWorld, string) url.Values {
		return func(w *onlineWorld, _ string) url.Values { return w.list(role) }
	}
	mail := func(role string) func(*onlineWorld, string) url.Values {
		return func(*onlineWorld, string) url.Values { return url.Values{"emails": {"x@example.com"}, "role": {role}} }
	}
	return []onlineRow{
		{"sharing/rest/portals/{id}/invite", "community 20", true, as("org_user"), inviters},
		{"sharing/rest/portals/{id}/invite", "community 9.2: administrators are made by administrators", true, as("org_admin"), "anonymous 499, administrator ok, * 403"},
		{"sharing/rest/portals/{id}/inviteByEmail", "community 20", true, mail("org_user"), inviters},
		{"sharing/rest/portals/{id}/inviteByEmail", "community 9.2", true, mail("org_admin"), "anonymous 499, administrator ok, * 403"},
		{invitations, "community 8.3, guess: for who invites", false, none, inviters},
		{invitations + "/{invitation}", "community 8.3, guess: for who invites", false, none, inviters},
		{invitations + "/{invitation}/delete", "community 8.3, guess: for who invites", true, none, inviters},
		{invitations + "/{invitation}/accept", "guess: the key is all the right", true, keyed, "* ok"},
		{invitations + "/{invitation}/accept", "guess: nobody without the key", true, keyless, "* 400"},
		{invitations + "/{invitation}/decline", "guess: the key is all the right", true, keyed, "* ok"},
		{invitations + "/{invitation}/decline", "guess: nobody without the key", true, keyless, "* 400"},
	}
}

// TestOnlinePolicy walks the routes that the personality of ArcGIS Online has of its own.
func TestOnlinePolicy(t *testing.T) {
	t.Parallel()
	w := newOnlineWorld(t)
	walked := map[string]bool{"home/newuser.html": true} // a page: see its own test
	for _, row := range onlineRows() {
		walked[row.route] = true
		for caller, token := range w.tokens {
			w.walk(t, row, caller, token)
		}
	}
	enterprise := portaltest.Start(t).Routes()
	for _, route := range w.p.Routes() {
		if strings.HasPrefix(route, "portaladmin") {
			t.Errorf("ArcGIS Online has no %s", route)
		}
		if !slices.Contains(enterprise, route) && !walked[route] {
			t.Errorf("no row for %s", route)
		}
	}
}

func (w *onlineWorld) walk(t *testing.T, row onlineRow, caller, token string) {
	t.Helper()
	id, key := w.open(t)
	before := w.state(t)
	path := strings.NewReplacer("sharing/rest/", "", "{id}", "self", "{invitation}", id).Replace(row.route)
	doc := w.call(t, token, path, row.form(w, key))
	want := outcomeFor(row.want, caller)
	got := "ok"
	if e, refused := doc["error"].(map[string]any); refused {
		got = fmt.Sprint(e["code"])
	}
	if got != want {
		t.Errorf("%s as %s: %s, want %s (%s): %v", row.route, caller, got, want, row.source, doc)
	}
	if changed := w.state(t) != before; changed != (row.changes && want == "ok") {
		t.Errorf("%s as %s: from %s to %s", row.route, caller, before, w.state(t))
	}
}

func outcomeFor(want, caller string) string {
	rest := ""
	for part := range strings.SplitSeq(want, ", ") {
		name, outcome, _ := strings.Cut(part, " ")
		switch name {
		case caller:
			return outcome
		case "*":
			rest = outcome
		}
	}
	return rest
}
