package search

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Limits of a query. They bound the work that a hostile query can cause.
const (
	MaxLength = 64 << 10 // bytes
	MaxTerms  = 1024
	MaxDepth  = 64 // parentheses, NOT and prefixes inside each other
)

// Parse reads a query. An empty one is an And without parts, which matches all. The error is
// an *[Error].
func Parse(q string) (Node, error) { return parse(q, false) }

// ParseFilter reads a filter expression: terms of the form field:"exact value", joined by
// AND, OR and NOT, with parentheses. The error is an *[Error].
func ParseFilter(q string) (Node, error) { return parse(q, true) }

func parse(q string, filter bool) (n Node, err error) {
	if len(q) > MaxLength {
		return nil, &Error{MaxLength, "the query is longer than " + strconv.Itoa(MaxLength) + " bytes: split it into several"}
	}
	p := &parser{in: []rune(strings.ToValidUTF8(q, "\uFFFD")), filter: filter}
	p.space()
	if p.end() {
		return &And{}, nil
	}
	n, err = p.or("")
	if err == nil && !p.end() {
		err = p.errorf(p.at, "the parenthesis is closed but was never opened: add ( before, or write \\)")
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// parser reads by recursive descent. Every method leaves at behind the spaces that follow
// what it has read.
type parser struct {
	in     []rune
	at     int
	depth  int
	terms  int
	filter bool
}

func (p *parser) end() bool { return p.at >= len(p.in) }

// peek returns the character i places ahead, or 0.
func (p *parser) peek(i int) rune {
	if p.at+i < len(p.in) {
		return p.in[p.at+i]
	}
	return 0
}

func (p *parser) space() {
	for !p.end() && unicode.IsSpace(p.in[p.at]) {
		p.at++
	}
}

func (p *parser) errorf(at int, message string) error { return &Error{at + 1, message} }

// down enters a level of nesting; the caller leaves it again.
func (p *parser) down() error {
	if p.depth++; p.depth > MaxDepth {
		return p.errorf(p.at, "the query nests more than "+strconv.Itoa(MaxDepth)+" levels: take out parentheses")
	}
	return nil
}

// operator reads one of AND, OR and NOT (or its sign) if it stands here as a word.
func (p *parser) operator(word, sign string) bool {
	for _, s := range []string{word, sign} {
		n := len(s)
		if n == 0 || !p.here(s) {
			continue
		}
		if after := p.peek(n); s == word && after != 0 && !unicode.IsSpace(after) && after != '(' && after != '"' {
			continue
		}
		p.at += n
		p.space()
		return true
	}
	return false
}

func (p *parser) here(s string) bool {
	for i, r := range s {
		if p.peek(i) != r {
			return false
		}
	}
	return true
}

// or reads alternatives: the loosest binding.
func (p *parser) or(field string) (Node, error) {
	first, err := p.and(field)
	if err != nil {
		return nil, err
	}
	parts := []Node{first}
	for p.operator("OR", "||") {
		next, err := p.and(field)
		if err != nil {
			return nil, err
		}
		parts = append(parts, next)
	}
	return orOf(parts), nil
}

// and reads terms joined by AND or standing side by side.
func (p *parser) and(field string) (Node, error) {
	first, err := p.unary(field)
	if err != nil {
		return nil, err
	}
	parts := []Node{first}
	for !p.end() && p.peek(0) != ')' {
		if p.orAhead() {
			break
		}
		p.operator("AND", "&&")
		next, err := p.unary(field)
		if err != nil {
			return nil, err
		}
		parts = append(parts, next)
	}
	return andOf(parts), nil
}

func (p *parser) orAhead() bool {
	at := p.at
	found := p.operator("OR", "||")
	p.at = at
	return found
}

// unary reads NOT, the prefixes and what they stand before.
func (p *parser) unary(field string) (Node, error) {
	at := p.at
	if p.end() || p.peek(0) == ')' {
		return nil, p.errorf(at, "a term is missing here: add one, or take out the operator before")
	}
	negative := p.operator("NOT", "")
	if !negative {
		next := p.peek(1)
		if r := p.peek(0); (r == '-' || r == '!' || r == '+') && next != 0 && !unicode.IsSpace(next) && next != ')' {
			p.at++
			if r == '+' {
				return p.nested(field)
			}
			negative = true
		}
	}
	if !negative {
		return p.primary(field)
	}
	part, err := p.nested(field)
	if err != nil {
		return nil, err
	}
	return &Not{part}, nil
}

func (p *parser) nested(field string) (Node, error) {
	if err := p.down(); err != nil {
		return nil, err
	}
	n, err := p.unary(field)
	p.depth--
	return n, err
}

// primary reads a group or a term.
func (p *parser) primary(field string) (Node, error) {
	at := p.at
	if p.peek(0) == '(' {
		return p.group(field)
	}
	for _, op := range []string{"AND", "OR", "NOT"} {
		if p.operator(op, "") {
			return nil, p.errorf(at, op+" has no term before it: add one, or write \""+op+"\" to search for the word")
		}
	}
	name, ok := p.field()
	if !ok {
		return p.value(field, false)
	}
	if name == "extent" {
		return nil, p.errorf(at, "extent is not searched by the query: give the rectangle in the parameter bbox")
	}
	if p.peek(0) == '(' {
		return p.group(name)
	}
	return p.value(name, true)
}

func (p *parser) group(field string) (Node, error) {
	open := p.at
	if err := p.down(); err != nil {
		return nil, err
	}
	p.at++
	p.space()
	if p.peek(0) == ')' {
		return nil, p.errorf(open, "the parentheses hold nothing: put a term between them, or take them out")
	}
	n, err := p.or(field)
	if err != nil {
		return nil, err
	}
	if p.peek(0) != ')' {
		return nil, p.errorf(open, "the parenthesis is not closed: add ), or write \\(")
	}
	p.at++
	p.depth--
	boost, err := p.boost()
	if err != nil {
		return nil, err
	}
	p.space()
	if !raise(n, boost) {
		return nil, p.errorf(open, "the boosts of the parentheses and what is in them are too large together")
	}
	return n, nil
}

// raise multiplies the boosts of all terms in n; it is false where that overflows.
func raise(n Node, by float64) bool {
	switch n := n.(type) {
	case *And:
		return !slices.ContainsFunc(n.Parts, func(part Node) bool { return !raise(part, by) })
	case *Or:
		return !slices.ContainsFunc(n.Parts, func(part Node) bool { return !raise(part, by) })
	case *Not:
		return raise(n.Part, by)
	case *Term:
		n.Boost *= by
		return !math.IsInf(n.Boost, 0)
	default:
		return true
	}
}

// boost reads ^number behind a term; it is 1 where there is none.
func (p *parser) boost() (float64, error) {
	at := p.at
	if p.peek(0) != '^' {
		return 1, nil
	}
	p.at++
	from := p.at
	for r := p.peek(0); r >= '0' && r <= '9' || r == '.'; r = p.peek(0) {
		p.at++
	}
	boost, err := strconv.ParseFloat(string(p.in[from:p.at]), 64)
	if err != nil || math.IsInf(boost, 0) {
		return 0, p.errorf(at, "^ needs a number behind it, such as ^2: add one, or write \\^")
	}
	if p.filter {
		return 0, p.errorf(at, "a filter has no boosts: take out ^ and the number")
	}
	return boost, nil
}

func andOf(parts []Node) Node {
	var flat []Node
	for _, part := range parts {
		if a, ok := part.(*And); ok {
			flat = append(flat, a.Parts...)
		} else {
			flat = append(flat, part)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return &And{flat}
}

func orOf(parts []Node) Node {
	var flat []Node
	for _, part := range parts {
		if o, ok := part.(*Or); ok {
			flat = append(flat, o.Parts...)
		} else {
			flat = append(flat, part)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return &Or{flat}
}
