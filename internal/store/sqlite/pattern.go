package sqlite

import (
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// patternWords is how many words of the vocabulary one pattern may stand for.
const patternWords = 512

// piece is a part of a pattern between characters that are no part of words.
type piece struct {
	literal string // what precedes the first wildcard, or all
	glob    string // for GLOB; empty without a wildcard
	stars   bool   // the wildcards are one or more * at the end
}

// patternIn matches a pattern word by word: "web-ma*" is the word web and one that begins
// with ma. A prefix is a question for the index; other patterns are looked up in the
// vocabulary first. There, letters with accents match only as written without them.
func (c *compiler) patternIn(pattern, columns string) (cond, error) {
	var all []string
	for _, p := range pieces(pattern) {
		match := quote(p.literal)
		switch {
		case p.glob == "":
		case p.stars && p.literal == "":
			continue
		case p.stars:
			match += " *"
		default:
			found, err := c.vocabulary(p, pattern)
			if err != nil {
				return cond{}, err
			}
			if len(found) == 0 {
				return cond{kind: no}, nil
			}
			for i, w := range found {
				found[i] = "{" + columns + "} : " + quote(w)
			}
			all = append(all, matchAny(found))
			continue
		}
		all = append(all, "{"+columns+"} : "+match)
	}
	if len(all) == 0 {
		return cond{kind: skip}, nil
	}
	return cond{kind: words, table: c.ix.words, match: matchAll(all)}, nil
}

// vocabulary returns the indexed words that a piece matches.
func (c *compiler) vocabulary(p piece, pattern string) ([]string, error) {
	from := fold(p.literal)
	found, err := column[string](c.tx.rows("SELECT term FROM "+c.ix.vocabulary+" WHERE term>=? AND term<? AND term GLOB ? LIMIT ?",
		from, from+"\U0010FFFF", p.glob, patternWords+1))
	if err == nil && len(found) > patternWords {
		return nil, portal.ErrBadParam("q", fmt.Sprintf("has the pattern %s, which stands for more than %d words: give it more letters before the first wildcard", pattern, patternWords))
	}
	return found, err
}

// pieces splits a pattern, in which a backslash makes the next character an ordinary one.
func pieces(pattern string) []piece {
	var list []piece
	var literal, glob strings.Builder
	wild := false
	end := func() {
		p := piece{literal: literal.String()}
		if wild {
			p.glob = glob.String()
			p.stars = strings.Trim(p.glob[len(globText(p.literal)):], "*") == ""
		}
		if wild || p.literal != "" {
			list = append(list, p)
		}
		wild = false
		literal.Reset()
		glob.Reset()
	}
	escaped := false
	for _, r := range pattern {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && (r == '*' || r == '?'):
			wild = true
			glob.WriteRune(r)
		case !isWordRune(r):
			end()
		default:
			glob.WriteString(globText(fold(string(r))))
			if !wild {
				literal.WriteString(fold(string(r)))
			}
		}
		escaped = false
	}
	end()
	return list
}

// globOf turns a whole pattern into one for GLOB, folded.
func globOf(pattern string) string {
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && (r == '*' || r == '?'):
			b.WriteRune(r)
		default:
			b.WriteString(globText(fold(string(r))))
		}
		escaped = false
	}
	return b.String()
}

// globText is s as GLOB matches it literally.
func globText(s string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(s)
}
