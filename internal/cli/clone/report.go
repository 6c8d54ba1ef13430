package clone

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/clone/report"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/version"
)

// reportFlag declares --report.
func reportFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "report", "", "`file` to write a report to: a page (.html), a table (.csv) or JSON (.json)")
}

// checkReport refuses a name that tells no format, or that no file can have, before any work
// begins.
func checkReport(path string) error {
	if path == "" {
		return nil
	}
	if err := report.Check(path); err != nil {
		return command.Usage("--report: %w", err)
	}
	if fi, err := os.Stat(filepath.Dir(path)); err != nil || !fi.IsDir() {
		return command.Usage("--report: there is no folder %s", filepath.Dir(path))
	}
	if fi, err := os.Stat(path); err == nil && !fi.Mode().IsRegular() {
		return command.Usage("--report: %s is there and is no file", path)
	}
	return nil
}

// outcome is what a report is written from.
type outcome struct {
	command string
	rep     *clone.Report
	meter   *clone.Meter
	journal string // path; empty: none
	err     error  // what the run ended with
}

// writeReport writes the report of a run, also of one that was cut off.
func writeReport(path string, o outcome) error {
	if path == "" || o.rep == nil || o.rep.Started.IsZero() {
		return nil
	}
	d := report.New(o.command, o.rep, o.meter.Phases())
	if o.err != nil {
		d.Error = o.err.Error()
		if errors.Is(o.err, context.Canceled) {
			d.Error = "it was interrupted"
		}
	}
	if o.journal != "" {
		d.Journal = filepath.Base(o.journal)
		var err error
		if d.Objects, err = clone.ReadObjects(o.journal); err != nil {
			return err
		}
	}
	d.Program = version.Text()
	return report.WriteFile(path, d)
}

func writeUndoReport(path string, h *clone.Header, rep *clone.UndoReport, started time.Time, m *clone.Meter, journal string, err error) error {
	if path == "" {
		return nil
	}
	d := report.NewUndo(h, rep, started, m.Phases())
	if err != nil {
		d.Error = err.Error()
	}
	d.Journal, d.Program = filepath.Base(journal), version.Text()
	return report.WriteFile(path, d)
}

// journalPath is where the journal of the two portals is.
func (o *options) journalPath(ctx context.Context, source, target *gis.Portal) string {
	if o.journal != "" {
		return o.journal
	}
	path, err := clone.DefaultJournal(context.WithoutCancel(ctx), source, target)
	if err != nil {
		return ""
	}
	return path
}
