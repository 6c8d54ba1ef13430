package gis

import (
	"context"
	"iter"
	"path"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Resources are the files that belong to an item beside its data, such as the pictures of a
// story.
//
// py: arcgis.gis.ResourceManager
type Resources struct{ it *Item }

// Resources answers the item's file resources. It sends nothing.
//
// py: arcgis.gis.Item.resources
func (it *Item) Resources() *Resources { return &Resources{it} }

// ResourceAccess says who may read a resource.
type ResourceAccess string

// The levels; the portal's default is inherit.
const (
	ResourceInherit ResourceAccess = "inherit" // who may see the item
	ResourcePrivate ResourceAccess = "private" // owner, administrators and those who may update the item
)

// Resource is one entry of the list of resources.
type Resource struct {
	Name    string         `json:"resource"` // with its folders: images/a.png
	Created esri.Time      `json:"created"`
	Size    int64          `json:"size"`
	Access  ResourceAccess `json:"access"`
	// Properties is what an app keeps with the resource, a JSON text; ArcGIS Online only.
	Properties string `json:"properties"`
}

// ResourceList orders resources, in [Resources.List].
type ResourceList struct {
	SortField string // resource, created or size
	SortOrder SortOrder
	PageSize  int // 1 to 1000, default 1000
}

// maxResourcePage is the largest page of resources, which is ten times that of other lists.
const maxResourcePage = 1000

// List yields the item's resources.
//
// rest: GET content/items/{id}/resources
// py: arcgis.gis.ResourceManager.list
func (r *Resources) List(ctx context.Context, opts *ResourceList) iter.Seq2[*Resource, error] {
	o := deref(opts)
	if o.PageSize <= 0 || o.PageSize > maxResourcePage {
		o.PageSize = maxResourcePage
	}
	return pages(ctx, 1, 0, func(ctx context.Context, start int) (*Page[*Resource], error) {
		req := wire.Read("content/items/{id}/resources", string(r.it.ID)).
			Text("sortField", o.SortField).Text("sortOrder", string(o.SortOrder))
		return readPage[*Resource](ctx, r.it.p, req, "resources", start, o.PageSize)
	})
}

// Open reads a resource, named with its folders. [ErrNotFound] means that there is none of
// that name.
//
// rest: GET content/items/{id}/resources/{name}
// py: arcgis.gis.ResourceManager.get
func (r *Resources) Open(ctx context.Context, name string) (*Data, error) {
	d, err := r.it.p.openFile(ctx, func() *wire.Request {
		return wire.Read("content/items/{id}/resources/{name...}", string(r.it.ID), name)
	})
	return d, as(err, ErrNotFound, noFile)
}

// ResourceSpec is a resource to store.
type ResourceSpec struct {
	// Name is the resource's name with its folders, such as images/a.png. Empty means the
	// upload's name. With Archive it is the folder that the archive is unpacked into, and may
	// be empty.
	Name    string
	Upload  Upload
	Access  ResourceAccess // empty: the portal's default, or the access it has
	Archive bool           // a zip file whose entries become resources: at most 50 on most portals
}

// Add stores a new resource. Owner and administrators may, and those who may update the
// item. Portals take at most 50 MB a file and refuse kinds that they do not know; a name that
// exists is to be changed by [Resources.Update].
//
// rest: POST content/users/{username}/items/{id}/addResources
// py: arcgis.gis.ResourceManager.add
func (r *Resources) Add(ctx context.Context, spec ResourceSpec) error {
	return r.store(ctx, wire.Once, "addResources", spec)
}

// Update replaces the content of a resource. [ErrNotFound] means that there is none of that
// name.
//
// rest: POST content/users/{username}/items/{id}/updateResources
// py: arcgis.gis.ResourceManager.update
func (r *Resources) Update(ctx context.Context, spec ResourceSpec) error {
	return r.store(ctx, wire.Write, "updateResources", spec)
}

func (r *Resources) store(ctx context.Context, kind func(string, ...string) *wire.Request, verb string, spec ResourceSpec) error {
	prefix, name := spec.Name, spec.Upload.Name
	if !spec.Archive && spec.Name != "" {
		prefix, name = path.Split(spec.Name)
	} else if !spec.Archive {
		prefix, name = path.Split(spec.Upload.Name)
	}
	up := spec.Upload
	up.Name = name
	req := r.it.request(kind, verb).Text("resourcesPrefix", strings.Trim(prefix, "/")).Text("access", string(spec.Access))
	if spec.Archive {
		req.Bool("archive", true)
	} else {
		req.Set("fileName", name)
	}
	attach(req, "file", up)
	return r.it.p.do(ctx, req, nil)
}

// Remove deletes a resource, named with its folders. [ErrNotFound] means that there is none
// of that name.
//
// rest: POST content/users/{username}/items/{id}/removeResources
// py: arcgis.gis.ResourceManager.remove
func (r *Resources) Remove(ctx context.Context, name string) error {
	req := r.it.request(wire.Once, "removeResources").Set("resource", name)
	if name == "" {
		return refuse(ErrInvalid, req.Op(), "the resource's name is empty: RemoveAll deletes all of them")
	}
	return r.it.p.do(ctx, req, nil)
}

// RemoveAll deletes every resource of the item.
//
// rest: POST content/users/{username}/items/{id}/removeResources
// py: arcgis.gis.ResourceManager.remove
func (r *Resources) RemoveAll(ctx context.Context) error {
	return r.it.p.do(ctx, r.it.request(wire.Write, "removeResources").Bool("deleteAll", true), nil)
}

// Export reads all resources of the item as one zip file.
//
// rest: GET content/users/{username}/items/{id}/resources/export
func (r *Resources) Export(ctx context.Context) (*Data, error) {
	return r.it.p.openFile(ctx, func() *wire.Request {
		return r.it.request(wire.Read, "resources/export").Set("f", "zip")
	})
}
