package journal_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/journal"
)

type line struct{ N int }

// open opens the journal and answers the lines that were there.
func open(t *testing.T, path string) (*journal.Log, []int) {
	t.Helper()
	var seen []int
	l, err := journal.Open(path, func(b []byte) error {
		var v line
		err := json.Unmarshal(b, &v)
		seen = append(seen, v.N)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return l, seen
}

func TestLinesComeBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "j")
	l, seen := open(t, path)
	if len(seen) != 0 {
		t.Fatalf("a new journal holds %v", seen)
	}
	var writers sync.WaitGroup
	for n := range 50 {
		writers.Go(func() {
			if err := l.Append(line{n}, line{n + 100}); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if _, err := journal.Open(path, nil); !errors.Is(err, journal.ErrInUse) {
		t.Errorf("second opening: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	l, seen = open(t, path)
	defer l.Close()
	if len(seen) != 100 {
		t.Errorf("%d lines came back, want 100", len(seen))
	}
}

// TestTornEverywhere cuts a journal at every byte: what comes back is a beginning of it, and
// it can be written on.
func TestTornEverywhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	l, _ := open(t, whole)
	for n := range 5 {
		if err := l.Append(line{n}); err != nil {
			t.Fatal(err)
		}
	}
	l.Close()
	b, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "cut")
	for n := range len(b) + 1 {
		if err := os.WriteFile(cut, b[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		l, seen := open(t, cut)
		if err := l.Append(line{len(seen)}); err != nil {
			t.Fatal(err)
		}
		l.Close()
		l, again := open(t, cut)
		l.Close()
		if len(again) != len(seen)+1 {
			t.Fatalf("cut at %d: %v, then %v", n, seen, again)
		}
		for i, v := range again {
			if i != v {
				t.Fatalf("cut at %d: %v", n, again)
			}
		}
	}
}

func TestDamageIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	l, _ := open(t, path)
	if err := l.Append(line{1}, line{2}, line{3}); err != nil {
		t.Fatal(err)
	}
	l.Close()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(path, func([]byte) error { return nil }); err == nil {
		t.Error("a damaged journal was opened")
	}
}

func TestArchive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j")
	for _, want := range []string{".0001", ".0002"} {
		l, _ := open(t, path)
		l.Close()
		if got, err := journal.Archive(path); err != nil || got != path+want {
			t.Errorf("%s, %v", got, err)
		}
	}
}
