package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// order lists the first characters of the identifiers of a page as they come.
func order(page *portal.ItemPage) string {
	var ids strings.Builder
	for _, it := range page.Items {
		ids.WriteByte(it.ID[0])
	}
	return ids.String()
}

var listingTests = []namedTest{
	{"items in order", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			for i, it := range []portal.Item{
				{ID: itemID("3"), Title: "beta", Type: "B", Owner: "Y", NumViews: 1},
				{ID: itemID("1"), Title: "Alpha", Type: "b", Owner: "x", NumViews: 9},
				{ID: itemID("4"), Title: "ALPHA", Type: "a", Owner: "y", NumViews: 1},
				{ID: itemID("2"), Title: "Ärger", Type: "C", Owner: "X", NumViews: 1},
			} {
				it.Created, it.Modified = epoch.Add(time.Duration(i)*time.Second), epoch.Add(-time.Duration(i/2)*time.Second)
				if err := tx.PutItem(&it); err != nil {
					return err
				}
			}
			return nil
		})
		for _, tt := range []struct {
			sort string
			desc bool
			want string
		}{
			{"", false, "3142"}, {"title", false, "1432"}, {"title", true, "2314"}, {"TITLE", false, "1432"},
			{"created", false, "3142"}, {"created", true, "2413"}, {"uploaded", true, "2413"}, {"modified", false, "2413"}, {"modified", true, "1324"},
			{"type", false, "4132"}, {"owner", false, "1234"}, {"owner", true, "3412"}, {"numviews", false, "2341"}, {"numviews", true, "1234"},
			{"avgrating", true, "1234"}, {"numratings", false, "1234"}, {"numcomments", false, "1234"}, {"scorecompleteness", true, "1234"}, {"id", false, "1234"},
		} {
			page := findItems(b, "", portal.ItemQuery{Visible: admin, Page: portal.Page{Num: 10, Sort: tt.sort, Desc: tt.desc}})
			if got := order(page); got != tt.want {
				b.Errorf("sorted by %q, descending %t: %s, want %s", tt.sort, tt.desc, got, tt.want)
			}
		}
		err := b.store.View(b.Context(), func(tx portal.Tx) error {
			_, err := tx.FindItems(portal.ItemQuery{Page: portal.Page{Num: 10, Sort: "title; DROP TABLE items"}})
			return err
		})
		var public *portal.Error
		if !errors.As(err, &public) {
			b.Errorf("a sort field that does not exist: %v, want an error for the caller", err)
		}
	}},
	{"pages are stable and cover everything once", func(b *bench) {
		const n = 33
		b.update(func(tx portal.Tx) error {
			for i := range n {
				it := &portal.Item{ID: esri.ItemID(fmt.Sprintf("%032x", (i*37)%n)), Title: fmt.Sprint("common word ", i%3), NumViews: int64(i % 2), Created: epoch}
				if err := tx.PutItem(it); err != nil {
					return err
				}
			}
			return nil
		})
		for _, q := range []string{"", "common", "common word^3 OR 1^2", "comm*", "-nothing"} {
			for _, sort := range []string{"", "title", "created", "numviews", "avgrating"} {
				for _, size := range []int{9, 32, 33, 100} {
					pagesCover(b, q, portal.Page{Sort: sort, Num: size, Desc: size%2 == 0}, n)
				}
			}
		}
	}},
	{"relevance", func(b *bench) {
		filler := strings.Repeat("unrelated words that make the text longer ", 20)
		b.update(func(tx portal.Tx) error {
			for _, it := range []portal.Item{
				{ID: itemID("1"), Title: "Other", Description: filler + " flood " + filler},
				{ID: itemID("2"), Title: "Flood", Description: filler},
				{ID: itemID("3"), Title: "Other", Tags: []string{"flood"}, Description: filler},
				{ID: itemID("4"), Title: "Drought", Description: filler},
				{ID: itemID("5"), Title: "Nothing", Description: filler},
			} {
				it.Type = "Web Map"
				if err := tx.PutItem(&it); err != nil {
					return err
				}
			}
			for i := range 20 { // words that half of all texts hold count for nothing
				if err := tx.PutItem(&portal.Item{ID: esri.ItemID(fmt.Sprintf("z%d", i)), Title: "Else", Description: filler}); err != nil {
					return err
				}
			}
			return tx.PutOrg(&portal.Org{ID: "x"})
		})
		for _, tt := range []struct{ q, want string }{
			{"flood", "231"}, {"flood orgid:x", "231"}, {"FLOODS access:*", ""}, {"flood -nothing", "231"},
			{"flood OR drought^10", "4231"}, {"flood^10 OR drought", "2314"}, {"flood OR drought^0", "2314"}, {"(flood)^10 OR drought", "2314"},
			{"tags:flood^50 OR title:flood", "32"}, {"tags:flood OR title:flood^50", "23"},
			{`type:"web map"`, "12345"}, {"-drought -else", "1235"}, {"flood*", "123"},
		} {
			if got := order(findItems(b, tt.q, portal.ItemQuery{Visible: admin})); got != tt.want {
				b.Errorf("%s comes as %s, want %s", tt.q, got, tt.want)
			}
		}
		if got := order(findItems(b, "flood", portal.ItemQuery{Visible: admin, Page: portal.Page{Num: 10, Sort: "id"}})); got != "123" {
			b.Errorf("sorted by id: %s", got)
		}
		if got := order(findItems(b, "flood", portal.ItemQuery{Visible: admin, Page: portal.Page{Start: 2, Num: 1}})); got != "3" {
			b.Errorf("second by relevance: %s", got)
		}
	}},
	{"rectangles", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			for n, e := range map[string]*esri.Extent{
				"1": {XMin: 0, YMin: 0, XMax: 10, YMax: 10}, "2": {XMin: -180, YMin: -90, XMax: 180, YMax: 90}, "3": nil, "4": {XMin: 20, YMin: 20, XMax: 20, YMax: 20},
			} {
				if err := tx.PutItem(&portal.Item{ID: itemID(n), Title: "x", Extent: e}); err != nil {
					return err
				}
			}
			return nil
		})
		for _, tt := range []struct {
			box  esri.Extent
			want string
		}{
			{esri.Extent{XMin: -180, YMin: -90, XMax: 180, YMax: 90}, "124"}, {esri.Extent{XMin: 5, YMin: 5, XMax: 6, YMax: 6}, "12"}, {esri.Extent{XMin: -5, YMin: -5, XMax: 20, YMax: 20}, "124"},
			{esri.Extent{XMin: 10, YMin: 10, XMax: 11, YMax: 11}, "12"}, {esri.Extent{XMin: 10.000001, YMin: 0, XMax: 11, YMax: 11}, "2"}, {esri.Extent{XMin: 20, YMin: 20, XMax: 20, YMax: 20}, "24"}, {esri.Extent{XMin: 3, YMin: 30, XMax: 4, YMax: 40}, "2"},
		} {
			for _, q := range []string{"", "x"} {
				if got := shortIDs(b, findItems(b, q, portal.ItemQuery{BBox: &tt.box, Visible: admin})); got != tt.want {
					b.Errorf("%v with %q finds %q, want %q", tt.box, q, got, tt.want)
				}
			}
		}
	}},
	{"counts", func(b *bench) {
		b.update(library)
		page := findItems(b, "", portal.ItemQuery{Visible: admin, Page: portal.Page{Start: 1, Sort: "title"}, CountFields: []string{"type", "tags", "access", "contentstatus", "categories"}, CountSize: 3})
		want := "type: csv 1, feature service 1, form 1; tags: 50% 1, fire 1, public 1; access: public 2, org 1, private 1; contentstatus: org_authoritative 1; categories: /categories/water 1"
		if got := printCounts(page.Counts); got != want || page.Total != 5 || len(page.Items) != 0 {
			b.Errorf("got %d of %d: %s\nwant %s", len(page.Items), page.Total, got, want)
		}
		page = findItems(b, "fire", portal.ItemQuery{Visible: admin, CountFields: []string{"access", "tags"}})
		if got, want := printCounts(page.Counts), "access: public 1, shared 1; tags: fire 1, public safety 1"; got != want {
			b.Errorf("of a query: got %s, want %s", got, want)
		}
		page = findItems(b, "nothing", portal.ItemQuery{Visible: admin, CountFields: []string{"tags"}})
		if got := printCounts(page.Counts); got != "tags: " {
			b.Errorf("of nothing: got %s", got)
		}
		err := b.store.View(b.Context(), func(tx portal.Tx) error {
			_, err := tx.FindItems(portal.ItemQuery{CountFields: []string{"title"}})
			return err
		})
		var public *portal.Error
		if !errors.As(err, &public) {
			b.Errorf("a field that cannot be counted: %v, want an error for the caller", err)
		}
	}},
	{"queries for members", findMembers},
	{"queries for groups", findTheGroups},
}

