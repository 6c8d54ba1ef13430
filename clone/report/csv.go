package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/clone"
)

// columns of the table. Each row fills those that its section has.
var columns = []string{"section", "kind", "title", "type", "owner", "source", "target", "action", "state", "place", "source value", "target value", "bytes", "text"}

// CSV writes one table of all sections, a row for each object, difference, reference, failure
// and note. Cells that a spreadsheet would take for a formula begin with an apostrophe.
func CSV(w io.Writer, d *Document) error {
	out := csv.NewWriter(w)
	row := func(cells map[string]string) error {
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = neutral(cells[c])
		}
		return out.Write(line)
	}
	if err := out.Write(columns); err != nil {
		return err
	}
	for _, cells := range rows(d) {
		if err := row(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// neutral keeps a spreadsheet from reading a cell as a formula.
func neutral(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

type cells = map[string]string

func rows(d *Document) []cells {
	out := []cells{
		{"section": "report", "kind": "command", "text": d.Command},
		{"section": "report", "kind": "started", "text": d.Started.Format(time.RFC3339)},
		{"section": "report", "kind": "ended", "text": d.Ended.Format(time.RFC3339)},
		{"section": "report", "kind": "journal", "text": d.Journal},
		{"section": "report", "kind": "outcome", "text": d.Outcome},
	}
	if d.Error != "" {
		out = append(out, cells{"section": "report", "kind": "error", "text": d.Error})
	}
	for _, p := range []struct {
		name string
		side *clone.Side
	}{{"source", d.Source}, {"target", d.Target}} {
		if p.side != nil {
			out = append(out, cells{"section": "portal", "kind": p.name, "owner": p.side.User, "text": p.side.Address})
		}
	}
	for _, c := range d.Causes {
		for _, f := range c.Failures {
			out = append(out, cells{"section": "failure", "kind": string(f.Kind), "title": f.Title, "source": f.Source, "text": f.Error})
		}
	}
	for _, x := range d.Differences {
		out = append(out, cells{"section": "difference", "kind": string(x.Kind), "title": x.Title, "source": x.Source, "target": x.Target,
			"place": x.Field, "source value": x.Want, "target value": x.Got})
	}
	for _, x := range d.Unmatched {
		out = append(out, cells{"section": "unmatched", "kind": string(x.Kind), "title": x.Title, "source": x.Source, "text": x.Reason})
	}
	out = append(out, references("unresolved", d.Unresolved)...)
	out = append(out, references("by reference", d.ByReference)...)
	for _, o := range d.Objects {
		out = append(out, cells{"section": "object", "kind": string(o.Kind), "title": o.Title, "type": o.Type, "owner": o.Owner, "source": o.Source,
			"target": o.Target, "action": string(o.Action), "state": o.State, "bytes": strconv.FormatInt(o.Bytes, 10), "text": o.Reason})
	}
	for _, list := range []struct {
		section string
		objects []clone.UndoObject
	}{{"removed", d.Removed}, {"kept", d.Kept}, {"not undone", d.NotUndone}} {
		for _, o := range list.objects {
			out = append(out, cells{"section": list.section, "kind": string(o.Kind), "title": o.Title, "owner": o.Owner, "source": o.Source,
				"target": o.Target, "text": o.Reason})
		}
	}
	for _, n := range d.Notes {
		out = append(out, cells{"section": "note", "text": n})
	}
	return out
}

func references(section string, list []clone.Reference) []cells {
	out := make([]cells, len(list))
	for i, r := range list {
		out[i] = cells{"section": section, "kind": r.Kind, "title": r.Title, "source": r.Item, "place": r.Part + " " + r.Path, "text": r.Value}
	}
	return out
}
