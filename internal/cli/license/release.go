package license

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
)

func newRelease(f *command.Factory) *cobra.Command {
	var to connect.Portal
	cmd := &cobra.Command{
		Use:   "release USER... --portal URL",
		Short: "Take back licenses that were checked out and never came back",
		Long: `Take back the licenses of ArcGIS Pro that members took offline and whose machine is lost, so that they
can be changed and given to others. Only ArcGIS Enterprise can do that.`,
		Example: `  rhumb license release ada --portal https://gis.example.org/portal`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return command.Usage("name the members whose licenses come back, such as rhumb license release ada")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, names []string) error {
			p, err := to.Open(cmd.Context(), f)
			if err != nil {
				return err
			}
			for _, name := range names {
				if err := p.Licenses.Release(cmd.Context(), name); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				fmt.Fprintf(f.IO.Out, "%s\treleased\n", name)
			}
			return nil
		},
	}
	to.Flags(cmd.Flags())
	return cmd
}
