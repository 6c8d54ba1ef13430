package portal

import (
	"context"
	"encoding/base64"
	"fmt"
	"path"
	"strings"
	"unicode"
)

const (
	maxPicture     = 10 << 20
	maxScreenshots = 20
)

// ItemFiles are the files beside the data that come with an item.
type ItemFiles struct {
	Thumbnail      *File
	LargeThumbnail *File
	Banner         *File
	Screenshots    []File // replace those that the item has
	Metadata       *File
}

// itemFiles are ItemFiles that were looked at.
type itemFiles ItemFiles

func (f itemFiles) any() bool {
	return f.Thumbnail != nil || f.LargeThumbnail != nil || f.Banner != nil || len(f.Screenshots) > 0 || f.Metadata != nil
}

// checkedFiles accepts pictures by their content, and metadata that looks like XML.
func (p *Portal) checkedFiles(ctx context.Context, f ItemFiles) (itemFiles, error) {
	out := itemFiles(f)
	for name, at := range map[string]**File{"thumbnail": &out.Thumbnail, "largeThumbnail": &out.LargeThumbnail, "banner": &out.Banner} {
		if *at == nil {
			continue
		}
		pic, err := p.picture(ctx, name, **at)
		if err != nil {
			return out, err
		}
		*at = &pic
	}
	if len(f.Screenshots) > maxScreenshots {
		return out, ErrBadParam("screenshot", fmt.Sprintf("must not be sent more than %d times", maxScreenshots))
	}
	out.Screenshots = nil
	for _, s := range f.Screenshots {
		pic, err := p.picture(ctx, "screenshot", s)
		if err != nil {
			return out, err
		}
		out.Screenshots = append(out.Screenshots, pic)
	}
	return out, p.checkMetadata(ctx, f.Metadata)
}

// picture accepts a PNG, GIF or JPEG, judged by its content, whose type it notes.
func (p *Portal) picture(ctx context.Context, param string, f File) (File, error) {
	if f.Blob.Size > maxPicture {
		return f, ErrBadParam(param, fmt.Sprintf("must be at most %d MB", maxPicture>>20))
	}
	head, err := p.head(ctx, f.Blob)
	if err != nil {
		return f, err
	}
	kind := pictureType(head)
	if kind == "" {
		return f, ErrBadParam(param, "must be a PNG, GIF or JPEG picture")
	}
	f.ContentType = kind
	f.Name = path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
	if f.Name == "." || f.Name == ".." || f.Name == "/" || strings.TrimSpace(f.Name) == "" {
		f.Name = param + "." + strings.TrimPrefix(kind, "image/")
	}
	f.Name = strings.Map(plainInPath, strings.TrimSpace(f.Name))
	return f, checkFileName(param, f.Name)
}

// plainInPath takes out of the names of pictures what means something in an address: clients
// put these names into addresses as they are.
func plainInPath(r rune) rune {
	if strings.ContainsRune(`#?%&+;:"<>|*\`, r) || unicode.IsControl(r) {
		return '_'
	}
	return r
}

// checkMetadata refuses what is no XML at the first sight; the forms of metadata are many.
func (p *Portal) checkMetadata(ctx context.Context, f *File) error {
	if f == nil {
		return nil
	}
	if f.Blob.Size > maxInfoFile {
		return ErrBadParam("metadata", "must be at most 50 MB")
	}
	head, err := p.head(ctx, f.Blob)
	if err != nil {
		return err
	}
	text := strings.TrimLeft(string(head[:min(len(head), 64)]), "\ufeff \t\r\n")
	if !strings.HasPrefix(text, "<") && !strings.HasPrefix(text, "\xff\xfe<") && !strings.HasPrefix(text, "\xfe\xff\x00<") {
		return ErrBadParam("metadata", "must be an XML file")
	}
	return nil
}

// store keeps the files and names them on the item, which the caller then stores.
func (f itemFiles) store(tx Tx, it *Item) error {
	for _, one := range []struct {
		file   *File
		folder string
		at     *string
	}{{f.Thumbnail, "thumbnail", &it.Thumbnail}, {f.LargeThumbnail, "largethumbnail", &it.LargeThumbnail}, {f.Banner, "banner", &it.Banner}} {
		if one.file == nil {
			continue
		}
		if err := replaceInfo(tx, it, one.at, one.folder+"/"+one.file.Name, *one.file); err != nil {
			return err
		}
	}
	if len(f.Screenshots) > 0 {
		if err := replaceScreenshots(tx, it, f.Screenshots); err != nil {
			return err
		}
	}
	if f.Metadata == nil {
		return nil
	}
	return putInfo(tx, it, infoMetadata, *f.Metadata)
}

// replaceInfo stores a picture in the place of the one that *at names.
func replaceInfo(tx Tx, it *Item, at *string, name string, f File) error {
	if old := *at; old != "" && old != name {
		if err := dropInfo(tx, it, old); err != nil {
			return err
		}
	}
	*at = name
	return putInfo(tx, it, name, f)
}

func replaceScreenshots(tx Tx, it *Item, files []File) error {
	for _, old := range append([]string(nil), it.Screenshots...) {
		if err := dropInfo(tx, it, old); err != nil {
			return err
		}
	}
	it.Screenshots = nil
	for i, s := range files {
		name := fmt.Sprintf("screenshots/%d_%s", i+1, s.Name)
		it.Screenshots = append(it.Screenshots, name)
		if err := putInfo(tx, it, name, s); err != nil {
			return err
		}
	}
	return nil
}

// UpdateThumbnail gives an item another picture.
func (p *Portal) UpdateThumbnail(ctx context.Context, c Caller, ref ItemRef, f File) (*Item, error) {
	if c.Anonymous() {
		return nil, ErrTokenRequired()
	}
	files, err := p.checkedFiles(ctx, ItemFiles{Thumbnail: &f})
	if err != nil {
		return nil, err
	}
	return p.changeInfo(ctx, c, ref, files.store)
}

// EncodedFile stores a file that came as text in base64.
func (p *Portal) EncodedFile(ctx context.Context, param, name, data string) (File, error) {
	if _, after, ok := strings.Cut(data, ";base64,"); ok && strings.HasPrefix(data, "data:") {
		data = after
	}
	// A + that was not escaped arrives as a space.
	data = strings.NewReplacer(" ", "+", "\r", "", "\n", "").Replace(strings.TrimSpace(data))
	raw, err := base64.StdEncoding.WithPadding(base64.NoPadding).DecodeString(strings.TrimRight(data, "="))
	if err != nil {
		return File{}, ErrBadParam(param, "must be base64: "+err.Error())
	}
	b, err := p.blobs.Put(ctx, strings.NewReader(string(raw)))
	return File{Name: name, Blob: b}, err
}

// DeleteThumbnail takes an item's picture away; an item without one stays as it is.
func (p *Portal) DeleteThumbnail(ctx context.Context, c Caller, ref ItemRef) error {
	_, err := p.changeInfo(ctx, c, ref, func(tx Tx, it *Item) error {
		if it.Thumbnail == "" {
			return nil
		}
		return dropInfo(tx, it, it.Thumbnail)
	})
	return err
}
