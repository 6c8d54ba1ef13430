package clone

import (
	"fmt"
	"slices"
	"strings"
)

// planShares adds a step for each item that is shared, or whose copy is shared otherwise. What
// stays as it was found on the target keeps its sharing.
func (v *survey) planShares() {
	then := map[string]*censusItem{}
	for _, t := range v.to.items {
		then[t.ID] = t
	}
	for _, it := range v.from.items {
		if v.skipped[it.ID] || v.stays(it.ID) || v.astray(it.ID) {
			continue
		}
		s := Step{Kind: KindShare, Action: Create, Source: it.ID, Title: it.Title, Owner: it.Owner}
		s.Groups, s.Reason = v.shareable(it)
		v.groupsOf[it.ID] = s.Groups // what is left out is no difference
		s.Access = v.itemLevel(it.Access, len(s.Groups) > 0)
		t := then[v.items[it.ID]]
		switch {
		case t != nil && t.Access == s.Access && v.sharedAlike(s.Groups, v.groupsThen[t.ID]):
			s.Action, s.Target = Match, t.ID
		case t == nil && (s.Access == levelPrivate || s.Access == "") && len(s.Groups) == 0:
			continue
		}
		v.step(s)
	}
}

// stays reports whether an item or a group was found on the target and is used as it is.
func (v *survey) stays(source string) bool { return v.kept[source] && !v.opts.UpdateExisting }

// shareable leaves out the groups that an item's copy cannot be shared with, and names them: those
// without a counterpart on the target, for being the source portal's own or not selected, and
// those that are used as they were found and that the owner does not belong to.
func (v *survey) shareable(it *censusItem) (groups []string, reason string) {
	for _, id := range v.groupsOf[it.ID] {
		switch g := v.sourceGroup(id); {
		case g != nil && v.untouchedGroup(id) && !v.belongs(it.Owner, v.groups[id]):
			reason += fmt.Sprintf("; not shared with %s, which is used as it was found on the target and has no member %s (--update-existing adds its members)",
				describe(g.group.Title, id), v.users[fold(it.Owner)])
		case g == nil || v.groups[id] != "":
			groups = append(groups, id)
		case g.systemic():
			reason += fmt.Sprintf("; not shared with %s, a group of the portal itself", describe(g.group.Title, id))
		case v.absent[objectKey{KindGroup, id}]:
			reason += fmt.Sprintf("; not shared with %s, which is not selected", describe(g.group.Title, id))
		default:
			groups = append(groups, id)
		}
	}
	return groups, strings.TrimPrefix(reason, "; ")
}

// sharedAlike reports whether a copy is shared with the counterparts of groups and no others.
func (v *survey) sharedAlike(groups, then []string) bool {
	var want []string
	for _, id := range groups {
		if v.groups[id] == "" {
			return false
		}
		want = append(want, v.groups[id])
	}
	slices.Sort(want)
	return slices.Equal(want, then)
}

// belongs reports whether the account of a member of the source is in a group of the target.
func (v *survey) belongs(member, group string) bool {
	name, g := v.users[fold(member)], v.to.group(group)
	return g != nil && memberSet(g.members)[fold(name)]
}
