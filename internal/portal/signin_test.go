package portal_test

import (
	"errors"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

var asAdmin = portal.Caller{Username: "admin"}

// newMember adds a member with the password "Longenough1".
func (r *rig) newMember(t *testing.T, name string) {
	t.Helper()
	if err := r.CreateUser(t.Context(), asAdmin, portal.NewUser{Username: name, Password: adminPassword, FullName: name}); err != nil {
		t.Fatal(err)
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setUp(t)
	r.newMember(t, "ada")
	r.newMember(t, "eve")
	if _, err := r.SetUserDisabled(t.Context(), asAdmin, "eve", true); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Hour)
	u, err := r.SignIn(t.Context(), "ADA", adminPassword)
	if err != nil || u.Username != "ada" || !u.LastLogin.Equal(r.clock.Now()) {
		t.Fatalf("sign in: %+v, %v", u, err)
	}
	v, err := r.User(t.Context(), asAdmin, "ada")
	if err != nil || !v.LastLogin.Equal(r.clock.Now()) || v.Password.Hash != "" {
		t.Errorf("stored: %v, %v, hash %q", v.LastLogin, err, v.Password.Hash)
	}
	for name, password := range map[string]secret.Secret{"ada": "wrong", "eve": adminPassword, "esri_nav": "", "nobody": adminPassword, "": ""} {
		before := len(r.hasher.verified)
		if _, err := r.SignIn(t.Context(), name, password); !errors.Is(err, portal.ErrBadSignIn) {
			t.Errorf("%q: %v", name, err)
		}
		// Whoever it is, one password is verified: names cannot be told apart by time.
		if len(r.hasher.verified) != before+1 {
			t.Errorf("%q: %d verified", name, len(r.hasher.verified)-before)
		}
	}
}

func TestMustChange(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setUp(t)
	r.newMember(t, "ada")
	if err := r.ExpirePassword(t.Context(), asAdmin, "ada"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.SignIn(t.Context(), "ada", "wrong"); !errors.Is(err, portal.ErrBadSignIn) {
		t.Errorf("a wrong password: %v", err)
	}
	u, err := r.SignIn(t.Context(), "ada", adminPassword)
	if !errors.Is(err, portal.ErrMustChange) || u == nil || u.Username != "ada" {
		t.Fatalf("expired: %v, %v", u, err)
	}
	err = r.store.Update(t.Context(), func(tx portal.Tx) error {
		return tx.PutToken(&portal.Token{Hash: "h", Kind: portal.AccessToken, Username: "ada", Created: r.clock.Now(), Expires: r.clock.Now().Add(time.Hour)})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.ChangePassword(t.Context(), "ada", adminPassword, adminPassword); err == nil {
		t.Error("the same password again")
	}
	if err := r.ChangePassword(t.Context(), "ada", "wrong", "Evenlonger2"); !errors.Is(err, portal.ErrBadSignIn) {
		t.Errorf("a wrong old password: %v", err)
	}
	if err := r.ChangePassword(t.Context(), "ada", adminPassword, "Evenlonger2"); err != nil {
		t.Fatal(err)
	}
	if u, err := r.SignIn(t.Context(), "ada", "Evenlonger2"); err != nil || !u.Password.Changed.Equal(r.clock.Now()) {
		t.Errorf("the new password: %+v, %v", u, err)
	}
	err = r.store.View(t.Context(), func(tx portal.Tx) error {
		_, err := tx.Token("h")
		return err
	})
	if !errors.Is(err, portal.ErrAbsent) {
		t.Errorf("the token outlives the password: %v", err)
	}
}
