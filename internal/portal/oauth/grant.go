package oauth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

type granted struct {
	AccessToken    string `json:"access_token"`
	ExpiresIn      int64  `json:"expires_in"`
	Username       string `json:"username,omitempty"` // of none for an app itself
	SSL            bool   `json:"ssl"`
	RefreshToken   string `json:"refresh_token,omitempty"`
	RefreshExpires int64  `json:"refresh_token_expires_in,omitempty"`
}

// token redeems codes and refresh tokens.
//
// Esri's page "Token".
func (s *Service) token(ctx context.Context, _ *http.Request, f Form) (any, error) {
	grant := f.Str("grant_type")
	if grant == "" {
		return nil, invalidRequest("grant_type must be specified.")
	}
	c, err := s.client(ctx, f.Str("client_id"))
	if err == nil && c == nil {
		err = invalidClient()
	}
	if err == nil {
		err = c.proves(f)
	}
	if err != nil {
		return nil, err
	}
	switch grant {
	case "authorization_code":
		return s.redeemCode(ctx, f)
	case "refresh_token":
		return s.refresh(ctx, f)
	case "exchange_refresh_token":
		return s.exchangeRefresh(ctx, c, f)
	case "client_credentials":
		return s.grantApp(ctx, c, f)
	}
	return nil, &Error{400, "unsupported_grant_type", "grant_type must be authorization_code, refresh_token, exchange_refresh_token or client_credentials."}
}

// redeemCode turns a code into an access and a refresh token. A code is good once: whatever
// comes of the first try it is spent, and a second try ends the tokens of the first.
func (s *Service) redeemCode(ctx context.Context, f Form) (any, error) {
	code := secret.Secret(f.Str("code"))
	if code == "" {
		return nil, invalidRequest("code must be specified.")
	}
	var out *granted
	var refused error
	err := s.store.Update(ctx, func(tx portal.Tx) error {
		t, err := s.lookup(tx, portal.AuthCode, code)
		if errors.Is(err, portal.ErrAbsent) {
			refused = invalidGrant("Invalid authorization code")
			return nil
		}
		if err != nil {
			return err
		}
		a, err := askedOf(t)
		if err != nil {
			return err
		}
		if a.Used {
			refused = invalidGrant("Invalid authorization code")
			return tx.DeleteToken(t.Hash)
		}
		a.Used = true
		if err := markUsed(tx, t, a); err != nil {
			return err
		}
		if refused = codeFits(a, f); refused != nil {
			return nil
		}
		if err := stillThere(tx, a.ClientID); err != nil {
			return err
		}
		out, err = s.grantSession(tx, t.Username, a.ClientID, a.Life, session{Began: s.clock.Now()}, t.Hash)
		return err
	})
	if err = errors.Join(err, refused); err != nil {
		return nil, err
	}
	return out, nil
}

func markUsed(tx portal.Tx, t *portal.Token, a *asked) error {
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	t.Data = string(data)
	return tx.PutToken(t)
}

// codeFits checks what came with a code against what authorize was asked for.
func codeFits(a *asked, f Form) error {
	if f.Str("client_id") != a.ClientID {
		return invalidGrant("The code belongs to another client_id.")
	}
	if f.Str("redirect_uri") != a.Redirect {
		return invalidGrant("Invalid redirect_uri: it must be the one that the code was sent to.")
	}
	verifier := f.Str("code_verifier")
	switch {
	case a.Challenge == "" && verifier == "":
		return nil
	case a.Challenge == "":
		return invalidGrant("code_verifier was sent for a code that was asked for without code_challenge.")
	case verifier == "":
		return invalidGrant("code_verifier must be specified.")
	}
	made := verifier
	if a.Method == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		made = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if subtle.ConstantTimeCompare([]byte(made), []byte(a.Challenge)) != 1 {
		return invalidGrant("Invalid code_verifier")
	}
	return nil
}

// grantSession stores a refresh token of a session, and an access token that hangs on it.
func (s *Service) grantSession(tx portal.Tx, username, client string, life time.Duration, v session, parent string) (*granted, error) {
	now := s.clock.Now()
	life = min(life, v.Began.Add(sessionMost).Sub(now))
	refresh := portal.Token{
		Kind: portal.RefreshToken, Username: username, ClientID: client, Parent: parent, Created: now, Expires: now.Add(life),
	}
	text := draw(&refresh)
	if err := v.put(tx, &refresh); err != nil {
		return nil, err
	}
	out, err := s.grantAccess(tx, &refresh, accessDefault)
	if err != nil {
		return nil, err
	}
	out.RefreshToken, out.RefreshExpires = text.Reveal(), int64(life/time.Second)
	return out, nil
}

// grantAccess stores an access token that dies with its refresh token, for a member whose
// account still works.
func (s *Service) grantAccess(tx portal.Tx, refresh *portal.Token, life time.Duration) (*granted, error) {
	u, err := tx.User(refresh.Username)
	if errors.Is(err, portal.ErrAbsent) || (err == nil && u.Disabled) {
		return nil, invalidGrant("The account is disabled or gone.")
	}
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	expires := now.Add(life)
	if refresh.Expires.Before(expires) {
		expires = refresh.Expires
	}
	text, err := put(tx, portal.Token{
		Kind: portal.AccessToken, Username: u.Username, ClientID: refresh.ClientID, Parent: refresh.Hash, Created: now, Expires: expires,
	})
	if err != nil {
		return nil, err
	}
	return &granted{
		AccessToken: text.Reveal(), ExpiresIn: int64(expires.Sub(now) / time.Second), Username: u.Username, SSL: s.secure(),
	}, nil
}
