package oauth_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// Names that sign in to one account share its attempts, however they are spelled.
//
// Guard: portal.AccountKey in keyOf.
func TestThrottleKnowsAnAccountByEveryName(t *testing.T) {
	t.Parallel()
	r := setup(t)
	m := r.CreateMember(t, "missis@corp", portaltest.RoleUser)
	names := []string{"missis@corp", "MISSIS@CORP", "mi\u017fsis@corp", "m\u0131ssis@corp", `corp\missis`, " missis@corp ", "CORP\\mis\u017fis"}
	for i := range 21 {
		r.generate("username", names[i%len(names)], "password", "wrong-password-1")
	}
	for _, name := range names {
		if v := r.generate("username", name, "password", m.Password); v["token"] != nil {
			t.Errorf("%q has attempts of its own", name)
		}
	}
	if r.who(r.Token(t, "Ada", r.ada.Password)) != "Ada" {
		t.Error("another account of the same address is locked too")
	}
}

// A password in the address is refused in whatever way it is spelled there.
//
// Guard: inQuery.
func TestPasswordsInOddAddresses(t *testing.T) {
	t.Parallel()
	r := setup(t)
	for _, q := range []string{"password=a;b", "PassWord=x", "%70assword=x", "x=;&password=y;", "password", "&&password=1"} {
		if p := r.do("/sharing/rest/generateToken?f=json&username=ada&"+q, url.Values{}); !strings.Contains(p.body, `"code":405`) {
			t.Errorf("generateToken?%s: %s", q, p.body)
		}
		state := r.state(r.do("/sharing/rest/oauth2/authorize"+query("client_id", "pythonapi", "response_type", "code", "redirect_uri", oob), nil))
		p := r.do("/sharing/rest/oauth2/signin?"+q, form("oauth_state", state, "username", "Ada", "password", r.ada.Password))
		if p.status != http.StatusBadRequest {
			t.Errorf("signin?%s: %d", q, p.status)
		}
	}
}

// The sign-in page cannot be driven by, framed by or read by other sites, runs no word of what
// it was asked with, and leaves nothing in caches or in the browser.
//
// Guards: Service.resume (forms of other sites), writeHTML (headers), html/template (escapes).
func TestSignInPageAgainstOtherSites(t *testing.T) {
	t.Parallel()
	r := setup(t)
	const evil = `"></script><script>alert(1)</script>`
	authorize := "/sharing/rest/oauth2/authorize" + query("client_id", "pythonapi", "response_type", "code", "redirect_uri", r.origin+"/x?"+url.QueryEscape(evil), "state", evil)
	p := r.do(authorize, nil, "Origin", "https://evil.test")
	hd := p.header
	if hd.Get("X-Frame-Options") != "DENY" || !strings.Contains(hd.Get("Content-Security-Policy"), "frame-ancestors 'none'") ||
		hd.Get("Cache-Control") != "no-store" || hd.Get("Referrer-Policy") != "no-referrer" || hd.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("headers of the page: %v", hd)
	}
	if hd.Get("Set-Cookie") != "" {
		t.Errorf("the page sets a cookie: %v", hd)
	}
	if strings.Contains(p.body, "<script>alert") {
		t.Errorf("the page holds a script: %s", p.body)
	}
	for _, path := range []string{"signin", "resetPassword"} {
		for _, header := range [][]string{
			{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.test"}, {"Origin", "null"},
			{"Origin", r.origin + ".evil.test"},
		} {
			state := r.state(r.do(authorize, nil))
			p := r.do("/sharing/rest/oauth2/"+path, form("oauth_state", state, "username", "Ada", "password", r.ada.Password), header...)
			if p.status != http.StatusForbidden || p.header.Get("Location") != "" {
				t.Errorf("%s with %v: %d", path, header, p.status)
			}
		}
	}
	p = r.do("/sharing/rest/oauth2/signin", form("oauth_state", r.state(r.do(authorize, nil)), "username", evil, "password", "x"))
	if strings.Contains(p.body, "<script>alert") {
		t.Errorf("the page holds a script of the username: %s", p.body)
	}
}

