package storetest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var userTests = []namedTest{
	{"an empty store has no organization", func(b *bench) {
		absent(b, "Org", func(tx portal.Tx) (*portal.Org, error) { return tx.Org() })
	}},
	{"there is one organization", func(b *bench) {
		for _, name := range []string{"first", "second"} {
			b.update(func(tx portal.Tx) error { return tx.PutOrg(&portal.Org{ID: "x" + esri.OrgID(name), Name: name}) })
		}
		if o := get(b, func(tx portal.Tx) (*portal.Org, error) { return tx.Org() }); o.ID != "xsecond" || o.Name != "second" {
			b.Errorf("got %+v", o)
		}
	}},
	{"absent", func(b *bench) {
		absent(b, "User", func(tx portal.Tx) (*portal.User, error) { return tx.User("nobody") })
		absent(b, "UserByID", func(tx portal.Tx) (*portal.User, error) { return tx.UserByID(id("a")) })
		b.update(func(tx portal.Tx) error { return putUsers(tx, "no id") })
		absent(b, "UserByID without an id", func(tx portal.Tx) (*portal.User, error) { return tx.UserByID("") })
		b.update(func(tx portal.Tx) error {
			if err := tx.TouchLogin("nobody", epoch); !errors.Is(err, portal.ErrAbsent) {
				b.Errorf("TouchLogin: %v, want ErrAbsent", err)
			}
			return tx.DeleteUser("nobody")
		})
	}},
	{"names match without regard to case and stay as first written", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return tx.PutUser(&portal.User{Username: "Ölaf@Example.COM", ID: id("1"), FullName: "first"})
		})
		b.update(func(tx portal.Tx) error {
			return tx.PutUser(&portal.User{Username: "öLAF@example.com", ID: id("1"), FullName: "second"})
		})
		for _, name := range []string{"Ölaf@Example.COM", "ölaf@example.com", "ÖLAF@EXAMPLE.COM"} {
			u := get(b, func(tx portal.Tx) (*portal.User, error) { return tx.User(name) })
			if u.Username != "Ölaf@Example.COM" || u.FullName != "second" {
				b.Errorf("User(%s) = %s, %s", name, u.Username, u.FullName)
			}
		}
		if u := get(b, func(tx portal.Tx) (*portal.User, error) { return tx.UserByID(id("1")) }); u.FullName != "second" {
			b.Errorf("UserByID: %+v", u)
		}
		if list, total := findUsers(b, "", portal.Visibility{All: true}, portal.Page{Num: 10}); total != 1 || len(list) != 1 {
			b.Errorf("%d users, want one", total)
		}
	}},
	{"TouchLogin changes the last login alone", func(b *bench) {
		at := epoch.Add(time.Hour)
		b.update(func(tx portal.Tx) error {
			return tx.PutUser(&portal.User{Username: "ada", FullName: "Ada", Modified: epoch})
		})
		b.update(func(tx portal.Tx) error { return tx.TouchLogin("ADA", at.Add(300*time.Microsecond)) })
		u := get(b, func(tx portal.Tx) (*portal.User, error) { return tx.User("ada") })
		if !u.LastLogin.Equal(at) || !u.Modified.Equal(epoch) || u.FullName != "Ada" {
			b.Errorf("got %+v", u)
		}
	}},
	{"deleting a member removes tokens, memberships and folders", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(putUsers(tx, "ada", "bob"), putGroups(tx, "a"),
				tx.PutMembership(portal.Membership{Group: groupID("a"), Username: "ada", Type: portal.MemberPlain}),
				tx.PutMembership(portal.Membership{Group: groupID("a"), Username: "bob", Type: portal.MemberPlain}),
				tx.PutFolder(&portal.Folder{ID: "f", Owner: "Ada", Title: "x"}),
				tx.PutFolder(&portal.Folder{ID: "g", Owner: "bob", Title: "x"}),
				tx.PutToken(&portal.Token{Hash: "t", Username: "Ada"}),
				tx.PutToken(&portal.Token{Hash: "u", Username: "bob"}))
		})
		b.update(func(tx portal.Tx) error { return tx.DeleteUser("ADA") })
		absent(b, "User", func(tx portal.Tx) (*portal.User, error) { return tx.User("ada") })
		absent(b, "Token", func(tx portal.Tx) (*portal.Token, error) { return tx.Token("t") })
		absent(b, "Folder", func(tx portal.Tx) (*portal.Folder, error) { return tx.Folder("f") })
		absent(b, "Membership", func(tx portal.Tx) (*portal.Membership, error) { return tx.Membership(groupID("a"), "ada") })
		b.view(func(tx portal.Tx) error {
			_, err1 := tx.User("bob")
			_, err2 := tx.Token("u")
			_, err3 := tx.Folder("g")
			_, err4 := tx.Membership(groupID("a"), "bob")
			return errors.Join(err1, err2, err3, err4)
		})
		if _, total := findUsers(b, "ada", portal.Visibility{All: true}, portal.Page{Num: 10}); total != 0 {
			b.Error("a deleted member is still found")
		}
	}},
	{"roles come by creation", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(
				tx.PutRole(&portal.Role{ID: "b", Created: epoch.Add(2)}),
				tx.PutRole(&portal.Role{ID: "c", Created: epoch.Add(time.Second)}),
				tx.PutRole(&portal.Role{ID: "a", Created: epoch.Add(time.Second)}))
		})
		list := get(b, func(tx portal.Tx) ([]*portal.Role, error) { return tx.Roles() })
		var ids []esri.RoleID
		for _, r := range list {
			ids = append(ids, r.ID)
		}
		if !slices.Equal(ids, []esri.RoleID{"b", "a", "c"}) {
			b.Errorf("got %v", ids)
		}
	}},
	{"roles: absent, holders, delete", func(b *bench) {
		absent(b, "Role", func(tx portal.Tx) (*portal.Role, error) { return tx.Role("r") })
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.PutRole(&portal.Role{ID: "r"}), tx.DeleteRole("none"),
				tx.PutUser(&portal.User{Username: "a", Role: "r"}), tx.PutUser(&portal.User{Username: "b", Role: "r"}),
				tx.PutUser(&portal.User{Username: "c", Role: "s"}))
		})
		if n := get(b, func(tx portal.Tx) (int, error) { return tx.CountRoleHolders("r") }); n != 2 {
			b.Errorf("%d holders, want 2", n)
		}
		b.update(func(tx portal.Tx) error { return tx.DeleteRole("r") })
		absent(b, "Role", func(tx portal.Tx) (*portal.Role, error) { return tx.Role("r") })
	}},
}

