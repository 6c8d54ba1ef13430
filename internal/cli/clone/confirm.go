package clone

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
)

// yesFlag declares --yes.
func (o *options) yesFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.yes, "yes", false, "replace objects of the target without a question; needed for that where there is no terminal")
}

// confirm lists what a run would replace on the target and asks whether it may. w is paused for
// that.
func (o *options) confirm(ctx context.Context, w *Watcher) func([]clone.Step) bool {
	return func(steps []clone.Step) bool {
		w.Pause()
		defer w.Resume()
		for i, s := range steps {
			switch {
			case o.json:
				line(o.io.Out, "replace", s)
			case i == shown:
				fmt.Fprintf(o.io.Out, "and %d more (rhumb clone plan lists all)\n", len(steps)-i)
			case i < shown:
				fmt.Fprintf(o.io.Out, "to replace: %s %s (%s): %s\n", kindName(s.Kind), terminal.Plain(s.Title), terminal.Plain(s.Target), terminal.Plain(s.Reason))
			}
		}
		if o.yes || !o.asks() {
			return o.yes
		}
		return terminal.Ask(ctx, o.io.In, o.io.Err, fmt.Sprintf("Replace these %d objects of the target? They cannot be brought back.", len(steps)))
	}
}

func (o *options) asks() bool { return o.io.InTTY && o.io.ErrTTY && !o.json }

// declined says how to go on after a run that was not confirmed because there was nobody to ask.
func (o *options) declined(err error) error {
	if errors.Is(err, clone.ErrDeclined) && !o.asks() {
		return command.Usage("nothing was written: objects of the target would be replaced, and there is no terminal to ask on; look at them with rhumb clone plan, then say --yes")
	}
	return err
}
