package member

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
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
func ReadPairs(r io.Reader) ([]Pair, error) {
	text, _, err := readText(r)
	if err != nil {
		return nil, err
	}
	rows := readTable(text)
	if len(rows) == 0 {
		return nil, errors.New("the file is empty")
	}
	at := map[string]int{}
	for i, h := range rows[0].cells {
		at[squeeze(h)] = i
	}
	from, hasFrom := at["source"]
	to, hasTo := at["target"]
	if !hasFrom || !hasTo {
		return nil, errors.New("the first row has to name the columns Source and Target")
	}
	var out []Pair
	for _, row := range rows[1:] {
		if row.err != nil {
			return nil, row.err
		}
		cell := func(i int) string {
			if i < len(row.cells) {
				return row.cells[i]
			}
			return ""
		}
		one := Pair{From: cell(from), To: cell(to), Line: row.line}
		if i, ok := at[squeeze(colIDP)]; ok {
			one.IDPUsername = cell(i)
		}
		out = append(out, one)
	}
	return out, nil
}

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
	Role     esri.RoleID   `json:"role"` // of the source
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

// PlanMove reads what the accounts own and hold and plans their move, seats of user types
// counted. It writes nothing.
func PlanMove(ctx context.Context, p *gis.Portal, mv Move, opts Options) (*MovePlan, error) {
	if len(mv.Pairs) == 0 {
		return nil, errors.New("no accounts are named that move")
	}
	words, err := readVocabulary(ctx, p)
	if err != nil {
		return nil, err
	}
	members, taken := map[string]bool{}, map[string]int{}
	for u, err := range p.Users.ListAll(ctx, &gis.UserListAll{Ahead: opts.workers(), WithSystem: true}) {
		if err != nil {
			return nil, fmt.Errorf("read the members: %w", err)
		}
		members[fold(u.Username)] = true
		taken[u.UserLicenseTypeID]++
	}
	seats, err := userTypeSeats(ctx, p, words, taken)
	if err != nil {
		return nil, err
	}
	held, err := readHoldings(ctx, p, opts)
	if err != nil {
		return nil, err
	}
	pl := &MovePlan{p: p, Pairs: make([]Moving, len(mv.Pairs))}
	m := newMeter(opts)
	m.begin("plan", len(pl.Pairs))
	err = each(ctx, opts.workers(), indexes(len(pl.Pairs)), func(ctx context.Context, i int) error {
		v := &pl.Pairs[i]
		*v = Moving{Pair: mv.Pairs[i], Make: !members[fold(accountName(mv.Pairs[i].To))]}
		if err := v.read(ctx, p, held, mv); err != nil {
			return err
		}
		m.step(v.From, Done, v.Refusal)
		return nil
	})
	if err != nil {
		return nil, err
	}
	pl.settle(seats)
	return pl, nil
}

// read fills in what the account owns and holds.
func (v *Moving) read(ctx context.Context, p *gis.Portal, held *holdings, mv Move) error {
	me, err := p.Username(ctx)
	if err != nil {
		return err
	}
	switch {
	case v.From == "" || v.To == "":
		v.Refusal = "a source and a target are needed"
	case strings.EqualFold(v.From, accountName(v.To)):
		v.Refusal = "source and target are the same account"
	case strings.EqualFold(v.From, me):
		v.Refusal = "this is the account that is signed in: let another administrator move it"
	case v.Make && !mv.Create:
		v.Refusal = fmt.Sprintf("there is no account %s: have targets made, or make it first", v.To)
	}
	if v.Refusal != "" {
		return nil
	}
	u, err := p.Users.Get(ctx, v.From)
	switch {
	case errors.Is(err, gis.ErrNotFound):
		v.Refusal = "there is no account of this name"
		return nil
	case err != nil:
		return fmt.Errorf("read the account %s: %w", v.From, err)
	case u.IsSystem():
		v.Refusal = "this is an account of the portal itself"
		return nil
	case u.EffectiveRole() == gis.RoleAdmin && !mv.AllowAdmins:
		v.Refusal = fmt.Sprintf("it is an administrator, and %s would become one: allow it for administrators", v.To)
		return nil
	}
	v.From, v.Role, v.UserType = u.Username, u.EffectiveRole(), u.UserLicenseTypeID
	if v.Folders, _, err = ownedItems(ctx, p, u.Username); err != nil {
		return err
	}
	for _, f := range v.Folders {
		v.Items += f.Items
	}
	if v.Groups, err = groupsOf(ctx, p, u); err != nil {
		return err
	}
	var out []string
	v.Licenses, v.Bundles, out = held.of(u.Username)
	if len(out) > 0 {
		v.Refusal = strings.Join(out, ", ") + "; it has to be checked in, or released, first"
	}
	return nil
}

// settle counts the seats of user types, which sources keep until the move is finished, and
// refuses accounts that stand twice.
func (pl *MovePlan) settle(seats map[string]*counter) {
	seen := map[string]int{}
	for i := range pl.Pairs {
		v := &pl.Pairs[i]
		for _, name := range []string{v.From, accountName(v.To)} {
			if first, twice := seen[fold(name)]; twice && v.Refusal == "" {
				v.Refusal = fmt.Sprintf("%s stands in pair %d already", name, first+1)
			}
		}
		seen[fold(v.From)], seen[fold(accountName(v.To))] = i, i
		if c := seats[v.UserType]; v.Refusal == "" && v.Make && c != nil {
			if err := c.take(); err != nil {
				v.Refusal = err.Error() + "; the old account keeps its seat until the move is finished"
			}
		}
	}
}

func (v *Moving) result() Result {
	r := Result{Line: v.Line, Username: v.From, Action: "move", Outcome: Done, Notes: []string{"to " + v.To}}
	if v.Refusal != "" {
		r.Outcome, r.Reason = Refused, v.Refusal
		return r
	}
	if v.Make {
		r.Notes = append(r.Notes, "make "+v.To)
	}
	r.Notes = append(r.Notes, fmt.Sprintf("%d items in %d folders", v.Items, len(v.Folders)))
	parts := map[gis.MemberType]int{}
	for _, g := range v.Groups {
		parts[g.Part]++
	}
	r.Notes = append(r.Notes, fmt.Sprintf("%d groups owned, %d managed, %d joined", parts[gis.MemberOwner], parts[gis.MemberAdmin], parts[gis.MemberMember]))
	for _, h := range v.Licenses {
		r.Notes = append(r.Notes, fmt.Sprintf("%s (%s)", h.Product, listed(h.Entitlements)))
	}
	for _, b := range v.Bundles {
		r.Notes = append(r.Notes, "app bundle "+b.Name)
	}
	return r
}

// Preview tells what the plan will do.
func (pl *MovePlan) Preview() *Results {
	out := &Results{}
	for i := range pl.Pairs {
		out.Rows = append(out.Rows, pl.Pairs[i].result())
	}
	return out
}
