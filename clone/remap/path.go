package remap

import (
	"strconv"
)

// maxSteps is how many keys and indexes a path tells. Of deeper places the middle is left out, or
// the report of a hostile document would be larger than the document by orders of magnitude.
const maxSteps = 200

// path names the string that is being visited.
func (w *walker) path(int) string { return string(w.appendPath(make([]byte, 0, 96))) }

func (w *walker) appendPath(dst []byte) []byte {
	if w.parent != nil {
		dst = append(w.parent.appendPath(dst), "→"...)
	}
	dst = append(dst, '$')
	for i, f := range w.frames {
		if skipped := len(w.frames) - maxSteps; skipped > 0 && i >= maxSteps/2 && i < maxSteps/2+skipped {
			if i == maxSteps/2 {
				dst = append(dst, "…"...)
			}
			continue
		}
		if f.object {
			dst = appendKey(dst, f.key)
		} else {
			dst = append(dst, '[')
			dst = strconv.AppendInt(dst, int64(f.index), 10)
			dst = append(dst, ']')
		}
	}
	if w.inKey {
		dst = append(dst, '~')
	}
	return dst
}

// appendKey adds .key, or ["key"] where the key is not a plain word.
func appendKey(dst, key []byte) []byte {
	plain := len(key) > 0 && key[0]-'0' >= 10
	for _, c := range key {
		plain = plain && (isAlnum(c) || c == '_' || c == '$')
	}
	if plain {
		return append(append(dst, '.'), key...)
	}
	dst = append(append(dst, '[', '"'), key...)
	return append(dst, '"', ']')
}

// key appends the key of the member around the current string, in lower case, and that of the
// level-th member around it; nothing where there is none or the string is itself a key.
func (w *walker) key(dst []byte, level int) []byte {
	if w.inKey {
		return dst
	}
	for i := len(w.frames) - 1; i >= 0; i-- {
		if !w.frames[i].object {
			continue
		}
		if level--; level < 0 {
			dst = unescape(dst, w.frames[i].key)
			break
		}
	}
	for i, c := range dst {
		dst[i] = lower(c)
	}
	return dst
}

func (w *walker) kind() Kind {
	var own, around [64]byte
	return keyKind(w.key(own[:0], 0), w.key(around[:0], 1))
}

func (w *walker) query() bool {
	var own [64]byte
	return queryKey(w.key(own[:0], 0))
}

func (w *walker) org() bool {
	var own [64]byte
	return orgKey(w.key(own[:0], 0))
}

func (w *walker) client() bool {
	var own [64]byte
	return clientKey(w.key(own[:0], 0))
}

// loose is the place of text outside JSON.
type loose struct{}

func (loose) path(offset int) string { return "@" + strconv.Itoa(offset) }
func (loose) kind() Kind             { return "" }
func (loose) query() bool            { return false }
func (loose) org() bool              { return false }
func (loose) client() bool           { return false }
