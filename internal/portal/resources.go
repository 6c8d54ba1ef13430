package portal

import (
	"archive/zip"
	"context"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// Access levels of a resource: that of its item, or only for who may change the item.
const (
	ResourceInherit = "inherit"
	ResourcePrivate = "private"
)

// Resources lists the file resources of an item. Who may not change the item does not see
// private ones.
func (p *Portal) Resources(ctx context.Context, c Caller, id esri.ItemID, page Page) (list []*Resource, total int, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := visibleItem(tx, a, id)
		if err != nil {
			return err
		}
		if it.control != ControlNone {
			list, total, err = tx.Resources(it.ID, page)
			return err
		}
		all, err := allResources(tx, it.ID, Page{Sort: page.Sort, Desc: page.Desc})
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(r *Resource) bool { return r.Access == ResourcePrivate })
		total = len(all)
		from := min(max(page.Start-1, 0), total)
		list = all[from:min(from+page.Num, total)]
		return nil
	})
	return list, total, err
}

// allResources reads every resource of an item in the order of the page.
func allResources(tx Tx, id esri.ItemID, page Page) ([]*Resource, error) {
	const step = 1000
	var all []*Resource
	for page.Start, page.Num = 1, step; ; page.Start += step {
		list, total, err := tx.Resources(id, page)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		if page.Start+step > total {
			return all, nil
		}
	}
}

// ResourceFile opens a resource. A private one exists only for who may change the item.
func (p *Portal) ResourceFile(ctx context.Context, c Caller, id esri.ItemID, name string) (*StoredFile, error) {
	var r *Resource
	public := false
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := visibleItem(tx, a, id)
		if err != nil {
			return err
		}
		if r, err = tx.Resource(it.ID, strings.Trim(name, "/")); err != nil {
			return absentAs(err, errNoResource())
		}
		if r.Access == ResourcePrivate && it.control == ControlNone {
			return errNoResource()
		}
		public = it.Access == Public && r.Access != ResourcePrivate
		return nil
	})
	if err != nil {
		return nil, err
	}
	f, err := p.openBlob(ctx, r.Blob)
	if err != nil {
		return nil, err
	}
	return &StoredFile{Reader: f, Name: path.Base(r.Path), ContentType: r.ContentType, Hash: r.Blob.Hash, Public: public}, nil
}

// RemoveResources takes one resource of an item away, or all of them where name is empty.
func (p *Portal) RemoveResources(ctx context.Context, c Caller, ref ItemRef, name string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := updatable(tx, a, ref)
		if err != nil {
			return err
		}
		if name != "" {
			name = strings.Trim(name, "/")
			if _, err := tx.Resource(it.ID, name); err != nil {
				return absentAs(err, errNoResource())
			}
			return tx.DeleteResource(it.ID, name)
		}
		all, err := allResources(tx, it.ID, Page{Sort: "resource"})
		if err != nil {
			return err
		}
		for _, r := range all {
			if err := tx.DeleteResource(it.ID, r.Path); err != nil {
				return err
			}
		}
		return nil
	})
}

// ResourceArchive is all resources of an item, to be written as one zip archive.
type ResourceArchive struct {
	Name      string // of the archive
	portal    *Portal
	resources []*Resource
}

// ExportResources prepares the archive of an item's resources, for who may change the item.
func (p *Portal) ExportResources(ctx context.Context, c Caller, ref ItemRef) (*ResourceArchive, error) {
	out := &ResourceArchive{portal: p}
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err := updatable(tx, a, ref)
		if err != nil {
			return err
		}
		out.Name = string(it.ID) + "_resources.zip"
		out.resources, err = allResources(tx, it.ID, Page{Sort: "resource"})
		return err
	})
	return out, err
}

// Write writes the archive, one resource after the other.
func (r *ResourceArchive) Write(ctx context.Context, w io.Writer) error {
	z := zip.NewWriter(w)
	for _, res := range r.resources {
		if err := r.add(ctx, z, res); err != nil {
			return err
		}
	}
	return z.Close()
}

func (r *ResourceArchive) add(ctx context.Context, z *zip.Writer, res *Resource) error {
	f, err := r.portal.openBlob(ctx, res.Blob)
	if err != nil {
		return err
	}
	defer f.Close()
	h := &zip.FileHeader{Name: res.Path, Method: zip.Deflate, Modified: res.Created}
	if packed[strings.ToLower(path.Ext(res.Path))] {
		h.Method = zip.Store
	}
	w, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return err
}

// packed names the kinds of file that compressing again makes no smaller.
var packed = map[string]bool{
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".webp": true, ".mp3": true, ".mp4": true, ".m4a": true, ".webm": true,
	".zip": true, ".gz": true, ".svgz": true,
}
