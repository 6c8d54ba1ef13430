package remap

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// A fixer collects what a typed rule changes in one JSON document, before the ids and addresses
// in it are rewritten.
type fixer struct {
	r     *Rewriter
	it    ItemInfo
	part  Part
	o     *outline
	edits []edit
	rep   *Report
	inner string // path of the string that the document stands in, with its arrow
}

// fix applies a typed rule to a document that is JSON. It returns doc itself if nothing changes.
func (r *Rewriter) fix(ru *rule, it ItemInfo, part Part, doc []byte, rep *Report) ([]byte, error) {
	typed := ru.fix != nil && holds(doc, ru.words)
	layers := ru.layers && r.renumbers && (ru.sublayers != nil || bytes.Contains(doc, []byte(layerIDKey)))
	if !typed && !layers || r.to.host == "" {
		return doc, nil // without a target nothing is made for another portal
	}
	o, err := outlineOf(doc)
	if err != nil {
		return doc, err
	}
	f := fixer{r: r, it: it, part: part, o: o, rep: rep}
	if typed {
		ru.fix(&f)
	}
	if layers {
		f.layerNumbers()
		if ru.sublayers != nil {
			ru.sublayers(&f)
		}
	}
	slices.SortFunc(f.edits, func(a, b edit) int { return a.start - b.start })
	return apply(doc, withoutOverlaps(f.edits)), nil
}

// localPlaces are the places of a document whose ids mean nothing outside it.
func (r *Rewriter) localPlaces(ru *rule, it ItemInfo, part Part, doc []byte) []string {
	if ru.local == nil || !holds(doc, ru.localWords) {
		return nil
	}
	o, err := outlineOf(doc)
	if err != nil {
		return nil
	}
	return ru.local(&fixer{r: r, it: it, part: part, o: o})
}

// withoutOverlaps drops edits that begin inside an earlier one.
func withoutOverlaps(edits []edit) []edit {
	end := 0
	return slices.DeleteFunc(edits, func(e edit) bool {
		if e.start < end {
			return true
		}
		end = e.end
		return false
	})
}

func (f *fixer) path(v value) string { return f.inner + v.path() }

func (f *fixer) warn(v value, text string) {
	f.rep.Warnings = append(f.rep.Warnings, Warning{Path: f.path(v), Text: text})
}

// replace puts other JSON in the place of a value.
func (f *fixer) replace(v value, with, rule string) {
	n := v.node()
	f.edits = append(f.edits, edit{span{int(n.start), int(n.end)}, []byte(with)})
	f.rep.Changes = append(f.rep.Changes, Change{Path: f.path(v), Rule: rule, Before: string(v.raw()), After: with})
}

// setText puts another text in the place of a string.
func (f *fixer) setText(v value, text, rule string) {
	f.replace(v, `"`+string(escape([]byte(text), escapesSlashes(v.raw())))+`"`, rule)
}

// blank empties a string that nobody may see; the report does not show it.
func (f *fixer) blank(v value, rule string) {
	n := v.node()
	f.edits = append(f.edits, edit{span{int(n.start), int(n.end)}, []byte(`""`)})
	f.rep.Changes = append(f.rep.Changes, Change{Path: f.path(v), Rule: rule, After: `""`})
}

// drop removes the members of an object that gone chooses, and reports whether there were any.
func (f *fixer) drop(obj value, gone func(value) bool) bool {
	if obj.node().kind != '{' {
		return false
	}
	var run, before *node // the first of adjacent members that go, and the member before them
	members := slices.Collect(obj.children())
	dropped := false
	for _, m := range members {
		n := m.node()
		if gone(m) {
			dropped = true
			if run == nil {
				run = n
			}
			f.rep.Changes = append(f.rep.Changes, Change{Path: f.path(m), Rule: RuleDropped})
			continue
		}
		if run != nil {
			f.edits = append(f.edits, edit{span{int(run.keyStart) - 1, int(n.keyStart) - 1}, nil})
			run = nil
		}
		before = n
	}
	if run == nil {
		return dropped
	}
	cut := span{int(obj.node().start) + 1, int(obj.node().end) - 1} // all that is in it
	if before != nil {
		cut = span{int(before.end), int(members[len(members)-1].node().end)}
	}
	f.edits = append(f.edits, edit{cut, nil})
	return dropped
}

