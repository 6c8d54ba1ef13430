package storetest

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// lease is how long a blob that nothing refers to is kept.
const lease = 24 * time.Hour

// collect removes what may be removed and returns the hashes of the files among it, and how
// many blobs were removed in all.
func collect(b *bench) (files []string, n int) {
	b.Helper()
	n, err := b.store.CollectBlobs(b.Context(), 1000, func(hash string) (bool, error) {
		files = append(files, hash)
		return true, nil
	})
	if err != nil {
		b.Fatalf("CollectBlobs: %v", err)
	}
	slices.Sort(files)
	return files, n
}

// keeps asserts whether a blob without bytes can be kept.
func keeps(b *bench, c portal.Blob, want bool) {
	b.Helper()
	err := b.store.Update(b.Context(), func(tx portal.Tx) error { return tx.KeepBlob(portal.Blob{Hash: c.Hash, Size: c.Size}) })
	if want && err != nil || !want && !errors.Is(err, portal.ErrAbsent) {
		b.Errorf("KeepBlob: %v, want it to succeed: %t", err, want)
	}
}

// renew leases a blob and returns it as Put does.
func renew(b *bench, c portal.Blob) portal.Blob {
	b.Helper()
	until, err := b.store.RenewLease(b.Context(), c.Hash, c.Size)
	if err != nil {
		b.Fatalf("RenewLease: %v", err)
	}
	if want := b.clock.Now().Add(lease); !until.Equal(want) {
		b.Errorf("leased until %v, want %v", until, want)
	}
	return portal.Blob{Hash: c.Hash, Size: c.Size, Until: until}
}

