package terminal

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Table prints rows for people: columns aligned on a terminal, tabs between them elsewhere, so
// that cut and awk can take them apart. Cells are made safe to print.
type Table struct {
	w   io.Writer
	tab *tabwriter.Writer // nil: not a terminal
}

// NewTable begins a table; the heading is printed on a terminal alone.
func NewTable(w io.Writer, tty bool, heading ...string) *Table {
	t := &Table{w: w}
	if tty {
		t.tab = tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		t.Row(heading...)
	}
	return t
}

// Row adds a row.
func (t *Table) Row(cells ...string) {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = Plain(c)
	}
	line := strings.Join(safe, "\t")
	if t.tab != nil {
		fmt.Fprintln(t.tab, strings.TrimRight(line, "\t"))
		return
	}
	fmt.Fprintln(t.w, line)
}

// End prints what is not printed yet.
func (t *Table) End() {
	if t.tab != nil {
		_ = t.tab.Flush() // the writer below reports its own failures
	}
}
