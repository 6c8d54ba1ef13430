package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// errRefresh is the answer to a refresh token that is unknown, lapsed or revoked.
func errRefresh() error { return &Error{498, "invalid_request", "Invalid refresh_token"} }

// refresh makes a new access token. The refresh token stays good: the clients of ArcGIS keep the
// one they have and read none from this answer, so that it cannot be replaced at each use.
func (s *Service) refresh(ctx context.Context, f Form) (any, error) {
	life, err := lifetime(f, "expiration", accessDefault, accessMost)
	if err != nil {
		return nil, err
	}
	return s.withRefresh(ctx, f, func(tx portal.Tx, t *portal.Token, _ session) (*granted, error) {
		return s.grantAccess(tx, t, life)
	})
}

// session is what a refresh token remembers of the sign-in that it goes back to.
type session struct {
	Began     time.Time `json:"began"`
	Exchanges int       `json:"exchanges,omitempty"` // how many tokens of the session came before
	Spent     time.Time `json:"spent,omitzero"`      // when it was replaced by another
}

// A token is kept when it is replaced, so a session has a bound on how often. One that was
// replaced a moment ago is shown again by pages that share it, and by clients whose answer was
// lost.
const (
	exchangesMost = 500
	replacedGrace = time.Minute
)

// sessionOf reads what a refresh token remembers.
func sessionOf(t *portal.Token) (session, error) {
	if t.Data == "" { // of a release that kept nothing
		return session{Began: t.Created}, nil
	}
	var v session
	err := json.Unmarshal([]byte(t.Data), &v)
	return v, err
}

// exchangeRefresh replaces a refresh token by one of the same lifetime, which ends with the
// session at the latest; the access tokens of the old one end. The old one is kept, spent: the
// new one descends from it, so that both fall when the old one is shown again, later than replacedGrace.
//
// deviates: nothing shows that Esri's portals notice a token that is used again, or bound the
// session as a whole.
func (s *Service) exchangeRefresh(ctx context.Context, c *client, f Form) (any, error) {
	if !s.redirectAllowed(c, f.Str("redirect_uri")) {
		return nil, invalidRequest("Invalid redirect_uri")
	}
	return s.withRefresh(ctx, f, func(tx portal.Tx, t *portal.Token, v session) (*granted, error) {
		if v.Exchanges >= exchangesMost {
			return nil, invalidGrant("The session was renewed too often; sign in again.")
		}
		if err := tx.DeleteToken(t.Hash); err != nil { // and the access tokens
			return nil, err
		}
		if err := (session{Began: v.Began, Exchanges: v.Exchanges, Spent: s.clock.Now()}).put(tx, t); err != nil {
			return nil, err
		}
		v.Exchanges++
		return s.grantSession(tx, t.Username, t.ClientID, t.Expires.Sub(t.Created), v, t.Hash)
	})
}

// put stores a refresh token with what it remembers.
func (v session) put(tx portal.Tx, t *portal.Token) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	t.Data = string(data)
	return tx.PutToken(t)
}

// withRefresh runs fn in one transaction with the refresh token of the form. One that was
// replaced longer ago than replacedGrace is in two hands: the session ends, whoever holds what came from it.
func (s *Service) withRefresh(ctx context.Context, f Form, fn func(portal.Tx, *portal.Token, session) (*granted, error)) (any, error) {
	text := secret.Secret(f.Str("refresh_token"))
	if text == "" {
		return nil, invalidRequest("refresh_token must be specified.")
	}
	var out *granted
	var replayed *portal.Token
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
		v, err := sessionOf(t)
		if err != nil {
			return err
		}
		if !v.Spent.IsZero() {
			if s.clock.Now().Sub(v.Spent) < replacedGrace {
				return errRefresh()
			}
			replayed = t
			return tx.DeleteToken(t.Hash)
		}
		if err := stillThere(tx, t.ClientID); err != nil {
			return err
		}
		out, err = fn(tx, t, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	if replayed != nil {
		s.log.WarnContext(ctx, "a refresh token was used again after it had been replaced: its session is ended", "user", replayed.Username, "client", replayed.ClientID)
		return nil, errRefresh()
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
