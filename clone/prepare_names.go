package clone

import (
	"fmt"
	"path"
	"strings"
)

// Reasons that several kinds of step give.
const (
	sourceChanged = "it changed on the source since it was copied"
	differs       = "it was there before and differs from the source (--update-existing)"
)

// freeTitle returns title with the first number behind it that no other has, and takes it.
func freeTitle(title string, taken map[string]bool) string {
	for n := 2; ; n++ {
		if t := fmt.Sprintf("%s (%d)", title, n); !taken[fold(t)] {
			taken[fold(t)] = true
			return t
		}
	}
}

// freeName does the same for names that may hold no space: accounts.
func freeName(name string, taken map[string]bool) string {
	for n := 2; ; n++ {
		if t := fmt.Sprintf("%s_%d", name, n); !taken[fold(t)] {
			taken[fold(t)] = true
			return t
		}
	}
}

// freeFile does the same for the name of a file, before its extension.
func freeFile(name string, taken func(string) bool) string {
	ext := path.Ext(name)
	base := strings.TrimSuffix(name, ext)
	if base == "" {
		base, ext = name, ""
	}
	for n := 2; ; n++ {
		if t := fmt.Sprintf("%s_%d%s", base, n, ext); !taken(t) {
			return t
		}
	}
}

// addReason adds one more reason to those that a step has.
func (s *Step) addReason(why string) {
	switch {
	case s.Reason == "":
		s.Reason = why
	case !strings.Contains(s.Reason, why):
		s.Reason += "; " + why
	}
}
