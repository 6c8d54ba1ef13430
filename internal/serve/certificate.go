package serve

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Lifetimes of what --tls self makes. Browsers refuse certificates of more than 398 days.
const (
	authorityLife   = 10 * 365 * 24 * time.Hour
	certificateLife = 397 * 24 * time.Hour
	renewBefore     = 30 * 24 * time.Hour
)

// authorityFile is what clients are given to trust.
const authorityFile = "ca.pem"

// pair is a certificate with its key.
type pair struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// selfSigned returns a certificate for this machine and host, signed by an authority of our
// own, both kept in dir, where authorityFile is the one to trust. Whoever trusts the authority
// keeps doing so when the certificate is made anew.
func selfSigned(dir, host string, now time.Time) (cert tls.Certificate, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return cert, err
	}
	authority, err := renewed(filepath.Join(dir, "authority.pem"),
		func(p *pair) bool { return now.Add(renewBefore).Before(p.cert.NotAfter) },
		func() (*pair, error) { return newAuthority(now) })
	if err != nil {
		return cert, err
	}
	if err := writeFile(filepath.Join(dir, authorityFile), authority.pem()); err != nil {
		return cert, err
	}
	hosts := hostsOf(host)
	leaf, err := renewed(filepath.Join(dir, "server.pem"),
		func(p *pair) bool { return p.serves(hosts, authority, now) },
		func() (*pair, error) { return newLeaf(authority, hosts, now) })
	if err != nil {
		return cert, err
	}
	return tls.Certificate{Certificate: [][]byte{leaf.cert.Raw, authority.cert.Raw}, PrivateKey: leaf.key, Leaf: leaf.cert}, nil
}

// renewed returns the pair that file holds if it is good, else a new one, which it stores.
func renewed(file string, good func(*pair) bool, fresh func() (*pair, error)) (*pair, error) {
	p, err := loadPair(file)
	if err != nil {
		return nil, err
	}
	if p != nil && good(p) {
		return p, nil
	}
	if p, err = fresh(); err != nil {
		return nil, err
	}
	return p, p.save(file)
}

func hostsOf(host string) []string {
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if !slices.Contains(hosts, host) {
		hosts = append(hosts, host)
	}
	return hosts
}

// serves reports whether the certificate still does for these hosts.
func (p *pair) serves(hosts []string, authority *pair, now time.Time) bool {
	if p.cert.CheckSignatureFrom(authority.cert) != nil || now.Add(renewBefore).After(p.cert.NotAfter) {
		return false
	}
	for _, h := range hosts {
		if p.cert.VerifyHostname(h) != nil {
			return false
		}
	}
	return true
}

func newAuthority(now time.Time) (*pair, error) {
	t := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "rhumb development authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(authorityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	return sign(t, nil)
}

func newLeaf(authority *pair, hosts []string, now time.Time) (*pair, error) {
	t := &x509.Certificate{
		Subject:   pkix.Name{CommonName: hosts[len(hosts)-1]},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts {
		if addr, err := netip.ParseAddr(h); err == nil {
			t.IPAddresses = append(t.IPAddresses, addr.AsSlice())
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	return sign(t, authority)
}

// sign makes a key and a certificate for it; without an authority it signs itself.
func sign(t *x509.Certificate, authority *pair) (*pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if t.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil {
		return nil, err
	}
	parent, signer := t, key
	if authority != nil {
		parent, signer = authority.cert, authority.key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, &key.PublicKey, signer)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &pair{cert, key}, err
}

// save writes key and certificate into one file, so that they never part.
func (p *pair) save(file string) error {
	der, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		return err
	}
	return writeFile(file, append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), p.pem()...))
}

func (p *pair) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.cert.Raw})
}

// writeFile replaces a file whole, readable for its owner alone.
func writeFile(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// loadPair reads what save wrote; nil where there is no file.
func loadPair(file string) (*pair, error) {
	cert, err := tls.LoadX509KeyPair(file, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	key, ok := cert.PrivateKey.(*ecdsa.PrivateKey)
	if err == nil && !ok {
		err = errors.New("the key is of another kind")
	}
	if err != nil {
		return nil, fmt.Errorf("read the certificate that --tls self made: %w (delete %s to have it made anew)", err, file)
	}
	return &pair{cert.Leaf, key}, nil
}
