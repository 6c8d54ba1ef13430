package clone

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/internal/clock"
)

type undoOptions struct {
	options
	dryRun bool
}

func newUndo(f *command.Factory, run func(context.Context, *command.Factory, *undoOptions) error) *cobra.Command {
	o := &undoOptions{options: options{io: f.IO}}
	if run == nil {
		run = runUndo
	}
	cmd := &cobra.Command{
		Use:   "undo --to URL",
		Short: "Remove from the target what the last clone made there",
		Long: `Remove from the target what the last clone made there, after a list of it and a question.

An object goes only while it looks as the clone left it, and a folder, group or account only when
nothing else is in it. What people changed, used or filled since is kept and listed with the reason.
What was there before the clone is never removed: objects that it updated or replaced are listed as
not undone. The source is not needed. Interrupted, the same command goes on.

Exit codes: 0 all of it is gone, 1 failed, 3 something was kept or could not be removed,
4 sign-in needed, 6 usage, 130 cancelled.`,
		Example: `  rhumb clone undo --to https://gis.example.org/portal --dry-run
  rhumb clone undo --to https://gis.example.org/portal --journal clone.jsonl --yes --report undone.html`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), f, o) },
	}
	fl := cmd.Flags()
	fl.StringVar(&o.from, "from", "", "`address` of the source portal, to tell clones into one target apart; it is not asked")
	fl.StringVar(&o.to, "to", "", "`address` of the target portal")
	fl.StringVar(&o.journal, "journal", "", "`file` that recorded the clone (default: the one in the user's state folder)")
	fl.BoolVar(&o.dryRun, "dry-run", false, "list what would be removed and what would be kept, and stop")
	fl.BoolVar(&o.yes, "yes", false, "do not ask; needed where there is no terminal")
	fl.BoolVar(&o.json, "json", false, "print events and the result as JSON, one object a line")
	reportFlag(cmd, &o.report)
	o.connect.Flags(fl)
	return cmd
}

func runUndo(ctx context.Context, f *command.Factory, o *undoOptions) error {
	if err := checkReport(o.report); err != nil {
		return err
	}
	if !o.yes && !o.dryRun && !(o.io.InTTY && o.io.ErrTTY) {
		return command.Usage("there is no terminal to ask on; look with --dry-run, then say --yes")
	}
	target, err := o.connect.Open(ctx, f, "to", o.to, "RHUMB_TO_")
	if err != nil {
		return err
	}
	path, err := o.findJournal(ctx, target)
	if err != nil {
		return err
	}
	j, err := clone.OpenJournal(path, "undo")
	if err != nil {
		return err
	}
	defer j.Close()
	header, started := j.Header(), clock.System{}.Now()
	m := &clone.Meter{}
	w := Watch(o.io, m, o.json, target)
	opts := clone.UndoOptions{DryRun: o.dryRun}
	declined := false
	opts.Confirm = func(rep *clone.UndoReport) bool {
		w.Pause()
		defer w.Resume()
		if !o.json {
			listUndo(o.io, rep)
		}
		declined = !o.yes && len(rep.Remove) > 0 && !terminal.Ask(ctx, o.io.In, o.io.Err, fmt.Sprintf("Remove these %d objects from %s?", len(rep.Remove), target.URL()))
		return !declined
	}
	rep, err := clone.Undo(ctx, target, j, opts, m)
	w.Stop()
	if o.dryRun && !o.json && err == nil {
		listUndo(o.io, rep)
	}
	if declined {
		return errors.New("nothing was removed")
	}
	if err != nil && len(rep.Removed) > 0 {
		fmt.Fprintln(o.io.Err, "not finished: the same command goes on from here")
	}
	return errors.Join(finishUndo(o.io, rep, err, o.json, o.dryRun), writeUndoReport(o.report, header, rep, started, m, path, err))
}

