package portal

import "strings"

// overwrite gives old the properties and data that were sent for a new item of its file name.
func (p *Portal) overwrite(tx Tx, n NewItem, old, it *Item, files itemFiles) error {
	switch {
	case n.ID != "" && n.ID != old.ID:
		return ErrBadParam("itemIdToCreate", "is not the id of the item that is to be overwritten, "+string(old.ID))
	case !strings.EqualFold(old.Type, it.Type):
		return ErrBadParam("overwrite", "cannot turn an item of the type "+old.Type+" into one of the type "+it.Type)
	case n.Relation != nil:
		return ErrBadParam("overwrite", "must not come together with 'relationshipType'")
	}
	if n.untitled {
		n.Fields.Title = nil
	}
	n.Fields.apply(old)
	if err := replaceData(tx, old, it.Data, it.Name); err != nil {
		return err
	}
	old.Modified = it.Modified
	if err := files.store(tx, old); err != nil {
		return err
	}
	return tx.PutItem(old)
}

// errNameTaken is the answer to a second file of one name in a folder, on adding; clients
// compare the text.
func errNameTaken(name string) *Error {
	return &Error{Code: 409, Message: "Item '" + name + "' already exists."}
}

// replaceData gives an item other data and ends an upload in parts that was under way.
func replaceData(tx Tx, it *Item, d *Data, name string) error {
	if d == nil {
		return nil
	}
	if err := keepData(tx, d); err != nil {
		return err
	}
	if it.Status == StatusPartial {
		if err := tx.DeleteParts(it.ID); err != nil {
			return err
		}
	}
	it.Data, it.Name = d, name
	it.Status, it.StatusMessage, it.UploadName = StatusCompleted, "", ""
	return nil
}
