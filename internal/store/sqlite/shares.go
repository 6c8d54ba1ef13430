package sqlite

import "github.com/rhumb-gis/rhumb/esri"

func (t *tx) GroupsOf(id esri.ItemID) ([]esri.GroupID, error) {
	return column[esri.GroupID](t.rows("SELECT group_id FROM shares WHERE item=? ORDER BY group_id", string(id)))
}

func (t *tx) Share(id esri.ItemID, group esri.GroupID) error {
	return t.exec("INSERT INTO shares(item, group_id) VALUES(?,?) ON CONFLICT DO NOTHING", string(id), string(group))
}

func (t *tx) Unshare(id esri.ItemID, group esri.GroupID) error {
	return t.exec("DELETE FROM shares WHERE item=? AND group_id=?", string(id), string(group))
}

func (t *tx) ItemsOfGroup(group esri.GroupID) ([]esri.ItemID, error) {
	return column[esri.ItemID](t.rows("SELECT item FROM shares WHERE group_id=? ORDER BY item", string(group)))
}
