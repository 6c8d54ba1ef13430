package serve

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	proxy := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	tests := []struct {
		name string
		o    Options
		flag string // empty: good
		text string // the next step
	}{
		{"least", Options{Dir: "d"}, "", ""},
		{"no folder", Options{}, "data", "--data ./portal"},
		{"loopback", Options{Dir: "d", Listen: "localhost:0"}, "", ""},
		{"loopback IPv6", Options{Dir: "d", Listen: "[::1]:0"}, "", ""},
		{"open http", Options{Dir: "d", Listen: ":80"}, "listen", "--tls self"},
		{"open http by address", Options{Dir: "d", Listen: "192.0.2.1:80"}, "listen", "--insecure-http"},
		{"open http, explicitly", Options{Dir: "d", Listen: ":80", InsecureHTTP: true}, "", ""},
		{"open TLS", Options{Dir: "d", Listen: ":443", TLSSelf: true}, "", ""},
		{"no port", Options{Dir: "d", Listen: "localhost"}, "listen", "host:port"},
		{"both kinds of TLS", Options{Dir: "d", TLSSelf: true, TLSCert: "c", TLSKey: "k"}, "tls", "leave out"},
		{"certificate without key", Options{Dir: "d", TLSCert: "c"}, "tls-cert", "--tls-key"},
		{"key without certificate", Options{Dir: "d", TLSKey: "k"}, "tls-key", "--tls-cert"},
		{"URL without context", Options{Dir: "d", URL: "https://gis.test"}, "url", "https://gis.test/portal"},
		{"URL with another context", Options{Dir: "d", URL: "https://gis.test/maps"}, "url", "/portal"},
		{"URL with more", Options{Dir: "d", URL: "https://u:p@gis.test/portal"}, "url", "https://host/portal"},
		{"URL of a proxy", Options{Dir: "d", URL: "https://gis.test/portal/"}, "", ""},
		{"open URL", Options{Dir: "d", URL: "http://gis.test/portal"}, "url", "https"},
		{"open URL, explicitly", Options{Dir: "d", URL: "http://gis.test/portal", InsecureHTTP: true}, "", ""},
		{"http URL with TLS", Options{Dir: "d", URL: "http://localhost/portal", TLSSelf: true}, "url", "TLS"},
		{"proxy without URL", Options{Dir: "d", TrustedProxies: proxy}, "trusted-proxy", "--url"},
		{"online URL with context", Options{Dir: "d", Online: true, URL: "https://gis.test/portal"}, "url", "https://gis.test: an online portal"},
		{"online URL", Options{Dir: "d", Online: true, URL: "https://acme.gis.test"}, "", ""},
		{"online with a directory", Options{Dir: "d", Online: true, LDAP: "f"}, "ldap", "--mode online"},
		{"few connections", Options{Dir: "d", MaxConnections: 5}, "max-connections", "at least 20"},
		{"HSTS", Options{Dir: "d", HSTS: "host", URL: "https://gis.test/portal"}, "", ""},
		{"HSTS turned off", Options{Dir: "d", HSTS: "off"}, "", ""},
		{"HSTS of something", Options{Dir: "d", HSTS: "yes", URL: "https://gis.test/portal"}, "hsts", "host or subdomains"},
		{"HSTS without a name", Options{Dir: "d", HSTS: "host", TLSSelf: true}, "hsts", "--url"},
		{"HSTS over http", Options{Dir: "d", HSTS: "host", URL: "http://gis.test/portal", InsecureHTTP: true}, "hsts", "https"},
		{"HSTS of an address", Options{Dir: "d", HSTS: "subdomains", URL: "https://192.0.2.7/portal"}, "hsts", "192.0.2.7"},
		{"HSTS of this machine", Options{Dir: "d", HSTS: "host", URL: "https://localhost/portal"}, "hsts", "localhost"},
		{"proxy", Options{Dir: "d", TrustedProxies: proxy, URL: "https://gis.test/portal"}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.o.check()
			var wrong *OptionError
			switch {
			case tt.flag == "" && err != nil:
				t.Errorf("got %v", err)
			case tt.flag != "" && (!errors.As(err, &wrong) || wrong.Flag != tt.flag || !strings.Contains(err.Error(), tt.text)):
				t.Errorf("got %v, want a mistake in --%s that says %q", err, tt.flag, tt.text)
			}
		})
	}
}

// addr is a listener that is bound to an address.
type addr struct {
	net.Listener
	a string
}

func (a addr) Addr() net.Addr {
	ap := netip.MustParseAddrPort(a.a)
	return net.TCPAddrFromAddrPort(ap)
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		o           Options
		bound, want string
	}{
		{Options{}, "127.0.0.1:7080", "http://127.0.0.1:7080/portal"},
		{Options{TLSSelf: true}, "127.0.0.1:7443", "https://127.0.0.1:7443/portal"},
		{Options{Listen: "localhost:0"}, "127.0.0.1:41000", "http://localhost:41000/portal"},
		{Options{Listen: "[::1]:0"}, "[::1]:41000", "http://[::1]:41000/portal"},
		{Options{Listen: "[::1]:443", TLSSelf: true}, "[::1]:443", "https://[::1]/portal"},
		{Options{Listen: ":443", TLSSelf: true}, "[::]:443", "https://" + host + "/portal"},
		{Options{Listen: "0.0.0.0:8443", TLSSelf: true}, "0.0.0.0:8443", "https://" + host + ":8443/portal"},
		{Options{Online: true}, "127.0.0.1:7080", "http://127.0.0.1:7080"},
		{Options{Online: true, URL: "https://acme.gis.test/"}, "127.0.0.1:7080", "https://acme.gis.test"},
		{Options{URL: "https://gis.test/arcgis/"}, "127.0.0.1:7080", "https://gis.test/arcgis"},
	}
	for _, tt := range tests {
		got, err := tt.o.baseURL(addr{a: tt.bound})
		if err != nil || got != tt.want {
			t.Errorf("%+v: got %s, %v, want %s", tt.o, got, err, tt.want)
		}
	}
}

func TestBehindProxies(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"a client that makes it up", "192.0.2.1:99", []string{"203.0.113.9"}, "192.0.2.1:99"},
		{"a proxy", "10.0.0.1:99", []string{"203.0.113.9"}, "203.0.113.9:0"},
		{"a client that makes it up before the proxy", "10.0.0.1:99", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9:0"},
		{"two proxies", "10.0.0.1:99", []string{"1.1.1.1", "203.0.113.9, 10.0.0.2"}, "203.0.113.9:0"},
		{"proxies all the way", "10.0.0.1:99", []string{"10.0.0.3"}, "10.0.0.3:0"},
		{"IPv6", "[::1]:99", []string{"2001:db8::1"}, "[2001:db8::1]:0"},
		{"mapped", "[::ffff:10.0.0.1]:99", []string{"203.0.113.9"}, "203.0.113.9:0"},
		{"nonsense", "10.0.0.1:99", []string{"unknown"}, "10.0.0.1:99"},
		{"nonsense behind good", "10.0.0.1:99", []string{"x, 10.0.0.7"}, "10.0.0.7:0"},
		{"nothing", "10.0.0.1:99", nil, "10.0.0.1:99"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got string
			h := behindProxies(trusted, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = tt.peer
			for _, f := range tt.forwarded {
				r.Header.Add("X-Forwarded-For", f)
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
