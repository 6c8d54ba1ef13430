package member

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// Apply moves role, user type, memberships, groups, items with their folders, licenses and
// bundles from each account to its target. The old accounts stay, with nothing, until
// [FinishMove]; until then [UndoMove] takes everything back. A journal is required.
//
// What does not move is told, and the pair is failed; planning and applying it again with the
// same journal moves the rest.
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

func resumeMove(ctx context.Context, p *gis.Portal, r *run, opts Options) (*Results, error) {
	pairs, err := stepsOf[Moving](r)
	if err != nil {
		return nil, err
	}
	return applyMove(ctx, p, r, pairs, opts)
}

func applyMove(ctx context.Context, p *gis.Portal, r *run, pairs []Moving, opts Options) (*Results, error) {
	f, err := p.Features(ctx)
	if err != nil {
		return nil, err
	}
	total := 0
	for i := range pairs {
		total += pairs[i].Items
	}
	m := newMeter(opts)
	m.begin("move", total)
	err = each(ctx, opts.workers(), indexes(len(pairs)), func(ctx context.Context, i int) error {
		if _, over := r.over(i); over || pairs[i].Refusal != "" {
			return nil
		}
		mover := &mover{p: p, r: r, n: i, v: &pairs[i], m: m, bulk: f.HasReassignItems, workers: opts.workers()}
		if err := mover.move(ctx); err != nil {
			return fmt.Errorf("move %s: %w", pairs[i].From, err)
		}
		o := Done
		if len(mover.why) > 0 {
			o = Failed
		}
		return r.outcome(o, strings.Join(mover.why, "; "), i)
	})
	out := &Results{}
	for i := range pairs {
		out.Rows = append(out.Rows, r.told(i, pairs[i].result()))
	}
	if err != nil {
		return out, err
	}
	return out, r.finish()
}

// mover moves one account.
type mover struct {
	p       *gis.Portal
	r       *run
	n       int
	v       *Moving
	m       *meter
	bulk    bool
	workers int
	to      *gis.User // the target as it was read

	mu  sync.Mutex
	why []string // what did not move
}

// try notes a failure; only what ends the run is answered.
func (mv *mover) try(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	if ends(ctx, err) {
		return err
	}
	mv.mu.Lock()
	defer mv.mu.Unlock()
	if what != "" {
		what += ": "
	}
	mv.why = append(mv.why, what+reasonOf(err))
	return nil
}

// move carries out each part. Each may have been done before the run was cut off.
func (mv *mover) move(ctx context.Context) error {
	for _, part := range []func(context.Context) error{mv.account, mv.groups, mv.items, mv.licenses, mv.bundles} {
		if err := part(ctx); err != nil {
			return err
		}
		if mv.to == nil {
			return nil // there is no target: nothing else can be done
		}
	}
	return nil
}

// record writes down what is about to be done, for taking it back.
func (mv *mover) record(d moved) error {
	d.From, d.To = mv.v.From, accountName(mv.v.To)
	return mv.r.record(mv.n, d)
}

// account makes the target if it is not there, and gives it the role and user type.
func (mv *mover) account(ctx context.Context) error {
	to, err := mv.p.Users.Get(ctx, accountName(mv.v.To))
	if errors.Is(err, gis.ErrNotFound) && mv.v.Make {
		if err := mv.record(moved{Op: opMake}); err != nil {
			return err
		}
		if err := mv.make(ctx); err != nil {
			return mv.try(ctx, "make "+mv.v.To, err)
		}
		to, err = mv.p.Users.Get(ctx, accountName(mv.v.To))
	}
	if err != nil {
		return mv.try(ctx, "read "+mv.v.To, err)
	}
	mv.to = to
	role, kind := mv.v.Role, mv.v.UserType
	if kind == to.UserLicenseTypeID {
		kind = ""
	}
	if role == to.EffectiveRole() {
		role = ""
	}
	if role == "" && kind == "" {
		return nil
	}
	if err := mv.record(moved{Op: opRole, Word: string(to.EffectiveRole()), UserType: to.UserLicenseTypeID}); err != nil {
		return err
	}
	return mv.try(ctx, "", roleAndType(ctx, mv.p, to.Username, role, kind))
}

