package oauth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

const (
	maxUsername = 128
	maxPassword = 1024 // longer ones are wrong without being hashed
)

// Service answers sign-ins and checks tokens. It is safe for concurrent use.
type Service struct {
	portal   *portal.Portal
	store    portal.Store
	base     *url.URL
	log      *slog.Logger
	clock    clock.Clock
	throttle *throttle
	pages    *pageLimit
	crossing *http.CrossOriginProtection
}

// Config holds what a Service needs; every field but Wait is required.
type Config struct {
	Portal *portal.Portal
	Store  portal.Store
	Base   *url.URL // public address of the portal with its context: https://host/portal
	Log    *slog.Logger
	Clock  clock.Clock
	// Wait delays a sign-in to an account under attack; nil: on the machine's clock.
	Wait func(context.Context, time.Duration) error
}

// New makes a Service. It does no I/O.
func New(c Config) (*Service, error) {
	wait := c.Wait
	if wait == nil {
		wait = sleep
	}
	s := &Service{
		portal: c.Portal, store: c.Store, base: c.Base, log: c.Log, clock: c.Clock,
		throttle: newThrottle(c.Clock, wait), pages: newPageLimit(),
		crossing: http.NewCrossOriginProtection(),
	}
	if err := s.crossing.AddTrustedOrigin(c.Base.Scheme + "://" + c.Base.Host); err != nil {
		return nil, err
	}
	return s, nil
}

// Form is the parameters of a call; names match without regard to case.
type Form interface {
	Str(name string) string
	Has(name string) bool
}

// Op is one operation: a path below the portal's context, what kind of answer it gives, and
// how. An answer is a [Page], a [Redirect], or a value to be written as JSON.
type Op struct {
	Path string
	Post bool // by POST only
	Page bool // answers a browser; else JSON
	Do   func(context.Context, *http.Request, Form) (any, error)
}

// Page is a finished HTML page.
type Page struct {
	Status int
	Body   []byte
	FormTo string // address that the form of the page ends at; empty: one of the portal
}

// Redirect sends the browser elsewhere.
type Redirect struct{ Location string }

// Ops lists the operations. Each is served below sharing/rest and, as some clients ask for it,
// below sharing.
func (s *Service) Ops() []Op {
	ops := []Op{
		{Path: "sharing/rest/generateToken", Do: s.generateToken},
		{Path: "sharing/rest/oauth2/authorize", Page: true, Do: s.authorize},
		{Path: "sharing/rest/oauth2/signin", Page: true, Post: true, Do: s.signInPage},
		{Path: "sharing/rest/oauth2/resetPassword", Page: true, Post: true, Do: s.resetPassword},
		{Path: "sharing/rest/oauth2/approval", Page: true, Do: s.approval},
		{Path: "sharing/rest/oauth2/signout", Page: true, Do: s.signOut},
		{Path: "sharing/rest/oauth2/token", Do: s.token},
		{Path: "sharing/rest/oauth2/revokeToken", Post: true, Do: s.revokeToken},
		{Path: "sharing/rest/oauth2/exchangeToken", Post: true, Do: s.exchangeToken},
		{Path: "sharing/rest/oauth2/validateAppAccess", Do: s.validateAppAccess},
	}
	for _, op := range ops {
		op.Path = "sharing/" + strings.TrimPrefix(op.Path, "sharing/rest/")
		ops = append(ops, op)
	}
	return ops
}

// signIn checks a password under the throttle. errTooMany, portal.ErrBadSignIn and
// portal.ErrMustChange are outcomes; with the last one the member is returned too.
func (s *Service) signIn(ctx context.Context, h *http.Request, username string, password secret.Secret) (*portal.User, error) {
	u, err := s.throttled(ctx, h, username, password)
	if err != nil {
		s.refused(ctx, h, username, err)
		return u, err
	}
	s.log.InfoContext(ctx, "signed in", "user", u.Username, "remote", remote(h).String())
	return u, nil
}

func (s *Service) throttled(ctx context.Context, h *http.Request, username string, password secret.Secret) (*portal.User, error) {
	from := remote(h)
	if err := s.throttle.begin(ctx, username, from); err != nil {
		return nil, err
	}
	if len(username) > maxUsername || len(password) > maxPassword {
		return nil, portal.ErrBadSignIn
	}
	u, err := s.portal.SignIn(ctx, username, password)
	if err == nil || errors.Is(err, portal.ErrMustChange) {
		s.throttle.succeeded(username, from)
	}
	return u, err
}

// remote is the address of the caller.
func remote(h *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(h.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

// inQuery reports whether a parameter stands in the address, where it would be logged. It reads
// the query as package rest does: net/url passes over pairs that hold a raw semicolon.
func inQuery(h *http.Request, name string) bool {
	for pair := range strings.SplitSeq(h.URL.RawQuery, "&") {
		k, _, _ := strings.Cut(pair, "=")
		if k, err := url.QueryUnescape(k); err == nil && strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}

// secure reports whether the portal's address is https.
func (s *Service) secure() bool { return s.base.Scheme == "https" }

// Sweep drops expired tokens, codes and sign-in states.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.clock.Now()
	return s.store.Update(ctx, func(tx portal.Tx) error { return tx.DeleteExpiredTokens(now) })
}
