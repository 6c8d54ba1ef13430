package portaltest

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal/oauth"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Option changes how Start sets a portal up.
type Option func(*config)

type config struct {
	tls   bool
	clock Clock
	dir   string
	log   io.Writer
	wrap  func(http.Handler) http.Handler
	wait  func(context.Context, time.Duration) error

	licenses io.Reader
	online   bool
	cost     oauth.Cost

	ldap         string // file
	ldapPassword secret.Secret
}

// Clock tells the portal's time.
type Clock interface{ Now() time.Time }

// TLS serves https with a certificate for 127.0.0.1; [Portal.HTTPClient] trusts it.
func TLS() Option { return func(c *config) { c.tls = true } }

// Online makes the portal behave as an organization of ArcGIS Online: at the root of its address,
// without portaladmin, and with members made by invitation.
func Online() Option { return func(c *config) { c.online = true } }

// RealPasswords makes passwords as costly as in a portal in earnest, about 20 ms each. Without
// it they cost next to nothing.
func RealPasswords() Option { return func(c *config) { c.cost = oauth.DefaultCost() } }

// WithClock makes the portal live by c. With it the delays of sign-ins after many wrong
// passwords take no time.
func WithClock(c Clock) Option {
	return func(cfg *config) {
		cfg.clock = c
		cfg.wait = func(context.Context, time.Duration) error { return nil }
	}
}

// Dir keeps the data in a folder that outlives the portal; one that holds a portal is opened
// as it is, and AdminPassword is then empty.
func Dir(dir string) Option { return func(c *config) { c.dir = dir } }

// Log writes the portal's log to w.
func Log(w io.Writer) Option { return func(c *config) { c.log = w } }

// WithLicenses gives the portal a pool of licenses: user types, products and app bundles with
// their seats, and check-outs, in the JSON of rhumb serve --licenses. Without it there are seats
// of every user type for everybody, and no products.
func WithLicenses(r io.Reader) Option { return func(c *config) { c.licenses = r } }

// LDAP gives the portal an enterprise identity store: the LDAP server that a file in the JSON of
// rhumb serve --ldap describes, and the password of the account that searches it.
func LDAP(file, password string) Option {
	return func(c *config) { c.ldap, c.ldapPassword = file, secret.Secret(password) }
}

// Wrap puts a handler in front of the portal's, to watch requests or to break them.
func Wrap(wrap func(http.Handler) http.Handler) Option { return func(c *config) { c.wrap = wrap } }
