package remap

import (
	"bytes"
	"encoding/hex"
)

// span is a stretch of text.
type span struct{ start, end int }

// edit replaces a stretch of text.
type edit struct {
	span
	with []byte
}

// A scanner finds ids and addresses in one text.
type scanner struct {
	r     *Rewriter
	s     []byte
	where locator
	rep   *Report
	edits []edit

	prev    span         // the word before the current position
	sep     separator    // the separator that ends at the current position
	inside  []urlContext // URLs around the current position, innermost last
	ends    [maxPercent + 1]int
	drops   []span // token parameters ahead
	secret  span   // of user name and password in the URL at hand
	code    *code  // what is known of the text as a program, see programOf
	numbers []edit // layer numbers ahead that change
	frozen  int    // nothing is rewritten before this offset
	callEnd int    // an id before this offset is an argument of FeatureSetByPortalItem
	url     reading

	nameless  bool // account names stay
	glued     bool // the current position is inside a long word
	streaming bool // see Scan
}

// separator is the last character that was read in one of its spellings.
type separator struct {
	end, depth int
	ch         byte
}

// locator says where the scanned text stands.
type locator interface {
	// path names the place; offset counts within the text.
	path(offset int) string
	// kind is what an id in this place refers to; "" if the place does not say.
	kind() Kind
	// query reports whether the place holds a search query.
	query() bool
	// org reports whether the place holds the id of an organization.
	org() bool
	// client reports whether the place holds the client id of an application.
	client() bool
}

// reset prepares the scanner for text s, of which nothing before frozen is rewritten.
func (sc *scanner) reset(s []byte, where locator, frozen int) {
	sc.s, sc.where, sc.frozen = s, where, frozen
	sc.edits = sc.edits[:0]
	sc.prev, sc.sep, sc.callEnd = span{}, separator{}, 0
	sc.inside, sc.drops = sc.inside[:0], sc.drops[:0]
	sc.secret, sc.code, sc.numbers = span{}, nil, nil
	clear(sc.ends[:])
	sc.glued = false
}

func (sc *scanner) path(offset int) string { return sc.where.path(offset) }

// scan reads the whole text.
func (sc *scanner) scan() { sc.run(0, len(sc.s)) }

// run reads on from s[i] until it reaches limit, and returns where it stopped.
func (sc *scanner) run(i, limit int) int {
	s := sc.s
	for i < limit {
		kind := class[s[i]]
		switch {
		case sc.glued:
			i = sc.unglue(i, limit)
		case kind == plain:
			i++
		case len(sc.drops) > 0 && i >= sc.drops[0].start:
			i = sc.drop(i)
		case kind == letter:
			i = sc.word(i)
		default:
			i = sc.separator(i)
		}
	}
	return i
}

// longWord is the length from which a word is neither an id nor part of a host name.
const longWord = 64

// unglue skips more of a long word.
func (sc *scanner) unglue(i, limit int) int {
	i = wordEnd(sc.s[:limit], i)
	if i == limit {
		return i
	}
	ch, w, _ := decode(sc.s, i)
	if sc.glued = isAlnum(ch); sc.glued {
		i += w
	}
	return i
}

// spelled handles a word at s[i] of which some characters are escapes.
func (sc *scanner) spelled(i int) int {
	if ch, _, depth := decode(sc.s, i); sc.r.first[ch] && sc.bareStart(i) {
		if next := sc.address(i, i, depth, bare); next > i {
			return next
		}
	}
	var word [longWord]byte
	n, end := 0, i
	for ; end < len(sc.s); n++ {
		ch, w, _ := decode(sc.s, end)
		if !isAlnum(ch) {
			break
		}
		if n == len(word) {
			sc.glued = true
			return end
		}
		word[n] = ch
		end += w
		sc.sep = separator{end, 0, ch}
	}
	if n == idLen && hexRun(word[:n]) {
		if t, self, ok := sc.r.lookup(word[:n]); ok && !self {
			sc.replace(i, end, hex.AppendEncode(nil, t.id[:]), string(t.kind))
		}
	}
	sc.prev = span{}
	return end
}

// drop removes the token parameter that starts at s[i].
func (sc *scanner) drop(i int) int {
	cut := sc.drops[0]
	sc.drops = sc.drops[1:]
	if i > cut.start {
		return i
	}
	sc.edits = append(sc.edits, edit{cut, nil})
	sc.rep.Changes = append(sc.rep.Changes, Change{Path: sc.path(i), Rule: RuleToken, Before: "token="})
	return cut.end
}

// separator reads the character in any spelling at s[i]; two slashes start a URL.
func (sc *scanner) separator(i int) int {
	s := sc.s
	prior := sc.before(i)
	ch, w, depth := decode(s, i)
	next := i + w
	if w > 1 && isAlnum(ch) {
		return sc.spelled(i)
	}
	sc.sep = separator{next, depth, ch}
	if ch != '/' || next >= len(s) {
		return next
	}
	ch, w, depth = decode(s, next)
	if auth := next + w; ch == '/' && startsHost(s, auth) {
		sc.sep = separator{auth, depth, ch}
		if !startsURL(prior) {
			return sc.known(i, auth, depth)
		}
		return sc.address(i, auth, depth, relative)
	}
	return next
}

// startsURL reports whether two slashes behind a character may start any URL. In base64 and
// program text most do not.
func startsURL(before byte) bool { return !isAlnum(before) && before != '+' && before != '/' }

func startsHost(s []byte, i int) bool {
	if i >= len(s) {
		return false
	}
	ch, _, _ := decode(s, i)
	return isAlnum(ch) || ch == '['
}

