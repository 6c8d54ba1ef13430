package portal

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// NewItem is what a caller asks for with addItem.
type NewItem struct {
	Owner     string
	Folder    esri.FolderID // empty: the root folder
	ID        esri.ItemID   // empty: one is drawn
	Fields    ItemFields
	Content   ItemContent
	Parts     bool   // opens an upload in parts
	FileName  string // of the upload in parts
	Overwrite bool   // replace the item with a file of this name, if there is one
	Files     ItemFiles
	Relation  *NewRelation
	untitled  bool // the title is that of the file
}

// NewRelation relates a new item as it is made: to the origin whose destination it becomes,
// or the other way round.
type NewRelation struct {
	Types       []string
	Origin      esri.ItemID
	Destination esri.ItemID
}

// AddItem makes an item: private, in one folder of one member, with whatever content came
// along. The caller is that member, or holds portal:admin:updateItems. It returns the item,
// which is one that existed where Overwrite applied.
func (p *Portal) AddItem(ctx context.Context, c Caller, n NewItem) (*Item, error) {
	if c.Anonymous() {
		return nil, ErrTokenRequired() // before anything is stored
	}
	if err := n.check(); err != nil {
		return nil, err
	}
	it := &Item{
		ID: n.ID, Folder: n.Folder, Access: Private, CommentsEnabled: true, Status: StatusCompleted,
	}
	if it.ID == "" {
		it.ID = esri.ItemID(esri.NewID())
	}
	if err := p.typeAndTitle(ctx, &n, it); err != nil {
		return nil, err
	}
	data, err := p.put(ctx, n.Content)
	if err != nil {
		return nil, err
	}
	it.Data = data
	files, err := p.checkedFiles(ctx, n.Files)
	if err != nil {
		return nil, err
	}
	n.Fields.apply(it)
	err = p.store.Update(ctx, func(tx Tx) error {
		it.Created = p.clock.Now()
		it.Modified = it.Created
		old, err := p.addItem(tx, c, n, it, files)
		if old != nil {
			it = old
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return it, nil
}

func (n *NewItem) check() error {
	n.ID = esri.ItemID(strings.TrimSpace(string(n.ID)))
	if n.ID != "" && !esri.IsID(string(n.ID)) {
		return ErrBadParam("itemIdToCreate", "must be 32 characters of 0-9 and a-f")
	}
	if err := n.Content.check(); err != nil {
		return err
	}
	if n.Parts {
		if n.Content != (ItemContent{}) {
			return ErrBadParam("multipart", "must not come together with 'file' or 'text'")
		}
		if n.FileName == "" {
			return ErrMissingParam("filename")
		}
		if err := checkFileName("filename", n.FileName); err != nil {
			return err
		}
	}
	if r := n.Relation; r != nil {
		if err := r.check(); err != nil {
			return err
		}
	}
	return n.Fields.check()
}

// fileName is the name of the file that makes the item's data, empty for none.
func (n *NewItem) fileName() string {
	if n.Content.File != nil {
		return n.Content.File.Name
	}
	return n.FileName
}

// typeAndTitle settles what an item cannot be without. An upload in parts may leave both to
// its commit.
func (p *Portal) typeAndTitle(ctx context.Context, n *NewItem, it *Item) error {
	name := n.fileName()
	it.Name = name
	if n.Parts {
		it.Status, it.UploadName = StatusPartial, name
	}
	switch {
	case n.Fields.Type != nil && strings.TrimSpace(*n.Fields.Type) != "":
		it.Type = typeOf(*n.Fields.Type).name
	case n.Content.File != nil:
		t, err := p.inferType(ctx, name, []Blob{n.Content.File.Blob})
		if err != nil {
			return err
		}
		it.Type = t
	case n.Parts:
		it.Type = typesByExtension[strings.ToLower(path.Ext(name))]
	}
	if it.Type == "" && !n.Parts {
		return ErrMissingParam("type")
	}
	if n.Fields.Title == nil {
		if name == "" {
			return ErrMissingParam("title")
		}
		n.Fields.Title, n.untitled = new(titleOf(name)), true
	}
	return nil
}

// titleOf is the title of an item that has only a file name.
func titleOf(name string) string {
	if t := strings.TrimSpace(strings.TrimSuffix(name, path.Ext(name))); t != "" {
		return t
	}
	return name
}

// addItem stores it, or overwrites the item that has its file name and returns that.
func (p *Portal) addItem(tx Tx, c Caller, n NewItem, it *Item, files itemFiles) (old *Item, err error) {
	a, err := actorIn(tx, c)
	if err != nil {
		return nil, err
	}
	u, err := contentOwner(tx, a, n.Owner, privUpdateItems)
	if err != nil {
		return nil, err
	}
	if err := a.needs(privCreateItem); err != nil {
		return nil, err
	}
	it.Owner = u.Username
	if it.Folder != "" {
		f, err := folderOf(tx, u.Username, it.Folder)
		if err != nil {
			return nil, err
		}
		it.Folder = f.ID
	}
	if it.ContentStatus != "" {
		if err := a.needs(privUpdateItems); err != nil {
			return nil, err
		}
	}
	if it.Name != "" {
		same, err := tx.ItemNamed(it.Owner, it.Folder, it.Name)
		switch {
		case err == nil && n.Overwrite && !n.Parts:
			return same, p.overwrite(tx, n, same, it, files)
		case err == nil:
			return nil, errNameTaken(it.Name)
		case !isAbsent(err):
			return nil, err
		}
	}
	return nil, p.insertItem(tx, a, n, it, files)
}

func (p *Portal) insertItem(tx Tx, a *actor, n NewItem, it *Item, files itemFiles) error {
	if _, err := tx.Item(it.ID); err == nil {
		return &Error{Code: 409, Message: "Item with id '" + string(it.ID) + "' already exists."}
	} else if !errors.Is(err, ErrAbsent) {
		return err
	}
	if it.Data != nil {
		if err := keepData(tx, it.Data); err != nil {
			return err
		}
	}
	if err := tx.PutItem(it); err != nil {
		return err
	}
	if err := files.store(tx, it); err != nil {
		return err
	}
	if files.any() {
		if err := tx.PutItem(it); err != nil {
			return err
		}
	}
	if n.Relation == nil {
		return nil
	}
	return p.relateNew(tx, a, it, *n.Relation)
}
