package license

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/member"
)

type reclaimOptions struct {
	connect.Portal
	outcome.Options
	unused age
	what   member.Reclaim
}

func newReclaim(f *command.Factory) *cobra.Command {
	o := &reclaimOptions{}
	cmd := &cobra.Command{
		Use:   "reclaim --portal URL --unused-for AGE",
		Short: "Take back licenses that nobody has used for a time",
		Long: `List the licenses that their members have not used for a time, and take them back after a question:
exactly those that were listed. One that was used in the meantime, or is checked out, stays.

Exit codes: 0 done, 1 failed, 3 some could not be taken back, 4 sign-in needed, 6 usage, 130 cancelled.`,
		Example: `  rhumb license reclaim --portal https://gis.example.org/portal --unused-for 90d --dry-run
  rhumb license reclaim --portal https://gis.example.org/portal --unused-for 26w --product "ArcGIS Pro"`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReclaim(cmd.Context(), f, o) },
	}
	fl := cmd.Flags()
	o.Portal.Flags(fl)
	o.Options.Flags(fl)
	fl.Var(&o.unused, "unused-for", "how long a license lies idle, such as 90d or 12w")
	fl.StringSliceVar(&o.what.Products, "product", nil, "license, by `title` or id (default: all)")
	fl.BoolVar(&o.what.SkipNever, "skip-never", false, "leave out licenses that were never used")
	return cmd
}

func runReclaim(ctx context.Context, f *command.Factory, o *reclaimOptions) error {
	if o.what.UnusedFor = time.Duration(o.unused); o.what.UnusedFor == 0 {
		return command.Usage("--unused-for: say how long a license lies idle, such as 90d")
	}
	p, err := o.Options.Open(ctx, f, &o.Portal, "reclaim")
	if err != nil {
		return err
	}
	bar := outcome.NewBar(f.IO)
	plan, err := member.PlanReclaim(ctx, p, o.what, member.Options{Progress: bar.Note})
	bar.Stop()
	if err != nil {
		return err
	}
	var confirmed []member.UnusedLicense
	preview := &member.Results{Notes: plan.Notes}
	for _, u := range plan.Unused {
		row := member.Result{
			Username: u.Username, Action: "reclaim", Product: u.Product, Before: u.Entitlements, Outcome: member.Done,
			Notes: []string{"last use " + outcome.Day(u.LastUsed), "last sign-in " + outcome.Day(u.LastLogin)},
		}
		if u.Kept == "" {
			confirmed = append(confirmed, u)
		} else {
			row.Outcome, row.Reason = member.Unchanged, u.Kept
			preview.Notes = append(preview.Notes, fmt.Sprintf("%s keeps %s: %s", terminal.Plain(u.Username), u.Product, u.Kept))
		}
		preview.Rows = append(preview.Rows, row)
	}
	question := fmt.Sprintf("Take %s back?", outcome.Some(len(confirmed), "license"))
	return o.Options.Run(ctx, f.IO, question, preview, func(ctx context.Context, opts member.Options) (*member.Results, error) {
		return plan.Apply(ctx, confirmed, opts)
	})
}
