package sqlite

import (
	"fmt"
	"maps"
	"slices"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// rankLimit is how many matches are ordered by relevance at most. Beyond it, where no page
// can be asked for, they come in the list's own order.
const rankLimit = 10_000

// found is a page of a search: the numbers of its objects and how many match in all.
type found struct {
	page  []int64
	total int
}

// find evaluates where on an index. terms are those that count for relevance.
func (t *tx) find(ix *index, where cond, terms []scored, page portal.Page) (found, error) {
	order, err := ix.order.by(page)
	if err != nil || where.kind == no || where.kind == skip {
		return found{}, err
	}
	total, err := t.count(ix, where)
	if err != nil || page.Num <= 0 || offset(page) >= total {
		return found{total: total}, err
	}
	var b sqlText
	if page.Sort == "" && len(terms) > 0 && total <= rankLimit {
		order = b.ranked(ix, where, terms) + order
	} else {
		b.add("SELECT i.n FROM " + ix.table + " i")
	}
	if where.kind != yes {
		b.cond(" WHERE ", where)
	}
	b.add(" ORDER BY "+order+" LIMIT ? OFFSET ?", page.Num, offset(page))
	numbers, err := column[int64](t.adHoc(&b))
	return found{numbers, total}, err
}

// count tells how many objects match, from the full-text table alone where that suffices.
func (t *tx) count(ix *index, where cond) (int, error) {
	var b sqlText
	switch {
	case where.kind == yes:
		b.add("SELECT count(*) FROM " + ix.table)
	case where.kind == words && !where.negated:
		b.add("SELECT count(*) FROM "+where.table+" WHERE "+where.table+" MATCH ?", where.match)
	default:
		b.add("SELECT count(*) FROM " + ix.table + " i")
		b.cond(" WHERE ", where)
	}
	n, err := column[int](t.adHoc(&b))
	if err != nil {
		return 0, err
	}
	return n[0], nil
}

// ranked writes the head of a query that computes relevance and returns its ORDER BY. Terms
// of equal boost are one match; their rank counts as often as their boost says.
func (b *sqlText) ranked(ix *index, where cond, terms []scored) string {
	byBoost := map[float64][]string{}
	for _, s := range terms {
		byBoost[s.boost] = append(byBoost[s.boost], s.match)
	}
	required := requiredMatch(where, ix.text)
	if len(byBoost) == 1 && required != "" {
		for boost := range byBoost {
			byBoost[boost] = []string{required}
		}
	}
	var joins, order string
	b.add("WITH ")
	for i, boost := range slices.Sorted(maps.Keys(byBoost)) {
		name := fmt.Sprintf("r%d", i)
		if i > 0 {
			b.add(", ")
			order += "+"
		}
		b.add(name+" AS MATERIALIZED (SELECT rowid AS n, ?*"+ix.score+" AS s FROM "+ix.text+" WHERE "+ix.text+" MATCH ?)",
			boost, matchAny(byBoost[boost]))
		joins += " LEFT JOIN " + name + " ON " + name + ".n=i.n"
		order += "coalesce(" + name + ".s,0)"
	}
	b.add(" SELECT i.n FROM " + ix.table + " i" + joins)
	return order + ", "
}

// requiredMatch returns the full-text match on table that every result fulfils, or "".
func requiredMatch(where cond, table string) string {
	parts := []cond{where}
	if where.kind == allOf {
		parts = where.parts
	}
	for _, c := range parts {
		if c.kind == words && c.table == table && !c.negated {
			return c.match
		}
	}
	return ""
}

// findObjects searches one kind of object and loads a page.
func findObjects[T any](t *tx, ix *index, tb *table[T], match search.Node, vis portal.Visibility, seen cond, page portal.Page) ([]*T, int, error) {
	c, err := t.compiler(ix, vis)
	if err != nil {
		return nil, 0, err
	}
	where, err := c.query(match)
	if err != nil {
		return nil, 0, err
	}
	hits, err := t.find(ix, and(said(where), seen), c.score, page)
	if err != nil {
		return nil, 0, err
	}
	list, err := load(t, tb, hits.page)
	return list, hits.total, err
}
