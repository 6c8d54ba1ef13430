package sqlite

import "strings"

// sqlText composes a statement and its arguments.
type sqlText struct {
	strings.Builder
	args []any
}

func (b *sqlText) add(text string, args ...any) {
	b.WriteString(text)
	b.args = append(b.args, args...)
}

// cond writes c after lead, in parentheses where it needs them. The object's row is i.
func (b *sqlText) cond(lead string, c cond) {
	b.add(lead)
	switch c.kind {
	case yes:
		b.add("TRUE")
	case no, skip: // a query that says nothing finds nothing
		b.add("FALSE")
	case words:
		if c.negated {
			b.add("NOT ")
		}
		b.add("i.rowid IN (SELECT rowid FROM "+c.table+" WHERE "+c.table+" MATCH ?)", c.match)
	case equal:
		if len(c.values) == 1 {
			b.add(c.column+"=?", c.values[0])
		} else {
			b.add(c.column+" IN (SELECT value FROM json_each(?))", inList(c.values))
		}
	case inSQL:
		b.add("("+c.sql+")", c.args...)
	case allOf:
		b.joined(c.parts, " AND ")
	case anyOf:
		b.joined(c.parts, " OR ")
	}
}

// joined writes parts as a balanced tree, so that many of them make no deep expression.
func (b *sqlText) joined(parts []cond, op string) {
	if len(parts) == 1 {
		b.cond("", parts[0])
		return
	}
	half := len(parts) / 2
	b.add("(")
	b.joined(parts[:half], op)
	b.add(op)
	b.joined(parts[half:], op)
	b.add(")")
}
