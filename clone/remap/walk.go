package remap

import (
	"bytes"
	"fmt"
)

// maxNesting is how deep arrays and objects may nest in a document, maxStrings how many
// documents may sit inside each other as strings.
const (
	maxNesting = 10_000
	maxStrings = 8
)

// byteOrderMark is what some editors of Windows put before a text.
var byteOrderMark = []byte("\xEF\xBB\xBF")

// A walker reads a JSON document token by token and shows each string to a visitor. It keeps
// the place of every byte, so that a visitor can edit the original text.
type walker struct {
	doc    []byte
	pos    int
	frames []frame
	parent *walker // of a document inside a string; its frames name the string
	child  *walker // for documents inside strings of this one
	depth  int     // how many documents are around this one

	visit   func(w *walker, tok token)
	decoded []byte // the last string that had escapes
	edits   []edit // on doc, collected by the visitor
	inKey   bool
	outline *outline // of the document, where one is wanted
}

// frame is one open object or array.
type frame struct {
	object bool
	index  int    // of the current element
	key    []byte // of the current member, as written between the quotes

	keyStart int // of key in the document
}

// token is one string of a document.
type token struct {
	raw     []byte // between the quotes
	start   int    // of raw in the document
	key     bool
	escaped bool // raw has escapes
}

// text is the string that the token spells, valid until the next call.
func (w *walker) text(tok token) []byte {
	if !tok.escaped {
		return tok.raw
	}
	w.decoded = unescape(w.decoded[:0], tok.raw)
	return w.decoded
}

// errorf is a syntax error at the current position.
func (w *walker) errorf(format string, args ...any) error {
	return fmt.Errorf("not JSON: %s at byte %d", fmt.Sprintf(format, args...), w.pos)
}

// walk reads the whole document. It accepts what encoding/json accepts, and a byte order mark.
func (w *walker) walk() error {
	if bytes.HasPrefix(w.doc, byteOrderMark) {
		w.pos = len(byteOrderMark)
	}
	for {
		opened, err := w.value()
		if err != nil {
			return err
		}
		if opened {
			continue
		}
		if more, err := w.after(); err != nil || !more {
			return err
		}
	}
}

// value reads a scalar, or opens an object or array up to where its first value is due.
func (w *walker) value() (opened bool, err error) {
	if w.outline != nil {
		return w.outlined()
	}
	return w.read()
}

// outlined reads a value and notes it in the outline.
func (w *walker) outlined() (opened bool, err error) {
	c := w.next()
	switch {
	case c == '-' || c-'0' < 10:
		c = '0'
	case c != '{' && c != '[' && c != '"':
		c = 'n'
	}
	w.outline.begin(w, c, w.pos)
	if opened, err = w.read(); err == nil && !opened {
		w.outline.finish(w.pos)
	}
	return opened, err
}

func (w *walker) read() (opened bool, err error) {
	switch c := w.next(); {
	case c == '{':
		return w.open(true)
	case c == '[':
		return w.open(false)
	case c == '"':
		return false, w.str(false)
	case c == '-' || c-'0' < 10:
		return false, w.number()
	case c == 't':
		return false, w.literal("true")
	case c == 'f':
		return false, w.literal("false")
	case c == 'n':
		return false, w.literal("null")
	}
	return false, w.errorf("a value is expected")
}

// next skips white space and returns the byte at the new position, 0 at the end.
func (w *walker) next() byte {
	for w.pos < len(w.doc) {
		c := w.doc[w.pos]
		if c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
		w.pos++
	}
	return 0
}

func (w *walker) open(object bool) (bool, error) {
	if len(w.frames) >= maxNesting {
		return false, w.errorf("more than %d levels", maxNesting)
	}
	w.pos++
	c := w.next()
	if object && c == '}' || !object && c == ']' {
		w.pos++
		return false, nil
	}
	w.frames = append(w.frames, frame{object: object})
	if object {
		return true, w.member()
	}
	return true, nil
}

// member reads a key and its colon.
func (w *walker) member() error {
	if w.next() != '"' {
		return w.errorf("a key is expected")
	}
	if err := w.str(true); err != nil {
		return err
	}
	if w.next() != ':' {
		return w.errorf("a colon is expected")
	}
	w.pos++
	return nil
}

