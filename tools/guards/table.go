package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// row is a guard and the test that stands for it.
type row struct {
	attack, pkg, test string
	edits             []edit
	line              int
}

// edit takes a guard, or a part of it, out of a file.
type edit struct{ file, guard, without string }

func (r row) String() string { return r.attack + ": " + r.pkg + " " + r.test }

// readTable reads the rows of a file. Empty lines and lines that begin with # are left out.
func readTable(file string) ([]row, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var rows []row
	var errs []error
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r, err := parseRow(strings.Split(line, "\t"))
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", file, n, err))
			continue
		}
		r.line = n
		rows = append(rows, r)
	}
	return rows, errors.Join(errs...)
}

// lines writes guards of several lines into one cell.
var lines = strings.NewReplacer("⏎", "\n", "⇥", "\t")

func parseRow(cells []string) (row, error) {
	if len(cells) < 6 || len(cells)%3 != 0 {
		return row{}, fmt.Errorf("%d cells: want attack, package, test, then file, guard and replacement once or more", len(cells))
	}
	r := row{attack: cells[0], pkg: cells[1], test: cells[2]}
	for i := 3; i < len(cells); i += 3 {
		e := edit{cells[i], lines.Replace(cells[i+1]), lines.Replace(cells[i+2])}
		if e.guard == "" || e.guard == e.without {
			return row{}, fmt.Errorf("the guard in %s is empty or stands for itself", e.file)
		}
		r.edits = append(r.edits, e)
	}
	return r, nil
}

// read returns the files of the row below root by name, in which each guard stands once.
func (r row) read(root string) (map[string]string, error) {
	files := map[string]string{}
	for _, e := range r.edits {
		if _, ok := files[e.file]; !ok {
			b, err := os.ReadFile(filepath.Join(root, e.file))
			if err != nil {
				return nil, err
			}
			files[e.file] = string(b)
		}
		if n := strings.Count(files[e.file], e.guard); n != 1 {
			return nil, fmt.Errorf("out of date: %s holds %d times %q", e.file, n, e.guard)
		}
	}
	return files, nil
}

// without returns the files of the row below root, by name, with the guard taken out.
func (r row) without(root string) (map[string]string, error) {
	files, err := r.read(root)
	for _, e := range r.edits {
		if err == nil {
			files[e.file] = strings.Replace(files[e.file], e.guard, e.without, 1)
		}
	}
	return files, err
}
