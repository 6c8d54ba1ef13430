package clone

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// stored is what earlier runs stored with items, read from their journals when first asked for:
// few items need it, and memory does not keep it.
type stored struct {
	once      sync.Once
	err       error
	resources map[string][]string // by source item
}

// madeResources lists the resources that earlier runs stored with the copy of an item.
func (a *applier) madeResources(source string) ([]string, error) {
	a.stored.once.Do(func() {
		wanted := func(id string) bool { s := a.steps[id]; return s != nil && s.Action != Match && s.Action != Skip }
		a.stored.resources, a.stored.err = readStored(a.j.Path(), wanted)
	})
	return a.stored.resources[source], a.stored.err
}

// readStored collects from a journal and from its archived ones which resources were stored.
func readStored(journal string, wanted func(item string) bool) (map[string][]string, error) {
	paths, err := filepath.Glob(globQuote(journal) + ".[0-9][0-9][0-9][0-9]")
	if err != nil {
		return nil, fmt.Errorf("archived journals: %w", err)
	}
	out := map[string][]string{}
	for _, path := range append(paths, journal) {
		if err := readStoredIn(path, wanted, out); err != nil {
			return nil, fmt.Errorf("read the journal %s: %w", path, err)
		}
	}
	return out, nil
}

func readStoredIn(path string, wanted func(item string) bool, out map[string][]string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for r := bufio.NewReader(f); ; {
		raw, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil // a line that is being written has no end yet
		}
		if err != nil {
			return err
		}
		e, err := parseLine(raw)
		if err != nil {
			continue // the journal was checked when it was opened
		}
		if e.Kind != KindItem || e.Event != EventDone || !wanted(e.Source) {
			continue
		}
		for _, name := range e.Stored {
			if !slices.Contains(out[e.Source], name) {
				out[e.Source] = append(out[e.Source], name)
			}
		}
	}
}
