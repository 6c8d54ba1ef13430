package remap

import (
	"iter"
	"math"
	"slices"
	"strings"
)

// An outline is a JSON document as a list of its values in document order. Typed rules read it
// to find members and their neighbors, and edit the document's bytes by the offsets in it.
// Numbers and arrays of numbers inside arrays are left out: geometry is most of many documents.
type outline struct {
	doc   []byte
	nodes []node
	stack []int32 // open nodes
}

// node is one value.
type node struct {
	parent, next     int32 // next is the node behind this one and all that is in it
	start, end       int32
	keyStart, keyEnd int32 // between the quotes; in arrays keyStart is -1 and keyEnd the index
	kind             byte  // '{' '[' '"' '0'; other scalars 'n'
}

// outlineOf reads a document.
func outlineOf(doc []byte) (*outline, error) {
	o := &outline{doc: doc}
	w := walker{doc: doc, visit: func(*walker, token) {}, outline: o}
	if len(doc) > math.MaxInt32 {
		return nil, w.errorf("more than %d bytes", math.MaxInt32)
	}
	return o, w.walk()
}

// begin notes a value that starts at offset start.
func (o *outline) begin(w *walker, kind byte, start int) {
	n := node{parent: -1, start: int32(start), keyStart: -1, kind: kind}
	if len(o.stack) > 0 {
		n.parent = o.stack[len(o.stack)-1]
		if f := &w.frames[len(w.frames)-1]; f.object {
			n.keyStart = int32(f.keyStart)
			n.keyEnd = n.keyStart + int32(len(f.key))
		} else {
			n.keyEnd = int32(f.index)
		}
	}
	o.nodes = append(o.nodes, n)
	o.stack = append(o.stack, int32(len(o.nodes)-1))
}

// finish notes that the innermost open value ends before offset end.
func (o *outline) finish(end int) {
	i := o.stack[len(o.stack)-1]
	o.stack = o.stack[:len(o.stack)-1]
	n := &o.nodes[i]
	n.end, n.next = int32(end), int32(len(o.nodes))
	if last := int(i) == len(o.nodes)-1; last && n.keyStart < 0 && n.parent >= 0 && (n.kind == '[' || n.kind == '0') {
		o.nodes = o.nodes[:i]
	}
}

// value is one value of an outline.
type value struct {
	o *outline
	i int32
}

// root is the whole document.
func (o *outline) root() value { return value{o, 0} }

func (v value) node() *node { return &v.o.nodes[v.i] }

// raw is the value as it is written.
func (v value) raw() []byte { n := v.node(); return v.o.doc[n.start:n.end] }

// key is the key of a member as it is written, "" of an element.
func (v value) key() string {
	n := v.node()
	if n.keyStart < 0 {
		return ""
	}
	return string(v.o.doc[n.keyStart:n.keyEnd])
}

// children yields the values directly in an object or array.
func (v value) children() iter.Seq[value] {
	return func(yield func(value) bool) {
		for i := v.i + 1; i < v.node().next; i = v.o.nodes[i].next {
			if !yield(value{v.o, i}) {
				return
			}
		}
	}
}

// all yields every value in v, v first.
func (v value) all() iter.Seq[value] {
	return func(yield func(value) bool) {
		for i := v.i; i < v.node().next; i++ {
			if !yield(value{v.o, i}) {
				return
			}
		}
	}
}

// get finds a member by its key; of several the last, as decoders do.
func (v value) get(key string) (found value, ok bool) {
	if v.node().kind != '{' {
		return value{}, false
	}
	for c := range v.children() {
		if c.key() == key {
			found, ok = c, true
		}
	}
	return found, ok
}

// at follows keys from v.
func (v value) at(keys ...string) (value, bool) {
	ok := true
	for _, k := range keys {
		if v, ok = v.get(k); !ok {
			return value{}, false
		}
	}
	return v, ok
}

// text is what a string spells; ok is false for other values.
func (v value) text() (text string, ok bool) {
	n := v.node()
	if n.kind != '"' {
		return "", false
	}
	return string(unescape(nil, v.o.doc[n.start+1:n.end-1])), true
}

// path names the value as reports do.
func (v value) path() string {
	var chain []*node
	for n := v.node(); n.parent >= 0; n = &v.o.nodes[n.parent] {
		chain = append(chain, n)
	}
	w := walker{}
	for _, n := range slices.Backward(chain) {
		if n.keyStart < 0 {
			w.frames = append(w.frames, frame{index: int(n.keyEnd)})
		} else {
			w.frames = append(w.frames, frame{object: true, key: v.o.doc[n.keyStart:n.keyEnd]})
		}
	}
	return w.path(0)
}

// name is the key in lower case behind its last dot, the form in which rules compare keys.
func (v value) name() string {
	key := v.key()
	return strings.ToLower(key[strings.LastIndexByte(key, '.')+1:])
}
