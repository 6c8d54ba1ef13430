package remap

import (
	"bytes"
	"slices"
	"strconv"
)

// maxProgram is the longest text that is read as a program, maxValues the number of values that
// one variable may have.
const (
	maxProgram = 256 << 10
	maxValues  = 16
)

// A code says what the calls FeatureSetByPortalItem(Portal('…'), 'id', layer) of one text refer
// to, also where their arguments are variables.
type code struct {
	portals []portalUse
}

// portalUse is one address in Portal('…') and the items that are read from it.
type portalUse struct {
	address span
	moved   int // items that have another id on the target
	stays   int // items that do not
}

// program reads the text as a program, once.
func (sc *scanner) program() *code {
	if sc.code != nil {
		return sc.code
	}
	sc.code = &code{}
	if len(sc.s) > maxProgram || sc.streaming {
		return sc.code
	}
	p := parser{s: sc.s, vars: map[string][]word{}}
	p.lex()
	for i := range p.words {
		p.assignment(i)
	}
	for i := range p.words {
		if c, ok := p.call(i); ok {
			sc.call(c)
		}
	}
	slices.SortFunc(sc.numbers, func(a, b edit) int { return a.start - b.start })
	sc.numbers = slices.CompactFunc(sc.numbers, func(a, b edit) bool { return a.span == b.span })
	return sc.code
}

// call notes one call: the address that it reads from, and the number of its layer.
func (sc *scanner) call(c portalCall) {
	for _, id := range c.ids {
		text := sc.s[id.start:id.end]
		if len(text) != idLen || !hexRun(text) {
			continue
		}
		for _, p := range c.portals {
			sc.code.use(p.span, sc.moves(text))
		}
		if numbers, ok := sc.r.layersOf(text); ok {
			sc.layerOf(c, string(text), numbers)
		}
	}
}

// layerOf notes the number of the layer that a call names beside the id of its item.
func (sc *scanner) layerOf(c portalCall, id string, numbers map[int]int) {
	if !c.exact || len(c.ids) != 1 || len(c.layers) != 1 {
		for n, to := range numbers {
			if n != to {
				sc.warn(c.start, "a script computes the layer of item "+id+", whose layers have other numbers on the target: correct it by hand")
				return
			}
		}
		return
	}
	at := c.layers[0].span
	n, err := strconv.Atoi(string(sc.s[at.start:at.end]))
	if err != nil {
		return
	}
	to, ok := numbers[n]
	switch {
	case !ok:
		sc.note(&sc.rep.Unresolved, Ref{Path: sc.path(at.start), Kind: KindLayer, Value: id + "/" + strconv.Itoa(n)})
	case to != n:
		sc.numbers = append(sc.numbers, edit{at, strconv.AppendInt(nil, int64(to), 10)})
	}
}

func (c *code) use(address span, moves bool) {
	i := slices.IndexFunc(c.portals, func(p portalUse) bool { return p.address == address })
	if i < 0 {
		i = len(c.portals)
		c.portals = append(c.portals, portalUse{address: address})
	}
	if moves {
		c.portals[i].moved++
	} else {
		c.portals[i].stays++
	}
}

// layerNumber replaces the number in s[i:j], if it is the layer of an item that moves.
func (sc *scanner) layerNumber(i, j int) bool {
	for len(sc.numbers) > 0 && sc.numbers[0].start < i {
		sc.numbers = sc.numbers[1:]
	}
	if len(sc.numbers) == 0 || sc.numbers[0].start != i || sc.numbers[0].end != j {
		return false
	}
	sc.replace(i, j, sc.numbers[0].with, string(KindLayer))
	sc.numbers = sc.numbers[1:]
	return true
}

// variableCall reports whether the address in s[start:end] is that of ArcGIS Online in Portal('…') and
// is used, by variables, for items that move. Where it serves items that stay as well, it stays.
func (sc *scanner) variableCall(start, end int) bool {
	for _, p := range sc.program().portals {
		if p.address.start > start || p.address.end < end || p.moved == 0 {
			continue
		}
		if p.stays == 0 {
			return true
		}
		sc.warn(start, "one Portal() of a script serves items that were copied and items that were not: give each its own")
	}
	return false
}

