package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/rhumb-gis/rhumb/internal/blob"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
)

// bench is a folder store over a metadata store of its own.
type bench struct {
	*testing.T
	dir   string // of the folder store
	store *sqlite.Store
	blobs *blob.Folder
	clock *clock.Manual
}

func setup(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, clock: clock.NewManual(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))}
	data := t.TempDir()
	b.dir = filepath.Join(data, "blobs")
	var err error
	if b.store, err = sqlite.Open(t.Context(), data, sqlite.Options{Clock: b.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	b.blobs = b.open(b.store)
	return b
}

// open opens the folder over a ledger.
func (b *bench) open(ledger blob.Ledger) *blob.Folder {
	b.Helper()
	f, err := blob.Open(b.dir, ledger, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	return f
}

func (b *bench) put(content []byte) portal.Blob {
	b.Helper()
	got, err := b.blobs.Put(b.Context(), bytes.NewReader(content))
	if err != nil {
		b.Fatal(err)
	}
	return got
}

// keep stores a blob as the data of an item.
func (b *bench) keep(c portal.Blob) {
	b.Helper()
	if err := b.tryKeep(c); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) tryKeep(c portal.Blob) error {
	return b.store.Update(b.Context(), func(tx portal.Tx) error {
		if err := tx.KeepBlob(c); err != nil {
			return err
		}
		return tx.PutItem(&portal.Item{ID: "item", Data: &portal.Data{Blobs: []portal.Blob{c}}})
	})
}

func (b *bench) drop() {
	b.Helper()
	if err := b.store.Update(b.Context(), func(tx portal.Tx) error { return tx.DeleteItem("item") }); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) collect() {
	b.Helper()
	if err := b.blobs.Collect(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// read reads a kept blob to the end.
func (b *bench) read(c portal.Blob) ([]byte, error) {
	c.Inline = nil
	r, err := b.blobs.Open(b.Context(), c)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(r)
	return content, errors.Join(err, r.Close())
}

// files lists the files of the folder store.
func (b *bench) files() []string {
	b.Helper()
	var list []string
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(b.dir)+"/"))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return list
}

// random is content that depends on seed and size alone.
func random(seed uint64, size int) []byte {
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}).Read(content)
	return content
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func TestContentComesBack(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, portal.InlineLimit - 1, portal.InlineLimit, portal.InlineLimit + 1, 1 << 20, 3<<20 + 7} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			content := random(1, size)
			for _, r := range []io.Reader{bytes.NewReader(content), iotest.DataErrReader(bytes.NewReader(content)), iotest.HalfReader(bytes.NewReader(content))} {
				c, err := b.blobs.Put(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				if c.Hash != hashOf(content) || c.Size != int64(size) || (c.Inline != nil) != (size < portal.InlineLimit) {
					t.Errorf("Put: %s of %d, inline %t", c.Hash, c.Size, c.Inline != nil)
				}
				if unkept, err := b.blobs.Open(t.Context(), c); err != nil {
					t.Errorf("Open before it is kept: %v", err)
				} else if got, err := io.ReadAll(unkept); err != nil || !bytes.Equal(got, content) {
					t.Errorf("before it is kept: %d bytes, %v", len(got), err)
				} else {
					unkept.Close()
				}
				b.keep(c)
				got, err := b.read(c)
				if err != nil || !bytes.Equal(got, content) {
					t.Errorf("read %d bytes, %v; want %d", len(got), err, size)
				}
			}
			want := []string{}
			if h := hashOf(content); size >= portal.InlineLimit {
				want = append(want, h[:2]+"/"+h[2:4]+"/"+h)
			}
			if got := b.files(); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("files %v, want %v", got, want)
			}
		})
	}
}

