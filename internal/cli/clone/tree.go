package clone

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
)

// most is how many lines of a kind a branch of the tree has; the plan file has all.
const most = 20

// marks are how actions look in the tree.
var marks = map[clone.Action]string{
	clone.Create: "+", clone.Match: "=", clone.Update: "~", clone.Replace: "x", clone.Skip: "-", clone.Conflict: "!",
}

// tree prints a plan for people, in lines that fit the terminal.
type tree struct {
	w     io.Writer
	plan  *clone.Plan
	width int
	roles map[string]string // titles by id
}

// printTree prints the plan: what needs a decision first, then what is done, then the figures.
// pace is the calls a second that the portals answered; 0: unknown.
func printTree(w io.Writer, plan *clone.Plan, width int, pace float64) {
	t := &tree{w: w, plan: plan, width: max(width, 40), roles: map[string]string{string(gis.RoleViewer): "viewer", string(gis.RoleDataEditor): "data editor"}}
	for i := range plan.Steps {
		if s := &plan.Steps[i]; s.Kind == clone.KindRole {
			t.roles[s.Source] = s.Title
		}
	}
	h := plan.Header
	t.line(0, fmt.Sprintf("%s (%s)  ->  %s (%s)", h.Source.Address, h.Source.User, h.Target.Address, h.Target.User))
	t.line(0, "+ create  = match  ~ update  x replace  - leave out  ! conflict")
	t.conflicts()
	t.notices()
	t.flat("roles", clone.KindRole, func(s *clone.Step) string { return s.Title })
	t.flat("members", clone.KindUser, t.nameOfUser)
	t.flat("groups", clone.KindGroup, func(s *clone.Step) string { return withRename(s) + "  " + s.Owner + ", " + s.Access })
	t.content()
	t.flat("relationships", clone.KindRelationship, func(s *clone.Step) string { return s.Type + " of " + s.Title })
	t.flat("settings", clone.KindSetting, func(s *clone.Step) string { return s.Source })
	t.shares()
	t.cycles()
	t.references()
	t.totals(pace)
}

// line prints one line, cut to the width.
func (t *tree) line(depth int, text string) {
	fmt.Fprintln(t.w, terminal.Cut(strings.Repeat("  ", depth)+terminal.Plain(text), t.width))
}

// wrapped prints a text over as many lines as it takes.
func (t *tree) wrapped(depth int, text string) {
	room := t.width - 2*depth
	line := ""
	for word := range strings.FieldsSeq(terminal.Plain(text)) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > room {
			t.line(depth, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		t.line(depth, line)
	}
}

func (t *tree) head(text string) { fmt.Fprintf(t.w, "\n%s\n", terminal.Cut(text, t.width)) }

func (t *tree) conflicts() {
	open := t.plan.Conflicts()
	if len(open) == 0 {
		return
	}
	t.head(fmt.Sprintf("conflicts (%d): nothing is written while one is open", len(open)))
	said := map[string]bool{}
	for i, s := range open {
		if i == most {
			t.line(1, fmt.Sprintf("and %d more; --plan FILE or --json lists all", len(open)-i))
			return
		}
		t.line(1, fmt.Sprintf("! %s %s (%s)", s.Kind, s.Title, s.Source))
		found, ways, _ := strings.Cut(s.Reason, "; ")
		if said[ways] { // the ways out of conflicts of one kind are the same
			ways = ""
		}
		said[ways] = true
		t.wrapped(3, found)
		if ways != "" {
			t.wrapped(3, "ways out: "+ways)
		}
	}
}

func (t *tree) notices() {
	var shown []clone.Notice
	for _, n := range t.plan.Notices {
		if n.Code != clone.NoticeTotals {
			shown = append(shown, n)
		}
	}
	if len(shown) == 0 {
		return
	}
	t.head("to know")
	for _, n := range shown {
		t.wrapped(1, n.Text)
		for i, o := range n.Objects {
			if i == most/2 {
				t.line(3, fmt.Sprintf("and %d more", len(n.Objects)-i))
				break
			}
			t.line(3, o)
		}
	}
}

// nameOfUser is a member with name and role, which a custom role's step names.
func (t *tree) nameOfUser(s *clone.Step) string {
	text := s.Source
	if s.Rename != "" {
		text += " -> " + s.Rename
	} else if s.Target != "" && s.Target != s.Source {
		text += " -> " + s.Target
	}
	if s.Title != "" {
		text += "  " + s.Title
	}
	return text + "  " + cmp.Or(t.roles[s.Role], s.Role)
}

func withRename(s *clone.Step) string {
	if s.Rename != "" {
		return s.Title + " -> " + s.Rename
	}
	return s.Title
}

// flat prints the steps of a kind that is no tree.
func (t *tree) flat(title string, kind clone.Kind, name func(*clone.Step) string) {
	b := &branch{t: t, depth: 1, name: name}
	for i := range t.plan.Steps {
		if s := &t.plan.Steps[i]; s.Kind == kind {
			b.add(s)
		}
	}
	if b.count > 0 {
		t.head(fmt.Sprintf("%s (%d)", title, b.count))
		b.print()
	}
}

// shares only counts: the levels and groups stand with the items in the file.
func (t *tree) shares() {
	counts := map[clone.Action]int{}
	n := 0
	for i := range t.plan.Steps {
		if s := &t.plan.Steps[i]; s.Kind == clone.KindShare {
			counts[s.Action]++
			n++
		}
	}
	if n > 0 {
		t.head(fmt.Sprintf("sharing (%d)", n))
		t.line(1, fmt.Sprintf("to set: %d, alike already: %d", n-counts[clone.Match]-counts[clone.Skip], counts[clone.Match]))
	}
}

// totals prints what the plan comes to, and how long it may take.
func (t *tree) totals(pace float64) {
	sum := t.plan.Totals()
	fmt.Fprintln(t.w)
	tw := tabwriter.NewWriter(t.w, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "\tcreate\tmatch\tupdate\treplace\tleave out\tconflict\t")
	for _, k := range []struct {
		name string
		kind clone.Kind
	}{
		{"roles", clone.KindRole}, {"members", clone.KindUser}, {"groups", clone.KindGroup}, {"folders", clone.KindFolder},
		{"items", clone.KindItem}, {"relationships", clone.KindRelationship}, {"shares", clone.KindShare}, {"settings", clone.KindSetting},
	} {
		a := sum.Actions[k.kind]
		if k.kind == clone.KindSetting && len(a) == 0 {
			continue
		}
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", k.name, a[clone.Create], a[clone.Match], a[clone.Update], a[clone.Replace], a[clone.Skip], a[clone.Conflict])
	}
	tw.Flush()
	text := fmt.Sprintf("to write: %d objects, %s of items, at least %d calls", sum.Writes, terminal.Size(sum.Bytes), sum.Calls)
	if pace > 0 && sum.Calls > 0 {
		text += ", about " + terminal.Left(time.Duration(float64(sum.Calls)/pace*float64(time.Second)))
		if sum.Bytes > 64<<20 {
			text += " and the time that the bytes take"
		}
	}
	fmt.Fprintln(t.w)
	t.wrapped(0, text)
}