// findJournal is the one that was named, else the one of a clone into target.
func (o *undoOptions) findJournal(ctx context.Context, target *gis.Portal) (string, error) {
	if o.journal != "" {
		if _, err := clone.ReadObjects(o.journal); err != nil {
			return "", command.Usage("--journal: %w", err)
		}
		return o.journal, nil
	}
	found, err := clone.JournalsInto(ctx, target)
	if err != nil {
		return "", err
	}
	if o.from != "" {
		var same []clone.Recorded
		for _, r := range found {
			if strings.EqualFold(strings.TrimRight(o.from, "/"), r.Header.Source.Address) {
				same = append(same, r)
			}
		}
		found = same
	}
	switch len(found) {
	case 0:
		return "", command.Usage("no journal of a clone into %s was found; name it with --journal", target.URL())
	case 1:
		return found[0].Path, nil
	}
	var list strings.Builder
	for _, r := range found {
		fmt.Fprintf(&list, "\n  --journal %s   from %s", r.Path, r.Header.Source.Address)
	}
	return "", command.Usage("more than one portal was cloned into %s; name the journal:%s", target.URL(), list.String())
}

// listUndo shows what goes and what stays.
func listUndo(io *command.Streams, rep *clone.UndoReport) {
	w := io.Out
	counts := map[clone.Kind]int{}
	var order []clone.Kind
	for _, o := range rep.Remove {
		if counts[o.Kind] == 0 {
			order = append(order, o.Kind)
		}
		counts[o.Kind]++
	}
	if len(order) == 0 {
		fmt.Fprintln(w, "nothing to remove")
	}
	for _, k := range order {
		fmt.Fprintf(w, "to remove: %s\n", plural(counts[k], k))
		n := 0
		for _, o := range rep.Remove {
			if o.Kind != k {
				continue
			}
			if n++; n > shown/4 {
				fmt.Fprintf(w, "  and %d more (--json lists all)\n", counts[k]-shown/4)
				break
			}
			fmt.Fprintf(w, "  %s\n", undoName(o))
		}
	}
	printUndo(w, "kept", rep.Kept)
	printUndo(w, "not undone", rep.NotUndone)
	for _, n := range rep.Notes {
		fmt.Fprintln(w, "note:", terminal.Plain(n))
	}
}

func undoName(o clone.UndoObject) string {
	name := terminal.Plain(o.Title)
	if name == "" {
		return terminal.Plain(o.Target)
	}
	return name + " (" + terminal.Plain(o.Target) + ")"
}

func printUndo(w interface{ Write([]byte) (int, error) }, what string, list []clone.UndoObject) {
	for i, o := range list {
		if i == shown {
			fmt.Fprintf(w, "%s: %d more (--json lists all)\n", what, len(list)-i)
			return
		}
		fmt.Fprintf(w, "%s: %s %s: %s\n", what, o.Kind, undoName(o), terminal.Plain(o.Reason))
	}
}

// finishUndo prints the outcome and returns the error that carries its exit code.
func finishUndo(io *command.Streams, rep *clone.UndoReport, err error, asJSON, dryRun bool) error {
	r := &rep.Result
	switch {
	case asJSON:
		printUndoJSON(io, rep)
	case err == nil && !dryRun:
		printCauses(io.Out, rep.Causes())
		fmt.Fprintf(io.Out, "\nremoved: %d   kept: %d   not undone: %d   failed: %d   %s\n", len(rep.Removed), r.Kept, r.NotUndone, r.Failed,
			terminal.Left(time.Duration(r.Seconds*float64(time.Second))))
	}
	switch {
	case err != nil:
		return err
	case r.Failed > 0 || r.Kept > 0 || r.NotUndone > 0:
		return &command.ExitError{Code: command.ExitPartial, Err: fmt.Errorf("kept: %d, not undone: %d, failed: %d", r.Kept, r.NotUndone, r.Failed)}
	}
	return nil
}

func printUndoJSON(io *command.Streams, rep *clone.UndoReport) {
	for _, n := range rep.Notes {
		line(io.Out, "note", map[string]string{"text": n})
	}
	list := rep.Removed
	kind := "removed"
	if rep.Result.DryRun {
		list, kind = rep.Remove, "remove"
	}
	for _, o := range list {
		line(io.Out, kind, o)
	}
	for _, o := range rep.Kept {
		line(io.Out, "kept", o)
	}
	for _, o := range rep.NotUndone {
		line(io.Out, "not_undone", o)
	}
	for _, f := range rep.Failures {
		line(io.Out, "failure", f)
	}
	printResult(io.Out, rep.Result)
}

func plural(n int, k clone.Kind) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", kindName(k))
	}
	return fmt.Sprintf("%d %ss", n, kindName(k))
}

func kindName(k clone.Kind) string {
	if k == clone.KindUser {
		return "member"
	}
	return string(k)
}
