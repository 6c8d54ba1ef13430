package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

const copySize = 256 << 10

// Put implements portal.Blobs. At most a few hundred kilobytes of r are in memory at a time.
func (f *Folder) Put(ctx context.Context, r io.Reader) (portal.Blob, error) {
	r = &source{ctx: ctx, r: r}
	head := make([]byte, portal.InlineLimit)
	n, err := io.ReadFull(r, head)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		if src := r.(*source); src.failed != nil {
			return portal.Blob{}, src.failed
		}
		content := bytes.Clone(head[:n])
		if content == nil {
			content = []byte{}
		}
		sum := sha256.Sum256(content)
		return portal.Blob{Hash: hex.EncodeToString(sum[:]), Size: int64(n), Inline: content}, nil
	case err != nil:
		return portal.Blob{}, err
	}
	b, err := f.receive(ctx, io.MultiReader(bytes.NewReader(head), r))
	if err != nil {
		return portal.Blob{}, fmt.Errorf("storing an object: %w", err)
	}
	return b, nil
}

// source ends a read when its context does, and tells an early end of the input, which a
// reader may report as io.ErrUnexpectedEOF, from its regular end.
type source struct {
	ctx    context.Context // of the one call of Put that reads
	r      io.Reader
	failed error
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.failed = err
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.failed = err
	}
	return n, err
}

// receive writes a large object to a temporary file and gives it its name.
func (f *Folder) receive(ctx context.Context, r io.Reader) (_ portal.Blob, err error) {
	tmp, err := os.CreateTemp(filepath.Join(f.dir, tmpName), "")
	if err != nil {
		return portal.Blob{}, err
	}
	defer func() {
		if err != nil {
			if gone := os.Remove(tmp.Name()); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	b, err := fill(tmp, r)
	if err != nil {
		return portal.Blob{}, err
	}
	defer f.hold(b.Hash)()
	if b.Until, err = f.ledger.RenewLease(ctx, b.Hash, b.Size); err != nil {
		return portal.Blob{}, err
	}
	return b, f.name(tmp.Name(), b)
}

// fill copies r to tmp, syncs and closes it, and returns what was written.
func fill(tmp *os.File, r io.Reader) (portal.Blob, error) {
	h := sha256.New()
	size, err := io.CopyBuffer(hashing{tmp, h}, struct{ io.Reader }{r}, make([]byte, copySize))
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return portal.Blob{}, err
	}
	return portal.Blob{Hash: hex.EncodeToString(h.Sum(nil)), Size: size}, nil
}

// hashing is a file writer that hashes what it has written.
type hashing struct {
	file *os.File
	hash hash.Hash
}

func (w hashing) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	w.hash.Write(p[:n])
	return n, err
}

// name gives a received file its place, unless the blob is there already. Either way the
// folders that lead to it have been synced when name returns.
func (f *Folder) name(tmp string, b portal.Blob) error {
	path, err := f.path(b.Hash)
	if err != nil {
		return err
	}
	folder := filepath.Dir(path)
	if err := f.makeFolder(folder); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.Size() == b.Size {
		if err := os.Remove(tmp); err != nil {
			return err
		}
		return syncFolder(folder) // whoever named it may not have come so far
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return syncFolder(folder)
}

// makeFolder makes the folder of a blob and syncs the folders above it, once.
func (f *Folder) makeFolder(folder string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.durable[folder] {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for _, above := range []string{filepath.Dir(folder), f.dir} {
		if err := syncFolder(above); err != nil {
			return err
		}
	}
	f.durable[folder] = true
	return nil
}
