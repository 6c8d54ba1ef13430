package serve

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// A certificate that was renewed is shown without a restart; one that cannot be read leaves the
// old one, and the operator is told when it is about to end.
func TestCertificatesAreReadAgain(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	now := clock.NewManual(someDay)
	dir := filepath.Join(t.TempDir(), "tls")
	k, err := newKeeper(slog.New(slog.NewTextHandler(&log, nil)), now, func(at time.Time) (tls.Certificate, error) { return selfSigned(dir, "gis.test", at) })
	if err != nil {
		t.Fatal(err)
	}
	shown := func() *x509.Certificate {
		c, err := k.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf
	}
	first := shown()
	now.Advance(certificateLife - renewBefore - time.Hour)
	if !shown().Equal(first) {
		t.Error("the certificate changes without need")
	}
	now.Advance(2 * time.Hour)
	second := shown()
	if second.Equal(first) || !second.NotAfter.After(now.Now().Add(certificateLife-time.Hour)) {
		t.Errorf("the certificate of --tls self is not made anew while the server runs: it ends at %v", second.NotAfter)
	}
	if log.Len() != 0 {
		t.Errorf("log %s", log.String())
	}
	file := filepath.Join(dir, "server.pem")
	if err := os.WriteFile(file, []byte("half of a fi"), 0o600); err != nil {
		t.Fatal(err)
	}
	now.Advance(reloadEvery)
	if !shown().Equal(second) || !strings.Contains(log.String(), file) {
		t.Errorf("log %s", log.String())
	}
	now.Advance(certificateLife) // nothing renews it
	shown()
	if _, err := newKeeper(discard(), now, func(time.Time) (tls.Certificate, error) { return tls.Certificate{}, errors.New("gone") }); err == nil {
		t.Error("a server starts without a certificate")
	}
}

func TestEndOfACertificateIsTold(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	dir := t.TempDir()
	cert, err := selfSigned(dir, "gis.test", someDay)
	if err != nil {
		t.Fatal(err)
	}
	late := clock.NewManual(cert.Leaf.NotAfter.Add(-warnOfEndFrom + time.Hour))
	if _, err := newKeeper(slog.New(slog.NewTextHandler(&log, nil)), late, func(time.Time) (tls.Certificate, error) { return cert, nil }); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "ends soon") {
		t.Errorf("log %q", log.String())
	}
}

// Who speaks only TLS 1.1 or older is turned away.
//
// Guard: MinVersion in newHTTP.
func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := start(t, Options{Dir: dir, TLSSelf: true})
	pem, err := os.ReadFile(filepath.Join(dir, "tls", authorityFile))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	address := strings.TrimSuffix(strings.TrimPrefix(r.url, "https://"), "/portal")
	for version, ok := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		raw, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		conn := tls.Client(raw, &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: version, MaxVersion: version})
		if err := conn.HandshakeContext(t.Context()); (err == nil) != ok {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		_ = conn.Close()
	}
	if status, _ := fetch(t, "http://"+address+"/portal/sharing/rest/info?f=json", ""); status != http.StatusBadRequest {
		t.Errorf("http on the port of TLS: status %d", status)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}
