package sqlite

import (
	"fmt"
	"strings"
)

// A session remembers this many totals, of queries up to this length.
const (
	countedMost   = 64
	countedLength = 4 << 10
)

// counted remembers how many objects queries match for as long as nobody writes: those who
// page through a list ask for its total with every page. Only a session that never writes may
// have one, for the database's version does not tell of a connection's own changes.
type counted struct {
	version int64 // of the database, as the session's snapshot has it
	totals  map[string]int
}

// remembered answers the total of a query, from memory or by count.
func (t *tx) remembered(b *sqlText, count func() (int, error)) (int, error) {
	c := t.session.counted
	if c == nil {
		return count()
	}
	key := b.identity()
	if len(key) > countedLength {
		return count()
	}
	version, err := t.number("PRAGMA data_version")
	if err != nil {
		return 0, err
	}
	if version != c.version || len(c.totals) >= countedMost {
		c.version, c.totals = version, map[string]int{}
	}
	if n, known := c.totals[key]; known {
		return n, nil
	}
	n, err := count()
	if err == nil {
		c.totals[key] = n
	}
	return n, err
}

// identity is a text that two statements share only if they and their arguments are the same.
func (b *sqlText) identity() string {
	var key strings.Builder
	key.WriteString(b.String())
	for _, arg := range b.args {
		value := fmt.Sprint(arg)
		fmt.Fprintf(&key, "\x00%T %d %s", arg, len(value), value)
	}
	return key.String()
}
