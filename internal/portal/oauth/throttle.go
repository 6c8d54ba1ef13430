package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Limits of wrong passwords. One wrong password given to the Python package arrives four
// times, so that twenty are five of a person.
const (
	pairLimit    = 20               // by account and address: then refused
	pairLock     = 15 * time.Minute // for so long
	accountFree  = 8                // by account alone: so many without delay
	firstDelay   = 250 * time.Millisecond
	longestDelay = 5 * time.Second
	maxCounters  = 20_000
)

var (
	errTooMany = errors.New("too many invalid attempts")
	errLocked  = fmt.Errorf("%w: the first that is refused", errTooMany)
)

// throttle counts sign-ins that did not succeed. An attempt counts from its start, so that
// many at once gain nothing.
type throttle struct {
	clock clock.Clock
	wait  func(context.Context, time.Duration) error

	mu       sync.Mutex
	pairs    map[pairKey]counter
	accounts map[string]counter
}

type pairKey struct {
	account string
	from    netip.Prefix
}

type counter struct {
	n    int
	last time.Time
	told bool // that it is past its limit
}

func newThrottle(c clock.Clock, wait func(context.Context, time.Duration) error) *throttle {
	return &throttle{clock: c, wait: wait, pairs: map[pairKey]counter{}, accounts: map[string]counter{}}
}

// begin admits an attempt, after a delay where the account is under attack, or fails with
// errTooMany, of which errLocked is the first. An admitted attempt counts as failed until succeeded is called.
func (t *throttle) begin(ctx context.Context, account string, from netip.Addr) error {
	now := t.clock.Now()
	key := keyOf(account, from)
	t.mu.Lock()
	p := t.pairs[key].at(now)
	if p.n >= pairLimit {
		defer t.mu.Unlock()
		if p.told {
			return errTooMany
		}
		p.told = true
		t.pairs[key] = p
		return errLocked
	}
	a := t.accounts[key.account].at(now)
	t.pairs[key] = counter{n: p.n + 1, last: now}
	t.accounts[key.account] = counter{n: a.n + 1, last: now}
	prune(t.pairs, now)
	prune(t.accounts, now)
	t.mu.Unlock()
	if d := delayAfter(a.n); d > 0 {
		return t.wait(ctx, d)
	}
	return nil
}

// succeeded forgets the pair's attempts and takes this one back from the account.
func (t *throttle) succeeded(account string, from netip.Addr) {
	key := keyOf(account, from)
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.pairs, key)
	if a := t.accounts[key.account]; a.n > 1 {
		a.n--
		t.accounts[key.account] = a
	} else {
		delete(t.accounts, key.account)
	}
}

// at is the counter as of now: attempts lapse when none followed for a while.
func (c counter) at(now time.Time) counter {
	if now.Sub(c.last) >= pairLock {
		return counter{}
	}
	return c
}

func delayAfter(failures int) time.Duration {
	if failures < accountFree {
		return 0
	}
	return min(firstDelay<<min(failures-accountFree, 10), longestDelay)
}

// keyOf joins an account with the network of its caller. All spellings of a name that sign in
// to one account have one key: each would else have attempts of its own.
func keyOf(account string, from netip.Addr) pairKey {
	account = portal.AccountKey(account)
	if len(account) > maxUsername {
		account = account[:maxUsername]
	}
	return pairKey{account, networkOf(from)}
}

// prune keeps m bounded: lapsed counters go first, then any.
func prune[K comparable](m map[K]counter, now time.Time) {
	if len(m) <= maxCounters {
		return
	}
	for k, c := range m {
		if c.at(now).n == 0 {
			delete(m, k)
		}
	}
	for k := range m {
		if len(m) <= maxCounters*3/4 {
			return
		}
		delete(m, k)
	}
}

// sleep waits on the machine's clock.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
