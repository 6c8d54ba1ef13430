package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

const lapsedText = "This sign-in has lapsed or was already used. Go back to the application and sign in again."

// signInPage takes the form of the sign-in page: 302 to the client with its outcome, or the
// page again.
func (s *Service) signInPage(ctx context.Context, h *http.Request, f Form) (any, error) {
	state := secret.Secret(f.Str("oauth_state"))
	a, page, err := s.resume(ctx, h, state, "password")
	if a == nil {
		return page, err
	}
	username, password := strings.TrimSpace(f.Str("username")), secret.Secret(f.Str("password"))
	if username == "" || password == "" {
		return s.signInForm(a, state, badSignInText)
	}
	u, err := s.signIn(ctx, h, username, password)
	switch {
	case err == nil:
		return s.finish(ctx, u, state, a)
	case errors.Is(err, errTooMany):
		return s.signInForm(a, state, tooManyText)
	case errors.Is(err, portal.ErrBadSignIn):
		return s.signInForm(a, state, badSignInText)
	case errors.Is(err, portal.ErrMustChange):
		return s.askNewPassword(ctx, state, a, u)
	}
	return nil, err
}

// resume finds the sign-in that a form continues; where there is none a is nil, and page or
// err is the answer. Forms that a browser sends from other sites, and secrets in the
// address, are refused.
func (s *Service) resume(ctx context.Context, h *http.Request, state secret.Secret, secrets ...string) (a *asked, page any, err error) {
	if err := s.crossing.Check(h); err != nil {
		page, err := s.problemPage(http.StatusForbidden, "Error: This form was sent from another site.")
		return nil, page, err
	}
	for _, name := range secrets {
		if inQuery(h, name) {
			page, err := s.problemPage(http.StatusBadRequest, "Error: The password is taken from the body of the request only.")
			return nil, page, err
		}
	}
	a, err = s.kept(ctx, state)
	if a == nil && err == nil {
		page, err = s.problemPage(http.StatusBadRequest, lapsedText)
	}
	return a, page, err
}

// askNewPassword notes that the member knows the password, and shows the page for a new one.
func (s *Service) askNewPassword(ctx context.Context, state secret.Secret, a *asked, u *portal.User) (any, error) {
	a.MustChange = u.Username
	data, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx portal.Tx) error {
		t, err := s.lookup(tx, portal.SignInState, state)
		if err != nil {
			return err
		}
		t.Data = string(data)
		return tx.PutToken(t)
	})
	if errors.Is(err, portal.ErrAbsent) {
		return s.problemPage(http.StatusBadRequest, lapsedText)
	}
	if err != nil {
		return nil, err
	}
	return s.resetForm(a, state, "")
}

// resetPassword takes the form that replaces a password which must be changed, and goes on
// to the client. With f=json it answers JSON and leaves the sign-in open.
func (s *Service) resetPassword(ctx context.Context, h *http.Request, f Form) (any, error) {
	state := secret.Secret(f.Str("oauth_state"))
	asJSON := strings.EqualFold(f.Str("f"), "json")
	a, page, err := s.resume(ctx, h, state, "password", "newPassword", "newPassword2")
	if a == nil && (err != nil || !asJSON) {
		return page, err
	}
	if a == nil || a.MustChange == "" {
		if asJSON {
			return nil, invalidRequest(lapsedText)
		}
		return s.problemPage(http.StatusBadRequest, lapsedText)
	}
	u, problem, err := s.changePassword(ctx, h, a.MustChange, f)
	switch {
	case err != nil:
		return nil, err
	case problem != "" && asJSON:
		return nil, invalidRequest(problem)
	case problem != "":
		return s.resetForm(a, state, problem)
	case asJSON:
		return map[string]bool{"success": true}, nil
	}
	return s.finish(ctx, u, state, a)
}

