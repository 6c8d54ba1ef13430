package clone

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// makeGroup creates a group and settles who owns it, manages it and belongs to it.
func (a *applier) makeGroup(ctx context.Context, s Step) error {
	src, err := a.src.Groups.Get(ctx, esri.GroupID(s.Source))
	if err != nil {
		return fmt.Errorf("read the group: %w", err)
	}
	members, err := src.Members(ctx)
	if err != nil {
		return fmt.Errorf("read its members: %w", err)
	}
	if a.users.get(members.Owner) == "" {
		return blocked("its owner " + members.Owner + " has no account on the target")
	}
	group, err := a.findGroup(ctx, s.Source, src.Title)
	if err == nil && group == nil {
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindGroup, Source: s.Source}); err != nil {
			return err
		}
		group, err = a.createGroup(ctx, src)
	}
	if err != nil {
		return err
	}
	if err := a.j.Append(Entry{Event: EventIntent, Kind: KindGroup, Source: s.Source, Target: string(group.ID)}); err != nil {
		return err
	}
	missing, err := a.settleMembers(ctx, group, members)
	if err != nil {
		return err
	}
	if src.Protected != group.Protected {
		if err := group.Protect(ctx, src.Protected); err != nil {
			return fmt.Errorf("protect: %w", err)
		}
	}
	a.groups.set(s.Source, string(group.ID))
	if len(missing) > 0 {
		return blocked("it was made without these members, who have no account on the target: " + strings.Join(missing, ", "))
	}
	return a.done(Entry{Kind: KindGroup, Source: s.Source, Target: string(group.ID), Action: Create})
}

// findGroup looks for the copy that a cut-off run left behind: the one whose id the journal
// has, or, when the answer to its creation was lost, a group of the connecting account that
// carries the marker. It never searches: a new group may not be in the index yet. nil: there
// is none.
func (a *applier) findGroup(ctx context.Context, source, title string) (*gis.Group, error) {
	e, begun := a.j.begun(KindGroup, source)
	if !begun {
		return nil, nil
	}
	if e.Target != "" {
		g, err := a.dst.Groups.Get(ctx, esri.GroupID(e.Target))
		if errors.Is(err, gis.ErrNotFound) {
			return nil, nil
		}
		return g, err
	}
	me, err := a.dst.Users.Me(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for the group on the target: %w", err)
	}
	for _, mine := range me.Groups {
		if !strings.EqualFold(mine.Title, title) {
			continue
		}
		g, err := a.dst.Groups.Get(ctx, mine.ID)
		if err != nil {
			return nil, fmt.Errorf("look for the group on the target: %w", err)
		}
		if m, ok := readMarker(g.Properties); ok && m.Source == a.src.side.Key && m.ID == source {
			return g, nil
		}
	}
	return nil, nil
}

func (a *applier) createGroup(ctx context.Context, src *gis.Group) (*gis.Group, error) {
	var err error
	spec := gis.GroupSpec{
		Title: src.Title, Tags: withoutSourceTags(src.Tags), Access: src.Access, Description: src.Description, Snippet: src.Snippet, Phone: src.Phone,
		InvitationOnly: src.IsInvitationOnly, ViewOnly: src.IsViewOnly, AutoJoin: src.AutoJoin, LeavingDisallowed: src.LeavingDisallowed,
		HiddenMembers: src.HiddenMembers, OpenData: src.IsOpenData, SharedUpdate: src.SharedUpdate(), SortField: src.SortField, SortOrder: src.SortOrder,
		MembershipAccess: src.MembershipAccess, TypeKeywords: src.TypeKeywords,
		Properties: withMarker(withoutMarker(src.Properties), marker{Source: a.src.side.Key, ID: string(src.ID), Run: a.j.run, Modified: src.Modified.Millis()}),
		ItemTypes:  itemTypes(src.DisplaySettings),
	}
	if src.Thumbnail != "" {
		if spec.Thumbnail, err = a.small(ctx, src.OpenThumbnail); err != nil {
			return nil, fmt.Errorf("read the thumbnail: %w", err)
		}
	}
	group, err := a.dst.Groups.Create(ctx, spec)
	if err != nil && gis.Ambiguous(err) {
		if got, ferr := a.findGroup(ctx, string(src.ID), src.Title); ferr == nil && got != nil {
			return got, nil
		}
	}
	return group, err
}

// finishGroups rewrites the texts of the groups that were made, once every item has its id.
func (a *applier) finishGroups(ctx context.Context) error {
	eg, ctx := errgroup.WithContext(ctx)
	eg.SetLimit(writers)
	for _, s := range a.plan.Steps {
		target := a.groups.get(s.Source)
		if s.Kind != KindGroup || s.Action != Create || target == "" {
			continue
		}
		eg.Go(func() error {
			if err := a.finishGroup(ctx, s, target); err != nil && ctx.Err() == nil {
				return a.failLate(Failure{Kind: KindGroup, Source: s.Source, Title: s.Title, Error: "rewrite its texts: " + err.Error()}, Create)
			}
			return ctx.Err()
		})
	}
	return eg.Wait()
}

func (a *applier) finishGroup(ctx context.Context, s Step, target string) error {
	src, err := a.src.Groups.Get(ctx, esri.GroupID(s.Source))
	if err != nil {
		return err
	}
	description, inDescription := a.rw.String(src.Description)
	snippet, inSnippet := a.rw.String(src.Snippet)
	was := withoutMarker(src.Properties)
	props, inProps, err := a.rw.JSON(was)
	if len(was) == 0 {
		props, err = nil, nil
	}
	if err != nil {
		return err
	}
	lacks := a.lacks(slices.Concat(inDescription.Unresolved, inSnippet.Unresolved, inProps.Unresolved))
	if description == src.Description && snippet == src.Snippet && bytes.Equal(props, was) {
		return lacks
	}
	err = a.dst.Groups.Handle(esri.GroupID(target)).Update(ctx, gis.GroupUpdate{
		Description: &description, Snippet: &snippet,
		Properties: withMarker(props, marker{Source: a.src.side.Key, ID: s.Source, Run: a.j.run, Modified: src.Modified.Millis()}),
	})
	return cmp.Or(err, lacks)
}

// withoutSourceTags drops the tags by which other tools mark copied groups.
func withoutSourceTags(tags []string) []string { return withoutSourceKeywords(tags) }

// itemTypes is the part of displaySettings that can be written.
func itemTypes(displaySettings json.RawMessage) string {
	var d struct {
		ItemTypes string `json:"itemTypes"`
	}
	if json.Unmarshal(displaySettings, &d) != nil {
		return ""
	}
	return d.ItemTypes
}

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
