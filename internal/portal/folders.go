package portal

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// maxFolderTitle is the longest title of a folder, in characters.
const maxFolderTitle = 250

// UserContent is one page of a member's folder, with all of the member's folders.
type UserContent struct {
	Username string
	Folder   *Folder // nil: the root folder
	Folders  []*Folder
	Items    []ItemView
	Total    int // items in the folder
}

// UserContent lists the items of one folder; types, where given, keeps only items of these
// types. The member itself sees it, and who holds portal:admin:viewItems.
func (p *Portal) UserContent(ctx context.Context, c Caller, username string, folder esri.FolderID, types []string, page Page) (*UserContent, error) {
	for i, t := range types {
		types[i] = typeOf(t).name
	}
	var out UserContent
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := contentOwner(tx, a, username, privViewItems)
		if err != nil {
			return err
		}
		out.Username = u.Username
		if folder != "" {
			if out.Folder, err = folderOf(tx, u.Username, folder); err != nil {
				return err
			}
		} else if out.Folders, err = tx.FoldersOf(u.Username); err != nil {
			return err
		}
		items, total, err := tx.ItemsIn(u.Username, folder, types, page)
		if err != nil {
			return err
		}
		out.Total = total
		out.Items, err = viewsOf(tx, a, items)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// folderOf reads a folder of one member.
func folderOf(tx Tx, owner string, id esri.FolderID) (*Folder, error) {
	f, err := tx.Folder(esri.FolderID(strings.ToLower(string(id))))
	if err != nil {
		return nil, absentAs(err, errNoFolder())
	}
	if !strings.EqualFold(f.Owner, owner) {
		return nil, errNoFolder()
	}
	return f, nil
}

// CreateFolder makes a folder.
func (p *Portal) CreateFolder(ctx context.Context, c Caller, username, title string) (*Folder, error) {
	title, err := checkFolderTitle("title", title)
	if err != nil {
		return nil, err
	}
	var f *Folder
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := contentOwner(tx, a, username, privUpdateItems)
		if err != nil {
			return err
		}
		if err := a.needs(privCreateItem); err != nil {
			return err
		}
		if err := freeFolderTitle(tx, u.Username, title, ""); err != nil {
			return err
		}
		f = p.newFolder(u.Username, title)
		return tx.PutFolder(f)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (p *Portal) newFolder(owner, title string) *Folder {
	return &Folder{ID: esri.FolderID(esri.NewID()), Owner: owner, Title: title, Created: p.clock.Now()}
}

// RenameFolder gives a folder another title; another spelling of its own title is one.
func (p *Portal) RenameFolder(ctx context.Context, c Caller, username string, id esri.FolderID, title string) (*Folder, error) {
	title, err := checkFolderTitle("newTitle", title)
	if err != nil {
		return nil, err
	}
	var f *Folder
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := contentOwner(tx, a, username, privUpdateItems)
		if err != nil {
			return err
		}
		if f, err = folderOf(tx, u.Username, id); err != nil {
			return err
		}
		if err := freeFolderTitle(tx, u.Username, title, f.ID); err != nil {
			return err
		}
		f.Title = title
		return tx.PutFolder(f)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// DeleteFolder removes a folder with every item in it. Nothing is removed where one of them
// cannot be.
func (p *Portal) DeleteFolder(ctx context.Context, c Caller, username string, id esri.FolderID) (*Folder, error) {
	var f *Folder
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, err := contentOwner(tx, a, username, privDeleteItems)
		if err != nil {
			return err
		}
		if f, err = folderOf(tx, u.Username, id); err != nil {
			return err
		}
		ids, err := idsIn(tx, u.Username, f.ID)
		if err != nil {
			return err
		}
		if err := deleteTogether(tx, a, ids); err != nil {
			return err
		}
		return tx.DeleteFolder(f.ID)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// idsIn lists every item of a folder.
func idsIn(tx Tx, owner string, folder esri.FolderID) ([]esri.ItemID, error) {
	const step = 500
	var ids []esri.ItemID
	for start := 1; ; start += step {
		items, total, err := tx.ItemsIn(owner, folder, nil, Page{Start: start, Num: step, Sort: "created"})
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			ids = append(ids, it.ID)
		}
		if start+step > total {
			return ids, nil
		}
	}
}

func checkFolderTitle(param, title string) (string, error) {
	title = strings.TrimSpace(title)
	switch {
	case title == "":
		return "", ErrMissingParam(param)
	case title == "/":
		return "", ErrBadParam(param, "must not be /, which stands for the root folder")
	}
	return title, checkText(param, title, maxFolderTitle)
}

// freeFolderTitle refuses a title that another folder of the member has.
//
// guess: code and text of this error are not documented; clients only look for an error.
func freeFolderTitle(tx Tx, owner, title string, except esri.FolderID) error {
	f, err := tx.FolderTitled(owner, title)
	switch {
	case isAbsent(err):
		return nil
	case err != nil:
		return err
	case f.ID == except:
		return nil
	}
	return &Error{Code: 400, Message: "Folder title '" + title + "' not available."}
}

// folderTitled finds a folder by title, making it where none exists. The empty title and /
// are the root folder.
func (p *Portal) folderTitled(tx Tx, owner, title string) (esri.FolderID, error) {
	title = strings.TrimSpace(title)
	if title == "" || title == "/" {
		return "", nil
	}
	f, err := tx.FolderTitled(owner, title)
	if err == nil {
		return f.ID, nil
	}
	if !isAbsent(err) {
		return "", err
	}
	if title, err = checkFolderTitle("targetFolderName", title); err != nil {
		return "", err
	}
	f = p.newFolder(owner, title)
	return f.ID, tx.PutFolder(f)
}
