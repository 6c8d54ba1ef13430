package portal

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"path"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// ItemContent is what a call brings for an item's data: a text, or a file, or neither. A long
// text comes as TextFile.
type ItemContent struct {
	Text     *string
	TextFile *File
	File     *File
}

func (c ItemContent) hasText() bool { return c.Text != nil || c.TextFile != nil }

// check names what contradicts itself.
func (c ItemContent) check() error {
	if c.hasText() && c.File != nil {
		return ErrBadParam("text", "must not come together with 'file'")
	}
	if c.File != nil {
		return checkFileName("file", c.File.Name)
	}
	return nil
}

func checkFileName(param, name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return ErrBadParam(param, "needs a file name")
	case len(name) > maxFileName:
		return ErrBadParam(param, "has a file name that is longer than 255 bytes")
	case name == "." || name == "..":
		return ErrBadParam(param, "needs a file name other than "+name)
	}
	return nil
}

// put stores what c brings and returns the data that an item then has, nil for none.
func (p *Portal) put(ctx context.Context, c ItemContent) (*Data, error) {
	switch {
	case c.Text != nil:
		b, err := p.blobs.Put(ctx, strings.NewReader(*c.Text))
		if err != nil {
			return nil, err
		}
		return &Data{Text: true, ContentType: textType(*c.Text), Size: b.Size, Blobs: []Blob{b}}, nil
	case c.TextFile != nil:
		head, err := p.head(ctx, c.TextFile.Blob)
		if err != nil {
			return nil, err
		}
		kind := "text/plain;charset=utf-8"
		if t := bytes.TrimLeft(head[:min(len(head), 8)], " \t\r\n"); len(t) > 0 && (t[0] == '{' || t[0] == '[') {
			kind = jsonType
		}
		return &Data{Text: true, ContentType: kind, Size: c.TextFile.Blob.Size, Blobs: []Blob{c.TextFile.Blob}}, nil
	case c.File != nil:
		return fileData(c.File.Name, c.File.ContentType, c.File.Blob), nil
	}
	return nil, nil
}

func fileData(name, contentType string, blobs ...Blob) *Data {
	d := &Data{ContentType: fileType(name, contentType), Blobs: blobs}
	for _, b := range blobs {
		d.Size += b.Size
	}
	return d
}

const jsonType = "application/json;charset=utf-8"

func textType(text string) string {
	if json.Valid([]byte(text)) {
		return jsonType
	}
	return "text/plain;charset=utf-8"
}

// fileType is the media type that a client gave for a file, or the one of its extension
// where the client gave none that says anything.
func fileType(name, given string) string {
	kind, _, err := mime.ParseMediaType(given)
	if err == nil && kind != "application/octet-stream" && strings.Contains(kind, "/") && !strings.HasPrefix(kind, "multipart/") {
		return given
	}
	if t := mediaTypes[strings.ToLower(path.Ext(name))]; t != "" {
		return t
	}
	return "application/octet-stream"
}

// mediaTypes holds the media types of extensions. The table of the operating system is not
// asked: it differs from machine to machine.
var mediaTypes = map[string]string{
	".json": "application/json", ".geojson": "application/geo+json", ".xml": "application/xml", ".txt": "text/plain;charset=utf-8",
	".csv": "text/csv", ".html": "text/html", ".htm": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".bmp": "image/bmp", ".webp": "image/webp",
	".tif": "image/tiff", ".tiff": "image/tiff", ".ico": "image/x-icon", ".pdf": "application/pdf", ".zip": "application/zip",
	".gz": "application/gzip", ".svgz": "application/gzip", ".pbf": "application/x-protobuf", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
	".m4a": "audio/mp4", ".wav": "audio/wav", ".webm": "video/webm", ".kml": "application/vnd.google-earth.kml+xml",
	".kmz": "application/vnd.google-earth.kmz", ".gpkg": "application/geopackage+sqlite3", ".ipynb": "application/x-ipynb+json",
	".doc": "application/msword", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".ppt": "application/vnd.ms-powerpoint", ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// keepData keeps the blobs that d names.
func keepData(tx Tx, d *Data) error {
	for _, b := range d.Blobs {
		if err := tx.KeepBlob(b); err != nil {
			return err
		}
	}
	return nil
}

// StoredFile is a file of an item, opened. The caller closes Reader.
type StoredFile struct {
	Reader      io.ReadSeekCloser
	Name        string // empty: the content was not given as a file
	ContentType string
	Hash        string // names the content; empty for none
	Public      bool   // anybody may read it
}

// ItemData opens the data of an item. An item without data has an empty one.
func (p *Portal) ItemData(ctx context.Context, c Caller, id esri.ItemID) (*StoredFile, error) {
	var it itemAccess
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		it, err = visibleItem(tx, a, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	f := &StoredFile{ContentType: "text/plain;charset=utf-8", Public: it.Access == Public}
	var blobs []Blob
	if d := it.Data; d != nil {
		blobs, f.ContentType, f.Hash = d.Blobs, d.ContentType, contentHash(d.Blobs)
		if !d.Text {
			f.Name = it.Name
		}
	}
	f.Reader, err = p.openData(ctx, blobs)
	return f, err
}