// make makes the target with the profile of the source.
func (mv *mover) make(ctx context.Context) error {
	from, err := mv.p.Users.Get(ctx, mv.v.From)
	if err != nil {
		return err
	}
	first, last := splitName(from)
	idp := mv.v.IDPUsername
	if idp == "" {
		idp = mv.v.To
	}
	made, err := mv.p.Users.Create(ctx, gis.UserSpec{
		Username: mv.v.To, FirstName: first, LastName: last, Email: from.Email, Description: from.Description,
		Role: mv.v.Role, UserType: mv.v.UserType, Provider: "enterprise", IDPUsername: idp,
	})
	if gis.Ambiguous(err) {
		if there, gerr := mv.p.Users.Get(ctx, accountName(mv.v.To)); gerr == nil {
			made, err = there, nil
		}
	}
	if err != nil {
		return err
	}
	return made.Update(ctx, gis.UserUpdate{
		Access: &from.Access, Culture: &from.Culture, Region: &from.Region, Units: &from.Units, Tags: &from.Tags,
		PreferredView: &from.PreferredView,
	})
}

// groups makes the target a member of the groups, as manager and owner where the source is.
func (mv *mover) groups(ctx context.Context) error {
	for _, g := range mv.v.Groups {
		if err := mv.try(ctx, fmt.Sprintf("group %q", g.Title), mv.group(ctx, g)); err != nil {
			return err
		}
	}
	return nil
}

func (mv *mover) group(ctx context.Context, g OwnedGroup) error {
	group := mv.p.Groups.Handle(g.ID)
	members, err := group.Members(ctx)
	if err != nil {
		return err
	}
	if strings.EqualFold(members.Owner, mv.to.Username) {
		return nil
	}
	isAdmin := containsFold(members.Admins, mv.to.Username)
	isMember := isAdmin || containsFold(members.Users, mv.to.Username)
	if !isMember {
		if err := mv.record(moved{Op: opJoin, Group: g.ID}); err != nil {
			return err
		}
		if err := group.AddUsers(ctx, mv.to.Username); err != nil {
			return err
		}
	}
	switch {
	case g.Part == gis.MemberAdmin && !isAdmin:
		if err := mv.record(moved{Op: opManage, Group: g.ID}); err != nil {
			return err
		}
		return group.SetRole(ctx, gis.MemberAdmin, mv.to.Username)
	case g.Part == gis.MemberOwner && strings.EqualFold(members.Owner, mv.v.From):
		if err := mv.record(moved{Op: opOwn, Group: g.ID, Word: map[bool]string{true: "admin", false: "member"}[isAdmin]}); err != nil {
			return err
		}
		return group.ReassignTo(ctx, mv.to.Username)
	}
	return nil
}

// items makes the folders of the source, empty ones too, and gives the items.
func (mv *mover) items(ctx context.Context) error {
	have, err := mv.p.Content.Folders(ctx, mv.to.Username)
	if err != nil {
		return mv.try(ctx, "folders", err)
	}
	for _, f := range mv.v.Folders {
		if f.Title == "" || slices.ContainsFunc(have, func(h *gis.Folder) bool { return strings.EqualFold(h.Title, f.Title) }) {
			continue
		}
		if err := mv.record(moved{Op: opFolder, Word: f.Title}); err != nil {
			return err
		}
		if err := mv.try(ctx, fmt.Sprintf("folder %q", f.Title), ensureFolder(ctx, mv.p, mv.to.Username, f.Title)); err != nil {
			return err
		}
	}
	h := &handover{
		p: mv.p, from: mv.v.From, to: mv.to.Username, workers: mv.workers, bulk: mv.bulk,
		title: func(folder string) string { return folder },
		before: func(folder string, ids []esri.ItemID) error {
			return mv.record(moved{Op: opItems, Word: folder, Items: ids})
		},
		after: func(n int) {
			for range n {
				mv.m.step(mv.v.From, Done, "")
			}
		},
	}
	stay, err := h.run(ctx)
	mv.why = append(mv.why, stay...)
	if err != nil {
		return mv.try(ctx, "items", err)
	}
	return nil
}
