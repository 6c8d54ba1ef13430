package wire

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A redirect that keeps POST hands the form, with the password in it, to another host, or
// unencrypted to the same one.
//
// Guard: guardRedirects.
func TestFormsFollowNoRedirectAway(t *testing.T) {
	t.Parallel()
	var stolen string
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stolen = r.FormValue("password")
		fmt.Fprint(w, `{"success":true}`)
	}))
	defer thief.Close()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, thief.URL, http.StatusTemporaryRedirect)
	}))
	defer srv.Close()
	err := clientFor(t, srv, nil).JSON(t.Context(), Once("generateToken").Set("password", "hunter2"), nil)
	var e *Error
	if !errors.As(err, &e) || e.Class != ClassProtocol || !strings.Contains(err.Error(), "redirects") {
		t.Errorf("got %v", err)
	}
	if stolen != "" {
		t.Errorf("the form went to another host: %s", stolen)
	}
}

// Redirects in circles end soon.
//
// Guard: maxRedirects in guardRedirects.
func TestRedirectsInCirclesEndSoon(t *testing.T) {
	t.Parallel()
	calls := 0 // one at a time
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	}))
	defer srv.Close()
	if err := clientFor(t, srv, nil).JSON(t.Context(), Read("self"), nil); err == nil || !strings.Contains(err.Error(), "circles") {
		t.Errorf("got %v", err)
	}
	if calls > maxRedirects {
		t.Errorf("%d redirects were followed", calls)
	}
}

// A token that came encrypted does not go on in the clear, to whatever host; forms neither.
//
// Guard: the comparison of schemes in guardRedirects.
func TestTokensStayEncrypted(t *testing.T) {
	t.Parallel()
	check := guardRedirects(nil)
	for _, tt := range []struct {
		from, to string
		keeps    bool
	}{
		{"https://h/x", "https://h/y", true}, {"http://h/x", "https://h/y", true}, {"http://h/x", "http://h/y", true},
		{"https://h/x", "http://h/y", false}, {"https://h/x", "https://h:8443/y", false}, {"https://h/x", "https://h.evil.test/y", false},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			first := httptest.NewRequest(method, tt.from, nil)
			next := httptest.NewRequest(method, tt.to, nil)
			next.Header.Set(tokenHeader, "Bearer hunter2")
			err := check(next, []*http.Request{first})
			if kept := err == nil && next.Header.Get(tokenHeader) != ""; kept != tt.keeps || method == http.MethodPost && (err == nil) != tt.keeps {
				t.Errorf("%s from %s to %s: kept %t, %v", method, tt.from, tt.to, kept, err)
			}
		}
	}
}
