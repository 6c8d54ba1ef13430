package license

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
	"github.com/rhumb-gis/rhumb/internal/cli/connect"
	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/member"
)

type reportOptions struct {
	connect.Portal
	filter            member.Filter
	notSince, unused  age
	disabled, enabled bool
	content           bool
	format, out       string
}

func newReport(f *command.Factory) *cobra.Command {
	o := &reportOptions{}
	cmd := &cobra.Command{
		Use:   "report --portal URL",
		Short: "List every member with role, user type, licenses, last sign-in and last use",
		Long: `List every member with role, user type, licenses and extensions, app bundles, last sign-in, last use
and check-outs. Filters add up: a member is listed who meets all of them.

The form follows the file that --out names: .csv, .json or .xlsx. Without --out a terminal gets a
table, a pipe CSV.`,
		Example: `  rhumb license report --portal https://gis.example.org/portal
  rhumb license report --portal https://gis.example.org/portal --product "ArcGIS Pro" --unused-for 90d --out unused.xlsx
  rhumb license report --portal https://gis.example.org/portal --format json --with-content > members.json`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReport(cmd.Context(), f, o) },
	}
	fl := cmd.Flags()
	o.Flags(fl)
	fl.StringVar(&o.filter.Text, "text", "", "part of the user name, the full name or the e-mail address")
	fl.StringVar(&o.filter.Role, "role", "", "`role`, by name or id")
	fl.StringVar(&o.filter.UserType, "user-type", "", "user `type`, by name or id")
	fl.StringVar(&o.filter.Product, "product", "", "license that the member holds, by `title` or id")
	fl.StringVar(&o.filter.Entitlement, "entitlement", "", "`entitlement` that the member holds, such as spatialAnalystN")
	fl.StringVar(&o.filter.Bundle, "bundle", "", "app bundle that the member holds, by `name`")
	fl.Var(&o.notSince, "not-since", "has not signed in for so long, such as 90d")
	fl.Var(&o.unused, "unused-for", "has not used --product, or any license, for so long, such as 90d")
	fl.BoolVar(&o.filter.CheckedOut, "checked-out", false, "has a license offline")
	fl.BoolVar(&o.disabled, "disabled", false, "cannot sign in")
	fl.BoolVar(&o.enabled, "enabled", false, "can sign in")
	fl.BoolVar(&o.content, "with-content", false, "count items, storage and groups too, which takes requests for each member")
	fl.StringVar(&o.format, "format", "", "table, csv, json or xlsx (default: from --out)")
	fl.StringVarP(&o.out, "out", "o", "", "`file` to write; it must not exist")
	return cmd
}

func runReport(ctx context.Context, f *command.Factory, o *reportOptions) error {
	if err := o.complete(f.IO); err != nil {
		return err
	}
	p, err := o.Open(ctx, f)
	if err != nil {
		return err
	}
	if o.out == "" {
		return o.write(ctx, f.IO, p, f.IO.Out)
	}
	return outcome.Create(o.out, func(w io.Writer) error { return o.write(ctx, f.IO, p, w) })
}

// complete settles the form and what the flags of age and state amount to.
func (o *reportOptions) complete(io *command.Streams) error {
	if o.format == "" {
		switch o.format = strings.TrimPrefix(strings.ToLower(filepath.Ext(o.out)), "."); {
		case o.out != "":
		case io.OutTTY:
			o.format = "table"
		default:
			o.format = "csv"
		}
	}
	switch o.format {
	case "csv", "json":
	case "table":
		if o.out != "" {
			return command.Usage("--format table: a table goes to the terminal; name .csv, .json or .xlsx with --out")
		}
	case "xlsx":
		if o.out == "" && io.OutTTY {
			return command.Usage("--format xlsx: name a file with --out")
		}
	default:
		return command.Usage("--format: %q must be table, csv, json or xlsx; or let the name of --out end so", o.format)
	}
	if o.disabled && o.enabled {
		return command.Usage("--disabled and --enabled leave nobody; use one of the two")
	}
	if o.disabled || o.enabled {
		o.filter.Disabled = &o.disabled
	}
	o.filter.NotSince, o.filter.UnusedFor = time.Duration(o.notSince), time.Duration(o.unused)
	return nil
}

