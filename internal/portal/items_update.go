package portal

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// ItemUpdate is what a caller asks for with update.
type ItemUpdate struct {
	Fields   ItemFields
	Content  ItemContent
	Parts    bool   // opens an upload in parts
	FileName string // of the upload in parts
	Files    ItemFiles
}

// UpdateItem changes what u holds. The owner may, who holds portal:admin:updateItems, and the
// members of a group that lets its members update the item.
func (p *Portal) UpdateItem(ctx context.Context, c Caller, ref ItemRef, u ItemUpdate) (*Item, error) {
	if c.Anonymous() {
		return nil, ErrTokenRequired()
	}
	if err := u.check(); err != nil {
		return nil, err
	}
	data, err := p.put(ctx, u.Content)
	if err != nil {
		return nil, err
	}
	files, err := p.checkedFiles(ctx, u.Files)
	if err != nil {
		return nil, err
	}
	var it itemAccess
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if it, err = updatable(tx, a, ref); err != nil {
			return err
		}
		if err := u.allowed(a, it); err != nil {
			return err
		}
		return p.updateItem(tx, it.Item, ref.Folder, u, data, files)
	})
	if err != nil {
		return nil, err
	}
	return it.Item, nil
}

func (u *ItemUpdate) check() error {
	if err := u.Content.check(); err != nil {
		return err
	}
	if u.Parts {
		if u.Content != (ItemContent{}) {
			return ErrBadParam("multipart", "must not come together with 'file' or 'text'")
		}
		if u.FileName == "" {
			return ErrMissingParam("filename")
		}
		if err := checkFileName("filename", u.FileName); err != nil {
			return err
		}
	}
	return u.Fields.check()
}

// allowed refuses what depends on the item or on more than the right to update it.
func (u *ItemUpdate) allowed(a *actor, it itemAccess) error {
	if err := u.Fields.keepsType(it.Item); err != nil {
		return err
	}
	if s := u.Fields.ContentStatus; s != nil && *s != it.ContentStatus {
		return a.needs(privUpdateItems)
	}
	return nil
}

// keepsType refuses to change the type of an item that has one.
func (f *ItemFields) keepsType(it *Item) error {
	if f.Type == nil || *f.Type == "" || it.Type == "" || strings.EqualFold(typeOf(*f.Type).name, it.Type) {
		return nil
	}
	return ErrBadParam("type", "cannot change: the item was created as '"+it.Type+"'")
}

func (p *Portal) updateItem(tx Tx, it *Item, pathFolder esri.FolderID, u ItemUpdate, data *Data, files itemFiles) error {
	u.Fields.apply(it)
	switch {
	case u.Content.File != nil:
		name := u.Content.File.Name
		if err := freeFileName(tx, it, pathFolder, name); err != nil {
			return err
		}
		if err := replaceData(tx, it, data, name); err != nil {
			return err
		}
	case u.Content.hasText():
		name := ""
		if isService(it.Type) {
			name = it.Name
		}
		if err := replaceData(tx, it, data, name); err != nil {
			return err
		}
	case u.Parts:
		if err := freeFileName(tx, it, pathFolder, u.FileName); err != nil {
			return err
		}
		if err := tx.DeleteParts(it.ID); err != nil {
			return err
		}
		it.Status, it.UploadName = StatusPartial, u.FileName
	}
	if err := files.store(tx, it); err != nil {
		return err
	}
	it.Modified = p.clock.Now()
	return tx.PutItem(it)
}

// freeFileName refuses a file name that another item has in the folder of the path, which is
// the root folder where the path names none, or in the item's own.
//
// Real portals look at the folder of the path alone, so that an update without the folder
// segment can fail although the item is elsewhere; clients know to send it.
func freeFileName(tx Tx, it *Item, pathFolder esri.FolderID, name string) error {
	folders := []esri.FolderID{it.Folder}
	if pathFolder != it.Folder {
		folders = append(folders, pathFolder)
	}
	for _, f := range folders {
		same, err := tx.ItemNamed(it.Owner, f, name)
		switch {
		case err == nil && same.ID != it.ID:
			return &Error{Code: 409, Message: "Item with file '" + name + "' already exists."}
		case err != nil && !isAbsent(err):
			return err
		}
	}
	return nil
}

// ProtectItem sets or lifts an item's protection against deletion.
func (p *Portal) ProtectItem(ctx context.Context, c Caller, ref ItemRef, protect bool) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := owned(tx, a, ref, privUpdateItems)
		if err != nil || it.Protected == protect {
			return err
		}
		it.Protected = protect
		return tx.PutItem(it.Item)
	})
}
