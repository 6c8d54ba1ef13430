package serve

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal/app"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Options say how a portal is served. Dir and Out are required.
type Options struct {
	Dir            string // data folder
	Listen         string // host:port; empty: 127.0.0.1:7080, or 7443 with TLS
	URL            string // public address of the portal; empty: from the listen address
	TLSSelf        bool   // make an authority and a certificate in the data folder
	TLSCert        string // files in PEM form
	TLSKey         string
	InsecureHTTP   bool // allow http where others can listen in
	TrustedProxies []netip.Prefix
	AdminUser      string        // of an empty data folder; empty: admin
	AdminPassword  secret.Secret // of an empty data folder; empty: generated and printed once
	Licenses       string        // file with the pool of licenses; empty: the portal keeps the one it has
	SeedLicenses   []byte        // the pool of a portal that has none yet; nil: seats for everybody, no products
	Seed           SeedFunc      // fills the portal after it has started; nil: nothing
	Log            *slog.Logger  // nil: none
	Out            io.Writer     // what the operator is told
	Online         bool          // behave as an organization of ArcGIS Online: at the root, without portaladmin
	LDAP           string        // file that describes the enterprise identity store; empty: none
	LDAPPassword   secret.Secret // of the account that searches it
	Monitor        string        // host:port of /metrics, on this machine only; empty: none
	Profile        bool          // serve profiles of the process there too
	MaxConnections int           // bound on open connections; zero: 2000
	RenewKey       bool          // draw a new portal.key and seal the secrets of apps with it
	HSTS           string        // Strict-Transport-Security: host or subdomains; empty or off: none
	StopWithin     time.Duration // bound on requests in flight at the end; zero: 30 s
	// Ready, where set, is told the portal's address once it answers.
	Ready func(url string)

	cost app.Cost // zero: the default
}

// SeedFunc fills a portal through its public interface. It is called at every start and goes
// on where an earlier call was interrupted.
type SeedFunc func(ctx context.Context, target SeedTarget) error

// SeedTarget is the portal that a SeedFunc fills.
type SeedTarget struct {
	URL    string
	Client *http.Client // trusts the portal's certificate
	Admin  string       // an administrator
	Token  secret.Secret
	Log    io.Writer // progress for the operator
}

const (
	defaultAdmin      = "admin"
	defaultStopWithin = 30 * time.Second
)

func (o *Options) tls() bool { return o.TLSSelf || o.TLSCert != "" || o.TLSKey != "" }
