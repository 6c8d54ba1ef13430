package clone

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

// Journal is the append-only record of a run: what it was about to do, what came of it, and
// which object of the target each object of the source became.
//
// Each line is the CRC-32C of its JSON in eight hexadecimal characters, a space, and the
// JSON. Append returns when the line is on disk; lines that are waiting at the same time share
// one sync. A torn last line, left by a crash, is dropped when the journal is opened; damage
// anywhere else is an error.
type Journal struct {
	file *os.File
	path string
	run  string

	mu      sync.Mutex // guards the fields below
	pending bytes.Buffer
	waiting []chan error
	syncing bool
	failed  error

	state *journalState
}

// Entry is one line of a journal.
type Entry struct {
	Event  Event    `json:"event"`
	Run    string   `json:"run,omitempty"`
	Kind   Kind     `json:"kind,omitempty"`
	Source string   `json:"source,omitempty"`
	Target string   `json:"target,omitempty"`
	Action Action   `json:"action,omitempty"`
	Owner  string   `json:"owner,omitempty"` // on the target
	Error  string   `json:"error,omitempty"`
	Hash   string   `json:"sha256,omitempty"` // of the data as written to the target
	State  string   `json:"state,omitempty"`  // of a sealed object: what it looks like on the target
	Bytes  int64    `json:"bytes,omitempty"`
	Stored []string `json:"stored,omitempty"` // names of the resources of an item that the run stored
	// Resources sums up the names of an item's resources as written, "-" for none.
	Resources   string       `json:"resources,omitempty"`
	Changes     []ChangeNote `json:"changes,omitempty"`
	MoreChanges int          `json:"moreChanges,omitempty"` // beyond those listed
	Header      *Header      `json:"header,omitempty"`
	Before      *Inventory   `json:"before,omitempty"`
	// Passwords is the file that holds the first passwords of the accounts of this run.
	Passwords string `json:"passwords,omitempty"`
}

// ChangeNote says where the data of an item was rewritten, without its text.
type ChangeNote struct {
	Path   string `json:"path"`
	Rule   string `json:"rule"`
	Before string `json:"before"` // first 16 hexadecimal characters of the SHA-256
	After  string `json:"after"`
}

// Inventory lists the accounts and groups that were on the target before the first run.
type Inventory struct {
	Users  []string `json:"users"`
	Groups []string `json:"groups"`
}

// Event is what a journal line records.
type Event string

// Events of a journal.
const (
	EventStart    Event = "start"    // a run begins: plan header and inventory
	EventIntent   Event = "intent"   // an object is about to be created under the given target id
	EventCleared  Event = "cleared"  // what stood in the place of an object that replaces it is gone
	EventDone     Event = "done"     // the object is complete on the target
	EventFailed   Event = "failed"   // the object could not be made; Error says why
	EventSealed   Event = "sealed"   // State is what the finished object looks like on the target
	EventUndoing  Event = "undoing"  // undo lifts the protection of an object to remove it
	EventUndone   Event = "undone"   // what the run had made is gone from the target again
	EventFinished Event = "finished" // the run reached its end
)

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// OpenJournal opens or makes the journal at path and takes its lock. A journal that another
// run holds is refused.
func OpenJournal(path, run string) (*Journal, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("journal folder: %w; name another place with --journal", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("journal: %w; name another place with --journal", err)
	}
	if err := filelock.Lock(f); err != nil {
		f.Close()
		if errors.Is(err, filelock.ErrLocked) {
			return nil, fmt.Errorf("journal %s is in use by another run; wait for it or name another one with --journal", path)
		}
		return nil, fmt.Errorf("lock journal: %w", err)
	}
	j := &Journal{file: f, path: path, run: run, state: newJournalState()}
	if err := j.loadArchived(); err != nil {
		f.Close()
		return nil, err
	}
	if err := j.load(); err != nil {
		f.Close()
		return nil, err
	}
	return j, nil
}

// Path is where the journal is kept.
func (j *Journal) Path() string { return j.path }

// Close releases the lock.
func (j *Journal) Close() error { return errors.Join(filelock.Unlock(j.file), j.file.Close()) }

// Append writes e and returns when it is on disk. After one failure every later call fails:
// a run without its journal must not go on.
func (j *Journal) Append(e Entry) error {
	e = e.bounded()
	e.Run = j.run
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	done := make(chan error, 1)
	j.mu.Lock()
	if j.failed != nil {
		defer j.mu.Unlock()
		return j.failed
	}
	fmt.Fprintf(&j.pending, "%08x %s\n", crc32.Checksum(body, crcTable), body)
	j.waiting = append(j.waiting, done)
	j.state.apply(e)
	lead := !j.syncing
	j.syncing = true
	j.mu.Unlock()
	if lead {
		j.flush()
	}
	return <-done
}

// flush writes and syncs until nothing is waiting.
func (j *Journal) flush() {
	for {
		j.mu.Lock()
		if len(j.waiting) == 0 {
			j.syncing = false
			j.mu.Unlock()
			return
		}
		buf, waiting := bytes.Clone(j.pending.Bytes()), j.waiting
		j.pending.Reset()
		j.waiting = nil
		err := j.failed
		j.mu.Unlock()
		if err == nil {
			if _, err = j.file.Write(buf); err == nil {
				err = j.file.Sync()
			}
		}
		if err != nil {
			err = fmt.Errorf("journal %s: %w", j.path, err)
			j.mu.Lock()
			j.failed = err
			j.mu.Unlock()
		}
		for _, c := range waiting {
			c <- err
		}
	}
}
