package clone

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// makeGroup creates a group, or takes the one that the step updates, and settles its properties,
// who owns it, manages it and belongs to it. Texts that refer to items are settled later, when
// every item has its id.
func (a *applier) makeGroup(ctx context.Context, s Step) error {
	src, err := a.src.Groups.Get(ctx, esri.GroupID(s.Source))
	if err != nil {
		return gone(err, "read the group")
	}
	members, err := src.Members(ctx)
	if err != nil {
		return fmt.Errorf("read its members: %w", err)
	}
	if a.users.get(members.Owner) == "" {
		return blocked("its owner " + members.Owner + " has no account on the target")
	}
	group, changed, err := a.standGroup(ctx, s, src)
	if err != nil {
		return err
	}
	schema, err := a.settleGroupSchema(ctx, src, group)
	if err != nil {
		return err
	}
	people, err := a.settleMembers(ctx, group, members)
	if err != nil {
		return err
	}
	if src.Protected != group.Protected {
		changed = true
		if err := group.Protect(ctx, src.Protected); err != nil {
			return fmt.Errorf("protect: %w", err)
		}
	}
	a.groups.set(s.Source, string(group.ID))
	if err := people.err(); err != nil {
		return err
	}
	return a.finished(s, Entry{Kind: KindGroup, Source: s.Source, Target: string(group.ID), Action: s.Action}, changed || schema || people.changed)
}

// standGroup returns the group of the target with its plain properties in line, and reports
// whether it was otherwise or not there.
func (a *applier) standGroup(ctx context.Context, s Step, src *gis.Group) (*gis.Group, bool, error) {
	var group *gis.Group
	var err error
	switch s.Action {
	case Update:
		group, err = a.dst.Groups.Get(ctx, esri.GroupID(s.Target))
		if err == nil && a.portalsOwn(group) {
			err = errors.New("it is a group of the portal itself, which is never changed")
		}
	case Replace:
		if err = a.clearGroup(ctx, s); err == nil {
			group, err = a.findGroup(ctx, s, src.Title)
		}
	default:
		group, err = a.findGroup(ctx, s, src.Title)
	}
	made := false
	if err == nil && group == nil {
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindGroup, Source: s.Source, Action: s.Action}); err != nil {
			return nil, false, err
		}
		made = true
		group, err = a.createGroup(ctx, s, src)
	}
	if err != nil {
		return nil, false, err
	}
	if err := a.j.Append(Entry{Event: EventIntent, Kind: KindGroup, Source: s.Source, Target: string(group.ID), Action: s.Action}); err != nil {
		return nil, false, err
	}
	if made {
		return group, true, nil
	}
	changed, err := a.settleGroup(ctx, s, src, group)
	return group, changed, err
}

// portalsOwn reports whether a group of the target belongs to the portal itself: its settings
// name it, or its software made it, and it is no copy.
func (a *applier) portalsOwn(g *gis.Group) bool {
	m, marked := readMarker(g.Properties)
	return isSystem(g.Owner) || (len(a.dst.own(g)) > 0 && !(marked && m.Source == a.src.side.Key))
}

// findGroup looks for the copy that a cut-off run left behind: the one whose id the journal
// has, or, when the answer to its creation was lost, a group of the connecting account that
// carries the marker. It never searches: a new group may not be in the index yet. nil: there
// is none.
func (a *applier) findGroup(ctx context.Context, s Step, title string) (*gis.Group, error) {
	e, begun := a.j.begun(KindGroup, s.Source)
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
		if !strings.EqualFold(mine.Title, cmp.Or(s.Rename, title)) {
			continue
		}
		g, err := a.dst.Groups.Get(ctx, mine.ID)
		if err != nil {
			return nil, fmt.Errorf("look for the group on the target: %w", err)
		}
		if m, ok := readMarker(g.Properties); ok && m.Source == a.src.side.Key && m.ID == s.Source {
			return g, nil
		}
	}
	return nil, nil
}

func (a *applier) createGroup(ctx context.Context, s Step, src *gis.Group) (*gis.Group, error) {
	var err error
	spec := gis.GroupSpec{
		Title: cmp.Or(s.Rename, src.Title), Tags: withoutSourceTags(src.Tags), Access: a.groupAccess(src),
		Description: src.Description, Snippet: src.Snippet, Phone: src.Phone,
		InvitationOnly: src.IsInvitationOnly, ViewOnly: src.IsViewOnly, AutoJoin: src.AutoJoin, LeavingDisallowed: src.LeavingDisallowed,
		HiddenMembers: src.HiddenMembers, OpenData: src.IsOpenData, SharedUpdate: src.SharedUpdate(), SortField: src.SortField, SortOrder: src.SortOrder,
		MembershipAccess: src.MembershipAccess, TypeKeywords: src.TypeKeywords,
		Properties: withMarker(withoutMarker(src.Properties), a.groupMarker(src)),
		ItemTypes:  itemTypes(src.DisplaySettings),
	}
	if src.Provider == "enterprise" {
		a.rep.note(fmt.Sprintf("group %s takes its members from group %q of a directory; its copy has those members and is not linked", describe(src.Title, s.Source), src.ProviderGroupName))
	}
	if src.Thumbnail != "" {
		if spec.Thumbnail, err = a.small(ctx, src.OpenThumbnail); err != nil {
			return nil, fmt.Errorf("read the thumbnail: %w", err)
		}
	}
	group, err := a.dst.Groups.Create(ctx, spec)
	if err != nil && gis.Ambiguous(err) {
		if got, ferr := a.findGroup(ctx, s, src.Title); ferr == nil && got != nil {
			return got, nil
		}
	}
	return group, err
}

func (a *applier) groupMarker(src *gis.Group) marker {
	return marker{Source: a.src.side.Key, ID: string(src.ID), Run: a.j.run, Modified: src.Modified.Millis()}
}

// groupAccess is the level at which the copy of a group is seen.
func (a *applier) groupAccess(src *gis.Group) gis.Access {
	level := a.plan.Header.Options.access(string(src.Access))
	if level == levelPublic && !a.dst.self.CanSharePublic {
		a.rep.note(fmt.Sprintf("group %s is seen by the organization only: the target shares nothing with everybody", describe(src.Title, string(src.ID))))
		return gis.AccessOrg
	}
	return gis.Access(level)
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

// settleGroupSchema makes the categories that items can have within a group those of the source.
func (a *applier) settleGroupSchema(ctx context.Context, src, dst *gis.Group) (changed bool, err error) {
	if !src.HasCategorySchema && !dst.HasCategorySchema {
		return false, nil
	}
	want, err := src.Categories().Schema(ctx)
	if err != nil {
		return false, fmt.Errorf("read its categories: %w", err)
	}
	have, err := dst.Categories().Schema(ctx)
	if err != nil {
		return false, fmt.Errorf("read its categories on the target: %w", err)
	}
	if bytes.Equal(mustJSON(want), mustJSON(have)) {
		return false, nil
	}
	if len(want) == 0 {
		err = dst.Categories().DeleteSchema(ctx)
	} else {
		err = dst.Categories().SetSchema(ctx, want)
	}
	if err != nil {
		return true, fmt.Errorf("set its categories: %w", err)
	}
	return true, nil
}
