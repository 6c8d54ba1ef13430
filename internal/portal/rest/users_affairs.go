package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// userAffairsRoutes are the collections of a member that hold nothing on this portal, which
// clients read on the way to other things, and the operations on their entries.
func (s *Server) userAffairsRoutes(user string) []Route {
	gone := func(what string) HandlerFunc { return s.affairs("", nil, what+" does not exist or is inaccessible.") }
	return []Route{
		{Pattern: user + "/notifications", Handle: s.affairs("", emptyList("notifications"), "")},
		{Pattern: user + "/notifications/{notification}", Handle: gone("Notification")},
		{Pattern: user + "/notifications/{notification}/delete", Write: true, Handle: gone("Notification")},
		{Pattern: user + "/invitations", Handle: s.affairs("", emptyList("userInvitations"), "")},
		{Pattern: user + "/invitations/{invitation}", Handle: gone("Invitation")},
		{Pattern: user + "/invitations/{invitation}/accept", Write: true, Handle: gone("Invitation")},
		{Pattern: user + "/invitations/{invitation}/decline", Write: true, Handle: gone("Invitation")},
		{Pattern: user + "/linkedUsers", Handle: s.affairs("", emptyList("linkedUsers"), "")},
	}
}

// affairs answers what concerns a member alone, and who holds the privilege, where one is
// named: an empty collection, or that an entry of one does not exist.
func (s *Server) affairs(privilege string, answer HandlerFunc, missing string) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		if err := s.portal.Affairs(ctx, r.Caller, r.Var("username"), privilege); err != nil {
			return nil, err
		}
		if answer == nil {
			return nil, &portal.Error{Code: 400, Message: missing}
		}
		return answer(ctx, r)
	}
}

// emptyList answers the page that was asked for of a collection that holds nothing.
func emptyList(key string) HandlerFunc {
	return func(_ context.Context, r *Request) (any, error) {
		p, err := r.window(defaultNum)
		if err != nil {
			return nil, err
		}
		return listing(key, nil, p, 0), nil
	}
}
