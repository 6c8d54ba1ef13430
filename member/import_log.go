package member

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/rhumb-gis/rhumb/internal/journal"
)

// importLine is one line of the journal of imports: accounts that are about to be made, that
// are as their rows want them, or the file of their passwords.
type importLine struct {
	Event string   `json:"event"`
	Names []string `json:"names,omitempty"`
	Path  string   `json:"path,omitempty"`
}

// Events of the journal of imports.
const (
	importIntent    = "intent"
	importDone      = "done"
	importPasswords = "passwords"
)

// importLog remembers whom an import began and did not complete. Without a journal it forgets.
type importLog struct {
	log       *journal.Log
	begun     map[string]bool // by folded name
	passwords map[string]bool // files that are ours
}

func (l *importLog) replay(b []byte) error {
	var e importLine
	if err := json.Unmarshal(b, &e); err != nil {
		return err
	}
	switch e.Event {
	case importIntent:
		for _, n := range e.Names {
			l.begun[fold(n)] = true
		}
	case importDone:
		for _, n := range e.Names {
			delete(l.begun, fold(n))
		}
	case importPasswords:
		l.passwords[e.Path] = true
	default:
		return fmt.Errorf("this is no journal of imports: event %q", e.Event)
	}
	return nil
}

func openImportLog(path string) (*importLog, error) {
	l := &importLog{begun: map[string]bool{}, passwords: map[string]bool{}}
	if path == "" {
		return l, nil
	}
	var err error
	l.log, err = journal.Open(path, l.replay)
	return l, err
}

func (l *importLog) append(lines ...any) error {
	if l.log == nil {
		return nil
	}
	return l.log.Append(lines...)
}

func (l *importLog) close() error {
	if l.log == nil {
		return nil
	}
	return l.log.Close()
}

// readBegun answers whom the journal at path says were begun; no journal says nobody.
func readBegun(path string) (map[string]bool, error) {
	if _, err := os.Stat(path); path == "" || errors.Is(err, os.ErrNotExist) {
		return map[string]bool{}, nil
	}
	l, err := openImportLog(path)
	if err != nil {
		return nil, err
	}
	return l.begun, l.close()
}
