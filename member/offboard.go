package member

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/rhumb-gis/rhumb/esri"
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
	// are shared with them alone. Otherwise such items stay, and the account with them.
	JoinGroups bool
}

// Leaving is what is to become of one member.
type Leaving struct {
	Username   string        `json:"username"`
	FullName   string        `json:"fullName"`
	Successor  string        `json:"successor"`
	Delete     bool          `json:"delete"`
	JoinGroups bool          `json:"joinGroups"`
	Items      int           `json:"items"`
	Bytes      int64         `json:"bytes"`
	Folders    []OwnedFolder `json:"folders"` // with items
	Groups     []OwnedGroup  `json:"groups"`  // owned ones
	Licenses   []HeldLicense `json:"licenses"`
	Bundles    []HeldBundle  `json:"bundles"`
	Refusal    string        `json:"refusal,omitempty"`
}

// OffboardPlan is what an off-boarding will do.
type OffboardPlan struct {
	Members []Leaving
	p       *gis.Portal
}

// PlanOffboard reads what the members own and hold and plans their leaving. It writes nothing.
func PlanOffboard(ctx context.Context, p *gis.Portal, o Offboard, opts Options) (*OffboardPlan, error) {
	picks, err := o.Members.resolve(ctx, p)
	if err != nil {
		return nil, err
	}
	if o.Successor == "" {
		return nil, errors.New("name a successor, who receives what the members own")
	}
	successor, err := p.Users.Get(ctx, o.Successor)
	if err != nil {
		return nil, fmt.Errorf("the successor %s: %w", o.Successor, err)
	}
	if successor.Disabled {
		return nil, fmt.Errorf("the successor %s is disabled", o.Successor)
	}
	me, err := p.Username(ctx)
	if err != nil {
		return nil, err
	}
	held, err := readHoldings(ctx, p, opts)
	if err != nil {
		return nil, err
	}
	pl := &OffboardPlan{p: p, Members: make([]Leaving, len(picks))}
	m := newMeter(opts)
	m.begin("plan", len(picks))
	err = each(ctx, opts.workers(), indexes(len(picks)), func(ctx context.Context, i int) error {
		l := &pl.Members[i]
		*l = Leaving{Username: picks[i].username, Successor: successor.Username, Delete: o.Delete, JoinGroups: o.JoinGroups}
		switch {
		case strings.EqualFold(l.Username, me):
			l.Refusal = "this is the account that is signed in"
		case strings.EqualFold(l.Username, successor.Username):
			l.Refusal = "this is the successor"
		default:
			if err := l.read(ctx, p, held); err != nil {
				return err
			}
		}
		m.step(l.Username, Done, l.Refusal)
		return nil
	})
	return pl, err
}

// read fills in what the member owns and holds.
func (l *Leaving) read(ctx context.Context, p *gis.Portal, held *holdings) error {
	u, err := p.Users.Get(ctx, l.Username)
	switch {
	case errors.Is(err, gis.ErrNotFound):
		l.Refusal = "there is no member of this name"
		return nil
	case err != nil:
		return fmt.Errorf("read the member %s: %w", l.Username, err)
	case u.IsSystem():
		l.Refusal = "this is an account of the portal itself"
		return nil
	}
	l.Username, l.FullName = u.Username, u.FullName
	folders, items, err := ownedItems(ctx, p, u.Username)
	if err != nil {
		return err
	}
	for i, f := range folders {
		if f.Items > 0 {
			l.Folders = append(l.Folders, f)
		}
		for _, it := range items[i] {
			l.Items++
			l.Bytes += max(it.Size, 0)
		}
	}
	groups, err := groupsOf(ctx, p, u)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if g.Part == gis.MemberOwner {
			l.Groups = append(l.Groups, g)
		}
	}
	var out []string
	l.Licenses, l.Bundles, out = held.of(u.Username)
	if len(out) > 0 {
		l.Refusal = strings.Join(out, ", ") + "; it has to be checked in, or released, first"
	}
	return nil
}

func (l *Leaving) result() Result {
	r := Result{Username: l.Username, Action: "disable", Outcome: Done}
	if l.Delete {
		r.Action = "delete"
	}
	if l.Refusal != "" {
		r.Outcome, r.Reason = Refused, l.Refusal
		return r
	}
	if l.Items > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d items in %d folders to %s", l.Items, len(l.Folders), l.Successor))
	}
	for _, g := range l.Groups {
		r.Notes = append(r.Notes, fmt.Sprintf("group %q to %s", g.Title, l.Successor))
	}
	for _, h := range l.Licenses {
		r.Notes = append(r.Notes, fmt.Sprintf("revoke %s (%s)", h.Product, listed(h.Entitlements)))
	}
	for _, b := range l.Bundles {
		r.Notes = append(r.Notes, "revoke the app bundle "+b.Name)
	}
	return r
}

