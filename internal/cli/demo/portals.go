package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/internal/demo"
	"github.com/rhumb-gis/rhumb/internal/secret"
	"github.com/rhumb-gis/rhumb/internal/serve"
)

const (
	administrator = "admin"
	stopWithin    = 5 * time.Second
)

// portal is a portal that runs inside this process.
type portal struct {
	name     string
	url      string
	password secret.Secret
	cancel   context.CancelFunc
	ended    chan error
}

// startBoth starts the two portals side by side on free ports.
func startBoth(ctx context.Context, dir string) (staging, production *portal, err error) {
	staging, production = newPortal("staging"), newPortal("production")
	ready := make(chan error, 2)
	for _, p := range []*portal{staging, production} {
		go func() { ready <- p.start(ctx, filepath.Join(dir, p.name)) }()
	}
	if err := errors.Join(<-ready, <-ready); err != nil {
		return nil, nil, errors.Join(err, staging.stop(), production.stop())
	}
	return staging, production, nil
}

func newPortal(name string) *portal {
	return &portal{name: name, password: "d3" + secret.New(12), ended: make(chan error, 1), cancel: func() {}}
}

// start returns when the portal answers. The portal outlives ctx, so that work that is
// interrupted can end in order; stop ends it.
func (p *portal) start(ctx context.Context, dir string) error {
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	p.cancel = cancel
	up := make(chan string, 1)
	go func() {
		p.ended <- serve.Run(run, serve.Options{
			Dir: dir, Listen: "127.0.0.1:0", AdminUser: administrator, AdminPassword: p.password, SeedLicenses: demo.Licenses(),
			Out: io.Discard, StopWithin: stopWithin, Ready: func(url string) { up <- url },
		})
	}()
	select {
	case p.url = <-up:
		return nil
	case err := <-p.ended:
		p.ended <- nil // for stop
		return fmt.Errorf("start the portal %s: %w", p.name, err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop ends the portal and returns what went wrong with it.
func (p *portal) stop() error {
	p.cancel()
	if err := <-p.ended; err != nil {
		return fmt.Errorf("portal %s: %w", p.name, err)
	}
	return nil
}

// open signs in as the administrator.
func (p *portal) open(ctx context.Context) (*gis.Portal, error) {
	g, err := gis.New(p.url, auth.Password(administrator, p.password.Reveal()))
	if err != nil {
		return nil, err
	}
	if err := g.Connect(ctx); err != nil {
		return nil, fmt.Errorf("sign in to %s: %w", p.name, err)
	}
	return g, nil
}
