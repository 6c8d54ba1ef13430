package clone

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// plainSearch finds what is left of the source by spelling a text plainly and comparing words.
// It shares nothing with package remap, so that a mistake there does not hide itself.
type plainSearch struct {
	moved     map[string]string // kinds of source ids that have another id on the target
	addresses []string          // of the source, without scheme, in lower case
	target    string            // address of the target, likewise
}

var (
	serviceAddress = regexp.MustCompile(`(?:https?:)?//[^\s"'<>\\]*/rest/services[^\s"'<>\\]*`)
	dataAddress    = regexp.MustCompile(`data:[a-z0-9.+/-]+;base64,[a-z0-9+/=]+`)
)

// spellings is how often a text is spelled out: addresses stand in addresses, percent-encoded.
const spellings = 4

func newPlainSearch(v *survey) plainSearch {
	p := plainSearch{moved: map[string]string{}}
	for kind, ids := range map[string]map[string]string{"item": v.items, "group": v.groups, "folder": v.folders} {
		for from, to := range ids {
			if from != to {
				p.moved[from] = kind
			}
		}
	}
	bare := func(address string) string {
		_, rest, _ := strings.Cut(strings.ToLower(address), "://")
		return rest
	}
	for _, a := range v.src.addresses() {
		p.addresses = append(p.addresses, bare(a))
	}
	p.target = bare(v.dst.side.Address)
	return p
}

// search lists each id and address of the source once. Addresses of services stay, with what
// they are named after, and so does what is embedded in base64.
func (p *plainSearch) search(text []byte) []finding {
	plain := spellPlainly(text)
	plain = serviceAddress.ReplaceAllString(plain, " ")
	plain = dataAddress.ReplaceAllString(plain, " ")
	var out []finding
	seen := map[string]bool{}
	for _, word := range idInSetting.FindAllStringIndex(plain, -1) {
		id := plain[word[0]:word[1]]
		whole := (word[0] == 0 || !isWordByte(plain[word[0]-1])) && (word[1] == len(plain) || !isWordByte(plain[word[1]]))
		if kind := p.moved[id]; whole && kind != "" && !seen[id] && esri.IsID(id) {
			seen[id] = true
			out = append(out, finding{kind: kind, value: id})
		}
	}
	for _, a := range p.addresses {
		if p.names(plain, a) && !seen[a] {
			seen[a] = true
			out = append(out, finding{kind: "address", value: a})
		}
	}
	return out
}

// names reports whether a text holds an address as a whole.
func (p *plainSearch) names(text, address string) bool {
	for i := 0; ; {
		k := strings.Index(text[i:], address)
		if k < 0 {
			return false
		}
		start, end := i+k, i+k+len(address)
		i = end
		longer := end < len(text) && (isWordByte(text[end]) || strings.IndexByte("-_.", text[end]) >= 0 && end+1 < len(text) && isWordByte(text[end+1]))
		if start < 2 || text[start-2:start] != "//" || longer || strings.HasPrefix(text[start:], p.target) {
			continue // part of a longer name, a bare host in prose, or the target below the same host
		}
		return true
	}
}

func isWordByte(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' }

// spellPlainly takes backslashes, percent-encoding and entities out of a text, in lower case.
func spellPlainly(text []byte) string {
	plain := string(bytes.ToLower(text))
	for range spellings {
		was := plain
		plain = strings.ReplaceAll(plain, `\/`, "/")
		if strings.Contains(plain, "&") {
			plain = html.UnescapeString(plain)
		}
		if strings.Contains(plain, "%") {
			plain = percentDecoded(plain)
		}
		if plain == was {
			break
		}
	}
	return strings.ToLower(plain)
}

// percentDecoded decodes %XX of ASCII and leaves everything else.
func percentDecoded(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := strings.IndexByte("0123456789abcdef", s[i+1]), strings.IndexByte("0123456789abcdef", s[i+2])
			if hi >= 2 && hi < 8 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
