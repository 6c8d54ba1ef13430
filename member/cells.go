package member

import "strings"

// Spreadsheets take a cell that begins with one of these for a formula.
const formulaStarts = "=+-@\t\r"

// neutral writes a text so that a spreadsheet shows it and computes nothing: with an apostrophe
// before a text that would be a formula, or that has such an apostrophe already. [plain] reads
// it back.
func neutral(s string) string {
	if isFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// plain undoes [neutral].
func plain(s string) string {
	if strings.HasPrefix(s, "'") && isFormula(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}

func isFormula(s string) bool { return s != "" && strings.IndexByte(formulaStarts, s[0]) >= 0 }

// joinList writes a list into one cell, separated by semicolons. [splitList] reads it.
func joinList(list []string) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = escape(s, ";")
	}
	return strings.Join(parts, "; ")
}

// splitList reads the list of a cell: its parts without blanks around them, empty ones left out.
func splitList(cell string) []string {
	var out []string
	for _, part := range splitEscaped(cell, ';') {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, unescape(part))
		}
	}
	return out
}

// escape puts a backslash before each of the characters, which are ASCII, and before
// backslashes.
func escape(s, chars string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] == '\\' || strings.IndexByte(chars, s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	escaped := false
	for i := range len(s) {
		if s[i] == '\\' && !escaped {
			escaped = true
			continue
		}
		b.WriteByte(s[i])
		escaped = false
	}
	if escaped {
		b.WriteByte('\\')
	}
	return b.String()
}

// splitEscaped cuts at each separator that has no backslash before it, and keeps escapes.
func splitEscaped(s string, sep byte) []string {
	var out []string
	from, escaped := 0, false
	for i := range len(s) {
		switch {
		case escaped:
			escaped = false
		case s[i] == '\\':
			escaped = true
		case s[i] == sep:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

// cutEscaped is strings.Cut at the first separator without a backslash.
func cutEscaped(s string, sep byte) (before, after string, found bool) {
	parts := splitEscaped(s, sep)
	if len(parts) == 1 {
		return s, "", false
	}
	return parts[0], s[len(parts[0])+1:], true
}
