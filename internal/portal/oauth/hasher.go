package oauth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"

	"golang.org/x/crypto/argon2"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Cost is the work of one argon2id computation.
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
}

// DefaultCost is 19 MiB and two passes, about 20 ms of one core.
func DefaultCost() Cost { return Cost{MemoryKiB: 19 << 10, Passes: 2} }

const (
	saltLen = 16
	keyLen  = 32
	atOnce  = 2 // computations at a time: bounds their memory
)

// Hasher proves passwords by argon2id. It is safe for concurrent use.
type Hasher struct {
	cost  Cost
	slots chan struct{}
	none  phc // what an account without a password is checked against
}

var _ portal.Hasher = (*Hasher)(nil)

// NewHasher makes a Hasher that hashes with the given cost. Verify follows the cost that a
// stored hash names.
func NewHasher(cost Cost) *Hasher {
	h := &Hasher{cost: cost, slots: make(chan struct{}, atOnce)}
	h.none = phc{cost: cost, salt: make([]byte, saltLen), key: make([]byte, keyLen)}
	return h
}

// Hash returns the PHC string of a password.
func (h *Hasher) Hash(ctx context.Context, password secret.Secret) (string, error) {
	p := phc{cost: h.cost, salt: make([]byte, saltLen)}
	_, _ = rand.Read(p.salt) // never fails
	key, err := h.key(ctx, p, password)
	if err != nil {
		return "", err
	}
	p.key = key
	return p.String(), nil
}

// Verify reports whether password belongs to hash.
func (h *Hasher) Verify(ctx context.Context, hash string, password secret.Secret) (bool, error) {
	p := h.none
	if hash != "" {
		var err error
		if p, err = parsePHC(hash); err != nil {
			return false, err
		}
	}
	key, err := h.key(ctx, p, password)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, p.key) == 1 && hash != "", nil
}

func (h *Hasher) key(ctx context.Context, p phc, password secret.Secret) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(password.Reveal()), p.salt, p.cost.Passes, p.cost.MemoryKiB, 1, keyLen), nil
}
