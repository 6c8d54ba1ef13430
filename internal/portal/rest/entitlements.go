package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// entitlementRow is what one member holds of a product.
type entitlementRow struct {
	Username         string            `json:"username"`
	LastLogin        esri.Time         `json:"lastLogin"`
	Disconnected     bool              `json:"disconnected"`
	Entitlements     []string          `json:"entitlements"`
	DisconnectedInfo *disconnectedInfo `json:"disconnectedInfo,omitempty"`
}

type disconnectedInfo struct {
	DisconnectedSince esri.Time `json:"disconnectedSince"`
}

func entitlementJSON(e *portal.Entitlement) entitlementRow {
	row := entitlementRow{Username: e.Username, LastLogin: esri.TimeOf(e.LastUsed), Entitlements: orEmpty(e.Keys)}
	if !e.CheckedOut.IsZero() {
		row.Disconnected, row.DisconnectedInfo = true, &disconnectedInfo{esri.TimeOf(e.CheckedOut)}
	}
	return row
}

// userEntitlements answers {userEntitlements, total, start, num, nextStart} (Esri's page "User
// Entitlements") to who manages licenses. A call without start and num, as the legacy scripts
// make it, gets the whole list. Nobody without a license is in it.
func (s *Server) userEntitlements(ctx context.Context, r *Request) (any, error) {
	var p portal.Page
	if r.Str("start") != "" || r.Str("num") != "" {
		var err error
		if p, err = r.window(maxNum); err != nil {
			return nil, err
		}
		p.Num = max(p.Num, 1)
	}
	page, err := s.portal.Entitlements(ctx, r.Caller, r.listingItem(), p)
	if err != nil {
		return nil, err
	}
	rows := make([]entitlementRow, len(page.Rows))
	for i, e := range page.Rows {
		rows[i] = entitlementJSON(e)
	}
	if p.Num == 0 {
		p = portal.Page{Start: 1, Num: int(page.Total)}
	}
	out := listing("userEntitlements", nil, p, int(page.Total))
	out["userEntitlements"] = rows
	return out, nil
}

// userEntitlement answers {userEntitlements: {...}} for the member itself and for who manages
// licenses; an empty object where the member holds nothing.
func (s *Server) userEntitlement(ctx context.Context, r *Request) (any, error) {
	e, err := s.portal.Entitlement(ctx, r.Caller, r.listingItem(), r.Var("username"))
	if err != nil {
		return nil, err
	}
	if e == nil {
		return Object{"userEntitlements": Object{}}, nil
	}
	return Object{"userEntitlements": entitlementJSON(e)}, nil
}

// provisionUserEntitlements answers {success} (Esri's page "Provision User Entitlements"): each
// of the users then holds exactly the entitlements, none of them where one cannot.
//
// deviates: nobody is mailed, whatever suppressCustomerEmail says, as this portal sends no mail.
func (s *Server) provisionUserEntitlements(ctx context.Context, r *Request) (any, error) {
	var in struct {
		Users        any
		Entitlements any
	}
	if ok, err := r.JSON("userEntitlements", &in); err != nil {
		return nil, err
	} else if !ok {
		return nil, portal.ErrMissingParam("userEntitlements")
	}
	if _, err := r.Bool("suppressCustomerEmail", true); err != nil {
		return nil, err
	}
	users, ok := texts(in.Users)
	if !ok {
		return nil, portal.ErrBadParam("userEntitlements", "must hold users, a list of usernames")
	}
	keys, ok := texts(in.Entitlements)
	if !ok {
		return nil, portal.ErrBadParam("userEntitlements", "must hold entitlements, a list of names; an empty one revokes")
	}
	if err := s.portal.ProvisionEntitlements(ctx, r.Caller, r.listingItem(), users, keys); err != nil {
		return nil, err
	}
	return Object{"success": true}, nil
}

// texts reads a list of texts; one of them may hold several, separated by commas, and so may a
// text in place of the list. ok is false for anything else.
func texts(v any) (out []string, ok bool) {
	switch v := v.(type) {
	case string:
		return splitList(v), true
	case []any:
		for _, e := range v {
			s, isText := e.(string)
			if !isText {
				return nil, false
			}
			out = append(out, splitList(s)...)
		}
		return out, true
	}
	return nil, false
}
