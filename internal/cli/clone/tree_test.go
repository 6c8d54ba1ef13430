package clone

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
)

// somePlan has one of everything that a tree shows.
func somePlan() *clone.Plan {
	id := func(n int) string { return fmt.Sprintf("%032x", n) }
	p := &clone.Plan{
		Header: clone.Header{Source: clone.Side{Address: "https://a.example/portal", User: "ann"}, Target: clone.Side{Address: "https://b.example/portal", User: "bob"}},
		Steps: []clone.Step{
			{Kind: clone.KindRole, Action: clone.Create, Source: "R1", Title: "Cartographer"},
			{Kind: clone.KindUser, Action: clone.Create, Source: "ada", Title: "Ada \x1b[31mLovelace\u202e", Role: "R1"},
			{Kind: clone.KindUser, Action: clone.Match, Source: "ann", Target: "bob", Reason: "the connecting accounts stand for each other"},
			{Kind: clone.KindGroup, Action: clone.Create, Source: id(1), Title: "Crews", Rename: "Crews (2)", Owner: "ada", Access: "org"},
			{Kind: clone.KindFolder, Action: clone.Create, Source: id(2), Title: "Maps", Owner: "ada"},
			{Kind: clone.KindItem, Action: clone.Create, Source: id(3), Title: "Roads", Type: "Web Map", Owner: "ada", Folder: id(2), Size: 2048, Needs: []string{id(4)}, Cycle: 1},
			{Kind: clone.KindItem, Action: clone.Create, Source: id(4), Title: "Viewer", Type: "Dashboard", Owner: "ada", Cycle: 1, Needs: []string{id(3)}},
			{Kind: clone.KindItem, Action: clone.Conflict, Source: id(5), Title: "Notes", Type: "PDF", Owner: "ada", Reason: "a file named notes.pdf is in the same folder on the target; rename or move one of the two; or plan with --on-conflict match"},
			{Kind: clone.KindShare, Action: clone.Create, Source: id(3), Access: "org"},
		},
		References: []clone.Reference{{Class: clone.External, Item: id(3), Title: "Roads", Part: "data", Path: "$.baseMap", Kind: "item", Value: id(9), Owner: "esri"}},
		Notices:    []clone.Notice{{Code: clone.NoticeFavorites, Text: "members whose favorites are not carried: 1", Objects: []string{"ada"}}, {Code: clone.NoticeTotals, Text: "hidden"}},
	}
	for n := range 100 {
		p.Steps = append(p.Steps, clone.Step{Kind: clone.KindItem, Action: clone.Match, Source: id(100 + n), Title: fmt.Sprint("Old ", n), Type: "CSV", Owner: "ann"})
	}
	return p
}

func TestTreeShowsWhatNeedsADecisionFirst(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	printTree(&b, somePlan(), 100, 10)
	out := b.String()
	at := -1
	for _, want := range []string{
		"https://a.example/portal (ann)  ->  https://b.example/portal (bob)",
		"conflicts (1): nothing is written", "! item Notes", "ways out: rename or move one of the two; or plan with --on-conflict match",
		"favorites are not carried", "+ Cartographer", "+ ada  Ada", "Cartographer", "= ann -> bob", "+ Crews -> Crews (2)  ada, org",
		"ada (3 items)", "! Notes  PDF", "+ Viewer  Dashboard, needs 1, ring 1", "+ Maps/", "+ Roads  Web Map, 2.0 KiB, needs 1, ring 1", "ann (100 items)", "= Old 0", "= 95 more",
		"rings of items", "1: Roads, Viewer", "left as they are (1)", "$.baseMap: item", "of esri", "to write: 7 objects, 2.0 KiB of items",
	} {
		i := strings.Index(out[at+1:], want)
		if i < 0 {
			t.Fatalf("%q is missing behind the first %d bytes of:\n%s", want, at+1, out)
		}
		at += 1 + i
	}
	if strings.Contains(out, "\x1b") || strings.Contains(out, "\u202e") || strings.Contains(out, "hidden") {
		t.Errorf("the tree holds what it must not:\n%q", out)
	}
}

func TestTreeFitsItsTerminal(t *testing.T) {
	t.Parallel()
	for _, width := range []int{40, 57, 80, 200} {
		var b strings.Builder
		printTree(&b, somePlan(), width, 0)
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > max(width, 70) { // the table of figures does not shrink
				t.Errorf("width %d: a line of %d: %q", width, n, line)
			}
		}
	}
}
