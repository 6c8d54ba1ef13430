package license

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

// selection are the flags that choose members.
type selection struct {
	connect.Portal
	outcome.Options
	query, group, csv string
	assignment        member.Assignment
}

func (o *selection) flags(cmd *cobra.Command) {
	fl := cmd.Flags()
	o.Portal.Flags(fl)
	o.Options.Flags(fl)
	fl.StringVar(&o.query, "query", "", "members that a `query` in the portal's search language finds; * is everybody")
	fl.StringVar(&o.group, "group", "", "members of a group, by `title` or id")
	fl.StringVar(&o.csv, "csv", "", "`file` with a column Username, and perhaps License: what each is to hold")
	fl.StringVar(&o.assignment.Product, "product", "", "license, by `title` or id (default: ArcGIS Pro)")
}

const chooses = `
Members are chosen by their names, by --query, by --group or by --csv; what is given adds up. Seats
are counted before anything is written, and who does not fit is refused with the reason. A second
run changes nothing. A run that was cut off goes on with rhumb member resume.

Exit codes: 0 done, 1 failed, 3 some members were refused or failed, 4 sign-in needed, 6 usage,
130 cancelled.`

func newAssign(f *command.Factory) *cobra.Command {
	o := &selection{}
	cmd := &cobra.Command{
		Use:   "assign [USER...] --portal URL",
		Short: "Give licenses to members",
		Long:  "Give members a license: --set all that they are to hold of a product, or --add to and --remove from it.\n" + chooses,
		Example: `  rhumb license assign ada grace --portal https://gis.example.org/portal --set desktopStdN,spatialAnalystN
  rhumb license assign --portal https://gis.example.org/portal --group "Field crew" --add networkAnalystN --dry-run
  rhumb license assign --portal https://gis.example.org/portal --csv people.csv --yes`,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), f, args) },
	}
	o.flags(cmd)
	fl := cmd.Flags()
	fl.StringSliceVar(&o.assignment.Set, "set", nil, "`entitlements` that the members are to hold, and no others")
	fl.StringSliceVar(&o.assignment.Add, "add", nil, "`entitlements` to add; a level of ArcGIS Pro takes the place of another")
	fl.StringSliceVar(&o.assignment.Remove, "remove", nil, "`entitlements` to take away")
	return cmd
}

func newRevoke(f *command.Factory) *cobra.Command {
	o := &selection{}
	cmd := &cobra.Command{
		Use:   "revoke [USER...] --portal URL",
		Short: "Take licenses away from members",
		Long:  "Take a license away from members: all of a product, or only some --entitlement of it.\n" + chooses,
		Example: `  rhumb license revoke ada --portal https://gis.example.org/portal
  rhumb license revoke --portal https://gis.example.org/portal --group "Interns 2025" --product "ArcGIS Insights" --yes`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.assignment.Revoke = len(o.assignment.Remove) == 0
			return o.run(cmd.Context(), f, args)
		},
	}
	o.flags(cmd)
	cmd.Flags().StringSliceVar(&o.assignment.Remove, "entitlement", nil, "`entitlements` to take away (default: all of the product)")
	return cmd
}

// says refuses flags that leave open what to do, or contradict each other.
func (o *selection) says() error {
	a := &o.assignment
	change := len(a.Add)+len(a.Remove) > 0
	switch {
	case a.Revoke:
	case len(a.Set) > 0 && change:
		return command.Usage("--set says all that the members are to hold: leave out --add and --remove")
	case len(a.Set) == 0 && !change && o.csv == "":
		return command.Usage("say what to give: --set, --add and --remove, or --csv with a column License")
	}
	return nil
}

func (o *selection) run(ctx context.Context, f *command.Factory, names []string) error {
	if err := o.says(); err != nil {
		return err
	}
	if len(names) == 0 && o.query == "" && o.group == "" && o.csv == "" {
		return command.Usage("name members, or choose them by --query, --group or --csv")
	}
	a := o.assignment
	a.Members = member.Select{Usernames: names, Query: o.query}
	if o.csv != "" {
		file, err := os.Open(o.csv)
		if err != nil {
			return command.Usage("--csv: %w", err)
		}
		defer file.Close()
		a.Members.CSV = file
	}
	p, err := o.Options.Open(ctx, f, &o.Portal, "assign")
	if err != nil {
		return err
	}
	if a.Members.Group, err = groupID(ctx, p, o.group); err != nil {
		return err
	}
	bar := outcome.NewBar(f.IO)
	plan, err := member.PlanAssign(ctx, p, a, member.Options{Progress: bar.Note})
	bar.Stop()
	if err != nil {
		return err
	}
	preview := plan.Preview()
	question := fmt.Sprintf("Change the licenses of %s?", outcome.Some(preview.Count(member.Done), "member"))
	return o.Options.Run(ctx, f.IO, question, preview, plan.Apply)
}
