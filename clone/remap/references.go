package remap

import "strings"

// References lists every reference in one text of an item, in document order: ids of items,
// groups and folders, and addresses of services, with or without a counterpart. What the map maps to
// itself is listed too, so that a map of all objects of a portal to themselves finds what its
// items depend on. Values are ids in lower case, and addresses of services up to their type.
//
// An id that the map does not know is listed only where its place says that it is one; see the
// package comment.
func (r *Rewriter) References(it ItemInfo, part Part, data []byte) []Ref {
	rep, ru := Report{collect: true}, entryFor(it).rule
	switch {
	case part == PartDescription, part == PartURL:
		r.references(data, &rep)
	case looksLikeJSON(data):
		v := rewriting{rep: &rep}
		v.sc.r, v.sc.rep = r, &rep
		w := walker{doc: data, visit: v.visit}
		if w.walk() != nil {
			rep = Report{collect: true}
			r.references(data, &rep)
		}
	default:
		r.references(data, &rep)
	}
	beside := ru.typesBeside(data)
	for i := range rep.refs {
		ref := &rep.refs[i]
		switch ref.Kind {
		case KindService:
			ref.Value = plainText(ref.Value)
		case KindItem:
			if ref.Types = beside[ref.Path]; ref.Types == "" {
				ref.Types = expected(ru, ref.Path)
			}
		}
	}
	if len(rep.Unresolved) > 0 {
		return withoutLocal(rep.refs, r.localPlaces(ru, it, part, data))
	}
	return rep.refs
}

// references reads one text that is not JSON.
func (r *Rewriter) references(data []byte, rep *Report) {
	sc := scanner{r: r, rep: rep}
	sc.reset(data, loose{}, 0)
	sc.scan()
}

// plainText spells an address plainly.
func plainText(s string) string {
	if !strings.ContainsAny(s, `%\&`) {
		return s
	}
	raw := []byte(s)
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		ch, w, _ := decode(raw, i)
		out = append(out, ch)
		i += w
	}
	return string(out)
}
