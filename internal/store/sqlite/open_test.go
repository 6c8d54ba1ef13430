package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/filelock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// put stores a member.
func put(t testing.TB, s *sqlite.Store, name string) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx portal.Tx) error { return tx.PutUser(&portal.User{Username: name}) }); err != nil {
		t.Fatal(err)
	}
}

// has reports whether a member is stored.
func has(t testing.TB, s *sqlite.Store, name string) bool {
	t.Helper()
	err := s.View(t.Context(), func(tx portal.Tx) error { _, err := tx.User(name); return err })
	if err != nil && !errors.Is(err, portal.ErrAbsent) {
		t.Fatal(err)
	}
	return err == nil
}

func TestOpenLocksTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, clock.System{})
	_, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if !errors.Is(err, filelock.ErrLocked) || !strings.Contains(err.Error(), "another server uses this data folder") || !strings.Contains(err.Error(), dir) {
		t.Errorf("second Open: %v", err)
	}
	put(t, s, "ada") // the first one is not disturbed
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, clock.System{})
	defer s.Close()
	if !has(t, s, "ada") {
		t.Error("the data is gone")
	}
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := open(t, dir, clock.System{}).Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "portal.db")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO goose_db_version(version_id, is_applied) VALUES(9000, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time shows that the first left no lock
		_, err = sqlite.Open(t.Context(), dir, sqlite.Options{})
		if err == nil || !strings.Contains(err.Error(), "version 9000") || !strings.Contains(err.Error(), "use the newer program") {
			t.Errorf("Open: %v", err)
		}
	}
	after, err := os.ReadFile(file)
	if err != nil || string(before) != string(after) {
		t.Errorf("the refused database was changed (%v)", err)
	}
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "portal.db"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.Open(t.Context(), dir, sqlite.Options{}); err == nil {
		s.Close()
		t.Error("opened")
	}
	if s, err := sqlite.Open(t.Context(), "", sqlite.Options{}); err == nil {
		s.Close()
		t.Error("opened without a folder")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := sqlite.Open(ctx, t.TempDir(), sqlite.Options{}); err == nil {
		s.Close()
		t.Error("opened although the context had ended")
	}
}

func TestOpenMakesFoldersForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	dir := filepath.Join(top, "new", "a b?c#d%20é;e&f=g'h")
	s := open(t, dir, clock.System{})
	defer s.Close()
	put(t, s, "ada")
	if runtime.GOOS == "windows" {
		return // modes mean nothing there
	}
	want := map[string]os.FileMode{"../../new": 0o700, ".": 0o700, "portal.db": 0o600, "portal.db-wal": 0o600, "portal.db-shm": 0o600, "portal.key": 0o600, "portal.lock": 0o600}
	for name, mode := range want {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v; want mode %o", name, info, err, mode)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(want)-2 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), clock.System{})
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context()); err == nil {
		t.Error("a closed store is healthy")
	}
}

// pattern is the query for a pattern.
func pattern(text string) search.Node {
	return &search.Term{Text: text, Kind: search.Pattern, Boost: 1}
}
