package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// doneItem is the answer of the writes that name the item by itemId.
func doneItem(id esri.ItemID, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "itemId": id}, nil
}

// done is the answer of the writes that name nothing.
func done(err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"success": true}, nil
}

// deletionSwitches reads force and permanentDelete. Both are true to what happens anyway: no
// service elsewhere is asked to go along, and there is no recycle bin to go to.
func deletionSwitches(r *Request) error {
	for _, name := range []string{"force", "permanentDelete"} {
		if _, err := r.Bool(name, false); err != nil {
			return err
		}
	}
	return nil
}

// deleteItem answers {success, itemId} (Esri's page "Delete Item").
func (s *Server) deleteItem(ctx context.Context, r *Request) (any, error) {
	if err := deletionSwitches(r); err != nil {
		return nil, err
	}
	id, err := s.portal.DeleteItem(ctx, r.Caller, itemRef(r))
	return doneItem(id, err)
}

// deleteItems answers {results: [{itemId, success, error}]} (Esri's page "Delete Items").
func (s *Server) deleteItems(ctx context.Context, r *Request) (any, error) {
	if err := deletionSwitches(r); err != nil {
		return nil, err
	}
	out, err := s.portal.DeleteItems(ctx, r.Caller, r.Var("username"), r.itemIDs("items"))
	if err != nil {
		return nil, err
	}
	return batchJSON(out, ""), nil
}

// canDelete answers {itemId, success} and, where the item stays, {error: {code, message,
// offendingItems: [{itemId}]}} (Esri's page "Can Delete"). The Python client makes the answer
// of its dry run from that error, and from no other key.
func (s *Server) canDelete(ctx context.Context, r *Request) (any, error) {
	why, err := s.portal.CanDelete(ctx, r.Caller, itemRef(r))
	if err != nil {
		return nil, err
	}
	if why == nil {
		return Object{"itemId": itemID(r), "success": true}, nil
	}
	offending := []Object{}
	for _, id := range why.Offending {
		offending = append(offending, Object{"itemId": id})
	}
	return Object{"itemId": itemID(r), "success": false, "error": Object{
		"code": why.Reason.Code, "message": why.Reason.Message, "offendingItems": offending,
	}}, nil
}

// protectItem answers {success} (Esri's pages "Protect" and "Unprotect").
func (s *Server) protectItem(protect bool) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		return done(s.portal.ProtectItem(ctx, r.Caller, itemRef(r), protect))
	}
}

// moveTarget reads the folder that items move to: an id or /. Old clients name it by title, as
// targetFoldername; the Python client calls the root folder by the name that it gives it.
func (r *Request) moveTarget() (portal.MoveTarget, error) {
	if r.Has("folder") {
		folder := strings.TrimSpace(r.Str("folder"))
		if strings.EqualFold(folder, "Root Folder") {
			folder = "/"
		}
		return portal.MoveTarget{Folder: esri.FolderID(folder)}, nil
	}
	if r.Has("targetFolderName") {
		return portal.MoveTarget{Title: r.Str("targetFolderName")}, nil
	}
	return portal.MoveTarget{}, portal.ErrMissingParam("folder")
}

// moveItem answers {success, itemId, owner, folder} (Esri's page "Move Item").
//
// guess: folder is null for the root folder, as in the answer of addItem.
func (s *Server) moveItem(ctx context.Context, r *Request) (any, error) {
	to, err := r.moveTarget()
	if err != nil {
		return nil, err
	}
	it, err := s.portal.MoveItem(ctx, r.Caller, itemRef(r), to)
	return placed(it, err)
}

// placed is the answer of the writes that tell where the item is.
func placed(it *portal.Item, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "itemId": it.ID, "owner": it.Owner, "folder": orNull(string(it.Folder))}, nil
}

// moveItems answers {results: [{itemId, success, error}]} (Esri's page "Move Items").
func (s *Server) moveItems(ctx context.Context, r *Request) (any, error) {
	to, err := r.moveTarget()
	if err != nil {
		return nil, err
	}
	out, err := s.portal.MoveItems(ctx, r.Caller, r.Var("username"), r.itemIDs("items"), to)
	if err != nil {
		return nil, err
	}
	return batchJSON(out, ""), nil
}

// reassignItem answers {success, itemId} (Esri's page "Reassign Item").
func (s *Server) reassignItem(ctx context.Context, r *Request) (any, error) {
	id, err := s.portal.ReassignItem(ctx, r.Caller, itemRef(r), r.Str("targetUsername"), r.Str("targetFolderName"))
	return doneItem(id, err)
}

// reassignItems answers {results: [{itemId, success, error}]} (Esri's page "Reassign Items").
//
// guess: the shape of the answer is not documented; it is that of the other batches.
func (s *Server) reassignItems(ctx context.Context, r *Request) (any, error) {
	out, err := s.portal.ReassignItems(ctx, r.Caller, r.Var("username"), r.itemIDs("items"), r.Str("targetUsername"), r.Str("targetFolderName"))
	if err != nil {
		return nil, err
	}
	return batchJSON(out, ""), nil
}

// canReassignItem answers {itemId, success} and, where it cannot be, a reason (Esri's page
// "Can Reassign Item").
func (s *Server) canReassignItem(ctx context.Context, r *Request) (any, error) {
	why, err := s.portal.CanReassignItem(ctx, r.Caller, itemRef(r), r.Str("targetUsername"))
	if err != nil {
		return nil, err
	}
	if why == nil {
		return Object{"itemId": itemID(r), "success": true}, nil
	}
	return Object{"itemId": itemID(r), "success": false, "reason": Object{"code": why.Code, "message": why.Message, "details": orEmpty(why.Details)}}, nil
}
