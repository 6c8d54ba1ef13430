package clone

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

func newRun(f *command.Factory, run func(context.Context, *command.Factory, *options) error) *cobra.Command {
	o := &options{io: f.IO}
	if run == nil {
		run = runRun
	}
	cmd := &cobra.Command{
		Use:   "run --from URL --to URL",
		Short: "Plan, copy and verify in one go",
		Long: `Plan, copy and verify in one go.

Nothing is written while a member, group or item of the target stands in the way: every conflict is
listed, with its way out. Interrupted, the same command goes on where it stopped. One object that
fails harms no other; the report names it and the reason. What --on-conflict replace would replace is
listed and asked about first.

--licenses then gives members user types, licenses and app bundles as on the source, where the target
has seats; whom there is none for is told. Nothing is taken from anybody.

Exit codes: 0 the copy is equal, 1 failed, 3 something failed, differs or was not carried, 4 sign-in
needed, 6 usage, 130 cancelled.`,
		Example: `  rhumb clone run --from https://staging.example.org/portal --to https://gis.example.org/portal
  rhumb clone run --from http://127.0.0.1:7080/portal --to http://127.0.0.1:7081/portal --json | tail -1`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), f, o) },
	}
	o.flags(cmd)
	o.planFlags(cmd)
	o.licensesFlag(cmd)
	o.yesFlag(cmd)
	o.passwordsFlag(cmd)
	reportFlag(cmd, &o.report)
	cmd.Flags().BoolVar(&o.restart, "restart", false, "give up an unfinished run and plan anew; what it made is recognized")
	return cmd
}

func runRun(ctx context.Context, f *command.Factory, o *options) error {
	if err := checkReport(o.report); err != nil {
		return err
	}
	opts, err := o.clone()
	if err != nil {
		return err
	}
	source, target, err := o.open(ctx, f)
	if err != nil {
		return err
	}
	m := &clone.Meter{}
	w := Watch(o.io, m, o.json, source, target)
	rep, err := clone.Run(ctx, source, target, clone.RunOptions{Options: opts, Journal: o.journal, Restart: o.restart, PasswordsOut: o.secrets, Confirm: o.confirm(ctx, w)}, m)
	w.Stop()
	err = o.declined(err)
	hintResume(o.io, rep, err)
	made := outcome{"run", rep, m, o.journalPath(ctx, source, target), err}
	return o.concluded(ctx, source, target, made)
}
