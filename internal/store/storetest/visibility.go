package storetest

import (
	"errors"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// Callers of the visibility tests.
var (
	admin     = portal.Visibility{All: true}
	anonymous = portal.Visibility{}
	member    = portal.Visibility{Username: "zoe", Member: true}
	ada       = portal.Visibility{Username: "ADA", Member: true}
	outsider  = portal.Visibility{Username: "ada"} // of no organization: sees own and public things
	inA       = portal.Visibility{Username: "zoe", Member: true, Groups: []esri.GroupID{groupID("a")}}
	inBoth    = portal.Visibility{Username: "zoe", Member: true, Groups: []esri.GroupID{groupID("a"), groupID("b"), groupID("none")}}
)

// estate: items 1 to 5 of ada, one of each access and one shared with two groups, and 6, a
// private one of bob that group b holds.
func estate(tx portal.Tx) error {
	for _, it := range []portal.Item{
		{ID: itemID("1"), Access: portal.Public}, {ID: itemID("2"), Access: portal.InOrg}, {ID: itemID("3"), Access: portal.Private},
		{ID: itemID("4"), Access: portal.Shared}, {ID: itemID("5"), Access: portal.Shared}, {ID: itemID("6"), Access: portal.Private, Owner: "bob"},
	} {
		if it.Owner == "" {
			it.Owner = "Ada"
		}
		it.Title, it.Tags, it.Type = "thing", []string{"secret of " + string(it.ID[:1])}, "Type "+string(it.ID[:1])
		if err := tx.PutItem(&it); err != nil {
			return err
		}
	}
	return errors.Join(
		tx.PutGroup(&portal.Group{ID: groupID("a"), Title: "private", Access: portal.Private, Owner: "bob", Tags: []string{"hush"}}),
		tx.PutGroup(&portal.Group{ID: groupID("b"), Title: "organization", Access: portal.InOrg, Owner: "bob"}),
		tx.PutGroup(&portal.Group{ID: groupID("c"), Title: "public", Access: portal.Public, Owner: "bob"}),
		tx.PutGroup(&portal.Group{ID: groupID("f"), Title: "favorites", Access: portal.Private, Owner: "ada", Fav: true}),
		tx.Share(itemID("1"), groupID("a")), tx.Share(itemID("4"), groupID("a")), tx.Share(itemID("5"), groupID("b")),
		tx.Share(itemID("6"), groupID("b")), tx.Share(itemID("1"), groupID("c")),
		tx.PutUser(&portal.User{Username: "Ada", FullName: "Ada L", Access: portal.Private}),
		tx.PutUser(&portal.User{Username: "bob", FullName: "Bob L", Access: portal.InOrg}),
		tx.PutUser(&portal.User{Username: "cid", FullName: "Cid L", Access: portal.Public}))
}

var visibilityTests = []namedTest{
	{"items", func(b *bench) {
		b.update(estate)
		for _, tt := range []struct {
			name string
			v    portal.Visibility
			want string
		}{
			{"administrator", admin, "123456"}, {"anonymous", anonymous, "1"}, {"member", member, "12"}, {"owner", ada, "12345"},
			{"outsider", outsider, "12345"}, {"group member", inA, "124"}, {"member of both", inBoth, "12456"},
		} {
			// However the query is put, nothing else is found, counted or told apart.
			for _, q := range []string{"", "thing", "thin*", "title:thing", "NOT nothing", "*", "thing OR secret", "access:(public OR org OR shared OR private)", "id:*", "tags:secret OR thing", "-owner:nobody"} {
				page := findItems(b, q, portal.ItemQuery{Visible: tt.v, CountFields: []string{"tags", "type", "access"}, CountSize: 100})
				if got := shortIDs(b, page); got != tt.want {
					b.Errorf("%s finds %q with %q, want %q", tt.name, got, q, tt.want)
				}
				for _, c := range page.Counts {
					sum := 0
					for _, v := range c.Values {
						sum += v.Count
					}
					if sum != len(tt.want) || c.Field != "access" && len(c.Values) != len(tt.want) {
						b.Errorf("%s: %s counts %v over %d items", tt.name, c.Field, c.Values, len(tt.want))
					}
				}
				if total := findItems(b, q, portal.ItemQuery{Visible: tt.v, Page: portal.Page{Start: 1, Sort: "title"}}).Total; total != len(tt.want) {
					b.Errorf("%s: total of %q is %d, want %d", tt.name, q, total, len(tt.want))
				}
			}
		}
	}},
	{"a group that the caller may not know of does not show what it holds", func(b *bench) {
		b.update(estate)
		for _, tt := range []struct {
			name string
			v    portal.Visibility
			want [3]string // of groups a, b, c
		}{
			{"administrator", admin, [3]string{"14", "56", "1"}}, {"anonymous", anonymous, [3]string{"", "", "1"}}, {"member", member, [3]string{"", "", "1"}},
			{"owner of items", ada, [3]string{"", "5", "1"}}, {"group member", inA, [3]string{"14", "", "1"}}, {"member of both", inBoth, [3]string{"14", "56", "1"}},
		} {
			for i, g := range []string{"a", "b", "c"} {
				if got := shortIDs(b, findItems(b, "group:"+string(groupID(g)), portal.ItemQuery{Visible: tt.v})); got != tt.want[i] {
					b.Errorf("%s finds %q in group %s, want %q", tt.name, got, g, tt.want[i])
				}
			}
		}
	}},
	{"the group of a query narrows it", func(b *bench) {
		b.update(estate)
		for _, tt := range []struct {
			v    portal.Visibility
			want string
		}{{admin, "14"}, {anonymous, "1"}, {inA, "14"}, {ada, "14"}} {
			if got := shortIDs(b, findItems(b, "", portal.ItemQuery{Visible: tt.v, Group: groupID("a")})); got != tt.want {
				b.Errorf("%+v finds %q, want %q", tt.v, got, tt.want)
			}
		}
		if got := shortIDs(b, findItems(b, "type:4", portal.ItemQuery{Visible: admin, Group: groupID("a")})); got != "4" {
			b.Errorf("with a query: %q, want 4", got)
		}
		if got := shortIDs(b, findItems(b, "", portal.ItemQuery{Visible: admin, Group: groupID("none")})); got != "" {
			b.Errorf("an unknown group holds %q", got)
		}
	}},
	{"groups", func(b *bench) {
		b.update(estate)
		for _, tt := range []struct {
			v    portal.Visibility
			q    string
			want string
		}{
			{admin, "", "organization private public"}, {anonymous, "", "public"}, {member, "", "organization public"}, {inA, "", "organization private public"},
			{ada, "", "organization public"}, {portal.Visibility{Username: "bob", Member: true}, "", "organization public"},
			{anonymous, "hush", ""}, {member, "tags:hush", ""}, {inA, "hush", "private"}, {anonymous, "NOT hush", "public"}, {anonymous, "owner:bob", "public"}, {admin, "favorites", ""},
			{portal.Visibility{Username: "ada", Groups: []esri.GroupID{groupID("f")}}, "", "public"},
		} {
			titles, total := findGroups(b, tt.q, tt.v, portal.Page{Num: 100})
			slices.Sort(titles)
			if got := strings.Join(titles, " "); got != tt.want || total != len(titles) {
				b.Errorf("%+v finds %q of %d with %q, want %q", tt.v, got, total, tt.q, tt.want)
			}
		}
	}},
	{"users", func(b *bench) {
		b.update(estate)
		for _, tt := range []struct {
			v    portal.Visibility
			q    string
			want string
		}{
			{admin, "", "Ada bob cid"}, {anonymous, "", "cid"}, {member, "", "bob cid"}, {ada, "", "Ada bob cid"}, {outsider, "", "Ada cid"},
			{member, "ada", ""}, {member, "fullname:L", "bob cid"}, {member, "username:ada OR username:bob", "bob"}, {ada, "username:Ada", "Ada"}, {member, "access:private", ""},
		} {
			names, total := findUsers(b, tt.q, tt.v, portal.Page{Num: 100})
			slices.Sort(names)
			if got := strings.Join(names, " "); got != tt.want || total != len(names) {
				b.Errorf("%+v finds %q of %d with %q, want %q", tt.v, got, total, tt.q, tt.want)
			}
		}
	}},
	{"a change of access or membership shows at once", func(b *bench) {
		b.update(estate)
		see := func(v portal.Visibility) string {
			return shortIDs(b, findItems(b, "thing", portal.ItemQuery{Visible: v}))
		}
		b.update(func(tx portal.Tx) error {
			it, err := tx.Item(itemID("3"))
			if err != nil {
				return err
			}
			it.Access = portal.Public
			return errors.Join(tx.PutItem(it), tx.Unshare(itemID("4"), groupID("a")), tx.Share(itemID("6"), groupID("a")))
		})
		if got := see(anonymous) + "," + see(inA); got != "13,1236" {
			b.Errorf("anonymous and a member of the group see %q, want 13,1236", got)
		}
	}},
}