// write makes the report. The bar is off the terminal before anything else is printed there.
func (o *reportOptions) write(ctx context.Context, streams *command.Streams, p *gis.Portal, w io.Writer) error {
	bar := outcome.NewBar(streams)
	defer bar.Stop()
	rep, err := member.NewReport(ctx, p, member.ReportOptions{Options: member.Options{Progress: bar.Note}, Filter: o.filter, WithContent: o.content})
	if err != nil {
		return err
	}
	if o.out == "" {
		bar.Stop()
	}
	switch o.format {
	case "csv":
		err = rep.WriteCSV(ctx, w)
	case "json":
		err = rep.WriteJSON(ctx, w)
	case "xlsx":
		err = rep.WriteXLSX(ctx, w)
	default:
		err = table(ctx, w, streams.Err, rep)
	}
	bar.Stop()
	if err != nil {
		return err
	}
	for _, n := range rep.Notes {
		fmt.Fprintln(streams.Err, "note:", terminal.Plain(n))
	}
	fmt.Fprintf(streams.Err, "%d of %d members\n", rep.Shown, rep.Members)
	return nil
}

// table prints the report for people.
func table(ctx context.Context, w, warn io.Writer, rep *member.Report) error {
	var rows [][]string
	for row, err := range rep.Rows(ctx) {
		if err != nil {
			return err
		}
		name := row.FullName
		if row.Disabled {
			name += " (disabled)"
		}
		licenses, used, offline := held(row)
		line := []string{row.Username, name, row.Role, row.UserType, licenses, outcome.Day(row.LastLogin), used, offline}
		if c := row.Content; c != nil {
			line = append(line, strconv.Itoa(c.Items), terminal.Size(c.Bytes), strconv.Itoa(len(c.Groups)))
		}
		rows = append(rows, line)
	}
	without := terminal.Columns(w, terminal.Width(w), []terminal.Column{
		{Name: "MEMBER", Weight: 9}, {Name: "NAME", Weight: 4}, {Name: "ROLE", Weight: 3}, {Name: "USER TYPE", Weight: 2},
		{Name: "LICENSES", Weight: 9}, {Name: "SIGNED IN", Weight: 8}, {Name: "USED", Weight: 7}, {Name: "OFFLINE", Weight: 6},
		{Name: "ITEMS", Weight: 9}, {Name: "STORAGE", Weight: 9}, {Name: "GROUPS", Weight: 9},
	}, rows)
	if len(without) > 0 {
		fmt.Fprintf(warn, "not shown for want of space: %s (--out shows all)\n", strings.Join(without, ", "))
	}
	return nil
}

// held puts the licenses of a member on one line, those of ArcGIS Pro in their short code.
func held(row *member.Row) (licenses, used, offline string) {
	var list []string
	var last esri.Time
	for _, l := range row.Licenses {
		if l.Product == member.Pro {
			list = append(list, "Pro "+member.Code(l.Entitlements))
		} else {
			list = append(list, l.Product)
		}
		if l.LastUsed.After(last.Time) {
			last = l.LastUsed
		}
		if l.CheckedOut {
			offline = outcome.Since(l.Since)
		}
	}
	if len(row.Licenses) > 0 {
		used = outcome.Day(last)
	}
	return strings.Join(append(list, row.Bundles...), ", "), used, offline
}

// groupID is the id of a group that is named by id or title.
func groupID(ctx context.Context, p *gis.Portal, name string) (esri.GroupID, error) {
	if name == "" {
		return "", nil
	}
	if esri.IsID(name) {
		return esri.GroupID(name), nil
	}
	var found []*gis.Group
	for g, err := range p.Groups.SearchAll(ctx, `title:"`+strings.ReplaceAll(name, `"`, "")+`"`, nil) {
		if err != nil {
			return "", err
		}
		if strings.EqualFold(g.Title, name) {
			found = append(found, g)
		}
	}
	switch len(found) {
	case 1:
		return found[0].ID, nil
	case 0:
		return "", &command.ExitError{Code: command.ExitNotFound, Err: fmt.Errorf("--group: there is no group %q", name)}
	}
	return "", command.Usage("--group: %d groups are called %q; name the id", len(found), name)
}
