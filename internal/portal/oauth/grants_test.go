package oauth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"
)

func TestRefreshTokens(t *testing.T) {
	t.Parallel()
	r := setup(t)
	s := r.session()
	refresh := s["refresh_token"].(string)
	next := r.redeem("grant_type", "refresh_token", "refresh_token", refresh, "redirect_uri", oob)
	if next["refresh_token"] != nil || r.who(next["access_token"].(string)) != "Ada" || next["expires_in"] != 1800.0 {
		t.Errorf("refreshed %v", next)
	}
	r.clock.Advance(time.Hour)
	if who := r.who(next["access_token"].(string)); who != "code 498" {
		t.Errorf("an access token outlives its half hour: %s", who)
	}
	last := r.redeem("grant_type", "refresh_token", "refresh_token", refresh)
	swapped := r.redeem("grant_type", "exchange_refresh_token", "refresh_token", refresh, "redirect_uri", oob)
	if swapped["refresh_token"] == nil || swapped["refresh_token"] == refresh || swapped["refresh_token_expires_in"] != 14*24*3600.0 {
		t.Errorf("exchanged %v", swapped)
	}
	if who := r.who(last["access_token"].(string)); who != "code 498" {
		t.Errorf("the access token of an exchanged refresh token: %s", who)
	}
	if v := r.redeem("grant_type", "refresh_token", "refresh_token", refresh); codeOf(v) != 498 {
		t.Errorf("an exchanged refresh token: %v", v)
	}
	r.clock.Advance(14 * 24 * time.Hour)
	v := r.redeem("grant_type", "refresh_token", "refresh_token", swapped["refresh_token"].(string))
	if e, _ := v["error"].(map[string]any); codeOf(v) != 498 || e["error"] != "invalid_request" || e["message"] != e["error_description"] {
		t.Errorf("a lapsed refresh token: %v", v)
	}
}

// One kind of token never passes for another.
func TestKindsAreSeparate(t *testing.T) {
	t.Parallel()
	r := setup(t)
	s := r.session()
	access, refresh, code := s["access_token"].(string), s["refresh_token"].(string), r.code()
	for name, token := range map[string]string{"refresh token": refresh, "code": code} {
		if who := r.who(token); who != "code 498" {
			t.Errorf("a %s as access token: %s", name, who)
		}
	}
	for name, token := range map[string]string{"access token": access, "code": code} {
		if v := r.redeem("grant_type", "refresh_token", "refresh_token", token); codeOf(v) != 498 {
			t.Errorf("a %s as refresh token: %v", name, v)
		}
	}
	for name, token := range map[string]string{"access token": access, "refresh token": refresh} {
		if v := r.redeem("grant_type", "authorization_code", "code", token, "redirect_uri", oob); codeOf(v) != 400 {
			t.Errorf("a %s as code: %v", name, v)
		}
	}
}

func TestCodesAreGoodOnce(t *testing.T) {
	t.Parallel()
	r := setup(t)
	code := r.code()
	redeem := func(pairs ...string) map[string]any {
		return r.redeem(append([]string{"grant_type", "authorization_code"}, pairs...)...)
	}
	s := redeem("code", code, "redirect_uri", oob)
	if who := r.who(s["access_token"].(string)); who != "Ada" {
		t.Fatalf("got %v", s)
	}
	if v := redeem("code", code, "redirect_uri", oob); codeOf(v) != 400 {
		t.Errorf("a second time: %v", v)
	}
	if who := r.who(s["access_token"].(string)); who != "code 498" {
		t.Errorf("a code that was stolen leaves the first session alive: %s", who)
	}
	if v := r.redeem("grant_type", "refresh_token", "refresh_token", s["refresh_token"].(string)); codeOf(v) != 498 {
		t.Errorf("and its refresh token: %v", v)
	}
	lapsed := r.code()
	r.clock.Advance(5 * time.Minute)
	if v := redeem("code", lapsed, "redirect_uri", oob); codeOf(v) != 400 {
		t.Errorf("after five minutes: %v", v)
	}
	if v := redeem("code", r.code(), "redirect_uri", r.origin); codeOf(v) != 400 {
		t.Errorf("with another address: %v", v)
	}
	other := r.Call(t, "", "sharing/rest/oauth2/token", form("grant_type", "authorization_code", "client_id", "arcgispro", "code", r.code(), "redirect_uri", oob))
	if codeOf(other) != 400 {
		t.Errorf("by another client: %v", other)
	}
}

