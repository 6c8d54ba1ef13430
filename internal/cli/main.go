package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/clone"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/demo"
	"github.com/rhumb-gis/rhumb/internal/cli/license"
	"github.com/rhumb-gis/rhumb/internal/cli/member"
	"github.com/rhumb-gis/rhumb/internal/cli/menu"
	"github.com/rhumb-gis/rhumb/internal/cli/serve"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/internal/cli/version"
)

// Main runs one command line and returns the exit code of the process. An interrupt cancels
// the context that commands run in; a second one ends the process at once.
func Main(ctx context.Context, args []string, io *command.Streams) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	f := &command.Factory{IO: io, Getenv: os.Getenv, Seed: serve.SeedDemo}
	root := newRoot(f)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	report(io, cmd, err)
	return command.CodeOf(err)
}

// newRoot lists the nouns, one a line.
func newRoot(f *command.Factory) *cobra.Command {
	root := &cobra.Command{
		Use:   "rhumb",
		Short: "Tools for people who run ArcGIS portals",
		Long: `rhumb is a toolkit for people who run ArcGIS portals: it clones portals, manages
their members, and serves a portal of its own.`,
		Version:           version.Text(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              command.Verb,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetIn(f.IO.In)
	root.SetOut(f.IO.Out)
	root.SetErr(f.IO.Err)
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return command.Usage("%w. See %s --help", err, cmd.CommandPath())
	})
	root.AddCommand(
		clone.New(f),
		demo.New(f, nil),
		license.New(f),
		member.New(f),
		menu.New(f),
		serve.New(f, nil),
		version.New(f),
	)
	return root
}

// report prints the error that ended a command, unless the command has said it all. Errors quote
// what portals said, which must not drive the terminal.
func report(io *command.Streams, cmd *cobra.Command, err error) {
	var exit *command.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit) && exit.Err == nil:
	case command.CodeOf(err) == command.ExitCancelled:
		fmt.Fprintln(io.Err, "cancelled")
	default:
		fmt.Fprintf(io.Err, "%s: %s\n", cmd.CommandPath(), terminal.PlainLines(err.Error()))
	}
}
