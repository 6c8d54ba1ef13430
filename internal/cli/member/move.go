package member

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/member"
)

type moveOptions struct {
	connect.Portal
	outcome.Options
	what         member.Move
	csv          string
	finish, undo bool
	remove       bool
}

func newMove(f *command.Factory) *cobra.Command {
	o := &moveOptions{}
	cmd := &cobra.Command{
		Use:   "move [OLD=NEW...] --portal URL",
		Short: "Move members to other accounts, such as those of a directory",
		Long: `Move what members own and hold to other accounts: items with their folders, groups that they own,
manage and belong to, role, user type, licenses and app bundles. --create makes accounts that are not
there, as those of a directory (provider enterprise).

The old accounts stay, empty, and --undo takes everything back, until --finish disables or deletes
them. A move that was cut off goes on with rhumb member resume.

Exit codes: 0 done, 1 failed, 3 some accounts could not be moved, 4 sign-in needed, 6 usage,
130 cancelled.`,
		Example: `  rhumb member move ada=ada@CORP --create --portal https://gis.example.org/portal --dry-run
  rhumb member move --csv pairs.csv --create --portal https://gis.example.org/portal --yes
  rhumb member move --undo --portal https://gis.example.org/portal
  rhumb member move --finish --delete --portal https://gis.example.org/portal`,
		RunE: func(cmd *cobra.Command, args []string) error { return runMove(cmd.Context(), f, o, args) },
	}
	fl := cmd.Flags()
	o.Portal.Flags(fl)
	o.Options.Flags(fl)
	fl.StringVar(&o.csv, "csv", "", "`file` with the columns Source and Target, and perhaps IDP Username")
	fl.BoolVar(&o.what.Create, "create", false, "make targets that are not there, as accounts of a directory")
	fl.BoolVar(&o.what.AllowAdmins, "allow-admins", false, "let administrators move: their targets become administrators")
	fl.BoolVar(&o.undo, "undo", false, "take the last move back")
	fl.BoolVar(&o.finish, "finish", false, "end the last move: disable the old accounts")
	fl.BoolVar(&o.remove, "delete", false, "with --finish: delete the old accounts")
	return cmd
}

func runMove(ctx context.Context, f *command.Factory, o *moveOptions, args []string) error {
	if err := o.pairs(args); err != nil {
		return err
	}
	if o.undo || o.finish {
		return o.end(ctx, f)
	}
	p, err := o.Options.Open(ctx, f, &o.Portal, "move")
	if err != nil {
		return err
	}
	bar := outcome.NewBar(f.IO)
	plan, err := member.PlanMove(ctx, p, o.what, member.Options{Journal: o.Journal, Progress: bar.Note})
	bar.Stop()
	if err != nil {
		return err
	}
	preview := plan.Preview()
	return o.Options.Run(ctx, f.IO, fmt.Sprintf("Move %s?", outcome.Some(preview.Count(member.Done), "account")), preview, plan.Apply)
}

// pairs reads which accounts move, and refuses flags that contradict each other.
func (o *moveOptions) pairs(args []string) error {
	given := len(args) > 0 || o.csv != ""
	switch {
	case o.undo && o.finish:
		return command.Usage("--undo and --finish: use one of the two")
	case (o.undo || o.finish) && given:
		return command.Usage("--undo and --finish are about the last move as a whole: leave out the accounts")
	case (o.undo || o.finish) && o.DryRun:
		return command.Usage("--dry-run shows what a move would do; --undo and --finish ask before they begin")
	case o.remove && !o.finish:
		return command.Usage("--delete needs --finish: a move deletes nothing")
	case !o.undo && !o.finish && !given:
		return command.Usage("name the accounts, such as ada=ada@CORP, or a file with --csv")
	}
	for _, a := range args {
		from, to, ok := strings.Cut(a, "=")
		if !ok || from == "" || to == "" {
			return command.Usage("%q must be OLD=NEW, such as ada=ada@CORP", a)
		}
		o.what.Pairs = append(o.what.Pairs, member.Pair{From: from, To: to})
	}
	if o.csv == "" {
		return nil
	}
	file, err := os.Open(o.csv)
	if err != nil {
		return command.Usage("--csv: %w", err)
	}
	defer file.Close()
	pairs, err := member.ReadPairs(file)
	if err != nil {
		return command.Usage("--csv: %w", err)
	}
	o.what.Pairs = append(o.what.Pairs, pairs...)
	return nil
}

// end asks and ends the last move in one way or the other.
func (o *moveOptions) end(ctx context.Context, f *command.Factory) error {
	if err := o.Ready(f.IO); err != nil {
		return err
	}
	p, err := o.Portal.Open(ctx, f)
	if err != nil {
		return err
	}
	if o.Journal == "" {
		if o.Journal, err = member.JournalPath(ctx, p, "move"); err != nil {
			return err
		}
	}
	question := "Take the last move back?"
	switch {
	case o.remove:
		question = "Delete the old accounts of the last move? It cannot be taken back afterwards."
	case o.finish:
		question = "Disable the old accounts of the last move? It cannot be taken back afterwards."
	}
	if err := o.Confirm(ctx, f.IO, question); err != nil {
		return err
	}
	bar := outcome.NewBar(f.IO)
	opts := member.Options{Journal: o.Journal, Progress: bar.Note}
	var results *member.Results
	if o.undo {
		results, err = member.UndoMove(ctx, p, opts)
	} else {
		results, err = member.FinishMove(ctx, p, member.FinishOptions{Options: opts, Delete: o.remove})
	}
	bar.Stop()
	return o.Finish(f.IO, results, err)
}

func newResume(f *command.Factory) *cobra.Command {
	var to connect.Portal
	var o outcome.Options
	var discard bool
	cmd := &cobra.Command{
		Use:   "resume --portal URL --journal FILE",
		Short: "Go on with a run that was cut off",
		Long: `Go on with an assignment, a reclaiming, an off-boarding or a move that was cut off, by the journal that
it kept. --discard gives the run up instead: what it did stays, what it did not do is forgotten.

An import is not resumed here: run rhumb member import again.`,
		Example: `  rhumb member resume --portal https://gis.example.org/portal --journal move.jsonl`,
		Args:    command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Journal == "" {
				return command.Usage("--journal: name the file that the run kept; the message that refused a new run says which")
			}
			if _, err := os.Stat(o.Journal); err != nil {
				return command.Usage("--journal: %w", err)
			}
			if discard {
				kept, err := member.Discard(o.Journal)
				if err == nil {
					fmt.Fprintf(f.IO.Err, "given up; what it recorded is kept in %s\n", kept)
				}
				return err
			}
			p, err := to.Open(cmd.Context(), f)
			if err != nil {
				return err
			}
			bar := outcome.NewBar(f.IO)
			results, err := member.Resume(cmd.Context(), p, member.Options{Journal: o.Journal, Progress: bar.Note})
			bar.Stop()
			return o.Finish(f.IO, results, err)
		},
	}
	fl := cmd.Flags()
	to.Flags(fl)
	fl.StringVar(&o.Journal, "journal", "", "`file` that the run kept")
	fl.BoolVar(&o.JSON, "json", false, "print the results as JSON")
	fl.BoolVar(&discard, "discard", false, "give the run up")
	return cmd
}
