package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
	"github.com/rhumb-gis/rhumb/internal/store/sqlite"
)

// manyItems is the size of the organization of the search benchmarks.
const manyItems = 20_000

// text draws words so that a few are in most texts and most in few, as in language.
func text(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "w%d ", int(5000*r.Float64()*r.Float64()*r.Float64()))
	}
	return b.String()
}

func someItem(r *rand.Rand, i int) *portal.Item {
	types := []string{"Web Map", "Web Mapping Application", "Feature Service", "CSV", "Form", "Dashboard", "StoryMap", "Image"}
	access := []portal.Access{portal.Public, portal.InOrg, portal.InOrg, portal.Shared, portal.Private}
	return &portal.Item{
		ID: esri.ItemID(fmt.Sprintf("%032x", i)), Owner: fmt.Sprint("user", i%200), Type: types[r.IntN(len(types))], Access: access[r.IntN(len(access))],
		Title: text(r, 4), Snippet: text(r, 10), Description: "<p>" + text(r, 60) + "</p>", Tags: strings.Fields(text(r, 4)),
		TypeKeywords: []string{"Map", "Online Map", fmt.Sprintf("source-%032x", i)}, Culture: "en-us", NumViews: r.Int64N(1000),
		Created: time.UnixMilli(1.7e12 + int64(i)), Modified: time.UnixMilli(1.7e12 + r.Int64N(1e9)), Extent: &esri.Extent{XMin: float64(i % 90), XMax: float64(i%90 + 1), YMax: 1},
	}
}

// fillLarge makes a store with many items.
func fillLarge(b *testing.B) *sqlite.Store {
	b.Helper()
	s := open(b, b.TempDir(), clock.System{})
	b.Cleanup(func() { s.Close() })
	r := rand.New(rand.NewPCG(1, 2))
	update := func(fn func(tx portal.Tx) error) {
		if err := s.Update(b.Context(), fn); err != nil {
			b.Fatal(err)
		}
	}
	update(func(tx portal.Tx) error {
		for g := range 50 {
			if err := tx.PutGroup(&portal.Group{ID: esri.GroupID(fmt.Sprintf("%032x", g)), Title: fmt.Sprint("group ", g)}); err != nil {
				return err
			}
		}
		return tx.PutOrg(&portal.Org{ID: "org"})
	})
	for from := 0; from < manyItems; from += 1000 {
		update(func(tx portal.Tx) error {
			for i := from; i < from+1000; i++ {
				it := someItem(r, i)
				if err := tx.PutItem(it); err != nil {
					return err
				}
				if it.Access == portal.Shared {
					if err := tx.Share(it.ID, esri.GroupID(fmt.Sprintf("%032x", i%50))); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	return s
}

func BenchmarkFindItems(b *testing.B) {
	s := fillLarge(b)
	member := portal.Visibility{Username: "user7", Member: true, Groups: []esri.GroupID{esri.GroupID(fmt.Sprintf("%032x", 3)), esri.GroupID(fmt.Sprintf("%032x", 4))}}
	admin := portal.Visibility{All: true}
	page := portal.Page{Start: 1, Num: 100}
	sorted := portal.Page{Start: 1, Num: 100, Sort: "modified", Desc: true}
	for _, bm := range []struct {
		name, q string
		query   portal.ItemQuery
	}{
		{"rare term", "w3333", portal.ItemQuery{Page: page}},
		{"common term", "w10", portal.ItemQuery{Page: page}},
		{"most common term", "w0", portal.ItemQuery{Page: page}},
		{"common term sorted", "w10", portal.ItemQuery{Page: sorted}},
		{"two terms", "w10 w77", portal.ItemQuery{Page: page}},
		{"phrase", `"w1 w2"`, portal.ItemQuery{Page: page}},
		{"prefix", "w1*", portal.ItemQuery{Page: page}},
		{"prefix sorted", "w1*", portal.ItemQuery{Page: sorted}},
		{"wildcard", "w1?3", portal.ItemQuery{Page: page}},
		{"all sorted", "orgid:org", portal.ItemQuery{Page: sorted}},
		{"all, page 90", "orgid:org", portal.ItemQuery{Page: portal.Page{Start: 8901, Num: 100, Sort: "modified"}}},
		{"all", "orgid:org", portal.ItemQuery{Page: page}},
		{"total", "orgid:org", portal.ItemQuery{Page: portal.Page{}}},
		{"total of term", "w10", portal.ItemQuery{Page: portal.Page{}}},
		{"owner", "owner:user9 orgid:org", portal.ItemQuery{Page: page}},
		{"type", `type:"web map" -type:"web mapping application" orgid:org`, portal.ItemQuery{Page: page}},
		{"marker", `typekeywords:"source-00000000000000000000000000000aaa"`, portal.ItemQuery{Page: page}},
		{"id", "id:00000000000000000000000000000aaa", portal.ItemQuery{Page: page}},
		{"range", "modified:[1700000000000 TO 1700000100000]", portal.ItemQuery{Page: page}},
		{"rectangle", "orgid:org", portal.ItemQuery{Page: page, BBox: &esri.Extent{XMin: 3.5, XMax: 4, YMax: 1}}},
		{"counts", "w10", portal.ItemQuery{Page: page, CountFields: []string{"tags", "type", "access"}}},
		{"group", "", portal.ItemQuery{Page: page, Group: esri.GroupID(fmt.Sprintf("%032x", 3))}},
	} {
		for name, v := range map[string]portal.Visibility{"admin": admin, "member": member} {
			b.Run(bm.name+"/"+name, func(b *testing.B) {
				n, err := search.Parse(bm.q)
				if err != nil {
					b.Fatal(err)
				}
				bm.query.Match, bm.query.Visible = n, v
				var total int
				for b.Loop() {
					if err := s.View(b.Context(), func(tx portal.Tx) error {
						p, err := tx.FindItems(bm.query)
						if err == nil {
							total = p.Total
						}
						return err
					}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(total), "found")
			})
		}
	}
}

// BenchmarkUpdate stores an item a change. Each change is on disk when it is answered;
// commits/op tells how many changes share one sync.
func BenchmarkUpdate(b *testing.B) {
	for _, parallel := range []int{1, 8, 64} {
		b.Run(fmt.Sprint("parallel ", parallel), func(b *testing.B) {
			s := open(b, b.TempDir(), clock.System{})
			b.Cleanup(func() { s.Close() })
			var mu sync.Mutex
			n := 0
			before := s.Commits()
			b.SetParallelism((parallel + 1) / 2) // of two processors
			put := func() {
				mu.Lock()
				n++
				it := someItem(rand.New(rand.NewPCG(uint64(n), 0)), n)
				mu.Unlock()
				if err := s.Update(b.Context(), func(tx portal.Tx) error { return tx.PutItem(it) }); err != nil {
					b.Error(err)
				}
			}
			if parallel == 1 {
				for b.Loop() {
					put()
				}
			} else {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						put()
					}
				})
			}
			b.ReportMetric(float64(s.Commits()-before)/float64(n), "commits/op")
		})
	}
}
