package oauth

import (
	"context"
	"errors"
	"net/http"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// errRefresh is the answer to a refresh token that is unknown, lapsed or revoked.
func errRefresh() error { return &Error{498, "invalid_request", "Invalid refresh_token"} }

// refresh makes a new access token.
func (s *Service) refresh(ctx context.Context, f Form) (any, error) {
	life, err := lifetime(f, "expiration", accessDefault, accessMost)
	if err != nil {
		return nil, err
	}
	return s.withRefresh(ctx, f, func(tx portal.Tx, t *portal.Token) (*granted, error) {
		return s.grantAccess(tx, t, life)
	})
}

// exchangeRefresh replaces a refresh token by one of the same lifetime; the old one and its
// access tokens end.
func (s *Service) exchangeRefresh(ctx context.Context, c *client, f Form) (any, error) {
	if !s.redirectAllowed(c, f.Str("redirect_uri")) {
		return nil, invalidRequest("Invalid redirect_uri")
	}
	return s.withRefresh(ctx, f, func(tx portal.Tx, t *portal.Token) (*granted, error) {
		if err := tx.DeleteToken(t.Hash); err != nil {
			return nil, err
		}
		return s.grantSession(tx, t.Username, t.ClientID, t.Expires.Sub(t.Created), "")
	})
}

// withRefresh runs fn in one transaction with the refresh token of the form.
func (s *Service) withRefresh(ctx context.Context, f Form, fn func(portal.Tx, *portal.Token) (*granted, error)) (any, error) {
	text := secret.Secret(f.Str("refresh_token"))
	if text == "" {
		return nil, invalidRequest("refresh_token must be specified.")
	}
	var out *granted
	err := s.store.Update(ctx, func(tx portal.Tx) error {
		t, err := s.lookup(tx, portal.RefreshToken, text)
		switch {
		case errors.Is(err, portal.ErrAbsent):
			return errRefresh()
		case err != nil:
			return err
		case t.ClientID != f.Str("client_id"):
			return invalidGrant("The refresh_token belongs to another client_id.")
		}
		if err := stillThere(tx, t.ClientID); err != nil {
			return err
		}
		out, err = fn(tx, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// revokeToken ends an access or refresh token and what came from it. A token that does not
// exist is as good as revoked.
func (s *Service) revokeToken(ctx context.Context, _ *http.Request, f Form) (any, error) {
	text := secret.Secret(f.Str("auth_token"))
	if text == "" {
		return nil, portal.ErrMissingParam("auth_token")
	}
	err := s.store.Update(ctx, func(tx portal.Tx) error {
		t, err := tx.Token(hashOf(text))
		switch {
		case errors.Is(err, portal.ErrAbsent):
			return nil
		case err != nil:
			return err
		case t.Kind != portal.AccessToken && t.Kind != portal.RefreshToken:
			return nil
		case t.ClientID != "" && t.ClientID != f.Str("client_id"):
			return &Error{400, "invalid_client", "The token belongs to another client_id."}
		}
		return tx.DeleteToken(t.Hash)
	})
	if err != nil {
		return nil, err
	}
	return map[string]bool{"success": true}, nil
}

// exchangeToken makes a token of a member into one for a client; it lives no longer than the
// first and ends with it.
func (s *Service) exchangeToken(ctx context.Context, h *http.Request, f Form) (any, error) {
	if err := s.knows(ctx, f); err != nil {
		return nil, err
	}
	old, err := s.Authenticate(ctx, presented(h, f), h)
	if err != nil {
		return nil, err
	}
	t := *old
	t.ClientID = f.Str("client_id")
	text, err := s.derive(ctx, old, &t, implicitDefault)
	if err != nil {
		return nil, err
	}
	return map[string]string{"token": text.Reveal()}, nil
}

type appAccess struct {
	Valid    bool `json:"valid"`
	ViewOnly bool `json:"viewOnlyUserTypeApp"`
}

// validateAppAccess reports whether a member may use a client: all may use every one.
func (s *Service) validateAppAccess(ctx context.Context, h *http.Request, f Form) (any, error) {
	if err := s.knows(ctx, f); err != nil {
		return nil, err
	}
	if _, err := s.Authenticate(ctx, presented(h, f), h); err != nil {
		return nil, err
	}
	return appAccess{Valid: true}, nil
}

// knows returns nil for a call that names a client.
func (s *Service) knows(ctx context.Context, f Form) error {
	c, err := s.client(ctx, f.Str("client_id"))
	if err == nil && c == nil {
		err = errClient()
	}
	return err
}

func errClient() error {
	return &portal.Error{Code: 400, MessageCode: "GWM_0007", Message: "Invalid request", Details: []string{"Invalid client_id"}}
}
