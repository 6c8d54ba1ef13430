package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// thumbnail spreads an optional file over four columns; a NULL hash is no file.
func thumbnail(p **portal.File) []field {
	return []field{
		{"thumb_name", optional(p, func(f *portal.File) cell { return text(&f.Name) })},
		{"thumb_type", optional(p, func(f *portal.File) cell { return text(&f.ContentType) })},
		{"thumb_hash", optional(p, func(f *portal.File) cell { return text(&f.Blob.Hash) })},
		{"thumb_size", optional(p, func(f *portal.File) cell { return whole(&f.Blob.Size) })},
	}
}

func fileFields(f *portal.File) []field {
	return []field{
		{"name", text(&f.Name)},
		{"type", text(&f.ContentType)},
		{"hash", text(&f.Blob.Hash)},
		{"size", whole(&f.Blob.Size)},
	}
}

var infos = newTable("infos", "item,path", nil, func(f *portal.InfoFile) []field {
	return append([]field{{"item", text(&f.Item)}, {"path", text(&f.Path)}}, fileFields(&f.File)...)
})

const infoHash = "SELECT hash FROM infos WHERE item=? AND path=?"

func (t *tx) Info(id esri.ItemID, path string) (*portal.InfoFile, error) {
	return infos.one(t, " WHERE item=? AND path=?", string(id), path)
}

func (t *tx) Infos(id esri.ItemID) ([]*portal.InfoFile, error) {
	return infos.all(t, " WHERE item=? ORDER BY path", string(id))
}

func (t *tx) PutInfo(f *portal.InfoFile) error {
	if err := t.releaseOther(infoHash, &f.File, string(f.Item), f.Path); err != nil {
		return err
	}
	return infos.put(t, f)
}

func (t *tx) DeleteInfo(id esri.ItemID, path string) error {
	if err := t.release(infoHash, string(id), path); err != nil {
		return err
	}
	return t.exec("DELETE FROM infos WHERE item=? AND path=?", string(id), path)
}
