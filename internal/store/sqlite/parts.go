package sqlite

import (
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (t *tx) PutPart(p portal.Part) error {
	if err := t.releaseOther("SELECT hash FROM parts WHERE item=? AND number=?", &portal.File{Blob: p.Blob}, string(p.Item), p.Number); err != nil {
		return err
	}
	return t.exec(`INSERT INTO parts(item, number, hash, size) VALUES(?,?,?,?)
		ON CONFLICT(item, number) DO UPDATE SET hash=excluded.hash, size=excluded.size`,
		string(p.Item), p.Number, p.Blob.Hash, p.Blob.Size)
}

func (t *tx) Parts(id esri.ItemID) ([]portal.Part, error) {
	var list []portal.Part
	for r, err := range t.rows("SELECT number, hash, size FROM parts WHERE item=? ORDER BY number", string(id)) {
		if err != nil {
			return nil, err
		}
		p := portal.Part{Item: id}
		if err := r.Scan(&p.Number, &p.Blob.Hash, &p.Blob.Size); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// IdleUploads goes by the leases of the parts' blobs, which storing a part renews.
func (t *tx) IdleUploads(since time.Time) ([]esri.ItemID, error) {
	var list []esri.ItemID
	for r, err := range t.rows(`SELECT p.item FROM parts p JOIN blobs b ON b.hash=p.hash
		GROUP BY p.item HAVING max(b.leased)<? ORDER BY p.item`, millis(since)) {
		if err != nil {
			return nil, err
		}
		var id string
		if err := r.Scan(&id); err != nil {
			return nil, err
		}
		list = append(list, esri.ItemID(id))
	}
	return list, nil
}

func (t *tx) DeleteParts(id esri.ItemID) error {
	if err := t.release("SELECT hash FROM parts WHERE item=?", string(id)); err != nil {
		return err
	}
	return t.exec("DELETE FROM parts WHERE item=?", string(id))
}
