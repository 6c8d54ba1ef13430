package terminal

import (
	"bytes"
	"strings"
	"testing"
)

// What a table shows drives no terminal, aligned or not.
//
// Guard: Plain in Table.Row.
func TestTablesArePlain(t *testing.T) {
	t.Parallel()
	for _, tty := range []bool{true, false} {
		var b bytes.Buffer
		table := NewTable(&b, tty, "NAME")
		table.Row("ada\x1b[2J", "a\tb\nc\u202e")
		table.End()
		if s := b.String(); strings.ContainsAny(s, "\x1b\u202e") || strings.Count(s, "\n") > 2 || !strings.Contains(s, "ada\ufffd[2J") {
			t.Errorf("on a terminal %t: %q", tty, s)
		}
	}
}
