package policy

import (
	"net/url"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// session is all that a member can call with.
type session struct {
	w         *world
	member    who
	tokens    map[string]who // by how they were got
	refresh   *object
	app, lent string // token of an app of the member, and a private item that it may read
}

// signedIn makes a member who has signed in in every way, with an app of his own.
func signedIn(t *testing.T, w *world) *session {
	t.Helper()
	b := &builder{world: w, t: t, words: []string{"refresh"}, used: map[string]bool{}}
	a := w.account(t, portaltest.RoleUser)
	o := b.object(map[string]string{"client": "arcgisonline"})
	b.redeemable(o, a, "refresh")
	with := func(token any) who { return who{name: a.name, token: token.(string)} }
	s := &session{w: w, member: a, refresh: o, tokens: map[string]who{"generateToken": a}}
	s.tokens["oauth2/token"] = with(b.ask(who{}, rest+"oauth2/token", redemption(o, who{}))["access_token"])
	for from, token := range map[string]string{"generateToken": a.token, "oauth2/token": s.tokens["oauth2/token"].token} {
		s.tokens["oauth2/exchangeToken of "+from] = with(b.ask(who{}, rest+"oauth2/exchangeToken", values("client_id", "arcgisonline", "token", token))["token"])
	}
	return s
}

// lend registers an app of the member that may read a private item of his.
func (s *session) lend(t *testing.T) {
	t.Helper()
	b := &builder{world: s.w, t: t, words: []string{"-"}, used: map[string]bool{}}
	s.lent = b.item(s.member, "")
	app := b.register(s.member, b.item(s.member, ""))
	id := app["client_id"].(string)
	b.ask(s.member, rest+"oauth2/apps/"+id+"/update", values("privileges", `["portal:app:access:item:`+s.lent+`"]`))
	s.app = b.ask(who{}, rest+"oauth2/token", values("grant_type", "client_credentials", "client_id", id, "client_secret", app["client_secret"].(string)))["access_token"].(string)
}

// works tells what each credential gives.
func (s *session) works(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for how, as := range s.tokens {
		out[how] = outcomeOf(s.w.send(t, as, request{path: rest + "community/self"}))
	}
	out["refresh token"] = "ended"
	if a := s.w.send(t, who{}, request{path: rest + "oauth2/token", form: redemption(s.refresh, who{})}); a.doc["access_token"] != nil {
		out["refresh token"] = "ok"
	}
	if s.app != "" {
		out["app, what is lent"] = outcomeOf(s.w.send(t, who{token: s.app}, request{path: rest + "content/items/" + s.lent}))
		out["app, anything"] = outcomeOf(s.w.send(t, who{token: s.app}, request{path: rest + "search", form: values("q", "type:map")}))
	}
	return out
}

func (s *session) all(t *testing.T, when, want string) {
	t.Helper()
	for how, got := range s.works(t) {
		if got != want && !(how == "refresh token" && want == "498" && got == "ended") {
			t.Errorf("%s: %s: %q, want %q", when, how, got, want)
		}
	}
}

// TestTokensEnd holds that whatever a member can call with ends with the next call after the
// account was disabled or deleted, by every route that does so, and does not come back with it.
func TestTokensEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, way := range []struct{ path, param string }{
		{"community/users/{}/disable", ""}, {"portals/self/disableUsers", "users"},
		{"community/users/{}/delete", ""}, {"portals/self/removeUsers", "users"},
	} {
		t.Run(way.path, func(t *testing.T) {
			s := signedIn(t, w)
			disabling := way.path[len(way.path)-7:] == "disable" || way.param == "users" && way.path == "portals/self/disableUsers"
			if disabling {
				s.lend(t)
			}
			s.all(t, "before", "ok")
			path, form := rest+way.path, url.Values{}
			if way.param == "" {
				path = rest + "community/users/" + s.member.name + way.path[len("community/users/{}"):]
			} else {
				form.Set(way.param, s.member.name)
			}
			w.must(t, w.admin, path, form)
			s.all(t, "after", "498")
			if !disabling {
				w.named(t, s.member.name, portaltest.RoleUser)
				s.all(t, "another of that name", "498")
				return
			}
			w.must(t, w.admin, rest+"community/users/"+s.member.name+"/enable", nil)
			s.app = "" // it shows its secret, not the member's password
			s.all(t, "enabled again", "498")
		})
	}
}

