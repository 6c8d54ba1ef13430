package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// maxResourceNum is the longest page of resources, ten times that of other lists.
const maxResourceNum = 1000

// itemResources answers {total, start, num, nextStart, resources: [{resource, created, size,
// access}]} (Esri's page "Item Resources").
func (s *Server) itemResources(ctx context.Context, r *Request) (any, error) {
	page, err := r.sortedWindow()
	if err != nil {
		return nil, err
	}
	num, err := r.Int("num", defaultNum)
	if err != nil {
		return nil, err
	}
	page.Num = min(max(num, 0), maxResourceNum)
	switch page.Sort = strings.ToLower(page.Sort); page.Sort {
	case "", "resource", "created", "size":
	default:
		return nil, portal.ErrBadParam("sortField", "must be resource, created or size")
	}
	list, total, err := s.portal.Resources(ctx, r.Caller, itemID(r), page)
	if err != nil {
		return nil, err
	}
	rows := make([]Object, len(list))
	for i, res := range list {
		rows[i] = Object{"resource": res.Path, "created": esri.TimeOf(res.Created), "size": res.Blob.Size, "access": res.Access}
	}
	return listing("resources", rows, page, total), nil
}

// resource answers the bytes of a resource (Esri's page "Item Resource").
func (s *Server) resource(ctx context.Context, r *Request) (any, error) {
	f, err := s.portal.ResourceFile(ctx, r.Caller, itemID(r), r.Var("path"))
	if err != nil {
		return nil, fileError(http.StatusNotFound, err)
	}
	return bytesOf(f), nil
}

// addResources answers {success, itemId, owner, folder} (Esri's page "Add Resources").
func (s *Server) addResources(ctx context.Context, r *Request) (any, error) {
	u, err := r.resourceUpload()
	if err != nil {
		return nil, err
	}
	return placed(s.portal.AddResources(ctx, r.Caller, itemRef(r), u))
}

// updateResources answers {success, itemId, owner, folder} (Esri's page "Update Resources").
func (s *Server) updateResources(ctx context.Context, r *Request) (any, error) {
	u, err := r.resourceUpload()
	if err != nil {
		return nil, err
	}
	return placed(s.portal.UpdateResources(ctx, r.Caller, itemRef(r), u))
}

func (r *Request) resourceUpload() (u portal.ResourceUpload, err error) {
	if u.Archive, err = r.Bool("archive", false); err != nil {
		return u, err
	}
	u.Files = r.FileParts("file")
	if len(u.Files) == 0 && r.Str("text") != "" {
		u.Text = r.Ptr("text")
	}
	u.Prefix = r.Str("resourcesPrefix")
	if name := r.field("fileName", false); name != nil {
		u.Name = *name
	}
	if access := r.field("access", false); access != nil {
		u.Access = new(strings.ToLower(*access))
	}
	return u, nil
}

// removeResources answers {success} (Esri's page "Remove Resources"). The Python client always
// sends both parameters.
func (s *Server) removeResources(ctx context.Context, r *Request) (any, error) {
	all, err := r.Bool("deleteAll", false)
	if err != nil {
		return nil, err
	}
	name := strings.Trim(strings.TrimSpace(r.Str("resource")), "/")
	switch {
	case name == "" && !all:
		return nil, portal.ErrMissingParam("resource")
	case name != "" && all:
		return nil, portal.ErrBadParam("resource", "must not come together with deleteAll=true")
	}
	return done(s.portal.RemoveResources(ctx, r.Caller, itemRef(r), name))
}

// exportResources answers all resources of an item as one zip archive.
func (s *Server) exportResources(ctx context.Context, r *Request) (any, error) {
	a, err := s.portal.ExportResources(ctx, r.Caller, itemRef(r))
	if err != nil {
		return nil, err
	}
	return &Stream{ContentType: "application/zip", Name: a.Name, Write: a.Write}, nil
}
