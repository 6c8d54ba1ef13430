package oauth_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// register makes an item of a member and registers it with these addresses.
func (r *rig) register(m portaltest.Member, title string, redirects ...string) (item, client, secret string) {
	r.t.Helper()
	token := r.Token(r.t, m.Username, m.Password)
	added := r.Call(r.t, token, "sharing/rest/content/users/"+m.Username+"/addItem", form("title", title, "type", "Application", "url", "https://app.example.com"))
	item, _ = added["id"].(string)
	uris, err := json.Marshal(append([]string{}, redirects...))
	if err != nil {
		r.t.Fatal(err)
	}
	app := r.Call(r.t, token, "sharing/rest/oauth2/registerApp", form("itemId", item, "appType", "multiple", "redirect_uris", string(uris)))
	client, _ = app["client_id"].(string)
	secret, _ = app["client_secret"].(string)
	if client == "" || secret == "" {
		r.t.Fatalf("registered %v", app)
	}
	return item, client, secret
}

// grant asks for a token and returns the answer.
func (r *rig) grant(pairs ...string) map[string]any {
	r.t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(r.do("/sharing/rest/oauth2/token", form(pairs...)).body), &doc); err != nil {
		r.t.Fatal(err)
	}
	return doc
}

func oauthError(doc map[string]any) string {
	e, _ := doc["error"].(map[string]any)
	name, _ := e["error"].(string)
	return name
}

func TestAppSignsMembersIn(t *testing.T) {
	t.Parallel()
	r := setup(t)
	_, client, key := r.register(r.ada, "Field <Notes>", "https://app.example.com/notes", "myapp://auth")
	page := r.do("/sharing/rest/oauth2/authorize"+query("client_id", client, "response_type", "code", "redirect_uri", "https://app.example.com/notes/done"), nil)
	if page.status != 200 || !strings.Contains(page.body, "<bdi>Field &lt;Notes&gt;</bdi> asks for access") {
		t.Errorf("the page does not name the app: %d %s", page.status, page.body)
	}
	if csp := page.header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, " https://app.example.com") {
		t.Errorf("the browser would not follow the redirect: %q", csp)
	}
	u := r.location(r.signIn(r.ada, "client_id", client, "response_type", "code", "redirect_uri", "myapp://auth", "state", "s"))
	if u.Scheme != "myapp" || u.Host != "auth" || u.Query().Get("state") != "s" {
		t.Fatalf("redirected to %s", u)
	}
	code := u.Query().Get("code")
	redeem := []string{"grant_type", "authorization_code", "client_id", client, "code", code, "redirect_uri", "myapp://auth"}
	if got := r.grant(append(redeem, "client_secret", "wrong")...); oauthError(got) != "invalid_client" {
		t.Errorf("a wrong secret: %v", got)
	}
	got := r.grant(append(redeem, "client_secret", key)...)
	access, _ := got["access_token"].(string)
	refresh, _ := got["refresh_token"].(string)
	if got["username"] != "Ada" || r.who(access) != "Ada" {
		t.Fatalf("granted %v", got)
	}
	if again := r.grant("grant_type", "refresh_token", "client_id", client, "refresh_token", refresh); again["access_token"] == nil {
		t.Errorf("refresh: %v", again)
	}
	exchange := []string{"grant_type", "exchange_refresh_token", "client_id", client, "refresh_token", refresh, "redirect_uri"}
	if bad := r.grant(append(exchange, r.origin)...); oauthError(bad) != "invalid_request" {
		t.Errorf("exchanged for an address that is not registered: %v", bad)
	}
	if fresh := r.grant(append(exchange, "https://app.example.com/notes")...); fresh["refresh_token"] == nil {
		t.Errorf("exchange: %v", fresh)
	}
	implicit := r.location(r.signIn(r.ada, "client_id", client, "response_type", "token", "redirect_uri", "https://app.example.com/notes"))
	fragment, err := url.ParseQuery(implicit.EscapedFragment())
	if err != nil || r.who(fragment.Get("access_token")) != "Ada" {
		t.Errorf("implicit: %s", implicit)
	}
}

