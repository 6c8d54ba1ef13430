package sqlite

import (
	"fmt"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// TestTotalsFollowEveryWrite counts on all sessions at once after each write: a total that was
// asked for before is never answered again once it is wrong, nor to the transaction that
// changes it.
func TestTotalsFollowEveryWrite(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	all := portal.UserQuery{Visible: portal.Visibility{All: true}, Page: portal.Page{Start: 1, Num: 1}}
	total := func(tx portal.Tx) int {
		_, n, err := tx.FindUsers(all)
		if err != nil {
			t.Error(err)
		}
		return n
	}
	const readers = 8
	for n := range 10 {
		err := s.Update(t.Context(), func(tx portal.Tx) error {
			if before := total(tx); before != n {
				t.Errorf("%d members before the write, want %d", before, n)
			}
			if err := putUser(fmt.Sprint("u", n))(tx); err != nil {
				return err
			}
			if after := total(tx); after != n+1 {
				t.Errorf("the writer counts %d members, want %d", after, n+1)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range readers {
			wg.Go(func() {
				_ = s.View(t.Context(), func(tx portal.Tx) error {
					for range 2 { // the second time from memory
						if got := total(tx); got != n+1 {
							t.Errorf("%d members, want %d", got, n+1)
						}
					}
					return nil
				})
			})
		}
		wg.Wait()
	}
}

// TestTotalsAreOfTheSnapshot holds a snapshot open while somebody writes.
func TestTotalsAreOfTheSnapshot(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	all := portal.UserQuery{Visible: portal.Visibility{All: true}, Page: portal.Page{Start: 1, Num: 1}}
	for n := range 3 {
		err := s.View(t.Context(), func(tx portal.Tx) error {
			if err := s.Update(t.Context(), putUser(fmt.Sprint("u", n))); err != nil {
				return err
			}
			_, got, err := tx.FindUsers(all)
			if got != n {
				t.Errorf("%d members in a snapshot of %d", got, n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
