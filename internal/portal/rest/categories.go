package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// categoryRoutes are the schemas of categories, and the categories of items in bulk.
func (s *Server) categoryRoutes() []Route {
	const org, group = "sharing/rest/portals/{id}", "sharing/rest/community/groups/{id}"
	const items, members = "categorySchema", "memberCategorySchema"
	return []Route{
		{Pattern: org + "/categorySchema", Handle: s.categorySchema(items, portal.OrgCategories)},
		{Pattern: org + "/assignCategorySchema", Write: true, Handle: s.assignCategorySchema(items, portal.OrgCategories)},
		{Pattern: org + "/deleteCategorySchema", Write: true, Handle: s.deleteCategorySchema(portal.OrgCategories)},
		{Pattern: org + "/memberCategorySchema", Handle: s.categorySchema(members, portal.MemberCategories)},
		{Pattern: org + "/assignMemberCategorySchema", Write: true, Handle: s.assignCategorySchema(members, portal.MemberCategories)},
		{Pattern: org + "/deleteMemberCategorySchema", Write: true, Handle: s.deleteCategorySchema(portal.MemberCategories)},
		{Pattern: group + "/categorySchema", Handle: s.groupCategorySchema},
		{Pattern: group + "/assignCategorySchema", Write: true, Handle: s.assignGroupCategorySchema},
		{Pattern: group + "/deleteCategorySchema", Write: true, Handle: s.deleteGroupCategorySchema},
		{Pattern: "sharing/rest/content/updateItems", Write: true, Handle: s.updateItems},
		{Pattern: "sharing/rest/content/groups/{id}/updateCategories", Write: true, Handle: s.updateGroupCategories},
	}
}

// categorySchema answers {categorySchema: [trees]}, or under the name for members.
//
// guess: what has no schema has an empty list.
func (s *Server) categorySchema(name, scope string) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		trees, err := s.portal.CategorySchema(ctx, r.Var("id"), scope)
		if err != nil {
			return nil, err
		}
		return Object{name: trees}, nil
	}
}

// assignCategorySchema answers {success}; the schema is replaced as a whole.
func (s *Server) assignCategorySchema(name, scope string) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		trees, err := r.trees(name)
		if err != nil {
			return nil, err
		}
		return done(s.portal.SetCategorySchema(ctx, r.Caller, r.Var("id"), scope, trees))
	}
}

// deleteCategorySchema answers {success}.
func (s *Server) deleteCategorySchema(scope string) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		return done(s.portal.SetCategorySchema(ctx, r.Caller, r.Var("id"), scope, nil))
	}
}

// groupCategorySchema answers {categorySchema: [trees]} to who sees the group.
func (s *Server) groupCategorySchema(ctx context.Context, r *Request) (any, error) {
	trees, err := s.portal.GroupCategorySchema(ctx, r.Caller, groupID(r))
	if err != nil {
		return nil, err
	}
	return Object{"categorySchema": trees}, nil
}

// assignGroupCategorySchema answers {success}.
func (s *Server) assignGroupCategorySchema(ctx context.Context, r *Request) (any, error) {
	trees, err := r.trees("categorySchema")
	if err != nil {
		return nil, err
	}
	return done(s.portal.SetGroupCategorySchema(ctx, r.Caller, groupID(r), trees))
}

// deleteGroupCategorySchema answers {success}.
func (s *Server) deleteGroupCategorySchema(ctx context.Context, r *Request) (any, error) {
	return done(s.portal.SetGroupCategorySchema(ctx, r.Caller, groupID(r), nil))
}

// trees reads a schema: {"categorySchema": [trees]} as documented, or the bare list.
func (r *Request) trees(name string) (json.RawMessage, error) {
	if _, err := r.Need(name); err != nil {
		return nil, err
	}
	doc, err := r.jsonObject(name, false)
	if err != nil {
		return nil, err
	}
	var wrapped map[string]json.RawMessage
	if json.Unmarshal(doc, &wrapped) != nil {
		return doc, nil
	}
	trees, there := wrapped[name]
	if !there {
		return nil, portal.ErrBadParam(name, `must have the form {"`+name+`": [...]}`)
	}
	return trees, nil
}

// updateItems answers {results: [{itemId, success}]} (Esri's page "Update Items with Content
// Categories"). Beside categories it takes the texts and lists of an item.
func (s *Server) updateItems(ctx context.Context, r *Request) (any, error) {
	changes, err := r.itemChanges(false)
	if err != nil {
		return nil, err
	}
	out, err := s.portal.UpdateItems(ctx, r.Caller, changes)
	if err != nil {
		return nil, err
	}
	return batchJSON(out, ""), nil
}

