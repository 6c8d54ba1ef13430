package gis

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// maxText is the largest data that [Item.Text] reads into memory.
const maxText = 64 << 20

// Data opens the item's data: its file, or its text, such as the JSON of a web map. The
// caller closes it.
//
// [ErrNotFound] means that the item has no data, where the Python original answers None: the
// portal's answer is empty and names no file. An empty file that has a name is data of size 0.
// Short data that is nothing but a portal's error object is taken for an error, since portals
// answer these with the same status.
//
// rest: GET content/items/{id}/data
// py: arcgis.gis.Item.get_data
func (it *Item) Data(ctx context.Context) (*Data, error) {
	d, err := it.p.openFile(ctx, func() *wire.Request { return wire.Read("content/items/{id}/data", string(it.ID)) })
	// Some portals answer code 500 in place of nothing; an item that has bytes is not
	// taken for one without data on that account.
	return d, as(err, ErrNotFound, func(e *Error) bool {
		return e.Code == 500 && e.MessageCode == "" && it.raw != nil && it.Size <= 0
	})
}

// Text reads the item's data as text of at most 64 MiB.
//
// rest: GET content/items/{id}/data
// py: arcgis.gis.Item.get_data
func (it *Item) Text(ctx context.Context) (string, error) {
	d, err := it.Data(ctx)
	if err != nil {
		return "", err
	}
	defer d.Close()
	b, err := io.ReadAll(io.LimitReader(d, maxText+1))
	if err != nil {
		return "", fmt.Errorf("read the data of item %s: %w", it.ID, err)
	}
	if len(b) > maxText {
		return "", refuse(ErrInvalid, "GET content/items/{id}/data", "the data is longer than %d bytes: read it as a stream", maxText)
	}
	return string(b), nil
}

// ThumbnailURL is the address of the item's picture, without a token; empty: none.
//
// py: arcgis.gis.Item.get_thumbnail_link
func (it *Item) ThumbnailURL() string {
	if it.Thumbnail == "" {
		return ""
	}
	return it.p.RESTURL() + "/content/items/" + url.PathEscape(string(it.ID)) + "/info/" + it.Thumbnail
}

const opInfo = "content/items/{id}/info/{name...}"

// OpenThumbnail reads the item's picture. [ErrNotFound] means that there is none.
//
// rest: GET content/items/{id}/info/{name}
// py: arcgis.gis.Item.get_thumbnail
// py: arcgis.gis.Item.download_thumbnail
func (it *Item) OpenThumbnail(ctx context.Context) (*Data, error) {
	if it.Thumbnail == "" {
		return nil, refuse(ErrNotFound, "GET "+opInfo, "the item has no thumbnail")
	}
	return it.OpenInfo(ctx, it.Thumbnail)
}

// HasMetadata reports whether the item's keywords say that it has a metadata document.
func (it *Item) HasMetadata() bool { return slices.Contains(it.TypeKeywords, "Metadata") }

// OpenMetadata reads the item's metadata document, in one of the formats fgdc, inspire,
// iso19139, iso19139-3.2, iso19115, arcgis and default; empty is as stored. [ErrNotFound]
// means that there is none.
//
// rest: GET content/items/{id}/info/metadata/metadata.xml
// py: arcgis.gis.Item.metadata
// py: arcgis.gis.Item.download_metadata
func (it *Item) OpenMetadata(ctx context.Context, format string) (*Data, error) {
	d, err := it.p.openFile(ctx, func() *wire.Request {
		return wire.Read("content/items/{id}/info/metadata/metadata.xml", string(it.ID)).Text("format", format)
	})
	return d, as(err, ErrNotFound, func(e *Error) bool {
		return noFile(e) || status(e) == 500 && it.raw != nil && !it.HasMetadata()
	})
}

// OpenInfo reads a file of the item's info, such as iteminfo.xml or form.json.
// [ErrNotFound] means that there is none of that name.
//
// rest: GET content/items/{id}/info/{name}
func (it *Item) OpenInfo(ctx context.Context, name string) (*Data, error) {
	d, err := it.p.openFile(ctx, func() *wire.Request { return wire.Read(opInfo, string(it.ID), name) })
	return d, as(err, ErrNotFound, noFile)
}

// noFile reports whether a request for a file failed for want of it: portals answer 400 as
// well as 404. Codes that belong to the item keep their kind.
func noFile(e *Error) bool {
	return e.MessageCode == "" && (status(e) == 400 || status(e) == 404)
}

// status is the portal's code, or HTTP's where the portal gave none.
func status(e *Error) int {
	if e.Code != 0 {
		return e.Code
	}
	return e.HTTPStatus
}

// SetInfo stores a file in the item's info, below folder, which may be empty. A file of that
// name is replaced.
//
// rest: POST content/users/{username}/items/{id}/updateInfo
func (it *Item) SetInfo(ctx context.Context, folder string, file Upload) error {
	r := it.request(wire.Write, "updateInfo").Text("folderName", folder)
	attach(r, "file", file)
	return it.p.do(ctx, r, nil)
}

// DeleteInfo removes a file from the item's info, such as metadata/metadata.xml.
//
// rest: POST content/users/{username}/items/{id}/deleteInfo
func (it *Item) DeleteInfo(ctx context.Context, name string) error {
	return it.p.do(ctx, it.request(wire.Write, "deleteInfo").Set("infoFile", name), nil)
}
