package filelock_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/filelock"
)

func TestLockExcludesASecondOpeningUntilClosed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x")
	open := func() *os.File {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first, second := open(), open()
	defer second.Close()
	if err := filelock.Lock(first); err != nil {
		t.Fatal(err)
	}
	if err := filelock.Lock(second); !errors.Is(err, filelock.ErrLocked) {
		t.Fatalf("second lock: got %v, want ErrLocked", err)
	}
	first.Close()
	if err := filelock.Lock(second); err != nil {
		t.Fatalf("lock after close: %v", err)
	}
}