var tokenTests = []namedTest{
	{"absent", func(b *bench) {
		absent(b, "Token", func(tx portal.Tx) (*portal.Token, error) { return tx.Token("t") })
		b.update(func(tx portal.Tx) error { return errors.Join(tx.DeleteToken("t"), tx.DeleteTokensOf("nobody")) })
	}},
	{"deleting a token deletes its line of descent", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(
				tx.PutToken(&portal.Token{Hash: "refresh", Kind: portal.RefreshToken}),
				tx.PutToken(&portal.Token{Hash: "access", Parent: "refresh"}),
				tx.PutToken(&portal.Token{Hash: "refresh2", Parent: "refresh"}),
				tx.PutToken(&portal.Token{Hash: "access2", Parent: "refresh2"}),
				tx.PutToken(&portal.Token{Hash: "loop", Parent: "loop"}),
				tx.PutToken(&portal.Token{Hash: "other"}))
		})
		b.update(func(tx portal.Tx) error { return errors.Join(tx.DeleteToken("refresh"), tx.DeleteToken("loop")) })
		for _, hash := range []string{"refresh", "access", "refresh2", "access2", "loop"} {
			absent(b, hash, func(tx portal.Tx) (*portal.Token, error) { return tx.Token(hash) })
		}
		b.view(func(tx portal.Tx) error { _, err := tx.Token("other"); return err })
	}},
	{"tokens of a member", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.PutToken(&portal.Token{Hash: "a", Username: "Ada"}),
				tx.PutToken(&portal.Token{Hash: "b", Username: "bob"}), tx.PutToken(&portal.Token{Hash: "app"}))
		})
		b.update(func(tx portal.Tx) error { return errors.Join(tx.DeleteTokensOf("ADA"), tx.DeleteTokensOf("")) })
		absent(b, "a", func(tx portal.Tx) (*portal.Token, error) { return tx.Token("a") })
		b.view(func(tx portal.Tx) error {
			_, err1 := tx.Token("b")
			_, err2 := tx.Token("app")
			return errors.Join(err1, err2)
		})
	}},
	{"expired tokens", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.PutToken(&portal.Token{Hash: "past", Expires: epoch.Add(-time.Millisecond)}),
				tx.PutToken(&portal.Token{Hash: "now", Expires: epoch}),
				tx.PutToken(&portal.Token{Hash: "later", Expires: epoch.Add(time.Millisecond)}),
				tx.PutToken(&portal.Token{Hash: "never"}))
		})
		b.update(func(tx portal.Tx) error { return tx.DeleteExpiredTokens(epoch) })
		absent(b, "past", func(tx portal.Tx) (*portal.Token, error) { return tx.Token("past") })
		absent(b, "now", func(tx portal.Tx) (*portal.Token, error) { return tx.Token("now") })
		b.view(func(tx portal.Tx) error {
			_, err1 := tx.Token("later")
			_, err2 := tx.Token("never")
			return errors.Join(err1, err2)
		})
	}},
	{"finding tokens of a kind", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			var errs []error
			for i, hash := range []string{"cc1", "aa1", "aa2", "bb1"} {
				errs = append(errs, tx.PutToken(&portal.Token{Hash: hash, Kind: portal.Invite, Data: hash, Created: epoch.Add(time.Duration(i) * time.Second), Expires: epoch.Add(time.Hour)}))
			}
			return errors.Join(append(errs,
				tx.PutToken(&portal.Token{Hash: "aa3", Kind: portal.Invite, Expires: epoch}),
				tx.PutToken(&portal.Token{Hash: "aa4", Kind: portal.AccessToken, Expires: epoch.Add(time.Hour)}))...)
		})
		for _, tt := range []struct {
			hash string
			page portal.Page
			want string
			all  int
		}{
			{"", portal.Page{Start: 1, Num: 10}, "cc1 aa1 aa2 bb1", 4}, {"", portal.Page{Start: 2, Num: 2}, "aa1 aa2", 4},
			{"", portal.Page{Start: 9, Num: 2}, "", 4}, {"", portal.Page{}, "", 4}, {"aa", portal.Page{Start: 1, Num: 10}, "aa1 aa2", 2},
			{"aa2", portal.Page{Start: 1, Num: 1}, "aa2", 1}, {"dd", portal.Page{Start: 1, Num: 1}, "", 0},
		} {
			b.view(func(tx portal.Tx) error {
				list, n, err := tx.FindTokens(portal.TokenQuery{Kind: portal.Invite, After: epoch, Hash: tt.hash, Page: tt.page})
				var got []string
				for _, k := range list {
					got = append(got, k.Data)
				}
				if strings.Join(got, " ") != tt.want || n != tt.all {
					b.Errorf("%q %v: got %v of %d, want %s of %d", tt.hash, tt.page, got, n, tt.want, tt.all)
				}
				return err
			})
		}
	}},
}
