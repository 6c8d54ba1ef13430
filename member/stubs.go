package member

import (
	"context"
	"errors"
	"io"

	"github.com/rhumb-gis/rhumb/gis"
)

var errStub = errors.New("under construction")

func planOffboard(ctx context.Context, p *gis.Portal, o Offboard, opts Options) (*OffboardPlan, error) {
	return nil, errStub
}
func previewOffboard(list []Leaving) *Results { return nil }
func applyOffboard(ctx context.Context, p *gis.Portal, r *run, list []Leaving, opts Options) (*Results, error) {
	return nil, errStub
}
func resumeOffboard(ctx context.Context, p *gis.Portal, r *run, opts Options) (*Results, error) {
	return nil, errStub
}
func readPairs(r io.Reader) ([]Pair, error) { return nil, errStub }
func planMove(ctx context.Context, p *gis.Portal, m Move, opts Options) (*MovePlan, error) {
	return nil, errStub
}
func previewMove(list []Moving) *Results { return nil }
func applyMove(ctx context.Context, p *gis.Portal, r *run, list []Moving, opts Options) (*Results, error) {
	return nil, errStub
}
func resumeMove(ctx context.Context, p *gis.Portal, r *run, opts Options) (*Results, error) {
	return nil, errStub
}
func finishMove(ctx context.Context, p *gis.Portal, opts FinishOptions) (*Results, error) {
	return nil, errStub
}
func undoMove(ctx context.Context, p *gis.Portal, opts Options) (*Results, error) {
	return nil, errStub
}
func cloneLicenses(ctx context.Context, source, target *gis.Portal, users map[string]string, opts CloneOptions) (*Results, error) {
	return nil, errStub
}
func writeTemplate(w io.Writer) error { return errStub }
func export(ctx context.Context, p *gis.Portal, w io.Writer, opts ExportOptions) (*Results, error) {
	return nil, errStub
}

type importState struct{}
type groupUse struct{}

func readImportState(ctx context.Context, p *gis.Portal, s *Sheet, opts ImportOptions) (*importState, error) {
	return nil, errStub
}
func (k *importState) plan(r Record) ImportRow { return ImportRow{} }
func (k *importState) settle(rows []ImportRow) {}

// Apply carries out the plan: members are made, several at a time, then brought in line with
// their rows. A row that fails in part says in which. Running the import again, with the same
// journal or without, goes on where this run stopped.
func (pl *ImportPlan) Apply(ctx context.Context) (*Results, error) { return nil, errStub }
