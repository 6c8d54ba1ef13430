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

// mergeAll makes one match of a table's positive and negated ones: (a) AND (b) NOT (c).
func mergeAll(parts []cond) []cond {
	wanted, unwanted := map[string][]string{}, map[string][]string{}
	var tables []string
	var out []cond
	for _, c := range parts {
		if c.kind != words {
			out = append(out, c)
			continue
		}
		if !slices.Contains(tables, c.table) {
			tables = append(tables, c.table)
		}
		if c.negated {
			unwanted[c.table] = append(unwanted[c.table], c.match)
		} else {
			wanted[c.table] = append(wanted[c.table], c.match)
		}
	}
	var merged []cond
	for _, table := range tables {
		w, u := wanted[table], unwanted[table]
		switch {
		case len(w) == 0:
			merged = append(merged, cond{kind: words, table: table, negated: true, match: matchAny(u)})
		case len(u) == 0:
			merged = append(merged, cond{kind: words, table: table, match: matchAll(w)})
		default:
			merged = append(merged, cond{kind: words, table: table, match: "(" + matchAll(w) + ") NOT (" + matchAny(u) + ")"})
		}
	}
	return append(merged, out...)
}

func mergeAny(parts []cond) []cond {
	var out []cond
	at := map[string]int{}
	for _, c := range parts {
		var key string
		switch {
		case c.kind == words && !c.negated:
			key = "words " + c.table
		case c.kind == equal:
			key = "equal " + c.column
		default:
			out = append(out, c)
			continue
		}
		i, seen := at[key]
		switch {
		case !seen:
			at[key] = len(out)
			out = append(out, c)
		case c.kind == words:
			out[i].match = matchAny([]string{out[i].match, c.match})
		default:
			out[i].values = append(slices.Clip(out[i].values), c.values...)
		}
	}
	return out
}

func matchAll(list []string) string { return joinMatches(list, " AND ") }
func matchAny(list []string) string { return joinMatches(list, " OR ") }

func joinMatches(list []string, op string) string {
	if len(list) == 1 {
		return list[0]
	}
	return "(" + strings.Join(list, op) + ")"
}
