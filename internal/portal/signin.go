package portal

import (
	"context"
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Outcomes of a sign-in that are not internal failures.
var (
	// ErrBadSignIn is the one answer to a wrong password, an unknown name, a disabled or a
	// system account. As an *[Error] it is what generateToken answers; a page shows its
	// detail line.
	ErrBadSignIn error = &Error{Code: 400, Message: "Unable to generate token.", Details: []string{"Invalid username or password."}}
	// ErrMustChange means that the password is right but only good for setting a new one.
	ErrMustChange = errors.New("the password must be changed before the account can be used")
)

// SignIn checks a member's password and records the time of the sign-in.
//
// It fails with [ErrBadSignIn], after the same work for a name that does not exist, or with
// [ErrMustChange], in which case the member is returned too, nothing is recorded and no token
// may be made: only [Portal.ChangePassword] goes on from there.
//
// A caller that then stores a token does so in a transaction that compares the stored
// Password.Hash with that of the returned member, lest a password change in between leave
// the token alive.
func (p *Portal) SignIn(ctx context.Context, username string, password secret.Secret) (*User, error) {
	u, err := p.verified(ctx, username, password)
	if err != nil {
		return nil, err
	}
	if u.Password.MustChange {
		return u, ErrMustChange
	}
	now := p.clock.Now()
	err = p.store.Update(ctx, func(tx Tx) error {
		cur, err := stillVerified(tx, u)
		if err != nil {
			return err
		}
		u = cur
		u.LastLogin = now
		return tx.TouchLogin(u.Username, now)
	})
	if err != nil {
		return nil, err
	}
	return u, nil
}

// ChangePassword sets a new password for a member who knows the old one, and revokes all
// tokens of the member. It is also the way out of [ErrMustChange]. A wrong old password is
// [ErrBadSignIn]; a new one that breaks the rules names the rule.
func (p *Portal) ChangePassword(ctx context.Context, username string, old, fresh secret.Secret) error {
	u, err := p.verified(ctx, username, old)
	if err != nil {
		return err
	}
	if u.Provider == "enterprise" {
		return &Error{Code: 400, Message: "The password of this account is kept by the enterprise identity store, and is changed there."}
	}
	if fresh.Equal(old) {
		return ErrBadParam("newPassword", "must differ from the present password")
	}
	if err := checkPassword("newPassword", u.Username, fresh); err != nil {
		return err
	}
	hash, err := p.hasher.Hash(ctx, fresh)
	if err != nil {
		return fmt.Errorf("hash a password: %w", err)
	}
	return p.store.Update(ctx, func(tx Tx) error {
		cur, err := stillVerified(tx, u)
		if err != nil {
			return err
		}
		return p.putPassword(tx, cur, hash, false)
	})
}

// verified returns the member whose password it is, or ErrBadSignIn.
func (p *Portal) verified(ctx context.Context, username string, password secret.Secret) (*User, error) {
	var u *User
	err := p.store.View(ctx, func(tx Tx) (err error) {
		u, err = tx.User(accountName(username))
		return err
	})
	if errors.Is(err, ErrAbsent) {
		u, err = &User{}, nil
	}
	if err != nil {
		return nil, err
	}
	hash := u.Password.Hash
	if u.System || u.Disabled {
		hash = ""
	}
	ok, err := p.hasher.Verify(ctx, hash, password)
	if err != nil {
		return nil, fmt.Errorf("verify a password: %w", err)
	}
	if p.directory != nil {
		if u.Username == "" || u.Provider == "enterprise" {
			return p.verifiedByDirectory(ctx, u, username, password)
		}
		p.askInVain(ctx)
	}
	if !ok || hash == "" {
		return nil, ErrBadSignIn
	}
	return u, nil
}

// stillVerified re-reads a member whose password was verified outside the transaction.
func stillVerified(tx Tx, u *User) (*User, error) {
	cur, err := tx.User(u.Username)
	switch {
	case errors.Is(err, ErrAbsent):
		return nil, ErrBadSignIn
	case err != nil:
		return nil, err
	case cur.Disabled || cur.ID != u.ID || cur.Password.Hash != u.Password.Hash:
		return nil, ErrBadSignIn
	}
	return cur, nil
}

// putPassword stores a new password and ends every session that the old one began.
func (p *Portal) putPassword(tx Tx, u *User, hash string, mustChange bool) error {
	now := p.clock.Now()
	u.Password = Password{Hash: hash, MustChange: mustChange, Changed: now}
	u.Modified = now
	if err := tx.PutUser(u); err != nil {
		return err
	}
	return tx.DeleteTokensOf(u.Username)
}
