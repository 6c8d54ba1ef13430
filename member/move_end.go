package member

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// ErrNoMove is the error for a journal that holds no account move, or one that was finished or
// taken back.
var ErrNoMove = errors.New("the journal holds no account move")

// FinishOptions say what becomes of the old accounts.
type FinishOptions struct {
	Options
	Delete bool // delete them; otherwise they are disabled
}

// openMove opens the journal of a move that is to be ended. A run that was cut off has to go on
// before it can be finished, but can be taken back.
func openMove(ctx context.Context, p *gis.Portal, path string, undo bool) (*run, []moved, error) {
	r, err := openRun(path)
	if err != nil {
		return nil, nil, err
	}
	fail := func(err error) (*run, []moved, error) { return nil, nil, errors.Join(err, r.close()) }
	key, err := portalKey(ctx, p)
	if err != nil {
		return fail(err)
	}
	switch {
	case r.kind != kindMove || len(r.steps) == 0:
		return fail(fmt.Errorf("%s: %w", path, ErrNoMove))
	case r.unfinished() && !undo:
		return fail(fmt.Errorf("%s: %w", path, ErrUnfinished))
	case r.portal != key:
		return fail(fmt.Errorf("the move was begun on %s, not on %s", r.portal, key))
	}
	list := make([]moved, len(r.did))
	for i, l := range r.did {
		if err := json.Unmarshal(l.Body, &list[i]); err != nil {
			return fail(fmt.Errorf("journal: %w", err))
		}
	}
	return r, list, nil
}

// FinishMove ends the move of a journal: the old accounts leave their groups and are disabled,
// or deleted. Accounts that still own or hold something are kept as they are, and told. When
// none is left the move is over and cannot be taken back any more; until then FinishMove can
// be called again.
func FinishMove(ctx context.Context, p *gis.Portal, opts FinishOptions) (*Results, error) {
	r, _, err := openMove(ctx, p, opts.Journal, false)
	if err != nil {
		return nil, err
	}
	defer r.close()
	pairs, err := stepsOf[Moving](r)
	if err != nil {
		return nil, err
	}
	pairs = slices.DeleteFunc(pairs, func(v Moving) bool { return v.Refusal != "" })
	out := &Results{Rows: make([]Result, len(pairs))}
	m := newMeter(opts.Options)
	m.begin("finish", len(pairs))
	err = each(ctx, opts.workers(), indexes(len(pairs)), func(ctx context.Context, i int) error {
		row := &out.Rows[i]
		*row = Result{Username: pairs[i].From, Action: "disable", Outcome: Done}
		if opts.Delete {
			row.Action = "delete"
		}
		if err := finishOne(ctx, p, &pairs[i], opts.Delete); err != nil {
			if ends(ctx, err) {
				return err
			}
			row.Outcome, row.Reason = Failed, reasonOf(err)
		}
		m.step(row.Username, row.Outcome, row.Reason)
		return nil
	})
	if err == nil && len(out.Bad()) == 0 {
		err = r.append(line{Event: eventClosed})
	}
	return out, err
}

// finishOne ends an old account, unless it has something.
func finishOne(ctx context.Context, p *gis.Portal, v *Moving, remove bool) error {
	u, err := p.Users.Get(ctx, v.From)
	if errors.Is(err, gis.ErrNotFound) && remove {
		return nil // deleted by an earlier call
	}
	if err != nil {
		return err
	}
	folders, _, err := ownedItems(ctx, p, u.Username)
	if err != nil {
		return err
	}
	for _, f := range folders {
		if f.Items > 0 {
			return fmt.Errorf("it still owns %d items in the folder %q", f.Items, f.Title)
		}
	}
	groups, err := groupsOf(ctx, p, u)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if g.Part == gis.MemberOwner {
			return fmt.Errorf("it still owns the group %q", g.Title)
		}
	}
	for _, h := range v.Licenses {
		e, err := p.Licenses.Handle(h.ItemID).Entitlement(ctx, u.Username)
		if err != nil {
			return err
		}
		if len(e.Entitlements) > 0 {
			return fmt.Errorf("it still holds %s", h.Product)
		}
	}
	for _, g := range groups {
		if err := p.Groups.Handle(g.ID).RemoveUsers(ctx, u.Username); err != nil {
			return err
		}
	}
	if remove {
		return u.Delete(ctx)
	}
	if u.Disabled {
		return nil
	}
	return u.Disable(ctx)
}

// UndoMove takes the move of a journal back, the last thing first: everything that it moved
// returns to the old accounts, and targets that it made are deleted if they own nothing else.
// What people changed since then is told and left. Results are in the order of the names. A row without a failure is over; UndoMove
// can be called again for the others.
func UndoMove(ctx context.Context, p *gis.Portal, opts Options) (*Results, error) {
	r, list, err := openMove(ctx, p, opts.Journal, true)
	if err != nil {
		return nil, err
	}
	defer r.close()
	var pairs []*undoer
	of := map[string]*undoer{}
	for _, d := range list {
		u := of[fold(d.From)]
		if u == nil {
			u = &undoer{p: p, from: d.From, to: d.To}
			of[fold(d.From)], pairs = u, append(pairs, u)
		}
		u.list = append(u.list, d)
	}
	slices.SortFunc(pairs, func(a, b *undoer) int { return strings.Compare(fold(a.from), fold(b.from)) })
	f, err := p.Features(ctx)
	if err != nil {
		return nil, err
	}
	m := newMeter(opts)
	m.begin("undo", len(pairs))
	out := &Results{Rows: make([]Result, len(pairs))}
	err = each(ctx, opts.workers(), indexes(len(pairs)), func(ctx context.Context, i int) error {
		u := pairs[i]
		u.bulk = f.HasReassignItems
		if err := u.undo(ctx); err != nil {
			return fmt.Errorf("take back the move of %s: %w", u.from, err)
		}
		out.Rows[i] = Result{Username: u.from, Action: "undo", Outcome: Done, Notes: []string{"from " + u.to}}
		if len(u.why) > 0 {
			out.Rows[i].Outcome, out.Rows[i].Reason = Failed, strings.Join(u.why, "; ")
		}
		m.step(u.from, out.Rows[i].Outcome, out.Rows[i].Reason)
		return nil
	})
	if err == nil && len(out.Bad()) == 0 {
		err = r.append(line{Event: eventClosed})
	}
	return out, err
}

