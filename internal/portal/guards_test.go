package portal_test

import (
	"errors"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// A token that is still stored gives nothing to a member who was disabled or is gone meanwhile:
// who calls is looked up in each transaction.
//
// Guard: actorIn.
func TestCallersWhoAreGoneAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setUp(t)
	r.newMember(t, "ada")
	ada := portal.Caller{Username: "ada"}
	if _, err := r.User(t.Context(), ada, "ada"); err != nil {
		t.Fatal(err)
	}
	refused := func(when string) {
		t.Helper()
		_, err := r.User(t.Context(), ada, "ada")
		var public *portal.Error
		if !errors.As(err, &public) || public.Code != 498 {
			t.Errorf("%s: %v", when, err)
		}
	}
	change := func(fn func(tx portal.Tx) error) {
		t.Helper()
		if err := r.store.Update(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	change(func(tx portal.Tx) error {
		u, err := tx.User("ada")
		if err != nil {
			return err
		}
		u.Disabled = true
		return tx.PutUser(u)
	})
	refused("disabled")
	change(func(tx portal.Tx) error { return tx.DeleteUser("ada") })
	refused("deleted")
}

// Tokens end with the access of a member: neither one who is let in again nor another member of
// the same name finds them alive.
//
// Guards: DeleteTokensOf in setDisabled and removeUser.
func TestTokensDoNotComeBackToLife(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setUp(t)
	r.newMember(t, "ada")
	give := func(hash string) {
		t.Helper()
		err := r.store.Update(t.Context(), func(tx portal.Tx) error {
			return tx.PutToken(&portal.Token{Hash: hash, Kind: portal.AccessToken, Username: "ada", Created: r.clock.Now(), Expires: r.clock.Now().Add(time.Hour)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	gone := func(hash, when string) {
		t.Helper()
		err := r.store.View(t.Context(), func(tx portal.Tx) error {
			_, err := tx.Token(hash)
			return err
		})
		if !errors.Is(err, portal.ErrAbsent) {
			t.Errorf("%s: %v", when, err)
		}
	}
	give("first")
	for _, disabled := range []bool{true, false} {
		if _, err := r.SetUserDisabled(t.Context(), asAdmin, "ada", disabled); err != nil {
			t.Fatal(err)
		}
	}
	gone("first", "disabled and enabled again")
	give("second")
	if _, err := r.RemoveUsers(t.Context(), asAdmin, []string{"ada"}); err != nil {
		t.Fatal(err)
	}
	r.newMember(t, "ada")
	gone("second", "a new member of the name")
}
