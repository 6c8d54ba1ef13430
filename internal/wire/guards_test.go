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