func TestPKCE(t *testing.T) {
	t.Parallel()
	r := setup(t)
	verifier := strings.Repeat("verify-me.", 5)
	sum := sha256.Sum256([]byte(verifier))
	s256 := base64.RawURLEncoding.EncodeToString(sum[:])
	tests := []struct {
		name      string
		ask, give []string
		ok        bool
	}{
		{"S256", []string{"code_challenge", s256, "code_challenge_method", "S256"}, []string{"code_verifier", verifier}, true},
		{"wrong verifier", []string{"code_challenge", s256, "code_challenge_method", "S256"}, []string{"code_verifier", "other"}, false},
		{"challenge as verifier", []string{"code_challenge", s256, "code_challenge_method", "S256"}, []string{"code_verifier", s256}, false},
		{"no verifier", []string{"code_challenge", s256, "code_challenge_method", "S256"}, nil, false},
		{"verifier without challenge", nil, []string{"code_verifier", verifier}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code := r.code(tt.ask...)
			v := r.redeem(append([]string{"grant_type", "authorization_code", "code", code, "redirect_uri", oob}, tt.give...)...)
			if ok := v["access_token"] != nil; ok != tt.ok {
				t.Fatalf("got %v", v)
			}
			if tt.ok {
				return
			}
			good := []string{"grant_type", "authorization_code", "code", code, "redirect_uri", oob}
			if tt.ask != nil {
				good = append(good, "code_verifier", verifier)
			}
			if v := r.redeem(good...); codeOf(v) != 400 {
				t.Errorf("the code can be tried again: %v", v)
			}
		})
	}
}

func TestGrantsThatAreRefused(t *testing.T) {
	t.Parallel()
	r := setup(t)
	tests := []struct {
		pairs []string
		want  string
	}{
		{[]string{"client_id", "pythonapi"}, "invalid_request"},
		{[]string{"client_id", "pythonapi", "grant_type", "authorization_code"}, "invalid_request"},
		{[]string{"client_id", "pythonapi", "grant_type", "refresh_token"}, "invalid_request"},
		{[]string{"client_id", "pythonapi", "grant_type", "suspend_session"}, "unsupported_grant_type"},
		{[]string{"client_id", "pythonapi", "grant_type", "password"}, "unsupported_grant_type"},
		{[]string{"client_id", "pythonapi", "grant_type", "client_credentials", "client_secret", "x"}, "unauthorized_client"},
		{[]string{"client_id", "nobody", "grant_type", "refresh_token", "refresh_token", "x"}, "invalid_client"},
	}
	for _, tt := range tests {
		v := r.Call(t, "", "sharing/rest/oauth2/token", form(tt.pairs...))
		e, _ := v["error"].(map[string]any)
		if details, ok := e["details"].([]any); e["error"] != tt.want || e["message"] == "" || !ok || len(details) != 0 {
			t.Errorf("%v: got %v", tt.pairs, v)
		}
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	r := setup(t)
	revoke := func(token string) map[string]any {
		return r.Call(t, "", "sharing/rest/oauth2/revokeToken/", form("client_id", "pythonapi", "auth_token", token))
	}
	s := r.session()
	if v := revoke(s["access_token"].(string)); v["success"] != true || r.who(s["access_token"].(string)) != "code 498" {
		t.Errorf("an access token: %v", v)
	}
	next := r.redeem("grant_type", "refresh_token", "refresh_token", s["refresh_token"].(string))
	if v := revoke(s["refresh_token"].(string)); v["success"] != true || r.who(next["access_token"].(string)) != "code 498" {
		t.Errorf("a refresh token leaves its access token alive: %v", v)
	}
	if v := revoke("unknown"); v["success"] != true {
		t.Errorf("an unknown token: %v", v)
	}
	other := r.session()["access_token"].(string)
	if v := r.Call(t, "", "sharing/rest/oauth2/revokeToken", form("client_id", "arcgispro", "auth_token", other)); codeOf(v) != 400 || r.who(other) != "Ada" {
		t.Errorf("by another client: %v", v)
	}
}

func TestAppTokens(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.Token(t, "Ada", r.ada.Password)
	v := r.Call(t, token, "sharing/rest/oauth2/exchangeToken", form("client_id", "arcgisonline"))
	mine, _ := v["token"].(string)
	if mine == "" || mine == token || r.who(mine) != "Ada" {
		t.Errorf("exchanged %v", v)
	}
	v = r.Call(t, mine, "sharing/rest/oauth2/validateAppAccess", form("client_id", "arcgisonline"))
	if v["valid"] != true || v["viewOnlyUserTypeApp"] != false {
		t.Errorf("access %v", v)
	}
	if v := r.Call(t, mine, "sharing/rest/oauth2/validateAppAccess", form("client_id", "nobody")); codeOf(v) != 400 {
		t.Errorf("unknown client %v", v)
	}
	if v := r.Call(t, "stale", "sharing/rest/oauth2/validateAppAccess", form("client_id", "arcgisonline")); codeOf(v) != 498 {
		t.Errorf("stale token %v", v)
	}
	if v := r.Call(t, mine, "sharing/rest/oauth2/registerApp", form("itemId", "x")); codeOf(v) != 400 {
		t.Errorf("registering %v", v)
	}
}