// layerIDKey ends the keys of layer numbers.
const layerIDKey = "layerId"

// layerNumbers renumbers layers that objects name beside the id of their item or the address
// of their service, as in {"itemId": …, "layerId": 0}.
func (f *fixer) layerNumbers() {
	for v := range f.o.root().all() {
		switch v.node().kind {
		case '{':
			f.layerNumber(v)
		case '"':
			f.nested(v, (*fixer).layerNumbers, layerIDKey)
		}
	}
}

func (f *fixer) layerNumber(obj value) {
	var number value
	var layers map[int]int
	found, known := false, false
	for m := range obj.children() {
		switch name := m.name(); {
		case name == "layerid":
			number, found = m, true
		case strings.HasSuffix(name, "itemid"), name == "url" && !known:
			if text, ok := m.text(); ok {
				if l, ok := f.layersOf(text); ok {
					layers, known = l, true
				}
			}
		}
	}
	if found && known {
		f.renumber(number, layers)
	}
}

// layersOf finds the layer numbers of a service by the id of its item or its address; that of
// a layer has none.
func (f *fixer) layersOf(text string) (map[int]int, bool) {
	if len(text) == idLen && hexRun([]byte(text)) {
		return f.r.layersOf([]byte(text))
	}
	a, err := parseAddress(text)
	if err != nil {
		return nil, false
	}
	svc, ok := f.r.services[a.key()]
	return svc.layers, ok && svc.layers != nil
}

// renumber replaces a layer number, which may be written as a string.
func (f *fixer) renumber(v value, layers map[int]int) {
	text := strings.Trim(string(v.raw()), `"`)
	n, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(n) != text {
		return
	}
	at := int(v.node().start)
	if v.node().kind == '"' {
		at++
	}
	f.numberIn(v, span{at, at + len(text)}, layers)
}

// numberIn replaces the layer number in a stretch of the document, which is part of v.
func (f *fixer) numberIn(v value, at span, layers map[int]int) {
	text := string(f.o.doc[at.start:at.end])
	n, err := strconv.Atoi(text)
	if err != nil {
		return
	}
	to, ok := layers[n]
	switch {
	case !ok:
		f.rep.Unresolved = append(f.rep.Unresolved, Ref{Path: f.path(v), Kind: KindLayer, Value: text})
	case to != n:
		with := strconv.Itoa(to)
		f.edits = append(f.edits, edit{at, []byte(with)})
		f.rep.Changes = append(f.rep.Changes, Change{Path: f.path(v), Rule: string(KindLayer), Before: text, After: with})
	}
}

// nested applies part of a rule to a string that holds JSON with a given word in it.
func (f *fixer) nested(v value, apply func(*fixer), word string) {
	n := v.node()
	if len(f.inner) > 256 || !bytes.Contains(v.raw(), []byte(word)) {
		return
	}
	text, _ := v.text()
	if !looksLikeJSON([]byte(text)) {
		return
	}
	o, err := outlineOf([]byte(text))
	if err != nil {
		return
	}
	in := fixer{r: f.r, it: f.it, part: f.part, o: o, rep: f.rep, inner: f.path(v) + "→"}
	apply(&in)
	slices.SortFunc(in.edits, func(a, b edit) int { return a.start - b.start })
	raw := f.o.doc[n.start+1 : n.end-1]
	f.edits = rawEdits(f.edits, raw, int(n.start)+1, withoutOverlaps(in.edits))
}
