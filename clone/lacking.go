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
	a.lacking = map[string]string{}
	for _, s := range a.plan.Steps {
		if s.Action != Create || (s.Kind != KindItem && s.Kind != KindGroup) || a.table(s.Kind).get(s.Source) != "" {
			continue
		}
		a.lacking[s.Source] = fmt.Sprintf("%s %s", s.Kind, describe(s.Title, s.Source))
	}
}

// lacks reports what a copy refers to that should have a copy and has none. The object is
// blocked then: it is on the target, and the next run rewrites it.
func (a *applier) lacks(refs []remap.Ref) error {
	var names []string
	for _, r := range refs {
		for _, id := range idInSetting.FindAllString(strings.ToLower(r.Value), -1) {
			if name := a.lacking[id]; name != "" && !slices.Contains(names, name) {
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
