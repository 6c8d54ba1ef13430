package serve

import (
	"crypto/tls"
	"log/slog"
	"sync"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
)

const (
	reloadEvery   = time.Hour           // how often the files of a certificate are looked at
	warnOfEndFrom = 14 * 24 * time.Hour // before the end of a certificate
)

// keeper holds the certificate that is shown to clients, and reads it again now and then, so
// that one that was renewed is used without a restart. It is safe for concurrent use.
type keeper struct {
	load  func(now time.Time) (tls.Certificate, error)
	log   *slog.Logger
	clock clock.Clock

	mu      sync.Mutex
	cert    *tls.Certificate
	checked time.Time
}

// newKeeper loads the certificate for the first time.
func newKeeper(log *slog.Logger, c clock.Clock, load func(time.Time) (tls.Certificate, error)) (*keeper, error) {
	now := c.Now()
	cert, err := load(now)
	if err != nil {
		return nil, err
	}
	k := &keeper{load: load, log: log, clock: c, cert: &cert, checked: now}
	k.warnOfEnd(now)
	return k, nil
}

// get implements [tls.Config.GetCertificate]. What cannot be read, such as a file that is just
// being replaced, leaves the certificate as it is.
func (k *keeper) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	now := k.clock.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	if now.Sub(k.checked) < reloadEvery {
		return k.cert, nil
	}
	k.checked = now
	cert, err := k.load(now)
	if err != nil {
		k.log.Warn("the certificate cannot be read again; the one that was read before stays", "err", err)
		return k.cert, nil
	}
	k.cert = &cert
	k.warnOfEnd(now)
	return k.cert, nil
}

func (k *keeper) warnOfEnd(now time.Time) {
	if leaf := k.cert.Leaf; leaf != nil && now.Add(warnOfEndFrom).After(leaf.NotAfter) {
		k.log.Warn("the certificate ends soon: replace its files, the server reads them every hour", "ends", leaf.NotAfter)
	}
}
