package remap

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// maxURL bounds how many characters of one URL are read to classify it.
const maxURL = 512

// A urlContext is the URL that the scanner is inside of.
type urlContext struct {
	portal bool   // of the source portal
	host   string // of another portal
	end    int
	depth  int
	names  int // where resource and file names begin: 32 characters in them are no references
}

// A reading is one URL from its host on, up to a URL inside it: decoded, in lower case, with
// single slashes. off holds the offset of each character in the text. It is valid until the
// next reading.
type reading struct {
	text []byte
	off  []int
	end  int // offset of the end of the whole URL
}

// offset is where character k of the reading stands.
func (u *reading) offset(k int) int {
	if k < len(u.off) {
		return u.off[k]
	}
	return u.end
}

// pathEnd is the length of the reading up to its query.
func (u *reading) pathEnd() int {
	for i, c := range u.text {
		if c == '?' || c == '#' || endsURL(c, 0, 0) {
			return i
		}
	}
	return len(u.text)
}

// key is what the services and roots of the map are compared with: the first n characters
// without a default port.
func (u *reading) key(n int) []byte {
	text := u.text[:n]
	host, path, _ := bytes.Cut(text, []byte{'/'})
	for _, port := range []string{":443", ":80"} {
		if cut, ok := bytes.CutSuffix(host, []byte(port)); ok {
			return slices.Concat(cut, []byte{'/'}, path)
		}
	}
	return text
}

// read reads the URL whose host starts at s[auth] and whose slashes are percent-encoded
// depth times.
func (sc *scanner) read(auth, depth int) *reading {
	u := &sc.url
	u.text, u.off = u.text[:0], u.off[:0]
	known := sc.ends[depth] // URLs that start inside another of the same depth end with it
	i := auth
	for full := false; i < len(sc.s); {
		if full && i < known {
			i = known
			break
		}
		ch, w, d := sc.s[i], 1, 0
		if class[ch] == mark {
			ch, w, d = decode(sc.s, i)
		}
		if class[ch] != letter && endsURL(ch, d, depth) {
			break
		}
		full = full || len(u.text) == maxURL || ch == '/' && bytes.HasSuffix(u.text, []byte(":/"))
		if !full && (ch != '/' || !bytes.HasSuffix(u.text, []byte{'/'})) {
			u.text = append(u.text, lower(ch))
			u.off = append(u.off, i)
		}
		i += w
	}
	sc.ends[depth] = max(known, i)
	u.end = i
	return u
}

// endsURL reports whether a character that is percent-encoded d times ends a URL whose
// slashes are encoded depth times.
func endsURL(ch byte, d, depth int) bool {
	if d > depth {
		return false
	}
	switch ch {
	case '"', '\'', '<', '>', '`', '|', '^', '\\', 0x7F:
		return true
	case '&', '#', ';':
		return d < depth
	}
	return ch <= ' '
}

// address handles a URL whose host starts at s[auth]; start is where its scheme or slashes
// begin. It returns where scanning goes on.
func (sc *scanner) address(start, auth, depth int, form urlForm) int {
	if sc.streaming {
		return sc.hit(start, auth, form)
	}
	p, end := sc.r.portal(sc.s, auth)
	if form == bare && (p == nil || p.target || !p.bare) {
		return auth
	}
	u := sc.read(auth, depth)
	if form == bare {
		return sc.move(u, p.to, start, end, depth, form)
	}
	if at := u.userinfo(); at > 0 && p == nil && sc.r.root(sc.s, auth) == 0 {
		return sc.credentials(start, auth, u.offset(at), depth, form)
	}
	return sc.located(u, p, start, auth, end, depth, form)
}

// located handles a URL whose host at s[auth] has been read; p is the address of a portal up
// to s[end] that it starts with, nil if there is none.
func (sc *scanner) located(u *reading, p *pattern, start, auth, end, depth int, form urlForm) int {
	n := serviceEnd(u.text)
	if n > 0 {
		if svc, ok := sc.r.services[string(u.key(n))]; ok {
			sc.sawService(start, u.offset(n))
			return sc.service(svc, start, u.offset(n), form, depth, u.end)
		}
	}
	if root := sc.r.root(sc.s, auth); root > end {
		if n == 0 {
			n = u.pathEnd()
		}
		value := strings.TrimRight(sc.shown(start, u.offset(n)), ".,;)")
		sc.note(&sc.rep.ByReference, Ref{Path: sc.path(start), Kind: KindService, Value: value, Layer: sc.layerAt(u.offset(n))})
		sc.dropTokens(u.offset(n), u.end, depth)
		return u.offset(n)
	}
	switch {
	case p != nil && p.target:
		return end
	case p != nil:
		return sc.move(u, p.to, start, end, depth, form)
	}
	if end := sc.online(u, start, depth, form); end > 0 {
		return end
	}
	if n > 0 {
		sc.warnToken(u, start, n)
		sc.note(&sc.rep.External, Ref{
			Path: sc.path(start), Kind: KindService, Host: u.host(), Value: sc.shown(start, u.offset(n)), Layer: sc.layerAt(u.offset(n))})
		return u.offset(n)
	}
	sc.enter(urlContext{host: u.host(), end: u.end, depth: depth, names: u.end})
	return auth
}

// known handles two slashes that start a URL only if a known address follows.
func (sc *scanner) known(start, auth, depth int) int {
	host := auth
	if at := sc.userinfo(auth); at > 0 {
		host = at
	}
	if p, _ := sc.r.portal(sc.s, host); p == nil && sc.r.root(sc.s, host) == 0 {
		return auth
	}
	return sc.address(start, auth, depth, relative)
}

