package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Store is what the suite tests: a metadata store that also keeps the account of blobs.
type Store interface {
	portal.Store
	RenewLease(ctx context.Context, hash string, size int64) (until time.Time, err error)
	Content(ctx context.Context, hash string) ([]byte, error)
	CollectBlobs(ctx context.Context, limit int, remove func(hash string) (bool, error)) (int, error)
}

// OpenFunc opens the store in the folder dir. In an empty folder it is empty; opened again
// after Close, it holds what it held. It reports failures by t.Fatal.
type OpenFunc func(t testing.TB, dir string, clk clock.Clock) Store

// Run runs the suite.
func Run(t *testing.T, open OpenFunc) {
	for _, group := range []struct {
		name  string
		tests []namedTest
	}{
		{"Fields", fieldTests},
		{"LicenseFields", licenseFieldTests},
		{"Licenses", licenseTests},
		{"Users", userTests},
		{"Tokens", tokenTests},
		{"Groups", groupTests},
		{"Items", itemTests},
		{"Files", fileTests},
		{"Organization", orgTests},
		{"Blobs", blobTests},
		{"Transactions", transactionTests},
		{"Concurrency", concurrencyTests},
		{"Language", languageTests},
		{"Visibility", visibilityTests},
		{"Listing", listingTests},
		{"Random", randomTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, test := range group.tests {
				t.Run(test.name, func(t *testing.T) {
					t.Parallel()
					test.run(newBench(t, open))
				})
			}
		})
	}
}

type namedTest struct {
	name string
	run  func(*bench)
}

// epoch is the time at which the clock of every test stands first.
var epoch = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// bench is what one test works with: an empty store of its own.
type bench struct {
	*testing.T
	store Store
	clock *clock.Manual
	dir   string
	open  OpenFunc
}

func newBench(t *testing.T, open OpenFunc) *bench {
	b := &bench{T: t, clock: clock.NewManual(epoch), dir: t.TempDir(), open: open}
	b.store = open(t, b.dir, b.clock)
	t.Cleanup(func() {
		if err := b.store.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return b
}

// reopen closes the store and opens it again.
func (b *bench) reopen() {
	b.Helper()
	if err := b.store.Close(); err != nil {
		b.Fatalf("Close: %v", err)
	}
	b.store = b.open(b, b.dir, b.clock)
}

// update runs fn, which must succeed.
func (b *bench) update(fn func(tx portal.Tx) error) {
	b.Helper()
	if err := b.store.Update(b.Context(), fn); err != nil {
		b.Fatalf("Update: %v", err)
	}
}

// view runs fn, which must succeed.
func (b *bench) view(fn func(tx portal.Tx) error) {
	b.Helper()
	if err := b.store.View(b.Context(), fn); err != nil {
		b.Fatalf("View: %v", err)
	}
}

// get reads one value, which must succeed.
func get[T any](b *bench, fn func(tx portal.Tx) (T, error)) T {
	b.Helper()
	var v T
	b.view(func(tx portal.Tx) (err error) {
		v, err = fn(tx)
		return err
	})
	return v
}

// absent fails unless fn returns ErrAbsent.
func absent[T any](b *bench, what string, fn func(tx portal.Tx) (T, error)) {
	b.Helper()
	b.view(func(tx portal.Tx) error {
		if v, err := fn(tx); !errors.Is(err, portal.ErrAbsent) {
			b.Errorf("%s: got %v, %v; want ErrAbsent", what, v, err)
		}
		return nil
	})
}

// id makes an identifier of 32 hexadecimal characters that begins with n.
func id(n string) string {
	const pad = "00000000000000000000000000000000"
	return n + pad[len(n):]
}

func itemID(n string) esri.ItemID   { return esri.ItemID(id(n)) }
func groupID(n string) esri.GroupID { return esri.GroupID(id(n)) }

// putUsers adds members that only have a name.
func putUsers(tx portal.Tx, names ...string) error {
	for _, name := range names {
		if err := tx.PutUser(&portal.User{Username: name, Access: portal.InOrg}); err != nil {
			return err
		}
	}
	return nil
}

// putGroups adds groups that only have an identifier.
func putGroups(tx portal.Tx, ids ...string) error {
	for _, n := range ids {
		if err := tx.PutGroup(&portal.Group{ID: groupID(n), Title: n, Access: portal.Private}); err != nil {
			return err
		}
	}
	return nil
}

// putItems adds public items that only have an identifier.
func putItems(tx portal.Tx, ids ...string) error {
	for _, n := range ids {
		if err := tx.PutItem(&portal.Item{ID: itemID(n), Title: n, Owner: "ada", Access: portal.Public}); err != nil {
			return err
		}
	}
	return nil
}
