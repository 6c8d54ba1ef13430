package policy

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/rhumb-gis/rhumb/portaltest"
)

const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

// signInCalls are the routes of signing in, below both of their prefixes. None of them has a
// caller: they make one.
func signInCalls() map[string]call {
	ops := map[string]call{
		"generateToken":            {setup: signIn, rare: true, form: vars("username", "user", "password", "password")},
		"oauth2/authorize":         {setup: signIn, get: true, plain: true, form: authorization, shows: pageText},
		"oauth2/signin":            {setup: signIn, fresh: true, plain: true, form: vars("oauth_state", "state", "username", "user", "password", "password"), shows: pageText},
		"oauth2/resetPassword":     {setup: signIn, plain: true, form: with(vars("oauth_state", "state", "password", "password"), "newPassword", "Dd4-another", "newPassword2", "Dd4-another"), shows: pageText},
		"oauth2/approval":          {setup: signIn, get: true, plain: true, form: vars("code", "code"), shows: pageText},
		"oauth2/signout":           {setup: signIn, get: true, plain: true, form: vars("client_id", "client", "redirect_uri", "redirect"), shows: pageText},
		"oauth2/token":             {setup: signIn, fresh: true, form: redemption},
		"oauth2/revokeToken":       {setup: signIn, form: vars("client_id", "client", "auth_token", "token")},
		"oauth2/exchangeToken":     {setup: signIn, form: vars("client_id", "client", "token", "token")},
		"oauth2/validateAppAccess": {setup: signIn, form: vars("client_id", "client", "token", "token")},
	}
	out := map[string]call{}
	for op, c := range ops {
		out[rest+op], out["sharing/"+op] = c, c
	}
	return out
}

var oauthState = regexp.MustCompile(`"oauth_state":"([^"]+)"`)

// signIn makes an account that is about to sign in, or has done so.
//
//	right          with its password, token, code, or by a known client
//	wrong          with another password, token or code
//	disabled       the account is disabled
//	must-change    its password is good for setting another one only
//	lapsed         the sign-in page has never been asked for
//	stranger       the client is unknown
//	elsewhere      the client is known, its address is of another host
//	refresh        with a refresh token in the place of a code
//	application    with credentials for a client that is built in
//	registered     with the credentials of a registered app, or beside it wrong ones
func signIn(b *builder) *object {
	o := b.object(map[string]string{"client": "arcgisonline", "redirect": b.p.URL + "/home", "state": "lapsed"})
	a := b.account(b.t, portaltest.RoleUser)
	o.vars["user"], o.vars["password"], o.vars["token"] = a.name, a.password, a.token
	kind := b.one("registered", "right", "wrong", "disabled", "must-change", "lapsed", "stranger", "elsewhere", "refresh", "application", "unasked")
	at := rest + "community/users/" + a.name
	b.read(o, at)
	switch kind {
	case "registered":
		b.credentials(o, a)
	case "stranger":
		o.vars["client"] = "someone"
	case "elsewhere":
		o.vars["redirect"] = "https://elsewhere.example.com/"
	case "disabled":
		b.ask(b.admin, at+"/disable", nil)
	case "must-change":
		b.ask(b.admin, at+"/expirePassword", url.Values{"expiration": {"1"}})
	}
	switch op := b.route[strings.LastIndex(b.route, "/")+1:]; {
	case op == "resetPassword":
		b.resetPage(o, a, at, kind)
	case op == "signin" && kind != "lapsed":
		o.vars["state"] = b.signInPage(outOfBand)
	case op == "token" && kind != "application" && kind != "registered", op == "approval":
		b.redeemable(o, a, kind)
	case op == "revokeToken":
		o.reads = append(o.reads, func() any { return outcomeOf(b.send(b.t, a, request{path: rest + "community/self"})) })
	}
	if kind == "wrong" {
		o.vars["token"], o.vars["code"] = "no-such-token", "no-such-code"
		if !strings.HasSuffix(b.route, "/resetPassword") {
			o.vars["password"] = "Aa1-no-such-password"
		}
	}
	return o
}

// signInPage asks for a page to sign in at and returns its state.
func (b *builder) signInPage(redirect string) string {
	page := b.send(b.t, who{}, request{path: rest + "oauth2/authorize", get: true, format: "none",
		form: values("client_id", "arcgisonline", "response_type", "code", "redirect_uri", redirect)})
	m := oauthState.FindSubmatch(page.body)
	if m == nil {
		b.t.Fatalf("prepare: no sign-in page: %d %s", page.status, page.body)
	}
	return string(m[1])
}

// resetPage goes to where a password that must be changed can be: with the right password,
// but in the state "unasked" not at all.
func (b *builder) resetPage(o *object, a who, at, kind string) {
	b.ask(b.admin, at+"/expirePassword", url.Values{"expiration": {"1"}})
	o.vars["state"] = b.signInPage(outOfBand)
	if kind == "unasked" {
		return
	}
	b.send(b.t, who{}, request{path: rest + "oauth2/signin", format: "none", form: values("oauth_state", o.vars["state"], "username", a.name, "password", a.password)})
	if kind == "wrong" {
		o.vars["password"] = "Aa1-no-such-password"
	}
	o.reads = append(o.reads, func() any { return b.signsIn(a) })
}

// redeemable signs an account in as far as a code, or a refresh token.
func (b *builder) redeemable(o *object, a who, kind string) {
	state := b.signInPage(outOfBand)
	in := b.send(b.t, who{}, request{path: rest + "oauth2/signin", format: "none", form: values("oauth_state", state, "username", a.name, "password", a.password)})
	u, err := url.Parse(in.location)
	if err != nil || u.Query().Get("code") == "" {
		b.t.Fatalf("prepare: sign in: %d %s", in.status, in.body)
	}
	o.vars["code"], o.vars["redirect"] = u.Query().Get("code"), outOfBand
	if kind == "refresh" {
		got := b.ask(who{}, rest+"oauth2/token", redemption(o, who{}))
		o.vars["refresh"] = got["refresh_token"].(string)
	}
}

func authorization(o *object, _ who) url.Values {
	return values("client_id", o.vars["client"], "response_type", "code", "redirect_uri", o.vars["redirect"], "state", "x")
}

// redemption is how a code, a refresh token or the credentials of an application become a
// token.
func redemption(o *object, _ who) url.Values {
	switch {
	case o.vars["secret"] != "":
		return values("grant_type", "client_credentials", "client_id", o.vars["client"], "client_secret", o.vars["secret"])
	case o.is("application"):
		return values("grant_type", "client_credentials", "client_id", o.vars["client"], "client_secret", "secret")
	case o.vars["refresh"] != "":
		return values("grant_type", "refresh_token", "client_id", o.vars["client"], "refresh_token", o.vars["refresh"])
	}
	return values("grant_type", "authorization_code", "client_id", o.vars["client"], "code", o.vars["code"], "redirect_uri", outOfBand)
}

var (
	tags   = regexp.MustCompile(`<style>[^<]*</style>|<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// pageText is what a page says.
func pageText(a answer, _ *object) string {
	return "page:" + plainText(a.body)
}

func plainText(page []byte) string {
	return strings.TrimSpace(spaces.ReplaceAllString(tags.ReplaceAllString(string(page), " "), " "))
}