var blobTests = []namedTest{
	{"small blobs", func(b *bench) {
		for _, content := range []string{"", "x", string(bytes.Repeat([]byte("é\x00"), 20_000))} {
			c := blobOf(content)
			if _, err := b.store.Content(b.Context(), c.Hash); !errors.Is(err, portal.ErrAbsent) {
				b.Errorf("Content before: %v, want ErrAbsent", err)
			}
			for range 2 {
				b.update(func(tx portal.Tx) error { return tx.KeepBlob(c) })
			}
			b.reopen()
			got, err := b.store.Content(b.Context(), c.Hash)
			if err != nil || string(got) != content {
				b.Errorf("Content: %d bytes, %v; want %d", len(got), err, len(content))
			}
			keeps(b, c, true)
		}
	}},
	{"a blob whose bytes are not its own is refused", func(b *bench) {
		for _, c := range []portal.Blob{
			{Hash: blobOf("x").Hash, Size: 1, Inline: []byte("y")},
			{Hash: blobOf("x").Hash, Size: 2, Inline: []byte("x")},
		} {
			if err := b.store.Update(b.Context(), func(tx portal.Tx) error { return tx.KeepBlob(c) }); err == nil {
				b.Errorf("kept %+v", c)
			}
		}
	}},
	{"an unknown blob cannot be kept or referred to", func(b *bench) {
		keeps(b, blobOf("x"), false)
		keeps(b, largeBlob("x"), false)
		c := largeBlob("x")
		b.update(func(tx portal.Tx) error {
			if err := putItems(tx, "1"); err != nil {
				return err
			}
			for what, err := range map[string]error{
				"PutItem":     tx.PutItem(&portal.Item{ID: itemID("2"), Data: &portal.Data{Blobs: []portal.Blob{c}}}),
				"PutPart":     tx.PutPart(portal.Part{Item: itemID("1"), Number: 1, Blob: c}),
				"PutInfo":     tx.PutInfo(&portal.InfoFile{Item: itemID("1"), File: portal.File{Blob: c}}),
				"PutResource": tx.PutResource(&portal.Resource{Item: itemID("1"), File: portal.File{Blob: c}}),
				"PutOrgFile":  tx.PutOrgFile(&portal.OrgFile{Key: "x", File: portal.File{Blob: c}}),
				"PutUser":     tx.PutUser(&portal.User{Username: "x", Thumbnail: &portal.File{Blob: c}}),
				"PutGroup":    tx.PutGroup(&portal.Group{ID: "x", Thumbnail: &portal.File{Blob: c}}),
			} {
				if !errors.Is(err, portal.ErrAbsent) {
					b.Errorf("%s: %v, want ErrAbsent", what, err)
				}
			}
			return nil
		})
	}},
	{"a lease lasts for 24 hours", func(b *bench) {
		c := largeBlob("x")
		renew(b, c)
		b.clock.Advance(lease - time.Millisecond)
		if _, n := collect(b); n != 0 {
			b.Error("a leased blob was collected")
		}
		renew(b, c)
		b.clock.Advance(lease - time.Millisecond)
		if _, n := collect(b); n != 0 {
			b.Error("a blob whose lease was renewed was collected")
		}
		b.reopen()
		b.clock.Advance(time.Millisecond)
		if files, n := collect(b); n != 1 || !slices.Equal(files, []string{c.Hash}) {
			b.Errorf("collected %v (%d), want the blob whose lease has run out", files, n)
		}
		keeps(b, c, false)
		if _, n := collect(b); n != 0 {
			b.Error("collected twice")
		}
	}},
	{"a clock that was set back shortens no lease", func(b *bench) {
		c := largeBlob("x")
		for _, by := range []time.Duration{0, -10 * time.Hour} {
			b.clock.Advance(by)
			renew(b, c)
		}
		b.clock.Advance(lease)
		if _, n := collect(b); n != 0 {
			b.Error("a leased blob was collected")
		}
	}},
	{"a blob that has lost its lease cannot be kept, one that is referred to can", func(b *bench) {
		used, unused := largeBlob("used"), largeBlob("unused")
		for _, c := range []portal.Blob{used, unused} {
			renew(b, c)
		}
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.KeepBlob(used), tx.PutItem(&portal.Item{ID: itemID("1"), Data: &portal.Data{Blobs: []portal.Blob{used}}}))
		})
		b.clock.Advance(lease)
		keeps(b, unused, false)
		keeps(b, used, true)
	}},
	{"a lease that has run out is not saved by that of another", func(b *bench) {
		c := largeBlob("x")
		mine := renew(b, c)
		b.clock.Advance(lease)
		collect(b)
		theirs := renew(b, c) // the file may not be there yet
		keep := func(c portal.Blob) error {
			return b.store.Update(b.Context(), func(tx portal.Tx) error { return tx.KeepBlob(c) })
		}
		if err := keep(mine); !errors.Is(err, portal.ErrAbsent) {
			b.Errorf("KeepBlob: %v, want ErrAbsent", err)
		}
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.KeepBlob(theirs), tx.PutItem(&portal.Item{ID: itemID("1"), Data: &portal.Data{Blobs: []portal.Blob{c}}}))
		})
		if err := keep(mine); err != nil {
			b.Errorf("KeepBlob of what is referred to: %v", err)
		}
	}},
	{"small blobs are collected without a file", func(b *bench) {
		b.update(func(tx portal.Tx) error { return tx.KeepBlob(blobOf("x")) })
		b.clock.Advance(lease)
		if files, n := collect(b); n != 1 || len(files) != 0 {
			b.Errorf("collected %d with files %v, want one without", n, files)
		}
		if _, err := b.store.Content(b.Context(), blobOf("x").Hash); !errors.Is(err, portal.ErrAbsent) {
			b.Errorf("Content: %v, want ErrAbsent", err)
		}
	}},
	{"every kind of reference protects, and losing it leases anew", referenceTest},
	{"a file that stays keeps its record, and the others go", func(b *bench) {
		stuck, busy, free := largeBlob("stuck"), largeBlob("busy"), largeBlob("free")
		for _, c := range []portal.Blob{stuck, busy, free} {
			renew(b, c)
		}
		b.clock.Advance(lease)
		n, err := b.store.CollectBlobs(b.Context(), 10, func(hash string) (bool, error) {
			if hash == stuck.Hash {
				return false, errMine
			}
			return hash != busy.Hash, nil
		})
		if n != 1 || !errors.Is(err, errMine) {
			b.Errorf("collected %d, %v; want one and the error of the other", n, err)
		}
		if files, n := collect(b); n != 2 || !slices.Contains(files, stuck.Hash) || !slices.Contains(files, busy.Hash) {
			b.Errorf("the next round collected %v", files)
		}
	}},
	{"a round removes no more than its limit", func(b *bench) {
		for _, name := range []string{"1", "2", "3"} {
			renew(b, blobOf(name))
		}
		b.clock.Advance(lease)
		for _, want := range []int{2, 1, 0} {
			if n, err := b.store.CollectBlobs(b.Context(), 2, func(string) (bool, error) { return true, nil }); n != want || err != nil {
				b.Errorf("collected %d, %v; want %d", n, err, want)
			}
		}
	}},
}