// pagesCover walks the pages of a search and fails unless every item comes exactly once.
func pagesCover(b *bench, q string, page portal.Page, want int) {
	b.Helper()
	seen := map[esri.ItemID]bool{}
	for page.Start = 1; ; page.Start += page.Num {
		got := findItems(b, q, portal.ItemQuery{Visible: admin, Page: page})
		if got.Total != want {
			b.Fatalf("%q: total %d, want %d", q, got.Total, want)
		}
		for _, it := range got.Items {
			if seen[it.ID] {
				b.Fatalf("%q in pages %+v: %s came twice", q, page, it.ID)
			}
			seen[it.ID] = true
		}
		if len(got.Items) == 0 {
			break
		}
	}
	if len(seen) != want {
		b.Errorf("%q in pages %+v: %d items came, want %d", q, page, len(seen), want)
	}
}

func printCounts(counts []portal.FieldCount) string {
	var fields []string
	for _, c := range counts {
		var values []string
		for _, v := range c.Values {
			values = append(values, fmt.Sprint(v.Value, " ", v.Count))
		}
		fields = append(fields, c.Field+": "+strings.Join(values, ", "))
	}
	return strings.Join(fields, "; ")
}

func findMembers(b *bench) {
	b.update(func(tx portal.Tx) error {
		return errors.Join(tx.PutOrg(&portal.Org{ID: "x"}),
			tx.PutUser(&portal.User{Username: "Ada.Lovelace@example.com", FirstName: "Ada", LastName: "Lovelace", FullName: "Ada Lovelace", Email: "ada@mail.example", Description: "Writes <b>programs</b>",
				Tags: []string{"math", "poet"}, Role: "org_admin", UserType: "creatorUT", Provider: "arcgis", Culture: "en-GB", Region: "GB", Created: epoch, LastLogin: epoch.Add(time.Hour), Access: portal.Public}),
			tx.PutUser(&portal.User{Username: "bob", FirstName: "Robert", LastName: "Émile", FullName: "Robert Émile", Role: "org_user", UserType: "viewerUT", Provider: "enterprise", Disabled: true, Created: epoch.Add(time.Hour), Access: portal.InOrg, Categories: []string{"/Categories/Field"}}),
			tx.PutUser(&portal.User{Username: "esri_nav", FullName: "Esri Navigation", Role: "AbCdEfGh01234567", Created: epoch.Add(2 * time.Hour), Access: portal.Private}))
	})
	for _, tt := range []struct{ q, want string }{
		{"", "Ada.Lovelace@example.com bob esri_nav"}, {"ada", "Ada.Lovelace@example.com"}, {"lovelace", "Ada.Lovelace@example.com"}, {"example", "Ada.Lovelace@example.com"}, {"mail", ""}, {"programs", "Ada.Lovelace@example.com"}, {"poets", "Ada.Lovelace@example.com"},
		{"username:ada", ""}, {"username:ADA.lovelace@EXAMPLE.com", "Ada.Lovelace@example.com"}, {"username:ada*", "Ada.Lovelace@example.com"}, {"username:bob OR username:esri_nav", "bob esri_nav"}, {"username:[b TO c]", "bob"},
		{"-username:esri_nav", "Ada.Lovelace@example.com bob"}, {"NOT username:esri_*", "Ada.Lovelace@example.com bob"}, {"esri_n*", "esri_nav"}, {"esri_nav", "esri_nav"}, {"esri", "esri_nav"}, {"ada.lov*", "Ada.Lovelace@example.com"},
		{"fullname:ada", "Ada.Lovelace@example.com"}, {`fullname:"Ada Lovelace"`, "Ada.Lovelace@example.com"}, {"firstname:robert lastname:emile", "bob"}, {"email:ada@mail.example", "Ada.Lovelace@example.com"}, {"email:mail", "Ada.Lovelace@example.com"}, {"tags:math", "Ada.Lovelace@example.com"},
		{"role:org_admin", "Ada.Lovelace@example.com"}, {"role:account_admin OR role:account_user", "Ada.Lovelace@example.com bob"}, {"roleid:abcdefgh01234567", "esri_nav"}, {"role:AbCdEfGh01234567", "esri_nav"}, {"userlicensetype:viewerUT", "bob"}, {"provider:enterprise", "bob"},
		{"access:org", "bob"}, {"disabled:true", "bob"}, {"disabled:false", "Ada.Lovelace@example.com esri_nav"}, {"culture:en", "Ada.Lovelace@example.com"}, {"region:gb", "Ada.Lovelace@example.com"}, {"categories:field", "bob"},
		{fmt.Sprintf("created:[%d TO *]", ms(epoch.Add(time.Hour))), "bob esri_nav"}, {"lastlogin:[1 TO *]", "Ada.Lovelace@example.com"}, {"-lastlogin:*", "bob esri_nav"}, {"accountid:x bob", "bob"}, {"bob accountid:y", ""}, {"appbundle: z", ""}, {"-appbundle: z bob", "bob"},
	} {
		names, total := findUsers(b, tt.q, admin, portal.Page{Num: 100, Sort: "username"})
		if got := strings.Join(names, " "); got != tt.want || total != len(names) {
			b.Errorf("%s finds %q of %d, want %q", tt.q, got, total, tt.want)
		}
	}
	for sort, want := range map[string]string{"username": "Ada.Lovelace@example.com bob esri_nav", "fullname": "Ada.Lovelace@example.com esri_nav bob", "created": "Ada.Lovelace@example.com bob esri_nav", "lastlogin": "bob esri_nav Ada.Lovelace@example.com", "firstname": "esri_nav Ada.Lovelace@example.com bob", "": "Ada.Lovelace@example.com bob esri_nav"} {
		if names, _ := findUsers(b, "", admin, portal.Page{Num: 100, Sort: sort}); strings.Join(names, " ") != want {
			b.Errorf("sorted by %q: %v, want %s", sort, names, want)
		}
	}
	if names, total := findUsers(b, "", admin, portal.Page{Start: 2, Num: 1, Sort: "created", Desc: true}); !slices.Equal(names, []string{"bob"}) || total != 3 {
		b.Errorf("second of the latest: %v of %d", names, total)
	}
}

