package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
)

const day = 24 * time.Hour

func TestCollect(t *testing.T) {
	t.Parallel()
	b := setup(t)
	kept, unkept := b.put(random(1, 100_000)), b.put(random(2, 100_000))
	b.keep(kept)
	b.collect()
	if files := b.files(); len(files) != 2 {
		t.Fatalf("files %v: a leased one was removed", files)
	}
	b.clock.Advance(day)
	b.collect()
	if files := b.files(); len(files) != 1 {
		t.Fatalf("files %v, want that of the kept blob", files)
	}
	if err := b.tryKeep(unkept); !errors.Is(err, portal.ErrAbsent) {
		t.Errorf("keeping a collected blob: %v, want ErrAbsent", err)
	}
	if got, err := b.read(kept); err != nil || len(got) != 100_000 {
		t.Errorf("the kept blob: %d bytes, %v", len(got), err)
	}
	b.keep(b.put(random(2, 100_000))) // takes the reference of the other
	b.clock.Advance(day)
	b.collect()
	if _, err := b.read(kept); !errors.Is(err, portal.ErrAbsent) {
		t.Errorf("a blob without reference: %v", err)
	}
	if got, err := b.read(unkept); err != nil || !bytes.Equal(got, random(2, 100_000)) {
		t.Errorf("the blob that was stored again: %d bytes, %v", len(got), err)
	}
}

func TestCollectGoesOnToTheEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var wg sync.WaitGroup
	for i := range 1100 {
		wg.Go(func() {
			if _, err := b.store.RenewLease(t.Context(), hashOf(fmt.Append(nil, i)), portal.InlineLimit); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	b.clock.Advance(day)
	b.collect()
	n, err := b.store.CollectBlobs(t.Context(), 1, func(string) (bool, error) { return true, nil })
	if n != 0 || err != nil {
		t.Errorf("something was left: %d, %v", n, err)
	}
}

func TestAReaderReadsOnAfterCollection(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, size := range []int{1000, 300_000} {
		content := random(3, size)
		c := b.put(content)
		b.keep(c)
		c.Inline = nil
		r, err := b.blobs.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		head := make([]byte, 100)
		if _, err := io.ReadFull(r, head); err != nil {
			t.Fatal(err)
		}
		b.drop()
		b.clock.Advance(day)
		b.collect()
		if files := b.files(); len(files) != 0 {
			t.Fatalf("files %v", files)
		}
		rest, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(append(head, rest...), content) {
			t.Errorf("read %d bytes, %v", len(rest), err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// hooked is a ledger that runs functions around RenewLease, once.
type hooked struct {
	*sqlite.Store
	before, after func()
}

func (h *hooked) RenewLease(ctx context.Context, hash string, size int64) (time.Time, error) {
	before, after := h.before, h.after
	h.before, h.after = nil, nil
	if before != nil {
		before()
	}
	until, err := h.Store.RenewLease(ctx, hash, size)
	if after != nil {
		after()
	}
	return until, err
}

// An upload of what is about to be collected: wherever the collector comes in, the bytes are
// there afterwards.
func TestUploadMeetsCollection(t *testing.T) {
	t.Parallel()
	content := random(4, 100_000)
	for _, when := range []string{"before the lease", "after the lease", "around a lease that waits"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.put(content)
			b.clock.Advance(10 * day) // nothing refers to it, and its lease is long over
			ledger := &hooked{Store: b.store}
			var wg sync.WaitGroup
			switch when {
			case "before the lease":
				ledger.before = b.collect
			case "after the lease":
				ledger.after = b.collect
			default: // the collector and the lease ask for the writer at the same time
				ledger.before = func() { wg.Go(b.collect) }
			}
			c, err := b.open(ledger).Put(t.Context(), bytes.NewReader(content))
			wg.Wait()
			if err != nil {
				t.Fatal(err)
			}
			b.keep(c)
			b.collect()
			if got, err := b.read(c); err != nil || !bytes.Equal(got, content) {
				t.Errorf("read %d bytes, %v", len(got), err)
			}
		})
	}
}

// An upload that takes so long between its lease and its end that the lease runs out cannot be
// kept, and leaves no file that nobody knows of.
func TestAnUploadThatOutlivesItsLease(t *testing.T) {
	t.Parallel()
	for _, there := range []bool{false, true} {
		b := setup(t)
		content := random(8, 100_000)
		if there {
			b.put(content)
		}
		ledger := &hooked{Store: b.store}
		b.blobs = b.open(ledger)
		ledger.after = func() {
			b.clock.Advance(day)
			b.collect()
		}
		c, err := b.blobs.Put(t.Context(), bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.tryKeep(c); !errors.Is(err, portal.ErrAbsent) {
			t.Errorf("KeepBlob: %v, want ErrAbsent", err)
		}
		b.collect()
		if files := b.files(); len(files) != 0 {
			t.Errorf("files are left: %v", files)
		}
	}
}

// Uploads, deletions and the collector at random, while the clock runs: what a change has
// answered as kept can be read, whatever happened in between.
func TestUploadsAndCollectionAtRandom(t *testing.T) {
	t.Parallel()
	b := setup(t)
	contents := [][]byte{random(5, 70_000), random(6, 70_001), random(7, 70_002)}
	var done atomic.Bool
	var wg sync.WaitGroup
	for w := range uint64(4) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(w, 1))
			id := esri.ItemID(fmt.Sprint("item", w))
			for range 60 {
				if err := b.life(id, contents[r.IntN(len(contents))], time.Duration(r.IntN(30))*time.Hour); err != nil {
					t.Error(err)
				}
			}
		})
	}
	collected := make(chan int)
	go func() {
		n := 0
		for !done.Load() {
			b.clock.Advance(5 * time.Hour)
			if err := b.blobs.Collect(b.Context()); err != nil {
				t.Error(err)
			}
			n++
		}
		collected <- n
	}()
	wg.Wait()
	done.Store(true)
	t.Logf("%d rounds of the collector", <-collected)
	b.clock.Advance(2 * day)
	b.collect()
	if files := b.files(); len(files) != 0 {
		t.Errorf("files are left: %v", files)
	}
}

// life stores content, keeps it as the data of an item after a while, reads it and deletes the
// item. That the blob was collected before it was kept is no error: the upload came too late.
func (b *bench) life(id esri.ItemID, content []byte, while time.Duration) error {
	c, err := b.blobs.Put(b.Context(), bytes.NewReader(content))
	if err != nil {
		return err
	}
	b.clock.Advance(while)
	err = b.store.Update(b.Context(), func(tx portal.Tx) error {
		if err := tx.KeepBlob(c); err != nil {
			return err
		}
		return tx.PutItem(&portal.Item{ID: id, Data: &portal.Data{Blobs: []portal.Blob{c}}})
	})
	if errors.Is(err, portal.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	b.clock.Advance(2 * day)
	got, err := b.read(c)
	if err != nil {
		return fmt.Errorf("a kept blob: %w", err)
	}
	if !bytes.Equal(got, content) {
		return fmt.Errorf("a kept blob has %d bytes of %d", len(got), len(content))
	}
	return b.store.Update(b.Context(), func(tx portal.Tx) error { return tx.DeleteItem(id) })
}
