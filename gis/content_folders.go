package gis

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Folder is a folder of an account. There is one level of them below the root folder.
type Folder struct {
	ID       esri.FolderID `json:"id"`
	Title    string        `json:"title"` // unique in an account, without regard to case
	Username string        `json:"username"`
	Created  esri.Time     `json:"created"`
}

// Folders answers an account's folders, without the root folder. An empty owner is the caller.
//
// rest: GET content/users/{username}
// py: arcgis.gis.User.folders
func (c *Content) Folders(ctx context.Context, owner string) ([]*Folder, error) {
	found, err := c.UserPage(ctx, owner, "", &ItemList{PageSize: 1})
	if err != nil {
		return nil, err
	}
	return found.Folders, nil
}

// FolderByTitle finds an account's folder by its title, without regard to case.
//
// rest: GET content/users/{username}
func (c *Content) FolderByTitle(ctx context.Context, owner, title string) (*Folder, error) {
	folders, err := c.Folders(ctx, owner)
	if err != nil {
		return nil, err
	}
	for _, f := range folders {
		if strings.EqualFold(f.Title, title) {
			return f, nil
		}
	}
	return nil, refuse(ErrNotFound, "GET content/users/{username}", "there is no folder %q", title)
}

// CreateFolder makes a folder in an account; an empty owner is the caller. The portal refuses
// a title that is taken.
//
// rest: POST content/users/{username}/createFolder
// py: arcgis.gis.ContentManager.create_folder
func (c *Content) CreateFolder(ctx context.Context, owner, title string) (*Folder, error) {
	const op = "content/users/{username}/createFolder"
	owner, err := c.p.owner(ctx, "POST "+op, owner)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Folder *Folder `json:"folder"`
	}
	if err := c.p.do(ctx, wire.Once(op, owner).Set("title", title), &answer); err != nil {
		return nil, err
	}
	if answer.Folder == nil || answer.Folder.ID == "" {
		return nil, &Error{Op: "POST " + op, Message: "the portal answered no folder", kind: ErrProtocol, ambiguous: true}
	}
	return answer.Folder, nil
}

// RenameFolder gives a folder another title.
//
// rest: POST content/users/{username}/{folder}/updateFolder
// py: arcgis.gis.ContentManager.rename_folder
func (c *Content) RenameFolder(ctx context.Context, owner string, id esri.FolderID, title string) error {
	const op = "content/users/{username}/{folder}/updateFolder"
	owner, err := c.p.owner(ctx, "POST "+op, owner)
	if err != nil {
		return err
	}
	return c.p.do(ctx, wire.Write(op, owner, string(id)).Set("newTitle", title), nil)
}

// DeleteFolder removes a folder with every item in it.
//
// rest: POST content/users/{username}/{folder}/delete
// py: arcgis.gis.ContentManager.delete_folder
func (c *Content) DeleteFolder(ctx context.Context, owner string, id esri.FolderID) error {
	const op = "content/users/{username}/{folder}/delete"
	owner, err := c.p.owner(ctx, "POST "+op, owner)
	if err != nil {
		return err
	}
	return c.p.do(ctx, wire.Once(op, owner, string(id)), nil)
}
