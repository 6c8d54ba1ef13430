package search

import "fmt"

// Error is a query that cannot be understood.
type Error struct {
	At      int    // the character where it went wrong, counted from 1
	Message string // what is wrong and the way out
}

func (e *Error) Error() string {
	return fmt.Sprintf("character %d: %s", e.At, e.Message)
}
