package outcome

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/member"
)

// shown is how many rows of a kind a terminal gets; --json has all.
const shown = 40

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

// Run shows the preview of a plan, asks, applies it and shows what became of it.
func (o *Options) Run(ctx context.Context, io *command.Streams, question string, preview *member.Results, apply func(context.Context, member.Options) (*member.Results, error)) error {
	if o.DryRun {
		return o.Finish(io, preview, nil)
	}
	if err := o.Confirm(ctx, io, question, preview); err != nil {
		return err
	}
	bar := NewBar(io)
	results, err := apply(ctx, member.Options{Journal: o.Journal, Progress: bar.Note})
	bar.Stop()
	if err != nil && o.Journal != "" {
		fmt.Fprintln(io.Err, "not finished: the same command goes on from here")
	}
	return o.Finish(io, results, err)
}

// Confirm shows the preview and asks. Where nothing is to be done it asks nothing.
func (o *Options) Confirm(ctx context.Context, io *command.Streams, question string, preview *member.Results) error {
	if preview.Count(member.Done) == 0 || o.Yes {
		return nil
	}
	if !(io.InTTY && io.ErrTTY) {
		return command.Usage("there is no terminal to ask on; look with --dry-run, then say --yes")
	}
	print(&command.Streams{Out: io.Err, OutTTY: io.ErrTTY}, preview)
	if !terminal.Ask(ctx, io.In, io.Err, question) {
		return &command.ExitError{Code: command.ExitCancelled, Err: errors.New("nothing was changed")}
	}
	return nil
}

// Finish shows results and returns the error that carries the exit code.
func (o *Options) Finish(io *command.Streams, r *member.Results, err error) error {
	if r != nil {
		if o.JSON {
			enc := json.NewEncoder(io.Out)
			enc.SetEscapeHTML(false)
			err = errors.Join(err, enc.Encode(r))
		} else {
			print(io, r)
		}
	}
	switch {
	case err != nil:
		return err
	case len(r.Bad()) > 0:
		return &command.ExitError{Code: command.ExitPartial, Err: errors.New(r.String())}
	}
	return nil
}

// print lists those who were refused or failed first: they are what a person must act on.
func print(io *command.Streams, r *member.Results) {
	bad := r.Bad()
	if len(bad) > 0 {
		t := terminal.NewTable(io.Out, io.OutTTY, "LINE", "MEMBER", "ACTION", "OUTCOME", "REASON")
		for i, row := range bad {
			if io.OutTTY && i == shown {
				break
			}
			t.Row(line(row.Line), row.Username, row.Action, string(row.Outcome), row.Reason)
		}
		t.End()
		more(io, len(bad))
	}
	done := 0
	t := terminal.NewTable(io.Out, io.OutTTY && r.Count(member.Done) > 0, "LINE", "MEMBER", "ACTION", "PRODUCT", "BEFORE", "AFTER", "NOTES")
	for _, row := range r.Rows {
		if row.Outcome != member.Done {
			continue
		}
		if done++; io.OutTTY && done > shown {
			continue
		}
		t.Row(line(row.Line), row.Username, row.Action, row.Product, strings.Join(row.Before, ","), strings.Join(row.After, ","), strings.Join(row.Notes, "; "))
	}
	t.End()
	more(io, done)
	for _, n := range r.Notes {
		fmt.Fprintln(io.Out, "note:", terminal.Plain(n))
	}
	fmt.Fprintln(io.Out, r.String())
}

func more(io *command.Streams, n int) {
	if io.OutTTY && n > shown {
		fmt.Fprintf(io.Out, "and %d more (--json lists all)\n", n-shown)
	}
}

func line(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Bar shows how far a run is.
type Bar struct {
	live  *terminal.Live
	begun time.Time

	mu   sync.Mutex
	last member.Progress
}

// NewBar begins to show progress on the error stream.
func NewBar(io *command.Streams) *Bar {
	b := &Bar{begun: clock.System{}.Now()}
	b.live = terminal.StartLive(io.Err, io.ErrTTY, b.text)
	return b
}

// Note takes the progress of a run.
func (b *Bar) Note(p member.Progress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.Phase != b.last.Phase {
		b.begun = clock.System{}.Now()
	}
	b.last = p
}

func (b *Bar) text(width int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.last
	if p.Phase == "" {
		return ""
	}
	parts := []terminal.Part{{Text: p.Phase, Weight: 9}}
	if p.Total > 0 {
		parts = append(parts, terminal.Part{Text: fmt.Sprintf("%d/%d", p.Done, p.Total), Weight: 8})
	} else if p.Done > 0 {
		parts = append(parts, terminal.Part{Text: strconv.Itoa(p.Done), Weight: 8})
	}
	took := clock.System{}.Now().Sub(b.begun)
	if p.Done > 0 && took > time.Second {
		rate := float64(p.Done) / took.Seconds()
		parts = append(parts, terminal.Part{Text: fmt.Sprintf("%.0f/s", rate), Weight: 3})
		if p.Total > p.Done {
			parts = append(parts, terminal.Part{Text: terminal.Left(time.Duration(float64(p.Total-p.Done)/rate*float64(time.Second))) + " left", Weight: 5})
		}
	}
	return terminal.Fit(width, append(parts, terminal.Part{Text: terminal.Plain(p.Username), Weight: 1})...)
}

// Stop clears the line.
func (b *Bar) Stop() { b.live.Stop() }

// JournalOf settles where the journal of a use case is kept, and refuses to begin another run
// while it holds one that was cut off.
func (o *Options) JournalOf(path string) error {
	if o.Journal == "" {
		o.Journal = path
	}
	kind, err := member.Unfinished(o.Journal)
	if err != nil {
		return fmt.Errorf("--journal %s: %w", o.Journal, err)
	}
	if kind != "" {
		return command.Usage("an earlier run (%s) was cut off; go on with rhumb member resume --journal %s, or give it up with --discard there", kind, o.Journal)
	}
	return nil
}
