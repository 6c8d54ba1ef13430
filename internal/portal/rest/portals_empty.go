package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// emptyPortalRoutes are the collections of the organization that hold nothing on this portal,
// which clients read on the way to other things.
func (s *Server) emptyPortalRoutes(org string) []Route {
	const security = "portal:admin:manageSecurity"
	read := func(path, privilege string, answer HandlerFunc) Route {
		return Route{Pattern: org + "/" + path, Handle: s.inOrg(s.guarded(privilege, answer))}
	}
	routes := []Route{
		read("servers", "", fixed(Object{"servers": []Object{}})),
		read("urls", "", fixed(Object{"urls": Object{}})),
		read("collaborations", security, emptyList("collaborations")),
		read("webhooks", security, emptyList("webhooks")),
		read("allScheduledTasks", security, emptyList("tasks")),
	}
	if s.online() {
		return routes
	}
	const invite = "portal:admin:inviteUsers"
	noInvitation := func(context.Context, *Request) (any, error) {
		return nil, &portal.Error{Code: 400, Message: "Invitation does not exist or is inaccessible."}
	}
	delete := read("invitations/{invitation}/delete", invite, noInvitation)
	delete.Write = true
	return append(routes, read("invitations", invite, emptyList("invitations")), read("invitations/{invitation}", invite, noInvitation), delete)
}

// guarded asks for a privilege before it answers; empty: anybody may read.
func (s *Server) guarded(privilege string, answer HandlerFunc) HandlerFunc {
	if privilege == "" {
		return answer
	}
	return func(ctx context.Context, r *Request) (any, error) {
		if err := s.portal.Administers(ctx, r.Caller, privilege); err != nil {
			return nil, err
		}
		return answer(ctx, r)
	}
}

// fixed answers the same to every call.
func fixed(v Object) HandlerFunc {
	return func(context.Context, *Request) (any, error) { return v, nil }
}
