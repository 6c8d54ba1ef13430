package sqlite

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var items = newTable("items", "id", nil, func(it *portal.Item) []field {
	return append([]field{
		{"id", text(&it.ID)},
		{"access", text(&it.Access)},
		{"owner_key", folded(&it.Owner)},
		{"owner", text(&it.Owner)},
		{"folder", text(&it.Folder)},
		{"type", text(&it.Type)},
		{"type_key", folded(&it.Type)},
		{"item_type", derived(func() driver.Value { return itemType(it) })},
		{"title", text(&it.Title)},
		{"title_key", folded(&it.Title)},
		{"name", text(&it.Name)},
		{"name_key", folded(&it.Name)},
		{"created", moment(&it.Created)},
		{"modified", moment(&it.Modified)},
		{"last_viewed", moment(&it.LastViewed)},
		{"num_views", whole(&it.NumViews)},
		{"content_status", text(&it.ContentStatus)},
		{"protected", flag(&it.Protected)},
		{"comments_enabled", flag(&it.CommentsEnabled)},
		{"listed", flag(&it.Listed)},
		{"metadata_editable", flag(&it.MetadataEditable)},
		{"status", text(&it.Status)},
		{"status_message", text(&it.StatusMessage)},
		{"upload_name", text(&it.UploadName)},
		{"culture", text(&it.Culture)},
		{"spatial_reference", text(&it.SpatialReference)},
		{"url", text(&it.URL)},
		{"thumbnail", text(&it.Thumbnail)},
		{"large_thumbnail", text(&it.LargeThumbnail)},
		{"banner", text(&it.Banner)},
		{"tags", list(&it.Tags)},
		{"type_keywords", list(&it.TypeKeywords)},
		{"categories", list(&it.Categories)},
		{"app_categories", list(&it.AppCategories)},
		{"industries", list(&it.Industries)},
		{"languages", list(&it.Languages)},
		{"screenshots", list(&it.Screenshots)},
		{"metadata_formats", list(&it.MetadataFormats)},
		{"properties", raw(&it.Properties)},
		{"advanced_settings", raw(&it.AdvancedSettings)},
		{"proxy_filter", raw(&it.ProxyFilter)},
		{"classification", raw(&it.Classification)},
		{"access_information", text(&it.AccessInformation)},
		{"license_info", text(&it.LicenseInfo)},
		{"snippet", text(&it.Snippet)},
		{"documentation", text(&it.Documentation)},
		{"description", text(&it.Description)},
	}, append(extentFields(&it.Extent), dataFields(&it.Data)...)...)
})

// itemType is what the search field itemtype means: where the item's content is.
func itemType(it *portal.Item) string {
	switch {
	case it.Data != nil && it.Data.Text:
		return "text"
	case it.Data != nil:
		return "file"
	case it.URL != "":
		return "url"
	default:
		return "text"
	}
}

func extentFields(p **esri.Extent) []field {
	return []field{
		{"xmin", optional(p, func(e *esri.Extent) cell { return float(&e.XMin) })},
		{"ymin", optional(p, func(e *esri.Extent) cell { return float(&e.YMin) })},
		{"xmax", optional(p, func(e *esri.Extent) cell { return float(&e.XMax) })},
		{"ymax", optional(p, func(e *esri.Extent) cell { return float(&e.YMax) })},
	}
}

// dataFields spreads the optional data over columns; a NULL size is no data. The blobs are
// rows of item_data.
func dataFields(p **portal.Data) []field {
	return []field{
		{"data_text", optional(p, func(d *portal.Data) cell { return flag(&d.Text) })},
		{"data_content_type", optional(p, func(d *portal.Data) cell { return text(&d.ContentType) })},
		{"data_size", optional(p, func(d *portal.Data) cell { return whole(&d.Size) })},
	}
}

func (t *tx) Item(id esri.ItemID) (*portal.Item, error) {
	return t.item(" WHERE id=?", string(id))
}

func (t *tx) item(rest string, args ...any) (*portal.Item, error) {
	it, err := items.one(t, rest, args...)
	if err != nil {
		return nil, err
	}
	return it, t.loadData(it)
}

