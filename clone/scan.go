package clone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// scanner reads what items of the source refer to. It is safe for concurrent use.
type scanner struct {
	v     *survey
	rw    *remap.Rewriter // knows every object of the source as itself
	texts *budget
	roots []string // of the source's own services

	mu    sync.Mutex
	cache map[string]*scanned // of items that a selection asked about
	hosts map[string]int      // of services elsewhere: how many items use them
}

// scanned is what one item refers to.
type scanned struct {
	named []named // objects of portals, each once
	byRef []Reference
	hosts map[string]bool
	fault string // why not everything could be read
}

// named is an id that stands in an item, and where it stands first.
type named struct {
	id   string
	kind remap.Kind
	part string
	path string
}

func (v *survey) newScanner() (*scanner, error) {
	self := func(n int, id func(int) string) map[string]string {
		m := make(map[string]string, n)
		for i := range n {
			m[id(i)] = id(i)
		}
		return m
	}
	rw, err := remap.New(remap.Map{
		Items:        self(len(v.from.items), func(i int) string { return v.from.items[i].ID }),
		Groups:       self(len(v.from.groups), func(i int) string { return string(v.from.groups[i].group.ID) }),
		Folders:      self(len(v.from.folders), func(i int) string { return string(v.from.folders[i].ID) }),
		Source:       v.src.addresses(),
		Target:       v.src.side.Address,
		ServiceRoots: v.src.serviceRoots(),
	})
	if err != nil {
		return nil, err
	}
	sc := &scanner{v: v, rw: rw, texts: newBudget(textBudget), cache: map[string]*scanned{}, hosts: map[string]int{}}
	for _, root := range v.src.serviceRoots() {
		_, bare, _ := strings.Cut(strings.ToLower(root), "://")
		sc.roots = append(sc.roots, bare+"/")
	}
	return sc, nil
}

// scan reads what an item refers to. What cannot be read is noted and ends nothing; only a
// portal that does not answer any more does.
func (sc *scanner) scan(ctx context.Context, it *censusItem) (*scanned, error) {
	sc.mu.Lock()
	had := sc.cache[it.ID]
	sc.mu.Unlock()
	if had != nil {
		return had, nil
	}
	r := &itemScan{sc: sc, it: it, out: &scanned{hosts: map[string]bool{}}, seen: map[string]bool{}}
	for _, part := range []func(context.Context) error{r.properties, r.data, r.metadata, r.resources} {
		err := part(ctx)
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, gis.ErrTransport), errors.Is(err, gis.ErrToken):
			return nil, fmt.Errorf("read item %s: %w", describe(it.Title, it.ID), err)
		default:
			r.out.fault = cmp.Or(r.out.fault, err.Error())
		}
	}
	return r.out, nil
}

// keep remembers what a selection found out, so that it is read once.
func (sc *scanner) keep(id string, s *scanned) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.cache[id] = s
}

// readNeeds returns for each item of a wave the ids of what it needs: what it refers to, and the
// other ends of those of its relationships that it cannot do without.
func (v *survey) readNeeds(ctx context.Context, wave []string, m *Meter) ([][]string, error) {
	if err := v.openScanner(); err != nil {
		return nil, err
	}
	m.begin("follow the selection", len(wave), 0)
	read := newRelationReader(v.src)
	out := make([][]string, len(wave))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, id := range wave {
		it := v.from.item(id)
		if v.skipped[id] {
			continue
		}
		g.Go(func() error {
			defer m.finish(MeterEvent{})
			s, err := v.scanner.scan(ctx, it)
			if err != nil {
				return err
			}
			v.scanner.keep(id, s)
			for _, n := range s.named {
				out[i] = append(out[i], n.id)
			}
			ends, err := read.needs(ctx, it)
			out[i] = append(out[i], ends...)
			return err
		})
	}
	return out, g.Wait()
}

func (v *survey) openScanner() (err error) {
	if v.scanner == nil {
		v.scanner, err = v.newScanner()
	}
	return err
}

// needs lists the other ends of those relationships that an item cannot do without.
func (r *relationReader) needs(ctx context.Context, it *censusItem) ([]string, error) {
	var out []string
	forward, err := r.of(ctx, it)
	if err != nil {
		return nil, err
	}
	for _, rel := range forward {
		if relationNeeds[gis.RelationshipType(rel.kind)].destination {
			out = append(out, rel.destination)
		}
	}
	reverse, err := r.to(ctx, it)
	if err != nil {
		return nil, err
	}
	for _, rel := range reverse {
		if relationNeeds[gis.RelationshipType(rel.kind)].origin {
			out = append(out, rel.origin)
		}
	}
	return out, nil
}

// relationNeeds says for each type of relationship which end needs the other: the origin its
// destination, or the destination its origin. Types that are not listed are made anew where both
// ends are copied and pull nothing in.
var relationNeeds = map[gis.RelationshipType]struct{ destination, origin bool }{
	gis.App2DependentApp:            {destination: true},
	gis.Data2App:                    {origin: true},
	gis.Item2Attachment:             {destination: true},
	gis.Item2Report:                 {destination: true},
	gis.Map2AppConfig:               {destination: true, origin: true},
	gis.Map2FeatureCollection:       {destination: true},
	gis.Map2IndoorsConfig:           {destination: true, origin: true},
	gis.Map2Service:                 {destination: true},
	gis.Mission2Item:                {destination: true},
	gis.MobileApp2Code:              {destination: true, origin: true},
	gis.Notebook2WebTool:            {origin: true},
	gis.Service2Data:                {destination: true},
	gis.Service2Layer:               {destination: true, origin: true},
	gis.Service2Route:               {destination: true},
	gis.Service2Service:             {destination: true},
	gis.Service2Style:               {destination: true},
	gis.Solution2Item:               {destination: true},
	gis.Style2Style:                 {destination: true},
	gis.Survey2Data:                 {destination: true},
	gis.Survey2Service:              {destination: true},
	gis.SurveyAddIn2Data:            {destination: true},
	gis.Theme2Story:                 {origin: true},
	gis.TrackView2Map:               {origin: true},
	gis.WebStyle2DesktopStyle:       {destination: true},
	gis.WMA2Code:                    {destination: true, origin: true},
	gis.WorkforceMap2FeatureService: {destination: true},
}

// resolve asks the source who owns ids that are none of its own objects. Those that nobody has,
// or that the caller may not see, have no owner in the answer.
func (sc *scanner) resolve(ctx context.Context, ids map[string]remap.Kind) (map[string]string, error) {
	owners := map[string]string{}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		g.Go(func() error {
			owner := ""
			var err error
			if ids[id] == remap.KindGroup {
				var found *gis.Group
				if found, err = sc.v.src.Groups.Get(ctx, esri.GroupID(id)); err == nil {
					owner = found.Owner
				}
			} else {
				var found *gis.Item
				if found, err = sc.v.src.Content.Get(ctx, esri.ItemID(id)); err == nil {
					owner = found.Owner
				}
			}
			if err != nil && (ctx.Err() != nil || errors.Is(err, gis.ErrTransport) || errors.Is(err, gis.ErrToken)) {
				return fmt.Errorf("look up %s: %w", id, err)
			}
			sc.mu.Lock()
			defer sc.mu.Unlock()
			owners[id] = owner
			return nil
		})
	}
	return owners, g.Wait()
}
