package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

const (
	tmpName    = "tmp"
	collectMax = 500 // blobs removed in one change of the ledger
)

// Ledger is the part of the metadata store that knows of blobs.
type Ledger interface {
	// RenewLease records a blob, or that it is wanted again, durably: it is not collected
	// until the time that is returned.
	RenewLease(ctx context.Context, hash string, size int64) (until time.Time, err error)
	// Content returns the bytes of a blob that the ledger holds itself, or portal.ErrAbsent.
	Content(ctx context.Context, hash string) ([]byte, error)
	// CollectBlobs forgets up to limit blobs that nothing refers to and whose lease has run
	// out. It calls remove for those that are files while no lease can be renewed, and keeps
	// those for which it answers false.
	CollectBlobs(ctx context.Context, limit int, remove func(hash string) (bool, error)) (int, error)
}

// Folder is a portal.Blobs whose large objects are files under one folder. It is safe for
// concurrent use; one process uses a folder at a time.
type Folder struct {
	dir    string
	ledger Ledger
	log    *slog.Logger

	mu      sync.Mutex
	durable map[string]bool // folders whose way from dir has been synced
	busy    map[string]int  // how many calls of Put are about to name each blob
}

var _ portal.Blobs = (*Folder)(nil)

// Open opens the store in dir, making it where it does not exist, and removes what
// interrupted calls of Put left behind. The caller holds the lock of the data folder.
func Open(dir string, ledger Ledger, log *slog.Logger) (*Folder, error) {
	f := &Folder{dir: dir, ledger: ledger, log: log, durable: map[string]bool{}, busy: map[string]int{}}
	tmp := filepath.Join(dir, tmpName)
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return nil, fmt.Errorf("opening the blob folder: %w", err)
	}
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := syncFolder(d); err != nil {
			return nil, fmt.Errorf("opening the blob folder: %w", err)
		}
	}
	left, err := os.ReadDir(tmp)
	if err != nil {
		return nil, fmt.Errorf("opening the blob folder: %w", err)
	}
	for _, e := range left {
		if err := os.Remove(filepath.Join(tmp, e.Name())); err != nil {
			return nil, fmt.Errorf("removing an unfinished upload: %w", err)
		}
	}
	if len(left) > 0 {
		log.Info("unfinished uploads removed", "op", "blob", "count", len(left))
	}
	return f, nil
}

// Open implements portal.Blobs. A blob that is not there is portal.ErrAbsent.
func (f *Folder) Open(ctx context.Context, b portal.Blob) (io.ReadSeekCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if b.Inline != nil {
		return inline{bytes.NewReader(b.Inline)}, nil
	}
	if b.Size < portal.InlineLimit {
		content, err := f.ledger.Content(ctx, b.Hash)
		if err != nil {
			return nil, fmt.Errorf("blob %s: %w", b.Hash, err)
		}
		return inline{bytes.NewReader(content)}, nil
	}
	path, err := f.path(b.Hash)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: blob %s", portal.ErrAbsent, b.Hash)
	}
	if err != nil {
		return nil, fmt.Errorf("blob %s: %w", b.Hash, err)
	}
	info, err := file.Stat()
	if err == nil && info.Size() != b.Size {
		err = fmt.Errorf("blob %s has %d bytes instead of %d: restore it from a backup", b.Hash, info.Size(), b.Size)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// inline reads the bytes of a small blob.
type inline struct{ *bytes.Reader }

func (inline) Close() error { return nil }

// path is where the file of a blob is. A hash is checked because it becomes part of a path.
func (f *Folder) path(hash string) (string, error) {
	if len(hash) != 64 {
		return "", fmt.Errorf("%q is no blob hash", hash)
	}
	for i := range len(hash) {
		if c := hash[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", fmt.Errorf("%q is no blob hash", hash)
		}
	}
	return filepath.Join(f.dir, hash[:2], hash[2:4], hash), nil
}

// Collect removes what nothing refers to and nobody has leased for 24 hours, a few hundred
// blobs at a time, so that writers need not wait long.
func (f *Folder) Collect(ctx context.Context) error {
	for total := 0; ; {
		n, err := f.ledger.CollectBlobs(ctx, collectMax, f.remove)
		total += n
		if err != nil || n < collectMax {
			if total > 0 {
				f.log.InfoContext(ctx, "unreferenced blobs removed", "op", "blob", "count", total)
			}
			if err != nil {
				return fmt.Errorf("collecting blobs: %w", err)
			}
			return nil
		}
	}
}

// remove deletes the file of a blob; one that is gone already is no error. A blob stays that
// is being stored again although its lease has run out.
func (f *Folder) remove(hash string) (bool, error) {
	path, err := f.path(hash)
	if err != nil || f.isBusy(hash) {
		return false, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, nil
}

func (f *Folder) isBusy(hash string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.busy[hash] > 0
}

// hold makes the collector leave a blob alone until the returned function is called.
func (f *Folder) hold(hash string) (release func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.busy[hash]++
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.busy[hash]--; f.busy[hash] == 0 {
			delete(f.busy, hash)
		}
	}
}