// undoer takes back the move of one account.
type undoer struct {
	p        *gis.Portal
	from, to string
	bulk     bool
	list     []moved
	why      []string
}

func (u *undoer) undo(ctx context.Context) error {
	for _, d := range slices.Backward(u.list) {
		err := u.one(ctx, d)
		if err == nil {
			continue
		}
		if ends(ctx, err) {
			return err
		}
		u.why = append(u.why, d.Op+": "+reasonOf(err))
	}
	return nil
}

func (u *undoer) one(ctx context.Context, d moved) error {
	group := u.p.Groups.Handle(d.Group)
	switch d.Op {
	case opRole:
		return roleAndType(ctx, u.p, u.to, esri.RoleID(d.Word), d.UserType)
	case opJoin:
		return ignoreStranger(ctx, group, u.to, group.RemoveUsers(ctx, u.to))
	case opManage:
		return group.SetRole(ctx, gis.MemberMember, u.to)
	case opOwn:
		return u.own(ctx, group, d)
	case opItems:
		return u.items(ctx, d)
	case opFolder:
		return u.folder(ctx, d.Word)
	case opLicense:
		return u.license(ctx, d)
	case opBundle:
		b := u.p.Licenses.HandleBundle(d.Item)
		if err := b.Revoke(ctx, u.to); err != nil {
			return err
		}
		return b.Assign(ctx, u.from)
	case opMake:
		return u.unmake(ctx)
	}
	return fmt.Errorf("the journal holds an unknown operation %q", d.Op)
}

// ignoreStranger forgives that somebody could not be removed who is no member.
func ignoreStranger(ctx context.Context, g *gis.Group, username string, err error) error {
	if err == nil {
		return nil
	}
	m, merr := g.Members(ctx)
	if merr == nil && !containsFold(m.Users, username) && !containsFold(m.Admins, username) {
		return nil
	}
	return err
}

// own gives a group back, and the part that the target had in it.
func (u *undoer) own(ctx context.Context, group *gis.Group, d moved) error {
	if err := giveGroup(ctx, u.p, group.ID, u.to, u.from); err != nil {
		return err
	}
	if d.Word == "admin" {
		return group.SetRole(ctx, gis.MemberAdmin, u.to)
	}
	return nil
}

// items gives items back into the folder they came from.
func (u *undoer) items(ctx context.Context, d moved) error {
	if d.Word != "" {
		if err := ensureFolder(ctx, u.p, u.from, d.Word); err != nil {
			return err
		}
	}
	var left []string
	var back []*gis.Item
	for _, id := range d.Items {
		it, err := u.p.Content.Get(ctx, id)
		switch {
		case errors.Is(err, gis.ErrNotFound):
			left = append(left, fmt.Sprintf("the item %s is gone", id))
		case err != nil:
			return err
		case strings.EqualFold(it.Owner, u.to):
			back = append(back, it)
		case !strings.EqualFold(it.Owner, u.from):
			left = append(left, fmt.Sprintf("the item %q belongs to %s now", it.Title, it.Owner))
		}
	}
	h := &handover{p: u.p, from: u.to, to: u.from, bulk: u.bulk, before: func(string, []esri.ItemID) error { return nil }, after: func(int) {}}
	if len(back) > 0 {
		stay, err := h.send(ctx, handPart{d.Word, d.Word, back})
		if err != nil {
			return err
		}
		left = append(left, stay...)
	}
	if len(left) > 0 {
		return errors.New(strings.Join(left, "; "))
	}
	return nil
}

// folder deletes a folder that the target got, if it is empty.
func (u *undoer) folder(ctx context.Context, title string) error {
	f, err := u.p.Content.FolderByTitle(ctx, u.to, title)
	if errors.Is(err, gis.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	page, err := u.p.Content.UserPage(ctx, u.to, f.ID, &gis.ItemList{PageSize: 1})
	if err != nil {
		return err
	}
	if len(page.Items) > 0 {
		return fmt.Errorf("the folder %q holds items that were not moved", title)
	}
	return u.p.Content.DeleteFolder(ctx, u.to, f.ID)
}

// license gives a license back.
func (u *undoer) license(ctx context.Context, d moved) error {
	l := u.p.Licenses.Handle(d.Item)
	if err := l.Assign(ctx, d.Before, u.to); err != nil {
		return err
	}
	return l.Assign(ctx, d.Set, u.from)
}

// unmake deletes a target that the move made.
func (u *undoer) unmake(ctx context.Context) error {
	to, err := u.p.Users.Get(ctx, u.to)
	if errors.Is(err, gis.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(u.why) > 0 {
		return errors.New("the account stays, because not everything was taken back")
	}
	return to.Delete(ctx)
}
