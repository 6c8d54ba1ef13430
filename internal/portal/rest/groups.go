package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (s *Server) groupsRoutes() []Route {
	const group = "sharing/rest/community/groups/{id}"
	refused := []string{"providerGroupName", "featuredItemsId"}
	routes := []Route{
		{Pattern: "sharing/rest/community/groups", Refuse: []string{"categories", "categoryFilters"}, Handle: s.searchGroups},
		{Pattern: "sharing/rest/community/createGroup", Write: true, Files: true, Refuse: refused, Handle: s.createGroup},
		{Pattern: group, Handle: s.group},
		{Pattern: group + "/info/{file}", Handle: s.groupThumbnail},
		{Pattern: group + "/update", Write: true, Files: true, Refuse: refused, Handle: s.updateGroup},
		{Pattern: group + "/delete", Write: true, Handle: s.deleteGroup},
		{Pattern: group + "/protect", Write: true, Handle: s.protectGroup(true)},
		{Pattern: group + "/unprotect", Write: true, Handle: s.protectGroup(false)},
		{Pattern: group + "/reassign", Write: true, Handle: s.reassignGroup},
		{Pattern: group + "/deleteThumbnail", Write: true, Handle: s.deleteGroupThumbnail},
	}
	routes = append(routes, s.groupMembersRoutes(group)...)
	return append(routes, unsupportedWrites(group, "invite", "inviteByEmail", "createNotification", "export", "import")...)
}

func groupID(r *Request) esri.GroupID { return esri.GroupID(r.Var("id")) }

// group answers a group with the caller's part in it (Esri's page "Group").
func (s *Server) group(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.Group(ctx, r.Caller, groupID(r))
	if err != nil {
		return nil, err
	}
	return groupWithMembership(v), nil
}

// searchGroups answers {query, total, start, num, nextStart, results} (Esri's page "Group
// Search") with the groups that the caller sees; an anonymous caller sees public ones.
//
// guess: searchUserAccess=groupMember keeps the groups of searchUserName, by default the
// caller. An empty query finds every group that the caller sees, as on Enterprise.
func (s *Server) searchGroups(ctx context.Context, r *Request) (any, error) {
	p, err := r.sortedWindow()
	if err != nil {
		return nil, err
	}
	q := portal.GroupSearch{Query: r.Str("q"), Filter: r.Str("filter"), Page: p}
	switch access := strings.TrimSpace(r.Str("searchUserAccess")); {
	case strings.EqualFold(access, "groupMember"):
		if q.Member = strings.TrimSpace(r.Str("searchUserName")); q.Member == "" {
			q.Member = r.Caller.Username
		}
		if q.Member == "" {
			return nil, portal.ErrTokenRequired()
		}
	case access != "":
		return nil, portal.ErrBadParam("searchUserAccess", "must be groupMember")
	}
	page, err := s.portal.Groups(ctx, r.Caller, q)
	if err != nil {
		return nil, err
	}
	var rows []Object
	for _, g := range page.Groups {
		rows = append(rows, groupJSON(g))
	}
	out := listing("results", rows, p, page.Total)
	out["query"] = q.Query
	return out, nil
}

// createGroup answers {success, group} (Esri's page "Create Group").
//
// deviates: tags may be missing. Groups linked to an enterprise group (provider) are refused.
func (s *Server) createGroup(ctx context.Context, r *Request) (any, error) {
	if _, err := r.Need("title"); err != nil {
		return nil, err
	}
	up, err := r.groupUpdate()
	if err != nil {
		return nil, err
	}
	v, err := s.portal.CreateGroup(ctx, r.Caller, up)
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "group": groupWithMembership(v)}, nil
}

