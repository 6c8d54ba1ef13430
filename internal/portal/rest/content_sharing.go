package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// shared is the answer of sharing one item: {itemId, notSharedWith}.
func shared(id esri.ItemID, left []esri.GroupID, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"itemId": id, "notSharedWith": groupIDs(left)}, nil
}

func unshared(id esri.ItemID, left []esri.GroupID, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"itemId": id, "notUnsharedFrom": groupIDs(left)}, nil
}

// shareItem answers {itemId, notSharedWith} (Esri's page "Share Item (as item owner)").
func (s *Server) shareItem(ctx context.Context, r *Request) (any, error) {
	q, err := r.shareRequest()
	if err != nil {
		return nil, err
	}
	left, err := s.portal.ShareItem(ctx, r.Caller, itemRef(r), q)
	return shared(itemID(r), left, err)
}

// shareToGroups answers {itemId, notSharedWith} (Esri's page "Share Item (as group admin)").
func (s *Server) shareToGroups(ctx context.Context, r *Request) (any, error) {
	q, err := r.shareRequest()
	if err != nil {
		return nil, err
	}
	left, err := s.portal.ShareToGroups(ctx, r.Caller, itemID(r), q)
	return shared(itemID(r), left, err)
}

// unshareItem answers {itemId, notUnsharedFrom} (Esri's page "Unshare Item (as group admin)").
func (s *Server) unshareItem(ctx context.Context, r *Request) (any, error) {
	groups, err := r.needGroups()
	if err != nil {
		return nil, err
	}
	left, err := s.portal.UnshareItem(ctx, r.Caller, itemID(r), groups)
	return unshared(itemID(r), left, err)
}

// unshareOwnItem answers {itemId, notUnsharedFrom} (Esri's page "Unshare Item (as item
// owner)").
func (s *Server) unshareOwnItem(ctx context.Context, r *Request) (any, error) {
	groups, err := r.needGroups()
	if err != nil {
		return nil, err
	}
	left, err := s.portal.UnshareOwnItem(ctx, r.Caller, itemRef(r), groups)
	return unshared(itemID(r), left, err)
}

func (r *Request) needGroups() ([]esri.GroupID, error) {
	if !r.Has("groups") {
		return nil, portal.ErrMissingParam("groups")
	}
	return r.groupList(), nil
}

// shareItems answers {results: [{itemId, success, notSharedWith}]} (Esri's page "Share
// Items"). The Python client names the caller in the path, also for items of others.
func (s *Server) shareItems(ctx context.Context, r *Request) (any, error) {
	q, err := r.shareRequest()
	if err != nil {
		return nil, err
	}
	out, err := s.portal.ShareItems(ctx, r.Caller, r.Var("username"), r.itemIDs("items"), q)
	if err != nil {
		return nil, err
	}
	return batchJSON(out, "notSharedWith"), nil
}

// unshareItems answers {results: [{itemId, success, notUnsharedFrom}]} (Esri's page "Unshare
// Items").
func (s *Server) unshareItems(ctx context.Context, r *Request) (any, error) {
	groups, err := r.needGroups()
	if err != nil {
		return nil, err
	}
	out, err := s.portal.UnshareItems(ctx, r.Caller, r.Var("username"), r.itemIDs("items"), groups)
	if err != nil {
		return nil, err
	}
	return batchJSON(out, "notUnsharedFrom"), nil
}

// itemGroups answers {admin, member, other}: the groups that hold an item, by the caller's
// part in them (Esri's page "Groups"). Groups that do not exist for the caller are left out.
func (s *Server) itemGroups(ctx context.Context, r *Request) (any, error) {
	groups, err := s.portal.ItemGroups(ctx, r.Caller, itemID(r))
	if err != nil {
		return nil, err
	}
	o := map[string][]Object{"admin": {}, "member": {}, "other": {}}
	for _, g := range groups {
		part := "other"
		switch g.MemberType {
		case portal.MemberOwner, portal.MemberAdmin:
			part = "admin"
		case portal.MemberPlain:
			part = "member"
		}
		o[part] = append(o[part], groupWithMembership(g))
	}
	return o, nil
}

// itemsGroups answers {"<group id>": {groupTitle, items: [{itemId}]}} for a list of items.
//
// guess: there is no page of it; the shape is what a published script reads.
func (s *Server) itemsGroups(ctx context.Context, r *Request) (any, error) {
	groups, err := s.portal.ItemsGroups(ctx, r.Caller, r.itemIDs("items"))
	if err != nil {
		return nil, err
	}
	o := Object{}
	for _, g := range groups {
		items := []Object{}
		for _, id := range g.Items {
			items = append(items, Object{"itemId": id})
		}
		o[string(g.Group.ID)] = Object{"groupTitle": g.Group.Title, "items": items}
	}
	return o, nil
}