// TestLastAdministrator tries by every route to leave the portal without an administrator who
// can sign in.
func TestLastAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	last := w.cast["administrator"]
	deputy := w.account(t, w.role(t, w.all)) // may all that a role can give
	w.must(t, last, rest+"portals/self/disableUsers", values("users", w.admin.name+","+w.hermit))
	user := rest + "community/users/" + last.name
	for _, try := range []struct {
		path string
		form url.Values
	}{
		{user + "/delete", nil}, {user + "/disable", nil},
		{rest + "portals/self/removeUsers", values("users", last.name)}, {rest + "portals/self/disableUsers", values("users", last.name)},
		{rest + "portals/self/removeUsers", values("users", w.plain.name+"x,"+last.name+","+last.name)},
		{rest + "portals/self/updateUserRole", values("user", last.name, "role", portaltest.RoleUser)},
		{rest + "portals/self/updateUserRole", values("user", last.name, "role", w.p.URL)},
		{rest + "portals/self/roles/org_admin/setPrivileges", values("privileges", `{"privileges":[]}`)},
		{rest + "portals/self/roles/org_admin/delete", nil},
		{user + "/expirePassword", values("expiration", "1")}, {user + "/update", values("password", "Aa1-"+w.unique("another"))},
	} {
		for name, as := range map[string]who{"himself": last, "a deputy": deputy} {
			a := w.send(t, as, request{path: try.path, form: try.form})
			refused := outcomeOf(a) != "ok"
			own := name == "himself" && try.path == user+"/expirePassword"
			if !refused && !own {
				t.Errorf("%s %v by %s: %s", try.path, try.form, name, a.body)
			}
			me := w.send(t, last, request{path: rest + "community/self"})
			if me.doc["role"] != portaltest.RoleAdmin || me.doc["disabled"] != false {
				t.Fatalf("%s %v by %s: the last administrator is %s", try.path, try.form, name, me.body)
			}
		}
	}
}

// TestDeputyMakesNoAdministrator holds that whom a role gives every privilege makes no
// administrators all the same.
func TestDeputyMakesNoAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deputy := w.account(t, w.role(t, w.all))
	o := &object{vars: map[string]string{"user": w.unique("new"), "role": portaltest.RoleAdmin}}
	for path, form := range map[string]url.Values{
		rest + "portals/self/updateUserRole":    values("user", w.plain.name, "role", portaltest.RoleAdmin),
		"portaladmin/security/users/createUser": createUser(o, who{}),
		rest + "portals/self/invite":            invitation(o, who{}),
	} {
		if got := outcomeOf(w.send(t, deputy, request{path: path, form: form})); got != "403" {
			t.Errorf("%s: %q, want 403", path, got)
		}
	}
}

// TestAdministratorsPart lets two administrators take each other's role at the same time: one
// of them stays.
func TestAdministratorsPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.cast["administrator"], w.account(t, portaltest.RoleAdmin)
	w.must(t, one, rest+"portals/self/disableUsers", values("users", w.admin.name+","+w.hermit))
	done := make(chan string, 2)
	for as, other := range map[who]who{one: two, two: one} {
		go func() {
			done <- outcomeOf(w.send(t, as, request{path: rest + "portals/self/updateUserRole", form: values("user", other.name, "role", portaltest.RoleUser)}))
		}()
	}
	first, second := <-done, <-done
	if (first == "ok") == (second == "ok") {
		t.Errorf("both took the other's role, or neither: %q, %q", first, second)
	}
}
