package clone

import (
	"container/heap"
	"slices"
)

// arrangeItems puts the steps of items into an order in which each comes after what it needs,
// the lowest id first where there is a choice, and numbers the rings of items that need each
// other.
func (v *survey) arrangeItems() {
	steps := v.plan.Steps[v.firstItem : v.firstItem+len(v.from.items)]
	edges := make([][]int, len(steps))
	for i := range steps {
		for _, need := range steps[i].Needs {
			if n := v.from.index(need); n >= 0 && n != i {
				edges[i] = append(edges[i], n)
			}
		}
	}
	order, cycle := arrangeOrder(edges)
	out := make([]Step, 0, len(steps))
	for _, i := range order {
		steps[i].Cycle = cycle[i]
		out = append(out, steps[i])
	}
	copy(steps, out)
}

// arrangeOrder returns the nodes of a graph so that each comes after those that its edges lead
// to, except within a ring. Rings stay together; they are numbered from 1 in that order, and
// nodes that are in none have number 0. Where several nodes could come next the lowest does,
// which for a ring is its lowest node.
func arrangeOrder(edges [][]int) (order, cycle []int) {
	parts := rings(edges)
	of := make([]int, len(edges))
	for p, part := range parts {
		slices.Sort(part)
		for _, n := range part {
			of[n] = p
		}
	}
	waits, unlocks := make([]int, len(parts)), make([][]int, len(parts))
	for n, to := range edges {
		for _, t := range to {
			if of[t] != of[n] {
				unlocks[of[t]] = append(unlocks[of[t]], of[n])
				waits[of[n]]++
			}
		}
	}
	free := &partHeap{parts: parts}
	for p := range parts {
		if waits[p] == 0 {
			heap.Push(free, p)
		}
	}
	order, cycle = make([]int, 0, len(edges)), make([]int, len(edges))
	for number := 0; free.Len() > 0; {
		p := heap.Pop(free).(int)
		if len(parts[p]) > 1 {
			number++
			for _, n := range parts[p] {
				cycle[n] = number
			}
		}
		order = append(order, parts[p]...)
		for _, next := range unlocks[p] {
			if waits[next]--; waits[next] == 0 {
				heap.Push(free, next)
			}
		}
	}
	return order, cycle
}

// partHeap yields the part with the lowest first node.
type partHeap struct {
	parts [][]int
	heap  []int
}

func (h *partHeap) Len() int           { return len(h.heap) }
func (h *partHeap) Less(a, b int) bool { return h.parts[h.heap[a]][0] < h.parts[h.heap[b]][0] }
func (h *partHeap) Swap(a, b int)      { h.heap[a], h.heap[b] = h.heap[b], h.heap[a] }
func (h *partHeap) Push(p any)         { h.heap = append(h.heap, p.(int)) }
func (h *partHeap) Pop() any {
	last := h.heap[len(h.heap)-1]
	h.heap = h.heap[:len(h.heap)-1]
	return last
}
