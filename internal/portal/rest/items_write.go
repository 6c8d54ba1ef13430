package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// addItem answers {success, id, folder} (Esri's page "Add Item").
//
// deviates: with async the item is ready all the same when the call returns. Overwrite
// replaces the item of the caller's file name in the folder, of the same type.
func (s *Server) addItem(ctx context.Context, r *Request) (any, error) {
	n := portal.NewItem{Owner: r.Var("username"), Folder: esri.FolderID(r.Var("folder"))}
	var err error
	if _, err = r.Bool("async", false); err != nil {
		return nil, err
	}
	if n.Overwrite, err = r.Bool("overwrite", false); err != nil {
		return nil, err
	}
	if n.ID, err = s.chosenID(r); err != nil {
		return nil, err
	}
	if n.Fields, err = r.itemFields(false); err != nil {
		return nil, err
	}
	if n.Content, err = r.itemContent(); err != nil {
		return nil, err
	}
	if n.Parts, n.FileName, err = r.upload(); err != nil {
		return nil, err
	}
	if n.Files, err = s.itemFiles(ctx, r); err != nil {
		return nil, err
	}
	n.Relation = r.newRelation()
	it, err := s.portal.AddItem(ctx, r.Caller, n)
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "id": it.ID, "folder": orNull(string(it.Folder))}, nil
}

// chosenID reads itemIdToCreate. An online portal chooses ids itself, whatever a client asks for.
func (s *Server) chosenID(r *Request) (esri.ItemID, error) {
	if s.online() {
		return "", nil
	}
	id := r.field("itemIdToCreate", false)
	if id == nil {
		return "", nil
	}
	if !esri.IsID(*id) {
		return "", portal.ErrBadParam("itemIdToCreate", "must be 32 characters of 0-9 and a-f")
	}
	return esri.ItemID(*id), nil
}

// newRelation reads the relationship that a new item is born with; nil for none.
func (r *Request) newRelation() *portal.NewRelation {
	origin, destination := r.field("originItemId", false), r.field("destinationItemId", false)
	types := r.relationTypes()
	if origin == nil && destination == nil && len(types) == 0 {
		return nil
	}
	n := &portal.NewRelation{Types: types}
	if origin != nil {
		n.Origin = esri.ItemID(*origin)
	}
	if destination != nil {
		n.Destination = esri.ItemID(*destination)
	}
	return n
}

// updateItem answers {success, id} (Esri's page "Update Item").
func (s *Server) updateItem(ctx context.Context, r *Request) (any, error) {
	u, err := s.itemUpdate(ctx, r)
	if err != nil {
		return nil, err
	}
	if u.Content, err = r.itemContent(); err != nil {
		return nil, err
	}
	if u.Parts, u.FileName, err = r.upload(); err != nil {
		return nil, err
	}
	it, err := s.portal.UpdateItem(ctx, r.Caller, itemRef(r), u)
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "id": it.ID}, nil
}

// addPart answers {success, id} (Esri's page "Add Item Part"). The number may stand in the
// query or in the body; streamdata and size, which the Python client sends along, say nothing
// that the part itself does not.
func (s *Server) addPart(ctx context.Context, r *Request) (any, error) {
	if _, err := r.Need("partNum"); err != nil {
		return nil, err
	}
	n, err := r.Int("partNum", 0)
	if err != nil {
		return nil, err
	}
	f, ok := r.File("file")
	if !ok {
		return nil, portal.ErrMissingParam("file")
	}
	id, err := s.portal.AddPart(ctx, r.Caller, itemRef(r), n, f)
	return doneID(id, err)
}

// commitUpload answers {success, id} (Esri's page "Commit").
func (s *Server) commitUpload(ctx context.Context, r *Request) (any, error) {
	u, err := s.itemUpdate(ctx, r)
	if err != nil {
		return nil, err
	}
	id, err := s.portal.CommitUpload(ctx, r.Caller, itemRef(r), u)
	return doneID(id, err)
}

// cancelUpload answers {success, id} (Esri's page "Cancel").
func (s *Server) cancelUpload(ctx context.Context, r *Request) (any, error) {
	id, err := s.portal.CancelUpload(ctx, r.Caller, itemRef(r))
	return doneID(id, err)
}

// doneID is the answer of the writes that name the item by id.
func doneID(id esri.ItemID, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "id": id}, nil
}

// uploadParts answers {parts: [1, 2]} (Esri's page "Parts").
func (s *Server) uploadParts(ctx context.Context, r *Request) (any, error) {
	numbers, err := s.portal.UploadParts(ctx, r.Caller, itemRef(r))
	if err != nil {
		return nil, err
	}
	if numbers == nil {
		numbers = []int{}
	}
	return Object{"parts": numbers}, nil
}

// itemStatus answers {status, statusMessage, itemId} (Esri's page "Status").
func (s *Server) itemStatus(ctx context.Context, r *Request) (any, error) {
	if job := r.field("jobType", false); job != nil {
		return nil, portal.ErrNotSupported("The job type '" + *job + "'")
	}
	if job := r.field("jobId", false); job != nil {
		return nil, portal.ErrBadParam("jobId", "names no job of this item")
	}
	it, err := s.portal.ItemStatus(ctx, r.Caller, itemRef(r))
	if err != nil {
		return nil, err
	}
	status := it.Status
	if status == "" {
		status = portal.StatusCompleted
	}
	message := it.StatusMessage
	if message == "" {
		message = string(status)
	}
	return Object{"status": status, "statusMessage": message, "itemId": it.ID}, nil
}
