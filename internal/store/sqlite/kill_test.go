package sqlite_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// childDir is the environment variable that makes the test program the writer that is killed.
const childDir = "RHUMB_TEST_KILLED_WRITER"

// A process that is killed while it writes loses nothing that it has answered, and leaves a
// file that opens at once.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(childDir); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	dir := t.TempDir()
	answered := map[string]bool{}
	for round := range 2 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWriter$")
		child.Env = append(os.Environ(), childDir+"="+dir, fmt.Sprintf("%s_ROUND=%d", childDir, round))
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ { // also what it still says before the kill arrives
			answered[lines.Text()] = true
			if n == 100 {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := child.Wait(); err == nil {
			t.Fatal("the writer ended by itself")
		}
		s := open(t, dir, clock.System{})
		if err := s.View(t.Context(), func(tx portal.Tx) error { return allThere(tx, answered) }); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(answered) < 200 {
		t.Errorf("%d changes were answered", len(answered))
	}
}

// allThere reports members that are gone, or that a search does not know.
func allThere(tx portal.Tx, names map[string]bool) error {
	var errs []error
	found, _, err := tx.FindUsers(portal.UserQuery{Visible: portal.Visibility{All: true}, Match: pattern("r*"), Page: portal.Page{Num: 1_000_000}})
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, u := range found {
		known[u.Username] = true
	}
	for name := range names {
		if _, err := tx.User(name); err != nil || !known[name] {
			errs = append(errs, fmt.Errorf("%s was answered: %w, and found: %t", name, err, known[name]))
		}
	}
	return errors.Join(errs...)
}

// writeUntilKilled prints the name of each member whose storing was answered.
func writeUntilKilled(t *testing.T, dir string) {
	s := open(t, dir, clock.System{})
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("r%sw%dn%d", os.Getenv(childDir+"_ROUND"), w, n)
				if err := s.Update(t.Context(), func(tx portal.Tx) error { return tx.PutUser(&portal.User{Username: name}) }); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				fmt.Println(name)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}
