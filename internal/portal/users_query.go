package portal

import (
	"path"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// UserSearch is a search for members.
type UserSearch struct {
	Query  string // the search language; empty matches all
	Filter string // exact terms; empty: none
	Match  search.Node
	Page   Page
	// WithoutSystem leaves the accounts of the portal itself out.
	WithoutSystem bool
}

// Fields that only callers with the privilege to view all members may search and sort by.
func isPrivateUserField(field string) bool {
	switch field {
	case "email", "lastlogin", "disabled", "categories", "roleid", "userlicensetype", "userlicensetypeid", "level", "mfaenabled", "idpusername":
		return true
	}
	return false
}

func userSortFields() []string {
	return []string{"username", "fullname", "firstname", "lastname", "created", "modified", "lastlogin", "role", "level", "mfaenabled"}
}

// userSort checks the order of a list of members. Every account has multifactor sign-in off,
// and a level follows from its user type, so both of these orders are by name.
func userSort(a *actor, p Page) (Page, error) {
	p.Sort = strings.ToLower(p.Sort)
	if p.Sort != "" && !slices.Contains(userSortFields(), p.Sort) {
		return p, ErrBadParam("sortField", "must be one of "+strings.Join(userSortFields(), ", "))
	}
	if isPrivateUserField(p.Sort) {
		if err := a.needs(privViewUsers); err != nil {
			return p, err
		}
	}
	if p.Sort == "role" {
		if err := a.listsMembers(); err != nil {
			return p, err
		}
	}
	switch p.Sort {
	case "level", "mfaenabled":
		p.Sort = "username"
	}
	return p, nil
}

// userMatch parses a search for members and settles what the store cannot know: members by
// the basic role that they are shown with, and the fields that the caller may not see.
func userMatch(tx Tx, a *actor, s UserSearch) (search.Node, error) {
	parts, err := parsedQuery(s.Query, s.Filter)
	if err != nil {
		return nil, err
	}
	if s.Match != nil {
		parts = append(parts, s.Match)
	}
	roles, err := listedRoles(tx)
	if err != nil {
		return nil, err
	}
	r := userRewriter{roles: roles, full: a.has(privViewUsers), basic: a.listsMembers() == nil, licenses: a.has(privManageLicenses)}
	for i, n := range parts {
		parts[i] = mapLeaves(n, r.leaf)
	}
	if s.WithoutSystem {
		parts = append(parts, withoutSystem())
	}
	return &search.And{Parts: parts}, nil
}

// withoutSystem matches the accounts that are not the portal's own.
func withoutSystem() search.Node {
	var names []search.Node
	for _, a := range systemAccounts() {
		names = append(names, exactly("username", a.username))
	}
	return &search.Not{Part: &search.Or{Parts: names}}
}

type userRewriter struct {
	roles []*Role
	full  bool // the caller may view all members
	basic bool // the caller is shown basic roles

	licenses bool // the caller manages licenses
}

// leaf rewrites one term or range of a search for members.
func (r userRewriter) leaf(n search.Node) search.Node {
	switch n := n.(type) {
	case *search.Range:
		if (isPrivateUserField(n.Field) || n.Field == "role") && !r.full {
			return nothing()
		}
	case *search.Term:
		return r.term(n)
	}
	return n
}

func (r userRewriter) term(t *search.Term) search.Node {
	switch {
	case t.Field == "appbundle" && !r.full && !r.licenses:
		return nothing()
	case isPrivateUserField(t.Field) && !r.full:
		return nothing()
	case t.Field == "role" && !r.basic:
		return nothing()
	case t.Field == "role" && t.Kind == search.Pattern && !r.full:
		return r.basicRolesLike(t.Text)
	case t.Field == "role" && t.Kind != search.Pattern && t.Kind != search.Exists:
		return r.basicRole(ParseRole(t.Text))
	case t.Field == "userlicensetypeid":
		return exactly("userlicensetype", t.Text)
	}
	return t
}

// basicRolesLike is basicRole for a pattern.
func (r userRewriter) basicRolesLike(pattern string) search.Node {
	any := &search.Or{}
	for _, id := range []esri.RoleID{RoleAdmin, RolePublisher, RoleUser} {
		if ok, err := path.Match(strings.ToLower(pattern), string(id)); ok && err == nil {
			any.Parts = append(any.Parts, r.basicRole(id))
		}
	}
	if len(any.Parts) == 0 {
		return nothing()
	}
	return any
}

// basicRole matches the members who are shown with a basic role, or who hold the role of
// that id, which only callers who may view all members can ask for.
func (r userRewriter) basicRole(id esri.RoleID) search.Node {
	if !isBasic(id) && !r.full {
		return nothing()
	}
	any := &search.Or{Parts: []search.Node{exactly("role", string(id))}}
	for _, role := range r.roles {
		if isBasic(id) && basicRole(role.ID, role.Privileges) == id {
			any.Parts = append(any.Parts, exactly("role", string(role.ID)))
		}
	}
	return any
}
