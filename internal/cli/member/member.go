package member

import (
	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

// New makes the command with its verbs, one a line.
func New(f *command.Factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "member",
		Short: "Load members from CSV files, see them off, and move them to other accounts",
		Long: `Load members from CSV files and write them into one, see off those who leave, and move members to
accounts of a directory.

Credentials come from the environment: RHUMB_USER and RHUMB_PASSWORD, or RHUMB_TOKEN, of an
administrator.`,
		Args: command.Verb,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newTemplate(f),
		newImport(f),
		newExport(f),
		newOffboard(f),
		newMove(f),
		newResume(f),
	)
	return cmd
}
