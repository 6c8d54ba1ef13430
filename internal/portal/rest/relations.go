package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// relationTypes reads the types of relationship under both names that they go by.
func (r *Request) relationTypes() []string {
	one, _ := r.List("relationshipType")
	more, _ := r.List("relationshipTypes")
	return append(one, more...)
}

// relatedItems answers {total, start, num, nextStart, relatedItems} (Esri's page "Related
// Items").
//
// guess: a call without a type is an error, as the types are needed.
func (s *Server) relatedItems(ctx context.Context, r *Request) (any, error) {
	page, err := r.window(maxNum)
	if err != nil {
		return nil, err
	}
	reverse := false
	switch d := strings.ToLower(strings.TrimSpace(r.Str("direction"))); d {
	case "", "forward":
	case "reverse":
		reverse = true
	default:
		return nil, portal.ErrBadParam("direction", "must be forward or reverse")
	}
	views, total, err := s.portal.RelatedItems(ctx, r.Caller, itemID(r), r.relationTypes(), reverse, page)
	if err != nil {
		return nil, err
	}
	return listing("relatedItems", itemsJSON(views, foundJSON), page, total), nil
}

// addRelationship answers {success} (Esri's page "Add Relationship").
func (s *Server) addRelationship(ctx context.Context, r *Request) (any, error) {
	origin, destination, err := r.relationEnds()
	if err != nil {
		return nil, err
	}
	return done(s.portal.AddRelationship(ctx, r.Caller, r.Var("username"), origin, destination, r.relationTypes()))
}

// deleteRelationship answers {success} (Esri's page "Delete Relationship").
func (s *Server) deleteRelationship(ctx context.Context, r *Request) (any, error) {
	origin, destination, err := r.relationEnds()
	if err != nil {
		return nil, err
	}
	return done(s.portal.DeleteRelationship(ctx, r.Caller, r.Var("username"), origin, destination, r.relationTypes()))
}

func (r *Request) relationEnds() (origin, destination esri.ItemID, err error) {
	from, err := r.Need("originItemId")
	if err != nil {
		return "", "", err
	}
	to, err := r.Need("destinationItemId")
	return esri.ItemID(strings.TrimSpace(from)), esri.ItemID(strings.TrimSpace(to)), err
}
