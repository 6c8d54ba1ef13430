package oauth_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// The first way of the Python package: implicit, to the portal's bare origin, by the other
// prefix of the sign-in form.
func TestImplicitFlow(t *testing.T) {
	t.Parallel()
	r := setup(t)
	p := r.signIn(r.ada, "client_id", "pythonapi", "response_type", "token", "redirect_uri", r.origin, "state", `{"a b":"&#"}`,
		"expiration", "600", "allow_verification", "false", "style", "dark", "locale", "en-US")
	u := r.location(p)
	if !strings.HasPrefix(u.String(), r.origin+"#access_token=") {
		t.Fatalf("redirected to %s", u)
	}
	f, err := url.ParseQuery(u.EscapedFragment())
	if err != nil {
		t.Fatal(err)
	}
	if f.Get("expires_in") != "36000" || f.Get("username") != "Ada" || f.Get("ssl") != "false" || f.Get("state") != `{"a b":"&#"}` {
		t.Errorf("fragment %v", f)
	}
	if who := r.who(f.Get("access_token")); who != "Ada" {
		t.Errorf("the token stands for %s", who)
	}
	r.clock.Advance(10*time.Hour - time.Second)
	if who := r.who(f.Get("access_token")); who != "Ada" {
		t.Errorf("just before its end: %s", who)
	}
	r.clock.Advance(time.Second)
	if who := r.who(f.Get("access_token")); who != "code 498" {
		t.Errorf("after its end: %s", who)
	}
}

// The second way of the Python package: a code out-of-band, read from pages.
func TestCodeOutOfBand(t *testing.T) {
	t.Parallel()
	r := setup(t)
	p := r.do("/sharing/rest//oauth2/authorize"+query("client_id", "pythonapi", "response_type", "code", "redirect_uri", oob, "expiration", "20160"), nil)
	script := regexp.MustCompile(`<script>var oAuthInfo = (\{.*\});</script>`)
	var info struct {
		State    string `json:"oauth_state"`
		Messages []string
	}
	m := script.FindStringSubmatch(p.body)
	if m == nil || json.Unmarshal([]byte(m[1]), &info) != nil || info.State == "" {
		t.Fatalf("no oAuthInfo in %s", p.body)
	}
	if csp := p.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "script-src") {
		t.Errorf("policy %q", csp)
	}
	wrong := r.do("/sharing/rest/oauth2/signin", form("oauth_state", info.State, "username", "Ada", "password", "wrong"))
	m = script.FindStringSubmatch(wrong.body)
	if wrong.status != 200 || m == nil || json.Unmarshal([]byte(m[1]), &info) != nil || len(info.Messages) != 1 || info.Messages[0] != "Invalid username or password." {
		t.Fatalf("after a wrong password: %d %s", wrong.status, wrong.body)
	}
	if !strings.Contains(m[1], `"messages":["Invalid username or password."]`) || !strings.Contains(wrong.body, "OAUTH_0015") {
		t.Errorf("the words that clients look for are missing: %s", wrong.body)
	}
	u := r.location(r.do("/sharing/rest/oauth2/signin", form("oauth_state", info.State, "username", "ada", "password", r.ada.Password)))
	if u.Path != "/portal/sharing/rest/oauth2/approval" {
		t.Fatalf("redirected to %s", u)
	}
	approval := r.do("/sharing/rest/oauth2/approval?"+u.RawQuery, nil)
	if m = regexp.MustCompile(`<title>SUCCESS code=([^<]+)</title>`).FindStringSubmatch(approval.body); m == nil {
		t.Fatalf("approval page: %s", approval.body)
	}
	// requests-oauthlib sends no f.
	token := r.do("/sharing/rest/oauth2/token/", form("grant_type", "authorization_code", "client_id", "pythonapi", "code", m[1], "redirect_uri", oob, "expiration", "20160"))
	var got map[string]any
	if err := json.Unmarshal([]byte(token.body), &got); err != nil {
		t.Fatal(err)
	}
	if got["username"] != "Ada" || got["expires_in"] != 1800.0 || got["refresh_token_expires_in"] != 20160*60.0 || got["ssl"] != false {
		t.Errorf("got %v", got)
	}
	if who := r.who(got["access_token"].(string)); who != "Ada" {
		t.Errorf("the token stands for %s", who)
	}
}

