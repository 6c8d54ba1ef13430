package serve

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/demo"
	"github.com/rhumb-gis/rhumb/internal/secret"
	"github.com/rhumb-gis/rhumb/internal/serve"
)

type options struct {
	serve.Options
	tls     string
	proxies []string
	mode    string
	seed    string
	log     string
	debug   bool
}

// New makes the command. run is what is called with the options that the flags amount to;
// nil serves.
func New(f *command.Factory, run func(context.Context, serve.Options) error) *cobra.Command {
	o := &options{}
	if run == nil {
		run = serve.Run
	}
	cmd := &cobra.Command{
		Use:   "serve --data DIR",
		Short: "Serve a portal from a data folder",
		Long: `Serve a portal that speaks the ArcGIS REST API, with all its data in one folder.

An empty or missing folder becomes a portal with one administrator: RHUMB_ADMIN_USER
(else "admin") with the password RHUMB_ADMIN_PASSWORD (else one that is made up and printed
once). On a folder that holds a portal these variables change nothing.

http is served on this machine only; for other machines add --tls self, or --tls-cert and
--tls-key. Stop the server with Ctrl-C or SIGTERM: requests in flight are finished first.

--licenses names a JSON file with the seats of user types, products and app bundles. It is
applied at every start: totals follow the file, assignments stay. Without it the portal keeps
the licenses it has; a new one has seats of every user type for everybody, and no products.

--mode online behaves as an organization of ArcGIS Online: at the root of its address, without
portaladmin, and members are made by invitation (docs/online.md).

The files of --tls-cert and --tls-key are read again every hour, and the certificate of --tls self
is made anew in time: a renewed one needs no restart. Where browsers may be held to https for a year, on
all ports of the host, say so by --hsts host.

Only trouble is logged; --log info adds a line for each request. A line never holds a token,
a password or a query.`,
		Example: `  rhumb serve --data ./portal
  rhumb serve --data ./portal --licenses licenses.json
  rhumb serve --data ./org --listen 127.0.0.1:7081 --mode online
  rhumb serve --data ./portal --listen :7443 --tls self --url https://gis.example.com:7443/portal`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.complete(f); err != nil {
				return err
			}
			return asUsage(run(cmd.Context(), o.Options))
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&o.Dir, "data", "", "`folder` that holds the portal; made where it does not exist")
	fl.StringVar(&o.Listen, "listen", "", "`address` to listen on (default 127.0.0.1:7080, with TLS 127.0.0.1:7443)")
	fl.StringVar(&o.URL, "url", "", "public `address` of the portal, such as https://host/portal (default: from --listen)")
	fl.StringVar(&o.tls, "tls", "", "self: make a certificate for development, with an authority to trust")
	fl.StringVar(&o.TLSCert, "tls-cert", "", "certificate `file` (PEM)")
	fl.StringVar(&o.TLSKey, "tls-key", "", "key `file` (PEM)")
	fl.BoolVar(&o.InsecureHTTP, "insecure-http", false, "serve http to other machines, unencrypted")
	fl.StringSliceVar(&o.proxies, "trusted-proxy", nil, "network (`CIDR`) of proxies whose X-Forwarded-For is believed")
	fl.StringVar(&o.Licenses, "licenses", "", "`file` with the pool of licenses (JSON, docs/licenses.md)")
	fl.StringVar(&o.mode, "mode", "enterprise", "product that the portal behaves as: enterprise or online (an organization of ArcGIS Online, at the root of its address)")
	fl.StringVar(&o.log, "log", "warn", "least `level` that is logged: warn, info (each request) or debug")
	fl.IntVar(&o.MaxConnections, "max-connections", 2000, "most connections that are open at once; one address gets a fourth of them")
	fl.StringVar(&o.HSTS, "hsts", "off", "tell browsers to keep to https for a year: host (this name, on all its ports), subdomains (and all below it) or off")
	fl.BoolVar(&o.RenewKey, "renew-key", false, "at this start draw a new portal.key, which seals the secrets of apps")
	fl.StringVar(&o.LDAP, "ldap", "", "`file` (JSON) that describes the LDAP server whose people may be members; RHUMB_LDAP_PASSWORD signs in to it")
	fl.StringVar(&o.Monitor, "monitor", "", "`address` on this machine that serves /metrics for Prometheus, such as 127.0.0.1:7090")
	fl.BoolVar(&o.Profile, "pprof", false, "serve profiles of the process at /debug/pprof of the monitor")
	fl.BoolVar(&o.debug, "debug", false, "the same as --log debug")
	if f.Seed != nil {
		fl.StringVar(&o.seed, "seed", "none", "content to fill the portal with: demo or none")
	}
	return cmd
}

// complete turns flags and environment into options of the server.
func (o *options) complete(f *command.Factory) error {
	switch o.tls {
	case "":
	case "self":
		o.TLSSelf = true
	default:
		return command.Usage("--tls: must be self, not %q. For a certificate of your own use --tls-cert and --tls-key", o.tls)
	}
	switch o.mode {
	case "enterprise":
	case "online":
		o.Online = true
	default:
		return command.Usage("--mode: must be enterprise or online, not %q", o.mode)
	}
	switch o.seed {
	case "", "none":
	case "demo":
		if o.Online {
			return command.Usage("--seed: the demo organization chooses the ids of its items, which an online portal does not take. Leave it out, or --mode online")
		}
		o.Seed, o.SeedLicenses = f.Seed, demo.Licenses()
	default:
		return command.Usage("--seed: must be demo or none, not %q", o.seed)
	}
	for _, p := range o.proxies {
		prefix, err := parsePrefix(p)
		if err != nil {
			return command.Usage("--trusted-proxy: %q must be a network such as 10.0.0.0/8, or an address", p)
		}
		o.TrustedProxies = append(o.TrustedProxies, prefix)
	}
	o.AdminUser = f.Getenv("RHUMB_ADMIN_USER")
	o.AdminPassword = secret.Secret(f.Getenv("RHUMB_ADMIN_PASSWORD"))
	o.LDAPPassword = secret.Secret(f.Getenv("RHUMB_LDAP_PASSWORD"))
	var level slog.Level
	switch {
	case o.debug:
		level = slog.LevelDebug
	case level.UnmarshalText([]byte(o.log)) != nil:
		return command.Usage("--log: must be warn, info or debug, not %q", o.log)
	}
	o.Log = slog.New(slog.NewTextHandler(f.IO.Err, &slog.HandlerOptions{Level: level}))
	o.Out = f.IO.Err
	return nil
}

func parsePrefix(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		return netip.ParsePrefix(s)
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return a.Prefix(a.BitLen())
}

// asUsage gives mistakes in the flags their exit code.
func asUsage(err error) error {
	var wrong *serve.OptionError
	if errors.As(err, &wrong) {
		return command.Usage("%w", err)
	}
	return err
}