// loadData adds the blobs of the data to items.
func (t *tx) loadData(list ...*portal.Item) error {
	byID := map[string]*portal.Data{}
	var ids []string
	for _, it := range list {
		if it.Data != nil {
			byID[string(it.ID)] = it.Data
			ids = append(ids, string(it.ID))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	for r, err := range t.rows("SELECT item, hash, size FROM item_data WHERE item IN (SELECT value FROM json_each(?)) ORDER BY item, ordinal", inList(ids)) {
		if err != nil {
			return err
		}
		var id string
		var b portal.Blob
		if err := r.Scan(&id, &b.Hash, &b.Size); err != nil {
			return err
		}
		byID[id].Blobs = append(byID[id].Blobs, b)
	}
	return nil
}

func (t *tx) PutItem(it *portal.Item) error {
	if err := items.put(t, it); err != nil {
		return err
	}
	n, err := t.number("SELECT n FROM items WHERE id=?", string(it.ID))
	if err != nil {
		return err
	}
	if err := t.putData(it); err != nil {
		return err
	}
	if err := t.putValues(n, it); err != nil {
		return err
	}
	return t.indexWords(itemIndex, n, it.Title, values(it.Tags), it.Snippet, plain(it.Description), it.Type,
		values(it.TypeKeywords), plain(it.AccessInformation), plain(it.LicenseInfo), it.SpatialReference,
		it.Culture, it.Name, values(it.Categories), jsonWords(it.Classification))
}

func (t *tx) putData(it *portal.Item) error {
	var blobs []portal.Blob
	if it.Data != nil {
		blobs = it.Data.Blobs
	}
	have := &portal.Item{ID: it.ID, Data: new(portal.Data)}
	if err := t.loadData(have); err != nil {
		return err
	}
	if slices.EqualFunc(have.Data.Blobs, blobs, func(a, b portal.Blob) bool { return a.Hash == b.Hash && a.Size == b.Size }) {
		return nil
	}
	if err := t.release("SELECT hash FROM item_data WHERE item=?", string(it.ID)); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM item_data WHERE item=?", string(it.ID)); err != nil {
		return err
	}
	for i, b := range blobs {
		if err := t.exec("INSERT INTO item_data(item, ordinal, hash, size) VALUES(?,?,?,?)", string(it.ID), i, b.Hash, b.Size); err != nil {
			return fmt.Errorf("data of item %s: %w", it.ID, err)
		}
	}
	return nil
}

func (t *tx) putValues(n int64, it *portal.Item) error {
	if err := t.exec("DELETE FROM item_values WHERE n=?", n); err != nil {
		return err
	}
	for field, list := range map[string][]string{"tags": it.Tags, "typekeywords": it.TypeKeywords, "categories": it.Categories} {
		for _, v := range list {
			if err := t.exec("INSERT INTO item_values(field, value, n) VALUES(?,?,?) ON CONFLICT DO NOTHING", field, fold(v), n); err != nil {
				return err
			}
		}
	}
	return nil
}

// itemHashes selects every blob that an item refers to.
const itemHashes = `SELECT hash FROM item_data WHERE item=?1 UNION SELECT hash FROM parts WHERE item=?1
	UNION SELECT hash FROM infos WHERE item=?1 UNION SELECT hash FROM resources WHERE item=?1`

func (t *tx) DeleteItem(id esri.ItemID) error {
	if err := t.exec("UPDATE blobs SET leased=max(leased,?2) WHERE hash IN ("+itemHashes+")", string(id), t.now()); err != nil {
		return err
	}
	for _, text := range []string{
		"DELETE FROM tokens WHERE client_id IN (SELECT client_id FROM apps WHERE item=?)",
		"DELETE FROM items_text WHERE rowid IN (SELECT n FROM items WHERE id=?)",
		"DELETE FROM items_words WHERE rowid IN (SELECT n FROM items WHERE id=?)",
		"DELETE FROM items WHERE id=?",
	} {
		if err := t.exec(text, string(id)); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) ItemsIn(owner string, folder esri.FolderID, types []string, page portal.Page) ([]*portal.Item, int, error) {
	order, err := itemIndex.order.by(page)
	if err != nil {
		return nil, 0, err
	}
	where := " FROM items i WHERE i.owner_key=? AND i.folder=?"
	args := []any{fold(owner), string(folder)}
	if len(types) > 0 {
		where += " AND i.type_key IN (SELECT value FROM json_each(?))"
		args = append(args, inList(foldAll(types)))
	}
	total, err := t.number("SELECT count(*)"+where, args...)
	if err != nil || page.Num <= 0 {
		return nil, int(total), err
	}
	list, err := items.collect(t.rows("SELECT "+items.columns+where+" ORDER BY "+order+" LIMIT ? OFFSET ?", append(args, page.Num, offset(page))...))
	if err != nil {
		return nil, 0, err
	}
	return list, int(total), t.loadData(list...)
}

func (t *tx) ItemNamed(owner string, folder esri.FolderID, name string) (*portal.Item, error) {
	return t.item(" WHERE owner_key=? AND folder=? AND name_key=? AND data_size IS NOT NULL ORDER BY n LIMIT 1",
		fold(owner), string(folder), fold(name))
}

func (t *tx) CountItemsOf(owner string) (int, error) {
	n, err := t.number("SELECT count(*) FROM items WHERE owner_key=?", fold(owner))
	return int(n), err
}

func (t *tx) CountView(id esri.ItemID, at time.Time) error {
	return t.change("UPDATE items SET num_views=num_views+1, last_viewed=? WHERE id=?", moment(&at), string(id))
}
