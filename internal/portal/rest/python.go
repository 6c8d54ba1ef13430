package rest

import "strings"

// fromPython turns the text that Python prints for a dict or list into JSON. Strings may
// stand in either kind of quotes, with u” prefixes; True, False and None become JSON's words.
func fromPython(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '\'' || c == '"':
			i = copyPythonString(&b, s, i)
		case c == 'u' && i+1 < len(s) && (s[i+1] == '\'' || s[i+1] == '"'):
			i = copyPythonString(&b, s, i+1)
		case strings.HasPrefix(s[i:], "True"):
			b.WriteString("true")
			i += 4
		case strings.HasPrefix(s[i:], "False"):
			b.WriteString("false")
			i += 5
		case strings.HasPrefix(s[i:], "None"):
			b.WriteString("null")
			i += 4
		case c == '(':
			b.WriteByte('[')
			i++
		case c == ')':
			b.WriteByte(']')
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// copyPythonString writes the string literal that starts at s[i] as a JSON string and
// returns the index behind it.
func copyPythonString(b *strings.Builder, s string, i int) int {
	quote := s[i]
	b.WriteByte('"')
	for i++; i < len(s) && s[i] != quote; i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			if s[i] != '\'' {
				b.WriteByte('\\')
			}
			b.WriteByte(s[i])
		case c == '"':
			b.WriteString(`\"`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return i + 1
}
