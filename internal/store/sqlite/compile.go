package sqlite

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// compiler turns a query tree into a condition on one index.
type compiler struct {
	tx    *tx
	ix    *index
	vis   portal.Visibility
	org   string // folded id of the organization
	score []scored
	plain int // conditions so far that an index may serve
}

// plainLimit is how many conditions are offered to the planner, whose time grows with the
// square of their number. Those beyond are kept from it: a + before a column hides its index.
const plainLimit = 16

// scored is a term that counts for relevance.
type scored struct {
	columns string
	words   string // quoted
	boost   float64
}

func (s scored) match() string { return "{" + s.columns + "} : " + s.words }

func (t *tx) compiler(ix *index, vis portal.Visibility) (*compiler, error) {
	c := &compiler{tx: t, ix: ix, vis: vis}
	switch o, err := t.Org(); {
	case err == nil:
		c.org = fold(string(o.ID))
	case !errors.Is(err, portal.ErrAbsent):
		return nil, err
	}
	return c, nil
}

// query compiles a whole query; without one everything matches.
func (c *compiler) query(n search.Node) (cond, error) {
	if n == nil {
		return cond{kind: yes}, nil
	}
	return c.node(n, true)
}

// node compiles n; positive is false inside a NOT, where terms do not count for relevance.
func (c *compiler) node(n search.Node, positive bool) (cond, error) {
	switch n := n.(type) {
	case *search.And:
		parts, err := c.nodes(n.Parts, positive)
		return and(parts...), err
	case *search.Or:
		parts, err := c.nodes(n.Parts, positive)
		return or(parts...), err
	case *search.Not:
		part, err := c.node(n.Part, false)
		return not(part), err
	case *search.Term:
		return c.term(n, positive)
	case *search.Range:
		return c.inRange(n), nil
	default:
		return cond{}, fmt.Errorf("unknown search node %T", n)
	}
}

func (c *compiler) nodes(parts []search.Node, positive bool) ([]cond, error) {
	var out []cond
	for _, p := range parts {
		part, err := c.node(p, positive)
		if err != nil {
			return nil, err
		}
		out = append(out, part)
	}
	return out, nil
}

func (c *compiler) term(n *search.Term, positive bool) (cond, error) {
	if n.Field == "" {
		return c.bareTerm(n, positive)
	}
	f, known := c.ix.fields[n.Field]
	switch {
	case !known:
		return cond{kind: no}, nil
	case n.Filter:
		return c.exact(f, n.Text), nil
	case f.kind == textField || f.kind == valuesField:
		if n.Kind == search.Exists {
			return c.hasValue(n.Field, f), nil
		}
		return c.wordsIn(n, f.column, positive && (f.scored || n.Boost != 1))
	case f.kind == numberField:
		return c.numberTerm(f, n), nil
	case f.kind == orgField:
		return c.keyTerm("?", n, c.org), nil
	case f.kind == groupField:
		return c.sharedWith(n), nil
	case f.kind == bundleField:
		return c.holding(n), nil
	default:
		return c.keyTerm(f.column, n), nil
	}
}

func (c *compiler) bareTerm(n *search.Term, positive bool) (cond, error) {
	if n.Kind == search.Exists {
		return cond{kind: yes}, nil
	}
	if n.Filter {
		return cond{kind: no}, nil
	}
	found, err := c.wordsIn(n, c.ix.bare, positive)
	if err != nil {
		return cond{}, err
	}
	conds := []cond{found}
	for _, k := range c.ix.bareKeys {
		if n.Kind != search.Phrase && hasWord(n.Text) {
			conds = append(conds, c.keyTerm(k, n))
		}
	}
	return or(conds...), nil
}

// keyTerm compares a folded expression as a whole; args belong to the expression.
func (c *compiler) keyTerm(expr string, n *search.Term, args ...any) cond {
	switch n.Kind {
	case search.Exists:
		return sqlCond(expr+"<>''", args...)
	case search.Pattern:
		return sqlCond(expr+" GLOB ?", append(args, globOf(n.Text))...)
	default:
		if len(args) > 0 {
			return boolCond(args[0] == fold(n.Text))
		}
		return cond{kind: equal, column: expr, values: []string{fold(n.Text)}}
	}
}

