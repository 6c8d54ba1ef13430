package main

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/tools/directive"
)

// note is a comment that says where the code leaves ArcGIS's behavior or guesses it.
type note struct {
	kind string // "deviates" or "guess"
	file string // below the module
	text string
}

// scanNotes collects the comments below dir that begin with "deviates:" or "guess:"; such a
// comment runs to the next empty line, the next note or the end of its group.
func scanNotes(root, dir string) ([]note, error) {
	var notes []note
	err := directive.GoFiles(dir, func(file string, f *ast.File) error {
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		for _, group := range f.Comments {
			notes = append(notes, groupNotes(filepath.ToSlash(rel), group)...)
		}
		return nil
	})
	slices.SortStableFunc(notes, func(a, b note) int {
		return strings.Compare(a.kind+a.file, b.kind+b.file)
	})
	return notes, err
}

func groupNotes(file string, group *ast.CommentGroup) []note {
	var notes []note
	open := false
	for line := range directive.CommentLines(group) {
		kind, text, found := strings.Cut(line, ":")
		switch {
		case found && (kind == "deviates" || kind == "guess"):
			notes = append(notes, note{kind, file, strings.TrimSpace(text)})
			open = true
		case line == "":
			open = false
		case open:
			last := &notes[len(notes)-1]
			last.text = strings.TrimSpace(last.text + " " + line)
		}
	}
	return notes
}
