package remap

import (
	"bytes"
	"slices"
)

// param is one parameter of a query: where the separator before it, its name, and its end stand.
type param struct {
	sep, start, end int
	token           bool
}

// dropTokens notes the token parameters of the URL that goes on from s[i] to s[end], to be
// removed when the scanner comes to them. A token of the source is worthless on the target and
// nobody else's business.
func (sc *scanner) dropTokens(i, end, depth int) {
	if i < sc.frozen {
		return
	}
	params := sc.params(i, end, depth)
	keep := slices.IndexFunc(params, func(p param) bool { return !p.token })
	if keep < 0 && len(params) > 0 {
		sc.drops = append(sc.drops, span{params[0].sep, params[len(params)-1].end})
	}
	for k, p := range params {
		switch {
		case !p.token || keep < 0:
		case k < keep: // the separator before stays for the first that is kept
			sc.drops = append(sc.drops, span{p.start, params[k+1].start})
		default:
			sc.drops = append(sc.drops, span{p.sep, p.end})
		}
	}
	// The tokens of a URL around this one may already be noted.
	slices.SortFunc(sc.drops, func(a, b span) int { return a.start - b.start })
}

// maxQuery is how much of a URL's query is looked through for tokens.
const maxQuery = 2048

// params splits the query of the URL that goes on from s[i] to s[end].
func (sc *scanner) params(i, end, depth int) []param {
	end = min(end, i+maxQuery)
	var list []param
	for i < end {
		ch, w, d := decode(sc.s, i)
		if d == depth && ch == '#' {
			break
		}
		if d == depth && (ch == '?' && list == nil || ch == '&' && list != nil) {
			if list != nil {
				list[len(list)-1].end = i
			}
			name := matchText(sc.s, i+w, "token=")
			list = append(list, param{i, i + w, end, name >= 0})
		}
		i += w
	}
	if list != nil {
		last := &list[len(list)-1]
		last.end = min(last.end, max(i, last.start))
		if last.token {
			trimmed := bytes.TrimRight(sc.s[last.start:last.end], ").,;]")
			last.end = last.start + len(trimmed)
		}
	}
	return list
}
