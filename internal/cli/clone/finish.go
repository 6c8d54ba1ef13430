package clone

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
)

// shown is how many lines of a kind a person gets to see; --json has them all.
const shown = 40

// Finish prints the outcome of a run and returns the error that carries its exit code.
func Finish(out *command.Streams, rep *clone.Report, err error, asJSON bool) error {
	var conflicts *clone.ConflictError
	if errors.As(err, &conflicts) {
		printConflicts(out, conflicts.Steps, asJSON)
		if asJSON && rep != nil {
			printJSON(out.Out, rep)
		}
		return fmt.Errorf("nothing was written; conflicts in the way: %d", len(conflicts.Steps))
	}
	if err != nil && (rep == nil || rep.Result.Seconds == 0) {
		if asJSON && rep != nil { // events were printed: what reads them waits for the last line
			rep.Result.Type = "result"
			printJSON(out.Out, rep)
		}
		return err
	}
	switch {
	case asJSON:
		printJSON(out.Out, rep)
	case err != nil:
		table(out.Out, rep)
	default:
		Summary(out.Out, rep)
	}
	switch {
	case err != nil:
		return err
	case rep.Result.Differences > 0 || rep.Result.Failed() > 0:
		return &command.ExitError{Code: command.ExitPartial, Err: fmt.Errorf("differences: %d, objects that failed: %d", rep.Result.Differences, rep.Result.Failed())}
	}
	return nil
}

func printConflicts(out *command.Streams, steps []clone.Step, asJSON bool) {
	for _, s := range steps {
		if asJSON {
			line(out.Out, "conflict", s)
			continue
		}
		fmt.Fprintf(out.Out, "%s %s (%s): %s\n", s.Kind, terminal.Plain(s.Title), terminal.Plain(s.Source), terminal.Plain(s.Reason))
	}
}

// printJSON writes every finding, one object a line, and the result as the last line.
func printJSON(w io.Writer, rep *clone.Report) {
	for _, n := range rep.Notes {
		line(w, "note", map[string]string{"text": n})
	}
	for _, f := range rep.Failures {
		line(w, "failure", f)
	}
	for _, d := range rep.Differences {
		line(w, "difference", d)
	}
	for _, u := range rep.Unmatched {
		line(w, "unmatched", u)
	}
	for _, r := range rep.Unresolved {
		line(w, "unresolved", r)
	}
	for _, r := range rep.ByReference {
		line(w, "by_reference", r)
	}
	printResult(w, rep.Result)
}

func printResult(w io.Writer, result any) {
	if b, err := json.Marshal(result); err == nil {
		fmt.Fprintf(w, "%s\n", b)
	}
}

// line writes v as an object whose first key is its type.
func line(w io.Writer, kind string, v any) {
	b, err := json.Marshal(v)
	if err != nil || len(b) < 2 {
		return
	}
	sep := ","
	if string(b) == "{}" {
		sep = ""
	}
	fmt.Fprintf(w, `{"type":%q%s%s`+"\n", kind, sep, b[1:])
}

// Summary prints what a person wants to know: a sentence, a table of what was done, what
// failed by cause, what differs, and what needs a look.
func Summary(w io.Writer, rep *clone.Report) {
	r := &rep.Result
	table(w, rep)
	printDifferences(w, rep.Differences)
	printReferences(w, rep.Unresolved)
	printUnmatched(w, rep.Unmatched)
	fmt.Fprintf(w, "\ndifferences: %d   unresolved references: %d   by reference: %d   %s in %s, %d calls\n",
		r.Differences, r.Unresolved, r.ByReference, terminal.Size(r.Bytes), spent(r.Seconds), r.Calls)
}

func spent(seconds float64) string {
	if seconds < 60 {
		return fmt.Sprintf("%.1f s", seconds)
	}
	return terminal.Left(time.Duration(seconds * float64(time.Second)))
}

// counted is a line of the table.
type counted struct {
	name string
	c    clone.Counts
}

