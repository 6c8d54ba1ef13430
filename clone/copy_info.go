package clone

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

const metadataPath = "metadata/metadata.xml"

// infoFile is a file beside the data of an item.
type infoFile struct {
	field string // thumbnail, largeThumbnail, banner, screenshot or metadata; "" for files that apps keep
	path  string // below the item's info
	bytes []byte
	kind  string // content type
}

// appInfo are the info files that apps keep with items of a type. Portals have no list of info
// files: these are asked for by name.
var appInfo = map[string][]string{
	"Form": {"form.json", "forminfo.json", "form.info", "form.itemInfo", "form.webform"},
}

// pictureNumber is what some portals put before the names of screenshots.
var pictureNumber = regexp.MustCompile(`^[0-9]+_`)

// infoFiles lists the pictures and the metadata that the properties of an item name.
func infoFiles(it *gis.Item) []infoFile {
	var out []infoFile
	add := func(field, path string) {
		if path != "" {
			out = append(out, infoFile{field: field, path: path})
		}
	}
	add("thumbnail", it.Thumbnail)
	add("largeThumbnail", it.LargeThumbnail)
	add("banner", it.Banner)
	for _, s := range it.Screenshots {
		add("screenshot", s)
	}
	if slices.ContainsFunc(it.TypeKeywords, func(k string) bool { return strings.EqualFold(k, "Metadata") }) {
		add("metadata", metadataPath)
	}
	return out
}

// picturesToSend are the pictures and the metadata that go with the properties: all of them for
// a new item. On one that is there what the source does not have is removed.
func (c *itemCopy) picturesToSend(ctx context.Context) ([]gis.WriteOption, error) {
	if c.have == nil {
		return c.files(ctx)
	}
	return c.changedFiles(ctx, c.dst.Content.Handle(c.owner, c.folder, c.id))
}

// files reads pictures and metadata of the source, to go with the properties.
func (c *itemCopy) files(ctx context.Context) ([]gis.WriteOption, error) {
	var opts []gis.WriteOption
	var screenshots []gis.Upload
	for _, f := range infoFiles(c.src) {
		there, err := c.readInfo(ctx, c.src, &f)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		if opt := f.option(); opt != nil {
			opts = append(opts, opt)
		} else {
			screenshots = append(screenshots, f.upload())
		}
	}
	if len(screenshots) > 0 {
		opts = append(opts, gis.WithScreenshots(screenshots...))
	}
	return opts, nil
}

// option is how a file goes with the properties; nil for a screenshot, which goes with the others.
func (f *infoFile) option() gis.WriteOption {
	switch f.field {
	case "thumbnail":
		return gis.WithThumbnail(f.upload())
	case "largeThumbnail":
		return gis.WithLargeThumbnail(f.upload())
	case "banner":
		return gis.WithBanner(f.upload())
	case "metadata":
		return gis.WithMetadata(f.upload())
	}
	return nil
}

func (f *infoFile) upload() gis.Upload {
	name := path.Base(f.path)
	if f.field == "screenshot" {
		name = pictureNumber.ReplaceAllString(name, "")
	}
	up := gis.BytesUpload(name, f.bytes)
	up.ContentType = f.kind
	return up
}

// readInfo reads a file of the source as the copy shall have it, or one of the copy as it is.
func (c *itemCopy) readInfo(ctx context.Context, it *gis.Item, f *infoFile) (bool, error) {
	open := func() (*gis.Data, error) { return it.OpenInfo(ctx, f.path) }
	if f.field == "metadata" {
		open = func() (*gis.Data, error) { return it.OpenMetadata(ctx, "") }
	}
	d, err := open()
	if errors.Is(err, gis.ErrNotFound) {
		return false, nil
	}
	if err == nil {
		defer d.Close()
		f.kind = d.ContentType
		f.bytes, err = readLimited(d, smallLimit)
	}
	if err != nil {
		return false, fmt.Errorf("read the %s: %w", f.what(), err)
	}
	if it != c.src || f.field != "" && f.field != "metadata" {
		return true, nil
	}
	part := remap.PartMetadata
	if f.field == "" {
		part = remap.Part("info/" + f.path)
	}
	out, rep, err := c.rw.Item(c.info, part, f.bytes)
	if err != nil {
		return false, err
	}
	c.rewrote(string(part), rep)
	f.bytes = out
	return true, nil
}

