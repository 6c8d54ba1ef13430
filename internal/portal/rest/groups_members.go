package rest

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (s *Server) groupMembersRoutes(group string) []Route {
	const application = "/applications/{username}"
	return []Route{
		{Pattern: group + "/users", Handle: s.groupUsers},
		{Pattern: group + "/userList", Handle: s.groupUserList},
		{Pattern: group + "/addUsers", Write: true, Handle: s.addGroupUsers},
		{Pattern: group + "/removeUsers", Write: true, Handle: s.removeGroupUsers},
		{Pattern: group + "/updateUsers", Write: true, Handle: s.updateGroupUsers},
		{Pattern: group + "/join", Write: true, Handle: s.joinGroup},
		{Pattern: group + "/leave", Write: true, Handle: s.leaveGroup},
		{Pattern: group + "/applications", Handle: s.groupApplications},
		{Pattern: group + application, Handle: s.groupApplication},
		{Pattern: group + application + "/accept", Write: true, Handle: s.decideApplication(true)},
		{Pattern: group + application + "/decline", Write: true, Handle: s.decideApplication(false)},
	}
}

// groupUsers answers {owner, admins, users} (Esri's page "Group Users"); the owner is among
// the admins.
func (s *Server) groupUsers(ctx context.Context, r *Request) (any, error) {
	u, err := s.portal.GroupUsers(ctx, r.Caller, groupID(r))
	if err != nil {
		return nil, err
	}
	return Object{"owner": u.Owner, "admins": u.Admins, "users": u.Users}, nil
}

// groupUserList answers {total, start, num, nextStart, owner, users} (Esri's page "Group Users
// List"); the owner is not among the users.
func (s *Server) groupUserList(ctx context.Context, r *Request) (any, error) {
	f := portal.MemberFilter{Name: strings.TrimSpace(r.Str("name")), Type: portal.MemberType(strings.ToLower(strings.TrimSpace(r.Str("memberType"))))}
	var err error
	if f.Page, err = r.sortedWindow(); err != nil {
		return nil, err
	}
	if f.JoinedFrom, f.JoinedTo, err = r.joined(); err != nil {
		return nil, err
	}
	l, err := s.portal.GroupUserList(ctx, r.Caller, groupID(r), f)
	if err != nil {
		return nil, err
	}
	var rows []Object
	for _, m := range l.Members {
		rows = append(rows, Object{
			"username": m.Username, "fullName": m.FullName, "memberType": m.Type, "thumbnail": orNull(m.Thumbnail), "joined": esri.TimeOf(m.Joined),
		})
	}
	out := listing("users", rows, f.Page, l.Total)
	out["owner"] = Object{"username": l.Owner.Username, "fullName": l.Owner.FullName}
	return out, nil
}

// joined reads one moment, or two as from,to, in milliseconds. One moment is the earliest.
func (r *Request) joined() (from, to time.Time, err error) {
	moments, _ := r.List("joined")
	if len(moments) > 2 {
		return from, to, portal.ErrBadParam("joined", "must be one moment or two")
	}
	for i, m := range moments {
		ms, err := strconv.ParseInt(m, 10, 64)
		if err != nil {
			return from, to, portal.ErrBadParam("joined", "must be milliseconds since 1970")
		}
		if i == 0 {
			from = time.UnixMilli(ms)
		} else {
			to = time.UnixMilli(ms)
		}
	}
	return from, to, nil
}

// addGroupUsers answers {notAdded} (Esri's page "Add Users to Group").
//
// guess: a member who is in the group already counts as added.
func (s *Server) addGroupUsers(ctx context.Context, r *Request) (any, error) {
	users, _ := r.List("users")
	admins, _ := r.List("admins")
	refused, err := s.portal.AddToGroup(ctx, r.Caller, groupID(r), users, admins)
	if err != nil {
		return nil, err
	}
	return Object{"notAdded": orEmpty(refused)}, nil
}

// removeGroupUsers answers {notRemoved} (Esri's page "Remove Users from Group").
func (s *Server) removeGroupUsers(ctx context.Context, r *Request) (any, error) {
	users, _ := r.List("users")
	refused, err := s.portal.RemoveFromGroup(ctx, r.Caller, groupID(r), users)
	if err != nil {
		return nil, err
	}
	return Object{"notRemoved": orEmpty(refused)}, nil
}

// updateGroupUsers answers {results: [{username, success}]} (Esri's page "Update Users").
func (s *Server) updateGroupUsers(ctx context.Context, r *Request) (any, error) {
	users, _ := r.List("users")
	admins, _ := r.List("admins")
	results, err := s.portal.UpdateGroupUsers(ctx, r.Caller, groupID(r), admins, users)
	if err != nil {
		return nil, err
	}
	rows := make([]Object, len(results))
	for i, m := range results {
		rows[i] = Object{"username": m.Username, "success": m.Done}
	}
	return Object{"results": rows}, nil
}

// joinGroup answers {success, groupId} (Esri's page "Join Group"): the caller is a member, or
// has applied to become one.
func (s *Server) joinGroup(ctx context.Context, r *Request) (any, error) {
	return forGroup(r, s.portal.JoinGroup(ctx, r.Caller, groupID(r)))
}

// leaveGroup answers {success, groupId} (Esri's page "Leave Group").
func (s *Server) leaveGroup(ctx context.Context, r *Request) (any, error) {
	return forGroup(r, s.portal.LeaveGroup(ctx, r.Caller, groupID(r)))
}

// groupApplications answers {applications: [{username, fullname, received}]} (Esri's page
// "Group Applications").
func (s *Server) groupApplications(ctx context.Context, r *Request) (any, error) {
	apps, err := s.portal.GroupApplications(ctx, r.Caller, groupID(r))
	if err != nil {
		return nil, err
	}
	rows := make([]Object, 0, len(apps))
	for _, a := range apps {
		rows = append(rows, applicationJSON(a))
	}
	return Object{"applications": rows}, nil
}

func applicationJSON(a portal.Application) Object {
	return Object{"username": a.Username, "fullname": a.FullName, "received": esri.TimeOf(a.Joined)}
}

// groupApplication answers one application (Esri's page "Group Application").
func (s *Server) groupApplication(ctx context.Context, r *Request) (any, error) {
	apps, err := s.portal.GroupApplications(ctx, r.Caller, groupID(r))
	if err != nil {
		return nil, err
	}
	for _, a := range apps {
		if strings.EqualFold(a.Username, r.Var("username")) {
			return applicationJSON(a), nil
		}
	}
	return nil, &portal.Error{Code: 400, Message: "Application does not exist or is inaccessible."}
}

// decideApplication answers {success, username, groupId} (Esri's pages "Accept Group
// Application" and "Decline Group Application").
func (s *Server) decideApplication(accept bool) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		name, err := s.portal.DecideApplication(ctx, r.Caller, groupID(r), r.Var("username"), accept)
		if err != nil {
			return nil, err
		}
		return Object{"success": true, "username": name, "groupId": groupID(r)}, nil
	}
}
