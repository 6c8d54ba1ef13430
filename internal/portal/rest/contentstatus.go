package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// setContentStatus answers {success, itemId} (Esri's page "Set Content Status"). The Python
// client sends it by GET, without a status to clear, and has the word authoritative.
func (s *Server) setContentStatus(ctx context.Context, r *Request) (any, error) {
	clear, err := r.Bool("clearEmptyFields", false)
	if err != nil {
		return nil, err
	}
	status := strings.TrimSpace(r.Str("status"))
	if status == "None" || status == "null" {
		status = ""
	}
	if status == "" && !clear {
		return nil, portal.ErrBadParam("status", "must be org_authoritative, public_authoritative or deprecated; with clearEmptyFields=true it may be empty")
	}
	id, err := s.portal.SetContentStatus(ctx, r.Caller, itemID(r), status)
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "itemId": id}, nil
}
