package oauth

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// outOfBand is the redirect address of clients without one: the code is shown on a page.
const outOfBand = portal.OutOfBand

// client is a program that signs members in.
type client struct {
	id  string
	app *portal.App // nil: built in
	// title is that of the app's item, for members who are asked for access.
	title string
}

// builtIn reports whether id is one of the built-in public clients.
func builtIn(id string) bool {
	return slices.Contains([]string{"pythonapi", "arcgisonline", "arcgispro"}, id)
}

// clientIn finds a client in a transaction; nil for an id that nobody has.
func clientIn(tx portal.Tx, id string) (*client, error) {
	if builtIn(id) {
		return &client{id: id}, nil
	}
	if id == "" {
		return nil, nil
	}
	app, err := tx.App(id)
	if errors.Is(err, portal.ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	it, err := tx.Item(app.Item)
	if err != nil {
		return nil, err
	}
	return &client{id, app, it.Title}, nil
}

// client finds a client; nil for an id that nobody has.
func (s *Service) client(ctx context.Context, id string) (c *client, err error) {
	err = s.store.View(ctx, func(tx portal.Tx) error {
		c, err = clientIn(tx, id)
		return err
	})
	return c, err
}

// stillThere returns an error where a client was unregistered since it was found: a token of it
// that is made now would outlive it.
func stillThere(tx portal.Tx, id string) error {
	c, err := clientIn(tx, id)
	if err == nil && c == nil {
		err = invalidClient()
	}
	return err
}

func invalidClient() error { return &Error{400, "invalid_client", "Invalid client_id"} }

// proves returns nil for a client that sent no secret, or its own.
func (c *client) proves(f Form) error {
	text := secret.Secret(f.Str("client_secret"))
	if text == "" || c.app == nil || c.app.Knows(text) {
		return nil
	}
	return &Error{400, "invalid_client", "Invalid client_secret"}
}

// redirectAllowed reports whether an answer to a client may be sent to address: for an app one
// of its registered addresses; for a built-in client out-of-band, or the portal's own scheme,
// host and port with any path.
func (s *Service) redirectAllowed(c *client, address string) bool {
	if c.app != nil {
		return c.app.Redirects(address)
	}
	if address == outOfBand {
		return true
	}
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && u.User == nil && u.Opaque == "" && u.Fragment == "" && u.Host != "" && s.sameOrigin(u)
}

// sameOrigin compares scheme, host and port with the portal's. The names of the loopback
// are one host.
func (s *Service) sameOrigin(u *url.URL) bool {
	if !strings.EqualFold(u.Scheme, s.base.Scheme) || portOf(u) != portOf(s.base) {
		return false
	}
	a, b := strings.ToLower(u.Hostname()), strings.ToLower(s.base.Hostname())
	return a == b || (isLoopback(a) && isLoopback(b))
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case strings.EqualFold(u.Scheme, "https"):
		return "443"
	case strings.EqualFold(u.Scheme, "http"):
		return "80"
	}
	return ""
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
