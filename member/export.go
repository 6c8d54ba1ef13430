package member

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/rhumb-gis/rhumb/gis"
)

// ExportOptions say what a file of members holds.
type ExportOptions struct {
	Options
	Filter  Filter
	Groups  bool // memberships: one request for each group of the organization
	Folders bool // folders: one request for each member
}

// WriteTemplate writes a file for [ReadSheet] to begin with: the names of the columns, and one
// example, which has to be replaced.
func WriteTemplate(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write(columns())
	_ = out.Write([]string{
		"ada_lovelace", "Ada", "Lovelace", "ada@example.com", "Publisher", "creatorUT", Pro + ": desktopStdN, spatialAnalystN", "",
		"Field Crews; Reviewers", "", "Maps", "arcgis", "", statusActive,
	})
	out.Flush()
	return out.Error()
}

// Export writes the members into a CSV file that [ReadSheet] reads: importing it changes
// nothing, and importing it into another portal that has the same roles, groups and licenses
// makes the same members, without their passwords. Groups that a member owns are not in it.
// The notes of the results say what could not be read.
func Export(ctx context.Context, p *gis.Portal, w io.Writer, opts ExportOptions) (*Results, error) {
	report, err := NewReport(ctx, p, ReportOptions{Options: opts.Options, Filter: opts.Filter})
	if err != nil {
		return nil, err
	}
	e := &exporter{p: p, report: report, opts: opts, groups: map[string][]string{}, manages: map[string][]string{}}
	if opts.Groups {
		if err := e.readGroups(ctx); err != nil {
			return nil, err
		}
	}
	out := csv.NewWriter(w)
	if err := out.Write(columns()); err != nil {
		return nil, err
	}
	var chunk []*Row
	results := &Results{}
	for row, err := range report.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		if chunk = append(chunk, row); len(chunk) == rowChunk {
			if err := e.write(ctx, out, chunk, results); err != nil {
				return nil, err
			}
			chunk = nil
		}
	}
	if err := e.write(ctx, out, chunk, results); err != nil {
		return nil, err
	}
	out.Flush()
	results.Notes = slices.Concat(e.notes, report.Notes)
	return results, out.Error()
}

type exporter struct {
	p               *gis.Portal
	report          *Report
	opts            ExportOptions
	groups, manages map[string][]string // words for groups, by folded user name
	notes           []string
}

// readGroups reads who belongs to the groups of the organization. A group is written by its
// title, or by its id where another one has the same title.
func (e *exporter) readGroups(ctx context.Context) error {
	all, err := gis.Collect(e.p.Groups.SearchAll(ctx, "", nil))
	if err != nil {
		return fmt.Errorf("read the groups: %w", err)
	}
	all = slices.DeleteFunc(all, func(g *gis.Group) bool { return g.IsFav })
	titles := map[string]int{}
	for _, g := range all {
		titles[fold(g.Title)]++
	}
	var mu sync.Mutex
	err = each(ctx, e.opts.workers(), all, func(ctx context.Context, g *gis.Group) error {
		m, err := g.Members(ctx)
		mu.Lock()
		defer mu.Unlock()
		if errors.Is(err, gis.ErrNotFound) || errors.Is(err, gis.ErrDenied) {
			e.notes = append(e.notes, fmt.Sprintf("the members of the group %q cannot be read", g.Title))
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the members of the group %q: %w", g.Title, err)
		}
		word := g.Title
		if titles[fold(word)] > 1 {
			word = string(g.ID)
		}
		for _, name := range m.Users {
			e.groups[fold(name)] = append(e.groups[fold(name)], word)
		}
		for _, name := range m.Admins {
			if fold(name) != fold(m.Owner) {
				e.manages[fold(name)] = append(e.manages[fold(name)], word)
			}
		}
		return nil
	})
	for _, m := range []map[string][]string{e.groups, e.manages} {
		for _, list := range m {
			slices.Sort(list)
		}
	}
	return err
}

func (e *exporter) write(ctx context.Context, out *csv.Writer, rows []*Row, results *Results) error {
	folders := make([][]string, len(rows))
	if e.opts.Folders {
		err := each(ctx, e.opts.workers(), indexes(len(rows)), func(ctx context.Context, i int) error {
			list, err := e.p.Content.Folders(ctx, rows[i].Username)
			if err != nil {
				return fmt.Errorf("read the folders of %s: %w", rows[i].Username, err)
			}
			for _, f := range list {
				folders[i] = append(folders[i], f.Title)
			}
			slices.Sort(folders[i])
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i, row := range rows {
		if err := out.Write(neutralAll(e.cells(row, folders[i]))); err != nil {
			return err
		}
		results.Rows = append(results.Rows, Result{Username: row.Username, Action: "export", Outcome: Done})
	}
	return nil
}

// cells writes a member in the order of columns.
func (e *exporter) cells(row *Row, folders []string) []string {
	first, last := splitName(&gis.User{FirstName: row.FirstName, LastName: row.LastName, FullName: row.FullName})
	grants := make([]Grant, 0, len(row.Licenses))
	for _, l := range row.Licenses {
		grants = append(grants, Grant{e.productWord(l), l.Entitlements})
	}
	idp := ""
	if row.Provider == "enterprise" {
		idp = row.IDPUsername
	}
	return []string{
		row.Username, first, last, row.Email, row.Role, row.UserTypeID, formatGrants(grants), joinList(row.Bundles),
		joinList(e.groups[fold(row.Username)]), joinList(e.manages[fold(row.Username)]), joinList(folders),
		row.Provider, idp, status(row.Disabled),
	}
}

// productWord is the title of a product, or its id where another one has the same title.
func (e *exporter) productWord(l RowLicense) string {
	if got, err := findProduct(e.report.Products, l.Product); err != nil || got.ItemID != l.ItemID {
		return string(l.ItemID)
	}
	return l.Product
}
