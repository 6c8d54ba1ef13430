// Package filelock takes an exclusive lock on an open file, held against every other process
// and every other opening of the file until it is closed or the process ends.
package filelock

import "errors"

// ErrLocked is the error for a file that is locked already.
var ErrLocked = errors.New("locked by another process")
