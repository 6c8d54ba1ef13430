package member

import (
	"context"

	"github.com/rhumb-gis/rhumb/gis"
)

// Offboard says how members leave.
type Offboard struct {
	Members Select
	// Successor receives what the members own: items, with their folders as <member>_<folder>,
	// and groups.
	Successor string
	// Delete deletes the accounts in the end. Otherwise they are disabled.
	Delete bool
	// JoinGroups makes the successor a member of groups where this is needed to own items that
	// are shared with them alone. Otherwise such items are told and the account stays.
	JoinGroups bool
}

// Leaving is what is to become of one member.
type Leaving struct {
	Username string         `json:"username"`
	FullName string         `json:"fullName"`
	Items    int            `json:"items"`
	Bytes    int64          `json:"bytes"`
	Folders  []OwnedFolder  `json:"folders"` // with items
	Groups   []OwnedGroup   `json:"groups"`  // owned
	Licenses []HeldLicense  `json:"licenses"`
	Bundles  []HeldBundle   `json:"bundles"`
	Refusal  string         `json:"refusal,omitempty"`
	Request  *OffboardShare `json:"request"`
}

// OffboardShare is what the steps of a plan have in common.
type OffboardShare struct {
	Successor  string `json:"successor"`
	Delete     bool   `json:"delete"`
	JoinGroups bool   `json:"joinGroups"`
}

// OffboardPlan is what an off-boarding will do.
type OffboardPlan struct {
	Members []Leaving
	p       *gis.Portal
}

// PlanOffboard reads what the members own and hold and plans their leaving. It writes nothing.
func PlanOffboard(ctx context.Context, p *gis.Portal, o Offboard, opts Options) (*OffboardPlan, error) {
	return planOffboard(ctx, p, o, opts)
}

// Preview tells what the plan will do.
func (pl *OffboardPlan) Preview() *Results { return previewOffboard(pl.Members) }

// Apply carries out the plan, for each member in this order: sign-in is disabled, groups and
// items go to the successor, licenses and bundles are revoked, and at last the account is
// deleted if that is wanted. Where a part fails the member's account stays disabled and is not
// deleted.
func (pl *OffboardPlan) Apply(ctx context.Context, opts Options) (*Results, error) {
	r, err := beginRun(ctx, pl.p, opts.Journal, kindOffboard, pl.Members)
	if err != nil {
		return nil, err
	}
	defer r.close()
	return applyOffboard(ctx, pl.p, r, pl.Members, opts)
}
