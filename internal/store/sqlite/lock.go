package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const lockName = "portal.lock"

// ErrLocked is wrapped by the error for a data folder that another process has open.
var ErrLocked = errors.New("the data folder is in use by another server")

// LockDir locks the data folder dir against every other process, and against a second lock of
// this one, until the returned file is closed or the process ends.
func LockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: stop it, or give this one a folder of its own (%s)", err, f.Name()), f.Close())
	}
	return f, nil
}
