package outcome

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/member"
)

// Options are the flags of commands that change members.
type Options struct {
	DryRun, Yes, JSON bool
	Journal           string
}

// Flags declares them.
func (o *Options) Flags(fl *pflag.FlagSet) {
	fl.BoolVar(&o.DryRun, "dry-run", false, "show what would be done, and stop")
	fl.BoolVar(&o.Yes, "yes", false, "do not ask; needed where there is no terminal")
	fl.BoolVar(&o.JSON, "json", false, "print the results as JSON")
	fl.StringVar(&o.Journal, "journal", "", "`file` by which a run that was cut off goes on (default: one in the user's state folder)")
}

// Open refuses what can be refused without a portal, signs in, and settles where the journal of
// the use case is kept. While that holds a run that was cut off no other one begins.
func (o *Options) Open(ctx context.Context, f *command.Factory, to *connect.Portal, useCase string) (*gis.Portal, error) {
	if err := o.Ready(f.IO); err != nil {
		return nil, err
	}
	p, err := to.Open(ctx, f)
	if err != nil {
		return nil, err
	}
	if o.Journal == "" {
		if o.Journal, err = member.JournalPath(ctx, p, useCase); err != nil {
			return nil, err
		}
	}
	if o.DryRun || useCase == "import" { // an import goes on by being run again
		return p, nil
	}
	kind, err := member.Unfinished(o.Journal)
	if err != nil {
		return nil, fmt.Errorf("--journal %s: %w", o.Journal, err)
	}
	if kind != "" {
		return nil, command.Usage("an earlier run (%s) was cut off; go on with rhumb member resume --journal %s, or give it up with --discard there", kind, o.Journal)
	}
	return p, nil
}

// Ready refuses to begin what would have to be asked where there is nobody to ask.
func (o *Options) Ready(streams *command.Streams) error {
	if o.DryRun || o.Yes || streams.InTTY && streams.ErrTTY {
		return nil
	}
	return command.Usage("there is no terminal to ask on: look with --dry-run, then say --yes")
}

// ApplyFunc carries a plan out.
type ApplyFunc func(context.Context, member.Options) (*member.Results, error)

// Run shows the preview of a plan, asks, applies it and shows what became of it.
func (o *Options) Run(ctx context.Context, streams *command.Streams, question string, preview *member.Results, apply ApplyFunc) error {
	if o.DryRun {
		return o.finish(streams, preview, nil, Preview)
	}
	if preview.Count(member.Done) > 0 && !o.Yes {
		Preview(&command.Streams{Out: streams.Err, OutTTY: streams.ErrTTY}, preview)
	}
	if preview.Count(member.Done) > 0 {
		if err := o.Confirm(ctx, streams, question); err != nil {
			return err
		}
	}
	bar := NewBar(streams)
	results, err := apply(ctx, member.Options{Journal: o.Journal, Progress: bar.Note})
	bar.Stop()
	if kind, uerr := member.Unfinished(o.Journal); err != nil && uerr == nil && kind != "" {
		fmt.Fprintf(streams.Err, "not finished: rhumb member resume --journal %s goes on from here\n", o.Journal)
	}
	return o.Finish(streams, results, err)
}

// Confirm asks, unless --yes has answered.
func (o *Options) Confirm(ctx context.Context, streams *command.Streams, question string) error {
	if o.Yes {
		return nil
	}
	if err := o.Ready(streams); err != nil {
		return err
	}
	if !terminal.Ask(ctx, streams.In, streams.Err, question) {
		return &command.ExitError{Code: command.ExitCancelled, Err: errors.New("nothing was changed")}
	}
	return nil
}

// Finish shows results and returns the error that carries the exit code.
func (o *Options) Finish(streams *command.Streams, r *member.Results, err error) error {
	return o.finish(streams, r, err, Print)
}

func (o *Options) finish(streams *command.Streams, r *member.Results, err error, show func(*command.Streams, *member.Results)) error {
	switch {
	case r == nil:
	case o.JSON:
		enc := json.NewEncoder(streams.Out)
		enc.SetEscapeHTML(false)
		err = errors.Join(err, enc.Encode(r))
	default:
		show(streams, r)
	}
	switch {
	case err != nil:
		return err
	case r != nil && len(r.Bad()) > 0 && o.JSON:
		return &command.ExitError{Code: command.ExitPartial, Err: errors.New(r.String())}
	case r != nil && len(r.Bad()) > 0:
		return &command.ExitError{Code: command.ExitPartial} // what was printed says it
	}
	return nil
}

// Day is a day for people.
func Day(t esri.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.DateOnly)
}

// Since is the day since when a license is checked out.
func Since(t esri.Time) string {
	if t.IsZero() {
		return "yes" // the portal does not tell since when
	}
	return Day(t)
}

// Create makes a file that must not exist and has it written. What is half written is removed.
func Create(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return command.Usage("%s is there already: name another file", name)
	}
	if err != nil {
		return command.Usage("%w", err)
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
