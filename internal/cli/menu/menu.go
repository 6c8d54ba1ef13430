// Package menu holds the command rhumb menu.
package menu

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/internal/menu"
)

// New makes the command.
func New(f *command.Factory) *cobra.Command {
	var to connect.Portal
	cmd := &cobra.Command{
		Use:   "menu --portal URL",
		Short: "Manage members and licenses by an interactive, numbered menu",
		Long: `Manage members and licenses by an interactive, numbered menu: portal information, license counts,
who holds what, new members, CSV files, groups and the people of a directory.

It reads lines: type a number and Enter; an empty line goes back, q leaves. Lines may come from a
pipe. Without RHUMB_USER and RHUMB_PASSWORD (or RHUMB_TOKEN) in the environment a terminal is asked.`,
		Example: `  rhumb menu --portal https://gis.example.org/portal`,
		Args:    command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			asking := *f
			if err := askWho(cmd.Context(), f, &asking); err != nil {
				return err
			}
			p, err := to.Open(cmd.Context(), &asking)
			if err != nil {
				return err
			}
			return menu.Run(cmd.Context(), f.IO, p)
		},
	}
	to.Flags(cmd.Flags())
	return cmd
}

// askWho asks a terminal for the credentials that the environment lacks.
func askWho(ctx context.Context, f, asking *command.Factory) error {
	if f.Getenv("RHUMB_TOKEN") != "" || f.Getenv("RHUMB_PASSWORD") != "" || !f.IO.InTTY {
		return nil
	}
	lines := terminal.NewLines(f.IO.In, true)
	user := f.Getenv("RHUMB_USER")
	if user == "" {
		fmt.Fprint(f.IO.Err, "User name: ")
		var err error
		if user, err = lines.Next(ctx); err != nil {
			return unsaid(err)
		}
		user = strings.TrimSpace(user)
	}
	password, err := lines.Hidden(ctx, func() { fmt.Fprint(f.IO.Err, "Password: ") })
	fmt.Fprintln(f.IO.Err)
	if err != nil {
		return unsaid(err)
	}
	asking.Getenv = func(name string) string {
		switch name {
		case "RHUMB_USER":
			return user
		case "RHUMB_PASSWORD":
			return password
		}
		return f.Getenv(name)
	}
	return nil
}

// unsaid is the error for a sign-in that nobody typed.
func unsaid(err error) error {
	if errors.Is(err, io.EOF) {
		return &command.ExitError{Code: command.ExitSignIn, Err: errors.New("no sign-in was typed; or set RHUMB_USER and RHUMB_PASSWORD in the environment")}
	}
	return err
}