func TestApprovalShowsOnlyCodes(t *testing.T) {
	t.Parallel()
	r := setup(t)
	p := r.do("/sharing/rest/oauth2/approval"+query("code", "</title><script>alert(1)</script>"), nil)
	if p.status != 400 || strings.Contains(p.body, "SUCCESS") || strings.Contains(p.body, "<script>alert") {
		t.Errorf("got %d %s", p.status, p.body)
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	t.Parallel()
	r := setup(t)
	tests := []struct {
		name  string
		pairs []string
		text  string
	}{
		{"unknown client", []string{"client_id", "x", "response_type", "code", "redirect_uri", oob}, "Error: Invalid client_id"},
		{"foreign address", []string{"client_id", "pythonapi", "response_type", "code", "redirect_uri", "https://evil.test"}, "Error: Invalid redirect_uri"},
		{"no address", []string{"client_id", "pythonapi", "response_type", "code"}, "Error: Invalid redirect_uri"},
		{"no type", []string{"client_id", "pythonapi", "redirect_uri", oob}, "response_type"},
		{"token out-of-band", []string{"client_id", "pythonapi", "response_type", "token", "redirect_uri", oob}, "response_type=token"},
		{"unknown method", []string{"client_id", "pythonapi", "response_type", "code", "redirect_uri", oob, "code_challenge", "x", "code_challenge_method", "S512"}, "code_challenge_method"},
		{"no number", []string{"client_id", "pythonapi", "response_type", "code", "redirect_uri", oob, "expiration", "soon"}, "expiration"},
		{"endless", []string{"client_id", "pythonapi", "response_type", "code", "redirect_uri", oob, "state", strings.Repeat("x", 9000)}, "too long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := r.do("/sharing/rest/oauth2/authorize"+query(tt.pairs...), nil)
			if p.status != 400 || p.header.Get("Location") != "" || !strings.Contains(p.body, tt.text) || strings.Contains(p.body, "oauth_state") {
				t.Errorf("got %d %s", p.status, p.body)
			}
		})
	}
}

func TestSignInStates(t *testing.T) {
	t.Parallel()
	r := setup(t)
	ask := []string{"client_id", "arcgispro", "response_type", "code", "redirect_uri", r.origin + "/app?x=1"}
	state := func() string { return r.state(r.do("/sharing/rest/oauth2/authorize"+query(ask...), nil)) }
	right := func(s string) page {
		return r.do("/sharing/rest/oauth2/signin", form("oauth_state", s, "username", "Ada", "password", r.ada.Password))
	}
	s := state()
	if u := r.location(right(s)); !strings.HasPrefix(u.String(), r.origin+"/app?x=1&code=") || u.Query().Has("state") {
		t.Errorf("redirected to %s", u)
	}
	if p := right(s); p.status != 400 {
		t.Errorf("a state is good twice: %d", p.status)
	}
	if p := right("made-up"); p.status != 400 {
		t.Errorf("a made-up state: %d", p.status)
	}
	lapsed := state()
	r.clock.Advance(31 * time.Minute)
	if p := right(lapsed); p.status != 400 {
		t.Errorf("a lapsed state: %d", p.status)
	}
	if p := r.do("/sharing/rest/oauth2/signin", form("oauth_state", state(), "username", "Ada", "password", r.ada.Password), "Origin", "https://evil.test"); p.status != 403 {
		t.Errorf("a form of another site: %d", p.status)
	}
	if p := r.do("/sharing/rest/oauth2/signin", form("oauth_state", state(), "username", "Ada", "password", r.ada.Password), "Origin", r.origin); p.status != 302 {
		t.Errorf("a form of our own site: %d", p.status)
	}
	if p := r.do("/sharing/rest/oauth2/signin"+query("password", r.ada.Password), form("oauth_state", state(), "username", "Ada")); p.status != 400 {
		t.Errorf("a password in the address: %d", p.status)
	}
	if p := r.do("/sharing/rest/oauth2/signin"+query("oauth_state", state(), "username", "Ada"), nil); strings.Contains(p.header.Get("Location"), "code=") {
		t.Error("a GET signs in")
	}
}

