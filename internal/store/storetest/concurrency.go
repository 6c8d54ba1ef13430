package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

const (
	workers = 100
	rounds  = 5
)

// count reads the number that the tests keep in an item.
func count(tx portal.Tx) (int64, error) {
	it, err := tx.Item(itemID("1"))
	if err != nil {
		return 0, err
	}
	return it.NumViews, nil
}

// increment adds one to it by reading and writing, as use cases do.
func increment(tx portal.Tx) (int64, error) {
	it, err := tx.Item(itemID("1"))
	if err != nil {
		return 0, err
	}
	it.NumViews++
	return it.NumViews, tx.PutItem(it)
}

var concurrencyTests = []namedTest{
	{"changes of a hundred goroutines run one after the other and none is lost", func(b *bench) {
		b.update(func(tx portal.Tx) error { return putItems(tx, "1") })
		var seen sync.Map
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for range rounds {
					var mine int64
					if err := b.store.Update(b.Context(), func(tx portal.Tx) (err error) {
						mine, err = increment(tx)
						return err
					}); err != nil {
						b.Error(err)
						return
					}
					if _, twice := seen.LoadOrStore(mine, true); twice {
						b.Errorf("two changes counted %d", mine)
					}
					// What was answered is seen by every later view.
					if now := get(b, count); now < mine {
						b.Errorf("answered %d, but a view sees %d", mine, now)
					}
				}
			})
		}
		wg.Wait()
		b.reopen()
		if n := get(b, count); n != workers*rounds {
			b.Errorf("counted %d, want %d", n, workers*rounds)
		}
	}},
	{"a change that fails takes back nothing of those beside it", func(b *bench) {
		b.update(func(tx portal.Tx) error { return putItems(tx, "1") })
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() { oneOfMany(b, w) })
		}
		wg.Wait()
		b.reopen()
		if n := get(b, count); n != workers/4 {
			b.Errorf("counted %d, want %d", n, workers/4)
		}
		for w := range workers {
			if there := exists(b, fmt.Sprint("user", w)); there != (w%4 == 0) {
				b.Errorf("change %d left its member: %t", w, there)
			}
		}
	}},
	{"views run beside each other and beside a change", func(b *bench) {
		b.update(func(tx portal.Tx) error { return putItems(tx, "1") })
		b.update(func(portal.Tx) error {
			inside, leave := make(chan bool), make(chan bool)
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					b.view(func(tx portal.Tx) error {
						inside <- true
						<-leave
						_, err := count(tx)
						return err
					})
				})
			}
			<-inside
			<-inside // both are in their transactions, and the change is in its own
			close(leave)
			wg.Wait()
			return nil
		})
	}},
	{"searches during changes see whole changes only", func(b *bench) {
		ids := []string{"1", "2", "3", "4", "5"}
		var stop atomic.Bool
		var wg sync.WaitGroup
		wg.Go(func() {
			for n := range 25 {
				b.update(func(tx portal.Tx) error {
					for _, i := range ids {
						if err := tx.PutItem(&portal.Item{ID: itemID(i), Title: fmt.Sprint("title", n%2), Access: portal.Public}); err != nil {
							return err
						}
					}
					return nil
				})
			}
			stop.Store(true)
		})
		for range 4 {
			wg.Go(func() {
				for !stop.Load() {
					b.view(func(tx portal.Tx) error {
						var total int
						for _, q := range []string{"title0", "title:title1"} {
							page, err := tx.FindItems(portal.ItemQuery{Match: parse(b, q), Page: portal.Page{Num: 10}})
							if err != nil {
								return err
							}
							if page.Total != 0 && page.Total != len(ids) || page.Total != len(page.Items) {
								b.Errorf("%s finds %d, page of %d", q, page.Total, len(page.Items))
							}
							total += page.Total
						}
						if total != 0 && total != len(ids) {
							b.Errorf("both titles together are found %d times", total)
						}
						return nil
					})
				}
			})
		}
		wg.Wait()
	}},
	{"closing waits for what runs and refuses what comes", func(b *bench) {
		b.update(func(tx portal.Tx) error { return putItems(tx, "1") })
		var done atomic.Int64
		var wg sync.WaitGroup
		started := make(chan bool, workers)
		for range workers {
			wg.Go(func() {
				for {
					err := b.store.Update(b.Context(), func(tx portal.Tx) error { _, err := increment(tx); return err })
					if err != nil {
						return
					}
					if done.Add(1) <= workers {
						started <- true
					}
				}
			})
		}
		for range 10 {
			<-started
		}
		if err := b.store.Close(); err != nil {
			b.Error(err)
		}
		wg.Wait()
		b.reopen()
		if n := get(b, count); n != done.Load() {
			b.Errorf("%d changes were answered, %d are stored", done.Load(), n)
		}
	}},
}

// oneOfMany is change w of many at a time: of four, one succeeds, one fails, one panics and
// one loses its context.
func oneOfMany(b *bench, w int) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	defer func() {
		if p := recover(); (p != nil) != (w%4 == 2) {
			b.Errorf("change %d recovered %v", w, p)
		}
	}()
	err := b.store.Update(ctx, func(tx portal.Tx) error {
		if _, err := increment(tx); err != nil {
			return err
		}
		if err := putUsers(tx, fmt.Sprint("user", w)); err != nil {
			return err
		}
		switch w % 4 {
		case 1:
			return errMine
		case 2:
			panic("boom")
		case 3:
			cancel()
		}
		return nil
	})
	want := map[int]error{1: errMine, 3: context.Canceled}[w%4]
	if !errors.Is(err, want) {
		b.Errorf("change %d: %v, want %v", w, err, want)
	}
}
