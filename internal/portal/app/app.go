package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/oauth"
	"github.com/rhumb-gis/rhumb/internal/portal/rest"
)

// Cost is the work of hashing one password.
type Cost = oauth.Cost

// Meter counts requests; each is one Answer.
type (
	Meter  = rest.Meter
	Answer = rest.Answer
)

// Config holds what an App is made of.
type Config struct {
	Store portal.Store
	Blobs portal.Blobs
	Base  string // public address with its context: https://host/portal; online without one
	Log   *slog.Logger
	Clock clock.Clock // nil: the machine's clock
	Cost  Cost        // of hashing passwords; zero: the default
	// Wait delays sign-ins to an account under attack; nil: on the machine's clock.
	Wait func(context.Context, time.Duration) error
	// Collect removes stored bytes that nothing refers to; nil: nothing is to be removed.
	Collect func(context.Context) error
	// Check reports whether the store can answer; nil: a read of the organization tells.
	Check func(context.Context) error
	// Directory is the enterprise identity store; nil: none.
	Directory portal.Directory
	// Meter counts requests; nil: nobody does.
	Meter Meter
	// Personality is the product that the portal behaves as; zero: Enterprise.
	Personality Personality
}

// App is a portal over its stores. It does not close them.
type App struct {
	portal  *portal.Portal
	oauth   *oauth.Service
	store   portal.Store
	collect func(context.Context) error
	check   func(context.Context) error
	log     *slog.Logger
	routes  []rest.Route
	handler http.Handler
}

// New composes a portal. It does no I/O.
func New(c Config) (*App, error) {
	base, err := ParseBase(c.Base, c.Personality)
	if err != nil {
		return nil, err
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Cost == (Cost{}) {
		c.Cost = oauth.DefaultCost()
	}
	a := &App{store: c.Store, collect: c.Collect, check: c.Check, log: c.Log}
	a.portal = portal.New(portal.Config{
		Store: c.Store, Blobs: c.Blobs, Hasher: oauth.NewHasher(c.Cost), Clock: c.Clock, Log: c.Log,
		Directory: c.Directory,
	})
	a.oauth, err = oauth.New(oauth.Config{
		Portal: a.portal, Store: c.Store, Base: base, Log: c.Log, Clock: c.Clock, Wait: c.Wait,
	})
	if err != nil {
		return nil, err
	}
	server := rest.New(rest.Config{
		Portal: a.portal, Blobs: c.Blobs, Base: base.String(), Log: c.Log, Auth: a.oauth, Clock: c.Clock,
		Health: a.health, Extra: signInRoutes(a.oauth), Meter: c.Meter,
		Personality: c.Personality,
	})
	a.routes = server.Routes()
	a.handler, err = server.Handler()
	return a, err
}

// Personality is the product that a portal behaves as.
type Personality = rest.Personality

// The personalities.
const (
	Enterprise = rest.Enterprise
	Online     = rest.Online
)

// ParseBase checks the public address of a portal. It ends in one of the contexts that the
// portal answers under; that of an online portal ends with the host.
func ParseBase(s string, p Personality) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(s, "/"))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the portal's address %q is not a URL", s)
	case (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Hostname() == "":
		return nil, fmt.Errorf("the portal's address %q must have the form https://host/portal", s)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("the portal's address must be only scheme, host, port and path, such as https://host/portal")
	case p == Online && u.Path != "":
		return nil, fmt.Errorf("the portal's address %q must end with the host, such as %s://%s: an online portal is at the root", s, u.Scheme, u.Host)
	case p == Online:
	case u.Path != "/portal" && u.Path != "/arcgis":
		return nil, fmt.Errorf("the portal's address %q must end in /portal (or /arcgis), such as %s://%s/portal", s, u.Scheme, u.Host)
	}
	return u, nil
}

// Handler answers every request of the portal's listener.
func (a *App) Handler() http.Handler { return a.handler }

// Portal is the domain behind the handler.
func (a *App) Portal() *portal.Portal { return a.portal }

// Route names one operation of the portal.
type Route struct {
	Pattern string
	Write   bool // changes state
}

// Routes lists the operations, in the order of the route table.
func (a *App) Routes() []Route {
	var out []Route
	for _, r := range a.routes {
		out = append(out, Route{r.Pattern, r.Write})
	}
	return out
}

// health reports whether the store answers.
func (a *App) health(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if a.check != nil {
		return a.check(ctx)
	}
	return a.store.View(ctx, func(tx portal.Tx) error {
		_, err := tx.Org()
		return err
	})
}

// signInRoutes puts the operations of sign-in into the terms of the route table.
func signInRoutes(s *oauth.Service) []rest.Route {
	var out []rest.Route
	for _, op := range s.Ops() {
		out = append(out, rest.Route{
			Pattern: op.Path, Write: op.Post, NoToken: true, Plain: op.Page, JSON: !op.Page,
			Handle: func(ctx context.Context, r *rest.Request) (any, error) {
				v, err := op.Do(ctx, r.HTTP, r)
				switch v := v.(type) {
				case oauth.Page:
					return rest.HTML{Status: v.Status, Body: v.Body, FormTo: v.FormTo}, err
				case oauth.Redirect:
					return rest.Redirect{Location: v.Location}, err
				}
				return v, err
			},
		})
	}
	return out
}
