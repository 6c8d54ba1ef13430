package gis

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Move puts the item into another folder of its owner; the empty id is the root folder. The
// Python original takes the folder's title.
//
// rest: POST content/users/{username}/items/{id}/move
// rest: POST content/users/{username}/{folder}/items/{id}/move
// py: arcgis.gis.Item.move
func (it *Item) Move(ctx context.Context, folder esri.FolderID) error {
	if err := it.p.do(ctx, it.request(wire.Write, "move").Set("folder", folderOrRoot(folder)), nil); err != nil {
		return err
	}
	it.OwnerFolder = folder
	return nil
}

// folderOrRoot is how moving names the root folder.
func folderOrRoot(folder esri.FolderID) string {
	if folder == "" {
		return "/"
	}
	return string(folder)
}

// ReassignTo gives the item to another owner, into the folder with the given title, which is
// made if need be; an empty title is the root folder. It needs an administrator, or
// portal:user:reassignItems and a receiver with portal:user:receiveItems.
//
// The item's folder is read back: reassigning goes by titles.
//
// rest: POST content/users/{username}/items/{id}/reassign
// rest: POST content/users/{username}/{folder}/items/{id}/reassign
// py: arcgis.gis.Item.reassign_to
func (it *Item) ReassignTo(ctx context.Context, username, folderTitle string) error {
	r := it.request(wire.Write, "reassign").Set("targetUsername", username).Set("targetFolderName", titleOrRoot(folderTitle))
	if err := it.p.do(ctx, r, nil); err != nil {
		return err
	}
	it.Owner, it.OwnerFolder = username, ""
	if folderTitle == "" {
		return nil
	}
	return it.Refresh(ctx)
}

func titleOrRoot(title string) string {
	if title == "" {
		return "/"
	}
	return title
}

// Protect guards the item against being deleted, or lifts the guard.
//
// rest: POST content/users/{username}/items/{id}/protect
// rest: POST content/users/{username}/items/{id}/unprotect
// py: arcgis.gis.Item.protect
func (it *Item) Protect(ctx context.Context, on bool) error {
	verb := "unprotect"
	if on {
		verb = "protect"
	}
	if err := it.p.do(ctx, it.request(wire.Write, verb), nil); err != nil {
		return err
	}
	it.Protected = on
	return nil
}

// DeleteOption changes what [Item.Delete] does.
type DeleteOption func(*wire.Request)

// Force also deletes an item whose federated server was removed.
func Force() DeleteOption { return func(r *wire.Request) { r.Bool("force", true) } }

// Permanently deletes past the recycle bin, where there is one.
func Permanently() DeleteOption { return func(r *wire.Request) { r.Bool("permanentDelete", true) } }

// Delete removes the item, and with a hosted service the service. Portals with a recycle bin
// keep it there for some days. A protected item refuses, and one that others depend on: see
// [Item.CanDelete] for the Python original's dry run.
//
// rest: POST content/users/{username}/items/{id}/delete
// rest: POST content/users/{username}/{folder}/items/{id}/delete
// py: arcgis.gis.Item.delete
func (it *Item) Delete(ctx context.Context, opts ...DeleteOption) error {
	r := it.request(wire.Once, "delete")
	for _, o := range opts {
		o(r)
	}
	return it.p.do(ctx, r, nil)
}

// CanDelete asks whether [Item.Delete] would succeed: nil means yes. An [Error] gives the
// reason and in OffendingItems what stands against it. Portals take the question as POST only.
//
// rest: POST content/users/{username}/items/{id}/canDelete reads
// py: arcgis.gis.Item.delete
func (it *Item) CanDelete(ctx context.Context) error {
	return it.p.do(ctx, it.request(wire.Read, "canDelete").TokenInBody(), nil)
}
