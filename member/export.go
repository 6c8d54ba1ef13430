package member

import (
	"context"
	"io"

	"github.com/rhumb-gis/rhumb/gis"
)

// ExportOptions say what a file of members holds.
type ExportOptions struct {
	Options
	Filter  Filter
	Groups  bool // memberships: one request for each group of the organization
	Folders bool // folders: one request for each member
	Bundles bool // app bundles
}

// WriteTemplate writes an empty file for [ReadSheet]: the names of the columns and one example,
// which has to be replaced.
func WriteTemplate(w io.Writer) error { return writeTemplate(w) }

// Export writes the members into a CSV file that [ReadSheet] reads: importing it changes
// nothing, and importing it into an empty portal makes the same members, without their
// passwords. Groups that a member owns are not in it.
func Export(ctx context.Context, p *gis.Portal, w io.Writer, opts ExportOptions) (*Results, error) {
	return export(ctx, p, w, opts)
}
