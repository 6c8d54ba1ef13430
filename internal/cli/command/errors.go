package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// Exit codes of the process.
const (
	ExitOK        = 0
	ExitFailed    = 1
	ExitPartial   = 3
	ExitSignIn    = 4
	ExitNotFound  = 5
	ExitUsage     = 6
	ExitPending   = 8
	ExitCancelled = 130
)

// UsageError is a mistake in how a command was called. Its text says what to do instead.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }

// ExitCode answers [ExitUsage].
func (*UsageError) ExitCode() int { return ExitUsage }

// Usage makes a UsageError.
func Usage(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// ExitError ends the process with a code of its own. With a nil Err nothing is printed: the
// command has said everything already.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

func (e *ExitError) Unwrap() error { return e.Err }

// ExitCode answers the code.
func (e *ExitError) ExitCode() int { return e.Code }

// CodeOf is the exit code for what a command returned. Errors bring theirs by a method
// ExitCode() int; cancellation is 130, everything else 1.
func CodeOf(err error) int {
	var own interface{ ExitCode() int }
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &own):
		return own.ExitCode()
	case errors.Is(err, context.Canceled):
		return ExitCancelled
	}
	return ExitFailed
}

// Verb refuses what is no command below cmd, and names the nearest that is.
func Verb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf(" Did you mean %q?", near[0])
	}
	return Usage("%s has no command %q.%s See %s --help", cmd.CommandPath(), args[0], hint, cmd.CommandPath())
}

// NoArgs refuses arguments, and says what the command takes instead.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return Usage("%s takes no arguments, but got %q. See %s --help", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
	return nil
}