func findTheGroups(b *bench) {
	b.update(func(tx portal.Tx) error {
		return errors.Join(tx.PutOrg(&portal.Org{ID: "x"}),
			tx.PutGroup(&portal.Group{ID: groupID("a"), Title: "Fire Brigades", Owner: "Ada", Snippet: "Engines", Description: "All <i>stations</i>", Tags: []string{"Public Safety"}, Phone: "555-0100", TypeKeywords: []string{"Open Data"}, Access: portal.Public, InvitationOnly: true, Created: epoch, Modified: epoch.Add(time.Hour)}),
			tx.PutGroup(&portal.Group{ID: groupID("b"), Title: "archive", Owner: "esri_livingatlas", Access: portal.InOrg, OpenData: true, Created: epoch.Add(time.Minute), Modified: epoch.Add(time.Minute)}),
			tx.PutGroup(&portal.Group{ID: groupID("c"), Title: "Zones", Owner: "", Access: portal.Private, Created: epoch.Add(time.Hour), Modified: epoch}))
	})
	for _, tt := range []struct{ q, want string }{
		{"", "archive,Fire Brigades,Zones"}, {"fire", "Fire Brigades"}, {"engine", "Fire Brigades"}, {"station", "Fire Brigades"}, {"safety", "Fire Brigades"}, {"ada", "Fire Brigades"}, {"555", ""}, {"esri_l*", "archive"}, {string(groupID("c")), "Zones"},
		{"id:" + string(groupID("b")), "archive"}, {"id: " + string(groupID("b")) + " OR id:" + string(groupID("c")), "archive,Zones"}, {"title:brigade", "Fire Brigades"}, {`title:"Fire Brigades" AND owner:ada`, "Fire Brigades"}, {"owner:ADA", "Fire Brigades"}, {"owner:esri_*", "archive"}, {"owner:*", "archive,Fire Brigades"},
		{"phone:555", "Fire Brigades"}, {"typekeywords:open", "Fire Brigades"}, {`tags:"public safety"`, "Fire Brigades"}, {"access:org", "archive"}, {"isinvitationonly:true", "Fire Brigades"}, {"isinvitationonly:false", "archive,Zones"}, {"isopendata:true", "archive"},
		{fmt.Sprintf("created:[%019d TO %019d]", ms(epoch), ms(epoch.Add(time.Minute))), "archive,Fire Brigades"}, {"title:[a TO g]", "archive,Fire Brigades"}, {"fire OR zones accountid:x", "Fire Brigades,Zones"}, {"fire OR zones orgid:y", "Fire Brigades"}, {"nosuch:x", ""}, {"description:stations", "Fire Brigades"}, {"snippet:engines", "Fire Brigades"},
	} {
		titles, total := findGroups(b, tt.q, admin, portal.Page{Num: 100, Sort: "title"})
		if got := strings.Join(titles, ","); got != tt.want || total != len(titles) {
			b.Errorf("%s finds %q of %d, want %q", tt.q, got, total, tt.want)
		}
	}
	for sort, want := range map[string]string{"": "archive,Fire Brigades,Zones", "title": "archive,Fire Brigades,Zones", "owner": "Zones,Fire Brigades,archive", "created": "Fire Brigades,archive,Zones", "modified": "Zones,archive,Fire Brigades"} {
		if titles, _ := findGroups(b, "", admin, portal.Page{Num: 100, Sort: sort}); strings.Join(titles, ",") != want {
			b.Errorf("sorted by %q: %v, want %s", sort, titles, want)
		}
	}
}
