package clone

import (
	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
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
		newPlan(f, nil),
		newRun(f, nil),
		newApply(f, nil),
		newVerify(f, nil),
		newUndo(f, nil),
	)
	return cmd
}
