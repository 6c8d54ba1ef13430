package storetest

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// putApp registers an item as an app.
func putApp(tx portal.Tx, client, item string) error {
	return tx.PutApp(&portal.App{ClientID: client, Item: itemID(item), Secret: secret.Secret("secret of " + client)})
}

var orgTests = []namedTest{
	{"category schemas", func(b *bench) {
		absent(b, "CategorySchema", func(tx portal.Tx) (json.RawMessage, error) { return tx.CategorySchema(portal.OrgCategories) })
		group := string(groupID("a"))
		b.update(func(tx portal.Tx) error {
			return errors.Join(putGroups(tx, "a", "b"), tx.DeleteCategorySchema("nothing"),
				tx.PutCategorySchema(portal.OrgCategories, json.RawMessage(`[ "old" ]`)), tx.PutCategorySchema(portal.OrgCategories, json.RawMessage(`[ "ü", 1 ]`)),
				tx.PutCategorySchema(portal.MemberCategories, json.RawMessage(`[]`)), tx.PutCategorySchema(group, json.RawMessage(`["g"]`)))
		})
		b.reopen()
		read := func(scope string) string {
			return string(get(b, func(tx portal.Tx) (json.RawMessage, error) { return tx.CategorySchema(scope) }))
		}
		if org, members, g := read(portal.OrgCategories), read(portal.MemberCategories), read(group); org != `[ "ü", 1 ]` || members != `[]` || g != `["g"]` {
			b.Errorf("read %s, %s, %s", org, members, g)
		}
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.DeleteCategorySchema(portal.MemberCategories), tx.DeleteGroup(groupID("b")), tx.DeleteGroup(groupID("a")))
		})
		for _, scope := range []string{portal.MemberCategories, group} {
			absent(b, scope, func(tx portal.Tx) (json.RawMessage, error) { return tx.CategorySchema(scope) })
		}
		read(portal.OrgCategories)
	}},
	{"categories within a group go with the share", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			err := errors.Join(putGroups(tx, "a", "b"), putItems(tx, "1", "2", "3"))
			for _, n := range []string{"1", "2"} {
				err = errors.Join(err, tx.Share(itemID(n), groupID("a")), tx.Share(itemID(n), groupID("b")))
			}
			for _, gone := range []error{
				tx.PutGroupCategories(groupID("a"), itemID("3"), []string{"/x"}), tx.PutGroupCategories(groupID("c"), itemID("1"), []string{"/x"}),
			} {
				if !errors.Is(gone, portal.ErrAbsent) {
					b.Errorf("categories of an item that is not shared: %v, want ErrAbsent", gone)
				}
			}
			return errors.Join(err, tx.PutGroupCategories(groupID("a"), itemID("1"), []string{"/Categories/Größe, 1", "/B"}),
				tx.PutGroupCategories(groupID("b"), itemID("1"), []string{"/other"}), tx.PutGroupCategories(groupID("a"), itemID("2"), []string{"/C"}))
		})
		read := func() map[esri.ItemID][]string {
			return get(b, func(tx portal.Tx) (map[esri.ItemID][]string, error) {
				return tx.GroupCategories(groupID("a"), []esri.ItemID{itemID("1"), itemID("2"), itemID("3"), itemID("9")})
			})
		}
		want := map[esri.ItemID][]string{itemID("1"): {"/Categories/Größe, 1", "/B"}, itemID("2"): {"/C"}}
		if got := read(); !maps.EqualFunc(got, want, slices.Equal) {
			b.Errorf("got %v, want %v", got, want)
		}
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.Share(itemID("1"), groupID("a")), tx.PutGroupCategories(groupID("a"), itemID("2"), nil))
		})
		if got := read(); len(got) != 1 || len(got[itemID("1")]) != 2 {
			b.Errorf("after sharing again and clearing: %v", got)
		}
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.Unshare(itemID("1"), groupID("a")), tx.Share(itemID("1"), groupID("a")))
		})
		if got := read(); len(got) != 0 {
			b.Errorf("after unsharing: %v", got)
		}
	}},
	{"items are found by category", categorySearch},
	{"apps end with their items, and their tokens with them", func(b *bench) {
		absent(b, "App", func(tx portal.Tx) (*portal.App, error) { return tx.App("a") })
		absent(b, "AppOf", func(tx portal.Tx) (*portal.App, error) { return tx.AppOf(itemID("1")) })
		b.update(func(tx portal.Tx) error {
			if err := putItems(tx, "1", "2", "3"); err != nil {
				return err
			}
			if err := tx.PutApp(&portal.App{ClientID: "x", Item: itemID("9")}); !errors.Is(err, portal.ErrAbsent) {
				b.Errorf("an app of an absent item: %v, want ErrAbsent", err)
			}
			for hash, client := range map[string]string{"k1": "a", "k2": "b", "k3": "c", "k4": ""} {
				if err := tx.PutToken(&portal.Token{Hash: hash, ClientID: client, Expires: epoch}); err != nil {
					return err
				}
			}
			return errors.Join(putApp(tx, "a", "1"), putApp(tx, "b", "2"), putApp(tx, "c", "3"), tx.DeleteApp("nothing"), tx.DeleteApp(""))
		})
		b.reopen()
		if a := get(b, func(tx portal.Tx) (*portal.App, error) { return tx.AppOf(itemID("1")) }); a.ClientID != "a" || a.Secret != "secret of a" {
			b.Errorf("AppOf: %q of %q", a.ClientID, a.Secret.Reveal())
		}
		b.update(func(tx portal.Tx) error { return errors.Join(tx.DeleteItem(itemID("1")), tx.DeleteApp("b")) })
		for hash, gone := range map[string]bool{"k1": true, "k2": true, "k3": false, "k4": false} {
			b.view(func(tx portal.Tx) error {
				if _, err := tx.Token(hash); errors.Is(err, portal.ErrAbsent) != gone {
					b.Errorf("token %s: %v, want it gone: %t", hash, err, gone)
				}
				return nil
			})
		}
		for _, client := range []string{"a", "b"} {
			absent(b, "app "+client, func(tx portal.Tx) (*portal.App, error) { return tx.App(client) })
		}
		get(b, func(tx portal.Tx) (*portal.Item, error) { return tx.Item(itemID("2")) })
	}},
	{"files of the organization come by key", func(b *bench) {
		absent(b, "OrgFile", func(tx portal.Tx) (*portal.OrgFile, error) { return tx.OrgFile("x") })
		b.update(func(tx portal.Tx) error {
			for _, key := range []string{"b/2", "a", "b/1"} {
				c, err := kept(tx, key)
				if err != nil {
					return err
				}
				if err := tx.PutOrgFile(&portal.OrgFile{Key: key, Access: portal.Public, File: portal.File{Blob: c}}); err != nil {
					return err
				}
			}
			return errors.Join(tx.DeleteOrgFile("nothing"), tx.DeleteOrgFile("b/1"))
		})
		var keys []string
		for _, f := range get(b, func(tx portal.Tx) ([]*portal.OrgFile, error) { return tx.OrgFiles() }) {
			keys = append(keys, f.Key)
		}
		if !slices.Equal(keys, []string{"a", "b/2"}) {
			b.Errorf("OrgFiles: %v", keys)
		}
	}},
}

