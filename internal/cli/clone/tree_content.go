package clone

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
)

// branch is a list of steps of which a terminal shows the first of each action. What is left
// out or there already is grouped by its reason, since there may be thousands.
type branch struct {
	t     *tree
	depth int
	name  func(*clone.Step) string
	count int
	shown map[clone.Action][]*clone.Step
	more  map[string]int // by mark and reason
}

func (b *branch) add(s *clone.Step) {
	if b.shown == nil {
		b.shown, b.more = map[clone.Action][]*clone.Step{}, map[string]int{}
	}
	b.count++
	limit := most
	if s.Action == clone.Skip || s.Action == clone.Match {
		limit = most / 4
	}
	if len(b.shown[s.Action]) < limit {
		b.shown[s.Action] = append(b.shown[s.Action], s)
		return
	}
	b.more[marks[s.Action]+" "+strings.TrimSpace("%d more  "+s.Reason)]++
}

func (b *branch) print() {
	for _, a := range []clone.Action{clone.Conflict, clone.Replace, clone.Update, clone.Create, clone.Match, clone.Skip} {
		for _, s := range b.shown[a] {
			text := marks[a] + " " + b.name(s)
			if s.Reason != "" && a != clone.Conflict {
				text += "  [" + s.Reason + "]"
			}
			b.t.line(b.depth, text)
		}
		for _, format := range slices.Sorted(maps.Keys(b.more)) {
			if strings.HasPrefix(format, marks[a]) {
				b.t.line(b.depth, strings.Replace(format, "%d", fmt.Sprint(b.more[format]), 1))
			}
		}
	}
}

// place is a folder of an owner.
type place struct{ owner, folder string }

// content prints owners, their folders and the items in them.
func (t *tree) content() {
	folders, items := map[string]*clone.Step{}, map[place]*branch{}
	perOwner := map[string]int{}
	total := 0
	for i := range t.plan.Steps {
		s := &t.plan.Steps[i]
		switch s.Kind {
		case clone.KindFolder:
			folders[s.Source] = s
			t.branchOf(items, place{s.Owner, s.Source})
		case clone.KindItem:
			t.branchOf(items, place{s.Owner, s.Folder}).add(s)
			perOwner[s.Owner]++
			total++
		}
	}
	if total+len(folders) == 0 {
		return
	}
	t.head(fmt.Sprintf("content (%d items, %d folders)", total, len(folders)))
	title := func(p place) string {
		if f := folders[p.folder]; f != nil {
			return f.Title
		}
		return p.folder
	}
	order := slices.SortedFunc(maps.Keys(items), func(a, b place) int {
		return strings.Compare(strings.ToLower(a.owner+"\x00"+title(a))+a.folder, strings.ToLower(b.owner+"\x00"+title(b))+b.folder)
	})
	owner := ""
	for i, p := range order {
		if i == 0 || p.owner != owner {
			owner = p.owner
			t.line(1, fmt.Sprintf("%s (%d items)", owner, perOwner[owner]))
		}
		if f := folders[p.folder]; f != nil {
			text := marks[f.Action] + " " + f.Title + "/"
			if f.Reason != "" {
				text += "  [" + f.Reason + "]"
			}
			t.line(2, text)
			items[p].depth = 3
		}
		items[p].print()
	}
}

func (t *tree) branchOf(m map[place]*branch, p place) *branch {
	if m[p] == nil {
		m[p] = &branch{t: t, depth: 2, name: nameOfItem}
	}
	return m[p]
}

func nameOfItem(s *clone.Step) string {
	text := withRename(s) + "  " + s.Type
	if s.Size > 0 {
		text += ", " + terminal.Size(s.Size)
	}
	if len(s.Needs) > 0 {
		text += fmt.Sprintf(", needs %d", len(s.Needs))
	}
	if s.Cycle > 0 {
		text += fmt.Sprintf(", ring %d", s.Cycle)
	}
	return text
}

// cycles lists the items that refer to each other in rings.
func (t *tree) cycles() {
	rings, names := map[int]int{}, map[int][]string{}
	for i := range t.plan.Steps {
		if s := &t.plan.Steps[i]; s.Cycle > 0 {
			rings[s.Cycle]++
			if len(names[s.Cycle]) < 4 {
				names[s.Cycle] = append(names[s.Cycle], s.Title)
			}
		}
	}
	if len(rings) == 0 {
		return
	}
	t.head(fmt.Sprintf("rings of items that refer to each other (%d): each is made empty first, then filled", len(rings)))
	for i, n := range slices.Sorted(maps.Keys(rings)) {
		if i == most {
			t.line(1, fmt.Sprintf("and %d more", len(rings)-i))
			break
		}
		text := fmt.Sprintf("%d: %s", n, strings.Join(names[n], ", "))
		if more := rings[n] - len(names[n]); more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		t.line(1, text)
	}
}

// references lists what items name that will have no counterpart, by class.
func (t *tree) references() {
	for _, class := range []struct{ name, title string }{
		{clone.Unresolved, "references without a counterpart on the target"},
		{clone.External, "references to what belongs to others, left as they are"},
		{clone.ByReference, "services of the source that are used by their address"},
	} {
		n := 0
		var lines []string
		for i := range t.plan.References {
			r := &t.plan.References[i]
			if r.Class != class.name {
				continue
			}
			if n++; n <= most/2 {
				text := fmt.Sprintf("%s, %s %s: %s %s", r.Title, r.Part, r.Path, r.Kind, r.Value)
				if r.Owner != "" {
					text += " of " + r.Owner
				}
				lines = append(lines, text)
			}
		}
		if n == 0 {
			continue
		}
		t.head(fmt.Sprintf("%s (%d)", class.title, n))
		for _, l := range lines {
			t.line(1, l)
		}
		if n > len(lines) {
			t.line(1, fmt.Sprintf("and %d more; --plan FILE or --json lists all", n-len(lines)))
		}
	}
}
