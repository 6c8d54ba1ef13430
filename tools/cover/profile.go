package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// block is a run of statements of one file.
type block struct {
	statements int
	reached    bool
}

// readProfile reads what go test -coverprofile writes: a mode line, then
// "file:line.column,line.column statements count" lines, where a block may occur once for
// each test binary.
func readProfile(r io.Reader) ([]share, error) {
	blocks := map[string]block{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if n == 1 && strings.HasPrefix(line, "mode:") {
			continue
		}
		var place string
		var statements, count int
		if _, err := fmt.Sscanf(line, "%s %d %d", &place, &statements, &count); err != nil {
			return nil, fmt.Errorf("line %d of the profile: %w", n, err)
		}
		blocks[place] = block{statements, blocks[place].reached || count > 0}
	}
	return byPackage(blocks), lines.Err()
}
