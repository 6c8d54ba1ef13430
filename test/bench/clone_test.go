package bench

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/portaltest"
)

func open(b *testing.B, p *portaltest.Portal) *gis.Portal {
	b.Helper()
	g, err := gis.New(p.URL, auth.Password(p.Admin, p.AdminPassword))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(g.Close)
	return g
}

// BenchmarkClone plans, copies and verifies small maps into an empty portal, and reports items
// a second and calls an item.
func BenchmarkClone(b *testing.B) {
	for _, n := range []int{100, 500} {
		b.Run(fmt.Sprintf("items=%d", n), func(b *testing.B) {
			from := open(b, portaltest.Start(b))
			for i := range n {
				spec := gis.ItemSpec{Title: fmt.Sprint("Map ", i), Type: "Web Map", Tags: []string{"bench"}}
				if _, err := from.Content.Add(b.Context(), spec, gis.WithText(`{"operationalLayers":[]}`), gis.WithoutRefresh()); err != nil {
					b.Fatal(err)
				}
			}
			var calls int64
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				to, journal := open(b, portaltest.Start(b)), filepath.Join(b.TempDir(), "j")
				before := from.Pace().Requests
				b.StartTimer()
				rep, err := clone.Run(b.Context(), from, to, clone.RunOptions{Journal: journal}, nil)
				if err != nil || rep.Result.Items.Created != n || rep.Result.Differences != 0 {
					b.Fatalf("%v: %+v", err, rep.Result)
				}
				calls += rep.Result.Calls - before
			}
			total := float64(n * b.N)
			b.ReportMetric(total/b.Elapsed().Seconds(), "items/s")
			b.ReportMetric(float64(calls)/total, "calls/item")
		})
	}
}
