package sqlite_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// BenchmarkFindUsers reads pages of members by creation, as reports about large organizations do.
func BenchmarkFindUsers(b *testing.B) {
	const members = 50_000
	s := open(b, b.TempDir(), clock.System{})
	b.Cleanup(func() { s.Close() })
	for from := 0; from < members; from += 1000 {
		if err := s.Update(b.Context(), func(tx portal.Tx) error {
			for i := from; i < from+1000; i++ {
				if err := tx.PutUser(&portal.User{
					Username: fmt.Sprintf("user%05d", i), ID: fmt.Sprintf("%032x", i), FullName: fmt.Sprint("User ", i), Email: fmt.Sprintf("u%d@example.org", i),
					Role: "org_user", UserType: "creatorUT", Provider: "arcgis", Access: portal.InOrg, Created: time.UnixMilli(1.7e12 + int64(i)),
				}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	for _, bm := range []struct {
		name, q string
		page    portal.Page
	}{
		{"first page", "", portal.Page{Start: 1, Num: 100, Sort: "created"}},
		{"first page of a range", "created:[0001700000020000 TO 9999999999999]", portal.Page{Start: 1, Num: 100, Sort: "created"}},
		{"last page of a range", "created:[0001700000020000 TO 9999999999999]", portal.Page{Start: 9901, Num: 100, Sort: "created"}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			n, err := search.Parse(bm.q)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := s.View(b.Context(), func(tx portal.Tx) error {
					_, total, err := tx.FindUsers(portal.UserQuery{Match: n, Visible: portal.Visibility{All: true}, Page: bm.page})
					if err == nil && total == 0 {
						b.Fatal("nobody was found")
					}
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
