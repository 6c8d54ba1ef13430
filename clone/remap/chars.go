package remap

import (
	"unicode"
	"unicode/utf8"
)

// noHex marks bytes of hexValue that are no hexadecimal digit.
const noHex = 0xFF

// hexValue is the value of each hexadecimal digit, noHex for other bytes.
var hexValue = func() (t [256]byte) {
	for i := range t {
		t[i] = noHex
	}
	for i := range byte(10) {
		t['0'+i] = i
	}
	for i := range byte(6) {
		t['a'+i], t['A'+i] = 10+i, 10+i
	}
	return t
}()

// Classes of bytes in running text.
const (
	plain  = iota // nothing starts here
	letter        // ASCII letter or digit: part of a word
	mark          // may spell a separator: / ? & % \
)

var class = func() (t [256]byte) {
	for c := range 256 {
		if isAlnum(byte(c)) {
			t[c] = letter
		}
	}
	for _, c := range []byte(`/?&%\`) {
		t[c] = mark
	}
	return t
}()

func isAlnum(c byte) bool {
	return c-'0' < 10 || c|0x20-'a' < 26
}

func lower(c byte) byte {
	if c-'A' < 26 {
		return c | 0x20
	}
	return c
}

func hexByte(s []byte, i int) (byte, bool) {
	if i+2 > len(s) {
		return 0, false
	}
	hi, lo := hexValue[s[i]], hexValue[s[i+1]]
	return hi<<4 | lo&15, hi != noHex && lo != noHex
}

// hexRun reports whether all of s is hexadecimal digits.
func hexRun(s []byte) bool {
	for _, c := range s {
		if hexValue[c] == noHex {
			return false
		}
	}
	return true
}

// isIDAt reports whether exactly 32 hexadecimal characters stand at s[i], with no letter or
// digit after them.
func isIDAt(s []byte, i int) bool {
	return i+idLen <= len(s) && hexRun(s[i:i+idLen]) && (i+idLen == len(s) || !isAlnum(s[i+idLen]))
}

// wordEnd is the end of the letters and digits that start at i.
func wordEnd(s []byte, i int) int {
	for i < len(s) && class[s[i]] == letter {
		i++
	}
	return i
}

// bounded reports whether an address that ends before s[i] ends there for good: what follows
// is neither more of the same host or path segment nor a port.
func bounded(s []byte, i int, hostOnly bool) bool {
	if i >= len(s) {
		return true
	}
	ch, w, _ := decode(s, i)
	switch {
	case isAlnum(ch), ch == '_', ch == '-', ch == '~', ch == '@':
		return false
	case ch == '.':
		return sentenceEnd(s, i+w)
	case ch == ':':
		return i+w >= len(s) || !isDigit(s, i+w)
	case ch >= 0x80 && hostOnly:
		return !continuesHost(s, i)
	}
	return true
}

func isDigit(s []byte, i int) bool {
	ch, _, _ := decode(s, i)
	return ch-'0' < 10
}

// sentenceEnd reports whether a dot before s[i] closes a sentence and no address goes on.
func sentenceEnd(s []byte, i int) bool {
	if i >= len(s) {
		return true
	}
	ch, _, _ := decode(s, i)
	return ch <= ' ' || ch == '"' || ch == '\'' || ch == '<' || ch == ')' || ch == ']'
}

// continuesHost reports whether a host name goes on with the character outside ASCII at s[i]: a
// letter or digit, also behind one of the dots that browsers read as '.'.
func continuesHost(s []byte, i int) bool {
	text := make([]byte, 0, 2*utf8.UTFMax)
	for i < len(s) && len(text) < cap(text) {
		ch, w, _ := decode(s, i)
		text = append(text, ch)
		i += w
	}
	r, n := utf8.DecodeRune(text)
	if r == '\u3002' || r == '\uFF0E' || r == '\uFF61' {
		r, _ = utf8.DecodeRune(text[n:])
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}
