package soak

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTraceReaderSeesWrongOrders gives the reader of traces each order that it must object to.
func TestTraceReaderSeesWrongOrders(t *testing.T) {
	t.Parallel()
	const (
		mark   = `7 read(9<socket:[1]>, "GET /mark/w HTTP/1.1"..., 4096) = 90`
		answer = `7 write(9<socket:[1]>, "HTTP/1.1 200 OK"..., 150) = 150`
		log    = `7 pwrite64(6</d/portal.db-wal>, ""..., 4096, 0) = 4096`
		sync   = `7 fsync(6</d/portal.db-wal>) = 0`
		temp   = `8 write(11</d/blobs/tmp/x>, ""..., 4096) = 4096`
		tempOK = `8 fsync(11</d/blobs/tmp/x>) = 0`
		name   = `8 renameat(AT_FDCWD</d>, "/d/blobs/tmp/x", AT_FDCWD</d>, "/d/blobs/ab/cd") = 0`
		dirOK  = `8 fsync(12</d/blobs/ab>) = 0`
	)
	for _, tc := range []struct {
		name  string
		lines []string
		fault string
	}{
		{"good", []string{mark, temp, tempOK, name, dirOK, log, sync, answer}, ""},
		{"answer before the sync", []string{mark, log, answer, sync}, "before the log was synced"},
		{"sync still going on", []string{mark, log, `7 fsync(6</d/portal.db-wal> <unfinished ...>`, `8 write(9<socket:[1]>, "HTTP/1.1 200 OK"..., 150) = 150`}, "before the log was synced"},
		{"sync that came back", []string{mark, log, `7 fsync(6</d/portal.db-wal> <unfinished ...>`, `7 <... fsync resumed>) = 0`, answer}, ""},
		{"file not synced", []string{mark, temp, name, dirOK, log, sync, answer}, "before it was synced"},
		{"folder not synced", []string{mark, temp, tempOK, name, log, sync, answer}, "folder of a new file"},
	} {
		path := filepath.Join(t.TempDir(), "trace")
		if err := os.WriteFile(path, []byte(strings.Join(tc.lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		got := readTrace(t, path)["w"]
		if got == nil || got.answers == 0 {
			t.Errorf("%s: no answer was seen", tc.name)
			continue
		}
		all := strings.Join(got.faults, "; ")
		if (tc.fault == "") != (all == "") || !strings.Contains(all, tc.fault) {
			t.Errorf("%s: faults %q, want %q", tc.name, all, tc.fault)
		}
	}
}
