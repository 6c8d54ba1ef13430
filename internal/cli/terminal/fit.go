package terminal

import (
	"strings"
	"unicode/utf8"
)

// Part is a piece of a line. Of parts that do not fit, those of the least weight go first.
type Part struct {
	Text   string
	Weight int
}

// Fit joins parts with two spaces between and leaves out as many as it takes to come within
// width columns. The heaviest stays, cut off if it must.
func Fit(width int, parts ...Part) string {
	kept := make([]Part, 0, len(parts))
	for _, p := range parts {
		if p.Text != "" {
			kept = append(kept, p)
		}
	}
	for {
		length, least := -2, 0
		for i, p := range kept {
			length += 2 + utf8.RuneCountInString(p.Text)
			if p.Weight < kept[least].Weight {
				least = i
			}
		}
		if length <= width || len(kept) <= 1 {
			break
		}
		kept = append(kept[:least], kept[least+1:]...)
	}
	texts := make([]string, len(kept))
	for i, p := range kept {
		texts[i] = p.Text
	}
	return Cut(strings.Join(texts, "  "), width)
}
