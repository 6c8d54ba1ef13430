package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	clonecli "github.com/rhumb-gis/rhumb/internal/cli/clone"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

type options struct {
	io   *command.Streams
	temp string // folder for temporary files; empty: the system's
	once bool
	json bool
}

// New makes the command. run is what is called with the parsed options; nil runs the demo.
func New(f *command.Factory, run func(context.Context, *options) error) *cobra.Command {
	o := &options{io: f.IO}
	if run == nil {
		run = runDemo
	}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Start two portals, clone one into the other, and check the copy",
		Long: `Start two portals on this machine, fill the first (staging) with a realistic organization, clone
it into the second (production), check the copy and print a report.

Both portals then keep running until Ctrl-C, with their addresses and made-up credentials on the
terminal. Their data are in temporary folders and go away with them.`,
		Example: `  rhumb demo
  rhumb demo --once --json | tail -1`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), o) },
	}
	cmd.Flags().BoolVar(&o.once, "once", false, "end after the report, with the exit code of the clone: 0, or 3 where something failed or differs")
	cmd.Flags().BoolVar(&o.json, "json", false, "print events and the result as JSON, one object a line; the last line is the result")
	return cmd
}

func runDemo(ctx context.Context, o *options) (err error) {
	dir, err := os.MkdirTemp(o.temp, "rhumb-demo-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	fmt.Fprintln(o.io.Err, "starting two portals")
	staging, production, err := startBoth(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, staging.stop(), production.stop()) }()
	o.show(staging, production)

	source, err := staging.open(ctx)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := production.open(ctx)
	if err != nil {
		return err
	}
	defer target.Close()
	fmt.Fprintln(o.io.Err, "\nfilling staging with the demo organization")
	if err := o.seed(ctx, source); err != nil {
		return err
	}
	fmt.Fprintln(o.io.Err, "\ncloning staging into production")
	m := &clone.Meter{}
	w := clonecli.Watch(o.io, m, o.json, source, target)
	rep, err := clone.Run(ctx, source, target, clone.RunOptions{Journal: filepath.Join(dir, "clone.jsonl")}, m)
	w.Stop()
	if err != nil {
		return clonecli.Finish(o.io, rep, err, o.json)
	}
	err = clonecli.Finish(o.io, rep, nil, o.json)
	if err == nil {
		o.explain(&rep.Result)
	}
	if o.once {
		return err
	}
	if err != nil {
		fmt.Fprintln(o.io.Err, err)
	}
	o.stay(ctx, staging, production)
	return nil
}

// show prints where the portals are. Credentials go to a terminal and nowhere else, for what is
// redirected ends in files.
func (o *options) show(portals ...*portal) {
	for _, p := range portals {
		credentials := "credentials are shown on a terminal only"
		if o.io.ErrTTY {
			credentials = fmt.Sprintf("user %s, password %s", administrator, p.password.Reveal())
		}
		fmt.Fprintf(o.io.Err, "  %-10s  %s  %s\n", p.name, p.url, credentials)
	}
}

// stay keeps the portals until the user has seen enough.
func (o *options) stay(ctx context.Context, portals ...*portal) {
	fmt.Fprintln(o.io.Err, "\nboth portals keep running. Browse them at their address followed by /sharing/rest, or connect clients to it:")
	o.show(portals...)
	fmt.Fprintln(o.io.Err, "stop them with Ctrl-C")
	<-ctx.Done()
	fmt.Fprintln(o.io.Err)
}

// explain tells what the figures of an equal copy mean.
func (o *options) explain(r *clone.Result) {
	fmt.Fprintf(o.io.Err, `
The %d references lead out of the organization, as they do in real ones: to items of other portals,
to deleted ones, and from a table that people keep by hand, which a clone never changes. The %d
addresses by reference are those of services: items are copied, the services behind them are not.

production holds an equal copy of staging: %d members, %d groups, %d items; differences: %d
`, r.Unresolved, r.ByReference, r.Users.Created, r.Groups.Created, r.Items.Created, r.Differences)
}
