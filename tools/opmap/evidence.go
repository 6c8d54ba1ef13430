package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/test/recorded"
	"github.com/rhumb-gis/rhumb/tools/directive"
)

// unproven is the standing of an operation for which there is no answer.
const unproven recorded.Standing = "none"

// evidence is what the SDK's operations rest on.
type evidence struct {
	reads, writes []directive.Operation            // of the SDK, in alphabetical order
	classes       map[string][]directive.Operation // by the type whose methods send them
	answers       map[directive.Operation][]recorded.Response
	notes         []note // what the SDK guesses
}

func gather(symbols []directive.Symbol, responses []recorded.Response, notes []note) *evidence {
	e := &evidence{classes: map[string][]directive.Operation{}, answers: map[directive.Operation][]recorded.Response{}, notes: notes}
	for _, r := range responses {
		e.answers[r.Op] = append(e.answers[r.Op], r)
	}
	for _, s := range symbols {
		pkg, rest, _ := strings.Cut(s.Name, ".")
		class, _, _ := strings.Cut(rest, ".")
		class = pkg + "." + class
		for _, op := range s.Ops {
			list := &e.writes
			if slices.Contains(s.Reads, op) {
				list = &e.reads
			}
			if !slices.Contains(*list, op) {
				*list = append(*list, op)
			}
			if !slices.Contains(e.classes[class], op) {
				e.classes[class] = append(e.classes[class], op)
			}
		}
	}
	byPath := func(a, b directive.Operation) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Verb, b.Verb))
	}
	slices.SortFunc(e.reads, byPath)
	slices.SortFunc(e.writes, byPath)
	return e
}

// standing is the best that an operation rests on.
func (e *evidence) standing(op directive.Operation) recorded.Standing {
	for _, s := range recorded.Standings() {
		if slices.ContainsFunc(e.answers[op], func(r recorded.Response) bool { return r.Standing == s }) {
			return s
		}
	}
	return unproven
}

func (e *evidence) page(b *bytes.Buffer) {
	b.WriteString(`## Evidence

What the SDK rests on where it talks to portals that are not ours: for each operation the best
answer that package test/recorded replays to it.

- **recorded**: a live portal gave it. **documented**: a sample of the documentation.
  **fixture**: the tests of another client. **shape**: the documentation tells members and types,
  values are filled in. **guess**: ours alone. **none**: no answer is replayed.

`)
	e.summary(b)
	e.operations(b, "Reading", e.reads)
	e.operations(b, "Writing", e.writes)
	e.guesses(b)
}

// guesses lists the operations whose answers are ours alone, with the reason that the table
// gives, and what the SDK's comments call a guess.
func (e *evidence) guesses(b *bytes.Buffer) {
	var list []string
	for _, op := range slices.Concat(e.reads, e.writes) {
		if e.standing(op) == recorded.Guess {
			list = append(list, fmt.Sprintf("- %s: %s\n", code(op.String()), text(e.answers[op][0].Source)))
		}
	}
	fmt.Fprintf(b, "### Guesses of the SDK\n\n%d operations whose answers no document shows, and %d comments.\n\n%s", len(list), len(e.notes), strings.Join(list, ""))
	for _, n := range e.notes {
		fmt.Fprintf(b, "- %s: %s\n", code(n.file), text(n.text))
	}
	b.WriteString("\n")
}

// summary counts operations: of each class, and of all, those that read apart from those that
// write.
func (e *evidence) summary(b *bytes.Buffer) {
	columns := append(recorded.Standings(), unproven)
	b.WriteString("| operations of |")
	for _, s := range columns {
		fmt.Fprintf(b, " %s |", s)
	}
	b.WriteString(" all |\n|---|" + strings.Repeat("--:|", len(columns)+1) + "\n")
	row := func(name string, ops []directive.Operation) {
		count := map[recorded.Standing]int{}
		for _, op := range ops {
			count[e.standing(op)]++
		}
		fmt.Fprintf(b, "| %s |", name)
		for _, s := range columns {
			fmt.Fprintf(b, " %d |", count[s])
		}
		fmt.Fprintf(b, " %d |\n", len(ops))
	}
	for _, class := range slices.Sorted(maps.Keys(e.classes)) {
		row(code(class), e.classes[class])
	}
	row("**all that read**", e.reads)
	row("**all that write**", e.writes)
	b.WriteString("\n")
}

func (e *evidence) operations(b *bytes.Buffer, title string, ops []directive.Operation) {
	fmt.Fprintf(b, "### %s\n\n| operation | rests on | answers |\n|---|---|---|\n", title)
	for _, op := range ops {
		var files []string
		for _, r := range e.answers[op] {
			files = append(files, code(r.File)+" ("+string(r.Standing)+")")
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", code(op.String()), e.standing(op), strings.Join(files, "<br>"))
	}
	b.WriteString("\n")
}
