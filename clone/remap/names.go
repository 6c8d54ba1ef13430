package remap

// name handles the word in s[i:j] where account names or organization ids are mapped. It
// returns where scanning goes on.
func (sc *scanner) name(i, j int) int {
	if i < sc.frozen {
		return j
	}
	if len(sc.r.orgs) > 0 {
		if to, ok := sc.r.orgs[string(sc.s[i:j])]; ok && sc.isOrg(i) && to != string(sc.s[i:j]) {
			sc.replace(i, j, []byte(to), RuleOrg)
			return j
		}
	}
	if len(sc.r.clients) > 0 {
		if to, ok := sc.r.clients[string(sc.s[i:j])]; ok && (j-i >= randomClient || sc.isClient(i)) && to != string(sc.s[i:j]) {
			sc.replace(i, j, []byte(to), RuleClient)
			return j
		}
	}
	if len(sc.r.users) == 0 || sc.nameless {
		return j
	}
	word := sc.s[i:j]
	around := sc.around(i)
	portal := around != nil && around.portal
	switch {
	case portal && equalFold(word, "users"):
		return sc.user(j, "/")
	case (portal || sc.where.query()) && equalFold(word, "owner"):
		if portal {
			if next := sc.user(j, "="); next > j {
				return next
			}
		}
		return sc.user(j, ":")
	}
	return j
}

// isOrg reports whether the word at s[i] stands where an organization id is expected.
func (sc *scanner) isOrg(i int) bool {
	if sc.where.org() {
		return true
	}
	before := sc.s[sc.prev.start:sc.prev.end]
	if sc.prev.end == 0 || sc.prev.end >= i {
		return false
	}
	sep, w, _ := decode(sc.s, sc.prev.end)
	if sc.prev.end+w != i {
		return false
	}
	switch sep {
	case ':', '=':
		return equalFold(before, "orgid") || equalFold(before, "accountid")
	case '/':
		c := sc.around(i)
		return c != nil && c.portal && equalFold(before, "portals")
	}
	return false
}

// randomClient is the length from which a client id is random, so that it means the application
// wherever it stands.
const randomClient = 16

// isClient reports whether the word at s[i] stands where a client id is expected.
func (sc *scanner) isClient(i int) bool {
	if sc.where.client() {
		return true
	}
	before := sc.s[sc.prev.start:sc.prev.end]
	if sc.prev.end == 0 || sc.prev.end >= i {
		return false
	}
	sep, w, _ := decode(sc.s, sc.prev.end)
	return sep == '=' && sc.prev.end+w == i && (equalFold(before, "clientid") || equalFold(before, "id") &&
		sc.prev.start > len("client_") && equalFold(sc.s[sc.prev.start-len("client_"):sc.prev.start], "client_"))
}

// user handles the account name that follows s[i] after a separator and, perhaps, a quote.
// It returns where the name ends, i if there is none.
func (sc *scanner) user(i int, sep string) int {
	start := matchText(sc.s, i, sep)
	if start < 0 || start >= len(sc.s) {
		return i
	}
	if ch, w, _ := decode(sc.s, start); ch == '"' {
		start += w
	}
	var name []byte
	end := start
	for end < len(sc.s) {
		ch, w, _ := decode(sc.s, end)
		if !isAlnum(ch) && ch != '.' && ch != '_' && ch != '@' && ch != '-' {
			break
		}
		name = append(name, lower(ch))
		end += w
	}
	to, ok := sc.r.users[string(name)]
	if !ok {
		return i
	}
	if to != string(sc.s[start:end]) {
		_, _, depth := decode(sc.s, i)
		sc.replace(start, end, spelling{[]byte{'/'}, []byte{':'}, depth}.append(nil, to), RuleUser)
	}
	return end
}
