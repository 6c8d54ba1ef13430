package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var folders = newTable("folders", "id", nil, func(f *portal.Folder) []field {
	return []field{
		{"id", text(&f.ID)},
		{"owner_key", folded(&f.Owner)},
		{"owner", text(&f.Owner)},
		{"title_key", folded(&f.Title)},
		{"title", text(&f.Title)},
		{"created", moment(&f.Created)},
	}
})

func (t *tx) Folder(id esri.FolderID) (*portal.Folder, error) {
	return folders.one(t, " WHERE id=?", string(id))
}

func (t *tx) FolderTitled(owner, title string) (*portal.Folder, error) {
	return folders.one(t, " WHERE owner_key=? AND title_key=?", fold(owner), fold(title))
}

func (t *tx) FoldersOf(owner string) ([]*portal.Folder, error) {
	return folders.all(t, " WHERE owner_key=? ORDER BY title_key", fold(owner))
}

func (t *tx) PutFolder(f *portal.Folder) error { return folders.put(t, f) }

func (t *tx) DeleteFolder(id esri.FolderID) error {
	return t.exec("DELETE FROM folders WHERE id=?", string(id))
}
