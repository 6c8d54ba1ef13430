package search

import (
	"strconv"
	"strings"
	"unicode"
)

// Print writes n in the search language; [Parse], or [ParseFilter] for a filter expression,
// reads the same tree from it.
func Print(n Node) string {
	var b strings.Builder
	write(&b, n)
	return b.String()
}

func write(b *strings.Builder, n Node) {
	switch n := n.(type) {
	case *And:
		join(b, n.Parts, " AND ")
	case *Or:
		join(b, n.Parts, " OR ")
	case *Not:
		b.WriteString("NOT ")
		operand(b, n.Part)
	case *Term:
		writeTerm(b, n)
	case *Range:
		writeRange(b, n)
	}
}

func join(b *strings.Builder, parts []Node, op string) {
	for i, part := range parts {
		if i > 0 {
			b.WriteString(op)
		}
		operand(b, part)
	}
}

// operand writes n, in parentheses if it has an operator between terms.
func operand(b *strings.Builder, n Node) {
	switch n.(type) {
	case *And, *Or:
		b.WriteByte('(')
		write(b, n)
		b.WriteByte(')')
	default:
		write(b, n)
	}
}

func writeTerm(b *strings.Builder, n *Term) {
	if n.Field != "" {
		b.WriteString(n.Field + ":")
	}
	switch n.Kind {
	case Phrase:
		b.WriteString(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(n.Text) + `"`)
	case Pattern:
		escape(b, n.Text, true)
	case Exists:
		b.WriteByte('*')
	default:
		escape(b, n.Text, false)
	}
	if n.Boost != 1 {
		b.WriteString("^" + strconv.FormatFloat(n.Boost, 'f', -1, 64))
	}
}

// escape writes a word; a pattern has its own backslashes, before *, ? and \.
func escape(b *strings.Builder, text string, pattern bool) {
	switch text {
	case "AND", "OR", "NOT":
		b.WriteByte('\\')
	}
	for _, r := range text {
		if unicode.IsSpace(r) || strings.ContainsRune(special, r) && !(pattern && strings.ContainsRune(`*?\`, r)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
}

func writeRange(b *strings.Builder, n *Range) {
	b.WriteString(n.Field + ":")
	b.WriteByte("[{"[index(n.FromOpen)])
	bound(b, n.From)
	b.WriteString(" TO ")
	bound(b, n.To)
	b.WriteByte("]}"[index(n.ToOpen)])
}

func bound(b *strings.Builder, s string) {
	if s == "*" {
		b.WriteString(s)
		return
	}
	b.WriteString(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`)
}

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}
