package portal

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// MoveTarget names a folder of an item's owner: by id, or by title.
type MoveTarget struct {
	Folder esri.FolderID // empty or /: the root folder, unless there is a title
	Title  string
}

// MoveItem puts an item into another folder of its owner and returns the item. The folder has
// to exist.
func (p *Portal) MoveItem(ctx context.Context, c Caller, ref ItemRef, to MoveTarget) (*Item, error) {
	var it itemAccess
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if it, err = owned(tx, a, ref, privUpdateItems); err != nil {
			return err
		}
		folder, err := to.in(tx, it.Owner)
		if err != nil {
			return err
		}
		return moveItem(tx, it.Item, folder)
	})
	if err != nil {
		return nil, err
	}
	return it.Item, nil
}

// MoveItems is MoveItem for several items of one member.
func (p *Portal) MoveItems(ctx context.Context, c Caller, username string, ids []esri.ItemID, to MoveTarget) (out []BatchResult, err error) {
	if err := checkBatch("items", ids); err != nil {
		return nil, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := contentOwner(tx, a, username, privUpdateItems)
		if err != nil {
			return err
		}
		folder, err := to.in(tx, u.Username)
		if err != nil {
			return err
		}
		out, err = eachItem(ids, func(id esri.ItemID) ([]esri.GroupID, error) {
			it, err := owned(tx, a, ItemRef{Owner: u.Username, ID: id}, privUpdateItems)
			if err != nil {
				return nil, err
			}
			return nil, moveItem(tx, it.Item, folder)
		})
		return err
	})
	return out, err
}

// in finds the folder among those of a member.
func (t MoveTarget) in(tx Tx, owner string) (esri.FolderID, error) {
	if t.Title != "" && t.Title != "/" {
		f, err := tx.FolderTitled(owner, strings.TrimSpace(t.Title))
		if err != nil {
			return "", absentAs(err, errNoFolder())
		}
		return f.ID, nil
	}
	if t.Folder == "" || t.Folder == "/" {
		return "", nil
	}
	f, err := folderOf(tx, owner, t.Folder)
	if err != nil {
		return "", err
	}
	return f.ID, nil
}

func moveItem(tx Tx, it *Item, folder esri.FolderID) error {
	if it.Folder == folder {
		return nil
	}
	if err := freeIn(tx, it, it.Owner, folder); err != nil {
		return err
	}
	it.Folder = folder
	return tx.PutItem(it)
}

// freeIn refuses a folder that holds another file of the item's name.
func freeIn(tx Tx, it *Item, owner string, folder esri.FolderID) error {
	if it.Name == "" {
		return nil
	}
	same, err := tx.ItemNamed(owner, folder, it.Name)
	switch {
	case isAbsent(err), err == nil && same.ID == it.ID:
		return nil
	case err != nil:
		return err
	}
	return &Error{Code: 500, Message: "Item already exists in target folder", Details: []string{"The folder holds another file '" + it.Name + "'."}}
}