// table prints what was done and what failed, which is all there is to say of a run that was
// cut off: nothing was compared. Where the terminal is narrow, columns without a figure are left
// out.
func table(w io.Writer, rep *clone.Report) {
	r := &rep.Result
	kinds := []counted{
		{"roles", r.Roles}, {"members", r.Users}, {"groups", r.Groups}, {"folders", r.Folders},
		{"items", r.Items}, {"relationships", r.Relationships}, {"shares", r.Shares},
	}
	if r.Settings != (clone.Counts{}) {
		kinds = append(kinds, counted{"settings", r.Settings})
	}
	columns := []struct {
		name string
		of   func(clone.Counts) int
		must bool
	}{
		{"planned", func(c clone.Counts) int { return c.Planned }, true},
		{"created", func(c clone.Counts) int { return c.Created }, true},
		{"matched", func(c clone.Counts) int { return c.Matched }, false},
		{"updated", func(c clone.Counts) int { return c.Updated }, false},
		{"skipped", func(c clone.Counts) int { return c.Skipped }, false},
		{"blocked", func(c clone.Counts) int { return c.Blocked }, false},
		{"failed", func(c clone.Counts) int { return c.Failed }, true},
	}
	sum := func(of func(clone.Counts) int) (n int) {
		for _, k := range kinds {
			n += of(k.c)
		}
		return n
	}
	width, cell := terminal.Width(w), 9
	for i := len(columns) - 1; i >= 0; i-- {
		narrow := 13+cell*len(columns) >= width
		if c := columns[i]; sum(c.of) == 0 && (c.name == "updated" || narrow && !c.must) {
			columns = append(columns[:i], columns[i+1:]...)
		}
	}
	if 13+cell*len(columns) >= width {
		cell = max(6, (width-14)/len(columns))
	}
	fmt.Fprintf(w, "%13s", "")
	for _, c := range columns {
		fmt.Fprintf(w, "%*s", cell, terminal.Cut(c.name, cell-1))
	}
	fmt.Fprintln(w)
	for _, k := range kinds {
		fmt.Fprintf(w, "%13s", k.name)
		for _, c := range columns {
			fmt.Fprintf(w, "%*d", cell, c.of(k.c))
		}
		fmt.Fprintln(w)
	}
	for _, n := range rep.Notes {
		fmt.Fprintln(w, "note:", terminal.Plain(n))
	}
	printCauses(w, rep.Causes())
}

// printCauses lists failures by what is to blame for them, with the next step.
func printCauses(w io.Writer, list []clone.Cause) {
	for _, c := range list {
		fmt.Fprintf(w, "\nfailed (%d): %s\n", len(c.Failures), terminal.Plain(c.Text))
		for i, f := range c.Failures {
			if i == shown/4 {
				fmt.Fprintf(w, "  and %d more (--json lists all)\n", len(c.Failures)-i)
				break
			}
			fmt.Fprintf(w, "  %s %s (%s)\n", f.Kind, terminal.Plain(f.Title), terminal.Plain(f.Source))
		}
		fmt.Fprintln(w, "  next:", c.Next)
	}
}

func printDifferences(w io.Writer, list []clone.Difference) {
	for i, d := range list {
		if i == shown {
			fmt.Fprintf(w, "and %d more differences (--json lists all)\n", len(list)-i)
			break
		}
		name := d.Source
		if name == "" {
			name = d.Target
		}
		fmt.Fprintf(w, "\n%s %s (%s), %s\n  source: %s\n  target: %s\n", d.Kind, terminal.Plain(d.Title), terminal.Plain(name), d.Field,
			terminal.Cut(terminal.Plain(d.Want), 300), terminal.Cut(terminal.Plain(d.Got), 300))
	}
}

func printUnmatched(w io.Writer, list []clone.Unmatched) {
	if len(list) > 0 {
		fmt.Fprintf(w, "\nunmatched members and groups (%d):\n", len(list))
	}
	for i, u := range list {
		if i == shown {
			fmt.Fprintf(w, "  and %d more (--json lists all)\n", len(list)-i)
			break
		}
		fmt.Fprintf(w, "  %s %s (%s): %s\n", u.Kind, terminal.Plain(u.Title), terminal.Plain(u.Source), terminal.Plain(u.Reason))
	}
}

func printReferences(w io.Writer, list []clone.Reference) {
	if len(list) > 0 {
		fmt.Fprintf(w, "\nreferences without a counterpart on the target (%d):\n", len(list))
	}
	for i, r := range list {
		if i == shown/2 {
			fmt.Fprintf(w, "  and %d more (--json lists all)\n", len(list)-i)
			break
		}
		fmt.Fprintf(w, "  %s, %s %s: %s %s\n", terminal.Plain(r.Title), r.Part, terminal.Plain(r.Path), r.Kind, terminal.Plain(r.Value))
	}
}
