package clone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rhumb-gis/rhumb/gis"
)

// DefaultJournal is where the journal of a pair of portals is kept: in the user's state folder
// ($XDG_STATE_HOME, else ~/.local/state), under a name drawn from both addresses and
// organization ids.
func DefaultJournal(ctx context.Context, source, target *gis.Portal) (string, error) {
	s, err := source.Self(ctx)
	if err != nil {
		return "", fmt.Errorf("source portal: %w", err)
	}
	t, err := target.Self(ctx)
	if err != nil {
		return "", fmt.Errorf("target portal: %w", err)
	}
	dir, err := journalFolder()
	if err != nil {
		return "", err
	}
	key := newSide(source, s).Key + "\n" + newSide(target, t).Key
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(dir, hex.EncodeToString(sum[:16])+".jsonl"), nil
}

// journalFolder is where journals are kept unless they are named.
func journalFolder() (string, error) {
	state := os.Getenv("XDG_STATE_HOME")
	if state == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no place for the journal; name one with --journal: %w", err)
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "rhumb", "clone"), nil
}
