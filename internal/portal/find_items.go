package portal

import (
	"context"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// Limits of a search for items.
const (
	maxCountFields = 3
	maxCountSize   = 200
)

// ItemSearch is a search for items.
type ItemSearch struct {
	Query  string // the search language
	Filter string // exact terms; empty: none
	BBox   *esri.Extent
	Group  esri.GroupID // only items shared with it, which the caller has to see; empty: any
	Member string       // only items that this member reaches through a group; empty: any
	// Categories and CategoryTerms are as those of ItemQuery.
	Categories    [][]string
	CategoryTerms [][]string
	Page          Page
	CountFields   []string
	CountSize     int
}

// FoundItems is one page of found items.
type FoundItems struct {
	Items  []ItemView
	Total  int
	Counts []FieldCount
}

// check names what a search cannot ask for.
func (s *ItemSearch) check() error {
	sorts := []string{"", "title", "created", "modified", "uploaded", "type", "owner", "avgrating", "numratings", "numcomments", "numviews",
		"scorecompleteness", "name", "access", "id", "relevance"}
	if s.Page.Sort = strings.ToLower(s.Page.Sort); !slices.Contains(sorts, s.Page.Sort) {
		return ErrBadParam("sortField", "must be title, created, modified, type, owner, avgRating, numRatings, numComments, numViews or scoreCompleteness")
	}
	// These are the same for all items of a portal that has no ratings, so that relevance
	// tells more.
	if slices.Contains([]string{"relevance", "avgrating", "numratings", "numcomments", "scorecompleteness"}, s.Page.Sort) {
		s.Page.Sort, s.Page.Desc = "", false
	}
	if len(s.CountFields) > maxCountFields {
		return ErrBadParam("countFields", "must name at most 3 fields")
	}
	for i, f := range s.CountFields {
		if s.CountFields[i] = strings.ToLower(f); !slices.Contains([]string{"tags", "type", "access", "contentstatus", "categories"}, s.CountFields[i]) {
			return ErrBadParam("countFields", "must be among tags, type, access, contentstatus and categories, not '"+f+"'")
		}
	}
	if s.CountSize < 1 || s.CountSize > maxCountSize {
		return ErrBadParam("countSize", "must be a number from 1 to 200")
	}
	return s.checkCategories()
}

// FindItems searches the items that the caller may see.
func (p *Portal) FindItems(ctx context.Context, c Caller, s ItemSearch) (*FoundItems, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	parts, err := parsedQuery(s.Query, "")
	if err != nil {
		return nil, err
	}
	filter, err := parsedQuery("", s.Filter)
	if err != nil {
		return nil, err
	}
	out := &FoundItems{}
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		q := ItemQuery{BBox: s.BBox, Visible: a.itemVisibility(), Page: s.Page, CountFields: s.CountFields, CountSize: s.CountSize,
			Categories: trimmedPaths(s.Categories), CategoryTerms: s.CategoryTerms}
		if s.Group != "" {
			g, err := visibleGroup(tx, a, s.Group)
			if err != nil {
				return err
			}
			q.Group = g.ID
		}
		if s.Member != "" {
			member, err := reachedByGroup(tx, a, s.Member)
			if err != nil {
				return err
			}
			parts = append(parts, member)
		}
		q.Match = withGroups(tx, a, &search.And{Parts: parts}, &err)
		if len(filter) > 0 {
			q.Filter = withGroups(tx, a, &search.And{Parts: filter}, &err)
		}
		if err != nil {
			return err
		}
		found, err := tx.FindItems(q)
		if err != nil {
			return err
		}
		out.Total, out.Counts = found.Total, found.Counts
		if out.Items, err = viewsOf(tx, a, found.Items); err != nil || q.Group == "" {
			return err
		}
		return withGroupCategories(tx, q.Group, out.Items)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// reachedByGroup matches the items that are shared with a group of a member: the caller, or
// another one for who may view all members.
func reachedByGroup(tx Tx, a *actor, username string) (search.Node, error) {
	u, err := contentOwner(tx, a, username, privViewUsers)
	if err != nil {
		return nil, err
	}
	ms, err := tx.MembershipsOf(u.Username)
	if err != nil {
		return nil, err
	}
	match := &search.Or{}
	for _, m := range ms {
		if m.Type != MemberAsking && m.Group != u.FavGroupID {
			match.Parts = append(match.Parts, exactly("group", string(m.Group)))
		}
	}
	if len(match.Parts) == 0 {
		return nothing(), nil
	}
	return match, nil
}

// withGroups settles what a query asks of groups: one that does not exist for the caller holds
// nothing, and for the group of the caller's favorites its items stand in its place, as that
// group gives access to nothing and so has no part in the visibility of items.
func withGroups(tx Tx, a *actor, n search.Node, err *error) search.Node {
	return mapLeaves(n, func(leaf search.Node) search.Node {
		t, ok := leaf.(*search.Term)
		if !ok || t.Field != "group" {
			return leaf
		}
		if t.Kind == search.Pattern || t.Kind == search.Exists {
			// The store goes by what the caller sees of items.
			if a.has(privViewItems) != a.has(privViewGroups) || a.has(privViewOrgItems) != a.has(privViewOrgGroups) {
				return nothing()
			}
			return leaf
		}
		g, failed := visibleGroup(tx, a, esri.GroupID(t.Text))
		switch {
		case isRefusal(failed):
			return nothing()
		case failed != nil:
			*err = failed
			return leaf
		case !g.Fav:
			return leaf
		}
		return itemsOfGroup(tx, g.ID, err)
	})
}

// itemsOfGroup matches the items of a group by their ids.
func itemsOfGroup(tx Tx, id esri.GroupID, err *error) search.Node {
	ids, failed := tx.ItemsOfGroup(id)
	if failed != nil {
		*err = failed
	}
	match := &search.Or{}
	for _, id := range ids {
		match.Parts = append(match.Parts, exactly("id", string(id)))
	}
	if len(match.Parts) == 0 {
		return nothing()
	}
	return match
}
