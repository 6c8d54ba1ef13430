package member

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/member"
)

// toFile runs write on a new file, or on out where none is named.
func toFile(name string, out io.Writer, write func(io.Writer) error) error {
	if name == "" {
		return write(out)
	}
	return outcome.Create(name, write)
}

func newTemplate(f *command.Factory) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:     "template",
		Short:   "Write a CSV file to fill in for rhumb member import",
		Example: `  rhumb member template --out people.csv`,
		Args:    command.NoArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			return toFile(out, f.IO.Out, member.WriteTemplate)
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "`file` to write; it must not exist")
	return cmd
}

type importOptions struct {
	connect.Portal
	outcome.Options
	member member.ImportOptions
	check  bool
}

func newImport(f *command.Factory) *cobra.Command {
	o := &importOptions{}
	cmd := &cobra.Command{
		Use:   "import FILE --portal URL",
		Short: "Make members from a CSV file, with roles, licenses, groups and folders",
		Long: `Make members from a CSV file: accounts or invitations, with role, user type, licenses, app bundles,
groups and folders. rhumb member template writes such a file; only the column Username is needed, and
the files of Esri's old license scripts (First Name, Last Name, Email, Username, Role, License) load
as they are. UTF-8 and UTF-16, commas, semicolons and tabs are understood.

Every row is checked first, against itself and against the portal, and every problem is listed; rows
without one are imported, several at a time. Passwords are not needed: where the portal invites,
members choose their own, elsewhere --passwords-out writes a first one for each, to be changed at the
first sign-in. A second run changes nothing, and one that was cut off goes on where it stopped.

Exit codes: 0 done, 1 failed, 3 some rows were refused or failed, 4 sign-in needed, 6 usage,
130 cancelled.`,
		Example: `  rhumb member import people.csv --portal https://gis.example.org/portal --check
  rhumb member import people.csv --portal https://gis.example.org/portal --passwords-out first-passwords.csv
  rhumb member import people.csv --portal https://gis.example.org/portal --update-existing --yes --json > outcome.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return command.Usage("name one CSV file, such as rhumb member import people.csv; rhumb member template writes one")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runImport(cmd.Context(), f, o, args[0]) },
	}
	fl := cmd.Flags()
	o.Portal.Flags(fl)
	o.Options.Flags(fl)
	fl.BoolVar(&o.check, "check", false, "list every problem of every row, and write nothing")
	fl.BoolVar(&o.member.UpdateExisting, "update-existing", false, "bring members who are there already in line with their rows")
	fl.StringVar(&o.member.PasswordsOut, "passwords-out", "", "`file` for first passwords; it must not exist, and is yours to keep safe")
	fl.StringVar(&o.member.Role, "role", "", "`role` of rows without one, by name or id (default: User)")
	fl.StringVar(&o.member.UserType, "user-type", "", "user `type` of rows without one, by name or id (default: the portal's)")
	fl.StringVar(&o.member.Mail.Subject, "mail-subject", "", "subject of invitations")
	fl.StringVar(&o.member.Mail.HTML, "mail-text", "", "`text` of invitations")
	return cmd
}

func runImport(ctx context.Context, f *command.Factory, o *importOptions, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return command.Usage("%w", err)
	}
	sheet, err := member.ReadSheet(file)
	file.Close()
	if err != nil {
		return command.Usage("%s: %w", name, err)
	}
	o.DryRun = o.DryRun || o.check
	p, err := o.Options.Open(ctx, f, &o.Portal, "import")
	if err != nil {
		return err
	}
	bar := outcome.NewBar(f.IO)
	note := bar.Note // while it is planned; another bar shows the rest
	o.member.Options = member.Options{Journal: o.Journal, Progress: func(p member.Progress) { note(p) }}
	plan, err := member.PlanImport(ctx, p, sheet, o.member)
	bar.Stop()
	if err != nil {
		return err
	}
	for _, w := range append(sheet.Warnings, plan.Warnings...) {
		fmt.Fprintln(f.IO.Err, "warning:", terminal.Plain(w))
	}
	preview := plan.Preview()
	question := fmt.Sprintf("Import %s into %s?", outcome.Some(preview.Count(member.Done), "member"), p.URL())
	return o.Options.Run(ctx, f.IO, question, preview, func(ctx context.Context, opts member.Options) (*member.Results, error) {
		note = opts.Progress
		results, err := plan.Apply(ctx)
		if err != nil {
			fmt.Fprintln(f.IO.Err, "not finished: the same command goes on from here")
		}
		return results, err
	})
}

type exportOptions struct {
	connect.Portal
	member member.ExportOptions
	out    string
}

func newExport(f *command.Factory) *cobra.Command {
	o := &exportOptions{}
	cmd := &cobra.Command{
		Use:   "export --portal URL",
		Short: "Write the members into a CSV file that rhumb member import reads",
		Long: `Write the members into a CSV file that rhumb member import reads: importing it into the same portal
changes nothing, and importing it into another one makes the same members, without their passwords.`,
		Example: `  rhumb member export --portal https://gis.example.org/portal --groups --folders --out members.csv`,
		Args:    command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := o.Open(cmd.Context(), f)
			if err != nil {
				return err
			}
			bar := outcome.NewBar(f.IO)
			o.member.Progress = bar.Note
			var results *member.Results
			err = toFile(o.out, f.IO.Out, func(w io.Writer) (err error) {
				results, err = member.Export(cmd.Context(), p, w, o.member)
				return err
			})
			bar.Stop()
			if err != nil {
				return err
			}
			for _, n := range results.Notes {
				fmt.Fprintln(f.IO.Err, "note:", terminal.Plain(n))
			}
			return nil
		},
	}
	fl := cmd.Flags()
	o.Flags(fl)
	fl.BoolVar(&o.member.Groups, "groups", false, "with the groups of each member")
	fl.BoolVar(&o.member.Folders, "folders", false, "with the folders of each member, which takes a request for each")
	fl.StringVar(&o.member.Filter.Text, "text", "", "part of the user name, the full name or the e-mail address")
	fl.StringVar(&o.member.Filter.Role, "role", "", "`role`, by name or id")
	fl.StringVar(&o.member.Filter.UserType, "user-type", "", "user `type`, by name or id")
	fl.StringVar(&o.member.Filter.Product, "product", "", "license that the member holds, by `title` or id")
	fl.StringVarP(&o.out, "out", "o", "", "`file` to write; it must not exist")
	return cmd
}
