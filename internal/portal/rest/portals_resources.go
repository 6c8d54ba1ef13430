package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// orgResources answers {total, start, num, nextStart, resources: [{key, created, size, access}]}:
// the files of the organization that the caller may read.
//
// guess: the rows are not documented but for key, which removeResource takes.
func (s *Server) orgResources(ctx context.Context, r *Request) (any, error) {
	p, err := r.window(defaultNum)
	if err != nil {
		return nil, err
	}
	files, err := s.portal.OrgFiles(ctx, r.Caller, r.Var("id"))
	if err != nil {
		return nil, err
	}
	rows := make([]Object, len(files))
	for i, f := range files {
		rows[i] = Object{"key": f.Key, "created": esri.TimeOf(f.Created), "size": f.Blob.Size, "access": f.Access}
	}
	return listPage("resources", rows, p), nil
}

// orgResource answers the bytes of a file of the organization, its picture among them.
func (s *Server) orgResource(ctx context.Context, r *Request) (any, error) {
	f, err := s.portal.OrgFile(ctx, r.Caller, r.Var("id"), strings.Trim(r.Var("path"), "/"))
	if err != nil {
		return nil, fileError(http.StatusNotFound, err)
	}
	return bytesOf(f), nil
}

// addOrgResource answers {success}. The content is a file part, or a text.
//
// guess: a file of that key is replaced; access is public or org, and otherwise that of the
// organization.
func (s *Server) addOrgResource(ctx context.Context, r *Request) (any, error) {
	if r.Caller.Anonymous() {
		return nil, portal.ErrTokenRequired()
	}
	if err := s.portal.Administers(ctx, r.Caller, "portal:admin:manageWebsite"); err != nil {
		return nil, err // before anything is stored
	}
	key, err := r.Need("key")
	if err != nil {
		return nil, err
	}
	f, ok := r.File("file")
	switch text := r.Ptr("text"); {
	case ok && text != nil && *text != "":
		return nil, portal.ErrBadParam("text", "must not come together with 'file'")
	case !ok && text == nil:
		return nil, portal.ErrMissingParam("file")
	case !ok:
		if f.Blob, err = s.blobs.Put(ctx, strings.NewReader(*text)); err != nil {
			return nil, err
		}
	}
	var access portal.Access
	if a := lower(r.field("access", false)); a != nil {
		access = portal.Access(*a)
	}
	return done(s.portal.AddOrgFile(ctx, r.Caller, r.Var("id"), key, access, f))
}

// removeOrgResource answers {success}.
func (s *Server) removeOrgResource(ctx context.Context, r *Request) (any, error) {
	key, err := r.Need("key")
	if err != nil {
		return nil, err
	}
	return done(s.portal.RemoveOrgFile(ctx, r.Caller, r.Var("id"), strings.Trim(strings.TrimSpace(key), "/")))
}