func TestRedirectsOfAnApp(t *testing.T) {
	t.Parallel()
	r := setup(t)
	_, client, _ := r.register(r.ada, "App", "https://app.example.com/notes", "https://root.example.com", "https://query.example.com/a?b=c", "com.example:/cb")
	for address, want := range map[string]bool{
		"https://app.example.com/notes": true, "https://app.example.com/notes/done?x=1": true, "https://APP.example.com/notes/": true,
		"https://root.example.com": true, "https://root.example.com/any/path": true, "https://query.example.com/a?b=c": true, "com.example:/cb": true,
		"https://app.example.com/": false, "https://app.example.com/notesx": false, "https://app.example.com/notes/../admin": false, "https://app.example.com/notes/%2e%2e/admin": false,
		"http://app.example.com/notes": false, "https://app.example.com:8443/notes": false, "https://app.example.com.evil.test/notes": false, "https://evil.test/notes": false,
		"https://user@app.example.com/notes": false, "https://app.example.com/notes#x": false, "https://app.example.com\\@evil.test/notes": false, "https://root.example.com\t/x": false,
		"https://query.example.com/a": false, "https://query.example.com/a/b?b=c": false, "com.example:/cb/more": false, "urn:ietf:wg:oauth:2.0:oob": false, "": false,
	} {
		p := r.do("/sharing/rest/oauth2/authorize"+query("client_id", client, "response_type", "code", "redirect_uri", address), nil)
		if (p.status == 200) != want || !want && !strings.Contains(p.body, "Error: Invalid redirect_uri") {
			t.Errorf("%q: %d, want it to be allowed: %t", address, p.status, want)
		}
	}
	if p := r.do("/sharing/rest/oauth2/authorize"+query("client_id", client, "response_type", "code", "redirect_uri", r.origin), nil); p.status == 200 {
		t.Error("an app may redirect to the portal, which it did not register")
	}
}

func TestAppCredentials(t *testing.T) {
	t.Parallel()
	r := setup(t)
	item, client, key := r.register(r.ada, "App")
	credentials := func(secret string, more ...string) map[string]any {
		return r.grant(append([]string{"grant_type", "client_credentials", "client_id", client, "client_secret", secret}, more...)...)
	}
	for want, pairs := range map[string][]string{
		"invalid_client": {"grant_type", "client_credentials", "client_id", "nobody", "client_secret", key}, "invalid_request": {"grant_type", "client_credentials", "client_id", client},
		"unauthorized_client": {"grant_type", "client_credentials", "client_id", "pythonapi", "client_secret", "x"},
	} {
		if got := r.grant(pairs...); oauthError(got) != want {
			t.Errorf("%v: %v, want %s", pairs, got, want)
		}
	}
	if got := credentials(strings.ToUpper(key) + "x"); oauthError(got) != "invalid_client" {
		t.Errorf("a wrong secret: %v", got)
	}
	got := credentials(key, "expiration", "90")
	if got["expires_in"] != 5400.0 || got["refresh_token"] != nil || got["username"] != nil {
		t.Errorf("granted %v", got)
	}
	token, _ := got["access_token"].(string)
	valid := r.Call(t, "", "sharing/rest/oauth2/validateAppAccess", form("client_id", client, "token", token))
	if valid["valid"] != true {
		t.Errorf("validateAppAccess: %v", valid)
	}
	r.clock.Advance(90 * time.Minute)
	if who := r.who(token); who != "code 498" {
		t.Errorf("after its end: %s", who)
	}
	// What an app was given ends with its registration: tokens, codes and open pages.
	token, _ = credentials(key)["access_token"].(string)
	owner := r.Token(t, r.ada.Username, r.ada.Password)
	r.Call(t, owner, "sharing/rest/oauth2/apps/"+client+"/update", form("redirect_uris", `["myapp://auth"]`))
	open := r.do("/sharing/rest/oauth2/authorize"+query("client_id", client, "response_type", "code", "redirect_uri", "myapp://auth"), nil)
	state := stateInPage.FindStringSubmatch(open.body)
	code := r.location(r.signIn(r.ada, "client_id", client, "response_type", "code", "redirect_uri", "myapp://auth")).Query().Get("code")
	r.Call(t, owner, "sharing/rest/content/users/"+r.ada.Username+"/items/"+item+"/delete", form())
	if who := r.who(token); who != "code 498" {
		t.Errorf("a token of an app that is gone: %s", who)
	}
	if got := r.grant("grant_type", "authorization_code", "client_id", client, "code", code, "redirect_uri", "myapp://auth"); oauthError(got) != "invalid_client" {
		t.Errorf("a code of an app that is gone: %v", got)
	}
	if len(state) != 2 {
		t.Fatalf("no state in %s", open.body)
	}
	if p := r.do("/sharing/rest/oauth2/signin", form("oauth_state", state[1], "username", r.ada.Username, "password", r.ada.Password)); p.status != 400 {
		t.Errorf("a page of an app that is gone: %d %s", p.status, p.header.Get("Location"))
	}
	if got := credentials(key); oauthError(got) != "invalid_client" {
		t.Errorf("credentials of an app that is gone: %v", got)
	}
}
