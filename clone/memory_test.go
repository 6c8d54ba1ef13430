package clone

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// inUse is what is in use after everything that can be is given back.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// manyItems is a census of n items of a few owners, each with strings of its own, as a listing
// gives them.
func manyItems(n int, copied bool) *census {
	c := &census{}
	for i := range n {
		id := fmt.Sprintf("%032x", i)
		it := &gis.Item{
			ID: esri.ItemID(id), Owner: fmt.Sprintf("owner_%d", i%50), Type: fmt.Sprintf("Type %d", i%20), Title: fmt.Sprintf("The title of item %d", i),
			Access: gis.AccessOrg, Modified: esri.TimeOf(time.UnixMilli(int64(1_700_000_000_000 + i))), Size: int64(i),
		}
		if copied {
			m := marker{Source: "key", ID: id, Run: "run", Modified: it.Modified.Millis(), Size: int64(i)}
			it.ID = esri.ItemID(fmt.Sprintf("%032x", 1<<40+i))
			it.TypeKeywords, it.Properties = []string{keywordPrefix + id}, withMarker(nil, m)
		}
		c.items = append(c.items, newCensusItem(it, esri.FolderID(fmt.Sprintf("%032x", i%200)), "key"))
	}
	return c
}

// TestMemoryOfPlanning plans 20,000 items that are all on the target already, the case with most
// to keep, and weighs what planning holds at its end and what the plan does.
func TestMemoryOfPlanning(t *testing.T) { // not parallel: it weighs the heap
	const n = 20_000
	before := inUse()
	v := newSurvey(&site{side: Side{Key: "key"}, self: &gis.Self{}}, &site{self: &gis.Self{CanSharePublic: true}}, Options{}, nil)
	v.from, v.to = manyItems(n, false), manyItems(n, true)
	for i := range 50 {
		name := fmt.Sprintf("owner_%d", i)
		v.users[name] = name
	}
	v.planItems()
	v.planShares()
	held := inUse() - before
	plan := v.plan
	runtime.KeepAlive(v)
	v = nil
	kept := inUse() - before
	t.Logf("planning holds %d bytes an object, the plan %d bytes", held/(2*n), kept/(2*n))
	if got := plan.Totals().Actions[KindItem][Match]; got != n {
		t.Fatalf("%d items are matched, want %d", got, n)
	}
	// An object of either side counts. Below 100 MB the whole bound is not reached.
	if held/(2*n) > 900 || held > 100<<20 {
		t.Errorf("planning holds %d bytes", held)
	}
	runtime.KeepAlive(plan)
}
