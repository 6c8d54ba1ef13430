package clone

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
)

// New makes the command with its verbs, one a line.
func New(f *command.Factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "clone",
		Short: "Copy a whole portal into another one and prove that the copy is right",
		Long: `Copy a portal's custom roles, members, groups, folders and items into another portal, rewrite the
ids and addresses inside them, and prove that the copy is right. The source is only ever read.

Credentials come from the environment: RHUMB_FROM_USER and RHUMB_FROM_PASSWORD (or RHUMB_FROM_TOKEN)
for the source, RHUMB_TO_USER and RHUMB_TO_PASSWORD (or RHUMB_TO_TOKEN) for the target. Both must
be administrators.`,
		Args: command.Verb,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newRun(f, nil),
		newVerify(f, nil),
	)
	return cmd
}

// options are the flags of every verb.
type options struct {
	io          *command.Streams
	from, to    string
	journal     string
	allowAdmins bool
	json        bool
	restart     bool
	connect     connect.Options
}

func (o *options) flags(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&o.from, "from", "", "`address` of the source portal, such as https://staging.example.org/portal")
	fl.StringVar(&o.to, "to", "", "`address` of the target portal")
	fl.StringVar(&o.journal, "journal", "", "`file` that records the run (default: in the user's state folder, by both portals)")
	fl.BoolVar(&o.allowAdmins, "allow-admins", false, "let members keep administrative roles; without it they become plain users")
	fl.BoolVar(&o.json, "json", false, "print events and the result as JSON, one object a line")
	o.connect.Flags(fl)
}

// open signs in to both portals.
func (o *options) open(ctx context.Context, f *command.Factory) (source, target *gis.Portal, err error) {
	if source, err = o.connect.Open(ctx, f, "from", o.from, "RHUMB_FROM_"); err != nil {
		return nil, nil, err
	}
	if target, err = o.connect.Open(ctx, f, "to", o.to, "RHUMB_TO_"); err != nil {
		return nil, nil, err
	}
	return source, target, nil
}

func (o *options) clone() clone.Options { return clone.Options{AllowAdmins: o.allowAdmins} }
