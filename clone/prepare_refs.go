package clone

import (
	"context"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
)

// Classes of the references that a plan lists.
const (
	Unresolved  = "unresolved"   // nothing stands for it on the target
	External    = "external"     // it belongs to another portal or organization, and is left as it is
	ByReference = "by reference" // a service of the source, of which the address is left as it is
)

// planReferences reads the items that are to be written, notes what each of them needs, and
// lists the references that will have no counterpart.
func (v *survey) planReferences(ctx context.Context, m *Meter) error {
	var todo []int
	var bytes int64
	for i, it := range v.from.items {
		if s := v.itemStep(i); s.writes() {
			todo, bytes = append(todo, i), bytes+it.Size
		}
	}
	if err := v.openScanner(); err != nil {
		return err
	}
	m.begin("read what items refer to", len(todo), 0)
	found := make([]itemReferences, len(todo))
	planned := v.plannedSteps()
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for n, i := range todo {
		g.Go(func() error {
			defer m.finish(MeterEvent{})
			s, err := v.scanner.scan(gctx, v.from.items[i])
			if err != nil {
				return err
			}
			found[n] = v.sortReferences(v.from.items[i], s, planned)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	v.scanner.cache = nil
	return v.listReferences(ctx, todo, found)
}

func (v *survey) itemStep(i int) *Step { return &v.plan.Steps[v.firstItem+i] }

// writes reports whether the step writes an object.
func (s *Step) writes() bool { return s.Action == Create || s.Action == Update || s.Action == Replace }

// plannedSteps are the steps of groups, by source id; those of items are found by place.
func (v *survey) plannedSteps() map[string]*Step {
	groups := map[string]*Step{}
	for i := range v.plan.Steps {
		if s := &v.plan.Steps[i]; s.Kind == KindGroup {
			groups[s.Source] = s
		}
	}
	return groups
}

// itemReferences is what one item refers to, by what becomes of it.
type itemReferences struct {
	needs []string
	known map[string]string // items that are not copied now, but have a counterpart
	refs  []Reference
	other []Reference // ids that are none of the source's own objects
	hosts map[string]bool
	fault string
}

// sortReferences tells what of an item's references is planned, known from before, or lost.
func (v *survey) sortReferences(it *censusItem, s *scanned, groups map[string]*Step) itemReferences {
	out := itemReferences{refs: s.byRef, hosts: s.hosts, fault: s.fault}
	for _, n := range s.named {
		ref := Reference{Class: Unresolved, Item: it.ID, Title: it.Title, Part: n.part, Path: n.path, Kind: string(n.kind), Value: n.id}
		if i := v.from.index(n.id); i >= 0 {
			ref.Owner = v.from.items[i].Owner
			switch step := v.itemStep(i); {
			case step.Action != Skip:
				out.needs = append(out.needs, n.id)
			case v.items[n.id] != "":
				if out.known == nil {
					out.known = map[string]string{}
				}
				out.known[n.id] = v.items[n.id]
			default:
				out.refs = append(out.refs, ref)
			}
			continue
		}
		if step := groups[n.id]; step != nil {
			ref.Owner = step.Owner
			switch {
			case step.Action != Skip:
				out.needs = append(out.needs, n.id)
			case v.groups[n.id] == "":
				out.refs = append(out.refs, ref)
			}
			continue
		}
		out.other = append(out.other, ref)
	}
	return out
}

// listReferences puts into the plan what the items that were read came to.
func (v *survey) listReferences(ctx context.Context, todo []int, found []itemReferences) error {
	foreign := map[string]remap.Kind{}
	for n, i := range todo {
		s, f := v.itemStep(i), &found[n]
		s.Needs = slices.Compact(slices.Sorted(slices.Values(slices.Concat(s.Needs, f.needs))))
		maps.Copy(v.plan.Header.Items, f.known)
		for host := range f.hosts {
			v.scanner.hosts[host]++
		}
		for _, ref := range f.other {
			foreign[ref.Value] = remap.Kind(ref.Kind)
		}
		if f.fault != "" {
			v.unread = append(v.unread, describe(s.Title, s.Source)+": "+f.fault)
		}
	}
	owners, err := v.scanner.resolve(ctx, foreign)
	if err != nil {
		return err
	}
	for n := range todo {
		f := &found[n]
		for _, ref := range f.other {
			if ref.Owner = owners[ref.Value]; ref.Owner != "" {
				ref.Class = External
			}
			f.refs = append(f.refs, ref)
		}
		v.plan.References = append(v.plan.References, f.refs...)
	}
	v.plan.References = sortedReferences(v.plan.References)
	return nil
}
