package gis

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/secret"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// A token is renewed this long before it ends, or a fifth of its life if that is less.
const renewBefore = 5 * time.Minute

// signInTimeout bounds a sign-in, which outlives the call that happened to start it because
// others wait for it too.
const signInTimeout = 2 * time.Minute

// session keeps the token of a connection: one sign-in at a time, renewed before its end
// and when the portal rejects it.
type session struct {
	by    auth.Method
	site  auth.Site
	clock clock.Clock

	mu      sync.Mutex
	grant   auth.Grant
	have    bool
	renewAt time.Time // zero: when the portal rejects the token
	refused error     // the portal refused the credentials: they are not tried again
	running *signIn
}

// signIn is one run of the method, and those who wait for it.
type signIn struct {
	done chan struct{}
	err  error
}

func newSession(by auth.Method, p *Portal, referer string) *session {
	s := &session{by: by, clock: clock.System{}}
	s.site = auth.Site{URL: p.RESTURL(), Referer: referer}
	s.site.Post = func(ctx context.Context, path string, form url.Values, out any) error {
		return wrap(p.wire.JSON(ctx, wire.Once(path).All(form).Anonymous(), out))
	}
	return s
}

// start signs in, also when an earlier attempt was refused.
func (s *session) start(ctx context.Context) error {
	s.mu.Lock()
	s.refused = nil
	s.mu.Unlock()
	_, err := s.Token(ctx)
	return err
}

// Token answers a token that is good for some time yet. While a renewal fails for other
// reasons than the credentials, the old token is used to its end.
func (s *session) Token(ctx context.Context) (secret.Secret, error) {
	s.mu.Lock()
	now := s.clock.Now()
	if s.have && (s.renewAt.IsZero() || now.Before(s.renewAt)) {
		defer s.mu.Unlock()
		return s.token(), nil
	}
	usable := s.have && now.Before(s.grant.Expires())
	flight, err := s.join(ctx)
	s.mu.Unlock()
	if err == nil {
		err = flight.wait(ctx)
	}
	if err != nil && !(usable && ctx.Err() == nil) {
		return "", err
	}
	return s.current(), nil
}

// Renew answers a token in place of stale. Of several callers with the same stale token, one
// signs in and all get its outcome.
func (s *session) Renew(ctx context.Context, stale secret.Secret) (secret.Secret, error) {
	s.mu.Lock()
	if s.have && !s.token().Equal(stale) {
		defer s.mu.Unlock()
		return s.token(), nil
	}
	flight, err := s.join(ctx)
	s.mu.Unlock()
	if err != nil {
		return "", err
	}
	if err := flight.wait(ctx); err != nil {
		return "", err
	}
	return s.current(), nil
}

func (s *session) token() secret.Secret { return secret.Secret(s.grant.Reveal()) }

func (s *session) current() secret.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token()
}

// join answers the sign-in that is running, or starts one; s.mu is held.
func (s *session) join(ctx context.Context) (*signIn, error) {
	if s.refused != nil {
		return nil, s.refused
	}
	if s.running == nil {
		s.running = &signIn{done: make(chan struct{})}
		go s.run(context.WithoutCancel(ctx), s.running)
	}
	return s.running, nil
}

func (f *signIn) wait(ctx context.Context) error {
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *session) run(ctx context.Context, flight *signIn) {
	ctx, cancel := context.WithTimeout(ctx, signInTimeout)
	defer cancel()
	grant, err := s.signIn(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		flight.err = err
		if errors.Is(err, ErrToken) {
			s.refused = err
		}
	} else {
		s.grant, s.have = grant, true
		s.renewAt = renewal(s.clock.Now(), grant.Expires())
	}
	s.running = nil
	close(flight.done)
}

// signIn runs the method. That the portal refuses the form means that it refuses the
// credentials: portals answer code 400 for a wrong password.
func (s *session) signIn(ctx context.Context) (auth.Grant, error) {
	grant, err := s.by.SignIn(ctx, s.site)
	if err == nil {
		return grant, nil
	}
	var e *Error
	if !errors.As(err, &e) {
		return auth.Grant{}, fmt.Errorf("sign in: %w", err)
	}
	return auth.Grant{}, as(err, ErrToken, func(e *Error) bool {
		return e.kind == ErrInvalid && e.Code != 0 || e.kind == ErrDenied || e.kind == ErrToken
	})
}

// renewal answers when a token that ends at expires is due. An end that is unknown or
// already past, because the clocks disagree, is left to the portal to enforce.
func renewal(now, expires time.Time) time.Time {
	life := expires.Sub(now)
	if expires.IsZero() || life <= 0 {
		return time.Time{}
	}
	return expires.Add(-min(renewBefore, life/5))
}