// updateGroupCategories answers {results: [{itemId, success}]} (Esri's page "Update Group
// Items with Content Categories"), where an item's id stands for its categories alone.
//
// guess: the form of updateItems is taken as well.
func (s *Server) updateGroupCategories(ctx context.Context, r *Request) (any, error) {
	changes, err := r.itemChanges(true)
	if err != nil {
		return nil, err
	}
	out, err := s.portal.UpdateGroupCategories(ctx, r.Caller, groupID(r), changes)
	if err != nil {
		return nil, err
	}
	return batchJSON(out, ""), nil
}

// itemChanges reads items=[{"<id>": {"categories": [...]}}, ...], or [{"<id>": [...]}, ...] with
// the categories alone where bare allows it.
func (r *Request) itemChanges(bare bool) ([]portal.ItemChange, error) {
	if _, err := r.Need("items"); err != nil {
		return nil, err
	}
	doc, err := r.jsonObject("items", false)
	if err != nil {
		return nil, err
	}
	form := `[{"<item id>": {"categories": [...]}}]`
	if bare {
		form = `[{"<item id>": ["/Categories/..."]}]`
	}
	wrong := portal.ErrBadParam("items", "must be a JSON array of the form "+form)
	var entries []map[string]json.RawMessage
	if err := json.Unmarshal(doc, &entries); err != nil {
		return nil, wrong
	}
	var out []portal.ItemChange
	for _, entry := range entries {
		for _, id := range slices.Sorted(maps.Keys(entry)) {
			var properties map[string]json.RawMessage
			if value := entry[id]; bare && bytes.HasPrefix(value, []byte("[")) {
				properties = map[string]json.RawMessage{"categories": value}
			} else if err := json.Unmarshal(value, &properties); err != nil {
				return nil, wrong
			}
			ch := portal.ItemChange{ID: esri.ItemID(id)}
			ch.Err = readChange(properties, &ch.Fields)
			out = append(out, ch)
		}
	}
	return out, nil
}

// readChange reads the properties of one entry.
func readChange(entry map[string]json.RawMessage, f *portal.ItemFields) *portal.Error {
	texts := map[string]**string{
		"title": &f.Title, "description": &f.Description, "snippet": &f.Snippet, "accessInformation": &f.AccessInformation,
		"licenseInfo": &f.LicenseInfo, "culture": &f.Culture, "contentStatus": &f.ContentStatus,
	}
	lists := map[string]**[]string{
		"categories": &f.Categories, "tags": &f.Tags, "typeKeywords": &f.TypeKeywords, "appCategories": &f.AppCategories,
		"industries": &f.Industries, "languages": &f.Languages,
	}
	for _, name := range slices.Sorted(maps.Keys(entry)) {
		value := entry[name]
		var text *string
		if at := texts[name]; at != nil {
			if err := json.Unmarshal(value, &text); err != nil {
				return portal.ErrBadParam(name, "must be a text")
			}
			*at = text
			continue
		}
		at := lists[name]
		if at == nil {
			return portal.ErrNotSupported("The property '" + name + "' in a change of several items")
		}
		list := []string{}
		switch {
		case json.Unmarshal(value, &list) == nil && list != nil:
		case json.Unmarshal(value, &text) == nil && text != nil:
			list = append([]string{}, splitPaths(*text)...)
		default:
			return portal.ErrBadParam(name, "must be an array of texts")
		}
		*at = &list
	}
	return nil
}

// splitPaths splits a list of categories. Their titles may hold commas: those between paths are
// the ones before a slash. The Python client writes one path as a JSON string.
func splitPaths(s string) []string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, `"`) {
		var text string
		if json.Unmarshal([]byte(s), &text) == nil {
			s = strings.TrimSpace(text)
		}
	}
	if strings.HasPrefix(s, "[") {
		var list []string
		if lenientJSON(s, &list) == nil {
			return slices.DeleteFunc(list, func(v string) bool { return strings.TrimSpace(v) == "" })
		}
	}
	if !strings.HasPrefix(strings.TrimLeft(s, ", "), "/") {
		return splitList(s)
	}
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		switch {
		case strings.HasPrefix(strings.TrimSpace(part), "/"):
			out = append(out, strings.TrimSpace(part))
		case len(out) > 0:
			out[len(out)-1] += "," + part
		}
	}
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// categoryFilters reads one filter of a search by category; each time that the parameter is
// sent it is another filter, and blank ones say nothing.
func (r *Request) categoryFilters(name string, split func(string) []string) [][]string {
	var out [][]string
	for _, s := range r.All(name) {
		if list := split(s); len(list) > 0 {
			out = append(out, list)
		}
	}
	return out
}
