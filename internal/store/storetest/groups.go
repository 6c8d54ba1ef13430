package storetest

import (
	"errors"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var groupTests = []namedTest{
	{"absent", func(b *bench) {
		absent(b, "Group", func(tx portal.Tx) (*portal.Group, error) { return tx.Group(groupID("a")) })
		absent(b, "GroupTitled", func(tx portal.Tx) (*portal.Group, error) { return tx.GroupTitled("x") })
		absent(b, "Membership", func(tx portal.Tx) (*portal.Membership, error) { return tx.Membership(groupID("a"), "ada") })
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.DeleteGroup(groupID("a")), tx.DeleteMembership(groupID("a"), "ada"))
		})
	}},
	{"titles match without regard to case", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.PutGroup(&portal.Group{ID: groupID("f"), Title: "Straßen ÄÖ", Fav: true}),
				tx.PutGroup(&portal.Group{ID: groupID("a"), Title: "straßen äö"}))
		})
		g := get(b, func(tx portal.Tx) (*portal.Group, error) { return tx.GroupTitled("STRAßEN ÄÖ") })
		if g.ID != groupID("a") {
			b.Errorf("got %s; favorites groups have no title of their own", g.ID)
		}
	}},
	{"memberships", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(putUsers(tx, "Cid", "ada", "Bob"), putGroups(tx, "b", "a"))
		})
		b.update(func(tx portal.Tx) error {
			for _, m := range []portal.Membership{
				{Group: groupID("a"), Username: "cid", Type: portal.MemberAsking},
				{Group: groupID("a"), Username: "BOB", Type: portal.MemberOwner, Joined: epoch},
				{Group: groupID("a"), Username: "ada", Type: portal.MemberPlain},
				{Group: groupID("b"), Username: "bob", Type: portal.MemberPlain},
				{Group: groupID("a"), Username: "CID", Type: portal.MemberAdmin},
			} {
				if err := tx.PutMembership(m); err != nil {
					return err
				}
			}
			return nil
		})
		members := get(b, func(tx portal.Tx) ([]portal.Membership, error) { return tx.MembersOf(groupID("a")) })
		want := []portal.Membership{
			{Group: groupID("a"), Username: "ada", Type: portal.MemberPlain},
			{Group: groupID("a"), Username: "Bob", Type: portal.MemberOwner, Joined: epoch},
			{Group: groupID("a"), Username: "Cid", Type: portal.MemberAdmin},
		}
		if !slices.Equal(members, want) {
			b.Errorf("MembersOf: got %v, want %v", members, want)
		}
		of := get(b, func(tx portal.Tx) ([]portal.Membership, error) { return tx.MembershipsOf("BOB") })
		if len(of) != 2 || of[0].Group != groupID("a") || of[1].Group != groupID("b") {
			b.Errorf("MembershipsOf: %v", of)
		}
		b.update(func(tx portal.Tx) error { return tx.DeleteMembership(groupID("a"), "bOB") })
		absent(b, "Membership", func(tx portal.Tx) (*portal.Membership, error) { return tx.Membership(groupID("a"), "bob") })
	}},
	{"a membership refers to a member and a group", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			if err := errors.Join(putUsers(tx, "ada"), putGroups(tx, "a")); err != nil {
				return err
			}
			for _, m := range []portal.Membership{{Group: groupID("b"), Username: "ada"}, {Group: groupID("a"), Username: "bob"}} {
				if err := tx.PutMembership(m); !errors.Is(err, portal.ErrAbsent) {
					b.Errorf("PutMembership(%v): %v, want ErrAbsent", m, err)
				}
			}
			return nil
		})
	}},
	{"shares", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(putGroups(tx, "b", "a"), putItems(tx, "2", "1"),
				tx.Share(itemID("1"), groupID("b")), tx.Share(itemID("1"), groupID("a")), tx.Share(itemID("1"), groupID("a")),
				tx.Share(itemID("2"), groupID("a")), tx.Unshare(itemID("2"), groupID("b")))
		})
		of := get(b, func(tx portal.Tx) ([]esri.GroupID, error) { return tx.GroupsOf(itemID("1")) })
		if !slices.Equal(of, []esri.GroupID{groupID("a"), groupID("b")}) {
			b.Errorf("GroupsOf: %v", of)
		}
		in := get(b, func(tx portal.Tx) ([]esri.ItemID, error) { return tx.ItemsOfGroup(groupID("a")) })
		if !slices.Equal(in, []esri.ItemID{itemID("1"), itemID("2")}) {
			b.Errorf("ItemsOfGroup: %v", in)
		}
		b.update(func(tx portal.Tx) error { return tx.Unshare(itemID("1"), groupID("a")) })
		if of := get(b, func(tx portal.Tx) ([]esri.GroupID, error) { return tx.GroupsOf(itemID("1")) }); len(of) != 1 {
			b.Errorf("GroupsOf after Unshare: %v", of)
		}
		b.update(func(tx portal.Tx) error {
			for _, err := range []error{tx.Share(itemID("9"), groupID("a")), tx.Share(itemID("1"), groupID("9"))} {
				if !errors.Is(err, portal.ErrAbsent) {
					b.Errorf("Share with something absent: %v, want ErrAbsent", err)
				}
			}
			return nil
		})
	}},
	{"deleting a group removes memberships and shares", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(putUsers(tx, "ada"), putGroups(tx, "a", "b"), putItems(tx, "1"),
				tx.PutMembership(portal.Membership{Group: groupID("a"), Username: "ada", Type: portal.MemberPlain}),
				tx.Share(itemID("1"), groupID("a")), tx.Share(itemID("1"), groupID("b")))
		})
		b.update(func(tx portal.Tx) error { return tx.DeleteGroup(groupID("a")) })
		absent(b, "Group", func(tx portal.Tx) (*portal.Group, error) { return tx.Group(groupID("a")) })
		if ms := get(b, func(tx portal.Tx) ([]portal.Membership, error) { return tx.MembershipsOf("ada") }); len(ms) != 0 {
			b.Errorf("memberships left: %v", ms)
		}
		if of := get(b, func(tx portal.Tx) ([]esri.GroupID, error) { return tx.GroupsOf(itemID("1")) }); !slices.Equal(of, []esri.GroupID{groupID("b")}) {
			b.Errorf("shares left: %v", of)
		}
		if _, total := findGroups(b, "a", portal.Visibility{All: true}, portal.Page{}); total != 0 {
			b.Error("a deleted group is still found")
		}
	}},
	{"replacing a group keeps memberships and shares", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(putUsers(tx, "ada"), putGroups(tx, "a"), putItems(tx, "1"),
				tx.PutMembership(portal.Membership{Group: groupID("a"), Username: "ada", Type: portal.MemberPlain}),
				tx.Share(itemID("1"), groupID("a")))
		})
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.PutGroup(&portal.Group{ID: groupID("a"), Title: "new"}),
				tx.PutUser(&portal.User{Username: "ADA", FullName: "new"}),
				tx.PutItem(&portal.Item{ID: itemID("1"), Title: "new"}))
		})
		if ms := get(b, func(tx portal.Tx) ([]portal.Membership, error) { return tx.MembersOf(groupID("a")) }); len(ms) != 1 {
			b.Errorf("memberships: %v", ms)
		}
		if in := get(b, func(tx portal.Tx) ([]esri.ItemID, error) { return tx.ItemsOfGroup(groupID("a")) }); len(in) != 1 {
			b.Errorf("shares: %v", in)
		}
	}},
	{"folders", func(b *bench) {
		absent(b, "Folder", func(tx portal.Tx) (*portal.Folder, error) { return tx.Folder("f") })
		absent(b, "FolderTitled", func(tx portal.Tx) (*portal.Folder, error) { return tx.FolderTitled("ada", "x") })
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.DeleteFolder("f"),
				tx.PutFolder(&portal.Folder{ID: "1", Owner: "Ada", Title: "Zürich"}),
				tx.PutFolder(&portal.Folder{ID: "2", Owner: "ada", Title: "archive"}),
				tx.PutFolder(&portal.Folder{ID: "3", Owner: "ADA", Title: "Bern"}),
				tx.PutFolder(&portal.Folder{ID: "4", Owner: "bob", Title: "zürich"}))
		})
		var titles []string
		for _, f := range get(b, func(tx portal.Tx) ([]*portal.Folder, error) { return tx.FoldersOf("aDA") }) {
			titles = append(titles, f.Title)
		}
		if !slices.Equal(titles, []string{"archive", "Bern", "Zürich"}) {
			b.Errorf("FoldersOf: %v", titles)
		}
		if f := get(b, func(tx portal.Tx) (*portal.Folder, error) { return tx.FolderTitled("ada", "ZÜRICH") }); f.ID != "1" {
			b.Errorf("FolderTitled: %+v", f)
		}
		if err := b.store.Update(b.Context(), func(tx portal.Tx) error {
			return tx.PutFolder(&portal.Folder{ID: "5", Owner: "ada", Title: "BERN"})
		}); err == nil {
			b.Error("two folders of one member got the same title")
		}
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.PutFolder(&portal.Folder{ID: "3", Owner: "ada", Title: "BERN"}), tx.DeleteFolder("1"))
		})
		absent(b, "Folder", func(tx portal.Tx) (*portal.Folder, error) { return tx.Folder("1") })
		if f := get(b, func(tx portal.Tx) (*portal.Folder, error) { return tx.Folder("3") }); f.Title != "BERN" {
			b.Errorf("renamed folder: %+v", f)
		}
	}},
}
