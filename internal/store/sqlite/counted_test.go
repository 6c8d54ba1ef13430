package sqlite

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
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

// TestTotalsOfOtherQueries counts queries that differ in one argument alone, on one session, once
// more from memory.
func TestTotalsOfOtherQueries(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	for i := range 6 {
		u := portal.User{Username: fmt.Sprint("u", i), Created: time.UnixMilli(1_700_000_000_000 + int64(i))}
		if err := s.Update(t.Context(), func(tx portal.Tx) error { return tx.PutUser(&u) }); err != nil {
			t.Fatal(err)
		}
	}
	queries := map[string]int{
		"created:[0 TO 1600000000000]":             0,
		"created:[0 TO 1700000000000]":             1,
		"created:[1700000000002 TO 1700000000003]": 2,
		"created:[1700000000001 TO 1900000000000]": 5,
		"created:[1700000000000 TO 1900000000000]": 6,
		"username:u1": 1, "username:u7": 0, "username:u1 OR username:u2": 2,
	}
	err := s.View(t.Context(), func(tx portal.Tx) error {
		for range 2 {
			for q, want := range queries {
				n, err := search.Parse(q)
				if err != nil {
					return err
				}
				page, total, err := tx.FindUsers(portal.UserQuery{Match: n, Visible: portal.Visibility{All: true}, Page: portal.Page{Start: 1, Num: 10}})
				if err != nil {
					return err
				}
				if total != want || len(page) != want {
					t.Errorf("%s: %d of %d, want %d", q, len(page), total, want)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestIdentity tells statements apart by text, by value, by kind, and by where an argument ends.
func TestIdentity(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for i, args := range [][]any{
		nil, {1}, {int64(1)}, {"1"}, {1.0}, {int64(1 << 40)}, {int64(1<<40 + 1)}, {int64(0xD800)}, {int64(0xD801)},
		{"a\xff"}, {"a\xfe"}, {"a", "b"}, {"ab"}, {"a\x00string 1 b"}, {"", "ab"}, {true}, {"true"},
	} {
		var b sqlText
		b.add("SELECT 1", args...)
		if j, twice := seen[b.identity()]; twice {
			t.Errorf("%v is taken for number %d", args, j)
		}
		seen[b.identity()] = i
	}
}
