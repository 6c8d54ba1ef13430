package storetest

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

var errMine = errors.New("mine")

// exists reports whether a member is stored, as a reader sees it now.
func exists(b *bench, name string) bool {
	b.Helper()
	var there bool
	b.view(func(tx portal.Tx) error {
		_, err := tx.User(name)
		there = err == nil
		if errors.Is(err, portal.ErrAbsent) {
			return nil
		}
		return err
	})
	return there
}

var transactionTests = []namedTest{
	{"a failed change leaves nothing", func(b *bench) {
		c := blobOf("x")
		err := b.store.Update(b.Context(), func(tx portal.Tx) error {
			return errors.Join(putUsers(tx, "ada"), putGroups(tx, "a"), putItems(tx, "1"), tx.KeepBlob(c), errMine)
		})
		if !errors.Is(err, errMine) {
			b.Errorf("Update: %v, want the error of the function", err)
		}
		if exists(b, "ada") || found(b, "") != "" {
			b.Error("a failed change left something")
		}
		if _, err := b.store.Content(b.Context(), c.Hash); !errors.Is(err, portal.ErrAbsent) {
			b.Errorf("Content: %v, want ErrAbsent", err)
		}
		if _, total := findGroups(b, "*", portal.Visibility{All: true}, portal.Page{}); total != 0 {
			b.Error("a failed change left a group")
		}
	}},
	{"a change sees its own writes, searches included", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			if err := putItems(tx, "1"); err != nil {
				return err
			}
			page, err := tx.FindItems(portal.ItemQuery{Match: parse(b, "1*"), Visible: portal.Visibility{All: true}, Page: portal.Page{Num: 1}})
			if err == nil && (page.Total != 1 || len(page.Items) != 1) {
				b.Errorf("the change finds %d of its own items", page.Total)
			}
			return err
		})
	}},
	{"a panic passes to the caller and leaves nothing", func(b *bench) {
		func() {
			defer func() {
				if p := recover(); p != "boom" {
					b.Errorf("recovered %v", p)
				}
			}()
			_ = b.store.Update(b.Context(), func(tx portal.Tx) error {
				if err := putUsers(tx, "ada"); err != nil {
					return err
				}
				panic("boom")
			})
		}()
		func() {
			defer func() { _ = recover() }()
			_ = b.store.View(b.Context(), func(portal.Tx) error { panic("boom") })
		}()
		if exists(b, "ada") {
			b.Error("a change that panicked left something")
		}
		b.update(func(tx portal.Tx) error { return putUsers(tx, "bob") })
	}},
	{"a function that ends its goroutine leaves nothing", func(b *bench) {
		var wg sync.WaitGroup
		wg.Go(func() {
			_ = b.store.Update(b.Context(), func(tx portal.Tx) error {
				_ = putUsers(tx, "ada")
				runtime.Goexit()
				return nil
			})
		})
		wg.Go(func() {
			_ = b.store.View(b.Context(), func(portal.Tx) error { runtime.Goexit(); return nil })
		})
		wg.Wait()
		if exists(b, "ada") {
			b.Error("something is left")
		}
	}},
	{"a view is a snapshot", func(b *bench) {
		b.update(func(tx portal.Tx) error { return putItems(tx, "1") })
		b.view(func(tx portal.Tx) error {
			b.update(func(tx portal.Tx) error { return errors.Join(putItems(tx, "2"), tx.DeleteItem(itemID("1"))) })
			_, err := tx.Item(itemID("1"))
			if _, gone := tx.Item(itemID("2")); !errors.Is(gone, portal.ErrAbsent) {
				b.Errorf("the view sees a later item: %v", gone)
			}
			page, err2 := tx.FindItems(portal.ItemQuery{Visible: portal.Visibility{All: true}, Page: portal.Page{Num: 9}})
			if err2 == nil && (page.Total != 1 || page.Items[0].ID != itemID("1")) {
				b.Errorf("the view finds %v", page.Items)
			}
			return errors.Join(err, err2)
		})
		if got := found(b, ""); got != "2" {
			b.Errorf("afterwards %q is found", got)
		}
	}},
	{"a view does not see a change before it is answered, and does so after", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			if err := putUsers(tx, "ada"); err != nil {
				return err
			}
			if exists(b, "ada") {
				b.Error("seen before the commit")
			}
			return nil
		})
		if !exists(b, "ada") {
			b.Error("not seen after the answer")
		}
	}},
	{"a view cannot write", func(b *bench) {
		err := b.store.View(b.Context(), func(tx portal.Tx) error { return putUsers(tx, "ada") })
		if err == nil || exists(b, "ada") {
			b.Errorf("a view wrote: %v", err)
		}
		b.update(func(tx portal.Tx) error { return putUsers(tx, "bob") })
	}},
	{"a transaction is over when its function returns", func(b *bench) {
		var leaked []portal.Tx
		b.update(func(tx portal.Tx) error { leaked = append(leaked, tx); return nil })
		b.view(func(tx portal.Tx) error { leaked = append(leaked, tx); return nil })
		for _, tx := range leaked {
			if _, err := tx.Org(); err == nil || errors.Is(err, portal.ErrAbsent) {
				b.Errorf("a read after the end: %v", err)
			}
			if err := putUsers(tx, "ada"); err == nil {
				b.Error("a write after the end succeeded")
			}
		}
		if exists(b, "ada") {
			b.Error("a write after the end was stored")
		}
	}},
	{"what was answered survives closing and opening", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.PutOrg(&portal.Org{ID: "x"}), putUsers(tx, "ada"), putItems(tx, "1"))
		})
		b.reopen()
		if !exists(b, "ada") || found(b, "1 orgid:X") != "1" {
			b.Error("something is gone")
		}
		b.update(func(tx portal.Tx) error { return putItems(tx, "2") })
		b.reopen()
		if found(b, "") != "12" {
			b.Error("something is gone")
		}
	}},
	{"a closed store refuses", func(b *bench) {
		if err := b.store.Close(); err != nil {
			b.Error(err)
		}
		if err := b.store.Close(); err != nil {
			b.Errorf("a second Close: %v", err)
		}
		none := func(portal.Tx) error { b.Error("ran"); return nil }
		if err := b.store.View(b.Context(), none); err == nil {
			b.Error("View succeeded")
		}
		if err := b.store.Update(b.Context(), none); err == nil {
			b.Error("Update succeeded")
		}
	}},
	{"a context that has ended before is not served", func(b *bench) {
		ctx, cancel := context.WithCancelCause(b.Context())
		cancel(errMine)
		none := func(portal.Tx) error { b.Error("ran"); return nil }
		if err := b.store.View(ctx, none); !errors.Is(err, context.Canceled) {
			b.Errorf("View: %v", err)
		}
		if err := b.store.Update(ctx, none); !errors.Is(err, context.Canceled) {
			b.Errorf("Update: %v", err)
		}
	}},
	{"a change whose context ends while it waits is not run", func(b *bench) {
		ctx, cancel := context.WithCancel(b.Context())
		waiting := make(chan error)
		b.update(func(portal.Tx) error {
			go func() {
				waiting <- b.store.Update(ctx, func(portal.Tx) error { b.Error("ran"); return nil })
			}()
			cancel()
			if err := <-waiting; !errors.Is(err, context.Canceled) {
				b.Errorf("got %v, want context.Canceled", err)
			}
			return nil
		})
	}},
	{"a change whose context ends while it runs leaves nothing", func(b *bench) {
		ctx, cancel := context.WithCancel(b.Context())
		err := b.store.Update(ctx, func(tx portal.Tx) error {
			err := putUsers(tx, "ada")
			cancel()
			if err := putUsers(tx, "bob"); !errors.Is(err, context.Canceled) {
				b.Errorf("a write after the end of the context: %v", err)
			}
			return err
		})
		if !errors.Is(err, context.Canceled) || exists(b, "ada") || exists(b, "bob") {
			b.Errorf("got %v", err)
		}
	}},
	{"a view whose context ends stops, and the store goes on", func(b *bench) {
		b.update(func(tx portal.Tx) error { return putItems(tx, "1") })
		for range 20 { // more often than there can be connections
			ctx, cancel := context.WithCancel(b.Context())
			err := b.store.View(ctx, func(tx portal.Tx) error {
				cancel()
				_, err := tx.Item(itemID("1"))
				return err
			})
			if !errors.Is(err, context.Canceled) {
				b.Fatalf("got %v, want context.Canceled", err)
			}
		}
		if found(b, "1") != "1" {
			b.Error("not found any more")
		}
	}},
}
