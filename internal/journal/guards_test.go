package journal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/internal/journal"
)

// A line that was changed is refused also where it still reads well.
//
// Guard: the checksum in parse.
func TestForgedLinesAreRefused(t *testing.T) {
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
	forged := bytes.Replace(b, []byte("1}\n"), []byte("7}\n"), 1)
	if bytes.Equal(forged, b) {
		t.Fatalf("nothing was forged: %s", b)
	}
	if err := os.WriteFile(path, forged, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = journal.Open(path, func(l []byte) error {
		t.Errorf("read %s", l)
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("a forged journal was opened: %v", err)
	}
}
