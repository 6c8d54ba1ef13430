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
