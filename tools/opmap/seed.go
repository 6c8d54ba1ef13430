package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
)

// constructor is the member name that stands for a class itself.
const constructor = "(constructor)"

// member is one entry of the Python reference.
type member struct {
	class, name, kind, signature string
}

// key names a member across the sources.
type key struct{ class, name string }

func (m member) key() key { return key{m.class, m.name} }

func (k key) String() string { return k.class + "." + k.name }

// reason says why nothing covers a member.
type reason struct {
	key
	status, theme, text string
}

// Statuses of a reason.
const (
	later = "later" // comes with its theme
	never = "none"  // has no place in Go
)

func readSeed(file string) ([]member, error) {
	var seed []member
	seen := map[key]bool{}
	err := readTSV(file, 4, func(f []string) error {
		m := member{f[0], f[1], f[2], f[3]}
		if seen[m.key()] {
			return fmt.Errorf("%s is listed twice", m.key())
		}
		seen[m.key()] = true
		seed = append(seed, m)
		return nil
	})
	return seed, err
}

func readReasons(file string) ([]reason, error) {
	var reasons []reason
	seen := map[key]bool{}
	err := readTSV(file, 5, func(f []string) error {
		r := reason{key{f[0], f[1]}, f[2], f[3], f[4]}
		switch {
		case seen[r.key]:
			return fmt.Errorf("%s has two reasons", r.key)
		case r.status != later && r.status != never:
			return fmt.Errorf("%s: status %q is neither %q nor %q", r.key, r.status, later, never)
		case slices.Contains(f, ""):
			return fmt.Errorf("%s: a column is empty", r.key)
		}
		seen[r.key] = true
		reasons = append(reasons, r)
		return nil
	})
	return reasons, err
}

// readTSV calls row with the columns of each line; lines that begin with # and empty ones
// are comments.
func readTSV(file string, columns int, row func([]string) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != columns {
			return fmt.Errorf("%s:%d: %d columns, want %d", file, n, len(fields), columns)
		}
		if err := row(fields); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
	}
	return lines.Err()
}
