package remap

import "bytes"

// Limits on one spelled character. They bound how far ahead any decision looks, which
// is what lets [Rewriter.Scan] work through a window.
const (
	maxBackslashes = 8  // `\\\\/` in JSON inside JSON inside JSON
	maxPercent     = 4  // %2525252F
	maxEntity      = 10 // &#x00002F;
	maxGlyph       = 1 + 2*maxPercent + maxBackslashes + maxEntity
)

// decode reads the character at s[i] under any spelling that text inside item data uses:
// plain, percent-encoded (also repeatedly), backslash-escaped, or an HTML entity. w is the
// number of bytes it takes, depth how often it is percent-encoded. Characters outside ASCII
// come back as some byte >= 0x80.
func decode(s []byte, i int) (ch byte, w, depth int) {
	switch s[i] {
	case '%':
		return decodePercent(s, i)
	case '\\':
		ch, w = decodeBackslash(s, i)
		return ch, w, 0
	case '&':
		ch, w = decodeEntity(s, i)
		return ch, w, 0
	}
	return s[i], 1, 0
}

func decodePercent(s []byte, i int) (ch byte, w, depth int) {
	v, ok := hexByte(s, i+1)
	if !ok {
		return '%', 1, 0
	}
	w, depth = 3, 1
	for v == '%' && depth < maxPercent {
		next, ok := hexByte(s, i+w)
		if !ok {
			break
		}
		v = next
		w += 2
		depth++
	}
	return v, w, depth
}

func decodeBackslash(s []byte, i int) (ch byte, w int) {
	n := 1
	for n < maxBackslashes && i+n < len(s) && s[i+n] == '\\' {
		n++
	}
	if i+n >= len(s) {
		return '\\', n
	}
	switch c := s[i+n]; c {
	case '/', '"', '\'':
		return c, n + 1
	case 'n', 'r', 't':
		return '\n', n + 1
	case 'b', 'f':
		// In C:\folder\b0… the letter belongs to an id, in "\b…" it does not.
		if isIDAt(s, i+n) {
			return '\\', n
		}
		return '\n', n + 1
	case 'u':
		hi, ok1 := hexByte(s, i+n+1)
		lo, ok2 := hexByte(s, i+n+3)
		if ok1 && ok2 {
			if hi != 0 {
				lo = 0x80
			}
			return lo, n + 5
		}
	case 'x':
		if v, ok := hexByte(s, i+n+1); ok {
			return v, n + 3
		}
	}
	return '\\', n
}

func decodeEntity(s []byte, i int) (ch byte, w int) {
	tail := s[i+1 : min(len(s), i+maxEntity)]
	semi := bytes.IndexByte(tail, ';')
	if semi < 2 {
		return '&', 1
	}
	w = semi + 2
	name := tail[:semi]
	if name[0] == '#' {
		if v, ok := entityNumber(name[1:]); ok {
			return v, w
		}
		return '&', 1
	}
	switch string(name) {
	case "amp":
		return '&', w
	case "quot":
		return '"', w
	case "apos":
		return '\'', w
	case "lt":
		return '<', w
	case "gt":
		return '>', w
	case "sol":
		return '/', w
	case "colon":
		return ':', w
	case "equals":
		return '=', w
	case "nbsp":
		return ' ', w
	}
	return '&', 1
}

// entityNumber reads the digits of &#47; or &#x2F;.
func entityNumber(digits []byte) (byte, bool) {
	base := 10
	if len(digits) > 1 && digits[0]|0x20 == 'x' {
		base, digits = 16, digits[1:]
	}
	n := 0
	for _, c := range digits {
		d := int(hexValue[c])
		if d >= base {
			return 0, false
		}
		n = n*base + d // at most 8 digits: no overflow
	}
	if n >= 0x80 {
		return 0x80, true
	}
	return byte(n), len(digits) > 0
}

// A spelling is how one stretch of text writes the separators of an address, so that what
// replaces it is written alike.
type spelling struct {
	slash, colon []byte
	depth        int // percent-encoding depth
}

// spellingOf takes the spelling from the first slash and the first colon of a stretch. Where
// it has no slash, the character after it decides.
func spellingOf(s []byte, start, end int) spelling {
	var sp spelling
	for i := start; i < len(s); {
		ch, w, depth := decode(s, i)
		if ch == ':' && sp.colon == nil && i < end {
			sp.colon = s[i : i+w]
		}
		if ch == '/' {
			sp.slash, sp.depth = s[i:i+w], depth
			break
		}
		if i >= end {
			break
		}
		i += w
	}
	if sp.slash == nil {
		sp.slash = []byte{'/'}
	}
	if sp.colon == nil {
		sp.colon = appendPercent(nil, ':', sp.depth)
	}
	return sp
}

// append writes text, an address in plain spelling, in this spelling.
func (sp spelling) append(dst []byte, text string) []byte {
	for i := range len(text) {
		switch c := text[i]; {
		case c == '/':
			dst = append(dst, sp.slash...)
		case c == ':':
			dst = append(dst, sp.colon...)
		case isAlnum(c) || c == '.' || c == '-' || c == '_' || c == '~':
			dst = append(dst, c)
		default:
			dst = appendPercent(dst, c, sp.depth)
		}
	}
	return dst
}

// appendPercent writes c percent-encoded depth times; 0 leaves it plain.
func appendPercent(dst []byte, c byte, depth int) []byte {
	if depth == 0 {
		return append(dst, c)
	}
	const digits = "0123456789ABCDEF"
	dst = append(dst, '%')
	for range depth - 1 {
		dst = append(dst, '2', '5')
	}
	return append(dst, digits[c>>4], digits[c&15])
}
