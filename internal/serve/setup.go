package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/internal/secret"
)

// seedTokenLife is longer than any seeding takes.
const seedTokenLife = 24 * time.Hour

// setUp makes the organization where the data folder holds none. A password that it had to
// make up is printed, this once.
func (s *server) setUp(ctx context.Context) error {
	s.admin = s.o.AdminUser
	if s.admin == "" {
		s.admin = defaultAdmin
	}
	password, generated := s.o.AdminPassword, false
	if password == "" {
		password, generated = newPassword(), true
	}
	created, err := s.app.Portal().Setup(ctx, s.admin, password)
	if err != nil {
		return fmt.Errorf("set up the organization with the administrator of RHUMB_ADMIN_USER and RHUMB_ADMIN_PASSWORD: %w", err)
	}
	s.created = created
	switch {
	case created && generated:
		fmt.Fprintf(s.o.Out, "created the administrator %s with the password %s\n  it is shown this once: note it, or change it after signing in\n", s.admin, password.Reveal())
	case created:
		fmt.Fprintf(s.o.Out, "created the administrator %s with the password of RHUMB_ADMIN_PASSWORD\n", s.admin)
	case s.o.AdminPassword != "":
		fmt.Fprintln(s.o.Out, "RHUMB_ADMIN_PASSWORD is not used: the data folder already holds an organization")
	}
	return nil
}

// newPassword draws a password that holds letters and digits, as the rules ask for.
func newPassword() secret.Secret {
	for {
		p := secret.New(15)
		if strings.ContainsAny(p.Reveal(), "0123456789") {
			return p
		}
	}
}

// greet tells the operator where the portal is.
func (s *server) greet() {
	fmt.Fprintf(s.o.Out, "portal: %s\n", s.base)
	if s.ca != "" {
		fmt.Fprintf(s.o.Out, "  its certificate is signed by %s: give that file to clients, as in --ca or SSL_CERT_FILE\n", s.ca)
	}
	who := ""
	if s.created {
		who = "sign in as " + s.admin + "; "
	}
	if s.monitor != nil {
		fmt.Fprintf(s.o.Out, "  metrics: http://%s/metrics\n", s.monitor.listener.Addr())
	}
	fmt.Fprintf(s.o.Out, "  %sbrowse %s/sharing/rest; stop with Ctrl-C\n", who, s.base)
}

// seed fills the portal through its own public interface.
func (s *server) seed(ctx context.Context) error {
	token, err := s.app.TokenFor(ctx, s.admin, seedTokenLife)
	if err != nil {
		return fmt.Errorf("seed as %s: %w. Name an administrator of this portal in RHUMB_ADMIN_USER", s.admin, err)
	}
	tr := &http.Transport{TLSClientConfig: s.clientTLS(), DialContext: s.dial, MaxIdleConnsPerHost: 16}
	if s.cert == nil {
		tr.DialTLSContext = s.dial // https is the proxy's part, and seeding goes around it
	}
	defer tr.CloseIdleConnections()
	target := SeedTarget{URL: s.base, Client: &http.Client{Transport: tr}, Admin: s.admin, Token: token, Log: s.o.Out}
	if err := s.o.Seed(ctx, target); err != nil && ctx.Err() == nil {
		return fmt.Errorf("seed the portal: %w. Start it again to go on", err)
	}
	return nil
}

// clientTLS trusts the very certificate that the server shows.
func (s *server) clientTLS() *tls.Config {
	if s.cert == nil {
		return nil
	}
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // replaced by the comparison below
		VerifyConnection: func(c tls.ConnectionState) error {
			own, err := s.cert.get(nil)
			if err != nil {
				return err
			}
			if len(c.PeerCertificates) == 0 || !c.PeerCertificates[0].Equal(own.Leaf) {
				return errors.New("the portal shows another certificate than its own")
			}
			return nil
		},
	}
}

// dial reaches the portal by its listener: its public address may lead through a proxy that
// does not know it yet.
func (s *server) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	addr := s.listener.Addr().String()
	if host, port, err := net.SplitHostPort(addr); err == nil {
		if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
			addr = net.JoinHostPort("localhost", port)
		}
	}
	return new(net.Dialer).DialContext(ctx, network, addr)
}
