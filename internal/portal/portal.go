package portal

import (
	"context"
	"log/slog"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Portal joins the stores and answers the use cases. It is safe for concurrent use.
type Portal struct {
	store  Store
	blobs  Blobs
	hasher Hasher
	clock  clock.Clock
	log    *slog.Logger
	views  viewCounter

	directory Directory // nil: members sign in with passwords of the portal
}

// Config holds what a Portal needs; every field but Directory is required.
type Config struct {
	Store  Store
	Blobs  Blobs
	Hasher Hasher
	Clock  clock.Clock
	Log    *slog.Logger

	Directory Directory // nil: none
}

// Hasher turns passwords into stored proofs. Both calls are slow on purpose and bounded in
// number at a time, and neither may run inside a transaction.
type Hasher interface {
	Hash(ctx context.Context, password secret.Secret) (string, error)
	// Verify reports whether password belongs to hash. It takes the same time for an
	// empty hash, which no password matches.
	Verify(ctx context.Context, hash string, password secret.Secret) (bool, error)
}

// New makes a Portal. It does no I/O.
func New(c Config) *Portal {
	return &Portal{store: c.Store, blobs: c.Blobs, hasher: c.Hasher, clock: c.Clock, log: c.Log, directory: c.Directory}
}

// Caller is who makes a call: a member's name, or nobody.
type Caller struct {
	Username string // empty: anonymous
	// ClientID names the app that calls for itself, without a member. It is as anonymous, but
	// reads the items that its registration names.
	ClientID string
}

// Anonymous reports whether the call carries no member.
func (c Caller) Anonymous() bool { return c.Username == "" }
