package clone

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// planGroups skips the portal's own groups and matches copies of an earlier run; a title that
// is taken by another group is a conflict.
func (v *survey) planGroups() {
	titled, marked := map[string]*gis.Group{}, map[string][]*gis.Group{}
	for _, g := range v.to.groups {
		titled[fold(g.group.Title)] = g.group
		if m, ok := readMarker(g.group.Properties); ok && m.Source == v.src.side.Key {
			marked[m.ID] = append(marked[m.ID], g.group)
		}
	}
	for _, g := range v.from.groups {
		s := Step{Kind: KindGroup, Action: Create, Source: string(g.group.ID), Title: g.group.Title, Owner: g.group.Owner, Access: string(g.group.Access)}
		if g.systemic() {
			s.Action, s.Reason = Skip, "a group of the portal itself"
			if id := v.counterpart(g); id != "" {
				v.groups[s.Source], v.plan.Header.Groups[s.Source] = id, id
			}
			v.step(s)
			continue
		}
		made, left := v.made(KindGroup, s.Source), v.leftBehind(KindGroup, s.Source)
		switch found := v.trusted(marked[s.Source], g.group.Owner); {
		case v.targetGroup(made) != nil:
			s.Action, s.Target = Match, made
		case v.targetGroup(left) != nil:
			s.Target, s.Reason = left, incomplete
		case len(found) > 1:
			s.Action, s.Reason = Conflict, fmt.Sprintf("two groups of the target are marked as its copy, %s and %s; delete the one that is not wanted", found[0].ID, found[1].ID)
		case len(found) == 1:
			s.Action, s.Target = Match, string(found[0].ID)
		case titled[fold(s.Title)] != nil:
			s.Action, s.Target = Conflict, string(titled[fold(s.Title)].ID)
			s.Reason = "a group of this title is on the target; rename or delete one of them"
		}
		if s.begun() {
			v.groups[s.Source] = s.Target
		}
		v.step(s)
	}
}

// trusted leaves those marked groups that belong to the mapped owner, or to the connecting
// account, which makes groups before it hands them over. Anybody can write a marker into a
// group of his own, and would be given what is shared with the group that it names.
func (v *survey) trusted(marked []*gis.Group, owner string) (out []*gis.Group) {
	for _, g := range marked {
		if strings.EqualFold(g.Owner, v.users[fold(owner)]) || strings.EqualFold(g.Owner, v.dst.side.User) {
			out = append(out, g)
		}
	}
	return out
}

// counterpart finds the target's own group for one of the source's: the one that the same
// setting names, else the one of the same title and owner.
func (v *survey) counterpart(g *censusGroup) string {
	for _, t := range v.to.groups {
		if slices.ContainsFunc(g.settings, func(s string) bool { return slices.Contains(t.settings, s) }) {
			return string(t.group.ID)
		}
	}
	for _, t := range v.to.groups {
		if strings.EqualFold(t.group.Title, g.group.Title) && strings.EqualFold(t.group.Owner, g.group.Owner) {
			return string(t.group.ID)
		}
	}
	return ""
}

func (v *survey) targetGroup(id string) *gis.Group {
	for _, g := range v.to.groups {
		if string(g.group.ID) == id {
			return g.group
		}
	}
	return nil
}
