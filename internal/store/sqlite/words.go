package sqlite

import (
	"bytes"
	"encoding/json"
	"html"
	"strings"
)

// between separates the values of a list in a full-text column. It is a word of its own (a
// private-use character), so that no phrase reaches from one value into the next.
const between = " \uE000 "

// indexWords replaces the words of object n in both full-text tables of an index; words are
// in the order of their columns.
func (t *tx) indexWords(ix *index, n int64, words ...string) error {
	args := []any{n}
	for _, w := range words {
		args = append(args, strings.ReplaceAll(w, "\x00", " "))
	}
	for _, text := range ix.insertWords {
		if err := t.exec(text, args...); err != nil {
			return err
		}
	}
	return nil
}

func values(list []string) string { return strings.Join(list, between) }

// plain is the text of HTML: tags become spaces, entities characters.
func plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			break
		}
		end := strings.IndexByte(s[open:], '>')
		if end < 0 {
			break
		}
		b.WriteString(s[:open])
		b.WriteByte(' ')
		s = s[open+end+1:]
	}
	b.WriteString(s)
	return html.UnescapeString(b.String())
}

// jsonWords returns the string values inside JSON; what is no JSON has none.
func jsonWords(doc json.RawMessage) string {
	if len(doc) == 0 {
		return ""
	}
	var v any
	if json.NewDecoder(bytes.NewReader(doc)).Decode(&v) != nil {
		return ""
	}
	var list []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			list = append(list, v)
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(v)
	return values(list)
}

// inList is a list as the argument of json_each: one text serves any number of values.
func inList(list []string) string {
	b, _ := json.Marshal(list) // strings always encode
	return string(b)
}

func foldAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fold(s)
	}
	return out
}

func numberList(list []int64) string {
	b, _ := json.Marshal(list) // numbers always encode
	return string(b)
}
