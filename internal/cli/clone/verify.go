package clone

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

func newVerify(f *command.Factory, run func(context.Context, *command.Factory, *options) error) *cobra.Command {
	o := &options{io: f.IO}
	if run == nil {
		run = runVerify
	}
	cmd := &cobra.Command{
		Use:   "verify --from URL --to URL",
		Short: "Read both portals and name every difference",
		Long: `Read both portals and name every difference between the source and its copy: object, field and
both values. Nothing is written.

The copies are those that the journal of the clone names. Without a journal they are found by their
markers, and members that are on the target count as there before.

Exit codes: 0 equal, 1 failed, 3 something differs, 4 sign-in needed, 6 usage, 130 cancelled.`,
		Example: `  rhumb clone verify --from https://staging.example.org/portal --to https://gis.example.org/portal
  rhumb clone verify --from $STAGING --to $PRODUCTION --report copy.html`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), f, o) },
	}
	o.flags(cmd)
	o.planFlags(cmd)
	reportFlag(cmd, &o.report)
	return cmd
}

func runVerify(ctx context.Context, f *command.Factory, o *options) error {
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
	j, err := existingJournal(ctx, o, source, target)
	if err != nil {
		return err
	}
	if j != nil {
		defer j.Close()
	}
	if j == nil {
		fmt.Fprintln(o.io.Err, "no journal was found: copies are recognized by their markers")
	}
	m := &clone.Meter{}
	w := Watch(o.io, m, o.json, source, target)
	rep, err := clone.Verify(ctx, source, target, opts, j, m)
	w.Stop()
	made := outcome{command: "verify", rep: rep, meter: m, err: err}
	if j != nil {
		made.journal = j.Path()
	}
	return errors.Join(Finish(o.io, rep, err, o.json), writeReport(o.report, made))
}

// existingJournal opens the journal of an earlier run, nil where there is none. One that was
// named must exist.
func existingJournal(ctx context.Context, o *options, source, target *gis.Portal) (*clone.Journal, error) {
	path := o.journal
	if path == "" {
		var err error
		if path, err = clone.DefaultJournal(ctx, source, target); err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); os.IsNotExist(err) {
			return nil, nil
		}
	} else if _, err := os.Stat(path); err != nil {
		return nil, command.Usage("--journal: %w", err)
	}
	return clone.OpenJournal(path, "verify")
}
