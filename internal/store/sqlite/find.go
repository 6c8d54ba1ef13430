package sqlite

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// rankLimit is how many matches are ordered by relevance at most; ranking costs a few
// microseconds a match. Beyond it those that match in a leading column come first, and
// otherwise the list's own order holds.
const rankLimit = 2000

// hits is a page of a search: the numbers of its objects and how many match in all.
type hits struct {
	page  []int64
	total int
}

// find evaluates where on an index. terms are those that count for relevance.
func (t *tx) find(ix *index, where cond, terms []scored, page portal.Page) (hits, error) {
	order, err := ix.order.by(page)
	if err != nil || where.kind == no || where.kind == skip {
		return hits{}, err
	}
	total, err := t.count(ix, where)
	if err != nil || page.Num <= 0 || offset(page) >= total {
		return hits{total: total}, err
	}
	match, rest := where.driver()
	var b sqlText
	switch {
	case page.Sort == "" && len(terms) > 0 && total <= rankLimit:
		b.ranked(ix, match, rest, terms, order)
	case page.Sort == "" && len(terms) > 0:
		b.objects("SELECT i.rowid", ix, match, rest, "i.rowid IN (SELECT rowid FROM "+ix.text+" WHERE "+ix.text+" MATCH ?) DESC, "+order)
		b.args = append(b.args, leading(ix, terms))
	default:
		many, err := t.manyMatches(ix, total, page)
		if err != nil {
			return hits{}, err
		}
		if many && match.kind == words {
			b.add("SELECT i.rowid FROM " + ix.table + " i WHERE +")
			b.cond("", match)
			b.cond(" AND ", rest)
			b.add(" ORDER BY " + order)
		} else {
			b.objects("SELECT i.rowid", ix, match, rest, order)
		}
	}
	b.add(" LIMIT ? OFFSET ?", page.Num, offset(page))
	numbers, err := column[int64](t.adHoc(&b))
	return hits{numbers, total}, err
}

// count tells how many objects match, from the full-text table alone where that suffices.
func (t *tx) count(ix *index, where cond) (int, error) {
	var b sqlText
	if where.kind == yes {
		b.add("SELECT count(*) FROM " + ix.table)
	} else {
		match, rest := where.driver()
		b.objects("SELECT count(*)", ix, match, rest, "")
	}
	return t.remembered(&b, func() (int, error) {
		n, err := column[int](t.adHoc(&b))
		if err != nil {
			return 0, err
		}
		return n[0], nil
	})
}

// manyMatches reports whether so many objects match that it is quicker to go through all
// objects in the order asked for, until the page is full, than to sort the matches.
func (t *tx) manyMatches(ix *index, total int, page portal.Page) (bool, error) {
	objects, err := t.number("SELECT coalesce(max(n),0) FROM " + ix.table)
	return total*total > int(objects)*(offset(page)+page.Num), err
}

// driver splits a condition into a full-text match that every result fulfils, if there is
// one, and the rest.
func (c cond) driver() (match, rest cond) {
	parts := []cond{c}
	if c.kind == allOf {
		parts = c.parts
	}
	i := slices.IndexFunc(parts, func(c cond) bool { return c.kind == words && !c.negated })
	if i < 0 {
		return cond{kind: yes}, c
	}
	return parts[i], one(allOf, slices.Delete(slices.Clone(parts), i, i+1), yes)
}

// objects writes a query for what fulfils match and rest, in an order. The row of the object
// is i. A match goes first; where nothing else is asked for, it stands for the object.
func (b *sqlText) objects(what string, ix *index, match, rest cond, order string) {
	b.add(what + " FROM ")
	switch {
	case match.kind == yes:
		b.add(ix.table + " i WHERE ")
		b.cond("", rest)
	case rest.kind == yes && strings.Count(order, "i.") == strings.Count(order, "i.rowid"):
		b.add(match.table+" i WHERE "+match.table+" MATCH ?", match.match)
	default:
		b.add(match.table+" CROSS JOIN "+ix.table+" i ON i.rowid="+match.table+".rowid WHERE "+match.table+" MATCH ? AND ", match.match)
		b.cond("", rest)
	}
	if order != "" {
		b.add(" ORDER BY " + order)
	}
}

// ranked writes a query in the order of relevance. Where all terms are in the match and have
// one boost, the rank of the match tells; else terms of equal boost are one match each, and its rank counts
// as often as their boost says.
func (b *sqlText) ranked(ix *index, match, rest cond, terms []scored, order string) {
	byBoost := map[float64][]string{}
	inside := match.table == ix.text
	for _, s := range terms {
		byBoost[s.boost] = append(byBoost[s.boost], s.match())
		inside = inside && strings.Contains(match.match, s.match())
	}
	if len(byBoost) == 1 && inside {
		b.objects("SELECT i.rowid", ix, match, rest, ix.score+", "+order)
		return
	}
	var joins, score string
	b.add("WITH ")
	for i, boost := range slices.Sorted(maps.Keys(byBoost)) {
		name := fmt.Sprintf("r%d", i)
		if i > 0 {
			b.add(", ")
		}
		b.add(name+" AS MATERIALIZED (SELECT rowid AS n, ?*"+ix.score+" AS s FROM "+ix.text+" WHERE "+ix.text+" MATCH ?)",
			boost, matchAny(byBoost[boost]))
		joins += " LEFT JOIN " + name + " ON " + name + ".n=i.rowid"
		score += "coalesce(" + name + ".s,0)+"
	}
	b.add(" SELECT i.rowid FROM " + ix.table + " i" + joins + " WHERE ")
	b.cond("", and(match, rest))
	b.add(" ORDER BY " + score + "0, " + order)
}

// leading is the match of terms in the columns that say best what an object is.
func leading(ix *index, terms []scored) string {
	var matches []string
	for _, s := range terms {
		matches = append(matches, "{"+ix.leading+"} : "+s.words)
	}
	return matchAny(matches)
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
	found, err := t.find(ix, and(said(where), seen), c.score, page)
	if err != nil {
		return nil, 0, err
	}
	list, err := load(t, tb, found.page)
	return list, found.total, err
}
