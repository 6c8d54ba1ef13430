package gis

import (
	"context"
	"errors"
	"iter"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// hidden reports whether err says that something is not there for the caller.
func hidden(err error) bool { return errors.Is(err, ErrNotFound) || errors.Is(err, ErrDenied) }

// ItemList chooses and orders items of a listing.
type ItemList struct {
	SortField string // title, created, modified, type, size, …
	SortOrder SortOrder
	Start     int // first entry, counted from 1
	PageSize  int // 1 to 100, default 100
	Max       int // 0: no limit
	Types     []string
}

// UserPage is a page of an account's content: items of one folder, and in the root folder
// the list of all folders.
type UserPage struct {
	Page[*Item]
	Folders       []*Folder
	CurrentFolder *Folder // nil: the root folder
}

// UserPage reads one page of an account's content. An empty owner is the caller, an empty
// folder the root folder, which holds the items that lie in no other. Owner and
// administrators may.
//
// rest: GET content/users/{username}
// rest: GET content/users/{username}/{folder}
func (c *Content) UserPage(ctx context.Context, owner string, folder esri.FolderID, opts *ItemList) (*UserPage, error) {
	const op = "content/users/{username}/{folder?}"
	owner, err := c.p.owner(ctx, "GET content/users/{username}", owner)
	if err != nil {
		return nil, err
	}
	o := deref(opts)
	r := wire.Read(op, owner, string(folder)).Text("sortField", o.SortField).Text("sortOrder", string(o.SortOrder)).List("types", o.Types)
	items, rest, err := readPageAnd[*Item](ctx, c.p, r, "items", o.Start, pageSize(o.PageSize, o.Max))
	if err != nil {
		return nil, err
	}
	found := &UserPage{Page: *items}
	for name, into := range map[string]any{"folders": &found.Folders, "currentFolder": &found.CurrentFolder} {
		if raw, there := rest[name]; there {
			if err := decode(raw, into); err != nil {
				return nil, &Error{Op: r.Op(), kind: ErrProtocol, cause: err}
			}
		}
	}
	found.Folders = present(found.Folders)
	for _, it := range items.Items {
		it.p = c.p
		if it.OwnerFolder == "" {
			it.OwnerFolder = folder
		}
	}
	return found, nil
}

// UserItems yields an account's items in one folder; see [Content.UserPage]. Items are in
// the listing as soon as they exist, without the delay of searches.
//
// Deleting or moving items while the loop runs shifts the pages behind: collect them first.
//
// rest: GET content/users/{username}
// rest: GET content/users/{username}/{folder}
// py: arcgis.gis.User.items
func (c *Content) UserItems(ctx context.Context, owner string, folder esri.FolderID, opts *ItemList) iter.Seq2[*Item, error] {
	o := deref(opts)
	return pages(ctx, o.Start, o.Max, func(ctx context.Context, start int) (*Page[*Item], error) {
		o := o
		o.Start = start
		found, err := c.UserPage(ctx, owner, folder, &o)
		if err != nil {
			return nil, err
		}
		return &found.Page, nil
	})
}

// AllUserItems yields all items of an account: those of the root folder, then those of each
// folder.
//
// rest: GET content/users/{username}
// rest: GET content/users/{username}/{folder}
func (c *Content) AllUserItems(ctx context.Context, owner string) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		var folders []*Folder
		root := pages(ctx, 1, 0, func(ctx context.Context, start int) (*Page[*Item], error) {
			found, err := c.UserPage(ctx, owner, "", &ItemList{Start: start})
			if err != nil {
				return nil, err
			}
			if start == 1 {
				folders = found.Folders
			}
			return &found.Page, nil
		})
		for it, err := range root {
			if !yield(it, err) || err != nil {
				return
			}
		}
		for _, f := range folders {
			for it, err := range c.UserItems(ctx, owner, f.ID, nil) {
				if !yield(it, err) || err != nil {
					return
				}
			}
		}
	}
}
