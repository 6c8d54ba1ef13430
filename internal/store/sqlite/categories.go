package sqlite

import (
	"encoding/json"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (t *tx) CategorySchema(scope string) (json.RawMessage, error) {
	var trees json.RawMessage
	err := t.scan([]any{raw(&trees)}, "SELECT document FROM category_schemas WHERE scope=?", scope)
	return trees, err
}

func (t *tx) PutCategorySchema(scope string, trees json.RawMessage) error {
	return t.exec("INSERT INTO category_schemas(scope, document) VALUES(?,?) ON CONFLICT(scope) DO UPDATE SET document=excluded.document",
		scope, string(trees))
}

func (t *tx) DeleteCategorySchema(scope string) error {
	return t.exec("DELETE FROM category_schemas WHERE scope=?", scope)
}

func (t *tx) GroupCategories(group esri.GroupID, ids []esri.ItemID) (map[esri.ItemID][]string, error) {
	wanted := make([]string, len(ids))
	for i, id := range ids {
		wanted[i] = string(id)
	}
	out := map[esri.ItemID][]string{}
	for r, err := range t.rows(`SELECT item, categories FROM shares
		WHERE group_id=? AND item IN (SELECT value FROM json_each(?)) AND categories IS NOT NULL`, string(group), inList(wanted)) {
		if err != nil {
			return nil, err
		}
		var id esri.ItemID
		var categories []string
		if err := r.Scan(text(&id), list(&categories)); err != nil {
			return nil, err
		}
		out[id] = categories
	}
	return out, nil
}

func (t *tx) PutGroupCategories(group esri.GroupID, id esri.ItemID, categories []string) error {
	var keys []string
	if len(categories) == 0 {
		categories = nil
	} else {
		keys = foldAll(categories)
	}
	return t.change("UPDATE shares SET categories=?, category_keys=? WHERE group_id=? AND item=?",
		list(&categories), list(&keys), string(group), string(id))
}

// inCategories matches the items that have categories: those of the organization, which are
// values of the item, or those within the group of the query.
func inCategories(q portal.ItemQuery) []cond {
	var out []cond
	for _, paths := range q.Categories {
		out = append(out, hasCategory(q.Group, paths, func(b *sqlText, value, path string) {
			// Paths below end behind a slash, and 0 is the character after the slash.
			b.add("("+value+"=? OR "+value+">=? AND "+value+"<?)", path, path+"/", path+"0")
		}))
	}
	for _, terms := range q.CategoryTerms {
		out = append(out, hasCategory(q.Group, terms, func(b *sqlText, value, term string) {
			b.add("instr("+value+",?)>0", term)
		}))
	}
	return out
}

// hasCategory matches items that have a category for which test holds of one of the texts.
func hasCategory(group esri.GroupID, texts []string, test func(b *sqlText, value, text string)) cond {
	if len(texts) == 0 {
		return cond{kind: no}
	}
	var b sqlText
	value := "value"
	if group == "" {
		b.add("i.n IN (SELECT n FROM item_values WHERE field='categories' AND (")
	} else {
		value = "c.value"
		b.add("i.id IN (SELECT s.item FROM shares s, json_each(s.category_keys) c WHERE s.group_id=? AND (", string(group))
	}
	for i, text := range texts {
		if i > 0 {
			b.add(" OR ")
		}
		test(&b, value, fold(text))
	}
	b.add("))")
	return sqlCond(b.String(), b.args...)
}
