package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// pragma answers a setting of a connection, or sets it.
func pragma(t *testing.T, s *session, text string) (value string) {
	t.Helper()
	for r, err := range s.adHoc(t.Context(), "PRAGMA "+text) {
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Scan(&value); err != nil {
			t.Fatal(err)
		}
	}
	return value
}

func openTest(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func putUser(name string) func(portal.Tx) error {
	return func(tx portal.Tx) error { return tx.PutUser(&portal.User{Username: name}) }
}

func userExists(t *testing.T, s *Store, name string) bool {
	t.Helper()
	err := s.View(t.Context(), func(tx portal.Tx) error { _, err := tx.User(name); return err })
	if err != nil && !errors.Is(err, portal.ErrAbsent) {
		t.Error(err)
	}
	return err == nil
}

func TestConnectionsAreSafe(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	check := func(who string, session *session, want map[string]string) {
		for name, value := range want {
			if got := pragma(t, session, name); got != value {
				t.Errorf("%s: %s is %q, want %q", who, name, got, value)
			}
		}
	}
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000", "query_only": "0"}
	check("writer", s.writer.session, want)
	want["query_only"] = "1"
	for range s.readers.size { // each place of the pool gets a connection of its own
		session, err := s.readers.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.readers.give(session, false)
		check("reader", session, want)
	}
}

// Requests that wait together share a commit, each fails for itself, and none is answered
// before the commit.
func TestGroupCommit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		before := s.Commits()
		var wg sync.WaitGroup
		var mu sync.Mutex
		var answered []string
		err = s.Update(t.Context(), func(portal.Tx) error {
			for i := range 50 {
				name := fmt.Sprint("user", i)
				wg.Go(func() {
					err := s.Update(t.Context(), func(tx portal.Tx) error {
						if err := putUser(name)(tx); err != nil {
							return err
						}
						mu.Lock()
						defer mu.Unlock()
						if len(answered) > 0 {
							t.Errorf("%s has its turn after %v were answered", name, answered)
						}
						if i%5 == 4 {
							return fmt.Errorf("no %s", name)
						}
						return nil
					})
					mu.Lock()
					defer mu.Unlock()
					answered = append(answered, name)
					if (err != nil) != (i%5 == 4) {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
			synctest.Wait() // all of them wait for their turn now
			return nil
		})
		wg.Wait()
		if err != nil || s.Commits()-before != 1 {
			t.Errorf("%d commits, want 1 for all (%v)", s.Commits()-before, err)
		}
		for i := range 50 {
			if there := userExists(t, s, fmt.Sprint("user", i)); there != (i%5 != 4) {
				t.Errorf("user%d is stored: %t", i, there)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestABatchIsBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		before := s.Commits()
		var wg sync.WaitGroup
		err = s.Update(t.Context(), func(portal.Tx) error {
			for range batchTurns {
				wg.Go(func() {
					if err := s.Update(t.Context(), func(portal.Tx) error { return nil }); err != nil {
						t.Error(err)
					}
				})
			}
			synctest.Wait()
			return nil
		})
		wg.Wait()
		if err != nil || s.Commits()-before != 2 {
			t.Errorf("%d commits, want 2 (%v)", s.Commits()-before, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// fill is a change that needs more room than a full disk has.
func fill(tx portal.Tx) error {
	long := json.RawMessage(`"` + strings.Repeat("long ", 10_000) + `"`)
	for i := range 50 {
		if err := tx.PutItem(&portal.Item{ID: esri.ItemID(fmt.Sprint("big", i)), Properties: long}); err != nil {
			return err
		}
	}
	return nil
}

// A full disk ends the whole transaction: nobody in the batch is told that his change is
// stored, even if a function ignores the error, and the store works again when there is room.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for name, greedy := range map[string]func(portal.Tx) error{
		"reported": fill,
		"ignored": func(tx portal.Tx) error {
			_ = fill(tx)
			_ = putUser("after")(tx)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s, err := Open(t.Context(), dir, Options{})
				if err != nil {
					t.Fatal(err)
				}
				pages := pragma(t, s.writer.session, "page_count")
				pragma(t, s.writer.session, "max_page_count="+pages)
				var wg sync.WaitGroup
				err = s.Update(t.Context(), func(tx portal.Tx) error {
					wg.Go(func() {
						if err := s.Update(t.Context(), greedy); err == nil {
							t.Error("a change that did not fit was answered as stored")
						}
					})
					synctest.Wait()
					return putUser("first")(tx) // fits, and shares the commit
				})
				wg.Wait()
				if stored := userExists(t, s, "first"); stored != (err == nil) {
					t.Errorf("the change beside it: stored %t, answered %v", stored, err)
				}
				if userExists(t, s, "after") {
					t.Error("a statement after the failure was stored")
				}
				pragma(t, s.writer.session, "max_page_count=1000000")
				if err := errors.Join(s.Update(t.Context(), fill), s.Check(t.Context())); err != nil {
					t.Errorf("with room again: %v", err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestACommitThatFailsIsAnswered(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	// A deferred constraint makes the commit itself fail.
	err := s.writer.do(t.Context(), func(w *session) error {
		_, err1 := w.exec(context.Background(), "PRAGMA defer_foreign_keys=on")
		_, err2 := w.exec(context.Background(), "INSERT INTO shares(item, group_id) VALUES('x','y')")
		return errors.Join(err1, err2)
	})
	if err == nil || !strings.Contains(err.Error(), "nothing was stored") {
		t.Errorf("got %v", err)
	}
	if err := s.Update(t.Context(), putUser("ada")); err != nil || !userExists(t, s, "ada") {
		t.Errorf("the next change: %v", err)
	}
}