// categorySearch asks for categories of the organization and within a group.
func categorySearch(b *bench) {
	b.update(func(tx portal.Tx) error {
		err := putGroups(tx, "a", "b")
		for n, categories := range map[string][]string{
			"1": {"/Categories/Water"}, "2": {"/Categories/Water/Rivers", "/Categories/Land, use"}, "3": {"/categories/WATERWAYS"}, "4": {"/Categories"}, "5": nil,
		} {
			err = errors.Join(err, tx.PutItem(&portal.Item{ID: itemID(n), Owner: "ada", Access: portal.Public, Categories: categories}),
				tx.Share(itemID(n), groupID("a")), tx.Share(itemID(n), groupID("b")))
		}
		return errors.Join(err, tx.PutGroupCategories(groupID("a"), itemID("5"), []string{"/Categories/Größe/A", "/Categories/Water"}),
			tx.PutGroupCategories(groupID("b"), itemID("4"), []string{"/Categories/Water"}))
	})
	for _, tt := range []struct {
		group string
		paths [][]string
		terms [][]string
		want  string
	}{
		{paths: [][]string{{"/Categories/Water"}}, want: "12"},
		{paths: [][]string{{"/CATEGORIES/water"}}, want: "12"},
		{paths: [][]string{{"/Categories/Water/Rivers"}}, want: "2"},
		{paths: [][]string{{"/Categories"}}, want: "1234"},
		{paths: [][]string{{"/Categories/Wat"}}, want: ""},
		{paths: [][]string{{"/Categories/Land, use", "/categories/waterways"}}, want: "23"},
		{paths: [][]string{{"/Categories/Water"}, {"/Categories/Land, use"}}, want: "2"},
		{paths: [][]string{{}}, want: ""},
		{paths: [][]string{{"' OR 1=1 --"}}, want: ""},
		{terms: [][]string{{"river", "WAYS"}}, want: "23"},
		{terms: [][]string{{"water"}, {"land"}}, want: "2"},
		{group: "a", paths: [][]string{{"/Categories/Water"}}, want: "5"},
		{group: "a", paths: [][]string{{"/categories/GRÖßE"}}, want: "5"},
		{group: "a", paths: [][]string{{"/Categories/Water"}, {"/Categories/Größe/A"}}, want: "5"},
		{group: "b", paths: [][]string{{"/Categories/Water"}}, want: "4"},
		{group: "b", terms: [][]string{{"größe"}}, want: ""},
		{group: "a", terms: [][]string{{"GRÖßE"}}, want: "5"},
	} {
		q := portal.ItemQuery{Categories: tt.paths, CategoryTerms: tt.terms, Visible: portal.Visibility{All: true}}
		if tt.group != "" {
			q.Group = groupID(tt.group)
		}
		if got := shortIDs(b, findItems(b, "*", q)); got != tt.want {
			b.Errorf("group %q, paths %v, terms %v: found %q, want %q", tt.group, tt.paths, tt.terms, got, tt.want)
		}
	}
	q := portal.ItemQuery{Categories: [][]string{{"/Categories/Water"}}, CountFields: []string{"categories"}, Visible: portal.Visibility{All: true}}
	if counts := findItems(b, "*", q).Counts; len(counts) != 1 || len(counts[0].Values) != 3 {
		b.Errorf("counts: %v", counts)
	}
}