// exact compares whole values, as filters do.
func (c *compiler) exact(f searchField, value string) cond {
	n := &search.Term{Text: value}
	switch {
	case f.kind == numberField:
		return c.numberTerm(f, n)
	case f.kind == orgField:
		return c.keyTerm("?", n, c.org)
	case f.kind == groupField:
		return c.sharedWith(n)
	case f.kind == bundleField:
		return c.holding(n)
	case f.kind == valuesField:
		return sqlCond("i.n IN (SELECT n FROM item_values WHERE field=? AND value=?)", f.column, fold(value))
	case f.kind == keyField:
		return c.keyTerm(f.column, n)
	case f.whole != "":
		return c.keyTerm(f.whole, n)
	case f.nocase != "":
		return sqlCond(f.nocase+"=? COLLATE NOCASE", value)
	case f.list != "":
		return sqlCond("EXISTS (SELECT 1 FROM json_each("+f.list+") WHERE value=? COLLATE NOCASE)", value)
	default:
		return cond{kind: no}
	}
}

// hasValue is field:* of a text field.
func (c *compiler) hasValue(name string, f searchField) cond {
	switch {
	case f.kind == valuesField:
		return sqlCond("i.n IN (SELECT n FROM item_values WHERE field=?)", f.column)
	case f.whole != "":
		return sqlCond(f.whole + "<>''")
	case f.nocase != "":
		return sqlCond(f.nocase + "<>''")
	case f.list != "":
		return sqlCond("json_array_length(" + f.list + ")>0")
	default:
		return sqlCond("i." + name + " IS NOT NULL")
	}
}

// sharedWith matches the items of a group, as far as the caller may know of the group.
func (c *compiler) sharedWith(n *search.Term) cond {
	of := c.keyTerm("g.id", n)
	var b sqlText
	b.add("i.id IN (SELECT s.item FROM groups g JOIN shares s ON s.group_id=g.id WHERE ")
	b.cond("", and(of, groupsSeenBy(c.vis, "g")))
	b.add(")")
	return sqlCond(b.String(), b.args...)
}

// holding matches the members who hold an app bundle, by its item.
func (c *compiler) holding(n *search.Term) cond {
	var b sqlText
	b.add("i.user_key IN (SELECT h.user_key FROM bundle_holders h WHERE ")
	b.cond("", c.keyTerm("h.bundle", n))
	b.add(")")
	return sqlCond(b.String(), b.args...)
}

func (c *compiler) numberTerm(f searchField, n *search.Term) cond {
	if n.Kind == search.Exists {
		return sqlCond(f.column + " IS NOT NULL")
	}
	v, ok := numberOf(n.Text)
	if !ok || n.Kind == search.Pattern {
		return cond{kind: no}
	}
	return sqlCond(f.column+"=?", v)
}

// numberOf reads a number, also one padded with zeros.
func numberOf(s string) (any, bool) {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return i, true
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsNaN(f)
}

func (c *compiler) inRange(n *search.Range) cond {
	f, known := c.ix.fields[n.Field]
	if !known {
		return cond{kind: no}
	}
	value := func(s string) (any, bool) { return fold(s), true }
	expr := f.column
	switch f.kind {
	case numberField:
		value = numberOf
	case textField:
		expr = f.whole
	case valuesField:
		expr = "value"
	case orgField, groupField, bundleField:
		return cond{kind: no}
	}
	if expr == "" {
		return cond{kind: no}
	}
	if c.plain++; c.plain > plainLimit {
		expr = "+" + expr
	}
	sides := []cond{sqlCond(expr + " IS NOT NULL")}
	for _, side := range []struct {
		end     string
		open    bool
		op, opt string
	}{{n.From, n.FromOpen, ">=", ">"}, {n.To, n.ToOpen, "<=", "<"}} {
		if side.end == "*" {
			continue
		}
		v, ok := value(side.end)
		if !ok {
			return cond{kind: no}
		}
		if side.open {
			side.op = side.opt
		}
		sides = append(sides, sqlCond(expr+side.op+"?", v))
	}
	if f.kind != valuesField {
		return and(sides...)
	}
	var b sqlText
	b.add("i.n IN (SELECT n FROM item_values WHERE field=? AND ", f.column)
	b.cond("", and(sides...))
	b.add(")")
	return sqlCond(b.String(), b.args...)
}

// wordsIn matches a term in full-text columns.
func (c *compiler) wordsIn(n *search.Term, columns string, counts bool) (cond, error) {
	if !hasWord(n.Text) {
		return cond{kind: skip}, nil
	}
	if n.Kind == search.Pattern {
		return c.patternIn(n.Text, columns)
	}
	s := scored{columns, quote(n.Text), n.Boost}
	if counts {
		c.score = append(c.score, s)
	}
	return cond{kind: words, table: c.ix.text, match: s.match()}, nil
}

// quote makes s a string of the FTS5 language, which then splits it into words.
func quote(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, " "), "\x00", " ")
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// hasWord reports whether the full-text tables see a word in s.
func hasWord(s string) bool { return strings.ContainsFunc(s, isWordRune) }

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Co, r) || unicode.IsMark(r)
}
