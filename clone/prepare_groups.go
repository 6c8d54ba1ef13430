package clone

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// targetGroups are the groups of the target by what a group of the source is matched with.
type targetGroups struct {
	byID   map[string]*censusGroup
	titled map[string]*censusGroup
	marked map[string][]*gis.Group
	theirs map[string][]*gis.Group // marked by another tool
	copyOf map[string]string       // source id that the marker of a group names
	taken  map[string]bool         // folded titles of both sides
}

func (v *survey) indexGroups() *targetGroups {
	x := &targetGroups{
		byID: map[string]*censusGroup{}, titled: map[string]*censusGroup{}, marked: map[string][]*gis.Group{},
		copyOf: map[string]string{}, taken: map[string]bool{}, theirs: v.groupsCopiedElsewhere(),
	}
	for _, g := range v.to.groups {
		x.byID[string(g.group.ID)], x.titled[fold(g.group.Title)] = g, g
		x.taken[fold(g.group.Title)] = true
		if m, ok := readMarker(g.group.Properties); ok && m.Source == v.src.side.Key {
			x.marked[m.ID] = append(x.marked[m.ID], g.group)
			x.copyOf[string(g.group.ID)] = m.ID
		}
	}
	for source, list := range x.theirs {
		for _, g := range list {
			x.copyOf[string(g.ID)] = source
		}
	}
	for _, g := range v.from.groups {
		x.taken[fold(g.group.Title)] = true
	}
	return x
}

// planGroups skips the portal's own groups and matches copies of an earlier run; a title or an
// id that is taken by another group is a conflict.
func (v *survey) planGroups() {
	x := v.indexGroups()
	for _, g := range v.from.groups {
		s := Step{
			Kind: KindGroup, Action: Create, Source: string(g.group.ID), Title: g.group.Title, Owner: g.group.Owner,
			Access: v.level(string(g.group.Access)), Modified: g.group.Modified.Millis(),
		}
		if g.systemic() {
			s.Action, s.Reason = Skip, "a group of the portal itself"
			if id := v.counterpart(g); id != "" {
				v.groups[s.Source], v.plan.Header.Groups[s.Source] = id, id
			}
			v.step(s)
			continue
		}
		v.placeGroup(&s, x)
		s.Categorized = g.group.HasCategorySchema && !v.untouchedGroup(s.Source)
		if s.begun() {
			v.groups[s.Source] = s.Target
		}
		v.step(s)
	}
}

// placeGroup finds what stands for a group on the target, or in its way.
func (v *survey) placeGroup(s *Step, x *targetGroups) {
	made, left := v.made(KindGroup, s.Source), v.leftBehind(KindGroup, s.Source)
	found := v.trusted(x.marked[s.Source], s.Owner)
	elsewhere := v.trusted(x.theirs[s.Source], s.Owner)
	clash, way := x.byID[s.Source], "of this id"
	if clash == nil {
		clash, way = x.titled[fold(s.Title)], "of this title"
	}
	switch {
	case v.opts.MapGroups[s.Source] != "":
		s.Action, s.Target, s.Reason = Match, v.opts.MapGroups[s.Source], "mapped by --map-groups"
		v.kept[s.Source] = true
	case x.byID[made] != nil:
		s.Action, s.Target = Match, made
	case x.byID[left] != nil:
		s.Target, s.Reason = left, incomplete
	case len(found) > 1 && v.opts.conflict() != ConflictFail:
		v.settleDoubles(s, string(found[0].ID), string(found[1].ID), freeTitle(s.Title, x.taken))
	case len(found) > 1:
		s.Action, s.Reason = Conflict, doubleGroups(found)
	case len(found) == 1:
		s.Action, s.Target = Match, string(found[0].ID)
	case x.byID[s.Source] == nil && len(elsewhere) > 1 && v.opts.conflict() != ConflictFail:
		v.settleDoubles(s, string(elsewhere[0].ID), string(elsewhere[1].ID), freeTitle(s.Title, x.taken))
		v.theirs[s.Source] = s.Action == Match
	case x.byID[s.Source] == nil && len(elsewhere) > 1:
		s.Action, s.Reason = Conflict, doubleGroups(elsewhere)
	case x.byID[s.Source] == nil && len(elsewhere) == 1:
		v.matchElsewhere(s, string(elsewhere[0].ID))
	case clash != nil:
		v.settleGroup(s, clash, way, x)
	}
}

func doubleGroups(found []*gis.Group) string {
	return fmt.Sprintf("two groups of the target are marked as its copy, %s and %s; delete the one that is not wanted, name the right one with --map-groups FILE, "+
		"or plan with --on-conflict match (use %[1]s), --on-conflict rename (make another one) or --on-conflict replace (make %[1]s anew)", found[0].ID, found[1].ID)
}

// settleGroup settles a group whose title or id belongs to another one.
func (v *survey) settleGroup(s *Step, t *censusGroup, way string, x *targetGroups) {
	s.Target = string(t.group.ID)
	mode, kept := v.opts.conflict(), ""
	switch other := x.copyOf[s.Target]; {
	case other != "" && other != s.Source && v.sourceGroup(other) != nil:
		kept = "it is the copy of group " + describe(v.sourceGroup(other).group.Title, other)
	case mode == ConflictReplace && t.systemic():
		kept = "it is a group of the portal itself"
	case mode == ConflictReplace && t.group.Protected:
		kept = "it is protected; take its protection away first"
	}
	switch {
	case mode == ConflictRename:
		s.Action, s.Target, s.Rename = Create, "", freeTitle(s.Title, x.taken)
		s.Reason = fmt.Sprintf("a group %s is on the target (--on-conflict rename)", way)
	case mode != ConflictFail && kept != "":
		s.Action = Conflict
		s.Reason = fmt.Sprintf("a group %s is on the target and is neither used nor replaced: %s; or plan with --on-conflict rename, or name another group with --map-groups FILE", way, kept)
	case mode == ConflictMatch:
		s.Action, s.Reason = Match, fmt.Sprintf("a group %s is on the target and is used as it is (--on-conflict match)", way)
		v.kept[s.Source] = true
	case mode == ConflictReplace:
		s.Action, s.Reason = Replace, fmt.Sprintf("the group %s is deleted on the target and made anew; its items stay", way)
	default:
		s.Action = Conflict
		s.Reason = fmt.Sprintf("a group %s is on the target; rename or delete one of them, or use it with --map-groups FILE; or plan with --on-conflict match (use it as it is), "+
			"--on-conflict rename (make this one under another title) or --on-conflict replace (delete it there and make it anew)", way)
	}
}

// settleDoubles settles an object of which two copies are on the target.
func (v *survey) settleDoubles(s *Step, first, second, rename string) {
	switch v.opts.conflict() {
	case ConflictRename:
		s.Rename = rename
		s.Reason = fmt.Sprintf("%s and %s are marked as its copy; another one is made (--on-conflict rename)", first, second)
	case ConflictReplace:
		s.Action, s.Target = Replace, first
		s.Reason = fmt.Sprintf("%s and %s are marked as its copy; the first is made anew", first, second)
	default:
		s.Action, s.Target = Match, first
		s.Reason = fmt.Sprintf("%s and %s are marked as its copy; the first is used (--on-conflict match)", first, second)
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
	if g := v.to.group(id); g != nil {
		return g.group
	}
	return nil
}
