package clone

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

type applyOptions struct {
	options
	plan string
}

func newApply(f *command.Factory, run func(context.Context, *command.Factory, *applyOptions) error) *cobra.Command {
	o := &applyOptions{options: options{io: f.IO}}
	if run == nil {
		run = runApply
	}
	cmd := &cobra.Command{
		Use:   "apply --plan FILE --from URL --to URL",
		Short: "Carry out a plan that was written before",
		Long: `Carry out a plan that rhumb clone plan wrote, exactly as it stands in the file, edited or not.

What the file cannot decide is asked again: a plan that lets members keep administrative roles needs
--allow-admins here too, and what it replaces on the target is listed and asked about. Nothing is
written while the plan holds a conflict. Interrupted, the same command goes on where it stopped.
Nothing is compared afterwards; rhumb clone verify does that.

--licenses gives members what they hold on the source, as with rhumb clone run.

Exit codes: 0 all done, 1 failed, 3 something failed, 4 sign-in needed, 6 usage, 130 cancelled.`,
		Example: `  rhumb clone plan --from $STAGING --to $PRODUCTION --plan clone.plan
  rhumb clone apply --plan clone.plan --from $STAGING --to $PRODUCTION
  rhumb clone verify --from $STAGING --to $PRODUCTION --report clone.html`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), f, o) },
	}
	o.flags(cmd)
	fl := cmd.Flags()
	fl.StringVar(&o.plan, "plan", "", "`file` with the plan")
	fl.BoolVar(&o.restart, "restart", false, "give up an unfinished run; what it made is recognized")
	o.licensesFlag(cmd)
	o.yesFlag(cmd)
	o.passwordsFlag(cmd)
	reportFlag(cmd, &o.report)
	return cmd
}

func runApply(ctx context.Context, f *command.Factory, o *applyOptions) error {
	plan, err := readPlan(o.plan)
	if err != nil {
		return err
	}
	if plan.Header.Options.AllowAdmins && !o.allowAdmins {
		return command.Usage("the plan lets members keep administrative roles; say so again with --allow-admins, or plan anew without it")
	}
	if err := checkReport(o.report); err != nil {
		return err
	}
	source, target, err := o.open(ctx, f)
	if err != nil {
		return err
	}
	m := &clone.Meter{}
	w := Watch(o.io, m, o.json, source, target)
	opts := clone.RunOptions{Options: clone.Options{AllowAdmins: o.allowAdmins}, Journal: o.journal, Restart: o.restart, PasswordsOut: o.secrets, Confirm: o.confirm(ctx, w)}
	rep, err := clone.ApplyPlan(ctx, source, target, plan, opts, m)
	w.Stop()
	err = o.declined(err)
	hintResume(o.io, rep, err)
	made := outcome{"apply", rep, m, o.journalPath(ctx, source, target), err}
	return o.options.concluded(ctx, source, target, made)
}

func readPlan(path string) (*clone.Plan, error) {
	if path == "" {
		return nil, command.Usage("--plan: name the file that rhumb clone plan wrote")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, command.Usage("--plan: %w", err)
	}
	defer f.Close()
	plan, err := clone.ReadPlan(f)
	if err != nil {
		return nil, command.Usage("--plan %s: %w", path, err)
	}
	return plan, nil
}

// hintResume says how to go on after a run that did not reach its end. One that was refused
// would be refused again.
func hintResume(io *command.Streams, rep *clone.Report, err error) {
	refused := errors.Is(err, clone.ErrConflicts) || errors.Is(err, clone.ErrDrift)
	if err != nil && !refused && rep != nil && rep.Result.Seconds > 0 {
		fmt.Fprintln(io.Err, "not finished: the same command goes on from here; rhumb clone undo takes back what was made")
	}
}
