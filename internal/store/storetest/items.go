package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var itemTests = []namedTest{
	{"absent", func(b *bench) {
		absent(b, "Item", func(tx portal.Tx) (*portal.Item, error) { return tx.Item(itemID("1")) })
		absent(b, "ItemNamed", func(tx portal.Tx) (*portal.Item, error) { return tx.ItemNamed("ada", "", "x.csv") })
		b.update(func(tx portal.Tx) error {
			if err := tx.CountView(itemID("1"), epoch); !errors.Is(err, portal.ErrAbsent) {
				b.Errorf("CountView: %v, want ErrAbsent", err)
			}
			return tx.DeleteItem(itemID("1"))
		})
	}},
	{"an item without data has none, one with empty data has it", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(tx.KeepBlob(blobOf("")), tx.PutItem(&portal.Item{ID: itemID("1")}),
				tx.PutItem(&portal.Item{ID: itemID("2"), Data: &portal.Data{Blobs: []portal.Blob{{Hash: blobOf("").Hash}}}}))
		})
		for n, has := range map[string]bool{"1": false, "2": true} {
			if it := get(b, func(tx portal.Tx) (*portal.Item, error) { return tx.Item(itemID(n)) }); (it.Data != nil) != has {
				b.Errorf("item %s: data %v", n, it.Data)
			}
		}
	}},
	{"data of many parts keeps its order", func(b *bench) {
		var blobs []portal.Blob
		b.update(func(tx portal.Tx) error {
			for i := range 30 {
				c := blobOf(fmt.Sprint(i % 7))
				if err := tx.KeepBlob(c); err != nil {
					return err
				}
				c.Inline = nil
				blobs = append(blobs, c)
			}
			return tx.PutItem(&portal.Item{ID: itemID("1"), Data: &portal.Data{Size: 30, Blobs: blobs}})
		})
		if it := get(b, func(tx portal.Tx) (*portal.Item, error) { return tx.Item(itemID("1")) }); !equalBlobs(it.Data.Blobs, blobs) {
			b.Errorf("got %v", it.Data.Blobs)
		}
		slices.Reverse(blobs)
		b.update(func(tx portal.Tx) error {
			return tx.PutItem(&portal.Item{ID: itemID("1"), Data: &portal.Data{Size: 2, Blobs: blobs[:2]}})
		})
		page := findItems(b, "", portal.ItemQuery{Visible: portal.Visibility{All: true}})
		if len(page.Items) != 1 || !equalBlobs(page.Items[0].Data.Blobs, blobs[:2]) {
			b.Errorf("after a change a search finds %v", page.Items)
		}
	}},
	{"items of a folder", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			for i, it := range []portal.Item{
				{Owner: "ada", Type: "Web Map", Title: "b"}, {Owner: "ADA", Type: "web map", Title: "A"}, {Owner: "Ada", Type: "CSV", Title: "c"},
				{Owner: "ada", Type: "CSV", Title: "in folder", Folder: "f"}, {Owner: "bob", Type: "CSV", Title: "other"},
			} {
				it.ID = itemID(fmt.Sprint(9 - i))
				it.Created = epoch.Add(time.Duration(i) * time.Second)
				if err := tx.PutItem(&it); err != nil {
					return err
				}
			}
			return nil
		})
		for _, tt := range []struct {
			folder esri.FolderID
			types  []string
			page   portal.Page
			want   []string
			total  int
		}{
			{"", nil, portal.Page{Start: 1, Num: 10}, []string{"b", "A", "c"}, 3},
			{"", nil, portal.Page{Num: 10}, []string{"b", "A", "c"}, 3},
			{"", nil, portal.Page{Start: 2, Num: 1}, []string{"A"}, 3},
			{"", nil, portal.Page{Start: 4, Num: 10}, nil, 3},
			{"", nil, portal.Page{Start: 1}, nil, 3},
			{"", nil, portal.Page{Num: 10, Sort: "title"}, []string{"A", "b", "c"}, 3},
			{"", nil, portal.Page{Num: 10, Sort: "created", Desc: true}, []string{"c", "A", "b"}, 3},
			{"", []string{"WEB MAP"}, portal.Page{Num: 10}, []string{"b", "A"}, 2},
			{"", []string{"csv", "Web Map"}, portal.Page{Num: 10}, []string{"b", "A", "c"}, 3},
			{"f", nil, portal.Page{Num: 10}, []string{"in folder"}, 1},
			{"none", nil, portal.Page{Num: 10}, nil, 0},
		} {
			b.view(func(tx portal.Tx) error {
				list, total, err := tx.ItemsIn("aDA", tt.folder, tt.types, tt.page)
				if got := itemTitles(list); !slices.Equal(got, tt.want) || total != tt.total {
					b.Errorf("ItemsIn(%q, %v, %+v) = %v of %d, want %v of %d", tt.folder, tt.types, tt.page, got, total, tt.want, tt.total)
				}
				return err
			})
		}
		if n := get(b, func(tx portal.Tx) (int, error) { return tx.CountItemsOf("aDa") }); n != 4 {
			b.Errorf("CountItemsOf: %d, want 4", n)
		}
	}},
	{"items by file name", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return errors.Join(
				tx.PutItem(&portal.Item{ID: itemID("1"), Owner: "ada", Name: "Sites.csv"}),
				tx.PutItem(&portal.Item{ID: itemID("2"), Owner: "Ada", Name: "SITES.csv", Data: &portal.Data{}}),
				tx.PutItem(&portal.Item{ID: itemID("3"), Owner: "ada", Name: "sites.csv", Data: &portal.Data{}, Folder: "f"}))
		})
		for folder, want := range map[esri.FolderID]esri.ItemID{"": itemID("2"), "f": itemID("3")} {
			if it := get(b, func(tx portal.Tx) (*portal.Item, error) { return tx.ItemNamed("ADA", folder, "sites.CSV") }); it.ID != want {
				b.Errorf("in folder %q: %s, want %s", folder, it.ID, want)
			}
		}
		absent(b, "another owner", func(tx portal.Tx) (*portal.Item, error) { return tx.ItemNamed("bob", "", "sites.csv") })
	}},
	{"CountView counts and touches nothing else", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			return tx.PutItem(&portal.Item{ID: itemID("1"), Title: "x", NumViews: 4, Modified: epoch})
		})
		for range 3 {
			b.update(func(tx portal.Tx) error { return tx.CountView(itemID("1"), epoch.Add(time.Hour)) })
		}
		it := get(b, func(tx portal.Tx) (*portal.Item, error) { return tx.Item(itemID("1")) })
		if it.NumViews != 7 || !it.LastViewed.Equal(epoch.Add(time.Hour)) || !it.Modified.Equal(epoch) || it.Title != "x" {
			b.Errorf("got %+v", it)
		}
		if found(b, "numviews:7") != "1" {
			b.Error("the search does not know the new number of views")
		}
	}},
	{"relations", func(b *bench) {
		r := func(o, d, kind string) portal.Relation {
			return portal.Relation{Origin: itemID(o), Destination: itemID(d), Type: kind}
		}
		absent(b, "Relation", func(tx portal.Tx) (*portal.Relation, error) {
			return tx.Relation(itemID("1"), itemID("2"), "Map2Service")
		})
		b.update(func(tx portal.Tx) error {
			return errors.Join(putItems(tx, "1", "2", "3"),
				tx.PutRelation(r("1", "3", "Map2Service")), tx.PutRelation(r("1", "2", "Map2Service")),
				tx.PutRelation(r("1", "2", "Map2Area")), tx.PutRelation(r("3", "2", "Map2Service")),
				tx.PutRelation(r("1", "2", "Map2Service")), tx.DeleteRelation(itemID("2"), itemID("1"), "Map2Service"))
		})
		from := get(b, func(tx portal.Tx) ([]portal.Relation, error) { return tx.RelationsFrom(itemID("1")) })
		if !slices.Equal(from, []portal.Relation{r("1", "2", "Map2Area"), r("1", "2", "Map2Service"), r("1", "3", "Map2Service")}) {
			b.Errorf("RelationsFrom: %v", from)
		}
		to := get(b, func(tx portal.Tx) ([]portal.Relation, error) { return tx.RelationsTo(itemID("2")) })
		if !slices.Equal(to, []portal.Relation{r("1", "2", "Map2Area"), r("1", "2", "Map2Service"), r("3", "2", "Map2Service")}) {
			b.Errorf("RelationsTo: %v", to)
		}
		b.update(func(tx portal.Tx) error {
			if err := tx.PutRelation(r("1", "9", "Map2Service")); !errors.Is(err, portal.ErrAbsent) {
				b.Errorf("a relation to an absent item: %v, want ErrAbsent", err)
			}
			return errors.Join(tx.DeleteRelation(itemID("1"), itemID("2"), "Map2Service"), tx.DeleteItem(itemID("3")))
		})
		if from := get(b, func(tx portal.Tx) ([]portal.Relation, error) { return tx.RelationsFrom(itemID("1")) }); len(from) != 1 {
			b.Errorf("left: %v", from)
		}
		if to := get(b, func(tx portal.Tx) ([]portal.Relation, error) { return tx.RelationsTo(itemID("2")) }); len(to) != 1 {
			b.Errorf("left: %v", to)
		}
	}},
	{"deleting an item removes all that hangs on it", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			for _, n := range []string{"1", "2"} {
				c := blobOf("of " + n)
				f := portal.File{Name: "x", Blob: portal.Blob{Hash: c.Hash, Size: c.Size}}
				if err := errors.Join(tx.KeepBlob(c),
					tx.PutItem(&portal.Item{ID: itemID(n), Title: "gone", Tags: []string{"gone"}, Data: &portal.Data{Blobs: []portal.Blob{f.Blob}}}),
					tx.PutInfo(&portal.InfoFile{Item: itemID(n), Path: "p", File: f}),
					tx.PutResource(&portal.Resource{Item: itemID(n), Path: "p", File: f}),
					tx.PutPart(portal.Part{Item: itemID(n), Number: 1, Blob: f.Blob})); err != nil {
					return err
				}
			}
			return errors.Join(putGroups(tx, "a"), tx.Share(itemID("1"), groupID("a")), tx.Share(itemID("2"), groupID("a")))
		})
		b.update(func(tx portal.Tx) error { return tx.DeleteItem(itemID("1")) })
		absent(b, "Item", func(tx portal.Tx) (*portal.Item, error) { return tx.Item(itemID("1")) })
		absent(b, "Info", func(tx portal.Tx) (*portal.InfoFile, error) { return tx.Info(itemID("1"), "p") })
		absent(b, "Resource", func(tx portal.Tx) (*portal.Resource, error) { return tx.Resource(itemID("1"), "p") })
		b.view(func(tx portal.Tx) error {
			parts, err1 := tx.Parts(itemID("1"))
			in, err2 := tx.ItemsOfGroup(groupID("a"))
			if len(parts) != 0 || len(in) != 1 {
				b.Errorf("left: parts %v, shares %v", parts, in)
			}
			_, err3 := tx.Info(itemID("2"), "p")
			_, err4 := tx.Resource(itemID("2"), "p")
			return errors.Join(err1, err2, err3, err4)
		})
		for _, q := range []string{"gone", "tags:gone", "gon*"} {
			if got := found(b, q); got != "2" {
				b.Errorf("%s finds %q, want the item that is left", q, got)
			}
		}
		page := findItems(b, "", portal.ItemQuery{Visible: portal.Visibility{All: true}, CountFields: []string{"tags"}})
		if len(page.Counts[0].Values) != 1 || page.Counts[0].Values[0].Count != 1 {
			b.Errorf("counts: %v", page.Counts)
		}
	}},
}

func equalBlobs(a, b []portal.Blob) bool {
	return slices.EqualFunc(a, b, func(a, b portal.Blob) bool { return a.Hash == b.Hash && a.Size == b.Size })
}

func itemTitles(list []*portal.Item) []string {
	var titles []string
	for _, it := range list {
		titles = append(titles, it.Title)
	}
	return titles
}
