package remap

import (
	"bytes"
	"slices"
	"strings"
)

// Leftovers lists what a rewritten document still holds of the source: mapped ids, addresses
// of the source portal, addresses of mapped services. byReference lists the source's other
// hosted services. Ids in the names of services that are not mapped do not count, and neither
// does anything that the map maps to itself.
//
// A document that is JSON is walked, with paths; any other is read as text. Places that start with
// one of the exempt paths, such as $.rhumb, are left out. For files of any size use [Rewriter.Scan].
//
// It does not ask what [Rewriter.JSON] would change but searches the decoded text, so that a hit
// which one of the two misses is found by the other.
func (r *Rewriter) Leftovers(doc []byte, exempt ...string) (left, byReference []Ref) {
	l := leftovers{sc: scanner{r: r}, exempt: exempt}
	w := walker{doc: doc, visit: l.visit}
	if w.walk() != nil {
		l.left, l.byReference = nil, nil
		l.search(doc, loose{})
	}
	return l.left, l.byReference
}

type leftovers struct {
	sc                scanner // for reading URLs
	exempt            []string
	left, byReference []Ref
	text              []byte // decoded, lower case
	services          []span // service addresses in it that stay
	at                struct{ decoded, raw int }
}

func (l *leftovers) visit(w *walker, tok token) {
	if !l.sc.r.mayHit(tok.raw) {
		return
	}
	text := w.text(tok)
	left, byReference := len(l.left), len(l.byReference)
	if !tok.key {
		if _, ok := w.inside(text); ok {
			return
		}
		l.left, l.byReference = l.left[:left], l.byReference[:byReference]
	}
	l.search(text, w)
}

// search looks through one text.
func (l *leftovers) search(raw []byte, where locator) {
	l.text, l.services = l.text[:0], l.services[:0]
	l.at.decoded, l.at.raw = 0, 0
	for i := 0; i < len(raw); {
		ch, w := raw[i], 1
		if class[ch] == mark {
			ch, w, _ = decode(raw, i)
		}
		l.text = append(l.text, lower(ch))
		i += w
	}
	found := func(list *[]Ref, kind Kind, at span) {
		path := where.path(l.rawOffset(raw, at.start))
		if !l.isExempt(path) {
			*list = append(*list, Ref{Path: path, Kind: kind, Value: string(l.text[at.start:at.end])})
		}
	}
	l.findServices(found)
	l.findIDs(found)
	l.findAddresses(found)
}

// rawOffset is where character n of the decoded text stands in the text as it is written.
func (l *leftovers) rawOffset(raw []byte, n int) int {
	if n < l.at.decoded {
		l.at.decoded, l.at.raw = 0, 0
	}
	for ; l.at.decoded < n; l.at.decoded++ {
		_, w, _ := decode(raw, l.at.raw)
		l.at.raw += w
	}
	return l.at.raw
}

func (l *leftovers) isExempt(path string) bool {
	return slices.ContainsFunc(l.exempt, func(e string) bool { return isWithin(path, e) })
}

// isWithin reports whether a path is that of a place or of something in it.
func isWithin(path, place string) bool {
	rest, ok := strings.CutPrefix(path, place)
	return ok && (rest == "" || strings.IndexAny(rest, ".[~→") == 0)
}

type foundFunc func(list *[]Ref, kind Kind, at span)

// findServices finds the service addresses and tells which of them stay.
func (l *leftovers) findServices(found foundFunc) {
	l.sc.reset(l.text, loose{}, 0)
	for i := 0; i < len(l.text); {
		k := bytes.Index(l.text[i:], []byte("//"))
		if k < 0 {
			return
		}
		start := i + k
		i = start + 1
		if !startsHost(l.text, start+2) {
			continue
		}
		auth := start + 2
		p, end := l.sc.r.portal(l.text, auth)
		root := l.sc.r.root(l.text, auth)
		if at := l.sc.userinfo(auth); at > 0 && p == nil && root == 0 {
			auth = at
			p, end = l.sc.r.portal(l.text, auth)
			root = l.sc.r.root(l.text, auth)
		}
		if p == nil && root == 0 && start > 0 && !startsURL(l.text[start-1]) {
			continue
		}
		u := l.sc.read(auth, 0)
		n := serviceEnd(u.text)
		svc, mapped := l.sc.r.services[string(u.key(n))]
		at := span{start, u.offset(n)}
		switch {
		case mapped && svc.keep:
		case mapped:
			found(&l.left, KindService, at)
		case root > end:
			if n == 0 {
				at.end = u.offset(u.pathEnd())
			}
			found(&l.byReference, KindService, at)
		case n == 0 || p != nil:
			continue
		}
		l.services = append(l.services, at)
		i = at.end
	}
}

func (l *leftovers) inService(i int) bool {
	n, found := slices.BinarySearchFunc(l.services, i, func(s span, i int) int { return s.start - i })
	return found || n > 0 && i < l.services[n-1].end
}

// findIDs finds mapped ids.
func (l *leftovers) findIDs(found foundFunc) {
	for i := 0; i < len(l.text); {
		end := wordEnd(l.text, i)
		if word := l.text[i:end]; len(word) == idLen && hexRun(word) {
			if t, self, ok := l.sc.r.lookup(word); ok && !self && !l.inService(i) {
				found(&l.left, t.kind, span{i, end})
			}
		}
		i = end + 1
	}
}

// findAddresses finds addresses of the source portal.
func (l *leftovers) findAddresses(found foundFunc) {
	for _, p := range l.sc.r.portals {
		if p.target {
			continue
		}
		for i := 0; ; {
			k := bytes.Index(l.text[i:], []byte(p.text))
			if k < 0 {
				break
			}
			at := span{i + k, i + k + len(p.text)}
			i = at.start + 1
			if longest, _ := l.sc.r.portal(l.text, at.start); longest == nil || longest.text != p.text {
				continue // part of a longer name, or of an address of the target
			}
			if l.startsAddress(at.start, p.bare) && !l.inService(at.start) {
				found(&l.left, KindAddress, at)
			}
		}
	}
}

// startsAddress reports whether what stands before a host lets it be one.
func (l *leftovers) startsAddress(i int, bare bool) bool {
	if bytes.HasSuffix(l.text[:i], []byte("//")) || l.behindUserinfo(i) {
		return true
	}
	if i == 0 {
		return bare
	}
	before := l.text[i-1]
	return bare && !isAlnum(before) && strings.IndexByte("._-@/~", before) < 0
}

// behindUserinfo reports whether a user name and password of a URL end before the host.
func (l *leftovers) behindUserinfo(i int) bool {
	if i == 0 || l.text[i-1] != '@' {
		return false
	}
	from := i - 1
	for from > 0 && i-from <= maxUserinfo && inUserinfo(l.text[from-1]) {
		from--
	}
	return from < i-1 && bytes.HasSuffix(l.text[:from], []byte("//"))
}
