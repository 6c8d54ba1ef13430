package report

import (
	"fmt"
	"time"

	"github.com/rhumb-gis/rhumb/clone"
)

// Format is the version of the JSON form.
const Format = "rhumb-report/1"

// Document is everything that a report holds. Lists that do not apply to a command are empty.
type Document struct {
	Format  string         `json:"format"`
	Command string         `json:"command"` // run, apply, verify or undo
	Program string         `json:"program,omitempty"`
	Source  *clone.Side    `json:"source,omitempty"`
	Target  *clone.Side    `json:"target,omitempty"`
	Started time.Time      `json:"started"`
	Ended   time.Time      `json:"ended"`
	Options *clone.Options `json:"options,omitempty"`
	Journal string         `json:"journal,omitempty"` // name of the file, without its folder
	Outcome string         `json:"outcome"`
	Error   string         `json:"error,omitempty"` // why the run ended early

	Result      *clone.Result      `json:"result,omitempty"`
	Undo        *clone.UndoResult  `json:"undo,omitempty"`
	Phases      []clone.Phase      `json:"phases"`
	Notes       []string           `json:"notes"`
	Causes      []clone.Cause      `json:"causes"`
	Differences []clone.Difference `json:"differences"`
	Unmatched   []clone.Unmatched  `json:"unmatched"`
	Unresolved  []clone.Reference  `json:"unresolved"`
	ByReference []clone.Reference  `json:"by_reference"`
	Objects     []clone.Object     `json:"objects"`
	Removed     []clone.UndoObject `json:"removed,omitempty"`
	Kept        []clone.UndoObject `json:"kept,omitempty"`
	NotUndone   []clone.UndoObject `json:"not_undone,omitempty"`
}

// New makes the document of a run, an apply or a verification.
func New(command string, rep *clone.Report, phases []clone.Phase) *Document {
	d := &Document{
		Format: Format, Command: command, Started: rep.Started.UTC(), Result: &rep.Result, Phases: phases, Notes: rep.Notes,
		Causes: rep.Causes(), Differences: rep.Differences, Unmatched: rep.Unmatched, Unresolved: rep.Unresolved, ByReference: rep.ByReference,
	}
	d.Ended = d.Started.Add(time.Duration(rep.Result.Seconds * float64(time.Second)))
	if h := rep.Header; h.Format != "" {
		d.Source, d.Target, d.Options = &h.Source, &h.Target, &h.Options
	}
	d.Outcome = outcome(command, &rep.Result)
	return d
}

// NewUndo makes the document of an undo.
func NewUndo(h *clone.Header, rep *clone.UndoReport, started time.Time, phases []clone.Phase) *Document {
	d := &Document{
		Format: Format, Command: "undo", Started: started.UTC(), Undo: &rep.Result, Phases: phases, Notes: rep.Notes, Causes: rep.Causes(),
		Removed: rep.Removed, Kept: rep.Kept, NotUndone: rep.NotUndone,
	}
	d.Ended = d.Started.Add(time.Duration(rep.Result.Seconds * float64(time.Second)))
	if h != nil {
		d.Source, d.Target, d.Options = &h.Source, &h.Target, &h.Options
	}
	r := &rep.Result
	d.Outcome = fmt.Sprintf("%s removed, %d kept because somebody changed or used them, %d not undone, %d failed.", objects(len(rep.Removed)), r.Kept, r.NotUndone, r.Failed)
	if r.DryRun {
		d.Removed = rep.Remove
		d.Outcome = fmt.Sprintf("Nothing was changed. %s would be removed, %d kept.", objects(len(rep.Remove)), r.Kept)
	}
	return d
}

// outcome says in a sentence what the reader came for.
func outcome(command string, r *clone.Result) string {
	switch {
	case r.Failed() > 0 && command == "apply":
		return fmt.Sprintf("%s could not be copied. All others were.", objects(r.Failed()))
	case r.Failed() > 0 && r.Differences > 0:
		return fmt.Sprintf("%s could not be copied, and %s between source and target.", objects(r.Failed()), differ(r.Differences))
	case r.Failed() > 0:
		return fmt.Sprintf("%s could not be copied. What was copied is equal.", objects(r.Failed()))
	case command == "apply":
		return "Every object of the plan was copied. Nothing was compared: rhumb clone verify does that."
	case r.Differences > 0:
		return differ(r.Differences) + " between source and target."
	}
	return "The copy is equal to the source: nothing that is compared differs."
}

func differ(n int) string {
	if n == 1 {
		return "1 value differs"
	}
	return fmt.Sprintf("%d values differ", n)
}

func objects(n int) string {
	if n == 1 {
		return "1 object"
	}
	return fmt.Sprintf("%d objects", n)
}

// CountRow is one line of the table of counts.
type CountRow struct {
	Name string
	clone.Counts
}

// Counts lists the counts by kind for readers.
func (d *Document) Counts() []CountRow {
	if d.Result == nil {
		return nil
	}
	r := d.Result
	rows := []CountRow{
		{"Roles", r.Roles}, {"Members", r.Users}, {"Groups", r.Groups}, {"Folders", r.Folders},
		{"Items", r.Items}, {"Relationships", r.Relationships}, {"Shares", r.Shares},
	}
	if r.Settings != (clone.Counts{}) {
		rows = append(rows, CountRow{"Settings", r.Settings})
	}
	return rows
}
