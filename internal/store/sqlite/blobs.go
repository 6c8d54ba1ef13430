package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// leaseTime is how long a blob that nothing refers to is kept.
const leaseTime = 24 * time.Hour

// referenced tells whether any object names the blob b.
const referenced = `(EXISTS (SELECT 1 FROM item_data WHERE hash=b.hash)
	OR EXISTS (SELECT 1 FROM parts WHERE hash=b.hash)
	OR EXISTS (SELECT 1 FROM infos WHERE hash=b.hash)
	OR EXISTS (SELECT 1 FROM resources WHERE hash=b.hash)
	OR EXISTS (SELECT 1 FROM org_files WHERE hash=b.hash)
	OR EXISTS (SELECT 1 FROM users WHERE thumb_hash=b.hash)
	OR EXISTS (SELECT 1 FROM groups WHERE thumb_hash=b.hash))`

// KeepBlob makes a blob fit to be referred to. The bytes that b carries are stored. A blob
// without bytes must be known, and either referred to or leased: one whose lease has run out
// may have lost its file, and is ErrAbsent, even if somebody else is storing it again.
func (t *tx) KeepBlob(b portal.Blob) error {
	if b.Inline == nil && b.Size > 0 {
		lapsed := !b.Until.IsZero() && t.now() >= millis(b.Until)
		n, err := t.execN("UPDATE blobs AS b SET leased=max(leased,?) WHERE hash=? AND size=? AND (leased>? AND NOT ? OR "+referenced+")",
			t.now(), b.Hash, b.Size, t.now()-leaseTime.Milliseconds(), lapsed)
		if err == nil && n == 0 {
			return fmt.Errorf("%w: blob %s of %d bytes", portal.ErrAbsent, b.Hash, b.Size)
		}
		return err
	}
	if sum := sha256.Sum256(b.Inline); hex.EncodeToString(sum[:]) != b.Hash || int64(len(b.Inline)) != b.Size {
		return fmt.Errorf("blob %s: its %d bytes have another hash or size", b.Hash, len(b.Inline))
	}
	if err := t.lease(b.Hash, b.Size); err != nil {
		return err
	}
	content := b.Inline
	if content == nil {
		content = []byte{}
	}
	return t.exec("INSERT INTO blob_contents(hash, content) VALUES(?,?) ON CONFLICT DO NOTHING", b.Hash, content)
}

func (t *tx) lease(hash string, size int64) error {
	return t.exec(`INSERT INTO blobs(hash, size, leased) VALUES(?,?,?)
		ON CONFLICT(hash) DO UPDATE SET leased=max(leased,excluded.leased)`, hash, size, t.now())
}

// release leases anew the blobs that an object is about to stop referring to, so that those
// who read them now can read on.
func (t *tx) release(hashes string, args ...any) error {
	return t.exec("UPDATE blobs SET leased=max(leased,?) WHERE hash IN ("+hashes+")", append([]any{t.now()}, args...)...)
}

// releaseOther is release unless the blob of the query hash is that of f.
func (t *tx) releaseOther(hash string, f *portal.File, args ...any) error {
	var now string
	if f != nil {
		now = f.Blob.Hash
	}
	return t.exec("UPDATE blobs SET leased=max(leased,?) WHERE hash=("+hash+") AND hash<>?",
		append(append([]any{t.now()}, args...), now)...)
}

// RenewLease records a blob of the folder store, or that it is wanted again: it is not
// collected for the next 24 hours, until the time that is returned. The record is durable
// then.
func (s *Store) RenewLease(ctx context.Context, hash string, size int64) (until time.Time, err error) {
	err = s.update(ctx, func(t *tx) error {
		until = t.clock.Now().Add(leaseTime)
		return t.lease(hash, size)
	})
	return until, err
}

// Content returns the bytes of a blob that is kept in the store, or ErrAbsent.
func (s *Store) Content(ctx context.Context, hash string) (content []byte, err error) {
	err = s.View(ctx, func(v portal.Tx) error {
		return v.(*tx).scan([]any{&content}, "SELECT content FROM blob_contents WHERE hash=?", hash)
	})
	if content == nil && err == nil {
		content = []byte{}
	}
	return content, err
}

// CollectBlobs removes up to limit blobs that nothing refers to and whose lease has run out,
// and returns how many. remove deletes the file of one, or answers false for one that must
// stay; it runs while no other change can happen, before the record goes, so that a crash
// between the two leaves a record that the next run finishes. An error of remove keeps the
// record of that blob alone.
func (s *Store) CollectBlobs(ctx context.Context, limit int, remove func(hash string) (bool, error)) (n int, err error) {
	var failed []error
	err = s.update(ctx, func(t *tx) error {
		hashes, err := column[string](t.rows("SELECT hash FROM blobs AS b WHERE leased<=? AND NOT "+referenced+" ORDER BY leased LIMIT ?",
			t.now()-leaseTime.Milliseconds(), limit))
		if err != nil {
			return err
		}
		for _, hash := range hashes {
			removed, failure, err := t.collect(hash, remove)
			if err != nil {
				return err
			}
			if failure != nil {
				failed = append(failed, failure)
			}
			if removed {
				n++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, errors.Join(failed...)
}

// collect removes one blob; failure is the error of remove, err any other.
func (t *tx) collect(hash string, remove func(string) (bool, error)) (removed bool, failure, err error) {
	inline, err := t.number("SELECT count(*) FROM blob_contents WHERE hash=?", hash)
	if err != nil {
		return false, nil, err
	}
	if inline == 0 {
		removed, err := remove(hash)
		if err != nil {
			return false, fmt.Errorf("blob %s: %w", hash, err), nil
		}
		if !removed {
			return false, nil, nil
		}
	}
	return true, nil, t.exec("DELETE FROM blobs WHERE hash=?", hash)
}

// update is Update for the methods of this package.
func (s *Store) update(ctx context.Context, fn func(*tx) error) error {
	return s.Update(ctx, func(v portal.Tx) error { return fn(v.(*tx)) })
}