func (f *infoFile) what() string {
	if f.field == "" {
		return "info file " + f.path
	}
	return f.field
}

// copyInfo copies the info files that apps keep with the item.
func (c *itemCopy) copyInfo(ctx context.Context, it *gis.Item) error {
	for _, name := range appInfo[c.src.Type] {
		f := infoFile{path: name}
		there, err := c.readInfo(ctx, c.src, &f)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		if c.have != nil {
			old := infoFile{path: name}
			if got, err := c.readInfo(ctx, it, &old); err != nil {
				return err
			} else if got && bytes.Equal(old.bytes, f.bytes) {
				continue
			}
		}
		folder := strings.Trim(path.Dir(name), "./")
		if err := it.SetInfo(ctx, folder, f.upload()); err != nil {
			return fmt.Errorf("write the %s: %w", f.what(), err)
		}
	}
	return nil
}

// changedFiles reads pictures and metadata of both sides and returns those to write. What the
// source has no more is removed.
func (c *itemCopy) changedFiles(ctx context.Context, it *gis.Item) ([]gis.WriteOption, error) {
	screenshot := func(f infoFile) bool { return f.field == "screenshot" }
	from, to := infoFiles(c.src), infoFiles(c.have)
	opts, err := c.changedScreenshots(ctx, it, only(from, screenshot), only(to, screenshot))
	if err != nil {
		return nil, err
	}
	from, to = slices.DeleteFunc(from, screenshot), slices.DeleteFunc(to, screenshot)
	for _, f := range from {
		there, err := c.readInfo(ctx, c.src, &f)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		if i := slices.IndexFunc(to, func(o infoFile) bool { return o.field == f.field }); i >= 0 {
			old := to[i]
			to = slices.Delete(to, i, i+1)
			if got, err := c.readInfo(ctx, it, &old); err != nil {
				return nil, err
			} else if got && bytes.Equal(old.bytes, f.bytes) {
				continue
			}
		}
		opts = append(opts, f.option())
	}
	return opts, c.removeInfo(ctx, it, to)
}

// changedScreenshots is changedFiles for screenshots, which are written all together.
func (c *itemCopy) changedScreenshots(ctx context.Context, it *gis.Item, from, to []infoFile) ([]gis.WriteOption, error) {
	alike := len(from) == len(to)
	var ups []gis.Upload
	for i := range from {
		if _, err := c.readInfo(ctx, c.src, &from[i]); err != nil {
			return nil, err
		}
		ups = append(ups, from[i].upload())
		if i < len(to) {
			if _, err := c.readInfo(ctx, it, &to[i]); err != nil {
				return nil, err
			}
			alike = alike && bytes.Equal(from[i].bytes, to[i].bytes)
		}
	}
	if alike {
		return nil, nil
	}
	if len(ups) == 0 {
		return nil, c.removeInfo(ctx, it, to)
	}
	return []gis.WriteOption{gis.WithScreenshots(ups...)}, nil
}

// removeInfo removes info files from the copy.
func (c *itemCopy) removeInfo(ctx context.Context, it *gis.Item, files []infoFile) error {
	for _, f := range files {
		if err := it.DeleteInfo(ctx, f.path); err != nil && !errors.Is(err, gis.ErrNotFound) {
			return fmt.Errorf("remove the %s: %w", f.what(), err)
		}
	}
	return nil
}

// only leaves the files that want says.
func only(files []infoFile, want func(infoFile) bool) (out []infoFile) {
	for _, f := range files {
		if want(f) {
			out = append(out, f)
		}
	}
	return out
}

// small reads a file of moderate size into memory; nil where there is none.
func (a *applier) small(ctx context.Context, open func(context.Context) (*gis.Data, error)) (*gis.Upload, error) {
	d, err := open(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer d.Close()
	b, err := readLimited(d, smallLimit)
	if err != nil {
		return nil, err
	}
	return &gis.Upload{Name: d.Name, ContentType: d.ContentType, Size: int64(len(b)), Body: bytes.NewReader(b)}, nil
}