// move replaces the address of the source portal in s[start:end]. What follows is read as a URL
// of the portal.
func (sc *scanner) move(u *reading, to *address, start, end, depth int, form urlForm) int {
	if to == &sc.r.to {
		end = sc.r.extend(sc.s, end)
	}
	sc.enter(urlContext{portal: true, end: u.end, depth: depth, names: u.end})
	if next := sc.toProduct(u, start, end, depth, form); next > 0 {
		return next
	}
	sc.replaceAddress(start, end, to.text(form), KindAddress)
	sc.dropTokens(end, u.end, depth)
	return sc.site(end)
}

// host is the lower-case host of the URL, with port.
func (u *reading) host() string {
	if i := bytes.IndexAny(u.text, "/?#,;)"); i >= 0 {
		return string(u.text[:i])
	}
	return string(u.text)
}

// service rewrites the address of a mapped service that ends at s[end], and the layer number
// behind it. It returns the offset behind both.
func (sc *scanner) service(svc service, start, end int, form urlForm, depth, urlEnd int) int {
	if !svc.keep {
		sc.replaceAddress(start, end, svc.to.text(form), KindService)
		sc.dropTokens(end, urlEnd, depth)
	}
	if svc.layers == nil || end >= len(sc.s) {
		return end
	}
	from, to := sc.layer(end)
	number, err := strconv.Atoi(string(sc.s[from:to]))
	if err != nil {
		return end
	}
	switch layer, ok := svc.layers[number]; {
	case !ok:
		sc.note(&sc.rep.Unresolved, Ref{Path: sc.path(from), Kind: KindLayer, Value: string(sc.s[start:to])})
	case layer != number:
		sc.replace(from, to, strconv.AppendInt(nil, int64(layer), 10), string(KindLayer))
	}
	return to
}

// layer finds the digits of the layer number that follows the service address before s[end].
func (sc *scanner) layer(end int) (from, to int) {
	if end >= len(sc.s) {
		return end, end
	}
	ch, w, _ := decode(sc.s, end)
	if ch != '/' {
		return end, end
	}
	from = end + w
	for to = from; to < len(sc.s) && sc.s[to]-'0' < 10; to++ {
	}
	if to-from > 9 || !bounded(sc.s, to, false) {
		return end, end
	}
	return from, to
}

// layerAt is the layer number that follows the service address before s[end], for [Rewriter.References].
func (sc *scanner) layerAt(end int) string {
	if !sc.rep.collect {
		return ""
	}
	from, to := sc.layer(end)
	return string(sc.s[from:to])
}

// sawService lists the mapped service in s[start:end].
func (sc *scanner) sawService(start, end int) {
	if sc.rep.collect && start >= sc.frozen {
		sc.rep.refs = append(sc.rep.refs, Ref{
			Path: sc.path(start), Kind: KindService, Value: sc.shown(start, end), Layer: sc.layerAt(end), Mapped: true})
	}
}

// online handles ArcGIS Online's shared addresses, which become the target where the URL, or
// the Arcade call Portal('…'), names a mapped item. It returns 0 where that is not so.
func (sc *scanner) online(u *reading, start, depth int, form urlForm) int {
	host := u.host()
	name := strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
	if sc.r.to.host == "" || !strings.HasSuffix(name, "arcgis.com") {
		return 0
	}
	if !slices.Contains(onlineHosts, name) {
		return sc.product(u, name, len(host), start, depth, form)
	}
	end := u.offset(len(host))
	if !sc.namesMapped(u, len(host)) && !sc.portalCall(start, end) && !sc.variableCall(start, end) {
		return 0
	}
	return sc.move(u, &sc.r.to, start, end, depth, form)
}

// namesMapped reports whether a path of the sharing API, the website or its apps names an
// item that moves to the target.
func (sc *scanner) namesMapped(u *reading, from int) bool {
	path := u.text[from:]
	known := func(prefix string) bool { return bytes.HasPrefix(path, []byte(prefix)) }
	if !known("/sharing/rest/content/items/") && !known("/sharing/content/items/") && !known("/home/") && !known("/apps/") {
		return false
	}
	for i := 0; i < len(path); i++ {
		end := wordEnd(path, i)
		if sc.moves(path[i:end]) {
			return true
		}
		i = end
	}
	return false
}

// moves reports whether a word is an id that becomes another one.
func (sc *scanner) moves(word []byte) bool {
	if len(word) != idLen || !hexRun(word) {
		return false
	}
	_, self, ok := sc.r.lookup(word)
	return ok && !self
}

// portalCall reports whether the address in s[start:end] is the argument of Portal(…) and the
// argument after that call is the id of a mapped item.
func (sc *scanner) portalCall(start, end int) bool {
	head := sc.s[max(0, start-40):start]
	trimmed := bytes.TrimRight(bytes.TrimRight(head, `"'\`), " \t\r\n")
	if len(trimmed) == len(head) || !bytes.HasSuffix(bytes.ToLower(trimmed), []byte("portal(")) {
		return false
	}
	i := end
	for _, want := range []string{"/", "'", ")", ",", "'"} {
		for i < len(sc.s) && sc.s[i] <= ' ' {
			i++
		}
		if i >= len(sc.s) {
			return false
		}
		ch, w, _ := decode(sc.s, i)
		if ch == '"' {
			ch = '\''
		}
		if ch == want[0] {
			i += w
		} else if want != "/" {
			return false
		}
	}
	return sc.moves(sc.s[i:wordEnd(sc.s, i)])
}