// What is checked is what is used, where a parameter comes twice.
//
// Guard: Request.Str, the one reading of a parameter.
func TestDuplicateParametersOfASignIn(t *testing.T) {
	t.Parallel()
	r := setup(t)
	const evil = "https://evil.test/"
	ask := func(q string) page {
		return r.do("/sharing/rest/oauth2/authorize?client_id=pythonapi&response_type=code&"+q, nil)
	}
	good := url.QueryEscape(r.origin + "/cb")
	for _, q := range []string{"redirect_uri=" + evil + "&redirect_uri=" + good, "Redirect_URI=" + evil + "&redirect_uri=" + good} {
		if p := ask(q); p.status != http.StatusBadRequest || p.header.Get("Location") != "" {
			t.Errorf("%s: %d", q, p.status)
		}
	}
	for _, q := range []string{"redirect_uri=" + good + "&redirect_uri=" + evil, "redirect_uri=" + good + "&REDIRECT_URI=" + evil} {
		p := r.do("/sharing/rest/oauth2/signin?redirect_uri="+evil, form("oauth_state", r.state(ask(q)), "username", "Ada", "password", r.ada.Password, "redirect_uri", evil))
		if l := p.header.Get("Location"); p.status != http.StatusFound || !strings.HasPrefix(l, r.origin+"/cb?code=") {
			t.Errorf("%s: %d %s", q, p.status, l)
		}
	}
	token := r.Token(t, "Ada", r.ada.Password)
	if got := r.who("not-a-token&token=" + token); got != "code 498" {
		t.Errorf("a token within a token: %s", got)
	}
	if p := r.do("/sharing/rest/community/self?f=json&token=wrong&token="+token, nil); !strings.Contains(p.body, `"code":498`) {
		t.Errorf("the second token counts: %s", p.body)
	}
}

// The words of a client come back only escaped, and in no header.
//
// Guards: url.QueryEscape and escapeFragment in landing.
func TestStateSplitsNoResponse(t *testing.T) {
	t.Parallel()
	r := setup(t)
	const state = "a\r\nSet-Cookie: x=1\r\n\r\n<script>&code=forged#access_token=forged"
	for _, kind := range []string{"code", "token"} {
		p := r.signIn(r.ada, "client_id", "pythonapi", "response_type", kind, "redirect_uri", r.origin+"/cb", "state", state)
		u := r.location(p)
		got := u.Query()
		if kind == "token" {
			got, _ = url.ParseQuery(u.Fragment)
			if f, err := url.ParseQuery(u.EscapedFragment()); err == nil {
				got = f
			}
		}
		if p.header.Get("Set-Cookie") != "" || got.Get("state") != state || len(got["code"]) > 1 || len(got["access_token"]) > 1 {
			t.Errorf("%s: %q", kind, p.header.Get("Location"))
		}
	}
}

// Nothing that opens an account can be guessed: 32 random bytes each.
//
// Guard: put, the only maker of tokens.
func TestTokensHoldEnoughChance(t *testing.T) {
	t.Parallel()
	r := setup(t)
	seen := map[string]bool{}
	check := func(kind string, v any) {
		t.Helper()
		text, _ := v.(string)
		b, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || len(b) < 32 || seen[text] {
			t.Errorf("%s: %d bytes, %v", kind, len(b), err)
		}
		seen[text] = true
	}
	for range 3 {
		s := r.session()
		check("access", s["access_token"])
		check("refresh", s["refresh_token"])
		check("code", r.code())
		check("state", r.state(r.do("/sharing/rest/oauth2/authorize"+query("client_id", "pythonapi", "response_type", "code", "redirect_uri", oob), nil)))
		check("generated", r.Token(t, "Ada", r.ada.Password))
	}
}
