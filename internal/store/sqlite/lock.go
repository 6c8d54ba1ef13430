package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rhumb-gis/rhumb/internal/filelock"
)

const lockName = "portal.lock"

// lockDir locks the data folder dir against every other server, this process included, until
// the returned file is closed or the process ends. The error for a locked folder is a
// filelock.ErrLocked.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = filelock.Lock(f)
	if errors.Is(err, filelock.ErrLocked) {
		err = fmt.Errorf("another server uses this data folder: stop it, or give this one a folder of its own: %w", err)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
