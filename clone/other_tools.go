package clone

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// copiedElsewhere is why a copy is matched that another tool made: it tells its source, but not
// from which state of it.
const copiedElsewhere = "a copy that another tool made, used as it is (--update-existing brings it in line)"

// namedSources are the ids that keywords or tags name as a source, with commas between. What our
// own marker says goes before.
func namedSources(list []string, properties []byte) string {
	if _, ours := readMarker(properties); ours {
		return ""
	}
	var ids []string
	for _, k := range list {
		if id, ok := strings.CutPrefix(k, keywordPrefix); ok && esri.IsID(id) {
			ids = append(ids, strings.ToLower(id))
		}
	}
	return strings.Join(ids, ",")
}

// oneSource is the only one of the named sources that there is; "" where there are several, and
// where an object names itself: the portals may be twins.
func oneSource(named, self string, there func(id string) bool) string {
	found := ""
	for id := range strings.SplitSeq(named, ",") {
		switch {
		case id == "" || id == found || !there(id):
		case id == self || found != "":
			return ""
		default:
			found = id
		}
	}
	return found
}

// settleMarks leaves of the sources that copies of other tools name the one that is meant. A copy
// keeps the keywords of its source, which may be a copy itself.
func (v *survey) settleMarks() {
	for _, t := range v.to.items {
		if t.Copied == nil {
			t.Marked = oneSource(t.Marked, t.ID, func(id string) bool { return v.from.item(id) != nil })
		}
	}
}

// copiesOf finds the copies of an item by their markers, of its type and in the content of the
// mapped owner. Where there is none, those that another tool made count: there, or in the content
// of the connecting account, which most tools copy into. doubt is why one that names the item is
// not taken for its copy.
func (v *survey) copiesOf(it *censusItem, owner string, x *targetItems) (found []*censusItem, doubt string) {
	ours, theirs, admins := []*censusItem(nil), []*censusItem(nil), []*censusItem(nil)
	for _, t := range x.marked[it.ID] {
		own := strings.EqualFold(t.Owner, owner)
		switch {
		case t.Type != it.Type:
		case t.Copied != nil && own:
			ours = append(ours, t)
		case t.Copied == nil && own:
			theirs = append(theirs, t)
		case t.Copied == nil && strings.EqualFold(t.Owner, v.dst.side.User):
			admins = append(admins, t)
		}
	}
	if len(ours) > 0 {
		return ours, ""
	}
	for _, list := range [][]*censusItem{theirs, admins} {
		for _, t := range list {
			if why := v.doubted(it, t, x); why != "" {
				doubt = fmt.Sprintf("%s on the target names it as its source and is left alone: %s; --map-items FILE uses it", describe(t.Title, t.ID), why)
				continue
			}
			found = append(found, t)
		}
		if len(found) > 0 {
			return found, ""
		}
	}
	return nil, doubt
}

// doubted is why t, which names it as its source, may all the same be something else: a keyword
// goes along when somebody copies a copy, and makes something of his own of it.
func (v *survey) doubted(it, t *censusItem, x *targetItems) string {
	alike := func(a, b *censusItem) bool { return a.Type == b.Type && strings.EqualFold(a.Title, b.Title) }
	switch {
	case x.byID[it.ID] != nil:
		return "an item of its id is there too"
	case !alike(it, t):
		return "its title is another"
	case slices.ContainsFunc(x.heirs[it.ID], func(heir *censusItem) bool { return alike(heir, t) }):
		return "it may be the copy of another item that bears the same keyword"
	}
	return ""
}

// heirs are the items of the source that name another item of the source as theirs.
func (v *survey) heirs() map[string][]*censusItem {
	out := map[string][]*censusItem{}
	for _, it := range v.from.items {
		for _, k := range it.Keywords {
			if id, named := strings.CutPrefix(k, keywordPrefix); named && !strings.EqualFold(id, it.ID) && v.from.item(strings.ToLower(id)) != nil {
				out[strings.ToLower(id)] = append(out[strings.ToLower(id)], it)
			}
		}
	}
	return out
}

// groupsCopiedElsewhere finds the groups of the target that another tool marked as the copy of a
// group of the source, and that go by its title: whoever is in a group sees what is shared with it.
func (v *survey) groupsCopiedElsewhere() map[string][]*gis.Group {
	out := map[string][]*gis.Group{}
	for _, g := range v.to.groups {
		named := namedSources(g.group.Tags, g.group.Properties)
		id := oneSource(named, string(g.group.ID), func(id string) bool { return v.sourceGroup(id) != nil })
		if id != "" && strings.EqualFold(g.group.Title, v.sourceGroup(id).group.Title) {
			out[id] = append(out[id], g.group)
		}
	}
	return out
}

// matchElsewhere matches a copy that another tool made.
func (v *survey) matchElsewhere(s *Step, target string) {
	s.Action, s.Target = Match, target
	v.theirs[s.Source] = true
	if !v.opts.UpdateExisting {
		s.Reason = copiedElsewhere
	}
}

// leaves reports whether the copy of an item or a group was made by another tool and is left as
// it is. Unlike what [survey.stays] names it is compared: it is meant to be a copy.
func (v *survey) leaves(source string) bool { return v.theirs[source] && !v.opts.UpdateExisting }

// astray reports whether such a copy of an item belongs to another account than the item's. What
// is done in the name of the owner is not done for it.
func (v *survey) astray(source string) bool {
	it, t := v.from.item(source), v.to.item(v.items[source])
	return v.leaves(source) && it != nil && t != nil && !strings.EqualFold(t.Owner, v.users[fold(it.Owner)])
}

// ownerOnTarget is the account whose content the copy of an item is in.
func (v *survey) ownerOnTarget(s Step) string {
	if t := v.to.item(s.Target); t != nil && v.leaves(s.Source) {
		return t.Owner
	}
	return v.users[fold(s.Owner)]
}

// untouchedGroup reports whether a group keeps the members that it has on the target.
func (v *survey) untouchedGroup(source string) bool { return v.stays(source) || v.leaves(source) }

// onlyOurs tells whether all of the copies found say from which state they were made.
func onlyOurs(found []*censusItem) bool {
	return !slices.ContainsFunc(found, func(t *censusItem) bool { return t.Copied == nil })
}