// referenceTest refers to a blob from each place in turn, and takes the reference back by
// replacing and by deleting.
func referenceTest(b *bench) {
	c, other := largeBlob("x"), largeBlob("other")
	file := func(c portal.Blob) portal.File { return portal.File{Blob: c} }
	put := map[string]func(tx portal.Tx, c portal.Blob) error{
		"data": func(tx portal.Tx, c portal.Blob) error {
			return tx.PutItem(&portal.Item{ID: itemID("d"), Data: &portal.Data{Blobs: []portal.Blob{c}}})
		},
		"part": func(tx portal.Tx, c portal.Blob) error {
			return tx.PutPart(portal.Part{Item: itemID("1"), Number: 3, Blob: c})
		},
		"info": func(tx portal.Tx, c portal.Blob) error {
			return tx.PutInfo(&portal.InfoFile{Item: itemID("1"), Path: "x", File: file(c)})
		},
		"resource": func(tx portal.Tx, c portal.Blob) error {
			return tx.PutResource(&portal.Resource{Item: itemID("1"), Path: "x", File: file(c)})
		},
		"organization": func(tx portal.Tx, c portal.Blob) error {
			return tx.PutOrgFile(&portal.OrgFile{Key: "x", File: file(c)})
		},
		"user": func(tx portal.Tx, c portal.Blob) error {
			return tx.PutUser(&portal.User{Username: "Ada", Thumbnail: new(file(c))})
		},
		"group": func(tx portal.Tx, c portal.Blob) error {
			return tx.PutGroup(&portal.Group{ID: groupID("a"), Thumbnail: new(file(c))})
		},
	}
	remove := map[string]func(tx portal.Tx) error{
		"data":         func(tx portal.Tx) error { return tx.DeleteItem(itemID("d")) },
		"part":         func(tx portal.Tx) error { return tx.DeleteParts(itemID("1")) },
		"info":         func(tx portal.Tx) error { return tx.DeleteInfo(itemID("1"), "x") },
		"resource":     func(tx portal.Tx) error { return tx.DeleteResource(itemID("1"), "x") },
		"organization": func(tx portal.Tx) error { return tx.DeleteOrgFile("x") },
		"user":         func(tx portal.Tx) error { return tx.DeleteUser("ADA") },
		"group":        func(tx portal.Tx) error { return tx.DeleteGroup(groupID("a")) },
	}
	for kind := range put {
		for _, end := range []string{"replace", "delete", "delete the item"} {
			if end == "delete the item" && (kind == "user" || kind == "group" || kind == "data" || kind == "organization") {
				continue
			}
			for _, c := range []portal.Blob{c, other} {
				renew(b, c)
			}
			b.update(func(tx portal.Tx) error {
				return errors.Join(putItems(tx, "1"), tx.KeepBlob(c), tx.KeepBlob(other), put[kind](tx, c))
			})
			b.clock.Advance(10 * lease)
			if files, _ := collect(b); slices.Contains(files, c.Hash) {
				b.Errorf("%s: a blob that is referred to was collected", kind)
			}
			renew(b, other)
			b.update(func(tx portal.Tx) error {
				switch end {
				case "replace":
					return put[kind](tx, other)
				case "delete":
					return remove[kind](tx)
				default:
					return tx.DeleteItem(itemID("1"))
				}
			})
			b.clock.Advance(lease - time.Millisecond)
			if files, _ := collect(b); slices.Contains(files, c.Hash) {
				b.Errorf("%s, %s: the blob was collected while a reader may still read it", kind, end)
			}
			b.clock.Advance(time.Millisecond)
			if files, _ := collect(b); !slices.Contains(files, c.Hash) {
				b.Errorf("%s, %s: the blob was not collected: %v", kind, end, files)
			}
			b.update(func(tx portal.Tx) error { return remove[kind](tx) })
		}
	}
}
