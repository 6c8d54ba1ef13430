package gis

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// ItemUpdate is what [Item.Update] changes. A nil pointer keeps a property; a pointer to the
// empty text or list clears it.
type ItemUpdate struct {
	Title             *string
	Type              *string // most types cannot be changed
	TypeKeywords      *[]string
	Tags              *[]string
	Description       *string
	Snippet           *string
	URL               *string
	Extent            *esri.Extent
	ClearExtent       bool
	SpatialReference  *string
	AccessInformation *string
	LicenseInfo       *string
	Culture           *string
	Documentation     *string
	Properties        json.RawMessage // empty keeps
	Categories        *[]string
	AppCategories     *[]string
	Industries        *[]string
	Languages         *[]string
	CommentsEnabled   *bool
	Extra             url.Values // parameters that have no field here
}

func (u *ItemUpdate) fill(r *wire.Request) {
	r.TextIf("title", u.Title).TextIf("type", u.Type).ListIf("typeKeywords", u.TypeKeywords).ListIf("tags", u.Tags).
		TextIf("description", u.Description).TextIf("snippet", u.Snippet).TextIf("url", u.URL).
		TextIf("spatialReference", u.SpatialReference).TextIf("accessInformation", u.AccessInformation).
		TextIf("licenseInfo", u.LicenseInfo).TextIf("culture", u.Culture).TextIf("documentation", u.Documentation).
		JSON("properties", u.Properties).ListIf("categories", u.Categories).ListIf("appCategories", u.AppCategories).
		ListIf("industries", u.Industries).ListIf("languages", u.Languages).BoolIf("commentsEnabled", u.CommentsEnabled).
		Bool("clearEmptyFields", true)
	switch {
	case u.Extent != nil:
		r.Set("extent", u.Extent.String())
	case u.ClearExtent:
		r.Set("extent", "")
	}
	r.All(u.Extra)
}

const opUpdate = itemPath + "/update"

// Update changes properties of the item, its data, thumbnail or metadata, and reads it back.
// The owner may, an administrator, and where a group with shared update holds the item, its
// members. Data is streamed as in [Content.Add].
//
// [ErrConflict] means that a file of that name lies in the same folder already.
//
// rest: POST content/users/{username}/items/{id}/update
// rest: POST content/users/{username}/{folder}/items/{id}/update
// py: arcgis.gis.Item.update
// py: arcgis.gis.Item.metadata
func (it *Item) Update(ctx context.Context, change ItemUpdate, opts ...WriteOption) error {
	w := newWrite(opts)
	r := wire.Write(opUpdate, it.Owner, string(it.OwnerFolder), string(it.ID))
	change.fill(r)
	if w.inParts() {
		if err := w.data.check("file"); err != nil {
			r.Fail(err)
		}
		r.Bool("multipart", true).Set("filename", w.data.Name)
		r.TextIf("text", w.text)
	} else {
		w.attach(r)
	}
	if err := it.p.do(ctx, r, nil); err != nil {
		return err
	}
	if w.inParts() {
		if err := it.sendParts(ctx, w, change.fill); err != nil {
			return err
		}
		if err := it.sendBesides(ctx, w); err != nil {
			return err
		}
	}
	if w.norefresh {
		return nil
	}
	return it.Refresh(ctx)
}

// SetThumbnail replaces the item's picture.
//
// rest: POST content/users/{username}/items/{id}/update
// py: arcgis.gis.Item.update
func (it *Item) SetThumbnail(ctx context.Context, picture Upload) error {
	return it.Update(ctx, ItemUpdate{}, WithThumbnail(picture))
}

// DeleteThumbnail removes the item's picture.
//
// rest: POST content/users/{username}/items/{id}/deleteThumbnail
func (it *Item) DeleteThumbnail(ctx context.Context) error {
	if err := it.p.do(ctx, it.request(wire.Write, "deleteThumbnail"), nil); err != nil {
		return err
	}
	it.Thumbnail = ""
	return nil
}

// SetMetadata replaces the item's metadata document, an XML file.
//
// rest: POST content/users/{username}/items/{id}/update
// py: arcgis.gis.Item.metadata
func (it *Item) SetMetadata(ctx context.Context, document Upload) error {
	return it.Update(ctx, ItemUpdate{}, WithMetadata(document))
}