// word handles the run of letters and digits at s[i].
func (sc *scanner) word(i int) int {
	s := sc.s
	j := wordEnd(s, i)
	n := j - i
	next := j
	switch {
	case n >= longWord:
		sc.glued = true
		return j
	case len(sc.numbers) > 0 && sc.layerNumber(i, j):
	case sc.continues(j):
		return sc.spelled(i)
	case n == idLen && hexRun(s[i:j]):
		sc.id(i, j)
	case (n == 4 || n == 5) && s[i]|0x20 == 'h' && isHTTP(s[i:j]):
		next = sc.scheme(i, j)
	case n == 4 && s[i]|0x20 == 'd' && equalFold(s[i:j], "data"):
		sc.dataURL(j)
	case n == len(portalItemCall) && equalFold(s[i:j], portalItemCall):
		sc.callEnd = j + 300
		sc.program()
	case sc.sep.ch == '/' && (equalFold(s[i:j], "resources") || equalFold(s[i:j], "info")):
		if c := sc.around(i); c != nil {
			c.names = i
		}
	case sc.r.named:
		next = sc.name(i, j)
	}
	if next == j && sc.r.first[s[i]] && sc.bareStart(i) {
		next = max(j, sc.address(i, i, sc.depthAt(i), bare))
	}
	sc.prev = span{i, j}
	return next
}

// portalItemCall is the Arcade function whose second argument is the id of an item.
const portalItemCall = "featuresetbyportalitem"

// continues reports whether the word goes on at s[j] with a letter or digit that is spelled
// as an escape.
func (sc *scanner) continues(j int) bool {
	if j >= len(sc.s) || class[sc.s[j]] != mark {
		return false
	}
	ch, w, _ := decode(sc.s, j)
	return w > 1 && isAlnum(ch)
}

// scheme handles the word http or https in s[i:j].
func (sc *scanner) scheme(i, j int) int {
	s := sc.s
	at, depth := j, 0
	for _, want := range []byte("://") {
		if at >= len(s) {
			return j
		}
		ch, w, d := decode(s, at)
		if ch != want {
			return j
		}
		at, depth = at+w, d
	}
	if !startsHost(s, at) {
		return j
	}
	sc.sep = separator{at, depth, '/'}
	return sc.address(i, at, depth, withScheme)
}

// dataURL freezes the text of a data: URL, which may start with the colon at s[i].
func (sc *scanner) dataURL(i int) {
	s := sc.s
	if i < sc.frozen || i >= len(s) || s[i] != ':' {
		return
	}
	head := s[i+1 : min(len(s), i+128)]
	comma := bytes.IndexByte(head, ',')
	if comma < 0 || bytes.ContainsAny(head[:comma], " \t\r\n<>{}") {
		return
	}
	end := i + 1 + comma
	for end < len(s) && s[end] > ' ' && s[end] != '"' && s[end] != '\'' && s[end] != '<' && s[end] != ')' {
		end++
	}
	sc.frozen = max(sc.frozen, end)
}

// bareStart reports whether a host name without scheme may start at s[i].
func (sc *scanner) bareStart(i int) bool {
	switch sc.before(i) {
	case '.', '-', '_', '@', '/', '~':
		return false
	}
	return true
}

// before is the character before s[i], 0 at the start.
func (sc *scanner) before(i int) byte {
	switch {
	case sc.sep.end == i && i > 0:
		return sc.sep.ch
	case i > 0:
		return sc.s[i-1]
	}
	return 0
}

// depthAt is how often the separator before s[i] is percent-encoded.
func (sc *scanner) depthAt(i int) int {
	if sc.sep.end == i {
		return sc.sep.depth
	}
	return 0
}

// enter notes that the scanner is inside a URL now.
func (sc *scanner) enter(c urlContext) { sc.inside = append(sc.inside, c) }

// around is the innermost URL around s[i], nil if there is none.
func (sc *scanner) around(i int) *urlContext {
	for n := len(sc.inside); n > 0; n-- {
		if c := &sc.inside[n-1]; i < c.end {
			return c
		}
		sc.inside = sc.inside[:n-1]
	}
	return nil
}

// replaceAddress replaces s[start:end] by an address, in the spelling of what it replaces.
func (sc *scanner) replaceAddress(start, end int, text string, rule Kind) {
	sc.replace(start, end, spellingOf(sc.s, start, end).append(nil, text), string(rule))
}

// replace notes an edit; in frozen text it reports the hit as kept instead.
func (sc *scanner) replace(start, end int, with []byte, rule string) {
	before := sc.shown(start, end)
	if start < sc.frozen {
		sc.note(&sc.rep.Unresolved, Ref{Path: sc.path(start), Kind: Kind(rule), Value: before, Kept: true})
		return
	}
	sc.edits = append(sc.edits, edit{span{start, end}, with})
	sc.rep.Changes = append(sc.rep.Changes, Change{
		Path: sc.path(start), Rule: rule, Before: before, After: string(with)})
}

func isHTTP(word []byte) bool { return equalFold(word, "http") || equalFold(word, "https") }

// equalFold compares a word with lower-case text.
func equalFold(word []byte, text string) bool {
	if len(word) != len(text) {
		return false
	}
	for i, c := range word {
		if lower(c) != text[i] {
			return false
		}
	}
	return true
}

// apply carries out edits, which are in order and do not overlap. Without edits it returns s.
func apply(s []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return s
	}
	grow := 0
	for _, e := range edits {
		grow += max(0, len(e.with)-(e.end-e.start))
	}
	out := make([]byte, 0, len(s)+grow)
	at := 0
	for _, e := range edits {
		out = append(append(out, s[at:e.start]...), e.with...)
		at = e.end
	}
	return append(out, s[at:]...)
}
