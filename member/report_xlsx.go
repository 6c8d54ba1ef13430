package member

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/xuri/excelize/v2"

	"github.com/rhumb-gis/rhumb/gis"
)

// Sheets of the workbook.
const (
	sheetMembers  = "Members"
	sheetLicenses = "Licenses"
)

// WriteXLSX writes a workbook: the members as in [Report.WriteCSV], and the seats of each
// license. Rows go to a temporary file as they are read, so that the size of the organization
// does not show in memory.
func (r *Report) WriteXLSX(ctx context.Context, w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	if err := f.SetSheetName(f.GetSheetName(0), sheetMembers); err != nil {
		return err
	}
	if _, err := f.NewSheet(sheetLicenses); err != nil {
		return err
	}
	if err := r.membersSheet(ctx, f); err != nil {
		return err
	}
	if err := r.licensesSheet(f); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// table begins a sheet with a bold header that stays in view.
func table(f *excelize.File, sheet string, header []string) (*excelize.StreamWriter, error) {
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	if err := s.SetColWidth(1, len(header), 22); err != nil {
		return nil, err
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, XSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return nil, err
	}
	return s, s.SetRow("A1", anys(header), excelize.RowOpts{StyleID: bold})
}

// anys makes text cells: a workbook computes only what was stored as a formula.
func anys(cells []string) []any {
	out := make([]any, len(cells))
	for i, c := range cells {
		out[i] = c
	}
	return out
}

func (r *Report) membersSheet(ctx context.Context, f *excelize.File) error {
	s, err := table(f, sheetMembers, r.header())
	if err != nil {
		return err
	}
	n := 1
	for row, err := range r.Rows(ctx) {
		if err != nil {
			return err
		}
		n++
		cells := anys(r.cells(row))
		if k := row.Content; k != nil {
			copy(cells[len(cells)-4:], []any{k.Items, k.Bytes, k.Folders, len(k.Groups)})
		}
		if err := s.SetRow(fmt.Sprintf("A%d", n), cells); err != nil {
			return err
		}
	}
	return s.Flush()
}

func (r *Report) licensesSheet(f *excelize.File) error {
	s, err := table(f, sheetLicenses, []string{"License", "Entitlement", "Seats", "Assigned", "Free", "Expires"})
	if err != nil {
		return err
	}
	n := 1
	for _, p := range r.Products {
		for _, e := range slices.Sorted(maps.Keys(p.Seats)) {
			seats, free := any("no limit"), any("no limit")
			if p.Seats[e] != gis.NoLimit {
				seats, free = p.Seats[e], p.Free(e)
			}
			n++
			if err := s.SetRow(fmt.Sprintf("A%d", n), []any{p.Title, e, seats, p.Assigned[e], free, moment(p.End)}); err != nil {
				return err
			}
		}
	}
	return s.Flush()
}
