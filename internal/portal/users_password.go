package portal

import (
	"context"
)

// mayResetPassword refuses early, before any hashing, what resetsPassword would refuse.
func (p *Portal) mayResetPassword(ctx context.Context, c Caller, username string) error {
	return p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := editableUser(tx, a, username)
		if err != nil {
			return err
		}
		return resetsPassword(tx, a, u)
	})
}

// resetsPassword returns nil where the caller may set the member's password without knowing
// the present one.
func resetsPassword(tx Tx, a *actor, u *User) error {
	if a.is(u.Username) {
		return ErrBadParam("password", "is changed by the operation reset, which asks for the present one")
	}
	if err := hasPassword(u); err != nil {
		return err
	}
	return a.impersonates(tx, u)
}

// hasPassword returns nil for a member who signs in with a password of this portal.
func hasPassword(u *User) error {
	if u.System || u.Provider != "arcgis" {
		return &Error{Code: 400, Message: "The password of '" + u.Username + "' is not kept by this portal."}
	}
	return nil
}

// OwnPassword returns the name of the caller who is about to change his own password, or why
// he cannot. [Portal.ChangePassword] goes on from there.
func (p *Portal) OwnPassword(ctx context.Context, c Caller, username string) (name string, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		u, _, err := visibleUser(tx, a, username)
		if err != nil {
			return err
		}
		if !a.is(u.Username) {
			return ErrDenied("to be signed in as '" + u.Username + "'; administrators set a temporary password by the operation update")
		}
		name = u.Username
		return hasPassword(u)
	})
	return name, err
}

// ExpirePassword makes the member set a new password at the next sign-in. Tokens that are
// out stay good.
func (p *Portal) ExpirePassword(ctx context.Context, c Caller, username string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := governedUser(tx, a, username, privUpdateUsers)
		if err != nil {
			return err
		}
		if err := hasPassword(u); err != nil {
			return err
		}
		u.Password.MustChange, u.Modified = true, p.clock.Now()
		return tx.PutUser(u)
	})
}