func TestOpenSeeks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, size := range []int{1000, 200_000} {
		content := random(2, size)
		c := b.put(content)
		b.keep(c)
		c.Inline = nil
		r, err := b.blobs.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := iotest.TestReader(r, content); err != nil {
			t.Error(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	kept := b.put(random(3, 100_000))
	b.keep(kept)
	cut := b.put(random(4, 100_000))
	h := cut.Hash
	if err := os.Truncate(filepath.Join(b.dir, h[:2], h[2:4], h), 99_999); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name string
		ctx  context.Context
		blob portal.Blob
		is   error
		says string
	}{
		{"unknown small", t.Context(), portal.Blob{Hash: hashOf([]byte("x")), Size: 1}, portal.ErrAbsent, ""},
		{"unknown large", t.Context(), portal.Blob{Hash: hashOf([]byte("x")), Size: 100_000}, portal.ErrAbsent, ""},
		{"a path", t.Context(), portal.Blob{Hash: "../../" + strings.Repeat("a", 58), Size: 100_000}, nil, "no blob hash"},
		{"short hash", t.Context(), portal.Blob{Hash: "ab", Size: 100_000}, nil, "no blob hash"},
		{"upper case", t.Context(), portal.Blob{Hash: strings.ToUpper(kept.Hash), Size: kept.Size}, nil, "no blob hash"},
		{"cut short", t.Context(), cut, nil, "99999 bytes instead of 100000"},
		{"cancelled", cancelled, kept, context.Canceled, ""},
	} {
		r, err := b.blobs.Open(tt.ctx, tt.blob)
		if err == nil {
			r.Close()
		}
		if err == nil || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	// What was cut short is repaired by storing it again.
	b.keep(b.put(random(4, 100_000)))
	if got, err := b.read(cut); err != nil || len(got) != 100_000 {
		t.Errorf("after storing it again: %d bytes, %v", len(got), err)
	}
}

func TestAFailedUploadLeavesNothing(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	for _, size := range []int{0, 10, portal.InlineLimit, 500_000} {
		for name, broken := range map[string]error{"error": mine, "cut connection": io.ErrUnexpectedEOF} {
			t.Run(fmt.Sprint(name, " after ", size), func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				r := io.MultiReader(bytes.NewReader(random(5, size)), iotest.ErrReader(broken))
				if c, err := b.blobs.Put(t.Context(), r); !errors.Is(err, broken) {
					t.Errorf("Put: %v, %v; want the error of the reader", c, err)
				}
				if files := b.files(); len(files) != 0 {
					t.Errorf("files left: %v", files)
				}
			})
		}
	}
}

// endless is a source of bytes that calls next before each part of it.
type endless struct{ next func() }

func (e endless) Read(p []byte) (int, error) {
	e.next()
	return len(p), nil
}

func TestPutEndsWithItsContext(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	reads := 0
	_, err := b.blobs.Put(ctx, endless{func() {
		if reads++; reads == 10 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || len(b.files()) != 0 {
		t.Errorf("Put: %v, files %v", err, b.files())
	}
	if _, err := b.blobs.Put(ctx, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("Put of a small object: %v", err)
	}
}

func TestPutHoldsLittleInMemory(t *testing.T) { // measures the whole program: not parallel
	b := setup(t)
	const size = 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c, err := b.blobs.Put(t.Context(), io.LimitReader(endless{func() {}}, size))
	runtime.ReadMemStats(&after)
	if err != nil || c.Size != size {
		t.Fatalf("Put: %v, %v", c, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
		t.Errorf("%d bytes were allocated for an object of %d", used, size)
	}
}

func TestOpenCleansUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.put(random(6, 100_000))
	b.keep(c)
	for i := range 3 {
		if err := os.WriteFile(filepath.Join(b.dir, "tmp", fmt.Sprint("left", i)), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.blobs = b.open(b.store)
	if files := b.files(); len(files) != 1 {
		t.Errorf("files %v, want that of the blob alone", files)
	}
	if got, err := b.read(c); err != nil || len(got) != 100_000 {
		t.Errorf("read %d, %v", len(got), err)
	}
	if runtime.GOOS == "windows" {
		return // modes mean nothing there
	}
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		info, err2 := d.Info()
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		if want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[d.IsDir()]; info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestManyStoreTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var wg sync.WaitGroup
	for range 20 {
		for seed := range uint64(3) {
			wg.Go(func() {
				content := random(seed, 300_000)
				c, err := b.blobs.Put(t.Context(), bytes.NewReader(content))
				if err != nil || c.Hash != hashOf(content) {
					t.Errorf("Put: %v, %v", c, err)
					return
				}
				if got, err := b.read(c); err != nil || !bytes.Equal(got, content) {
					t.Errorf("read %d bytes, %v", len(got), err)
				}
			})
		}
	}
	wg.Wait()
	if files := b.files(); len(files) != 3 {
		t.Errorf("files %v, want three", files)
	}
}

func TestFailuresOfTheDiskAreReported(t *testing.T) {
	t.Parallel()
	content := random(7, 100_000)
	h := hashOf(content)
	for name, damage := range map[string]func(b *bench) error{
		"no folder for uploads":    func(b *bench) error { return os.RemoveAll(filepath.Join(b.dir, "tmp")) },
		"a file where a folder is": func(b *bench) error { return os.WriteFile(filepath.Join(b.dir, h[:2]), nil, 0o600) },
		"a folder where the file is": func(b *bench) error {
			return os.MkdirAll(filepath.Join(b.dir, h[:2], h[2:4], h, "x"), 0o700)
		},
		"a closed ledger": func(b *bench) error { return b.store.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			if err := damage(b); err != nil {
				t.Fatal(err)
			}
			before := b.files()
			if c, err := b.blobs.Put(t.Context(), bytes.NewReader(content)); err == nil {
				t.Errorf("Put succeeded: %+v", c)
			}
			if after := b.files(); len(after) > len(before) {
				t.Errorf("files before %v, after %v", before, after)
			}
		})
	}
}
