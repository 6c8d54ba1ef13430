package member

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// ImportOptions say how members are made from a file.
type ImportOptions struct {
	Options
	// UpdateExisting brings members who are there already in line with their rows: role, user
	// type, names, licenses, and memberships, folders and bundles that are missing. Without it,
	// such a row is refused unless nothing differs. Members whom an earlier run with the same
	// journal began are always completed.
	UpdateExisting bool
	// PasswordsOut is a file that must not exist, in which each new member without a password
	// gets a random one, to be changed at the first sign-in. Where the portal invites, nobody
	// needs one.
	PasswordsOut string
	Mail         gis.InviteMail // of invitations
	Role         string         // id or name, for rows without one; default: org_user
	UserType     string         // id or name, for rows without one; default: the portal's
}

// Actions of an import.
const (
	ActionCreate = "create" // made with a password, or as an account of a directory
	ActionInvite = "invite" // made by an invitation
	ActionUpdate = "update"
)

// ImportRow is what is to become of one row of the file.
type ImportRow struct {
	Record Record
	Action string   // create, invite, update; empty: nothing differs
	Why    []string // every reason why nothing is done
	Steps  []string // what is to be done, for people

	exists   *gis.User // nil: to be made
	role     esri.RoleID
	userType string
	set      map[esri.ItemID]Change
	bundles  []*BundleUse
	groups   []*groupUse
	manages  []*groupUse
	folders  []string
	profile  *gis.UserUpdate
	disable  *bool
	expire   bool // the one-time password of an account that a run made before it was cut off
}

func (r *ImportRow) refuse(format string, args ...any) {
	r.Why = append(r.Why, fmt.Sprintf(format, args...))
}

func (r *ImportRow) result() Result {
	out := Result{Line: r.Record.Line, Username: r.Record.Username, Action: r.Action, Outcome: Done, Notes: r.Steps}
	switch {
	case len(r.Why) > 0:
		out.Outcome, out.Reason, out.Action = Refused, strings.Join(r.Why, "; "), ""
	case r.Action == "":
		out.Outcome = Unchanged
	}
	return out
}

// ImportPlan is what an import will do.
type ImportPlan struct {
	Rows     []ImportRow
	Warnings []string

	p     *gis.Portal
	sheet *Sheet
	opts  ImportOptions
	known *importState
}

// Preview tells what the plan will do, as [ImportPlan.Apply] tells what it did.
func (pl *ImportPlan) Preview() *Results {
	out := &Results{Notes: pl.Warnings}
	for i := range pl.Rows {
		out.Rows = append(out.Rows, pl.Rows[i].result())
	}
	return out
}

// PlanImport holds every row of the file against the portal and plans what is to be done, seats
// counted in the order of the rows. It writes nothing: for a file that is only to be checked,
// this is all. Rows that cannot be served are in the plan with every reason. A journal that is
// named in opts is read for members whom an earlier run began.
func PlanImport(ctx context.Context, p *gis.Portal, s *Sheet, opts ImportOptions) (*ImportPlan, error) {
	if len(s.Records) == 0 {
		return nil, errors.New("the file holds no members, only the names of columns")
	}
	pl := &ImportPlan{p: p, sheet: s, opts: opts, Warnings: append([]string{}, s.Warnings...)}
	known, err := readImportState(ctx, p, s, opts)
	if err != nil {
		return nil, err
	}
	pl.known = known
	pl.Rows = make([]ImportRow, len(s.Records))
	for i := range s.Records {
		pl.Rows[i] = known.plan(s.Records[i])
	}
	known.settle(pl.Rows)
	return pl, nil
}

// Import plans an import and applies it: see [PlanImport] and [ImportPlan.Apply].
func Import(ctx context.Context, p *gis.Portal, s *Sheet, opts ImportOptions) (*Results, error) {
	pl, err := PlanImport(ctx, p, s, opts)
	if err != nil {
		return nil, err
	}
	return pl.Apply(ctx)
}
