package oauth_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// The proof key travels unhashed only where the page that asks has no means to hash it: one that
// came by http from another machine.
//
// Guard: unhashed.
func TestPlainProofKeys(t *testing.T) {
	t.Parallel()
	r := setup(t)
	key := strings.Repeat("verify-me.", 5)
	_, client, _ := r.register(r.ada, "Viewer", "http://intranet.example.com/map", "https://app.example.com/", "http://localhost:5173/", "http://127.0.0.1:5173/", "viewer://auth")
	for _, redirect := range []string{"https://app.example.com/", "http://localhost:5173/", "http://127.0.0.1:5173/", "viewer://auth"} {
		for _, method := range [][]string{{"code_challenge_method", "plain"}, nil} {
			p := r.do("/sharing/rest/oauth2/authorize"+query(append([]string{"client_id", client, "response_type", "code", "redirect_uri", redirect, "code_challenge", key}, method...)...), nil)
			if p.status != 400 || !strings.Contains(p.body, "must be S256") {
				t.Errorf("%s %v: %d %.300s", redirect, method, p.status, p.body)
			}
		}
	}
	const page = "http://intranet.example.com/map"
	ask := []string{"client_id", client, "response_type", "code", "redirect_uri", page, "code_challenge", key, "code_challenge_method", "plain"}
	for given, ok := range map[string]bool{key: true, "other": false, "": false} {
		code := r.location(r.signIn(r.ada, ask...)).Query().Get("code")
		v := r.grant("grant_type", "authorization_code", "client_id", client, "redirect_uri", page, "code", code, "code_verifier", given)
		if (v["access_token"] != nil) != ok {
			t.Errorf("with %q: %v", given, v)
		}
	}
}

// A refresh token that was replaced and is shown again is in two hands: all that came from it
// ends, whoever holds it.
//
// Guard: the spent token in exchangeRefresh and withRefresh.
func TestReplacedRefreshTokensEndTheSession(t *testing.T) {
	t.Parallel()
	for _, grant := range []string{"refresh_token", "exchange_refresh_token"} {
		t.Run(grant, func(t *testing.T) {
			t.Parallel()
			log := &journal{}
			r := setup(t, portaltest.Log(log))
			bystander := r.session()
			exchange := func(refresh any) map[string]any {
				return r.redeem("grant_type", "exchange_refresh_token", "refresh_token", refresh.(string), "redirect_uri", oob)
			}
			first := r.session()
			second := exchange(first["refresh_token"])
			third := exchange(second["refresh_token"])
			if who := r.who(third["access_token"].(string)); who != "Ada" {
				t.Fatalf("exchanged twice: %v", third)
			}
			again := func() map[string]any {
				return r.redeem("grant_type", grant, "refresh_token", first["refresh_token"].(string), "redirect_uri", oob)
			}
			// A moment later it is a page that shares the session, or an answer that was lost.
			if v := again(); codeOf(v) != 498 || r.who(third["access_token"].(string)) != "Ada" {
				t.Errorf("the token that has just been replaced: %v", v)
			}
			r.clock.Advance(2 * time.Minute)
			v := again()
			if codeOf(v) != 498 || v["access_token"] != nil {
				t.Errorf("the replaced token: %v", v)
			}
			if who := r.who(third["access_token"].(string)); who != "code 498" {
				t.Errorf("the session goes on: %s", who)
			}
			if v := r.redeem("grant_type", "refresh_token", "refresh_token", third["refresh_token"].(string)); codeOf(v) != 498 {
				t.Errorf("and can be prolonged: %v", v)
			}
			if who := r.who(bystander["access_token"].(string)); who != "Ada" {
				t.Errorf("another session of the member ended: %s", who)
			}
			if text := strings.Join(log.take(""), "\n"); !strings.Contains(text, "used again") || !strings.Contains(text, "user=Ada") || strings.Contains(text, first["refresh_token"].(string)) {
				t.Errorf("log: %s", text)
			}
		})
	}
}

// Another client that shows a replaced token ends nothing: it holds no part of the session.
func TestReplacedTokensAreBoundToTheirClient(t *testing.T) {
	t.Parallel()
	r := setup(t)
	first := r.session()
	second := r.redeem("grant_type", "exchange_refresh_token", "refresh_token", first["refresh_token"].(string), "redirect_uri", oob)
	v := r.grant("grant_type", "refresh_token", "client_id", "arcgispro", "refresh_token", first["refresh_token"].(string))
	if oauthError(v) != "invalid_grant" || r.who(second["access_token"].(string)) != "Ada" {
		t.Errorf("by another client: %v", v)
	}
}

// A session keeps the tokens that were replaced, so it can be renewed only so often.
//
// Guard: exchangesMost in exchangeRefresh.
func TestExchangesAreBounded(t *testing.T) {
	t.Parallel()
	r := setup(t)
	s := r.session()
	for n := range 501 {
		next := r.redeem("grant_type", "exchange_refresh_token", "refresh_token", s["refresh_token"].(string), "redirect_uri", oob)
		if next["refresh_token"] == nil {
			if n != 500 || oauthError(next) != "invalid_grant" {
				t.Errorf("exchange %d: %v", n+1, next)
			}
			return
		}
		s = next
	}
	t.Error("there is no end to it")
}

// However often refresh tokens are exchanged, a year after the sign-in its session is over.
//
// Guard: sessionMost in grantSession.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	r := setup(t)
	s := r.redeem("grant_type", "authorization_code", "code", r.code("expiration", "129600"), "redirect_uri", oob)
	for range 8 { // 8 times 50 days are more than a year
		r.clock.Advance(50 * 24 * time.Hour)
		next := r.redeem("grant_type", "exchange_refresh_token", "refresh_token", s["refresh_token"].(string), "redirect_uri", oob)
		if next["refresh_token"] == nil {
			if codeOf(next) != 498 {
				t.Errorf("the end: %v", next)
			}
			return
		}
		s = next
	}
	t.Errorf("the session goes on after 400 days: %v", s)
}
