package remap

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
)

// ArcGIS Online serves some apps at addresses of their own, where Enterprise serves them below
// the portal's address. A product is one such address, up to the id of the item.
type product struct {
	host, online string // https://host/online{id}
	enterprise   string // https://portal/enterprise{id}
}

var products = []product{
	{"storymaps.arcgis.com", "/stories/", "/apps/storymaps/stories/"},
	{"storymaps.arcgis.com", "/collections/", "/apps/storymaps/collections/"},
	{"storymaps.arcgis.com", "/briefings/", "/apps/storymaps/briefings/"},
	{"experience.arcgis.com", "/experience/", "/apps/experiencebuilder/experience/?id="},
}

// surveyHost serves the forms of all portals; the address of the portal is a parameter, that of
// ArcGIS Online where there is none.
const surveyHost = "survey123.arcgis.com"

// product handles an address of an app of ArcGIS Online that names an item which moves: where
// the target is an Enterprise portal, the app is below its address. It returns 0 where that is not
// so. name is the host of the reading without its port, n the length with it.
func (sc *scanner) product(u *reading, name string, n, start, depth int, form urlForm) int {
	if sc.r.to.online() || start < sc.frozen {
		return 0
	}
	path := u.text[n:]
	for _, p := range products {
		if p.host != name || !bytes.HasPrefix(path, []byte(p.online)) {
			continue
		}
		id, ok := sc.idAt(u, n+len(p.online))
		if !ok || strings.Contains(p.enterprise, "?") && !sc.endsPath(id.end) {
			return 0
		}
		sc.enter(urlContext{portal: true, end: u.end, depth: depth, names: u.end})
		sc.replaceAddress(start, id.end, sc.r.to.text(form)+p.enterprise+sc.moved(id), KindAddress)
		return id.end
	}
	if name == surveyHost && bytes.HasPrefix(path, []byte("/share/")) {
		return sc.survey(u, n+len("/share/"), depth)
	}
	return 0
}

// survey handles the address of a form; k is where its id begins in the reading.
func (sc *scanner) survey(u *reading, k, depth int) int {
	id, ok := sc.idAt(u, k)
	if !ok || bytes.Contains(u.text, []byte("portalurl=")) {
		return 0
	}
	sc.enter(urlContext{host: u.host(), end: u.end, depth: depth, names: u.end})
	sc.replace(id.start, id.end, []byte(sc.moved(id)), string(KindItem))
	text := sc.r.to.text(withScheme)
	with := appendPercent(nil, '?', depth)
	with = append(with, "portalUrl"...)
	with = append(appendPercent(with, '=', depth), spelling{appendPercent(nil, '/', depth+1), appendPercent(nil, ':', depth+1), depth + 1}.append(nil, text)...)
	at := id.end
	if at < u.end {
		if ch, w, _ := decode(sc.s, at); ch == '?' {
			with = appendPercent(with, '&', depth)
			at += w
		}
	}
	sc.replace(id.end, at, with, string(KindAddress))
	return at
}

// toProduct is the reverse: the address of an app below the source portal in s[start:end], where
// the target is ArcGIS Online. It returns 0 where there is none.
func (sc *scanner) toProduct(u *reading, start, end, depth int, form urlForm) int {
	if !sc.r.to.online() || start < sc.frozen || form == bare {
		return 0
	}
	n, _ := slices.BinarySearch(u.off, end)
	for _, p := range products {
		if n >= len(u.text) || !bytes.HasPrefix(u.text[n:], []byte(p.enterprise)) {
			continue
		}
		id, ok := sc.idAt(u, n+len(p.enterprise))
		if !ok || strings.Contains(p.enterprise, "?") && id.end < u.end {
			return 0
		}
		to := address{scheme: "https", host: p.host, path: p.online}
		sc.replaceAddress(start, id.end, to.text(form)+sc.moved(id), KindAddress)
		sc.dropTokens(id.end, u.end, depth)
		return id.end
	}
	return 0
}

// idAt finds the id of an item that moves at character k of the reading.
func (sc *scanner) idAt(u *reading, k int) (span, bool) {
	end := k + idLen
	if end > len(u.text) || !isIDAt(u.text, k) || !sc.moves(u.text[k:end]) {
		return span{}, false
	}
	return span{u.off[k], u.offset(end)}, true
}

// moved is the id that the one in a span becomes.
func (sc *scanner) moved(id span) string {
	t, _, _ := sc.r.lookup(sc.s[id.start:id.end])
	return hex.EncodeToString(t.id[:])
}

// endsPath reports whether no path goes on at s[i].
func (sc *scanner) endsPath(i int) bool {
	if i >= len(sc.s) {
		return true
	}
	ch, _, _ := decode(sc.s, i)
	return !isAlnum(ch) && ch != '/' && ch != '?'
}

// online reports whether the address is that of an organization of ArcGIS Online.
func (a address) online() bool { return strings.HasSuffix(a.host, ".arcgis.com") }

// sitePath begins the path of an Enterprise site behind the portal's address.
const sitePath = "/apps/sites/#/"

// site handles the name of an Enterprise site that follows the portal's address before s[end].
// It returns where scanning goes on.
func (sc *scanner) site(end int) int {
	if len(sc.r.sites) == 0 {
		return end
	}
	from := matchText(sc.s, end, sitePath)
	if from < 0 {
		return end
	}
	to := from
	for to < len(sc.s) && (isAlnum(sc.s[to]) || sc.s[to] == '-' || sc.s[to] == '_') {
		to++
	}
	name, ok := sc.r.sites[strings.ToLower(string(sc.s[from:to]))]
	if !ok || name == string(sc.s[from:to]) {
		return end
	}
	sc.replace(from, to, []byte(name), RuleSite)
	return to
}
