package portal

import (
	"context"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// GroupSearch is a search for groups.
type GroupSearch struct {
	Query  string // the search language; empty matches all
	Filter string // exact terms; empty: none
	Member string // only groups that this member belongs to; empty: any
	Page   Page
}

// GroupPage is one page of found groups.
type GroupPage struct {
	Groups []*GroupView
	Total  int
}

// Groups searches the groups that the caller may see. Results end at 10,000.
func (p *Portal) Groups(ctx context.Context, c Caller, s GroupSearch) (*GroupPage, error) {
	parts, err := parsedQuery(s.Query, s.Filter)
	if err != nil {
		return nil, err
	}
	sortFields := []string{"", "title", "owner", "created", "modified"}
	if s.Page.Sort = strings.ToLower(s.Page.Sort); !slices.Contains(sortFields, s.Page.Sort) {
		return nil, ErrBadParam("sortField", "must be title, owner, created or modified")
	}
	out := &GroupPage{}
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if s.Member != "" {
			member, err := memberGroups(tx, a, s.Member)
			if err != nil {
				return err
			}
			parts = append(parts, member)
		}
		org, err := tx.Org()
		if err != nil {
			return err
		}
		groups, total, err := tx.FindGroups(GroupQuery{Match: &search.And{Parts: parts}, Visible: a.findableGroups(), Page: s.Page})
		if err != nil {
			return err
		}
		out.Total = total
		for _, g := range groups {
			out.Groups = append(out.Groups, &GroupView{Group: g, Org: org.ID})
		}
		return nil
	})
	return out, err
}

// memberGroups matches the groups that a member belongs to and the caller may know of.
func memberGroups(tx Tx, a *actor, username string) (search.Node, error) {
	u, _, err := visibleUser(tx, a, username)
	if err != nil {
		return nil, err
	}
	groups, err := groupsOf(tx, a, u.Username, "")
	if err != nil {
		return nil, err
	}
	match := &search.Or{}
	for _, g := range groups {
		match.Parts = append(match.Parts, exactly("id", string(g.ID)))
	}
	if len(match.Parts) == 0 {
		return nothing(), nil
	}
	return match, nil
}
