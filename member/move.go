package member

import (
	"context"
	"errors"
	"io"

	"github.com/rhumb-gis/rhumb/gis"
)

// Pair is an account and the one that takes its place.
type Pair struct {
	From        string `json:"from"`
	To          string `json:"to"`
	IDPUsername string `json:"idpUsername,omitempty"` // of a To that is to be made; default: To
	Line        int    `json:"line,omitempty"`
}

// ReadPairs reads pairs from a CSV file with the columns Source and Target, and perhaps IDP
// Username.
func ReadPairs(r io.Reader) ([]Pair, error) { return readPairs(r) }

// Move says which accounts move.
type Move struct {
	Pairs []Pair
	// Create makes targets that are not there, as accounts of a directory (provider
	// enterprise) with the profile of their source.
	Create bool
	// AllowAdmins lets administrators move: their targets become administrators.
	AllowAdmins bool
}

// Moving is what is to become of one pair.
type Moving struct {
	Pair
	Make     bool          `json:"make"` // the target is to be made
	Role     string        `json:"role"`
	UserType string        `json:"userType"`
	Items    int           `json:"items"`
	Folders  []OwnedFolder `json:"folders"`
	Groups   []OwnedGroup  `json:"groups"` // owned, managed and joined
	Licenses []HeldLicense `json:"licenses"`
	Bundles  []HeldBundle  `json:"bundles"`
	Refusal  string        `json:"refusal,omitempty"`
}

// MovePlan is what an account move will do.
type MovePlan struct {
	Pairs []Moving
	p     *gis.Portal
}

// ErrNoMove is the error for a journal that holds no account move.
var ErrNoMove = errors.New("the journal holds no account move")

// PlanMove reads what the accounts own and hold and plans their move. It writes nothing.
func PlanMove(ctx context.Context, p *gis.Portal, m Move, opts Options) (*MovePlan, error) {
	return planMove(ctx, p, m, opts)
}

// Preview tells what the plan will do.
func (pl *MovePlan) Preview() *Results { return previewMove(pl.Pairs) }

// Apply moves role, user type, memberships, groups, items with their folders, licenses and
// bundles from each account to its target. The old accounts stay, with nothing, until
// [FinishMove]; until then [UndoMove] takes everything back. A journal is required.
func (pl *MovePlan) Apply(ctx context.Context, opts Options) (*Results, error) {
	if opts.Journal == "" {
		return nil, errors.New("an account move needs a journal, by which it goes on or is taken back")
	}
	r, err := beginRun(ctx, pl.p, opts.Journal, kindMove, pl.Pairs)
	if err != nil {
		return nil, err
	}
	defer r.close()
	return applyMove(ctx, pl.p, r, pl.Pairs, opts)
}

// FinishOptions say what becomes of the old accounts.
type FinishOptions struct {
	Options
	Delete bool // delete them; otherwise they are disabled
}

// FinishMove ends the move of a journal: the old accounts leave their groups and are disabled,
// or deleted. Accounts that still own something are kept as they are. After it the move cannot
// be taken back.
func FinishMove(ctx context.Context, p *gis.Portal, opts FinishOptions) (*Results, error) {
	return finishMove(ctx, p, opts)
}

// UndoMove takes the move of a journal back: everything that it moved returns to the old
// accounts, and targets that it made are deleted. What people changed since then is told and
// left.
func UndoMove(ctx context.Context, p *gis.Portal, opts Options) (*Results, error) {
	return undoMove(ctx, p, opts)
}
