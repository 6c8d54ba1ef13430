package clone

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/rhumb-gis/rhumb/gis"
)

// Recorded is a journal in the user's state folder.
type Recorded struct {
	Path   string
	Header Header
}

// JournalsInto lists the journals of clones into target, so that an undo need not know the
// source.
func JournalsInto(ctx context.Context, target *gis.Portal) ([]Recorded, error) {
	self, err := target.Self(ctx)
	if err != nil {
		return nil, fmt.Errorf("target portal: %w", err)
	}
	dir, err := journalFolder()
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(globQuote(dir) + "/*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("journals: %w", err)
	}
	slices.Sort(paths)
	var out []Recorded
	for _, p := range paths {
		h, err := readHeader(p)
		if err != nil {
			return nil, err
		}
		if h != nil && h.Target.Key == newSide(target, self).Key {
			out = append(out, Recorded{p, *h})
		}
	}
	return out, nil
}

// readHeader reads the first line of a journal, without its lock; nil for one without a run.
func readHeader(path string) (*Header, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadBytes('\n')
	if err != nil {
		return nil, nil // empty, or cut off in its first line
	}
	e, err := parseLine(line)
	if err != nil {
		return nil, fmt.Errorf("journal %s: %w", path, err)
	}
	if e.Header == nil {
		return nil, errors.New("journal " + path + " does not begin with a run")
	}
	return e.Header, nil
}
