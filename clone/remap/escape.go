package remap

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// escapeLen is the length of the JSON escape that s starts with, 0 if it is not valid.
func escapeLen(s []byte) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(s) >= 6 && hexRun(s[2:6]) {
			return 6
		}
	}
	return 0
}

// unescape appends what the inside of a JSON string spells. Halves of surrogate pairs become
// U+FFFD, as in encoding/json; other invalid UTF-8 stays as it is.
func unescape(dst, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		var n int
		dst, n = unescapeOne(dst, raw[i:])
		raw = raw[i+n:]
	}
}

// unescapeOne appends what the valid escape at the start of raw spells, and returns its length.
func unescapeOne(dst, raw []byte) ([]byte, int) {
	switch c := raw[1]; c {
	case 'b':
		return append(dst, '\b'), 2
	case 'f':
		return append(dst, '\f'), 2
	case 'n':
		return append(dst, '\n'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 't':
		return append(dst, '\t'), 2
	case 'u':
		r := unit(raw)
		if !utf16.IsSurrogate(r) {
			return utf8.AppendRune(dst, r), 6
		}
		if len(raw) >= 12 && raw[6] == '\\' && raw[7] == 'u' {
			if r := utf16.DecodeRune(r, unit(raw[6:])); r != utf8.RuneError {
				return utf8.AppendRune(dst, r), 12
			}
		}
		return utf8.AppendRune(dst, utf8.RuneError), 6
	default: // '"', '\\', '/'
		return append(dst, c), 2
	}
}

// unit is the number of a \uXXXX escape.
func unit(raw []byte) rune {
	var r rune
	for _, c := range raw[2:6] {
		r = r<<4 | rune(hexValue[c])
	}
	return r
}

// rawEdits turns edits on the text that a JSON string spells into edits on the string as it
// is written, which starts at offset start of the document.
func rawEdits(dst []edit, raw []byte, start int, edits []edit) []edit {
	slashes := escapesSlashes(raw)
	i, decoded := 0, 0
	var buf [2 * utf8.UTFMax]byte
	seek := func(offset int) int {
		for decoded < offset {
			n := 1
			if raw[i] == '\\' {
				var out []byte
				out, n = unescapeOne(buf[:0], raw[i:])
				decoded += len(out)
			} else {
				decoded++
			}
			i += n
		}
		return start + i
	}
	for _, e := range edits {
		from := seek(e.start)
		to := seek(e.end)
		dst = append(dst, edit{span{from, to}, escape(e.with, slashes)})
	}
	return dst
}

// escapesSlashes reports whether a JSON string writes slashes as \/.
func escapesSlashes(raw []byte) bool {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] == '\\' {
			if raw[i+1] == '/' {
				return true
			}
			i++
		}
	}
	return false
}

// escape writes text as the inside of a JSON string.
func escape(text []byte, slashes bool) []byte {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, len(text)+8)
	for _, c := range text {
		switch {
		case c == '"', c == '\\', c == '/' && slashes:
			out = append(out, '\\', c)
		case c < ' ':
			out = append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			out = append(out, c)
		}
	}
	return out
}
