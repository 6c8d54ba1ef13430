package outcome

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/member"
)

// shown is how many rows of a kind a terminal gets; --json has all.
const shown = 40

// Print shows results. A terminal gets those who were refused or failed first, each with the
// reason, then a table of what was done. Elsewhere there is a line for each member with tabs
// between line, member, action, outcome, product, before, after and reason, and the rest is on
// the error stream.
func Print(io *command.Streams, r *member.Results) { show(io, r, string(member.Done)) }

// Preview shows the results that a plan will have, as Print does.
func Preview(io *command.Streams, r *member.Results) { show(io, r, "planned") }

// show prints results, with done as the word for what is done, or will be.
func show(io *command.Streams, r *member.Results, done string) {
	summary := strings.Replace(r.String(), string(member.Done), done, 1)
	if !io.OutTTY {
		lines(io, r, done)
		fmt.Fprintln(io.Err, summary)
		return
	}
	bad := r.Bad()
	for i, row := range bad {
		if i == shown {
			break
		}
		fmt.Fprintln(io.Out, terminal.Plain(sentence(&row)))
	}
	more(io, len(bad))
	changes(io, r)
	for _, n := range r.Notes {
		fmt.Fprintln(io.Out, "note:", terminal.Plain(n))
	}
	fmt.Fprintln(io.Out, summary)
}

// changes prints the table of what was done.
func changes(io *command.Streams, r *member.Results) {
	var rows [][]string
	done := 0
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Outcome != member.Done {
			continue
		}
		if done++; done <= shown {
			rows = append(rows, []string{line(row.Line), row.Username, row.Action, row.Product, change(row), strings.Join(row.Notes, "; ")})
		}
	}
	if len(rows) == 0 {
		return
	}
	terminal.Columns(io.Out, terminal.Width(io.Out), []terminal.Column{
		{Name: "LINE", Weight: 5}, {Name: "MEMBER", Weight: 5}, {Name: "ACTION", Weight: 2}, {Name: "LICENSE", Weight: 4}, {Name: "CHANGE", Weight: 4}, {Name: "NOTES", Weight: 3},
	}, rows)
	more(io, done)
}

// sentence says who was refused or failed, and why.
func sentence(row *member.Result) string {
	who := row.Username
	if row.Line > 0 {
		who = strings.TrimSpace(fmt.Sprintf("line %d %s", row.Line, who))
	}
	if row.Product != "" {
		who += ", " + row.Product
	}
	return fmt.Sprintf("%s: %s: %s", row.Outcome, who, row.Reason)
}

// change tells what somebody held and holds.
func change(row *member.Result) string {
	before, after := strings.Join(row.Before, ", "), strings.Join(row.After, ", ")
	switch {
	case before == "":
		return after
	case after == "":
		return before + " → nothing"
	}
	return before + " → " + after
}

func lines(io *command.Streams, r *member.Results, done string) {
	for i := range r.Rows {
		row := &r.Rows[i]
		became := string(row.Outcome)
		if row.Outcome == member.Done {
			became = done
		}
		cells := []string{
			line(row.Line), row.Username, row.Action, became, row.Product, strings.Join(row.Before, ","), strings.Join(row.After, ","),
			strings.Join(append(reason(row), row.Notes...), "; "),
		}
		for j := range cells {
			cells[j] = terminal.Plain(cells[j])
		}
		fmt.Fprintln(io.Out, strings.Join(cells, "\t"))
	}
	for _, n := range r.Notes {
		fmt.Fprintln(io.Err, "note:", terminal.Plain(n))
	}
}

func reason(row *member.Result) []string {
	if row.Reason == "" {
		return nil
	}
	return []string{row.Reason}
}

func more(io *command.Streams, n int) {
	if n > shown {
		fmt.Fprintf(io.Out, "and %d more (--json lists all)\n", n-shown)
	}
}

// Some counts things: 1 member, 2 members.
func Some(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

func line(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
