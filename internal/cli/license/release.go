package license

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/member"
)

type releaseOptions struct {
	connect.Portal
	outcome.Options
}

func newRelease(f *command.Factory) *cobra.Command {
	o := &releaseOptions{}
	cmd := &cobra.Command{
		Use:   "release USER... --portal URL",
		Short: "Give up check-outs of licenses whose machine is lost",
		Long: `Give up the check-outs of licenses of ArcGIS Pro that members took offline and whose machine is lost, so
that they can be changed and given to others. The members keep them. Only ArcGIS Enterprise can do that.

Exit codes: 0 done, 1 failed, 3 some were refused, 4 sign-in needed, 6 usage, 130 cancelled.`,
		Example: `  rhumb license release ada --portal https://gis.example.org/portal
  rhumb license release ada grace --portal https://gis.example.org/portal --yes`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return command.Usage("name the members whose check-outs end, such as rhumb license release ada")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, names []string) error { return runRelease(cmd.Context(), f, o, names) },
	}
	fl := cmd.Flags()
	o.Portal.Flags(fl)
	fl.BoolVar(&o.Yes, "yes", false, "do not ask; needed where there is no terminal")
	fl.BoolVar(&o.JSON, "json", false, "print the results as JSON")
	return cmd
}

func runRelease(ctx context.Context, f *command.Factory, o *releaseOptions, names []string) error {
	if err := o.Ready(f.IO); err != nil {
		return err
	}
	p, err := o.Portal.Open(ctx, f)
	if err != nil {
		return err
	}
	if err := o.Confirm(ctx, f.IO, fmt.Sprintf("End the check-outs of %s? Their machines lose the license.", outcome.Some(len(names), "member"))); err != nil {
		return err
	}
	return o.Finish(f.IO, release(ctx, p, names), ctx.Err())
}

// release ends check-outs one by one; that one fails stops no other.
func release(ctx context.Context, p *gis.Portal, names []string) *member.Results {
	results := &member.Results{}
	for _, name := range names {
		if ctx.Err() != nil {
			break
		}
		row := member.Result{Username: name, Action: "release", Outcome: member.Done}
		if err := p.Licenses.Release(ctx, name); err != nil {
			row.Outcome, row.Reason = member.Failed, err.Error()
		}
		results.Rows = append(results.Rows, row)
	}
	return results
}
