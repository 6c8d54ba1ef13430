package oauth

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// outOfBand is the redirect address of clients without one: the code is shown on a page.
const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

// knownClient reports whether id is one of the built-in public clients.
func knownClient(id string) bool {
	return slices.Contains([]string{"pythonapi", "arcgisonline", "arcgispro"}, id)
}

// redirectAllowed reports whether an answer may be sent to address: out-of-band, or to the
// portal's own scheme, host and port with any path.
func (s *Service) redirectAllowed(address string) bool {
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
