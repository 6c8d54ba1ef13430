package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var resources = newTable("resources", "item,path", nil, func(r *portal.Resource) []field {
	return append([]field{
		{"item", text(&r.Item)},
		{"path", text(&r.Path)},
		{"access", text(&r.Access)},
		{"created", moment(&r.Created)},
	}, fileFields(&r.File)...)
})

const resourceHash = "SELECT hash FROM resources WHERE item=? AND path=?"

func (t *tx) Resource(id esri.ItemID, path string) (*portal.Resource, error) {
	return resources.one(t, " WHERE item=? AND path=?", string(id), path)
}

var resourceOrder = ordering{
	own:  "path",
	tie:  "path",
	sort: map[string]string{"resource": "path", "created": "created", "size": "size"},
}

func (t *tx) Resources(id esri.ItemID, page portal.Page) ([]*portal.Resource, int, error) {
	order, err := resourceOrder.by(page)
	if err != nil {
		return nil, 0, err
	}
	total, _, err := t.ResourceUsage(id)
	if err != nil || page.Num <= 0 {
		return nil, total, err
	}
	list, err := resources.all(t, " WHERE item=? ORDER BY "+order+" LIMIT ? OFFSET ?", string(id), page.Num, offset(page))
	return list, total, err
}

func (t *tx) PutResource(r *portal.Resource) error {
	if err := t.releaseOther(resourceHash, &r.File, string(r.Item), r.Path); err != nil {
		return err
	}
	return resources.put(t, r)
}

func (t *tx) DeleteResource(id esri.ItemID, path string) error {
	if err := t.release(resourceHash, string(id), path); err != nil {
		return err
	}
	return t.exec("DELETE FROM resources WHERE item=? AND path=?", string(id), path)
}

func (t *tx) ResourceUsage(id esri.ItemID) (count int, size int64, err error) {
	err = t.scan([]any{&count, &size}, "SELECT count(*), coalesce(sum(size),0) FROM resources WHERE item=?", string(id))
	return count, size, err
}
