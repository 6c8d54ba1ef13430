package clone

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
