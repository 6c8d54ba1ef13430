package clone

import (
	"context"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/gis"
)

// compareFolders compares owner and title of each folder with its copy.
func (c *comparison) compareFolders() {
	there := map[string]*gis.Folder{}
	for _, f := range c.v.to.folders {
		there[string(f.ID)] = f
	}
	for _, s := range c.v.plan.Steps {
		if s.Kind != KindFolder || s.Action == Skip {
			continue
		}
		f := there[s.Target]
		if f == nil {
			c.compare(s, "owner", fold(c.v.users[fold(s.Owner)]), "no such folder")
			continue
		}
		c.compare(s, "title", s.Title, f.Title)
		c.compare(s, "owner", fold(c.v.users[fold(s.Owner)]), fold(f.Username))
	}
}

// compareShares compares access levels and group sets of all copied items. Wider is a
// difference as much as narrower.
func (c *comparison) compareShares() {
	there := map[string]*censusItem{}
	for _, t := range c.v.to.items {
		there[t.ID] = t
	}
	for _, it := range c.v.from.items {
		t := there[c.v.items[it.ID]]
		if c.v.skipped[it.ID] || t == nil || c.v.stays(it.ID) {
			continue
		}
		groups := c.wantGroups(it.ID)
		s := Step{Kind: KindShare, Source: it.ID, Target: t.ID, Title: it.Title}
		c.compare(s, "access", c.v.itemLevel(it.Access, groups != ""), t.Access)
		c.compare(s, "groups", groups, set(c.v.groupsThen[t.ID]))
	}
}

// wantGroups maps the groups of an item; one without a copy is named by its source id.
func (c *comparison) wantGroups(item string) string {
	var out []string
	for _, id := range c.v.groupsOf[item] {
		if t := c.v.groups[id]; t != "" {
			out = append(out, t)
		} else if g := c.v.sourceGroup(id); g != nil && !g.systemic() && !c.v.absent[objectKey{KindGroup, id}] {
			out = append(out, "the copy of "+id)
		}
	}
	return set(out)
}

// compareRelations compares the relationships of which each copied item is the origin.
func (c *comparison) compareRelations(ctx context.Context) error {
	unread := map[string]bool{}
	for i, it := range c.v.from.items {
		if t := c.v.items[it.ID]; t != "" && !c.v.skipped[it.ID] && !c.v.stays(it.ID) && c.v.related[i] == nil {
			unread[t] = true
		}
	}
	var items []*censusItem
	for _, it := range c.v.to.items {
		if unread[it.ID] {
			items = append(items, it)
		}
	}
	c.m.begin("compare relationships", len(items), 0)
	read := newRelationReader(c.v.dst)
	found := make([][]relation, len(items))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, it := range items {
		g.Go(func() (err error) {
			found[i], err = read.of(gctx, it)
			c.m.finish(MeterEvent{})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, it := range c.v.from.items { // the others were read with those of the source
		if !c.v.skipped[it.ID] && !c.v.stays(it.ID) {
			found = append(found, c.v.related[i])
		}
	}
	c.matchRelations(slices.Concat(found...))
	return nil
}

func (c *comparison) matchRelations(found []relation) {
	have := map[string]bool{}
	for _, r := range found {
		have[r.String()] = true
	}
	var missing []Step
	for _, s := range c.v.plan.Steps {
		if s.Kind != KindRelationship || s.Action == Skip {
			continue
		}
		r, err := parseRelation(s.Source)
		if err != nil {
			continue
		}
		from, to := c.v.items[r.origin], c.v.items[r.destination]
		if from == "" || to == "" {
			continue // the missing item is reported by itself
		}
		want := relation{from, to, r.kind}.String()
		if have[want] {
			delete(have, want)
			if s.Action != Match { // those are counted with the plan
				c.rep.Result.Relationships.Matched++
			}
			continue
		}
		s.Target = want
		missing = append(missing, s)
	}
	for _, s := range missing {
		c.explain(s, have)
	}
	for _, extra := range slices.Sorted(maps.Keys(have)) {
		p := strings.Fields(extra)
		c.rep.differ(Difference{Kind: KindRelationship, Target: extra, Field: "(object)", Want: "no relationship", Got: p[2] + " from " + p[0] + " to " + p[1]})
	}
}

// explain reports a relationship that is missing: as a changed one where another that differs
// in one part stands in its place.
func (c *comparison) explain(s Step, have map[string]bool) {
	want, _ := parseRelation(s.Target)
	for _, text := range slices.Sorted(maps.Keys(have)) {
		got, _ := parseRelation(text)
		switch {
		case got.destination == want.destination && got.kind == want.kind:
			c.compare(s, "origin", want.origin, got.origin)
		case got.origin == want.origin && got.kind == want.kind:
			c.compare(s, "destination", want.destination, got.destination)
		case got.origin == want.origin && got.destination == want.destination:
			c.compare(s, "type", want.kind, got.kind)
		default:
			continue
		}
		delete(have, text)
		return
	}
	c.compare(s, "(object)", want.kind+" from "+want.origin+" to "+want.destination, "no relationship")
}
