package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (s *Server) searchRoutes() []Route {
	const group = "sharing/rest/content/groups/{id}"
	refused := []string{"exclude"}
	return []Route{
		{Pattern: "sharing/rest/search", Refuse: refused, Handle: s.searchItems},
		{Pattern: "sharing/rest/search/suggest", Handle: unsupported("The operation suggest")},
		{Pattern: group, Handle: s.groupContent},
		{Pattern: group + "/search", Refuse: refused, Handle: s.searchGroupContent},
	}
}

// searchItems answers {query, total, start, num, nextStart, results} and, where counts are
// asked for, aggregations (Esri's page "Search").
func (s *Server) searchItems(ctx context.Context, r *Request) (any, error) {
	q, err := r.itemSearch()
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(q.Query) == "" && q.BBox == nil && strings.TrimSpace(q.Filter) == "" && len(q.Categories)+len(q.CategoryTerms) == 0 {
		return nil, portal.ErrMissingParam("q")
	}
	return s.foundItems(ctx, r, q)
}

// searchGroupContent is searchItems within one group; the query may be empty (Esri's page
// "Group Content Search").
func (s *Server) searchGroupContent(ctx context.Context, r *Request) (any, error) {
	q, err := r.itemSearch()
	if err != nil {
		return nil, err
	}
	q.Group = groupID(r)
	return s.foundItems(ctx, r, q)
}

func (s *Server) foundItems(ctx context.Context, r *Request, q portal.ItemSearch) (any, error) {
	found, err := s.portal.FindItems(ctx, r.Caller, q)
	if err != nil {
		return nil, err
	}
	row := foundJSON
	if q.Group != "" {
		row = groupItemJSON
	}
	o := listing("results", itemsJSON(found.Items, row), q.Page, found.Total)
	o["query"] = q.Query
	if len(q.CountFields) > 0 {
		o["aggregations"] = Object{"counts": countsJSON(found.Counts)}
	}
	return o, nil
}

// groupItemJSON is foundJSON in the content of a group.
func groupItemJSON(v portal.ItemView) Object {
	o := foundJSON(v)
	o["groupCategories"] = orEmpty(v.GroupCategories)
	return o
}

func countsJSON(counts []portal.FieldCount) []Object {
	out := make([]Object, len(counts))
	for i, c := range counts {
		values := make([]Object, len(c.Values))
		for j, v := range c.Values {
			values[j] = Object{"value": v.Value, "count": v.Count}
		}
		out[i] = Object{"fieldName": c.Field, "fieldValues": values}
	}
	return out
}

// itemSearch reads the parameters that all searches for items share.
//
// guess: searchUserAccess=groupMember keeps what searchUserName, by default the caller,
// reaches through groups.
func (r *Request) itemSearch() (q portal.ItemSearch, err error) {
	q = portal.ItemSearch{
		Query: r.Str("q"), Filter: r.Str("filter"),
		Categories: r.categoryFilters("categories", splitPaths), CategoryTerms: r.categoryFilters("categoryFilters", splitList),
	}
	if q.Page, err = r.sortedWindow(); err != nil {
		return q, err
	}
	if err := r.refuseTrue("displaySublayers"); err != nil {
		return q, err
	}
	if s := r.field("bbox", false); s != nil {
		e, ok, err := esri.ParseExtent(*s)
		if err != nil || !ok {
			return q, portal.ErrBadParam("bbox", "must be four numbers: minx,miny,maxx,maxy")
		}
		q.BBox = &e
	}
	q.CountFields, _ = r.List("countFields")
	if q.CountSize, err = r.Int("countSize", 10); err != nil {
		return q, err
	}
	switch access := strings.TrimSpace(r.Str("searchUserAccess")); {
	case access == "":
	case strings.EqualFold(access, "groupMember"):
		if q.Member = strings.TrimSpace(r.Str("searchUserName")); q.Member == "" {
			q.Member = r.Caller.Username
		}
		if q.Member == "" {
			return q, portal.ErrTokenRequired()
		}
	default:
		return q, portal.ErrBadParam("searchUserAccess", "must be groupMember")
	}
	return q, nil
}

// groupContent answers {total, start, num, nextStart, items}: the items of a group that the
// caller may see (Esri's page "Group Content"). Old clients ask for further pages by
// nextStart.
func (s *Server) groupContent(ctx context.Context, r *Request) (any, error) {
	page, err := r.sortedWindow()
	if err != nil {
		return nil, err
	}
	if !r.Has("start") && r.Has("nextStart") {
		next, err := r.Int("nextStart", 1)
		if err != nil {
			return nil, err
		}
		page.Start = max(next, 1)
	}
	found, err := s.portal.FindItems(ctx, r.Caller, portal.ItemSearch{Group: groupID(r), Page: page, CountSize: 1})
	if err != nil {
		return nil, err
	}
	return listing("items", itemsJSON(found.Items, groupItemJSON), page, found.Total), nil
}
