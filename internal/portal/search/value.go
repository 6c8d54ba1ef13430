package search

import (
	"strconv"
	"strings"
	"unicode"
)

// special holds the characters that mean something in the language; a backslash takes the
// meaning away.
const special = `+-&|!(){}[]^"~*?:\`

// field reads "name:" and the spaces behind it. A name that is no field name, or that is the
// scheme of an address (http://…), is part of a word.
func (p *parser) field() (string, bool) {
	n := 0
	for r := p.peek(0); r < unicode.MaxASCII && (unicode.IsLetter(r) || n > 0 && (unicode.IsDigit(r) || r == '_' || r == '.')); r = p.peek(n) {
		n++
	}
	if p.peek(0) == '*' && p.peek(1) == ':' && p.peek(2) == '*' {
		p.at += 2 // *:* is another way to write *
		return "", true
	}
	if n == 0 || p.peek(n) != ':' || p.peek(n+1) == '/' && p.peek(n+2) == '/' {
		return "", false
	}
	name := strings.ToLower(string(p.in[p.at : p.at+n]))
	p.at += n + 1
	p.space()
	if real, ok := aliases[name]; ok {
		name = real
	}
	return name, true
}

// aliases are the other names of fields.
var aliases = map[string]string{"accountid": "orgid", "uploaded": "created", "tag": "tags"}

// roleAliases are the names that roles had before.
var roleAliases = map[string]string{"account_admin": "org_admin", "account_publisher": "org_publisher", "account_user": "org_user"}

// value reads a word, phrase, pattern or range. colon tells that a field stands before it.
func (p *parser) value(field string, colon bool) (Node, error) {
	at := p.at
	if p.terms++; p.terms > MaxTerms {
		return nil, p.errorf(at, "the query has more than "+strconv.Itoa(MaxTerms)+" terms: split it into several")
	}
	if colon && (p.end() || p.peek(0) == ')') {
		return nil, p.errorf(at, "the field "+field+" has no value: add one behind the colon")
	}
	if colon {
		for _, op := range []string{"AND", "OR", "NOT"} {
			if p.operator(op, "") {
				return nil, p.errorf(at, "the field "+field+" has no value: add one before "+op+", or write \""+op+"\" to search for the word")
			}
		}
	}
	switch p.peek(0) {
	case '[', '{':
		return p.rangeOf(field)
	case '"':
		text, err := p.quoted()
		if err != nil {
			return nil, err
		}
		return p.term(at, field, text, Phrase)
	default:
		text, kind, err := p.word(colon)
		if err != nil {
			return nil, err
		}
		return p.term(at, field, text, kind)
	}
}

// term reads the boost and completes a term.
func (p *parser) term(at int, field, text string, kind Kind) (Node, error) {
	if p.peek(0) == '~' {
		return nil, p.errorf(p.at, "searching for similar or near words (~) is not supported: take out ~, or write \\~")
	}
	boost, err := p.boost()
	if err != nil {
		return nil, err
	}
	p.space()
	if real, ok := roleAliases[strings.ToLower(text)]; ok && field == "role" {
		text = real
	}
	if !p.filter {
		return &Term{Field: field, Text: text, Kind: kind, Boost: boost}, nil
	}
	switch {
	case field == "":
		return nil, p.errorf(at, "a filter needs a field before each term: write field:\"value\"")
	case kind == Pattern || kind == Exists:
		return nil, p.errorf(at, "a filter compares whole values and has no wildcards: write field:\"value\"")
	}
	return &Term{Field: field, Text: text, Kind: Phrase, Boost: 1, Filter: true}, nil
}

// quoted reads a phrase. Wildcards are ordinary characters in it.
func (p *parser) quoted() (string, error) {
	open := p.at
	var b strings.Builder
	for p.at++; !p.end(); p.at++ {
		switch r := p.in[p.at]; {
		case r == '"':
			p.at++
			return b.String(), nil
		case r == '\\' && p.at+1 < len(p.in):
			p.at++
			b.WriteRune(p.in[p.at])
		default:
			b.WriteRune(r)
		}
	}
	return "", p.errorf(open, "the quotation mark is not closed: add another, or write \\\"")
}

// word reads up to a space or a character that begins something else. After a field, a colon
// is an ordinary character.
func (p *parser) word(colon bool) (string, Kind, error) {
	start := p.at
	var plain, pattern strings.Builder // pattern keeps the backslash before what would be a wildcard
	wild := false
loop:
	for ; !p.end(); p.at++ {
		r := p.in[p.at]
		switch {
		case r == '\\':
			if p.at++; p.end() {
				return "", 0, p.errorf(p.at-1, "the backslash has nothing behind it: add the character that it stands for, or write \\\\")
			}
			r = p.in[p.at]
			if r == '*' || r == '?' || r == '\\' {
				pattern.WriteByte('\\')
			}
		case unicode.IsSpace(r) || strings.ContainsRune(`()"^`, r):
			break loop
		case r == '~' && p.fuzzy():
			break loop
		case r == '*' || r == '?':
			if p.at == start && !p.alone() {
				return "", 0, p.errorf(start, "a word cannot begin with a wildcard: put letters before "+string(r)+", or write \\"+string(r))
			}
			wild = true
		}
		plain.WriteRune(r)
		pattern.WriteRune(r)
	}
	switch {
	case p.at == start:
		return "", 0, p.errorf(start, "a term cannot begin with "+string(p.peek(0))+": take it out, or write \\"+string(p.peek(0)))
	case wild && p.at == start+1:
		return "*", Exists, nil
	case wild:
		return pattern.String(), Pattern, nil
	default:
		return plain.String(), Word, nil
	}
}

