package sqlite_test

import (
	"errors"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/portal/search"
)

// FuzzFind holds that a query that can be parsed can be searched for: no text of a user makes
// SQL or the full-text index fail, in any of the three searches.
func FuzzFind(f *testing.F) {
	s := open(f, f.TempDir(), clock.System{})
	f.Cleanup(func() { s.Close() })
	if err := s.Update(f.Context(), func(tx portal.Tx) error {
		return errors.Join(tx.PutOrg(&portal.Org{ID: "org"}),
			tx.PutItem(&portal.Item{ID: "i", Title: "fire a-b \"x\"", Tags: []string{"x"}, Access: portal.Public}),
			tx.PutGroup(&portal.Group{ID: "g", Title: "fire", Access: portal.Public}),
			tx.PutUser(&portal.User{Username: "ada", FullName: "fire", Access: portal.Public}))
	}); err != nil {
		f.Fatal(err)
	}
	for _, q := range []string{
		"fire", `"fire a"^2 OR b^0`, "fi?e* -x", "title:(a OR b*) accountid:org", "created:[1 TO *] numviews:{0001 TO 5.5}", "tags:*", "group:x OR id:y", "owner:[a TO b} username:a*",
		`title:"' OR 1=1 --"`, "a\x00b", "\ue000", "NEAR(a b)", "title:^2", "ß:İ*", "x:* AND *", `\"*`, "disabled:true role:account_admin", "title:[\"\" TO \xff]", "e\u0301*", "\u0301a?b",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		for _, parse := range []func(string) (search.Node, error){search.Parse, search.ParseFilter} {
			n, err := parse(q)
			if err != nil {
				continue
			}
			for _, v := range []portal.Visibility{{All: true}, {Username: "ada", Member: true, Groups: []esri.GroupID{"g"}}} {
				page := portal.Page{Num: 10}
				err := s.View(t.Context(), func(tx portal.Tx) error {
					_, err1 := tx.FindItems(portal.ItemQuery{Match: n, Filter: n, Visible: v, Page: page, CountFields: []string{"tags"}})
					_, _, err2 := tx.FindGroups(portal.GroupQuery{Match: n, Visible: v, Page: page})
					_, _, err3 := tx.FindUsers(portal.UserQuery{Match: n, Visible: v, Page: page})
					return errors.Join(err1, err2, err3)
				})
				var public *portal.Error
				if err != nil && !errors.As(err, &public) {
					t.Fatalf("%q: %v", q, err)
				}
			}
		}
	})
}