// groupUpdate reads the properties of Esri's pages "Create Group" and "Update Group". Blank
// ones are left as they are, unless clearEmptyFields is true and they may be empty.
func (r *Request) groupUpdate() (portal.GroupUpdate, error) {
	clear, err := r.Bool("clearEmptyFields", false)
	if err != nil {
		return portal.GroupUpdate{}, err
	}
	up := portal.GroupUpdate{
		Title: r.field("title", false), Description: r.field("description", clear), Snippet: r.field("snippet", clear), Phone: r.field("phone", clear),
		Tags: r.fieldList("tags", clear), TypeKeywords: r.fieldList("typeKeywords", clear),
		SortField: r.field("sortField", false), SortOrder: lower(r.field("sortOrder", false)),
		Access: access(r.field("access", false)), MembershipAccess: lower(r.field("membershipAccess", clear)),
		Capabilities: r.fieldList("capabilities", false), Thumbnail: r.thumbnail(),
	}
	for _, b := range []struct {
		param string
		dst   **bool
	}{
		{"isInvitationOnly", &up.InvitationOnly}, {"isViewOnly", &up.ViewOnly}, {"autoJoin", &up.AutoJoin},
		{"leavingDisallowed", &up.LeavingDisallowed}, {"hiddenMembers", &up.HiddenMembers}, {"isOpenData", &up.OpenData},
	} {
		if *b.dst, err = r.BoolPtr(b.param); err != nil {
			return up, err
		}
	}
	if p := r.field("provider", false); p != nil && !strings.EqualFold(*p, "arcgis") {
		return up, portal.ErrNotSupported("The value '" + *p + "' of the parameter 'provider'")
	}
	if up.DisplaySettings, err = r.object("displaySettings"); err != nil {
		return up, err
	}
	up.Properties, err = r.object("properties")
	return up, err
}

func lower(s *string) *string {
	if s == nil {
		return nil
	}
	return new(strings.ToLower(strings.TrimSpace(*s)))
}

// forGroup is the answer of a write on one group: {success, groupId}.
func forGroup(r *Request, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "groupId": strings.ToLower(r.Var("id"))}, nil
}

// updateGroup answers {success, groupId} (Esri's page "Update Group"). An empty list of
// capabilities, which one client always sends, changes nothing.
func (s *Server) updateGroup(ctx context.Context, r *Request) (any, error) {
	up, err := r.groupUpdate()
	if err != nil {
		return nil, err
	}
	return forGroup(r, s.portal.UpdateGroup(ctx, r.Caller, groupID(r), up))
}

// deleteGroup answers {success, groupId} (Esri's page "Delete Group").
func (s *Server) deleteGroup(ctx context.Context, r *Request) (any, error) {
	return forGroup(r, s.portal.DeleteGroup(ctx, r.Caller, groupID(r)))
}

// protectGroup answers {success} (Esri's pages "Protect" and "Unprotect").
func (s *Server) protectGroup(protected bool) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		return success(s.portal.SetGroupProtected(ctx, r.Caller, groupID(r), protected))
	}
}

// reassignGroup answers {success, groupId} (Esri's page "Reassign Group").
//
// guess: the owner before stays as a manager.
func (s *Server) reassignGroup(ctx context.Context, r *Request) (any, error) {
	target, err := r.Need("targetUsername")
	if err != nil {
		return nil, err
	}
	return forGroup(r, s.portal.ReassignGroup(ctx, r.Caller, groupID(r), strings.TrimSpace(target)))
}

// deleteGroupThumbnail answers {success}.
func (s *Server) deleteGroupThumbnail(ctx context.Context, r *Request) (any, error) {
	return success(s.portal.DeleteGroupThumbnail(ctx, r.Caller, groupID(r)))
}

// groupThumbnail serves a group's picture.
func (s *Server) groupThumbnail(ctx context.Context, r *Request) (any, error) {
	f, public, err := s.portal.GroupThumbnail(ctx, r.Caller, groupID(r), r.Var("file"))
	if err != nil {
		return nil, withStatus(404, err)
	}
	return s.picture(ctx, f, public)
}