// alone reports whether a single * stands here.
func (p *parser) alone() bool {
	next := p.peek(1)
	return p.peek(0) == '*' && (next == 0 || unicode.IsSpace(next) || next == ')' || next == '^')
}

// fuzzy reports whether the ~ here ends a word: word~ or word~0.8.
func (p *parser) fuzzy() bool {
	n := 1
	for r := p.peek(n); r >= '0' && r <= '9' || r == '.'; r = p.peek(n) {
		n++
	}
	next := p.peek(n)
	return next == 0 || unicode.IsSpace(next) || next == ')' || next == '^'
}

// rangeOf reads [a TO b], with { or } where the end itself is excluded.
func (p *parser) rangeOf(field string) (Node, error) {
	open := p.at
	const form = "a range has the form field:[from TO to]"
	if p.filter {
		return nil, p.errorf(open, "a filter has no ranges: put them into the query")
	}
	if field == "" {
		return nil, p.errorf(open, form+": put a field before it, or write \\"+string(p.peek(0)))
	}
	r := &Range{Field: field, FromOpen: p.peek(0) == '{'}
	p.at++
	var err error
	if r.From, err = p.bound(); err != nil {
		return nil, err
	}
	if !p.operator("TO", "") && !p.operator("to", "") {
		return nil, p.errorf(p.at, form+": write TO between its ends, and put an end with spaces between quotation marks")
	}
	if r.To, err = p.bound(); err != nil {
		return nil, err
	}
	switch p.peek(0) {
	case ']', '}':
		r.ToOpen = p.peek(0) == '}'
		p.at++
	default:
		return nil, p.errorf(open, form+": the bracket is not closed, add ] or }")
	}
	if _, err := p.boost(); err != nil { // a range does not count for the order
		return nil, err
	}
	p.space()
	return r, nil
}

// bound reads one end of a range.
func (p *parser) bound() (string, error) {
	p.space()
	at := p.at
	if p.peek(0) == '"' {
		text, err := p.quoted()
		p.space()
		return text, err
	}
	var b strings.Builder
	for ; !p.end(); p.at++ {
		r := p.in[p.at]
		if unicode.IsSpace(r) || strings.ContainsRune(`[]{}"`, r) {
			break
		}
		if r == '\\' && p.at+1 < len(p.in) {
			p.at++
			r = p.in[p.at]
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return "", p.errorf(at, "a range has the form field:[from TO to]: an end is missing here, write * for an open one")
	}
	p.space()
	return b.String(), nil
}
