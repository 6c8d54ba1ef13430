package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// userLicenseTypes answers {total, start, num, nextStart, userLicenseTypes}: all user types of
// the portal. Who manages licenses is told of seats besides.
//
// guess: maxUsers, which is absent where seats are unlimited, and currentUsers.
func (s *Server) userLicenseTypes(ctx context.Context, r *Request) (any, error) {
	p, err := r.window(maxNum)
	if err != nil {
		return nil, err
	}
	types, counts, err := s.portal.ListUserTypes(ctx, r.Caller)
	if err != nil {
		return nil, err
	}
	var rows []Object
	for _, t := range types {
		row := Object{
			"id": t.ID, "name": t.Name, "description": t.Description, "level": portal.UserTypeLevel(t.ID),
			"apps": appsJSON(t.Apps), "appBundles": []Object{},
		}
		if counts {
			row["currentUsers"] = t.Holders
		}
		if counts && t.Seats != portal.Unlimited {
			row["maxUsers"] = t.Seats
		}
		rows = append(rows, row)
	}
	return listPage("userLicenseTypes", rows, p), nil
}

// updateUserLicenseType answers {results: [{username, status}]}; a row that failed says why.
func (s *Server) updateUserLicenseType(ctx context.Context, r *Request) (any, error) {
	kind, err := r.Need("userLicenseType")
	if err != nil {
		return nil, err
	}
	return s.bulk(func(ctx context.Context, c portal.Caller, users []string) ([]portal.UserResult, error) {
		return s.portal.UpdateUserLicenseType(ctx, c, users, kind)
	})(ctx, r)
}

// userLicenseType answers {id, name, apps} (Esri's page "User License Type").
func (s *Server) userLicenseType(ctx context.Context, r *Request) (any, error) {
	t, err := s.portal.UserLicenseType(ctx, r.Caller, r.Var("username"))
	if err != nil {
		return nil, err
	}
	return Object{"id": t.ID, "name": t.Name, "apps": appsJSON(t.Apps)}, nil
}
