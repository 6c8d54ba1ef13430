package member

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// WriteCSV writes the report with one row a member and three columns a license: what is held,
// when it was used last, and since when it is checked out. Times are UTC. Cells that a
// spreadsheet would compute begin with an apostrophe.
func (r *Report) WriteCSV(ctx context.Context, w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(neutralAll(r.header())); err != nil {
		return err
	}
	for row, err := range r.Rows(ctx) {
		if err != nil {
			return err
		}
		if err := out.Write(neutralAll(r.cells(row))); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func neutralAll(cells []string) []string {
	for i, c := range cells {
		cells[i] = neutral(c)
	}
	return cells
}

// header names the columns of the report as a table.
func (r *Report) header() []string {
	h := []string{
		"Username", "Full Name", "First Name", "Last Name", "Email", "Role", "User Type", "Provider", "Status", "Created", "Last Sign-in",
	}
	for _, p := range r.Products {
		h = append(h, p.Title, p.Title+" last used", p.Title+" checked out")
	}
	if len(r.Bundles) > 0 {
		h = append(h, "App Bundles")
	}
	if r.opts.WithContent {
		h = append(h, "Items", "Bytes", "Folders", "Groups")
	}
	return h
}

func (r *Report) cells(row *Row) []string {
	c := []string{
		row.Username, row.FullName, row.FirstName, row.LastName, row.Email, row.Role, row.UserTypeID, row.Provider,
		status(row.Disabled), moment(row.Created), moment(row.LastLogin),
	}
	for _, p := range r.Products {
		l, held := row.License(p)
		out := ""
		if l.CheckedOut {
			if out = moment(l.Since); out == "" {
				out = "yes"
			}
		}
		used := moment(l.LastUsed)
		if held && used == "" {
			used = "never"
		}
		c = append(c, strings.Join(l.Entitlements, ", "), used, out)
	}
	if len(r.Bundles) > 0 {
		c = append(c, joinList(row.Bundles))
	}
	if r.opts.WithContent {
		k := row.Content
		c = append(c, strconv.Itoa(k.Items), strconv.FormatInt(k.Bytes, 10), strconv.Itoa(k.Folders), fmt.Sprint(len(k.Groups)))
	}
	return c
}

// Words of the column Status.
const (
	statusActive   = "active"
	statusDisabled = "disabled"
)

func status(disabled bool) string {
	if disabled {
		return statusDisabled
	}
	return statusActive
}

// moment writes a time to the second, and nothing for never.
func moment(t esri.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}
