package sqlite

import (
	"database/sql"
	"fmt"
	"iter"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (t *tx) FindItems(q portal.ItemQuery) (*portal.ItemPage, error) {
	c, err := t.compiler(itemIndex, q.Visible)
	if err != nil {
		return nil, err
	}
	match, err := c.query(q.Match)
	if err != nil {
		return nil, err
	}
	terms := c.score
	filter, err := c.query(q.Filter)
	if err != nil {
		return nil, err
	}
	conds := []cond{said(match), said(filter), itemsSeenBy(q.Visible)}
	if q.BBox != nil {
		conds = append(conds, sqlCond("i.xmin<=? AND i.xmax>=? AND i.ymin<=? AND i.ymax>=?", q.BBox.XMax, q.BBox.XMin, q.BBox.YMax, q.BBox.YMin))
	}
	if q.Group != "" {
		in, err := t.inGroup(string(q.Group))
		if err != nil {
			return nil, err
		}
		conds = append(conds, in)
	}
	conds = append(conds, inCategories(q)...)
	where := and(conds...)
	found, err := t.find(itemIndex, where, terms, q.Page)
	if err != nil {
		return nil, err
	}
	page := &portal.ItemPage{Total: found.total}
	if page.Items, err = load(t, items, found.page); err != nil {
		return nil, err
	}
	if err := t.loadData(page.Items...); err != nil {
		return nil, err
	}
	page.Counts, err = t.countFields(q, where, found.total)
	return page, err
}

// inGroup matches the items of a group. Of a group that holds a good part of all items, it is
// quicker to go through the items than through the group.
func (t *tx) inGroup(id string) (cond, error) {
	shared, err := t.number("SELECT count(*) FROM shares WHERE group_id=?", id)
	if err != nil {
		return cond{}, err
	}
	objects, err := t.number("SELECT coalesce(max(n),0) FROM items")
	column := "i.id"
	if shared*8 > objects {
		column = "+i.id"
	}
	return sqlCond(column+" IN (SELECT item FROM shares WHERE group_id=?)", id), err
}

func (t *tx) FindUsers(q portal.UserQuery) ([]*portal.User, int, error) {
	return findObjects(t, userIndex, users, q.Match, q.Visible, usersSeenBy(q.Visible), q.Page)
}

// FindGroups leaves out the hidden favorites groups.
func (t *tx) FindGroups(q portal.GroupQuery) ([]*portal.Group, int, error) {
	return findObjects(t, groupIndex, groups, q.Match, q.Visible, and(groupsSeenBy(q.Visible, "i"), sqlCond("i.fav=0")), q.Page)
}

// said is c, or nothing where a query says nothing.
func said(c cond) cond {
	if c.kind == skip {
		return cond{kind: no}
	}
	return c
}

// load reads objects by number and returns them in that order.
func load[T any](t *tx, tb *table[T], numbers []int64) ([]*T, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	at := make(map[int64]int, len(numbers))
	for i, n := range numbers {
		at[n] = i
	}
	list := make([]*T, len(numbers))
	var n int64
	scan := tb.scanner(&n)
	for r, err := range t.rows("SELECT n,"+tb.columns+" FROM "+tb.name+" WHERE n IN (SELECT value FROM json_each(?))", numberList(numbers)) {
		if err != nil {
			return nil, err
		}
		v, err := scan(r)
		if err != nil {
			return nil, err
		}
		list[at[n]] = v
	}
	return list, nil
}

// countFields counts the values of fields among all matches, in the form in which they are
// compared, most frequent first.
func (t *tx) countFields(q portal.ItemQuery, where cond, total int) ([]portal.FieldCount, error) {
	size := q.CountSize
	if size <= 0 {
		size = 10
	}
	single := map[string]string{"type": "i.type_key", "access": "i.access", "contentstatus": "i.content_status"}
	var counts []portal.FieldCount
	for _, field := range q.CountFields {
		var b sqlText
		switch expr := single[field]; {
		case expr != "":
			match, rest := and(where, sqlCond("+"+expr+"<>''")).driver()
			b.objects("SELECT "+expr+", count(*) AS c", itemIndex, match, rest, "")
			b.add(" GROUP BY 1 ORDER BY c DESC, 1 LIMIT ?", size)
		case field == "tags" || field == "categories":
			// Values first, in their order: they need no sorting to be counted.
			match, rest := where.driver()
			b.add("SELECT v.value, count(*) AS c FROM item_values v WHERE v.field=? AND v.n IN (", field)
			b.objects("SELECT i.rowid", itemIndex, match, rest, "")
			b.add(") GROUP BY 1 ORDER BY c DESC, 1 LIMIT ?", size)
		default:
			return nil, portal.ErrBadParam("countFields", "cannot be "+field+"; it can be tags, type, access, contentstatus, categories")
		}
		fc := portal.FieldCount{Field: field}
		if total > 0 {
			var err error
			if fc.Values, err = valueCounts(t.adHoc(&b)); err != nil {
				return nil, fmt.Errorf("counting %s: %w", field, err)
			}
		}
		counts = append(counts, fc)
	}
	return counts, nil
}

func valueCounts(rows iter.Seq2[*sql.Rows, error]) ([]portal.ValueCount, error) {
	var list []portal.ValueCount
	for r, err := range rows {
		if err != nil {
			return nil, err
		}
		var v portal.ValueCount
		if err := r.Scan(&v.Value, &v.Count); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}
