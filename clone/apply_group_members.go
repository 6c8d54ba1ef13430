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

// settleMembers makes owner, managers and members of the copy those of the source. It reads
// the state first and between the steps, so that it can be repeated, and returns who is
// missing for want of an account.
func (a *applier) settleMembers(ctx context.Context, g *gis.Group, src *gis.GroupMembers) (missing []string, err error) {
	owner := a.users.get(src.Owner)
	admins, missing := a.mapNames(src.Admins, src.Owner, nil)
	users, missing := a.mapNames(src.Users, src.Owner, missing)
	now, err := g.Members(ctx)
	if err != nil {
		return nil, fmt.Errorf("read members of the copy: %w", err)
	}
	have := memberSet(now)
	var add []string
	for _, n := range slices.Concat([]string{owner}, admins, users) {
		if !have[fold(n)] {
			add = append(add, n)
		}
	}
	if err := batch(g.AddUsers(ctx, add...)); err != nil {
		return nil, fmt.Errorf("add members: %w", err)
	}
	if !strings.EqualFold(now.Owner, owner) {
		if err := g.ReassignTo(ctx, owner); err != nil {
			return nil, fmt.Errorf("hand over to %s: %w", owner, err)
		}
	}
	if now, err = g.Members(ctx); err != nil {
		return nil, fmt.Errorf("read members of the copy: %w", err)
	}
	if err := a.settleRoles(ctx, g, now, owner, admins, users); err != nil {
		return nil, err
	}
	return missing, nil
}

// mapNames maps names, leaves the owner out, and adds people without an account to missing.
func (a *applier) mapNames(names []string, owner string, missing []string) (mapped, without []string) {
	for _, n := range names {
		switch t := a.users.get(n); {
		case strings.EqualFold(n, owner):
		case t == "" && isSystem(n):
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

// settleRoles promotes, demotes and removes until the parts are right.
func (a *applier) settleRoles(ctx context.Context, g *gis.Group, now *gis.GroupMembers, owner string, admins, users []string) error {
	isAdmin, want := map[string]bool{}, map[string]gis.MemberType{fold(owner): gis.MemberOwner}
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
	for _, n := range slices.Sorted(maps.Keys(memberSet(now))) {
		switch w, ok := want[n]; {
		case strings.EqualFold(n, now.Owner):
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
			return fmt.Errorf("make managers: %w", err)
		}
	}
	if len(demote) > 0 {
		if err := g.SetRole(ctx, gis.MemberMember, demote...); err != nil {
			return fmt.Errorf("demote to members: %w", err)
		}
	}
	if len(remove) > 0 {
		if err := batch(g.RemoveUsers(ctx, remove...)); err != nil {
			return fmt.Errorf("remove those who are not in the source group: %w", err)
		}
	}
	return nil
}

// batch turns a batch error with no failures into nil.
func batch(err error) error {
	var b *gis.BatchError
	if errors.As(err, &b) && len(b.Failed) == 0 {
		return nil
	}
	return err
}
