package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/clone"
)

//go:embed page.html
var pageText string

// chunk is how many rows a table has before the next one begins. A browser lays out the tables
// that are in view only, so that a page of 20,000 objects opens at once.
const chunk = 250

// HTML writes the document as one page: no scripts, no fonts or pictures from elsewhere, for
// screens of any width and for paper.
func HTML(w io.Writer, d *Document) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"chunks": chunks, "size": size, "time": clockTime, "duration": duration, "count": count, "options": optionList,
		"add": func(a, b int) int { return a + b }, "good": good, "kinds": byKind, "px": func(n int) int { return 60 + 34*n },
	}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return t.Execute(w, d)
}

// part is a run of rows.
type part[T any] struct {
	First, Last int
	Rows        []T
}

// chunks cuts any of the document's lists.
func chunks(list any) (any, error) {
	switch l := list.(type) {
	case []clone.Object:
		return cut(l), nil
	case []clone.Difference:
		return cut(l), nil
	case []clone.Reference:
		return cut(l), nil
	case []clone.Failure:
		return cut(l), nil
	case []clone.UndoObject:
		return cut(l), nil
	case []clone.Unmatched:
		return cut(l), nil
	}
	return nil, fmt.Errorf("no list: %T", list)
}

func cut[T any](list []T) []part[T] {
	var out []part[T]
	first := 1
	for rows := range slices.Chunk(list, chunk) {
		out = append(out, part[T]{first, first + len(rows) - 1, rows})
		first += len(rows)
	}
	return out
}

// kindObjects are the objects of one kind.
type kindObjects struct {
	Name    string
	Objects []clone.Object
}

var kindNames = map[clone.Kind]string{
	clone.KindRole: "Roles", clone.KindUser: "Members", clone.KindGroup: "Groups", clone.KindFolder: "Folders", clone.KindItem: "Items",
	clone.KindRelationship: "Relationships", clone.KindShare: "Shares", clone.KindSetting: "Settings",
}

// byKind splits the objects, which are in the order of the plan, by kind.
func byKind(list []clone.Object) []kindObjects {
	var out []kindObjects
	for _, o := range list {
		name := kindNames[o.Kind]
		if n := len(out); n == 0 || out[n-1].Name != name {
			out = append(out, kindObjects{Name: name})
		}
		out[len(out)-1].Objects = append(out[len(out)-1].Objects, o)
	}
	return out
}

// good tells the colour of the outcome.
func good(d *Document) bool {
	switch {
	case d.Error != "":
		return false
	case d.Undo != nil:
		return d.Undo.Kept+d.Undo.Failed == 0
	}
	return d.Result == nil || d.Result.Failed()+d.Result.Differences == 0
}

func size(n int64) string {
	f, units := float64(n), []string{"B", "KiB", "MiB", "GiB", "TiB"}
	for len(units) > 1 && f >= 1024 {
		f, units = f/1024, units[1:]
	}
	if units[0] == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, units[0])
}

// count groups digits by three.
func count(n any) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

func clockTime(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") }

func duration(seconds float64) string {
	switch {
	case seconds < 60:
		return strconv.FormatFloat(seconds, 'f', 1, 64) + " s"
	case seconds < 3600:
		return fmt.Sprintf("%d min %02d s", int(seconds)/60, int(seconds)%60)
	}
	return fmt.Sprintf("%d h %02d min", int(seconds)/3600, int(seconds)%3600/60)
}

type option struct{ Name, Value string }

// optionList shows the options that are not at their defaults.
func optionList(o *clone.Options) []option {
	var m map[string]json.RawMessage
	b, err := json.Marshal(o)
	if err != nil || json.Unmarshal(b, &m) != nil {
		return nil
	}
	var out []option
	for name, v := range m {
		out = append(out, option{name, strings.Trim(string(v), `"`)})
	}
	slices.SortFunc(out, func(a, b option) int { return strings.Compare(a.Name, b.Name) })
	return out
}