// changePassword sets the new password of the form and signs the member in with it. A
// problem is a text for the member.
func (s *Service) changePassword(ctx context.Context, h *http.Request, username string, f Form) (u *portal.User, problem string, err error) {
	old, fresh := secret.Secret(f.Str("password")), secret.Secret(f.Str("newPassword"))
	if f.Has("newPassword2") && !fresh.Equal(secret.Secret(f.Str("newPassword2"))) {
		return nil, "The two new passwords differ.", nil
	}
	err = s.guarded(ctx, h, username, old, fresh)
	var public *portal.Error
	switch {
	case errors.Is(err, errTooMany):
		return nil, tooManyText, nil
	case errors.Is(err, portal.ErrBadSignIn):
		return nil, badSignInText, nil
	case errors.As(err, &public):
		return nil, public.Message, nil
	case err != nil:
		return nil, "", err
	}
	u, err = s.portal.SignIn(ctx, username, fresh)
	return u, "", err
}

// ChangePassword sets a new password for a member who knows the old one. Wrong old ones count
// as sign-ins that did not succeed.
func (s *Service) ChangePassword(ctx context.Context, h *http.Request, username string, old, fresh secret.Secret) error {
	err := s.guarded(ctx, h, username, old, fresh)
	switch {
	case errors.Is(err, errTooMany):
		return &portal.Error{Code: 400, Message: "Unable to change the password.", Details: []string{tooManyText}}
	case errors.Is(err, portal.ErrBadSignIn):
		return &portal.Error{Code: 400, Message: "Unable to change the password.", Details: []string{badSignInText}}
	}
	return err
}

// guarded is [portal.Portal.ChangePassword] under the throttle.
func (s *Service) guarded(ctx context.Context, h *http.Request, username string, old, fresh secret.Secret) error {
	err := s.throttle.begin(ctx, username, remote(h))
	switch {
	case err != nil:
	case len(old) > maxPassword:
		err = portal.ErrBadSignIn
	default:
		err = s.portal.ChangePassword(ctx, username, old, fresh)
		var public *portal.Error
		if err == nil || (errors.As(err, &public) && !errors.Is(err, portal.ErrBadSignIn)) {
			s.throttle.succeeded(username, remote(h)) // the old password was right, even where the new one breaks a rule
		}
	}
	if err != nil {
		s.refused(ctx, h, username, err)
		return err
	}
	s.log.InfoContext(ctx, "password changed", "user", username, "remote", remote(h).String())
	return nil
}

// approval shows a code to the user of a client without an address of its own. The Python
// client takes the code from the title, and only of a page that holds an oAuthInfo.
func (s *Service) approval(ctx context.Context, _ *http.Request, f Form) (any, error) {
	code := f.Str("code")
	err := s.store.View(ctx, func(tx portal.Tx) error {
		_, err := s.lookup(tx, portal.AuthCode, secret.Secret(code))
		return err
	})
	if errors.Is(err, portal.ErrAbsent) {
		return s.problemPage(http.StatusBadRequest, lapsedText)
	}
	if err != nil {
		return nil, err
	}
	return s.render(http.StatusOK, "approval.html", struct {
		Code string
		Info map[string]string
	}{code, map[string]string{"contextPath": s.base.Path}})
}

// signOut sends the browser on. The portal holds no session that could be ended here: what
// a client has are tokens, and revokeToken ends those.
func (s *Service) signOut(ctx context.Context, _ *http.Request, f Form) (any, error) {
	target := f.Str("redirect_uri")
	c, err := s.client(ctx, f.Str("client_id"))
	switch {
	case err != nil:
		return nil, err
	case target == "" || target == outOfBand:
		return s.render(http.StatusOK, "message.html", message{Title: "Signed out", Text: "You are signed out."})
	case c == nil:
		return s.problemPage(http.StatusBadRequest, "Error: Invalid client_id")
	case !s.redirectAllowed(c, target):
		return s.problemPage(http.StatusBadRequest, "Error: Invalid redirect_uri")
	}
	return Redirect{target}, nil
}
