package gis

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// ChangePassword changes the signed-in account's own password. Built-in accounts only. Open
// sessions of the account may end with it.
//
// rest: POST community/users/{username}/reset
// py: arcgis.gis.User.reset
func (u *User) ChangePassword(ctx context.Context, old, new string) error {
	return u.reset(ctx, wire.Once("community/users/{username}/reset", u.Username).Set("password", old).Set("newPassword", new))
}

// ChangeSecurityQuestion changes the question, 1 to 14, that is asked when the password was
// forgotten.
//
// rest: POST community/users/{username}/reset
// py: arcgis.gis.User.reset
func (u *User) ChangeSecurityQuestion(ctx context.Context, password string, question int, answer string) error {
	return u.reset(ctx, wire.Write("community/users/{username}/reset", u.Username).Set("password", password).
		Int("newSecurityQuestionIdx", question).Set("newSecurityAnswer", answer))
}

// ResetPasswordByEmail makes the portal send the account a message with a way to choose a
// new password.
//
// rest: POST community/users/{username}/reset
// py: arcgis.gis.User.reset
func (u *User) ResetPasswordByEmail(ctx context.Context) error {
	return u.reset(ctx, wire.Once("community/users/{username}/reset", u.Username).Bool("email", true))
}

func (u *User) reset(ctx context.Context, r *wire.Request) error { return u.p.do(ctx, r, nil) }

// SetPassword gives the account a temporary password, as an administrator.
//
// rest: POST community/users/{username}/update
func (u *User) SetPassword(ctx context.Context, temporary string) error {
	return u.update(ctx, UserUpdate{Password: &temporary})
}

// ExpirePassword makes the account choose a new password at its next sign-in.
//
// rest: POST community/users/{username}/expirePassword
func (u *User) ExpirePassword(ctx context.Context) error {
	f, err := u.p.Features(ctx)
	if err != nil {
		return err
	}
	expiration := "-1"
	if f.Kind == KindEnterprise {
		expiration = "1"
	}
	return u.p.do(ctx, wire.Write("community/users/{username}/expirePassword", u.Username).Set("expiration", expiration), nil)
}

// Enable lets a disabled account sign in again.
//
// rest: POST community/users/{username}/enable
// py: arcgis.gis.User.enable
func (u *User) Enable(ctx context.Context) error { return u.setDisabled(ctx, "enable", false) }

// Disable keeps the account from signing in. It keeps what it owns.
//
// rest: POST community/users/{username}/disable
// py: arcgis.gis.User.disable
func (u *User) Disable(ctx context.Context) error { return u.setDisabled(ctx, "disable", true) }

func (u *User) setDisabled(ctx context.Context, verb string, disabled bool) error {
	if err := u.p.do(ctx, wire.Write("community/users/{username}/"+verb, u.Username), nil); err != nil {
		return err
	}
	u.Disabled = disabled
	return nil
}

// Delete removes the account. The portal refuses while it owns items or groups, or holds
// licenses: see [User.ReassignTo]. The Python original can reassign in the same call.
//
// rest: POST community/users/{username}/delete
// py: arcgis.gis.User.delete
func (u *User) Delete(ctx context.Context) error {
	return u.p.do(ctx, wire.Once("community/users/{username}/delete", u.Username), nil)
}

// ReassignTo gives everything that the account owns, items and groups, to another account.
// Items arrive in folders named after the account and their old folder. It needs an
// administrator.
//
// rest: POST community/users/{username}/reassign
// py: arcgis.gis.User.reassign_to
func (u *User) ReassignTo(ctx context.Context, username string) error {
	return u.p.do(ctx, wire.Write("community/users/{username}/reassign", u.Username).Set("targetUsername", username), nil)
}
