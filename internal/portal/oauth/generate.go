package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

type generated struct {
	Token   string    `json:"token"`
	Expires esri.Time `json:"expires"`
	SSL     bool      `json:"ssl"`
}

// generateToken signs in by username and password, or exchanges a token for one that is
// meant for a server of this portal.
//
// Esri's page "Generate Token".
func (s *Service) generateToken(ctx context.Context, h *http.Request, f Form) (any, error) {
	if !f.Has("username") && !f.Has("password") {
		return s.serverToken(ctx, h, f)
	}
	if h.Method != http.MethodPost || inQuery(h, "password") {
		return nil, &portal.Error{Code: 405, Message: "Unable to generate token.",
			Details: []string{"The password is taken from the body of a POST only: an address ends up in logs."}}
	}
	if strings.TrimSpace(f.Str("username")) == "" {
		return nil, portal.ErrMissingParam("username")
	}
	if f.Str("password") == "" {
		return nil, portal.ErrMissingParam("password")
	}
	life, err := lifetime(f, "expiration", generateDefault, generateMost)
	if err != nil {
		return nil, err
	}
	referer, ip, err := binding(h, f)
	if err != nil {
		return nil, err
	}
	u, err := s.signIn(ctx, h, strings.TrimSpace(f.Str("username")), secret.Secret(f.Str("password")))
	if err != nil {
		return nil, s.cannotGenerate(err)
	}
	now := s.clock.Now()
	t := portal.Token{Kind: portal.AccessToken, Username: u.Username, Referer: referer, IP: ip, Created: now, Expires: now.Add(life)}
	text, err := s.issue(ctx, u, t)
	if err != nil {
		return nil, err
	}
	return generated{text.Reveal(), esri.TimeOf(t.Expires), s.secure()}, nil
}

func (s *Service) cannotGenerate(err error) error {
	detail := ""
	switch {
	case errors.Is(err, errTooMany):
		detail = tooManyText
	case errors.Is(err, portal.ErrMustChange):
		detail = "The password must be changed before the account can be used. Sign in at " + s.changeAddress() + " to set a new one."
	default:
		return err
	}
	return &portal.Error{Code: 400, Message: "Unable to generate token.", Details: []string{detail}}
}

// changeAddress is a page where a member can sign in with a browser.
func (s *Service) changeAddress() string {
	q := url.Values{"client_id": {"arcgisonline"}, "response_type": {"code"}, "redirect_uri": {outOfBand}}
	return s.base.String() + "/sharing/rest/oauth2/authorize?" + q.Encode()
}

// serverToken exchanges a token of this portal for one for a server at serverUrl. The new
// one lives no longer than the old one and dies with it.
func (s *Service) serverToken(ctx context.Context, h *http.Request, f Form) (any, error) {
	if f.Str("serverUrl") == "" {
		return nil, portal.ErrMissingParam("username")
	}
	if !s.ownServer(f.Str("serverUrl")) {
		return nil, portal.ErrBadParam("serverUrl", "is not a server of this portal")
	}
	life, err := lifetime(f, "expiration", generateDefault, generateMost)
	if err != nil {
		return nil, err
	}
	token := presented(h, f)
	if token == "" {
		return nil, portal.ErrTokenRequired()
	}
	old, err := s.Authenticate(ctx, token, h)
	if err != nil {
		return nil, err
	}
	t := *old
	text, err := s.derive(ctx, old, &t, life)
	if err != nil {
		return nil, err
	}
	return generated{text.Reveal(), esri.TimeOf(t.Expires), s.secure()}, nil
}

// derive stores t as a token that came from old: with old's bindings, no longer life, and
// revoked when old is.
func (s *Service) derive(ctx context.Context, old, t *portal.Token, life time.Duration) (text secret.Secret, err error) {
	t.Created = s.clock.Now()
	t.Parent = old.Hash
	if e := t.Created.Add(life); e.Before(old.Expires) {
		t.Expires = e
	}
	err = s.store.Update(ctx, func(tx portal.Tx) error {
		if _, err := tx.Token(old.Hash); errors.Is(err, portal.ErrAbsent) {
			return portal.ErrInvalidToken()
		} else if err != nil {
			return err
		}
		text, err = put(tx, *t)
		return err
	})
	return text, err
}

// presented is the token that a call carries: the parameter, else a header.
func presented(h *http.Request, f Form) string {
	if t := strings.TrimSpace(f.Str("token")); t != "" {
		return t
	}
	for _, name := range [...]string{"X-Esri-Authorization", "Authorization"} {
		if scheme, t, ok := strings.Cut(strings.TrimSpace(h.Header.Get(name)), " "); ok && strings.EqualFold(scheme, "Bearer") {
			return strings.TrimSpace(t)
		}
	}
	return ""
}

// ownServer reports whether an address belongs to this portal's host.
func (s *Service) ownServer(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.User != nil {
		return false
	}
	// rest-js gives the server's root without a scheme where it compared addresses so.
	if u.Scheme == "" && u.Host == "" {
		u, err = url.Parse("//" + strings.TrimSpace(address))
		if err != nil {
			return false
		}
		u.Scheme = s.base.Scheme
	}
	return s.sameOrigin(u)
}
