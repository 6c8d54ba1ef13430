package rest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (s *Server) itemsRoutes() []Route {
	const item = "sharing/rest/content/items/{id}"
	routes := []Route{
		{Pattern: "sharing/rest/content", Handle: s.content},
		{Pattern: item, Handle: s.item},
		{Pattern: item + "/data", Handle: s.itemData},
		{Pattern: item + "/info/{path...}", Handle: s.itemInfo},
		{Pattern: item + "/groups", Handle: s.itemGroups},
		{Pattern: item + "/setContentStatus", Write: true, Get: true, Handle: s.setContentStatus},
		{Pattern: item + "/share", Write: true, Handle: s.shareToGroups},
		{Pattern: item + "/unshare", Write: true, Handle: s.unshareItem},
		{Pattern: item + "/relatedItems", Handle: s.relatedItems},
		{Pattern: item + "/resources", Handle: s.itemResources},
		{Pattern: item + "/resources/{path...}", Handle: s.resource},
		{Pattern: item + "/comments", Handle: s.itemList("comments")},
		{Pattern: item + "/comments/{comment}", Handle: s.itemComment},
		{Pattern: item + "/rating", Handle: s.itemRating},
		{Pattern: item + "/dependencies", Handle: s.itemList("list")},
		{Pattern: item + "/dependencies/listDependentsTo", Handle: s.itemList("list")},
		{Pattern: "sharing/rest/content/itemsgroups", Handle: s.itemsGroups},
	}
	routes = append(routes, unsupportedContent(item+"/comments/{comment}", "update", "delete")...)
	routes = append(routes, unsupportedContent(item+"/dependencies", "addDependency", "removeDependency", "removeAllDependencies")...)
	return slices.Concat(routes, unsupportedContent(item, "addComment", "addRating", "deleteRating", "item.pkinfo", "package"))
}

// content is the page above items, groups and users; as JSON it is empty.
func (s *Server) content(context.Context, *Request) (any, error) { return Object{}, nil }

// item answers an item and counts the view (Esri's page "Item").
func (s *Server) item(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.Item(ctx, r.Caller, itemID(r))
	if err != nil {
		return nil, err
	}
	return itemJSON(v), nil
}

// itemData answers the bytes of an item's data, an empty body where there are none (Esri's
// page "Item Data"). Text comes without a file name: the Python client would take it for a
// file to keep.
func (s *Server) itemData(ctx context.Context, r *Request) (any, error) {
	f, err := s.portal.ItemData(ctx, r.Caller, itemID(r))
	if err != nil {
		return nil, err
	}
	return bytesOf(f), nil
}

func bytesOf(f *portal.StoredFile) *Bytes {
	return &Bytes{Reader: f.Reader, ContentType: f.ContentType, Name: f.Name, ETag: f.Hash, Public: f.Public}
}

// itemInfo answers a file of an item's info folder, by default the item card (Esri's page
// "Item Info File"). What is not there is a real HTTP 400, which clients look for.
func (s *Server) itemInfo(ctx context.Context, r *Request) (any, error) {
	name := strings.Trim(r.Var("path"), "/")
	if strings.EqualFold(name, "metadata/metadata.xml") {
		if err := metadataForm(r); err != nil {
			return nil, err
		}
	}
	f, err := s.portal.InfoFile(ctx, r.Caller, itemID(r), name)
	if err != nil {
		return nil, fileError(http.StatusBadRequest, err)
	}
	return bytesOf(f), nil
}

// metadataForm refuses the forms that metadata would have to be translated to.
func metadataForm(r *Request) error {
	if v := r.field("format", false); v != nil && !strings.EqualFold(*v, "default") {
		return portal.ErrBadParam("format", "must be default: metadata is served in the form that it was stored in")
	}
	if v := r.field("output", false); v != nil && !strings.EqualFold(*v, "xml") {
		return portal.ErrNotSupported("The value '" + *v + "' of the parameter 'output'")
	}
	return nil
}

// fileError gives the absence of a file an HTTP status of its own; errors of tokens keep
// theirs, which clients read from the body.
func fileError(status int, err error) error {
	var public *portal.Error
	if errors.As(err, &public) && (public.Code == 400 || public.Code == 404) {
		return withStatus(status, err)
	}
	return err
}

// updateInfo answers {success, itemId, owner, folder} (Esri's page "Update Info").
func (s *Server) updateInfo(ctx context.Context, r *Request) (any, error) {
	f, ok := r.File("file")
	if !ok {
		return nil, portal.ErrMissingParam("file")
	}
	return placed(s.portal.UpdateInfo(ctx, r.Caller, itemRef(r), r.Str("folderName"), f))
}

// deleteInfo answers {success} (Esri's page "Delete Info").
//
// guess: the Python client names the file by file, which stands for infoFile.
func (s *Server) deleteInfo(ctx context.Context, r *Request) (any, error) {
	name, err := r.Need("infoFile")
	if err != nil {
		if name = r.Str("file"); name == "" {
			return nil, err
		}
	}
	return done(s.portal.DeleteInfo(ctx, r.Caller, itemRef(r), name))
}

// updateThumbnail answers {success, itemId, owner, folder} (Esri's page "Update Thumbnail").
func (s *Server) updateThumbnail(ctx context.Context, r *Request) (any, error) {
	f, ok := r.File("file")
	if !ok {
		if f, ok = r.File("thumbnail"); !ok {
			data, err := r.Need("data")
			if err != nil {
				return nil, portal.ErrMissingParam("file")
			}
			if r.Caller.Anonymous() {
				return nil, portal.ErrTokenRequired()
			}
			if f, err = s.portal.EncodedFile(ctx, "data", fileName(r.Str("filename")), data); err != nil {
				return nil, err
			}
		}
	}
	return placed(s.portal.UpdateThumbnail(ctx, r.Caller, itemRef(r), f))
}

// deleteItemThumbnail answers {success} (Esri's page "Delete Thumbnail").
func (s *Server) deleteItemThumbnail(ctx context.Context, r *Request) (any, error) {
	return done(s.portal.DeleteThumbnail(ctx, r.Caller, itemRef(r)))
}

// itemList answers an empty page of what no item of this portal has: comments (Esri's page
// "Item Comments"), and entries of the dependencies that clients register (Enterprise; paged
// from 0 by the Python client).
func (s *Server) itemList(key string) HandlerFunc {
	return func(ctx context.Context, r *Request) (any, error) {
		page, err := r.window(defaultNum)
		if err != nil {
			return nil, err
		}
		if err := s.portal.SeeItem(ctx, r.Caller, itemID(r)); err != nil {
			return nil, err
		}
		return listing(key, nil, page, 0), nil
	}
}

// itemComment answers that there is no such comment (Esri's page "Comment").
func (s *Server) itemComment(ctx context.Context, r *Request) (any, error) {
	if err := s.portal.SeeItem(ctx, r.Caller, itemID(r)); err != nil {
		return nil, err
	}
	return nil, &portal.Error{Code: 400, Message: "Comment does not exist or is inaccessible."}
}

// itemRating answers the caller's rating, which nobody has given (Esri's page "Item Rating").
func (s *Server) itemRating(ctx context.Context, r *Request) (any, error) {
	if err := s.portal.SeeItem(ctx, r.Caller, itemID(r)); err != nil {
		return nil, err
	}
	return Object{"rating": nil}, nil
}
