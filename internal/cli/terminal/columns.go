package terminal

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"
)

// least is the width below which Columns cuts no column.
const least = 16

// Column is a column of a table. Of those that do not fit, the ones of least weight go first.
type Column struct {
	Name   string
	Weight int
}

// Named makes columns of equal weight.
func Named(names ...string) []Column {
	list := make([]Column, len(names))
	for i, n := range names {
		list[i].Name = n
	}
	return list
}

// Columns prints a table for people that fits into width columns and answers the names of those
// that it left out for that. Columns without a value are not printed at all; what is still too
// wide is cut off, the widest first. A width of 0 leaves out and cuts nothing. Cells are made
// safe to print.
func Columns(w io.Writer, width int, columns []Column, rows [][]string) (without []string) {
	cells := make([][]string, len(rows))
	widths := make([]int, len(columns)) // 0: not printed
	for i, r := range rows {
		cells[i] = make([]string, len(columns))
		for j := range min(len(r), len(columns)) {
			cells[i][j] = Plain(r[j])
			if n := utf8.RuneCountInString(cells[i][j]); n > 0 {
				widths[j] = max(widths[j], n, utf8.RuneCountInString(columns[j].Name))
			}
		}
	}
	if width > 0 {
		without = leaveOut(columns, widths, width)
		shrink(widths, width)
	}
	printCells(w, widths, names(columns))
	for _, r := range cells {
		printCells(w, widths, r)
	}
	return without
}

func names(columns []Column) []string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.Name
	}
	return list
}

func printCells(w io.Writer, widths []int, cells []string) {
	var line strings.Builder
	for i, n := range widths {
		if n > 0 {
			fmt.Fprintf(&line, "%-*s  ", n, Cut(cells[i], n))
		}
	}
	fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
}

// total is the width of a row, two spaces between columns, none of them wider than most.
func total(widths []int, most int) int {
	sum := -2
	for _, n := range widths {
		if n > 0 {
			sum += min(n, most) + 2
		}
	}
	return sum
}

// leaveOut sets the widths of columns to 0 that have no place even where others are cut off.
func leaveOut(columns []Column, widths []int, width int) (without []string) {
	for total(widths, least) > width {
		lightest, heaviest := -1, -1
		for i, n := range widths {
			if n == 0 {
				continue
			}
			if lightest < 0 || columns[i].Weight < columns[lightest].Weight {
				lightest = i
			}
			if heaviest < 0 || columns[i].Weight > columns[heaviest].Weight {
				heaviest = i
			}
		}
		if heaviest < 0 || columns[lightest].Weight == columns[heaviest].Weight {
			return without
		}
		widths[lightest] = 0
		without = append(without, columns[lightest].Name)
	}
	return without
}

// shrink takes from the widest columns until the row comes within width.
func shrink(widths []int, width int) {
	for over := total(widths, math.MaxInt) - width; over > 0; over-- {
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
