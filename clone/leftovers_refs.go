package clone

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// scans look through the target for what is left of the source and for what leads nowhere.
type scans struct {
	plain plainSearch
	self  *remap.Rewriter // knows every object of the target as itself

	mu        sync.Mutex
	asked     map[string][]place // ids that the target's listings do not have
	elsewhere map[string]bool    // source item and id: what the source refers to at other portals
	copies    map[string]bool    // ids that copies were given
}

// place is where an id stands in a copy.
type place struct {
	step        Step
	label, path string
	kind        remap.Kind
}

// openScans prepares the search.
func (c *comparison) openScans() error {
	ids := func(n int, id func(int) string) map[string]string {
		m := make(map[string]string, n)
		for i := range n {
			m[id(i)] = id(i)
		}
		return m
	}
	rw, err := remap.New(remap.Map{
		Items:        ids(len(c.v.to.items), func(i int) string { return c.v.to.items[i].ID }),
		Groups:       ids(len(c.v.to.groups), func(i int) string { return string(c.v.to.groups[i].group.ID) }),
		Folders:      ids(len(c.v.to.folders), func(i int) string { return string(c.v.to.folders[i].ID) }),
		Source:       c.v.dst.addresses(),
		Target:       c.v.dst.side.Address,
		ServiceRoots: c.v.dst.serviceRoots(),
	})
	if err != nil {
		return fmt.Errorf("prepare the search for references: %w", err)
	}
	c.scans.plain, c.scans.self = newPlainSearch(c.v), rw
	c.scans.asked, c.scans.copies, c.scans.elsewhere = map[string][]place{}, map[string]bool{}, map[string]bool{}
	for _, m := range []map[string]string{c.v.items, c.v.groups, c.v.folders} {
		for from, to := range m {
			c.scans.copies[to] = from != to
		}
	}
	if c.v.journal != nil {
		for _, k := range []Kind{KindItem, KindGroup} {
			for from, to := range c.v.journal.Mapping(k) {
				c.scans.copies[to] = from != to
			}
		}
	}
	return nil
}

// refer notes what a text of the target refers to. What the listings have is settled at once:
// it is there, of a type that fits its place or not. The rest is asked of the portal later.
func (c *scans) refer(x *itemCheck, label string, part remap.Part, text []byte) {
	if !mayRefer(string(text)) {
		return
	}
	info := x.info
	info.ID = x.step.Target
	for _, ref := range c.self.References(info, part, text) {
		id := strings.ToLower(ref.Value)
		switch ref.Kind {
		case remap.KindItem:
			if it := x.v.to.item(id); it != nil {
				if !typeFits(ref.Types, it.Type) && it.Marked == "" {
					x.compare(x.step, "reference", "a "+strings.ReplaceAll(ref.Types, "|", " or "), fmt.Sprintf("%s %s: %s, a %s", label, ref.Path, id, it.Type))
				}
				continue
			}
		case remap.KindGroup:
			if x.v.to.group(id) != nil {
				continue
			}
		default:
			continue // folders that are not there are private to their owners; services are not asked
		}
		c.mu.Lock()
		c.asked[id] = append(c.asked[id], place{x.step, label, ref.Path, ref.Kind})
		c.mu.Unlock()
	}
}

// abroad notes which ids belong to other portals: the source names them with their address.
func (c *scans) abroad(source string, rep remap.Report) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range rep.External {
		for _, id := range idInSetting.FindAllString(strings.ToLower(r.Value), -1) {
			c.elsewhere[source+" "+id] = true
		}
	}
}

// typeFits reports whether an item of the given type may stand where types are expected. A copy
// has the type of its source, so that a place which has the wrong one had it there too.
func typeFits(types, is string) bool {
	return types == "" || slices.ContainsFunc(strings.Split(types, "|"), func(t string) bool { return strings.EqualFold(t, is) })
}

// idsPerQuery is how many ids one search asks for.
const idsPerQuery = 40

// resolveReferences asks the portal for the ids that its listings do not have. An id that a copy
// was given and that is gone is a difference. Others never had a counterpart: they are
// unresolved, unless the portal knows them, as it does public items of elsewhere.
func (c *comparison) resolveReferences(ctx context.Context) error {
	c.m.begin("resolve references", len(c.scans.asked), 0)
	known := map[string]bool{}
	var mu sync.Mutex
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(c.scans.asked)), idsPerQuery) {
		g.Go(func() error {
			found, err := c.v.dst.known(gctx, ids)
			mu.Lock()
			defer mu.Unlock()
			for _, id := range found {
				known[id] = true
			}
			for range ids {
				c.m.finish(MeterEvent{})
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for id, places := range c.scans.asked {
		if known[id] || c.scans.plain.moved[id] != "" { // the latter is a leftover
			continue
		}
		for _, p := range places {
			if c.scans.copies[id] {
				c.compare(p.step, "reference", "an object that is there", fmt.Sprintf("%s %s: %s %s, which the target does not have", p.label, p.path, p.kind, id))
				continue
			}
			if c.scans.elsewhere[p.step.Source+" "+id] {
				continue
			}
			c.refs.lost(Reference{Item: p.step.Source, Title: p.step.Title, Part: p.label, Path: p.path, Kind: string(p.kind), Value: id})
		}
	}
	return nil
}

// lost adds a reference unless the item is known to have it in the same part.
func (r *references) lost(ref Reference) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.ContainsFunc(r.unresolved, func(o Reference) bool {
		return o.Item == ref.Item && o.Part == ref.Part && strings.EqualFold(o.Value, ref.Value)
	}) {
		r.unresolved = append(r.unresolved, ref)
	}
}

// known returns those of ids that the portal has an item or a group for, its own or, where it
// looks further, anybody's.
func (s *site) known(ctx context.Context, ids []string) ([]string, error) {
	query := "id:" + strings.Join(ids, " OR id:")
	var out []string
	for it, err := range s.Content.Search(ctx, query, &gis.ItemSearch{OutsideOrg: true, Max: 2 * len(ids)}) {
		if err != nil {
			return nil, askable(err)
		}
		out = append(out, string(it.ID))
	}
	for g, err := range s.Groups.Search(ctx, query, &gis.GroupSearch{OutsideOrg: true, Max: 2 * len(ids)}) {
		if err != nil {
			return nil, askable(err)
		}
		out = append(out, string(g.ID))
	}
	return out, nil
}

// askable drops the error of a portal that cannot search for such a thing: what it does not
// find is unresolved.
func askable(err error) error {
	if errors.Is(err, gis.ErrInvalid) || errors.Is(err, gis.ErrUnsupported) || errors.Is(err, gis.ErrNotFound) {
		return nil
	}
	return fmt.Errorf("look for references: %w", err)
}
