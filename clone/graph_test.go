package clone

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// reach is the transitive closure of a graph, by the definition.
func reach(edges [][]int) [][]bool {
	n := len(edges)
	r := make([][]bool, n)
	for i := range r {
		r[i] = make([]bool, n)
		for _, j := range edges[i] {
			r[i][j] = true
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				r[i][j] = r[i][j] || r[i][k] && r[k][j]
			}
		}
	}
	return r
}

// TestOrderPutsNeedsFirstAndNumbersRings compares random graphs with their transitive closures.
func TestOrderPutsNeedsFirstAndNumbersRings(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		n := 1 + rnd.IntN(24)
		edges := make([][]int, n)
		for range rnd.IntN(2 * n) {
			from, to := rnd.IntN(n), rnd.IntN(n)
			if from != to && !slices.Contains(edges[from], to) {
				edges[from] = append(edges[from], to)
			}
		}
		order, cycle := arrangeOrder(edges)
		at, r := make([]int, n), reach(edges)
		if sorted := slices.Sorted(slices.Values(order)); len(sorted) != n || !slices.IsSorted(order) && sorted[0] != 0 || sorted[n-1] != n-1 || len(slices.Compact(sorted)) != n {
			t.Fatalf("seed %d: the order %v is no permutation", seed, order)
		}
		for i, v := range order {
			at[v] = i
		}
		for i := range n {
			for j := range n {
				together := i != j && r[i][j] && r[j][i]
				if together != (i != j && cycle[i] != 0 && cycle[i] == cycle[j]) {
					t.Fatalf("seed %d: %d and %d are in one ring: %v; numbers %d and %d", seed, i, j, together, cycle[i], cycle[j])
				}
				if r[i][j] && !r[j][i] && at[i] < at[j] {
					t.Fatalf("seed %d: %d needs %d and comes before it in %v", seed, i, j, order)
				}
			}
		}
		checkLowestFirst(t, seed, edges, r, order)
		checkNumbers(t, seed, order, cycle)
	}
}

// checkLowestFirst walks the order and makes sure that no lower node could have come instead.
func checkLowestFirst(t *testing.T, seed uint64, edges [][]int, r [][]bool, order []int) {
	t.Helper()
	lowest := func(v int) int { // of the ring of v
		for u := range edges {
			if u == v || r[u][v] && r[v][u] {
				return u
			}
		}
		return v
	}
	done := make([]bool, len(edges))
	ready := func(v int) bool { // everything that its ring needs is done
		for u := range edges {
			if r[v][u] && !r[u][v] && !done[u] {
				return false
			}
		}
		return true
	}
	for _, v := range order {
		if lowest(v) == v {
			for u := range edges {
				if !done[u] && u < v && lowest(u) == u && ready(u) {
					t.Fatalf("seed %d: %d comes before %d in %v, which is lower and could come", seed, v, u, order)
				}
			}
		}
		done[v] = true
	}
}

// checkNumbers makes sure that rings are numbered from 1 in their order and stay together.
func checkNumbers(t *testing.T, seed uint64, order, cycle []int) {
	t.Helper()
	last := 0
	for i, v := range order {
		switch c := cycle[v]; {
		case c == 0, c == last && i > 0 && cycle[order[i-1]] == c:
		case c == last+1:
			last = c
		default:
			t.Fatalf("seed %d: ring %d stands behind ring %d in %v (%v)", seed, c, last, order, cycle)
		}
	}
}

// TestOrderOfALongChainKeepsItsOwnStack goes 200,000 nodes deep.
func TestOrderOfALongChainKeepsItsOwnStack(t *testing.T) {
	t.Parallel()
	const n = 200_000
	edges := make([][]int, n)
	for i := range n - 1 {
		edges[i] = []int{i + 1}
	}
	order, cycle := arrangeOrder(edges)
	for i, v := range order {
		if v != n-1-i || cycle[v] != 0 {
			t.Fatalf("place %d: node %d, ring %d", i, v, cycle[v])
		}
	}
	edges[n-1] = []int{0}
	if _, cycle = arrangeOrder(edges); slices.Min(cycle) != 1 || slices.Max(cycle) != 1 {
		t.Error("the ring of all nodes was not found")
	}
}
