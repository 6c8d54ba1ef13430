package archtest

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Lines that a hand-written Go file may have.
const (
	softLines = 500 // of a file that is no test; beyond it an exception is needed
	hardLines = 800 // of any file
)

// checkSizes holds files, by name to their number of lines, against the limits. allowed
// gives the files beyond the soft limit their exact size: it is lowered as they shrink, and
// its lines go when they are short enough, so that the list can only shrink.
func checkSizes(lines, allowed map[string]int) []string {
	var bad []string
	for _, file := range slices.Sorted(maps.Keys(lines)) {
		n := lines[file]
		limit, excepted := allowed[file]
		switch {
		case strings.HasSuffix(file, "_gen.go"):
		case n > hardLines:
			bad = append(bad, fmt.Sprintf("%s has %d lines, the hard limit is %d: split it", file, n, hardLines))
		case strings.HasSuffix(file, "_test.go"):
		case excepted && n > limit:
			bad = append(bad, fmt.Sprintf("%s has %d lines and grew beyond its exception of %d: split it", file, n, limit))
		case excepted && n < limit && n > softLines:
			bad = append(bad, fmt.Sprintf("%s shrank to %d lines: lower its exception from %d", file, n, limit))
		case !excepted && n > softLines:
			bad = append(bad, fmt.Sprintf("%s has %d lines, the limit is %d: split it", file, n, softLines))
		}
	}
	for _, file := range slices.Sorted(maps.Keys(allowed)) {
		if lines[file] <= softLines {
			bad = append(bad, file+" needs no exception any more: delete its line")
		}
	}
	return bad
}

// readAllowed reads the exceptions: "file lines" a line, comments begin with #.
func readAllowed(text []byte) (map[string]int, error) {
	allowed := map[string]int{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) != 2 {
			return nil, fmt.Errorf("%q: want a file and its lines", lines.Text())
		}
		n, err := strconv.Atoi(f[1])
		if err != nil {
			return nil, err
		}
		allowed[f[0]] = n
	}
	return allowed, nil
}
