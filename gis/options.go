package gis

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// Option sets something about a connection, in [New].
type Option func(*options) error

type options struct {
	client       *http.Client
	transport    http.RoundTripper
	roots        *x509.CertPool
	skipVerify   bool
	insecureHTTP bool
	logger       *slog.Logger
	userAgent    string
	referer      string
	concurrency  int
	pacer        *Pacer
	paceFunc     func(Pace)
}

// WithHTTPClient uses a copy of c, which is never modified itself. Its redirect policy is
// asked after the SDK's own, which keeps tokens from other hosts.
func WithHTTPClient(c *http.Client) Option {
	return func(o *options) error {
		if c == nil {
			return errors.New("the HTTP client is nil")
		}
		o.client = c
		return nil
	}
}

// WithTransport sends requests through rt.
func WithTransport(rt http.RoundTripper) Option {
	return func(o *options) error {
		if rt == nil {
			return errors.New("the transport is nil")
		}
		o.transport = rt
		return nil
	}
}

// WithCA trusts the authorities in pem beside those of the system.
func WithCA(pem []byte) Option {
	return func(o *options) error {
		if o.roots == nil {
			roots, err := x509.SystemCertPool()
			if err != nil {
				roots = x509.NewCertPool()
			}
			o.roots = roots
		}
		if !o.roots.AppendCertsFromPEM(pem) {
			return errors.New("the authority's PEM text holds no certificate")
		}
		return nil
	}
}

// WithInsecureSkipVerify accepts any certificate. Whoever sits between can then read the
// password: it is for tests, and [WithCA] is the way to trust a portal's own authority.
func WithInsecureSkipVerify() Option {
	return func(o *options) error { o.skipVerify = true; return nil }
}

// WithInsecureHTTP allows credentials to travel over plain http to a host that is not this
// machine. Without it [New] refuses such a connection.
func WithInsecureHTTP() Option {
	return func(o *options) error { o.insecureHTTP = true; return nil }
}

// WithLogger logs each request at debug level, without secrets. The default logs nothing.
func WithLogger(l *slog.Logger) Option {
	return func(o *options) error { o.logger = l; return nil }
}

// WithUserAgent names the program to the portal.
func WithUserAgent(name string) Option {
	return func(o *options) error { o.userAgent = name; return nil }
}

// WithReferer sets the Referer of every request, to which tokens are bound. The default is
// the portal's address.
func WithReferer(referer string) Option {
	return func(o *options) error { o.referer = referer; return nil }
}

// WithConcurrency bounds the requests in flight; the default is 8. The bound is lowered for
// as long as the portal throttles or slows down.
func WithConcurrency(n int) Option {
	return func(o *options) error {
		if n < 1 {
			return fmt.Errorf("%d requests in flight are too few: allow at least 1", n)
		}
		o.concurrency = n
		return nil
	}
}

// WithPacer shares pc with other connections to the same host. [WithConcurrency] does not
// apply then.
func WithPacer(pc *Pacer) Option {
	return func(o *options) error {
		if pc == nil {
			return errors.New("the pacer is nil")
		}
		o.pacer = pc
		return nil
	}
}

// WithPaceFunc calls f whenever the connection slows down, gives another reason for it, or is
// back at full speed. f must not block.
func WithPaceFunc(f func(Pace)) Option {
	return func(o *options) error { o.paceFunc = f; return nil }
}

// defaultUserAgent is what portals see where the program does not name itself.
const defaultUserAgent = "rhumb (https://github.com/rhumb-gis/rhumb)"

func apply(opts []Option) (*options, error) {
	o := &options{userAgent: defaultUserAgent}
	for _, opt := range opts {
		if err := opt(o); err != nil {
			return nil, err
		}
	}
	if (o.roots != nil || o.skipVerify) && (o.transport != nil || o.client != nil && o.client.Transport != nil) {
		return nil, errors.New("certificates are the transport's business: give WithCA and WithInsecureSkipVerify without a transport of your own")
	}
	if o.pacer == nil {
		o.pacer = NewPacer(o.concurrency)
	}
	if o.paceFunc != nil {
		o.pacer.notify(o.paceFunc)
	}
	return o, nil
}

// httpClient makes the client that requests go through.
func (o *options) httpClient() *http.Client {
	c := http.Client{}
	if o.client != nil {
		c = *o.client
	}
	if o.transport != nil {
		c.Transport = o.transport
	}
	if c.Transport == nil {
		c.Transport = o.newTransport()
	}
	return &c
}

func (o *options) newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.roots, InsecureSkipVerify: o.skipVerify},
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   max(o.concurrency, 16),
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   15 * time.Second,
		ExpectContinueTimeout: time.Second,
		ReadBufferSize:        64 << 10,
		WriteBufferSize:       64 << 10,
	}
}

// loopback reports whether host, without a port, is this machine.
func loopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
