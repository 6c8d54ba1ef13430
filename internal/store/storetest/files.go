package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// kept keeps a small blob and returns it as a reader of the store sees it.
func kept(tx portal.Tx, content string) (portal.Blob, error) {
	c := blobOf(content)
	return portal.Blob{Hash: c.Hash, Size: c.Size}, tx.KeepBlob(c)
}

var fileTests = []namedTest{
	{"info files", func(b *bench) {
		absent(b, "Info", func(tx portal.Tx) (*portal.InfoFile, error) { return tx.Info(itemID("1"), "x") })
		b.update(func(tx portal.Tx) error {
			if err := putItems(tx, "1", "2"); err != nil {
				return err
			}
			c, err := kept(tx, "x")
			if err != nil {
				return err
			}
			for _, path := range []string{"thumbnail/x.png", "metadata/metadata.xml", "form.json"} {
				if err := tx.PutInfo(&portal.InfoFile{Item: itemID("1"), Path: path, File: portal.File{Blob: c}}); err != nil {
					return err
				}
			}
			if err := tx.PutInfo(&portal.InfoFile{Item: itemID("9"), Path: "x", File: portal.File{Blob: c}}); !errors.Is(err, portal.ErrAbsent) {
				b.Errorf("an info file of an absent item: %v, want ErrAbsent", err)
			}
			return errors.Join(tx.DeleteInfo(itemID("1"), "form.json"), tx.DeleteInfo(itemID("1"), "nothing"))
		})
		var paths []string
		for _, f := range get(b, func(tx portal.Tx) ([]*portal.InfoFile, error) { return tx.Infos(itemID("1")) }) {
			paths = append(paths, f.Path)
		}
		if !slices.Equal(paths, []string{"metadata/metadata.xml", "thumbnail/x.png"}) {
			b.Errorf("Infos: %v", paths)
		}
		absent(b, "a path in another case", func(tx portal.Tx) (*portal.InfoFile, error) { return tx.Info(itemID("1"), "Thumbnail/X.png") })
	}},
	{"resources", func(b *bench) {
		absent(b, "Resource", func(tx portal.Tx) (*portal.Resource, error) { return tx.Resource(itemID("1"), "x") })
		b.update(func(tx portal.Tx) error {
			if err := putItems(tx, "1", "2"); err != nil {
				return err
			}
			for i, path := range []string{"b/3", "a", "b/1", "b/2"} {
				c, err := kept(tx, fmt.Sprintf("%*d", 10-i, i))
				if err != nil {
					return err
				}
				r := &portal.Resource{Item: itemID("1"), Path: path, Created: epoch.Add(time.Duration(i) * time.Minute), File: portal.File{Blob: c}}
				if err := tx.PutResource(r); err != nil {
					return err
				}
			}
			return tx.DeleteResource(itemID("1"), "nothing")
		})
		for _, tt := range []struct {
			page portal.Page
			want []string
		}{
			{portal.Page{Start: 1, Num: 10}, []string{"a", "b/1", "b/2", "b/3"}},
			{portal.Page{Start: 2, Num: 2}, []string{"b/1", "b/2"}},
			{portal.Page{Start: 5, Num: 2}, nil},
			{portal.Page{Start: 1}, nil},
			{portal.Page{Num: 10, Sort: "created"}, []string{"b/3", "a", "b/1", "b/2"}},
			{portal.Page{Num: 10, Sort: "size"}, []string{"b/2", "b/1", "a", "b/3"}},
			{portal.Page{Num: 10, Sort: "resource", Desc: true}, []string{"b/3", "b/2", "b/1", "a"}},
		} {
			b.view(func(tx portal.Tx) error {
				list, total, err := tx.Resources(itemID("1"), tt.page)
				var paths []string
				for _, r := range list {
					paths = append(paths, r.Path)
				}
				if !slices.Equal(paths, tt.want) || total != 4 {
					b.Errorf("Resources(%+v) = %v of %d, want %v of 4", tt.page, paths, total, tt.want)
				}
				return err
			})
		}
		b.view(func(tx portal.Tx) error {
			count, size, err := tx.ResourceUsage(itemID("1"))
			if count != 4 || size != 10+9+8+7 {
				b.Errorf("ResourceUsage: %d, %d", count, size)
			}
			none, empty, err2 := tx.ResourceUsage(itemID("2"))
			if none != 0 || empty != 0 {
				b.Errorf("ResourceUsage of an item without: %d, %d", none, empty)
			}
			if _, _, err := tx.Resources(itemID("1"), portal.Page{Num: 1, Sort: "nonsense"}); err == nil {
				b.Error("a sort field that does not exist was accepted")
			}
			return errors.Join(err, err2)
		})
		b.update(func(tx portal.Tx) error { return tx.DeleteResource(itemID("1"), "a") })
		absent(b, "Resource", func(tx portal.Tx) (*portal.Resource, error) { return tx.Resource(itemID("1"), "a") })
	}},
	{"parts come by number", func(b *bench) {
		b.update(func(tx portal.Tx) error {
			if err := putItems(tx, "1"); err != nil {
				return err
			}
			for _, n := range []int{10, 2, 1, 10_000, 2} {
				c, err := kept(tx, fmt.Sprint(n))
				if err != nil {
					return err
				}
				if err := tx.PutPart(portal.Part{Item: itemID("1"), Number: n, Blob: c}); err != nil {
					return err
				}
			}
			return nil
		})
		var numbers []int
		for _, p := range get(b, func(tx portal.Tx) ([]portal.Part, error) { return tx.Parts(itemID("1")) }) {
			if p.Blob.Hash != blobOf(fmt.Sprint(p.Number)).Hash || p.Item != itemID("1") {
				b.Errorf("part %+v", p)
			}
			numbers = append(numbers, p.Number)
		}
		if !slices.Equal(numbers, []int{1, 2, 10, 10_000}) {
			b.Errorf("Parts: %v", numbers)
		}
		b.update(func(tx portal.Tx) error { return tx.DeleteParts(itemID("1")) })
		if parts := get(b, func(tx portal.Tx) ([]portal.Part, error) { return tx.Parts(itemID("1")) }); len(parts) != 0 {
			b.Errorf("left: %v", parts)
		}
	}},
}
