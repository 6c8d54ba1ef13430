package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// least is the width below which Columns cuts no column.
const least = 8

// Columns prints a table for people that fits into width columns: columns without a value are
// left out, and the widest are cut off until the rest fits. A width of 0 cuts nothing. Cells
// are made safe to print.
func Columns(w io.Writer, width int, heading []string, rows [][]string) {
	cells := make([][]string, 0, len(rows)+1)
	used := make([]bool, len(heading))
	for _, r := range rows {
		safe := make([]string, len(heading))
		for i := range min(len(r), len(heading)) {
			safe[i] = Plain(r[i])
			used[i] = used[i] || safe[i] != ""
		}
		cells = append(cells, safe)
	}
	cells = slices.Insert(cells, 0, heading)
	widths := make([]int, len(heading))
	for _, r := range cells {
		for i, c := range r {
			if used[i] {
				widths[i] = max(widths[i], utf8.RuneCountInString(c))
			}
		}
	}
	if width > 0 {
		shrink(widths, width)
	}
	for _, r := range cells {
		var line strings.Builder
		for i, c := range r {
			if used[i] {
				fmt.Fprintf(&line, "%-*s  ", widths[i], Cut(c, widths[i]))
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// shrink takes from the widest columns until all of them, two spaces between, come within width.
func shrink(widths []int, width int) {
	total := -2
	for _, n := range widths {
		if n > 0 {
			total += n + 2
		}
	}
	for ; total > width; total-- {
		widest := 0
		for i, n := range widths {
			if n > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= least {
			return
		}
		widths[widest]--
	}
}
