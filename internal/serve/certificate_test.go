package serve

import (
	"bytes"
	"crypto/x509"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var someDay = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// verify checks a certificate as a client that trusts the authority would.
func verify(t *testing.T, dir, host string, at time.Time) (serial string) {
	t.Helper()
	cert, err := selfSigned(dir, host, at)
	if err != nil {
		t.Fatal(err)
	}
	ca := filepath.Join(dir, authorityFile)
	pem, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatalf("%s holds no certificate", ca)
	}
	for _, h := range []string{"localhost", "127.0.0.1", "::1", host} {
		if _, err := cert.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: h, CurrentTime: at}); err != nil {
			t.Errorf("%s at %v: %v", h, at, err)
		}
	}
	return cert.Leaf.SerialNumber.String()
}

func TestSelfSigned(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "tls")
	first := verify(t, dir, "gis.test", someDay)
	ca, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if again := verify(t, dir, "gis.test", someDay.Add(24*time.Hour)); again != first {
		t.Error("the certificate changes without need")
	}
	if other := verify(t, dir, "maps.test", someDay); other == first {
		t.Error("another host gets the old certificate")
	}
	second := verify(t, dir, "maps.test", someDay)
	if late := verify(t, dir, "maps.test", someDay.Add(certificateLife)); late == second {
		t.Error("a certificate that is about to expire is kept")
	}
	now, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil || !bytes.Equal(ca, now) {
		t.Error("the authority changed: whoever trusts it is locked out")
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", d.Name(), info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestSelfSignedSaysWhatIsBroken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	broken := filepath.Join(dir, "authority.pem")
	if err := os.WriteFile(broken, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := selfSigned(dir, "gis.test", someDay); err == nil || !bytes.Contains([]byte(err.Error()), []byte(broken)) {
		t.Errorf("got %v", err)
	}
}
