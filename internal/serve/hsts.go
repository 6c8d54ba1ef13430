package serve

import (
	"net/http"
	"net/netip"
	"net/url"
)

// hstsYear is the age, in seconds, that reviewers and browsers' lists ask for at least.
const hstsYear = "max-age=31536000"

// hstsValue is the header Strict-Transport-Security that o asks for; empty: none. A browser that
// has seen it asks this host by https alone for a year, on all ports, so that only the operator
// can know whether something else there would be cut off.
func (o *Options) hstsValue() string {
	switch o.HSTS {
	case "host":
		return hstsYear
	case "subdomains":
		return hstsYear + "; includeSubDomains"
	}
	return ""
}

// checkHSTS refuses what browsers would not heed.
func (o *Options) checkHSTS() error {
	switch o.HSTS {
	case "", "off":
		return nil
	case "host", "subdomains":
	default:
		return optionError("hsts", "must be off, host or subdomains, not %q", o.HSTS)
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "https" {
		return optionError("hsts", "needs --url beside it, with https: the address that browsers are to keep to")
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil || loopback(u.Hostname()) {
		return optionError("hsts", "is of hosts that have a name: browsers do not heed it for %s", u.Hostname())
	}
	return nil
}

// withHSTS adds the header to every answer.
func withHSTS(value string, next http.Handler) http.Handler {
	if value == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", value)
		next.ServeHTTP(w, r)
	})
}
