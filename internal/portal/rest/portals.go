package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (s *Server) portalsRoutes() []Route {
	const org = "sharing/rest/portals/{id}"
	routes := []Route{
		{Pattern: "sharing/rest/portals/languages", Handle: s.languages},
		{Pattern: "sharing/rest/portals/regions", Handle: s.regions},
		{Pattern: org, Handle: s.organization},
		{Pattern: org + "/users", Handle: s.inOrg(s.orgUsers)},
		{Pattern: org + "/users/search", Refuse: []string{"categories"}, Handle: s.inOrg(s.searchOrgUsers)},
		{Pattern: org + "/users/counts", Handle: s.inOrg(s.userCounts)},
		{Pattern: org + "/usersGroups", Handle: s.inOrg(s.usersGroups)},
		{Pattern: org + "/invite", Write: true, Handle: s.inOrg(s.invite)},
		{Pattern: org + "/removeUsers", Write: true, Handle: s.inOrg(s.removeUsers)},
		{Pattern: org + "/disableUsers", Write: true, Handle: s.inOrg(s.bulk(s.portal.DisableUsers))},
		{Pattern: org + "/enableUsers", Write: true, Handle: s.inOrg(s.bulk(s.portal.EnableUsers))},
	}
	routes = append(routes, s.emptyPortalRoutes(org)...)
	routes = append(routes, s.orgUpdateRoutes(org)...)
	if s.online() {
		routes = append(routes, s.invitationRoutes(org)...)
	} else {
		routes = append(routes, unsupportedWrites(org, "inviteByEmail")...)
	}
	return append(routes, unsupportedWrites(org, "updateUserLevel", "assignUserCredits", "unassignUserCredits",
		"createNotification", "reassignUsersContent", "usage")...)
}

// inOrg guards a handler below portals/{id}: the id is that of the organization, or self.
func (s *Server) inOrg(h HandlerFunc) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		if err := s.portal.CheckOrg(ctx, r.Var("id")); err != nil {
			return nil, err
		}
		return h(ctx, r)
	}
}

// orgUsers answers {total, start, num, nextStart, users} (Esri's page "Users") to who may list
// the members of the organization: those that the caller sees, without their groups, by name.
func (s *Server) orgUsers(ctx context.Context, r *Request) (any, error) {
	q, err := r.userSearch()
	if err != nil {
		return nil, err
	}
	q.Query, q.Filter = "", ""
	page, err := s.portal.OrgUsers(ctx, r.Caller, q)
	return foundUsers(page, err, q, "users")
}

// searchOrgUsers answers {query, total, start, num, nextStart, results} (Esri's page "User
// Search (Portal)") to who may list the members of the organization.
func (s *Server) searchOrgUsers(ctx context.Context, r *Request) (any, error) {
	q, err := r.userSearch()
	if err != nil {
		return nil, err
	}
	page, err := s.portal.OrgUsers(ctx, r.Caller, q)
	return foundUsers(page, err, q, "results")
}

// userCounts answers {type, total, start, num, nextStart, results: [{key, count}]}: how many
// members hold each role or user type. The portal's own accounts are not counted.
//
// guess: the key of a role is its id, or its name for the three basic ones.
func (s *Server) userCounts(ctx context.Context, r *Request) (any, error) {
	kind, err := r.Need("type")
	if err != nil {
		return nil, err
	}
	p, err := r.window(maxNum)
	if err != nil {
		return nil, err
	}
	counts, err := s.portal.CountUsers(ctx, r.Caller, kind)
	if err != nil {
		return nil, err
	}
	var rows []Object
	for _, c := range counts {
		rows = append(rows, Object{"key": c.Key, "count": c.Count})
	}
	out := listPage("results", rows, p)
	out["type"] = kind
	return out, nil
}

// usersGroups answers {results: [{username, groups}]} for the members named in users.
//
// guess: groups holds whole groups with the member's part in them.
func (s *Server) usersGroups(ctx context.Context, r *Request) (any, error) {
	users, _ := r.List("users")
	if len(users) == 0 {
		return nil, portal.ErrMissingParam("users")
	}
	limit, err := r.Int("limit", lastRow)
	if err != nil {
		return nil, err
	}
	list, err := s.portal.GroupsOfUsers(ctx, r.Caller, users, max(limit, 0))
	if err != nil {
		return nil, err
	}
	rows := make([]Object, 0, len(list))
	for _, u := range list {
		groups := make([]Object, 0, len(u.Groups))
		for _, g := range u.Groups {
			groups = append(groups, groupWithMembership(g))
		}
		rows = append(rows, Object{"username": u.Username, "groups": groups})
	}
	return Object{"results": rows}, nil
}

// bulk answers {results: [{username, status}]} of an operation on the members named in users
// (Esri's pages "Disable Users" and "Enable Users"). A row that failed says why.
func (s *Server) bulk(do func(context.Context, portal.Caller, []string) ([]portal.UserResult, error)) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		users, _ := r.List("users")
		results, err := do(ctx, r.Caller, users)
		if err != nil {
			return nil, err
		}
		return Object{"results": resultRows(results)}, nil
	}
}

func resultRows(results []portal.UserResult) []Object {
	rows := make([]Object, len(results))
	for i, u := range results {
		rows[i] = Object{"username": u.Username, "status": u.Err == nil}
		if u.Err != nil {
			rows[i]["error"] = u.Err.Error()
		}
	}
	return rows
}

// removeUsers answers {notRemoved} (Esri's page "Remove Users"): who owns items or groups
// stays.
func (s *Server) removeUsers(ctx context.Context, r *Request) (any, error) {
	users, _ := r.List("users")
	results, err := s.portal.RemoveUsers(ctx, r.Caller, users)
	if err != nil {
		return nil, err
	}
	stay := []string{}
	for _, u := range results {
		if u.Err != nil {
			stay = append(stay, u.Username)
		}
	}
	return Object{"notRemoved": stay}, nil
}