func TestNewPasswordAtSignIn(t *testing.T) {
	t.Parallel()
	r := setup(t)
	v := r.Call(t, r.AdminToken(t), "sharing/rest/community/users/Ada/expirePassword", nil)
	if codeOf(v) != 0 {
		t.Fatal(v)
	}
	p := r.signIn(r.ada, "client_id", "arcgisonline", "response_type", "code", "redirect_uri", r.origin+"/app", "state", "s1")
	state := r.state(p)
	if !strings.Contains(p.body, `name="newPassword2"`) || !strings.Contains(p.body, "/portal/sharing/rest/oauth2/resetPassword") {
		t.Fatalf("no page for a new password: %s", p.body)
	}
	reset := func(old, fresh, again string, more ...string) page {
		return r.do("/sharing/oauth2/resetPassword", form(append(more, "oauth_state", state, "password", old, "newPassword", fresh, "newPassword2", again)...))
	}
	for name, tt := range map[string]struct{ old, fresh, again, text string }{
		"differ":    {r.ada.Password, "Longenough1", "Longenough2", "differ"},
		"wrong old": {"wrong", "Longenough1", "Longenough1", "Invalid username or password."},
		"too short": {r.ada.Password, "x1", "x1", "at least"},
		"the same":  {r.ada.Password, r.ada.Password, r.ada.Password, "must differ"},
	} {
		if p := reset(tt.old, tt.fresh, tt.again); p.status != 200 || !strings.Contains(p.body, tt.text) {
			t.Errorf("%s: %d %s", name, p.status, p.body)
		}
	}
	if p := reset("wrong", "Longenough1", "Longenough1", "f", "json"); p.status != 200 || !strings.Contains(p.body, `"code":400`) {
		t.Errorf("as JSON: %d %s", p.status, p.body)
	}
	u := r.location(reset(r.ada.Password, "Longenough1", "Longenough1"))
	if u.Query().Get("state") != "s1" || u.Query().Get("code") == "" {
		t.Errorf("redirected to %s", u)
	}
	if got := r.Token(t, "ada", "Longenough1"); got == "" {
		t.Error("the new password does not work")
	}
	if p := reset("Longenough1", "Longenough2", "Longenough2"); p.status != 400 {
		t.Errorf("the page is good twice: %d", p.status)
	}
}

// A sign-in page that nobody has signed in on must not change passwords.
func TestNewPasswordNeedsTheOldOne(t *testing.T) {
	t.Parallel()
	r := setup(t)
	state := r.state(r.do("/sharing/rest/oauth2/authorize"+query("client_id", "pythonapi", "response_type", "code", "redirect_uri", oob), nil))
	p := r.do("/sharing/rest/oauth2/resetPassword", form("oauth_state", state, "password", r.ada.Password, "newPassword", "Longenough1", "newPassword2", "Longenough1"))
	if p.status != 400 {
		t.Errorf("got %d %s", p.status, p.body)
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	r := setup(t)
	if u := r.location(r.do("/sharing/rest/oauth2/signout"+query("client_id", "arcgisonline", "redirect_uri", r.origin+"/bye"), nil)); u.Path != "/bye" {
		t.Errorf("redirected to %s", u)
	}
	for _, q := range []string{query("client_id", "arcgisonline", "redirect_uri", "https://evil.test/"), query("redirect_uri", r.origin)} {
		if p := r.do("/sharing/rest/oauth2/signout"+q, nil); p.status != 400 {
			t.Errorf("%s: %d", q, p.status)
		}
	}
	if p := r.do("/sharing/rest/oauth2/signout", nil); p.status != 200 {
		t.Errorf("without address: %d", p.status)
	}
}

func TestFlowsOverTLS(t *testing.T) {
	t.Parallel()
	r := setup(t, portaltest.TLS())
	u := r.location(r.signIn(r.ada, "client_id", "pythonapi", "response_type", "token", "redirect_uri", r.origin))
	if !strings.HasPrefix(u.String(), "https://") || !strings.Contains(u.EscapedFragment(), "ssl=true") {
		t.Errorf("redirected to %s", u)
	}
}

func TestGuessesByResetCount(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.Token(t, "Ada", r.ada.Password)
	reset := func(old string) string {
		return r.do("/sharing/rest/community/users/ada/reset", form("f", "json", "token", token, "password", old, "newPassword", "Longenough1")).body
	}
	for i := range 20 {
		if got := reset("wrong"); !strings.Contains(got, "Invalid username or password.") {
			t.Fatalf("guess %d: %s", i+1, got)
		}
		// A call that is refused for another reason gives no guesses back.
		if got := r.do("/sharing/rest/community/users/admin/reset", form("f", "json", "token", token, "password", "x", "newPassword", "y")).body; !strings.Contains(got, `"error"`) {
			t.Fatal(got)
		}
	}
	if got := reset(r.ada.Password); !strings.Contains(got, "Too many invalid attempts.") {
		t.Errorf("after 20 guesses: %s", got)
	}
	if got := r.do("/sharing/rest/generateToken", form("f", "json", "username", "ada", "password", r.ada.Password)).body; !strings.Contains(got, "Too many invalid attempts.") {
		t.Errorf("a sign-in after 20 guesses: %s", got)
	}
	r.clock.Advance(15 * time.Minute)
	if got := reset(r.ada.Password); !strings.Contains(got, `"success":true`) {
		t.Errorf("later: %s", got)
	}
}
