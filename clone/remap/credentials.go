package remap

import "bytes"

// maxUserinfo is how many characters the user name and password of an address may have.
const maxUserinfo = 64

// userinfo is the length of the user name and password that the reading starts with, with the
// @ behind them; 0 if there is none.
func (u *reading) userinfo() int {
	if bytes.IndexByte(u.text, '@') < 0 {
		return 0
	}
	n := bytes.IndexAny(u.text, "/?#")
	if n < 0 {
		n = len(u.text)
	}
	at := bytes.LastIndexByte(u.text[:n], '@')
	if at <= 0 || at > maxUserinfo || at+1 == n {
		return 0
	}
	for _, c := range u.text[:at] {
		if !inUserinfo(c) {
			return 0
		}
	}
	return at + 1
}

func inUserinfo(c byte) bool {
	return isAlnum(c) || bytes.IndexByte([]byte("-._~:!$*+%@"), c) >= 0
}

// userinfo is where the host starts behind a user name and password at s[i]; 0 if there is none.
func (sc *scanner) userinfo(i int) (host int) {
	for n := 0; n <= maxUserinfo && i < len(sc.s); n++ {
		ch, w, _ := decode(sc.s, i)
		if !inUserinfo(ch) {
			break
		}
		i += w
		if ch == '@' && n > 0 && startsHost(sc.s, i) {
			host = i
		}
	}
	return host
}

// credentials handles a URL with a user name and password that end before the host at s[host].
// Those of the source are nobody's business on the target; others are left and reported.
func (sc *scanner) credentials(start, auth, host, depth int, form urlForm) int {
	p, end := sc.r.portal(sc.s, host)
	u := sc.read(host, depth)
	sc.secret = span{auth, host}
	defer func() { sc.secret = span{} }()
	switch {
	case start < sc.frozen:
	case p != nil && !p.target, sc.movesService(u):
		sc.rep.Changes = append(sc.rep.Changes, Change{Path: sc.path(start), Rule: RuleCredentials})
	case sc.r.root(sc.s, host) > 0:
		sc.rep.Changes = append(sc.rep.Changes, Change{Path: sc.path(start), Rule: RuleCredentials})
		sc.edits = append(sc.edits, edit{sc.secret, nil})
	default:
		sc.warn(start, "an address on "+u.host()+" holds a user name or password: it was copied as it is")
	}
	return sc.located(u, p, start, host, end, depth, form)
}

// movesService reports whether the URL is that of a service that moves.
func (sc *scanner) movesService(u *reading) bool {
	n := serviceEnd(u.text)
	if n == 0 {
		return false
	}
	svc, ok := sc.r.services[string(u.key(n))]
	return ok && !svc.keep
}

// shown is the text of s[start:end] as a report may show it.
func (sc *scanner) shown(start, end int) string {
	if cut := sc.secret; cut.start < cut.end && cut.start >= start && cut.end <= end {
		return string(sc.s[start:cut.start]) + string(sc.s[cut.end:end])
	}
	return string(sc.s[start:end])
}

// warnToken reports a service of another server whose address, the first n characters of the
// reading, carries a token.
func (sc *scanner) warnToken(u *reading, start, n int) {
	if i := bytes.Index(u.text[n:], []byte("token=")); i > 0 && start >= sc.frozen && !isAlnum(u.text[n+i-1]) {
		sc.warn(start, "the address of a service on "+u.host()+" carries a token: it was copied as it is and may expire")
	}
}

// warn adds a warning about the place of s[i].
func (sc *scanner) warn(i int, text string) {
	sc.rep.Warnings = append(sc.rep.Warnings, Warning{Path: sc.path(i), Text: text})
}