// Preview tells what the plan will do.
func (pl *OffboardPlan) Preview() *Results {
	out := &Results{}
	for i := range pl.Members {
		out.Rows = append(out.Rows, pl.Members[i].result())
	}
	return out
}

// Apply carries out the plan, for each member in this order: sign-in is disabled, groups and
// items go to the successor, licenses and bundles are revoked, and at last the account is
// deleted if that is wanted. Where a part fails, the account stays disabled and is not deleted.
func (pl *OffboardPlan) Apply(ctx context.Context, opts Options) (*Results, error) {
	r, err := beginRun(ctx, pl.p, opts.Journal, kindOffboard, pl.Members)
	if err != nil {
		return nil, err
	}
	defer r.close()
	return applyOffboard(ctx, pl.p, r, pl.Members, opts)
}

func resumeOffboard(ctx context.Context, p *gis.Portal, r *run, opts Options) (*Results, error) {
	members, err := stepsOf[Leaving](r)
	if err != nil {
		return nil, err
	}
	return applyOffboard(ctx, p, r, members, opts)
}

func applyOffboard(ctx context.Context, p *gis.Portal, r *run, members []Leaving, opts Options) (*Results, error) {
	f, err := p.Features(ctx)
	if err != nil {
		return nil, err
	}
	m := newMeter(opts)
	m.begin("offboard", len(members))
	err = each(ctx, opts.workers(), indexes(len(members)), func(ctx context.Context, i int) error {
		if _, over := r.over(i); over || members[i].Refusal != "" {
			return nil
		}
		why, err := members[i].leave(ctx, p, f.HasReassignItems, opts.workers())
		if err != nil {
			return err
		}
		o := Done
		if len(why) > 0 {
			o = Failed
		}
		text := strings.Join(why, "; ")
		m.step(members[i].Username, o, text)
		return r.outcome(o, text, i)
	})
	out := &Results{}
	for i := range members {
		out.Rows = append(out.Rows, r.told(i, members[i].result()))
	}
	if err != nil {
		return out, err
	}
	return out, r.finish()
}

// told adds to what a step was to do what became of it.
func (r *run) told(n int, row Result) Result {
	if l, over := r.over(n); over {
		row.Outcome, row.Reason = l.Outcome, l.Reason
	} else if row.Outcome == Done {
		row.Outcome, row.Reason = Failed, "the run ended before it was done; it goes on with the same journal"
	}
	return row
}

// leave carries out the leaving of one member. Each part may have been done before. What did
// not work is answered.
func (l *Leaving) leave(ctx context.Context, p *gis.Portal, bulk bool, workers int) (why []string, err error) {
	var mu sync.Mutex
	try := func(what string, err error) error {
		if err == nil {
			return nil
		}
		if ends(ctx, err) {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		why = append(why, what+": "+reasonOf(err))
		return nil
	}
	u, err := p.Users.Get(ctx, l.Username)
	if errors.Is(err, gis.ErrNotFound) {
		return nil, nil // deleted before the run was cut off
	}
	if err != nil {
		return nil, fmt.Errorf("read the member %s: %w", l.Username, err)
	}
	if !u.Disabled {
		if err := try("disable", u.Disable(ctx)); err != nil {
			return nil, err
		}
	}
	for _, g := range l.Groups {
		if err := try(fmt.Sprintf("group %q", g.Title), giveGroup(ctx, p, g.ID, l.Username, l.Successor)); err != nil {
			return nil, err
		}
	}
	stay, err := l.handover(p, bulk, workers).run(ctx)
	if err != nil {
		return nil, err
	}
	why = append(why, stay...)
	for _, held := range l.Licenses {
		if err := try("revoke "+held.Product, p.Licenses.Handle(held.ItemID).Revoke(ctx, l.Username)); err != nil {
			return nil, err
		}
	}
	for _, b := range l.Bundles {
		if err := try("revoke the app bundle "+b.Name, p.Licenses.HandleBundle(b.ItemID).Revoke(ctx, l.Username)); err != nil {
			return nil, err
		}
	}
	if l.Delete && len(why) == 0 {
		err = try("delete", u.Delete(ctx))
	}
	return why, err
}

// handover gives the items to the successor, into folders named after the member and his own.
func (l *Leaving) handover(p *gis.Portal, bulk bool, workers int) *handover {
	return &handover{
		p: p, from: l.Username, to: l.Successor, workers: workers, bulk: bulk, join: l.JoinGroups,
		title: func(folder string) string {
			if folder == "" {
				folder = "root"
			}
			return l.Username + "_" + folder
		},
		before: func(string, []esri.ItemID) error { return nil },
		after:  func(int) {},
	}
}

// giveGroup gives a group to another owner, unless it has one.
func giveGroup(ctx context.Context, p *gis.Portal, id esri.GroupID, from, to string) error {
	g, err := p.Groups.Get(ctx, id)
	if err != nil {
		return err
	}
	if !strings.EqualFold(g.Owner, from) {
		return nil
	}
	return g.ReassignTo(ctx, to)
}
