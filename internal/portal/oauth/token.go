package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Lifetimes: what is given where none was asked, and the most.
const (
	generateDefault = time.Hour
	generateMost    = 15 * 24 * time.Hour
	implicitDefault = 2 * time.Hour
	implicitMost    = 14 * 24 * time.Hour
	accessDefault   = 30 * time.Minute
	accessMost      = 24 * time.Hour
	refreshDefault  = 14 * 24 * time.Hour
	refreshMost     = 90 * 24 * time.Hour
	sessionMost     = 365 * 24 * time.Hour // from a sign-in to the end of the last refresh token
	codeLife        = 5 * time.Minute
	stateLife       = 30 * time.Minute
)

// hashOf is the stored form of a token.
func hashOf(token secret.Secret) string {
	sum := sha256.Sum256([]byte(token.Reveal()))
	return hex.EncodeToString(sum[:])
}

// draw makes the text of a token, whose hash it gives to t.
func draw(t *portal.Token) secret.Secret {
	text := secret.New(32)
	t.Hash = hashOf(text)
	return text
}

// put draws a token, stores t under its hash and returns its text.
func put(tx portal.Tx, t portal.Token) (secret.Secret, error) {
	text := draw(&t)
	return text, tx.PutToken(&t)
}

// lookup returns a live token of one kind; portal.ErrAbsent where there is none.
func (s *Service) lookup(tx portal.Tx, kind portal.TokenKind, text secret.Secret) (*portal.Token, error) {
	t, err := tx.Token(hashOf(text))
	if err != nil {
		return nil, err
	}
	if t.Kind != kind || !s.clock.Now().Before(t.Expires) {
		return nil, portal.ErrAbsent
	}
	return t, nil
}

// issue stores a token for a member who has just signed in, unless the member's password
// was changed, or the account disabled, meanwhile.
func (s *Service) issue(ctx context.Context, u *portal.User, t portal.Token) (text secret.Secret, err error) {
	err = s.store.Update(ctx, func(tx portal.Tx) error {
		if err := stillSignedIn(tx, u); err != nil {
			return err
		}
		text, err = put(tx, t)
		return err
	})
	return text, err
}

func stillSignedIn(tx portal.Tx, u *portal.User) error {
	cur, err := tx.User(u.Username)
	switch {
	case errors.Is(err, portal.ErrAbsent):
		return portal.ErrBadSignIn
	case err != nil:
		return err
	case cur.Disabled || cur.ID != u.ID || cur.Password.Hash != u.Password.Hash:
		return portal.ErrBadSignIn
	}
	return nil
}

// Authenticate finds the token of a call. One that is unknown, expired, or bound to another
// referer or address is the error 498.
func (s *Service) Authenticate(ctx context.Context, token string, h *http.Request) (*portal.Token, error) {
	var t *portal.Token
	err := s.store.View(ctx, func(tx portal.Tx) (err error) {
		t, err = s.lookup(tx, portal.AccessToken, secret.Secret(token))
		return err
	})
	if errors.Is(err, portal.ErrAbsent) {
		return nil, portal.ErrInvalidToken()
	}
	if err != nil {
		return nil, err
	}
	if !refererFits(t.Referer, h.Header.Get("Referer")) {
		return nil, portal.ErrInvalidToken()
	}
	if t.IP != "" && remote(h).String() != t.IP {
		return nil, portal.ErrInvalidToken()
	}
	return t, nil
}

// lifetime reads a parameter in minutes: absent is def, too much and -1 (no end) are most,
// and nothing lives less than a minute.
func lifetime(f Form, name string, def, most time.Duration) (time.Duration, error) {
	text := strings.Trim(strings.TrimSpace(f.Str(name)), `"`)
	if text == "" || text == "None" || text == "null" {
		return def, nil
	}
	m, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange), math.IsNaN(m):
		return 0, portal.ErrBadParam(name, "must be a number of minutes")
	case m < 0, m >= most.Minutes():
		return most, nil
	case m == 0:
		return def, nil
	}
	return max(time.Duration(m*float64(time.Minute)), time.Minute), nil
}

// binding reads what generateToken is asked to bind a token to.
func binding(h *http.Request, f Form) (referer, ip string, err error) {
	client := strings.ToLower(strings.TrimSpace(f.Str("client")))
	switch client {
	case "", "referer":
		referer = strings.TrimSpace(f.Str("referer"))
		// guess: without client the token is bound only where a referer is named.
		if client != "" && referer == "" {
			return "", "", portal.ErrMissingParam("referer")
		}
		return referer, "", nil
	case "ip":
		text := strings.TrimSpace(f.Str("ip"))
		if text == "" {
			return "", "", portal.ErrMissingParam("ip")
		}
		addr, err := netip.ParseAddr(text)
		if err != nil {
			return "", "", portal.ErrBadParam("ip", "must be an IP address")
		}
		return "", addr.Unmap().String(), nil
	case "requestip":
		return "", remote(h).String(), nil
	}
	return "", "", portal.ErrBadParam("client", "must be referer, ip or requestip")
}

// TokenFor makes an access token for a default administrator, without a sign-in. It serves
// the server itself; no request leads here.
func (s *Service) TokenFor(ctx context.Context, username string, life time.Duration) (text secret.Secret, err error) {
	err = s.store.Update(ctx, func(tx portal.Tx) error {
		u, err := tx.User(username)
		switch {
		case errors.Is(err, portal.ErrAbsent):
			return fmt.Errorf("there is no member %s", username)
		case err != nil:
			return err
		case u.Role != portal.RoleAdmin || u.Disabled:
			return fmt.Errorf("the member %s is no active administrator", username)
		}
		now := s.clock.Now()
		text, err = put(tx, portal.Token{Kind: portal.AccessToken, Username: u.Username, Created: now, Expires: now.Add(life)})
		return err
	})
	return text, err
}
