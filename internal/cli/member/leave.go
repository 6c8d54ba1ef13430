package member

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/member"
)

type offboardOptions struct {
	connect.Portal
	outcome.Options
	what member.Offboard
	csv  string
}

func newOffboard(f *command.Factory) *cobra.Command {
	o := &offboardOptions{}
	cmd := &cobra.Command{
		Use:   "offboard USER... --portal URL --to USER",
		Short: "See members off: content and groups to a successor, licenses back, account closed",
		Long: `See members off in one reviewed step: sign-in is disabled, items (with their folders) and groups go to
the successor, licenses and app bundles come back, and at last the account is deleted where --delete
says so. Where a part fails, the account stays disabled and nothing is lost.

Exit codes: 0 done, 1 failed, 3 some members could not be seen off, 4 sign-in needed, 6 usage,
130 cancelled.`,
		Example: `  rhumb member offboard ada --to grace --portal https://gis.example.org/portal --dry-run
  rhumb member offboard --csv leavers.csv --to grace --delete --portal https://gis.example.org/portal --yes`,
		RunE: func(cmd *cobra.Command, args []string) error { return runOffboard(cmd.Context(), f, o, args) },
	}
	fl := cmd.Flags()
	o.Portal.Flags(fl)
	o.Options.Flags(fl)
	fl.StringVar(&o.what.Successor, "to", "", "`user` who receives what the members own")
	fl.StringVar(&o.csv, "csv", "", "`file` with a column Username")
	fl.BoolVar(&o.what.Delete, "delete", false, "delete the accounts; otherwise they are disabled")
	fl.BoolVar(&o.what.JoinGroups, "join-groups", false, "make the successor a member of groups where that is needed to own what is shared there")
	return cmd
}

func runOffboard(ctx context.Context, f *command.Factory, o *offboardOptions, names []string) error {
	if o.what.Successor == "" {
		return command.Usage("--to: name the user who receives what the members own")
	}
	if len(names) == 0 && o.csv == "" {
		return command.Usage("name the members who leave, or a file with --csv")
	}
	o.what.Members.Usernames = names
	if o.csv != "" {
		file, err := os.Open(o.csv)
		if err != nil {
			return command.Usage("--csv: %w", err)
		}
		defer file.Close()
		o.what.Members.CSV = file
	}
	p, err := o.Options.Open(ctx, f, &o.Portal, "offboard")
	if err != nil {
		return err
	}
	bar := outcome.NewBar(f.IO)
	plan, err := member.PlanOffboard(ctx, p, o.what, member.Options{Progress: bar.Note})
	bar.Stop()
	if err != nil {
		return err
	}
	preview := plan.Preview()
	what := "disable"
	if o.what.Delete {
		what = "delete"
	}
	question := fmt.Sprintf("Hand over to %s and %s %s?", o.what.Successor, what, outcome.Some(preview.Count(member.Done), "account"))
	return o.Options.Run(ctx, f.IO, question, preview, plan.Apply)
}
