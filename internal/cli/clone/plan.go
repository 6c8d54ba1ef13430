package clone

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/internal/clock"
)

type planOptions struct {
	options
	plan  string
	force bool
}

func newPlan(f *command.Factory, run func(context.Context, *command.Factory, *planOptions) error) *cobra.Command {
	o := &planOptions{options: options{io: f.IO}}
	if run == nil {
		run = runPlan
	}
	cmd := &cobra.Command{
		Use:   "plan --from URL --to URL",
		Short: "Show what a clone would do, and write nothing",
		Long: `Read both portals and show what a clone would do: what is created, matched, updated and left out, and
why; conflicts with the ways out of each; missing privileges; administrators; references that will
have no counterpart; rings of items that refer to each other; objects, bytes, calls and time.
Nothing is written to either portal.

On a terminal the plan is a tree. Into a pipe, with --json and in the file of --plan it is JSON Lines, a
step a line, in the order in which it is done; docs/plan-format.md describes it. It can be edited, and
rhumb clone apply carries it out as edited. Two plans of the same state are byte-identical.

Exit codes: 0 planned, also with conflicts, 1 failed, 4 sign-in needed, 6 usage, 130 cancelled.`,
		Example: `  rhumb clone plan --from https://staging.example.org/portal --to https://gis.example.org/portal
  rhumb clone plan --from $STAGING --to $PRODUCTION --plan clone.plan --on-conflict match
  rhumb clone plan --from $STAGING --to $PRODUCTION --only group:"Field Crews" --except tag:draft
  rhumb clone plan --from $STAGING --to $PRODUCTION | grep '"action":"conflict"'`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), f, o) },
	}
	o.flags(cmd)
	o.planFlags(cmd)
	fl := cmd.Flags()
	fl.StringVar(&o.plan, "plan", "", "`file` to write the plan into, readable by its owner alone")
	fl.BoolVar(&o.force, "force", false, "write over the file of --plan")
	fl.Lookup("json").Usage = "print the plan as JSON Lines on a terminal too"
	return cmd
}

func runPlan(ctx context.Context, f *command.Factory, o *planOptions) error {
	opts, err := o.clone()
	if err != nil {
		return err
	}
	if err := o.checkFile(); err != nil {
		return err
	}
	source, target, err := o.open(ctx, f)
	if err != nil {
		return err
	}
	j, err := existingJournal(ctx, &o.options, source, target)
	if err != nil {
		return err
	}
	if j != nil {
		defer j.Close()
	}
	m, began := &clone.Meter{}, clock.System{}.Now()
	w := Watch(o.io, m, false, source, target)
	plan, err := clone.Prepare(ctx, source, target, opts, j, m)
	w.Stop()
	if err != nil {
		return err
	}
	if o.plan != "" {
		if err := o.save(plan); err != nil {
			return err
		}
	}
	calls := source.Pace().Requests + target.Pace().Requests
	return o.show(plan, paceOf(calls, clock.System{}.Now().Sub(began)))
}

// show prints the plan where it was asked for, and says how to go on.
func (o *planOptions) show(plan *clone.Plan, pace float64) error {
	switch {
	case o.json, !o.io.OutTTY && o.plan == "":
		if err := plan.Write(o.io.Out); err != nil {
			return err
		}
	case o.io.OutTTY:
		printTree(o.io.Out, plan, terminal.Width(o.io.Out), pace)
	}
	if n := len(plan.Conflicts()); n > 0 {
		fmt.Fprintf(o.io.Err, "conflicts: %d; apply and run write nothing while one is open\n", n)
	}
	if o.plan != "" {
		fmt.Fprintf(o.io.Err, "the plan is in %s; rhumb clone apply --plan %[1]s carries it out\n", o.plan)
	}
	return nil
}

// checkFile refuses a plan file that is there, before anything is read.
func (o *planOptions) checkFile() error {
	if o.plan == "" {
		if o.force {
			return command.Usage("--force: it goes with --plan FILE")
		}
		return nil
	}
	if _, err := os.Lstat(o.plan); err == nil && !o.force {
		return command.Usage("--plan: %s is there already; name another file, or write over it with --force", o.plan)
	}
	if fi, err := os.Stat(filepath.Dir(o.plan)); err != nil || !fi.IsDir() {
		return command.Usage("--plan: there is no folder %s", filepath.Dir(o.plan))
	}
	return nil
}

// save writes the plan so that the file is either complete or not there, with mode 0600: it
// names people and what they own.
func (o *planOptions) save(plan *clone.Plan) error {
	f, err := os.CreateTemp(filepath.Dir(o.plan), ".plan-*")
	if err != nil {
		return fmt.Errorf("--plan: %w", err)
	}
	defer os.Remove(f.Name())
	err = plan.Write(f)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil && o.force {
		err = os.Rename(f.Name(), o.plan)
	} else if err == nil {
		err = os.Link(f.Name(), o.plan) // fails where somebody made the file meanwhile
	}
	if err != nil {
		return fmt.Errorf("--plan: %w", err)
	}
	return nil
}

// paceOf is how many calls a second the portals answered while the plan was made.
func paceOf(calls int64, spent time.Duration) float64 {
	if spent < time.Millisecond {
		return 0
	}
	return float64(calls) / spent.Seconds()
}
