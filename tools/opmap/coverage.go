package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/tools/directive"
)

// coverage is the sources joined.
type coverage struct {
	seed    []member
	reasons map[key]reason
	covers  map[key][]directive.Symbol // the symbols whose py directive names the member
	others  []directive.Symbol         // symbols that cover no member of the reference
	routes  []route
	callers map[route][]string
	notes   []note
	stray   []reason // reasons that name no member

	evidence *evidence
}

func join(seed []member, reasons []reason, symbols []directive.Symbol, routes []route, notes []note) *coverage {
	c := &coverage{
		seed: seed, routes: routes, notes: notes,
		reasons: map[key]reason{}, covers: map[key][]directive.Symbol{}, callers: map[route][]string{},
	}
	known := map[key]bool{}
	for _, m := range seed {
		known[m.key()] = true
	}
	for _, r := range reasons {
		if !known[r.key] {
			c.stray = append(c.stray, r)
		}
		c.reasons[r.key] = r
	}
	for _, s := range symbols {
		covers := false
		for _, name := range s.Py {
			if k, ok := pyKey(name); ok && known[k] {
				c.covers[k] = append(c.covers[k], s)
				covers = true
			}
		}
		if !covers {
			c.others = append(c.others, s)
		}
		for _, op := range s.Ops {
			if r, ok := c.route(op); ok && !slices.Contains(c.callers[r], s.Name) {
				c.callers[r] = append(c.callers[r], s.Name)
			}
		}
	}
	return c
}

// pyKey reads arcgis.gis.User.update, and arcgis.gis.User for the constructor.
func pyKey(name string) (key, bool) {
	rest, ok := strings.CutPrefix(name, "arcgis.gis.")
	if !ok {
		return key{}, false
	}
	class, member, found := strings.Cut(rest, ".")
	if !found || member == "__init__" {
		member = constructor
	}
	return key{class, member}, true
}

// route answers the route that serves op: of several the one with the most fixed segments.
func (c *coverage) route(op directive.Operation) (route, bool) {
	var best route
	fixed := -1
	for _, r := range c.routes {
		if n := fixedSegments(r.pattern); n > fixed && r.serves(op) {
			best, fixed = r, n
		}
	}
	return best, fixed >= 0
}

func fixedSegments(pattern string) int {
	n := 0
	for segment := range strings.SplitSeq(pattern, "/") {
		if !variable(segment) {
			n++
		}
	}
	return n
}

// Words of the status column.
const (
	done    = "done"
	missing = "missing"
)

func (c *coverage) status(m member) string {
	if len(c.covers[m.key()]) > 0 {
		return done
	}
	if r, ok := c.reasons[m.key()]; ok {
		return r.status
	}
	return missing
}

// problems names what a person has to mend.
func (c *coverage) problems() error {
	var errs []error
	for _, m := range c.seed {
		_, excused := c.reasons[m.key()]
		switch covered := len(c.covers[m.key()]) > 0; {
		case covered && excused:
			errs = append(errs, fmt.Errorf("%s is covered by %s: delete its line in reasons.tsv", m.key(), c.covers[m.key()][0].Name))
		case !covered && !excused:
			errs = append(errs, fmt.Errorf("%s has neither a py: directive nor a line in reasons.tsv", m.key()))
		}
	}
	for _, r := range c.stray {
		errs = append(errs, fmt.Errorf("reasons.tsv names %s, which the reference does not have", r.key))
	}
	return errors.Join(errs...)
}
