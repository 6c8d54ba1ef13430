package serve

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"

	"github.com/rhumb-gis/rhumb/internal/portal/app"
)

// OptionError is a mistake in the options; Flag names the one to change.
type OptionError struct {
	Flag string
	Text string
}

func (e *OptionError) Error() string { return "--" + e.Flag + ": " + e.Text }

func optionError(flag, format string, args ...any) error {
	return &OptionError{flag, fmt.Sprintf(format, args...)}
}

// check finds what contradicts itself before anything is touched.
func (o *Options) check() error {
	switch {
	case o.Dir == "":
		return optionError("data", "name the folder that holds the portal, as in --data ./portal (it is made where it does not exist)")
	case o.TLSSelf && (o.TLSCert != "" || o.TLSKey != ""):
		return optionError("tls", "self makes a certificate: leave out --tls-cert and --tls-key, or --tls")
	case o.TLSCert == "" && o.TLSKey != "":
		return optionError("tls-key", "needs --tls-cert beside it")
	case o.TLSCert != "" && o.TLSKey == "":
		return optionError("tls-cert", "needs --tls-key beside it")
	case len(o.TrustedProxies) > 0 && o.URL == "":
		return optionError("trusted-proxy", "needs --url beside it: the address by which clients reach the proxy, such as https://host/portal")
	}
	if o.Online && o.LDAP != "" {
		return optionError("ldap", "is of ArcGIS Enterprise: an online portal has no directory. Leave it out, or --mode online")
	}
	if o.MaxConnections != 0 && o.MaxConnections < leastConnections {
		return optionError("max-connections", "must be at least %d", leastConnections)
	}
	if err := errors.Join(o.checkMonitor(), o.checkHSTS()); err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(o.listen())
	if err != nil {
		return optionError("listen", "%q must be host:port, such as 127.0.0.1:7080", o.Listen)
	}
	if !o.tls() && !o.InsecureHTTP && !loopback(host) {
		return optionError("listen", "%s can be reached from other machines, and passwords would travel in the clear. Add --tls self, or --tls-cert and --tls-key, or --insecure-http where something else encrypts", o.Listen)
	}
	return o.checkURL()
}

// checkMonitor keeps the monitor on this machine: its figures tell of members' doings.
func (o *Options) checkMonitor() error {
	if o.Monitor == "" {
		if o.Profile {
			return optionError("pprof", "needs --monitor beside it: the address on this machine that serves profiles, such as 127.0.0.1:7090")
		}
		return nil
	}
	if host, _, err := net.SplitHostPort(o.Monitor); err != nil || !loopback(host) {
		return optionError("monitor", "%q must be an address of this machine, such as 127.0.0.1:7090; let a proxy carry it further", o.Monitor)
	}
	return nil
}

func (o *Options) checkURL() error {
	if o.URL == "" {
		return nil
	}
	u, err := app.ParseBase(o.URL, o.personality())
	if err != nil {
		return optionError("url", "%v", err)
	}
	if u.Scheme == "http" && !o.InsecureHTTP && !loopback(u.Hostname()) {
		return optionError("url", "%s is not encrypted, and passwords would travel in the clear. Use https, or add --insecure-http", o.URL)
	}
	if u.Scheme == "http" && o.tls() {
		return optionError("url", "%s is http, but the server speaks TLS", o.URL)
	}
	return nil
}

func (o *Options) personality() app.Personality {
	if o.Online {
		return app.Online
	}
	return app.Enterprise
}

func (o *Options) listen() string {
	switch {
	case o.Listen != "":
		return o.Listen
	case o.tls():
		return "127.0.0.1:7443"
	}
	return "127.0.0.1:7080"
}

// loopback reports whether only this machine reaches a host.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// baseURL is the public address: the one that was given, else that of the listener.
func (o *Options) baseURL(l net.Listener) (string, error) {
	if o.URL != "" {
		u, err := app.ParseBase(o.URL, o.personality())
		if err != nil {
			return "", optionError("url", "%v", err)
		}
		return u.String(), nil
	}
	host, _, err := net.SplitHostPort(o.listen())
	if err != nil {
		return "", err
	}
	if addr, err := netip.ParseAddr(host); host == "" || (err == nil && addr.IsUnspecified()) {
		if host, err = os.Hostname(); err != nil || host == "" {
			return "", optionError("url", "is needed: the name of this machine is not known")
		}
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "", err
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: "/portal"}
	if o.Online {
		u.Path = ""
	}
	if o.tls() {
		u.Scheme = "https"
	}
	if (u.Scheme == "https" && port == "443") || (u.Scheme == "http" && port == "80") {
		u.Host = host
		if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
			u.Host = "[" + host + "]"
		}
	}
	return u.String(), nil
}
