package clone

import (
	"fmt"
	"slices"
)

// unit is one item step, or the steps of items that refer to each other in a ring. It starts
// when everything that it needs is done.
type unit struct {
	steps   []Step
	waits   int     // units that must be done first
	unlocks []*unit // units that wait for this one
	lacks   *lack   // why it cannot start
}

// lack is an object that others need and that has no copy.
type lack struct {
	kind          Kind
	source, title string
}

func (l *lack) Error() string { return fmt.Sprintf("it needs %s, which could not be copied", l.name()) }

func (l *lack) name() string { return string(l.kind) + " " + describe(l.title, l.source) }

// checkNeeds refuses a plan in which a need names nothing that the plan knows. Line numbers are
// those of the plan file.
func checkNeeds(p *Plan) error {
	known := map[string]bool{}
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Kind == KindItem || s.Kind == KindGroup {
			known[s.Source] = true
		}
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		for _, need := range s.Needs {
			if _, mapped := p.Header.Items[need]; !known[need] && !mapped && p.Header.Groups[need] == "" {
				return fmt.Errorf("plan, line %d: item %s needs %s, for which the plan has no step; correct the id or leave it out", i+2, describe(s.Title, s.Source), need)
			}
		}
	}
	return nil
}

// arrange joins the steps that need each other into units and counts what each waits for.
// Needs that are no step of todo are asked of missing, which answers nil for what is there. The
// units stand in an order in which each comes after those that it waits for.
func arrange(todo []Step, missing func(id string) *lack) []*unit {
	at := make(map[string]int, len(todo))
	for i := range todo {
		at[todo[i].Source] = i
	}
	edges := make([][]int, len(todo))
	lacks := make([]*lack, len(todo))
	for i := range todo {
		for _, need := range todo[i].Needs {
			switch n, ok := at[need]; {
			case ok && n != i:
				edges[i] = append(edges[i], n)
			case !ok && lacks[i] == nil:
				lacks[i] = missing(need)
			}
		}
	}
	of := make([]*unit, len(todo))
	var units []*unit
	for _, ring := range rings(edges) {
		slices.Sort(ring)
		u := &unit{}
		if len(ring) == 1 {
			u.steps = todo[ring[0] : ring[0]+1 : ring[0]+1] // most units: nothing is copied
		}
		for _, i := range ring {
			if len(ring) > 1 {
				u.steps = append(u.steps, todo[i])
			}
			of[i] = u
			if u.lacks == nil {
				u.lacks = lacks[i]
			}
		}
		units = append(units, u)
	}
	for i, needs := range edges {
		for _, n := range needs {
			if of[n] != of[i] {
				of[n].unlocks = append(of[n].unlocks, of[i])
				of[i].waits++
			}
		}
	}
	return units
}

// rings returns the strongly connected parts of a graph, each after those that it leads to. It
// keeps its own stack: a chain may be as long as the portal has items.
//
// Source: R. Tarjan, Depth-first search and linear graph algorithms, 1972.
func rings(edges [][]int) [][]int {
	t := &tarjan{edges: edges, index: make([]int, len(edges)), low: make([]int, len(edges)), on: make([]bool, len(edges))}
	for v := range edges {
		if t.index[v] == 0 {
			t.visit(v)
		}
	}
	return t.out
}

type tarjan struct {
	edges      [][]int
	index, low []int // index 0: not visited
	on         []bool
	stack      []int
	next       int
	out        [][]int
}

func (t *tarjan) enter(v int) {
	t.next++
	t.index[v], t.low[v], t.on[v] = t.next, t.next, true
	t.stack = append(t.stack, v)
}

func (t *tarjan) visit(root int) {
	type frame struct{ v, edge int }
	t.enter(root)
	path := []frame{{v: root}}
	for len(path) > 0 {
		f := &path[len(path)-1]
		if f.edge < len(t.edges[f.v]) {
			w := t.edges[f.v][f.edge]
			f.edge++
			if t.index[w] == 0 {
				t.enter(w)
				path = append(path, frame{v: w})
			} else if t.on[w] {
				t.low[f.v] = min(t.low[f.v], t.index[w])
			}
			continue
		}
		v := f.v
		path = path[:len(path)-1]
		if len(path) > 0 {
			up := path[len(path)-1].v
			t.low[up] = min(t.low[up], t.low[v])
		}
		if t.low[v] == t.index[v] {
			t.leave(v)
		}
	}
}

// leave takes the ring of v off the stack.
func (t *tarjan) leave(v int) {
	at := len(t.stack) - 1
	for t.stack[at] != v {
		at--
	}
	ring := slices.Clone(t.stack[at:])
	t.stack = t.stack[:at]
	for _, w := range ring {
		t.on[w] = false
	}
	t.out = append(t.out, ring)
}