// word is one piece of a program: a name, a quoted text without its quotes, a number, or a sign.
type word struct {
	span
	kind byte // 'a' name, '"' text, '0' number, else the sign itself
}

// parser finds assignments and calls in a program. It knows no grammar beyond them.
type parser struct {
	s     []byte
	words []word
	vars  map[string][]word // what each name, in lower case, was assigned
}

func (p *parser) lex() {
	s := p.s
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c <= ' ', c == '\\':
			i++
		case c == '/' && i+1 < len(s) && s[i+1] == '/':
			i = lineEnd(s, i)
		case c == '/' && i+1 < len(s) && s[i+1] == '*':
			n := bytes.Index(s[i+2:], []byte("*/"))
			if n < 0 {
				return
			}
			i += n + 4
		case c == '"' || c == '\'' || c == '`':
			n := bytes.IndexAny(s[i+1:], string(c)+"\n")
			if n < 0 {
				return
			}
			end := i + 1 + n
			text := bytes.TrimRight(s[i+1:end], `\`)
			p.words = append(p.words, word{span{i + 1, i + 1 + len(text)}, '"'})
			i = end + 1
		case isAlnum(c) || c == '_':
			end := i
			for end < len(s) && (isAlnum(s[end]) || s[end] == '_') {
				end++
			}
			kind := byte('a')
			if c-'0' < 10 {
				kind = '0'
			}
			p.words = append(p.words, word{span{i, end}, kind})
			i = end
		default:
			p.words = append(p.words, word{span{i, i + 1}, c})
			i++
		}
	}
}

func lineEnd(s []byte, i int) int {
	if n := bytes.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}

// is reports whether word i is the given name or sign.
func (p *parser) is(i int, text string) bool {
	return i >= 0 && i < len(p.words) && p.words[i].kind != '"' && equalFold(p.s[p.words[i].start:p.words[i].end], text)
}

// assignment notes NAME = value at word i, where value is a text, a number, or Portal(text).
func (p *parser) assignment(i int) {
	if i+2 >= len(p.words) || p.words[i].kind != 'a' || !p.is(i+1, "=") || p.is(i+2, "=") {
		return
	}
	values, _ := p.argument(i + 2)
	name := string(bytes.ToLower(p.s[p.words[i].start:p.words[i].end]))
	for _, v := range values {
		if list := p.vars[name]; len(list) < maxValues && !slices.Contains(list, v) {
			p.vars[name] = append(list, v)
		}
	}
}

// argument reads a text, a number, a name, or Portal(…) at word i: what it may stand for, and
// the word behind it.
func (p *parser) argument(i int) (values []word, next int) {
	if i >= len(p.words) {
		return nil, i
	}
	if p.is(i, "portal") && p.is(i+1, "(") && p.is(i+3, ")") {
		return p.simple(i + 2), i + 4
	}
	return p.simple(i), i + 1
}

// simple is what the text, number or name at word i may stand for.
func (p *parser) simple(i int) []word {
	switch w := p.words[i]; w.kind {
	case '"', '0':
		return []word{w}
	case 'a':
		return p.vars[string(bytes.ToLower(p.s[w.start:w.end]))]
	}
	return nil
}

// portalCall is one call of FeatureSetByPortalItem and what its arguments may stand for.
type portalCall struct {
	start                int
	portals, ids, layers []word
	exact                bool // the layer is one text, number or name and no expression
}

// call reads FeatureSetByPortalItem(portal, id[, layer …]) at word i.
func (p *parser) call(i int) (c portalCall, ok bool) {
	if !p.is(i, portalItemCall) || !p.is(i+1, "(") {
		return c, false
	}
	c.start = p.words[i].start
	c.portals, i = p.argument(i + 2)
	if !p.is(i, ",") {
		return c, false
	}
	c.ids, i = p.argument(i + 1)
	if p.is(i, ",") {
		c.layers, i = p.argument(i + 1)
		c.exact = p.is(i, ",") || p.is(i, ")")
	}
	return c, len(c.ids) > 0
}
