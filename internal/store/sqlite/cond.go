package sqlite

import (
	"slices"
	"strings"
)

// cond is a condition on the objects of an index. User text is only ever in match (quoted,
// as words) and in args.
type cond struct {
	kind    condKind
	negated bool     // of words
	table   string   // of words
	match   string   // of words: an FTS5 expression
	depth   int      // of words: levels of parentheses in match
	column  string   // of equal
	values  []string // of equal
	sql     string   // of inSQL
	args    []any    // of inSQL
	parts   []cond   // of allOf and anyOf
}

type condKind int

const (
	yes   condKind = iota // matches all
	no                    // matches nothing
	skip                  // says nothing: a term without a letter or digit
	words                 // a full-text match
	equal                 // a column equals one of values
	inSQL                 // SQL
	allOf
	anyOf
)

func sqlCond(sql string, args ...any) cond { return cond{kind: inSQL, sql: sql, args: args} }

func boolCond(b bool) cond {
	if b {
		return cond{kind: yes}
	}
	return cond{kind: no}
}

// and joins conditions; full-text matches on one table become one match.
func and(conds ...cond) cond {
	var parts []cond
	said := len(conds) == 0
	for _, c := range flatten(conds, allOf) {
		switch c.kind {
		case no:
			return c
		case skip:
			continue
		case yes:
		default:
			parts = append(parts, c)
		}
		said = true
	}
	if !said {
		return cond{kind: skip}
	}
	return one(allOf, mergeAll(parts), yes)
}

// or joins alternatives; full-text matches on one table become one match, and equal terms on
// one column one list.
func or(conds ...cond) cond {
	var parts []cond
	said := false
	for _, c := range flatten(conds, anyOf) {
		switch c.kind {
		case yes:
			return c
		case skip:
			continue
		case no:
		default:
			parts = append(parts, c)
		}
		said = true
	}
	if !said {
		return cond{kind: skip}
	}
	return one(anyOf, mergeAny(parts), no)
}

func not(c cond) cond {
	switch c.kind {
	case yes:
		return cond{kind: no}
	case no:
		return cond{kind: yes}
	case skip:
		return c
	case words:
		c.negated = !c.negated
		return c
	default:
		var b sqlText
		b.add("NOT ")
		b.cond("", c)
		return cond{kind: inSQL, sql: b.String(), args: b.args}
	}
}

func flatten(conds []cond, kind condKind) []cond {
	var out []cond
	for _, c := range conds {
		if c.kind == kind {
			out = append(out, c.parts...)
		} else {
			out = append(out, c)
		}
	}
	return out
}

func one(kind condKind, parts []cond, none condKind) cond {
	switch len(parts) {
	case 0:
		return cond{kind: none}
	case 1:
		return parts[0]
	default:
		return cond{kind: kind, parts: parts}
	}
}

// matchDepth is how deep an FTS5 expression may nest: its parser has a small stack. Matches
// that are deeper are joined in SQL.
const matchDepth = 16

// mergeAll makes one match of a table's positive and negated ones: (a AND b) NOT (c).
func mergeAll(parts []cond) []cond {
	wanted, unwanted := map[string][]cond{}, map[string][]cond{}
	var tables []string
	var out []cond
	for _, c := range parts {
		switch {
		case c.kind != words || c.depth >= matchDepth-1:
			out = append(out, c)
			continue
		case c.negated:
			unwanted[c.table] = append(unwanted[c.table], c)
		default:
			wanted[c.table] = append(wanted[c.table], c)
		}
		if !slices.Contains(tables, c.table) {
			tables = append(tables, c.table)
		}
	}
	var merged []cond
	for _, table := range tables {
		w, u := join(wanted[table], " AND "), join(unwanted[table], " OR ")
		switch {
		case w.match == "":
			u.negated = true
			merged = append(merged, u)
		case u.match == "":
			merged = append(merged, w)
		default:
			w.match, w.depth = w.match+" NOT "+u.match, max(w.depth, u.depth)+1
			w.match = "(" + w.match + ")"
			merged = append(merged, w)
		}
	}
	return append(merged, out...)
}

// mergeAny makes one match of a table's positive ones, and one list of the equal terms on a
// column.
func mergeAny(parts []cond) []cond {
	var out []cond
	group := map[string][]cond{}
	var keys []string
	for _, c := range parts {
		var key string
		switch {
		case c.kind == words && !c.negated && c.depth < matchDepth:
			key = "words " + c.table
		case c.kind == equal:
			key = "equal " + c.column
		default:
			out = append(out, c)
			continue
		}
		if group[key] == nil {
			keys = append(keys, key)
		}
		group[key] = append(group[key], c)
	}
	var merged []cond
	for _, key := range keys {
		if c := group[key][0]; c.kind == words {
			merged = append(merged, join(group[key], " OR "))
		} else {
			merged = append(merged, cond{kind: equal, column: c.column, values: allValues(group[key])})
		}
	}
	return append(merged, out...)
}

func allValues(conds []cond) []string {
	var list []string
	for _, c := range conds {
		list = append(list, c.values...)
	}
	return list
}

// join makes one match of several on one table; of none it is empty.
func join(conds []cond, op string) cond {
	switch len(conds) {
	case 0:
		return cond{}
	case 1:
		c := conds[0]
		c.negated = false
		return c
	}
	c := cond{kind: words, table: conds[0].table}
	var matches []string
	for _, part := range conds {
		matches = append(matches, part.match)
		c.depth = max(c.depth, part.depth+1)
	}
	c.match = joinMatches(matches, op)
	return c
}

func matchAll(list []string) string { return joinMatches(list, " AND ") }
func matchAny(list []string) string { return joinMatches(list, " OR ") }

func joinMatches(list []string, op string) string {
	if len(list) == 1 {
		return list[0]
	}
	return "(" + strings.Join(list, op) + ")"
}
