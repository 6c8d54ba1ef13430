package rest

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Server holds what the handlers share.
type Server struct {
	portal *portal.Portal
	blobs  portal.Blobs
	base   string // public address of the portal with its context, no trailing slash: https://host/portal
	log    *slog.Logger
	auth   Authenticator
	clock  clock.Clock
	health func(context.Context) error
	extra  []Route
	meter  Meter
	policy string // Content-Security-Policy of pages

	personality Personality
}

// Config holds what a Server needs; every field but Extra, Meter and Personality is required.
type Config struct {
	Portal *portal.Portal
	Blobs  portal.Blobs
	Base   string
	Log    *slog.Logger
	Auth   Authenticator
	Clock  clock.Clock
	Health func(context.Context) error // nil error: the portal can answer
	Extra  []Route                     // operations of other packages, such as sign-in
	Meter  Meter                       // nil: requests are not counted

	Personality Personality // decides the context of Base: online has none
}

// Meter counts requests. It is called once for each, after the answer.
type Meter interface {
	Answered(Answer)
}

// Answer is what became of one request. It names no member and holds no parameter.
type Answer struct {
	Route   string // pattern of the route table; empty where no route matched
	Method  string
	Outcome string // ok, a REST error code, or the HTTP status of a failed page
	Took    time.Duration
	In, Out int64 // bytes of the bodies
}

// Authenticator turns the token of a call into its caller. A token that is unknown, expired
// or bound elsewhere is an error (498). It is not asked about an empty token.
//
// It also changes the password of a member who knows the old one, so that guesses of it count
// as those of sign-ins do.
type Authenticator interface {
	Authenticate(ctx context.Context, token string, h *http.Request) (*portal.Token, error)
	ChangePassword(ctx context.Context, h *http.Request, username string, old, fresh secret.Secret) error
}

// New makes a Server.
func New(c Config) *Server {
	return &Server{
		portal: c.Portal, blobs: c.Blobs, base: c.Base, log: c.Log, auth: c.Auth, clock: c.Clock,
		health: c.Health, extra: c.Extra, meter: c.Meter, policy: pagePolicy(c.Base),
		personality: c.Personality,
	}
}

// sharing returns an absolute address below the sharing API.
func (s *Server) sharing(path string) string { return s.base + "/sharing/rest/" + path }
