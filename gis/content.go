package gis

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Content is the items that the account may see, and the folders they lie in.
//
// py: arcgis.gis.ContentManager
type Content struct{ p *Portal }

// Get reads one item, as everybody sees it who may; the portal counts a view. Owner and
// administrators see more of it.
//
// [ErrNotFound] means that there is no such item or that it is hidden, where the Python
// original answers None.
//
// rest: GET content/items/{id}
// py: arcgis.gis.ContentManager.get
// py: arcgis.gis.Item
func (c *Content) Get(ctx context.Context, id esri.ItemID) (*Item, error) {
	var it Item
	if err := c.p.do(ctx, wire.Read("content/items/{id}", string(id)), &it); err != nil {
		return nil, err
	}
	it.p = c.p
	return &it, nil
}

// userItem is an item with what only owner and administrators see.
type userItem struct {
	Item    *Item    `json:"item"`
	Sharing *Sharing `json:"sharing"`
	Folder  *Folder  `json:"folder"`
}

// UserItem reads one item as its owner or an administrator, with its sharing and folder. No
// view is counted. Search indexes and their delay are not involved: what it finds is there.
//
// rest: GET content/users/{username}/items/{id}
func (c *Content) UserItem(ctx context.Context, owner string, id esri.ItemID) (*Item, error) {
	const op = "content/users/{username}/items/{id}"
	owner, err := c.p.owner(ctx, "GET "+op, owner)
	if err != nil {
		return nil, err
	}
	var answer userItem
	if err := c.p.do(ctx, wire.Read(op, owner, string(id)), &answer); err != nil {
		return nil, err
	}
	it := answer.Item
	if it == nil || it.ID == "" {
		return nil, &Error{Op: "GET " + op, Message: "the portal answered no item", kind: ErrProtocol}
	}
	it.p, it.Sharing = c.p, answer.Sharing
	if answer.Folder != nil && it.OwnerFolder == "" {
		it.OwnerFolder = answer.Folder.ID
	}
	return it, nil
}

// Handle answers an item to call methods on, of which only owner, folder and id are known.
// It sends nothing.
func (c *Content) Handle(owner string, folder esri.FolderID, id esri.ItemID) *Item {
	return &Item{ID: id, Owner: owner, OwnerFolder: folder, p: c.p}
}

// page reads one page of items.
func (c *Content) page(ctx context.Context, r *wire.Request, key string, start, size int) (*Page[*Item], error) {
	found, err := readPage[*Item](ctx, c.p, r, key, start, size)
	if err != nil {
		return nil, err
	}
	for _, it := range found.Items {
		it.p = c.p
	}
	return found, nil
}
