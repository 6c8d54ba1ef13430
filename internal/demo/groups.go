package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// makeGroups makes the groups that the portal lacks. Their texts refer to items alone, so the
// ids of the groups themselves need not be known.
func (s *seeder) makeGroups(ctx context.Context) error {
	rw, err := s.rewriter()
	if err != nil {
		return err
	}
	have := map[string]*gis.Group{}
	for g, err := range s.p.Groups.SearchAll(ctx, "", nil) {
		if err != nil {
			return fmt.Errorf("list groups: %w", err)
		}
		have[strings.ToLower(g.Title)] = g
	}
	return each(ctx, s, s.Groups, func(e *groupEntry) string { return "group " + e.Title }, func(ctx context.Context, e *groupEntry) error {
		g := have[strings.ToLower(e.Title)]
		if g == nil {
			var err error
			if g, err = s.createGroup(ctx, e, rw); err != nil {
				return err
			}
		}
		s.mu.Lock()
		s.groups[e.Title] = g.ID
		s.mu.Unlock()
		return s.completeGroup(ctx, e, g)
	})
}

func (s *seeder) createGroup(ctx context.Context, e *groupEntry, rw *remap.Rewriter) (*gis.Group, error) {
	spec := gis.GroupSpec{
		Title: e.Title, Tags: e.Tags, TypeKeywords: e.TypeKeywords, Access: gis.Access(e.Access), Snippet: e.Snippet, Phone: e.Phone,
		InvitationOnly: e.InvitationOnly, ViewOnly: e.ViewOnly, AutoJoin: e.AutoJoin, LeavingDisallowed: e.LeavingDisallowed,
		HiddenMembers: e.HiddenMembers, SharedUpdate: e.SharedUpdate, SortField: e.SortField, SortOrder: gis.SortOrder(e.SortOrder),
		MembershipAccess: e.MembershipAccess, ItemTypes: e.ItemTypes,
	}
	spec.Description, _ = rw.String(e.Description)
	var err error
	if len(e.Properties) > 0 {
		if spec.Properties, _, err = rw.JSON(e.Properties); err != nil {
			return nil, err
		}
	}
	if spec.Thumbnail, err = upload(e.Thumbnail, ""); err != nil {
		return nil, err
	}
	return s.p.Groups.Create(ctx, spec)
}

// completeGroup gives the group its members, managers, owner and protection, as far as it lacks
// them.
func (s *seeder) completeGroup(ctx context.Context, e *groupEntry, g *gis.Group) error {
	m, err := g.Members(ctx)
	if err != nil {
		return fmt.Errorf("members: %w", err)
	}
	in := func(list []string, name string) bool {
		return slices.ContainsFunc(list, func(n string) bool { return strings.EqualFold(n, name) })
	}
	for _, name := range e.Managers {
		switch {
		case in(m.Admins, name) || strings.EqualFold(m.Owner, name):
		case in(m.Users, name):
			err = g.SetRole(ctx, gis.MemberAdmin, name)
		default:
			err = g.AddAdmins(ctx, name)
		}
		if err != nil {
			return fmt.Errorf("manager %s: %w", name, err)
		}
	}
	lacking := slices.DeleteFunc(slices.Clone(e.Members), func(n string) bool {
		return in(m.Users, n) || in(m.Admins, n) || strings.EqualFold(m.Owner, n)
	})
	if len(lacking) > 0 {
		if err := g.AddUsers(ctx, lacking...); err != nil {
			return fmt.Errorf("members: %w", err)
		}
	}
	if len(e.Categories) > 0 && !g.HasCategorySchema {
		if err := g.Categories().SetSchema(ctx, e.Categories); err != nil {
			return fmt.Errorf("categories: %w", err)
		}
	}
	if owner := s.account(e.Owner); strings.EqualFold(m.Owner, s.me) && owner != s.me {
		if err := g.ReassignTo(ctx, owner); err != nil {
			return fmt.Errorf("owner: %w", err)
		}
	}
	if e.Protected && !g.Protected {
		if err := g.Protect(ctx, true); err != nil {
			return fmt.Errorf("protect: %w", err)
		}
	}
	return nil
}
