package gis

import (
	"context"
	"iter"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// PortalResources are the files that belong to the organization itself: its pictures, style
// sheets and the settings of apps.
type PortalResources struct{ p *Portal }

// Resources answers the organization's file resources. It sends nothing.
func (p *Portal) Resources() *PortalResources { return &PortalResources{p} }

// PortalResource is one entry of the list of the organization's resources.
type PortalResource struct {
	Key     string    `json:"key"` // its name
	Created esri.Time `json:"created"`
	Size    int64     `json:"size"`
	Access  Access    `json:"access"` // who may read it: org or public
}

// List yields the organization's resources that the caller may read.
//
// rest: GET portals/self/resources
func (r *PortalResources) List(ctx context.Context) iter.Seq2[*PortalResource, error] {
	return pages(ctx, 1, 0, func(ctx context.Context, start int) (*Page[*PortalResource], error) {
		return readPage[*PortalResource](ctx, r.p, wire.Read("portals/self/resources"), "resources", start, maxPage)
	})
}

// Open reads a resource. [ErrNotFound] means that there is none of that name.
//
// rest: GET portals/self/resources/{key}
func (r *PortalResources) Open(ctx context.Context, key string) (*Data, error) {
	d, err := r.p.openFile(ctx, func() *wire.Request { return wire.Read("portals/self/resources/{key...}", key) })
	return d, as(err, ErrNotFound, noFile)
}

// Add stores a resource under key, in place of one of that name. An empty access is the
// portal's default. Only who may manage the organization's website may.
//
// rest: POST portals/self/addResource
func (r *PortalResources) Add(ctx context.Context, key string, access Access, file Upload) error {
	req := wire.Write("portals/self/addResource").Set("key", key).Text("access", string(access))
	attach(req, "file", file)
	return r.p.do(ctx, req, nil)
}

// Remove deletes a resource. [ErrNotFound] means that there is none of that name.
//
// rest: POST portals/self/removeResource
func (r *PortalResources) Remove(ctx context.Context, key string) error {
	err := r.p.do(ctx, wire.Once("portals/self/removeResource").Set("key", key), nil)
	return as(err, ErrNotFound, noFile)
}

// SetThumbnail gives the organization another picture. Only administrators may.
//
// rest: POST portals/self/update
func (p *Portal) SetThumbnail(ctx context.Context, file Upload) error {
	r := wire.Write("portals/self/update")
	attach(r, "thumbnail", file)
	if err := p.do(ctx, r, nil); err != nil {
		return err
	}
	_, err := p.Refresh(ctx)
	return err
}

// OpenThumbnail reads the organization's picture. [ErrNotFound] means that it has none.
//
// rest: GET portals/self/resources/{key}
func (p *Portal) OpenThumbnail(ctx context.Context) (*Data, error) {
	self, err := p.Self(ctx)
	if err != nil {
		return nil, err
	}
	if self.Thumbnail == "" {
		return nil, refuse(ErrNotFound, "GET portals/self/resources/{key}", "the organization has no thumbnail")
	}
	return p.Resources().Open(ctx, self.Thumbnail)
}
