package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal/app"
	"github.com/rhumb-gis/rhumb/internal/portal/ldap"
)

// Bounds of one connection. Bodies have none as a whole: package rest paces them, so that a
// transfer of any size goes on while its bytes keep moving.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 256 << 10
	maxStreams    = 100 // requests at once of one HTTP/2 connection
)

// Run serves a portal until ctx ends, then stops it in order: requests in flight finish
// within o.StopWithin, and the data folder is closed and unlocked. It returns nil when it was
// asked to stop.
func Run(ctx context.Context, o Options) (err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.StopWithin == 0 {
		o.StopWithin = defaultStopWithin
	}
	if err := o.check(); err != nil {
		return err
	}
	pool, err := o.readLicenses()
	if err != nil {
		return err
	}
	// First the address: where it is taken no folder is left behind.
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.listen())
	if err != nil {
		return fmt.Errorf("listen on %s: %w. Choose another address with --listen", o.listen(), err)
	}
	defer l.Close()
	data, err := openData(ctx, &o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	s := &server{o: &o, data: data, listener: newConnections(l, &o), pool: pool}
	if s.monitor, err = newMonitor(ctx, &o, data.store, s.listener); err != nil {
		return err
	}
	if s.monitor != nil {
		defer s.monitor.listener.Close()
	}
	if err := s.openDirectory(ctx); err != nil {
		return err
	}
	if s.directory != nil {
		defer s.directory.Close()
	}
	if err := s.compose(ctx); err != nil {
		return err
	}
	return s.run(ctx)
}

// server is a composed portal on its listener.
type server struct {
	o        *Options
	data     *data
	listener *connections
	base     string
	ca       string  // authority of --tls self; empty: none
	cert     *keeper // nil: http
	app      *app.App
	pool     *app.LicensePool // of Options.Licenses; nil: none was named
	http     *http.Server
	admin    string
	created  bool     // the organization was made at this start
	monitor  *monitor // nil: none

	directory *ldap.Directory // nil: none
}

func (s *server) compose(ctx context.Context) (err error) {
	if s.base, err = s.o.baseURL(s.listener); err != nil {
		return err
	}
	if err := s.certify(); err != nil {
		return err
	}
	c := app.Config{
		Store: s.data.store, Blobs: s.data.blobs, Collect: s.data.blobs.Collect, Check: s.data.store.Check,
		Base: s.base, Log: s.o.Log, Cost: s.o.cost, Personality: s.o.personality(),
	}
	if s.monitor != nil {
		c.Meter = s.monitor
	}
	if s.directory != nil {
		c.Directory = s.directory
	}
	s.app, err = app.New(c)
	if err != nil {
		return err
	}
	if err := s.applyLicenses(ctx); err != nil {
		return err
	}
	if err := s.setUp(ctx); err != nil {
		return err
	}
	s.http = s.newHTTP(s.app.Handler())
	return nil
}

// newHTTP bounds what one connection may take before a request is there.
func (s *server) newHTTP(portal http.Handler) *http.Server {
	srv := &http.Server{
		Handler:           withHSTS(s.o.hstsValue(), behindProxies(s.o.TrustedProxies, portal)),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog:          slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug),
	}
	if s.listener != nil {
		srv.ConnState = s.listener.changed
	}
	if s.cert != nil {
		srv.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: s.cert.get}
	}
	return srv
}

// certify prepares TLS where it is asked for.
func (s *server) certify() (err error) {
	switch {
	case !s.o.tls():
		return nil
	case s.o.TLSSelf:
		u, err := url.Parse(s.base)
		if err != nil {
			return err
		}
		dir := filepath.Join(s.o.Dir, "tls")
		s.ca = filepath.Join(dir, authorityFile)
		s.cert, err = newKeeper(s.o.Log, clock.System{}, func(now time.Time) (tls.Certificate, error) {
			return selfSigned(dir, u.Hostname(), now)
		})
		return err
	}
	s.cert, err = newKeeper(s.o.Log, clock.System{}, func(time.Time) (tls.Certificate, error) {
		return tls.LoadX509KeyPair(s.o.TLSCert, s.o.TLSKey)
	})
	if err != nil {
		return optionError("tls-cert", "cannot use the certificate: %v", err)
	}
	return nil
}

// run answers requests until ctx ends or the listener fails.
func (s *server) run(ctx context.Context) error {
	var work sync.WaitGroup
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer work.Wait()
	defer stop()
	work.Go(func() { s.app.Sweep(background) })

	served := make(chan error, 2)
	if s.monitor != nil {
		work.Go(func() {
			if err := s.monitor.serve(); err != nil {
				served <- err
			}
		})
		defer s.monitor.close()
	}
	work.Go(func() {
		if s.cert != nil {
			served <- s.http.ServeTLS(s.listener, "", "")
		} else {
			served <- s.http.Serve(s.listener)
		}
	})
	s.greet()
	if s.o.Ready != nil {
		s.o.Ready(s.base)
	}
	seeded := make(chan error, 1)
	seeding, stopSeeding := context.WithCancel(ctx)
	defer stopSeeding()
	if s.o.Seed != nil {
		work.Go(func() { seeded <- s.seed(seeding) })
	}
	var err error
	select {
	case err = <-served:
		return fmt.Errorf("serve: %w", err)
	case err = <-seeded:
		if err == nil {
			select {
			case <-ctx.Done():
			case err = <-served:
				return fmt.Errorf("serve: %w", err)
			}
		}
	case <-ctx.Done():
	}
	stopSeeding()
	return errors.Join(err, s.stop())
}

// stop lets the requests in flight finish, but not for ever.
func (s *server) stop() error {
	fmt.Fprintln(s.o.Out, "stopping: waiting for requests in flight")
	ctx, cancel := context.WithTimeout(context.Background(), s.o.StopWithin)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.o.Log.Warn("requests in flight were cut off", "after", s.o.StopWithin)
		err = s.http.Close()
	}
	return errors.Join(err, s.app.Portal().FlushViews(ctx))
}
