package portal

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"
)

// maxThumbnail is the size limit of the pictures of members and groups.
const maxThumbnail = 1 << 20

// checkedThumbnail accepts a PNG, GIF or JPEG picture of at most 1 MB, judged by its content,
// whose type it notes; the name stays as the client gave it.
func (p *Portal) checkedThumbnail(ctx context.Context, f *File) (*File, error) {
	if f == nil {
		return nil, nil
	}
	if f.Blob.Size > maxThumbnail {
		return nil, ErrBadParam("thumbnail", fmt.Sprintf("must be at most %d MB", maxThumbnail>>20))
	}
	head, err := p.head(ctx, f.Blob)
	if err != nil {
		return nil, err
	}
	kind := pictureType(head)
	if kind == "" {
		return nil, ErrBadParam("thumbnail", "must be a PNG, GIF or JPEG picture")
	}
	name := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
	if name == "." || name == "/" || name == ".." {
		name = "thumbnail." + strings.TrimPrefix(kind, "image/")
	}
	if len(name) > 250 {
		return nil, ErrBadParam("thumbnail", "must have a file name of at most 250 bytes")
	}
	return &File{Name: name, ContentType: kind, Blob: f.Blob}, nil
}

// head reads the first bytes of a blob that was just stored.
func (p *Portal) head(ctx context.Context, b Blob) ([]byte, error) {
	r, err := p.blobs.Open(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("open an uploaded picture: %w", err)
	}
	defer r.Close()
	head, err := io.ReadAll(io.LimitReader(r, 8))
	if err != nil {
		return nil, fmt.Errorf("read an uploaded picture: %w", err)
	}
	return head, nil
}

// pictureType tells the three kinds of picture by their first bytes; empty for others.
func pictureType(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return "image/gif"
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	}
	return ""
}

// keepFile keeps a file's bytes with the transaction that is about to name it.
func keepFile(tx Tx, f *File) error {
	if f == nil {
		return nil
	}
	return tx.KeepBlob(f.Blob)
}

// UserThumbnail reads the picture of a member whom the caller may see.
func (p *Portal) UserThumbnail(ctx context.Context, c Caller, username, name string) (*File, bool, error) {
	var f *File
	var public bool
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		u, _, err := visibleUser(tx, a, username)
		if err != nil {
			return err
		}
		f, public = u.Thumbnail, u.Access == Public
		return namedFile(f, name)
	})
	return f, public, err
}

// namedFile returns nil where f is the file of that name.
func namedFile(f *File, name string) error {
	if f == nil || f.Name != name {
		return errNoResource()
	}
	return nil
}
