package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"sync"

	"github.com/rhumb-gis/rhumb/internal/filelock"
)

// Log is an open journal. Append may be called by many at once.
type Log struct {
	file *os.File
	path string

	mu      sync.Mutex // guards the fields below
	pending bytes.Buffer
	waiting []chan error
	syncing bool
	failed  error
}

// ErrInUse is the error for a journal that another run holds.
var ErrInUse = errors.New("in use by another run")

var table = crc32.MakeTable(crc32.Castagnoli)

// Open opens or makes the journal at path with mode 0600, takes its lock, and calls replay with
// the JSON of each line that is there.
func Open(path string, replay func(line []byte) error) (*Log, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("journal folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if err := filelock.Lock(f); err != nil {
		f.Close()
		if errors.Is(err, filelock.ErrLocked) {
			return nil, fmt.Errorf("journal %s is %w: wait for it, or name another journal", path, ErrInUse)
		}
		return nil, fmt.Errorf("lock journal: %w", err)
	}
	if err := load(f, path, replay); err != nil {
		f.Close()
		return nil, err
	}
	return &Log{file: f, path: path}, nil
}

// Path is where the journal is kept.
func (l *Log) Path() string { return l.path }

// Close gives the lock up.
func (l *Log) Close() error { return errors.Join(filelock.Unlock(l.file), l.file.Close()) }

// Append writes entries, one line each, and returns when they are on disk. After one failure
// every later call fails: a run without its journal must not go on.
func (l *Log) Append(entries ...any) error {
	var lines bytes.Buffer
	for _, e := range entries {
		body, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		fmt.Fprintf(&lines, "%08x %s\n", crc32.Checksum(body, table), body)
	}
	done := make(chan error, 1)
	l.mu.Lock()
	if l.failed != nil {
		defer l.mu.Unlock()
		return l.failed
	}
	l.pending.Write(lines.Bytes())
	l.waiting = append(l.waiting, done)
	lead := !l.syncing
	l.syncing = true
	l.mu.Unlock()
	if lead {
		l.flush()
	}
	return <-done
}

// flush writes and syncs until nothing is waiting.
func (l *Log) flush() {
	for {
		l.mu.Lock()
		if len(l.waiting) == 0 {
			l.syncing = false
			l.mu.Unlock()
			return
		}
		lines, waiting := bytes.Clone(l.pending.Bytes()), l.waiting
		l.pending.Reset()
		l.waiting = nil
		err := l.failed
		l.mu.Unlock()
		if err == nil {
			if _, err = l.file.Write(lines); err == nil {
				err = l.file.Sync()
			}
			if err != nil {
				err = fmt.Errorf("journal %s: %w", l.path, err)
				l.mu.Lock()
				l.failed = err
				l.mu.Unlock()
			}
		}
		for _, c := range waiting {
			c <- err
		}
	}
}

// Archive renames a finished journal to the first free numbered name beside it, and answers
// that name.
func Archive(path string) (string, error) {
	for n := 1; ; n++ {
		to := fmt.Sprintf("%s.%04d", path, n)
		if _, err := os.Lstat(to); errors.Is(err, os.ErrNotExist) {
			return to, os.Rename(path, to)
		} else if err != nil {
			return to, err
		}
	}
}
