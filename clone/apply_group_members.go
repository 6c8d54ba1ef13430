package clone

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// outcomeOfMembers is what the settling of a group's members came to.
type outcomeOfMembers struct {
	changed bool
	missing []string // have no account on the target
	refused []string // the portal did not add them
}

// settleMembers makes owner, managers and members of the copy those of the source. It reads
// the state first and between the steps, so that it can be repeated. People whom the portal does
// not add are told, and keep nobody else out.
func (a *applier) settleMembers(ctx context.Context, g *gis.Group, src *gis.GroupMembers) (out outcomeOfMembers, err error) {
	owner := a.users.get(src.Owner)
	admins, missing := a.mapNames(src.Admins, src.Owner, nil)
	users, missing := a.mapNames(src.Users, src.Owner, missing)
	out.missing = missing
	now, err := g.Members(ctx)
	if err != nil {
		return out, fmt.Errorf("read members of the copy: %w", err)
	}
	have := memberSet(now)
	var add []string
	for _, n := range slices.Concat([]string{owner}, admins, users) {
		if !have[fold(n)] {
			add = append(add, n)
		}
	}
	if len(add) > 0 {
		out.changed = true
		if out.refused, err = refusals(g.AddUsers(ctx, add...)); err != nil {
			return out, fmt.Errorf("add members: %w", err)
		}
	}
	if !strings.EqualFold(now.Owner, owner) {
		out.changed = true
		if err := g.ReassignTo(ctx, owner); err != nil {
			return out, fmt.Errorf("hand over to %s: %w", owner, err)
		}
	}
	if out.changed {
		if now, err = g.Members(ctx); err != nil {
			return out, fmt.Errorf("read members of the copy: %w", err)
		}
	}
	turned, err := a.settleRoles(ctx, g, now, owner, admins, users)
	out.changed = out.changed || turned
	return out, err
}

// err is the error of a group whose members are not all there.
func (o outcomeOfMembers) err() error {
	var errs []error
	if len(o.refused) > 0 {
		errs = append(errs, errors.New("the portal did not add these members: "+strings.Join(o.refused, ", ")))
	}
	if len(o.missing) > 0 {
		errs = append(errs, blocked("it was made without these members, who have no account on the target: "+strings.Join(o.missing, ", ")))
	}
	return errors.Join(errs...)
}

// refusals splits the answer of a batch into those whom the portal refused, each with its
// reason, and an error of the whole.
func refusals(err error) ([]string, error) {
	var b *gis.BatchError
	if !errors.As(err, &b) {
		return nil, err
	}
	var names []string
	for _, f := range b.Failed {
		names = append(names, fmt.Sprintf("%s (%v)", f.ID, f.Err))
	}
	slices.Sort(names)
	return names, nil
}

// mapNames maps names, leaves the owner out, and adds people without an account to missing.
func (a *applier) mapNames(names []string, owner string, missing []string) (mapped, without []string) {
	for _, n := range names {
		switch t := a.users.get(n); {
		case strings.EqualFold(n, owner):
		case t == "" && isSystem(n):
		case t == "" && a.unselected(n):
		case t == "":
			missing = append(missing, n)
		default:
			mapped = append(mapped, t)
		}
	}
	return mapped, missing
}

func memberSet(m *gis.GroupMembers) map[string]bool {
	set := map[string]bool{fold(m.Owner): true}
	for _, n := range slices.Concat(m.Admins, m.Users) {
		set[fold(n)] = true
	}
	return set
}

// settleRoles promotes, demotes and removes until the parts are right, and reports whether they
// were otherwise. Accounts of the portal itself stay where they are.
func (a *applier) settleRoles(ctx context.Context, g *gis.Group, now *gis.GroupMembers, owner string, admins, users []string) (changed bool, err error) {
	have, isAdmin, want := memberSet(now), map[string]bool{}, map[string]gis.MemberType{fold(owner): gis.MemberOwner}
	for _, n := range now.Admins {
		isAdmin[fold(n)] = true
	}
	for _, n := range users {
		want[fold(n)] = gis.MemberMember
	}
	for _, n := range admins {
		want[fold(n)] = gis.MemberAdmin
	}
	var promote, demote, remove []string
	for _, n := range slices.Sorted(maps.Keys(have)) {
		switch w, ok := want[n]; {
		case strings.EqualFold(n, now.Owner), isSystem(n):
		case !ok:
			remove = append(remove, n)
		case w == gis.MemberAdmin && !isAdmin[n]:
			promote = append(promote, n)
		case w == gis.MemberMember && isAdmin[n]:
			demote = append(demote, n)
		}
	}
	if len(promote) > 0 {
		if err := g.SetRole(ctx, gis.MemberAdmin, promote...); err != nil {
			return true, fmt.Errorf("make managers: %w", err)
		}
	}
	if len(demote) > 0 {
		if err := g.SetRole(ctx, gis.MemberMember, demote...); err != nil {
			return true, fmt.Errorf("demote to members: %w", err)
		}
	}
	if len(remove) > 0 {
		if err := batch(g.RemoveUsers(ctx, remove...)); err != nil {
			return true, fmt.Errorf("remove those who are not in the source group: %w", err)
		}
	}
	return len(promote)+len(demote)+len(remove) > 0, nil
}

// batch turns a batch error with no failures into nil.
func batch(err error) error {
	var b *gis.BatchError
	if errors.As(err, &b) && len(b.Failed) == 0 {
		return nil
	}
	return err
}
