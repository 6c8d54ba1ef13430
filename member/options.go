package member

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rhumb-gis/rhumb/gis"
)

// Options are the choices that all use cases share. The zero value is ready to use.
type Options struct {
	// Journal is the file by which a run that was cut off goes on; empty: none is kept. See
	// [JournalPath].
	Journal string
	// Workers is how many things are done at a time; default 8. The pacer of the portal's
	// connection bounds the requests below it.
	Workers int
	// Progress, where set, is called for each thing that is done, one call at a time.
	Progress func(Progress)
}

const defaultWorkers = 8

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return defaultWorkers
}

// Progress is how far a run is.
type Progress struct {
	Phase       string // what is being done, such as "create" or "assign"
	Done, Total int    // of the phase; Total 0: unknown
	Username    string // whom it was done for; empty: nobody in particular
	Outcome     Outcome
	Reason      string
}

// JournalPath is where the journal of a use case is kept unless another place is named: in the
// user's state folder ($XDG_STATE_HOME, else ~/.local/state), under a name drawn from the
// portal and the use case, such as "import".
func JournalPath(ctx context.Context, p *gis.Portal, useCase string) (string, error) {
	self, err := p.Self(ctx)
	if err != nil {
		return "", err
	}
	state := os.Getenv("XDG_STATE_HOME")
	if state == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no place for the journal: %w", err)
		}
		state = filepath.Join(home, ".local", "state")
	}
	sum := sha256.Sum256([]byte(p.URL() + "\n" + string(self.ID)))
	return filepath.Join(state, "rhumb", "member", useCase+"-"+hex.EncodeToString(sum[:8])+".jsonl"), nil
}
