package remap

import "bytes"

// maxString is the longest string of a document that is rewritten. Longer ones are outputs
// and embedded data.
const maxString = 1 << 20

// JSON rewrites a document. The result is doc itself if nothing changes, and differs from it
// only in strings that do. An error means that doc is not JSON; it then comes back unchanged.
func (r *Rewriter) JSON(doc []byte) (out []byte, rep Report, err error) {
	if out, err = r.json(doc, &rep, false); err != nil {
		return doc, Report{}, err
	}
	return out, rep, nil
}

// json rewrites a document and adds to rep. Where it is code, account names stay.
func (r *Rewriter) json(doc []byte, rep *Report, code bool) ([]byte, error) {
	v := rewriting{rep: rep}
	v.sc.r, v.sc.rep, v.sc.nameless = r, rep, code
	w := walker{doc: doc, visit: v.visit}
	if err := w.walk(); err != nil {
		return doc, err
	}
	return apply(doc, w.edits), nil
}

// Text rewrites text that is not JSON: HTML, XML, CSS, Python, Arcade, plain text.
// The result is doc itself if nothing changes.
func (r *Rewriter) Text(doc []byte) (out []byte, rep Report) {
	return r.text(doc, &rep, false), rep
}

func (r *Rewriter) text(doc []byte, rep *Report, code bool) []byte {
	sc := scanner{r: r, rep: rep, nameless: code}
	sc.reset(doc, loose{}, 0)
	sc.scan()
	return apply(doc, sc.edits)
}

// String rewrites one value, such as the description or the url of an item. A value that is a
// JSON object or array, such as the properties of an item, is rewritten like one.
func (r *Rewriter) String(s string) (string, Report) {
	doc := []byte(s)
	if looksLikeJSON(doc) {
		if out, rep, err := r.JSON(doc); err == nil {
			return r.keep(s, out, rep)
		}
	}
	var rep Report
	sc := scanner{r: r, rep: &rep}
	sc.reset(doc, loose{}, frozenLen(doc))
	sc.scan()
	return r.keep(s, apply(doc, sc.edits), rep)
}

func (r *Rewriter) keep(s string, out []byte, rep Report) (string, Report) {
	if len(rep.Changes) == 0 {
		return s, rep
	}
	return string(out), rep
}

// rewriting is the visitor that rewrites.
type rewriting struct {
	sc  scanner
	rep *Report
}

func (v *rewriting) visit(w *walker, tok token) {
	if !v.sc.r.mayHit(tok.raw) {
		return
	}
	text := w.text(tok)
	if !tok.key {
		before := v.rep.mark()
		if edits, ok := w.inside(text); ok {
			w.edit(tok, edits)
			return
		}
		v.rep.undo(before)
	}
	v.sc.reset(text, w, frozenLen(text))
	v.sc.scan()
	w.edit(tok, v.sc.edits)
}

// frozenLen is how much of a string is scanned only.
func frozenLen(text []byte) int {
	if len(text) > maxString {
		return len(text)
	}
	return 0
}

func looksLikeJSON(text []byte) bool {
	for _, c := range bytes.TrimPrefix(text, byteOrderMark) {
		if c > ' ' {
			return c == '{' || c == '['
		}
	}
	return false
}
