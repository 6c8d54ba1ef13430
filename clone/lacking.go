package clone

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
)

// lackWhatFailed notes the items and groups of the plan that nothing can refer to on the
// target, because they could not be made.
func (a *applier) lackWhatFailed() {
	a.lacking = map[string]lack{}
	for _, s := range a.plan.Steps {
		made := s.Action == Create || s.Action == Replace
		if made && referredTo[s.Kind] != "" && a.table(s.Kind).get(s.Source) == "" {
			a.lacking[s.Source] = lack{kind: s.Kind, source: s.Source, title: s.Title}
		}
	}
}

// noteWhatStays repeats in the report what the plan says that no run can carry over.
func (a *applier) noteWhatStays() {
	for _, n := range a.plan.Notices {
		if n.Code != NoticeFavorites && n.Code != NoticeUnread {
			continue
		}
		names := n.Objects
		if len(names) > shownCautions {
			names = append(slices.Clone(names[:shownCautions]), fmt.Sprintf("and %d more", len(names)-shownCautions))
		}
		a.rep.note(n.Text + ": " + strings.Join(names, ", "))
	}
}

// referredTo are the kinds of objects that others refer to by an id.
var referredTo = map[Kind]remap.Kind{KindItem: remap.KindItem, KindGroup: remap.KindGroup}

// lacking are the items and groups of which the verification found no copy.
func (v *survey) lacking() map[string]remap.Kind {
	out := map[string]remap.Kind{}
	for _, s := range v.plan.Steps {
		if kind := referredTo[s.Kind]; kind != "" && s.Action != Skip && !s.begun() && v.items[s.Source] == "" && v.groups[s.Source] == "" {
			out[s.Source] = kind
		}
	}
	return out
}

// lacks reports what a copy refers to that should have a copy and has none. The object is
// blocked then: it is on the target, and the next run rewrites it.
func (a *applier) lacks(refs []remap.Ref) error {
	var names []string
	for _, r := range refs {
		for _, id := range idInSetting.FindAllString(strings.ToLower(r.Value), -1) {
			l, ok := a.lacking[id]
			if name := l.name(); ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	return blocked("it refers to what was not copied: " + strings.Join(names, ", "))
}

// copied returns the target of an item that this run or an earlier one completed.
func (a *applier) copied(source string) string {
	if e, ok := a.j.last(KindItem, source); ok && e.Event != EventDone {
		return ""
	}
	return a.items.get(source)
}
