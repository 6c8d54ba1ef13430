package oauth

import (
	"context"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Lifetimes of the tokens of apps themselves.
//
// guess: the default of 120 minutes is what observers report.
const (
	appDefault = 2 * time.Hour
	appMost    = 14 * 24 * time.Hour
)

// grantApp makes a token of an app itself, which has shown its secret. Such a token stands for
// no member: it reads what everybody may read.
func (s *Service) grantApp(ctx context.Context, c *client, f Form) (any, error) {
	if c.app == nil {
		return nil, &Error{400, "unauthorized_client", "The client '" + c.id + "' has no secret: it signs members in, but not itself. Register an app to use client_credentials."}
	}
	if f.Str("client_secret") == "" {
		return nil, invalidRequest("client_secret must be specified.")
	}
	life, err := lifetime(f, "expiration", appDefault, appMost)
	if err != nil {
		return nil, err
	}
	var text secret.Secret
	err = s.store.Update(ctx, func(tx portal.Tx) error {
		if err := stillThere(tx, c.id); err != nil {
			return err
		}
		now := s.clock.Now()
		text, err = put(tx, portal.Token{Kind: portal.AccessToken, ClientID: c.id, Created: now, Expires: now.Add(life)})
		return err
	})
	if err != nil {
		return nil, err
	}
	return &granted{AccessToken: text.Reveal(), ExpiresIn: int64(life / time.Second), SSL: s.secure()}, nil
}
