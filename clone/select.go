package clone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// selector picks objects of the source: one value of --only or --except.
type selector struct {
	text  string // as it was given
	by    string // owner, group, folder, tag, type, query or id
	value string
	owner string // of a folder
	hits  int    // objects that it picked
}

// parseSelector reads owner:NAME, group:TITLE-or-ID, folder:OWNER/TITLE, tag:T, type:T,
// query:Q or the id of an item or a group.
func parseSelector(flag, text string) (selector, error) {
	s := selector{text: text}
	trimmed := strings.TrimSpace(text)
	if id := strings.ToLower(trimmed); esri.IsID(id) {
		s.by, s.value = "id", id
		return s, nil
	}
	by, value, ok := strings.Cut(trimmed, ":")
	s.by, s.value = strings.ToLower(strings.TrimSpace(by)), strings.TrimSpace(value)
	if s.by != "query" && len(s.value) > 1 && strings.HasPrefix(s.value, `"`) && strings.HasSuffix(s.value, `"`) {
		s.value = s.value[1 : len(s.value)-1]
	}
	switch {
	case !ok || !slices.Contains([]string{"owner", "group", "folder", "tag", "type", "query"}, s.by):
		return s, fmt.Errorf("%s %q: name owner:NAME, group:TITLE, folder:OWNER/TITLE, tag:T, type:T, query:Q or the id of an item or group", flag, text)
	case s.value == "":
		return s, fmt.Errorf("%s %q: nothing stands behind the colon", flag, text)
	case s.by == "folder":
		if s.owner, s.value, ok = strings.Cut(s.value, "/"); !ok || s.owner == "" {
			return s, fmt.Errorf("%s %q: name a folder by owner and title, folder:OWNER/TITLE; folder:OWNER/ is the root folder", flag, text)
		}
	}
	return s, nil
}

// selection is what --only and --except pick.
type selection struct {
	only, except []selector
	found        map[string]map[string]bool // by query: the items that the source's search finds
}

// newSelection reads the selectors of the options.
func newSelection(o *Options) (*selection, error) {
	sel := &selection{found: map[string]map[string]bool{}}
	var errs []error
	for _, list := range []struct {
		flag  string
		texts []string
		into  *[]selector
	}{{"--only", o.Only, &sel.only}, {"--except", o.Except, &sel.except}} {
		for _, text := range list.texts {
			s, err := parseSelector(list.flag, text)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			*list.into = append(*list.into, s)
		}
	}
	return sel, errors.Join(errs...)
}

// every reports whether nothing was selected, so that everything is copied.
func (s *selection) every() bool { return len(s.only)+len(s.except) == 0 }

// selectable is one object as selectors see it.
type selectable struct {
	kind   Kind
	id     string
	owner  string
	folder string // title; of folders and of items in one
	typ    string
	tags   []string
	groups []*censusGroup // those that an item is shared with; the group itself
}

// pick returns the first selector of list that takes the object, nil for none. Each that does
// counts it.
func (s *selection) pick(list []selector, o *selectable) *selector {
	var first *selector
	for i := range list {
		if s.takes(&list[i], o) {
			list[i].hits++
			if first == nil {
				first = &list[i]
			}
		}
	}
	return first
}

func (s *selection) takes(sel *selector, o *selectable) bool {
	item := o.kind == KindItem
	switch sel.by {
	case "id":
		return o.id == sel.value && (item || o.kind == KindGroup)
	case "owner":
		return strings.EqualFold(o.owner, sel.value)
	case "folder":
		return (item || o.kind == KindFolder) && strings.EqualFold(o.owner, sel.owner) && strings.EqualFold(o.folder, sel.value)
	case "group":
		return slices.ContainsFunc(o.groups, func(g *censusGroup) bool {
			return string(g.group.ID) == strings.ToLower(sel.value) || strings.EqualFold(g.group.Title, sel.value)
		})
	case "type":
		return item && strings.EqualFold(o.typ, sel.value)
	case "tag":
		return item && slices.ContainsFunc(o.tags, func(t string) bool { return strings.EqualFold(t, sel.value) })
	case "query":
		return item && s.found[sel.value][o.id]
	}
	return false
}

// tags reports whether a selector asks for the tags of items.
func (s *selection) tags() bool {
	return slices.ContainsFunc(slices.Concat(s.only, s.except), func(sel selector) bool { return sel.by == "tag" })
}

// search asks the source for the items of each query.
func (s *selection) search(ctx context.Context, src *site) error {
	for _, sel := range slices.Concat(s.only, s.except) {
		if sel.by != "query" || s.found[sel.value] != nil {
			continue
		}
		found := map[string]bool{}
		for it, err := range src.Content.SearchAll(ctx, sel.value, nil) {
			if err != nil {
				return fmt.Errorf("search the source for %s: %w", sel.text, err)
			}
			found[string(it.ID)] = true
		}
		s.found[sel.value] = found
	}
	return nil
}

// idle lists the selectors that picked nothing.
func (s *selection) idle() (out []string) {
	for _, list := range []struct {
		flag string
		of   []selector
	}{{"--only", s.only}, {"--except", s.except}} {
		for _, sel := range list.of {
			if sel.hits == 0 {
				out = append(out, list.flag+" "+sel.text)
			}
		}
	}
	return out
}