// after goes on behind a value: to the next value, or out of objects and arrays that end here.
func (w *walker) after() (more bool, err error) {
	for len(w.frames) > 0 {
		f := &w.frames[len(w.frames)-1]
		switch c := w.next(); {
		case c == ',':
			w.pos++
			f.index++
			if f.object {
				return true, w.member()
			}
			return true, nil
		case f.object && c == '}', !f.object && c == ']':
			w.pos++
			w.frames = w.frames[:len(w.frames)-1]
			if w.outline != nil {
				w.outline.finish(w.pos)
			}
		default:
			return false, w.errorf("a comma or closing bracket is expected")
		}
	}
	if w.next(); w.pos < len(w.doc) {
		return false, w.errorf("something follows the document")
	}
	return false, nil
}

func (w *walker) literal(word string) error {
	if !bytes.HasPrefix(w.doc[w.pos:], []byte(word)) {
		return w.errorf("%s is expected", word)
	}
	w.pos += len(word)
	return nil
}

// number reads a number; what may follow it is for the caller to judge.
func (w *walker) number() error {
	if w.at(0) == '-' {
		w.pos++
	}
	if w.at(0) == '0' {
		w.pos++
	} else if err := w.digits(); err != nil {
		return err
	}
	if w.at(0) == '.' {
		w.pos++
		if err := w.digits(); err != nil {
			return err
		}
	}
	if w.at(0)|0x20 == 'e' {
		w.pos++
		if c := w.at(0); c == '+' || c == '-' {
			w.pos++
		}
		return w.digits()
	}
	return nil
}

func (w *walker) digits() error {
	from := w.pos
	for w.at(0)-'0' < 10 {
		w.pos++
	}
	if w.pos == from {
		return w.errorf("a digit is expected")
	}
	return nil
}

// at is the byte n behind the current position, 0 past the end.
func (w *walker) at(n int) byte {
	if w.pos+n < len(w.doc) {
		return w.doc[w.pos+n]
	}
	return 0
}

// str reads a string and shows it to the visitor.
func (w *walker) str(key bool) error {
	start := w.pos + 1
	escaped := false
	i := start
	for {
		i += plainLen(w.doc[i:])
		if i >= len(w.doc) {
			w.pos = i
			return w.errorf("a string does not end")
		}
		if w.doc[i] == '"' {
			break
		}
		w.pos = i
		if w.doc[i] != '\\' {
			return w.errorf("a control character stands in a string")
		}
		n := escapeLen(w.doc[i:])
		if n == 0 {
			return w.errorf("an escape is not valid")
		}
		escaped = true
		i += n
	}
	w.pos = i + 1
	tok := token{raw: w.doc[start:i], start: start, key: key, escaped: escaped}
	if key {
		f := &w.frames[len(w.frames)-1]
		f.key, f.keyStart = tok.raw, start
	}
	w.inKey = key
	w.visit(w, tok)
	return nil
}

// plainLen is how much of a string s starts with before a quote, an escape or a control character.
func plainLen(s []byte) int {
	for i, c := range s {
		if c < ' ' || c == '"' || c == '\\' {
			return i
		}
	}
	return len(s)
}

// inside walks a string as a document of its own, with the same visitor, and returns the edits
// on it. It reports false if the string is not an object or array; the visitor then forgets what
// it has seen.
func (w *walker) inside(text []byte) (edits []edit, ok bool) {
	if w.depth >= maxStrings || !looksLikeJSON(text) {
		return nil, false
	}
	if w.child == nil {
		w.child = &walker{parent: w, depth: w.depth + 1, visit: w.visit}
	}
	c := w.child
	c.doc, c.pos, c.frames, c.edits = text, 0, c.frames[:0], nil
	if c.walk() != nil {
		return nil, false
	}
	return c.edits, true
}

// edit adds edits on the text of a token to those on the document.
func (w *walker) edit(tok token, edits []edit) {
	if len(edits) > 0 {
		w.edits = rawEdits(w.edits, tok.raw, tok.start, edits)
	}
}
