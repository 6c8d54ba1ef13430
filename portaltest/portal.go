package portaltest

import (
	"context"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/blob"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal/app"
	"github.com/rhumb-gis/rhumb/internal/portal/ldap"
	"github.com/rhumb-gis/rhumb/internal/portal/oauth"
	"github.com/rhumb-gis/rhumb/internal/secret"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
)

// Portal is a running portal.
type Portal struct {
	URL           string // http://127.0.0.1:PORT/portal; online without a path
	Admin         string // the first administrator
	AdminPassword string
	CA            []byte // certificate to trust, in PEM form; nil without TLS

	app    *app.App
	server *httptest.Server
	store  *sqlite.Store
	once   sync.Once
}

const admin = "admin"

// cheap is a cost of hashing that takes no noticeable time and protects nothing.
func cheap() oauth.Cost { return oauth.Cost{MemoryKiB: 64, Passes: 1} }

// Start starts a portal that stops with the test.
func Start(t testing.TB, opts ...Option) *Portal {
	t.Helper()
	cfg := config{log: io.Discard, clock: clock.System{}, cost: cheap()}
	for _, o := range opts {
		o(&cfg)
	}
	if cfg.dir == "" {
		cfg.dir = t.TempDir()
	}
	level := slog.LevelDebug
	if cfg.log == io.Discard {
		level = slog.LevelError + 1
	}
	log := slog.New(slog.NewTextHandler(cfg.log, &slog.HandlerOptions{Level: level}))
	p := &Portal{Admin: admin}
	t.Cleanup(p.Close)
	if err := p.start(t.Context(), cfg, log); err != nil {
		t.Fatalf("portaltest: %v", err)
	}
	return p
}

func (p *Portal) start(ctx context.Context, cfg config, log *slog.Logger) (err error) {
	if p.store, err = sqlite.Open(ctx, cfg.dir, sqlite.Options{Clock: cfg.clock, Log: log}); err != nil {
		return err
	}
	blobs, err := blob.Open(filepath.Join(cfg.dir, "blobs"), p.store, log)
	if err != nil {
		return err
	}
	var handler http.Handler
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	scheme := "http"
	if cfg.tls {
		scheme = "https"
	}
	p.URL = scheme + "://" + srv.Listener.Addr().String() + "/portal"
	personality := app.Enterprise
	if cfg.online {
		p.URL, personality = strings.TrimSuffix(p.URL, "/portal"), app.Online
	}
	own := app.Config{
		Store: p.store, Blobs: blobs, Collect: blobs.Collect, Check: p.store.Check,
		Base: p.URL, Log: log, Clock: cfg.clock, Cost: cfg.cost, Wait: cfg.wait,
		Personality: personality,
	}
	if err = cfg.directory(&own); err == nil {
		p.app, err = app.New(own)
	}
	if err != nil {
		srv.Close()
		return err
	}
	handler = p.app.Handler()
	if cfg.wrap != nil {
		handler = cfg.wrap(handler)
	}
	if cfg.licenses != nil {
		if err := p.applyLicenses(ctx, cfg.licenses); err != nil {
			srv.Close()
			return err
		}
	}
	password := newPassword()
	created, err := p.app.Portal().Setup(ctx, admin, password)
	if err != nil {
		srv.Close()
		return err
	}
	if created {
		p.AdminPassword = password.Reveal()
	}
	p.server = srv
	if cfg.tls {
		srv.StartTLS()
		p.CA = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	} else {
		srv.Start()
	}
	return nil
}

// directory sets the enterprise identity store, if there is to be one.
func (c *config) directory(to *app.Config) error {
	if c.ldap == "" {
		return nil
	}
	conf, err := ldap.ReadConfig(c.ldap)
	if err != nil {
		return err
	}
	to.Directory, err = ldap.New(conf, c.ldapPassword)
	return err
}

// Close stops the portal ahead of the test's end. Requests in flight are finished first.
func (p *Portal) Close() {
	p.once.Do(func() {
		if p.server != nil {
			p.server.Close()
			_ = p.app.Portal().FlushViews(context.Background()) // fails only with its context
		}
		if p.store != nil {
			_ = p.store.Close() // the folder goes away with the test
		}
	})
}

// HTTPClient returns a client that trusts the portal's certificate and follows no redirects.
func (p *Portal) HTTPClient() *http.Client {
	c := *p.server.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// Routes lists the operations that the portal answers, as "sharing/rest/…" patterns.
func (p *Portal) Routes() []string {
	var out []string
	for _, r := range p.app.Routes() {
		out = append(out, r.Pattern)
	}
	return out
}

// Sweep runs one round of the portal's own cleaning up: expired tokens, unreferenced bytes.
func (p *Portal) Sweep(t testing.TB) {
	t.Helper()
	p.app.SweepOnce(t.Context())
}

func newPassword() secret.Secret { return secret.Secret("Aa1-" + secret.Hex(8)) }

var _ clock.Clock = Clock(nil)
