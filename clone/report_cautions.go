package clone

import (
	"fmt"
	"maps"
	"slices"

	"github.com/rhumb-gis/rhumb/clone/remap"
)

// shownCautions is how many items one warning names; the others are counted.
const shownCautions = 20

// caution is what the rewriting gave up in the same way in several items.
type caution struct {
	items map[string]map[string]bool // places, by the items that are named: the first ones
	more  map[string]bool            // the other items
}

// caution notes a warning about a place of an item. The report names item and place, once for
// each item, with the number of places.
func (r *Report) caution(text, item, place string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cautions == nil {
		r.cautions = map[string]*caution{}
	}
	c := r.cautions[text]
	if c == nil {
		c = &caution{items: map[string]map[string]bool{}, more: map[string]bool{}}
		r.cautions[text] = c
	}
	if c.items[item] != nil {
		c.items[item][place] = true
		return
	}
	if c.more[item] {
		return
	}
	c.items[item] = map[string]bool{place: true}
	if len(c.items) > shownCautions { // which ones are named does not depend on the order of work
		last := slices.Max(slices.Collect(maps.Keys(c.items)))
		delete(c.items, last)
		c.more[last] = true
	}
}

// notes are the lines of the report.
func (c *caution) notes(text string) []string {
	var out []string
	for item, places := range c.items {
		where := slices.Min(slices.Collect(maps.Keys(places)))
		switch n := len(places); {
		case n == 2:
			where += " and one other place"
		case n > 2:
			where += fmt.Sprintf(" and %d other places", n-1)
		}
		out = append(out, fmt.Sprintf("%s, %s: %s", item, where, text))
	}
	if n := len(c.more); n > 0 {
		out = append(out, fmt.Sprintf("%d more items: %s", n, text))
	}
	return out
}

// cautions are the warnings of a rewriting, and what it left out of addresses, which holds secrets
// and is told without them.
func cautions(rep remap.Report) []remap.Warning {
	out := slices.Clone(rep.Warnings)
	for _, ch := range rep.Changes {
		switch ch.Rule {
		case remap.RuleToken:
			out = append(out, remap.Warning{Path: ch.Path, Text: "a token of the source was left out of an address"})
		case remap.RuleCredentials:
			out = append(out, remap.Warning{Path: ch.Path, Text: "a user name or password was left out of an address of the source"})
		}
	}
	return out
}
