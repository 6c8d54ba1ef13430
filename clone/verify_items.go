package clone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// compareItem compares an item with its copy: properties, folder, data, thumbnail, metadata
// and resources.
func (c *comparison) compareItem(ctx context.Context, s Step) error {
	src, err := c.v.src.Content.UserItem(ctx, s.Owner, esri.ItemID(s.Source))
	if err != nil {
		return err
	}
	dst, err := c.v.dst.Content.UserItem(ctx, c.v.users[fold(s.Owner)], esri.ItemID(s.Target))
	if errors.Is(err, gis.ErrNotFound) {
		c.missing(s)
		return nil
	}
	if err != nil {
		return err
	}
	compareFacts(c, s, itemFacts, src, dst)
	if want := c.v.folders[string(src.OwnerFolder)]; want != string(dst.OwnerFolder) {
		c.compare(s, "folder", c.folderTitle(c.v.from, string(src.OwnerFolder)), c.folderTitle(c.v.to, string(dst.OwnerFolder)))
	}
	c.referencesOf(s, src)
	if err := c.compareData(ctx, s, src, dst); err != nil {
		return err
	}
	if err := c.compareFiles(ctx, s, "thumbnail", thumbnailOf(src.Thumbnail, src.OpenThumbnail), thumbnailOf(dst.Thumbnail, dst.OpenThumbnail), nil); err != nil {
		return err
	}
	if err := c.compareFiles(ctx, s, "metadata", metadataOf(src), metadataOf(dst), func(b []byte) []byte { out, _ := c.rw.Text(b); return out }); err != nil {
		return err
	}
	return c.compareResources(ctx, s, src, dst)
}

// folderTitle names a folder of either side for a reader.
func (c *comparison) folderTitle(in *census, id string) string {
	if id == "" {
		return "the root folder"
	}
	for _, f := range in.folders {
		if string(f.ID) == id {
			return f.Title + " (" + id + ")"
		}
	}
	return id
}

// referencesOf reports what the properties of the item name without a counterpart.
func (c *comparison) referencesOf(s Step, src *gis.Item) {
	for _, p := range []struct{ name, text string }{
		{"description", src.Description}, {"snippet", src.Snippet}, {"url", src.URL}, {"accessInformation", src.AccessInformation},
		{"licenseInfo", src.LicenseInfo}, {"documentation", src.Documentation},
	} {
		_, rep := c.rw.String(p.text)
		c.refs.add(s.Source, s.Title, p.name, rep)
	}
	if props := withoutMarker(src.Properties); len(props) > 0 {
		if _, rep, err := c.rw.JSON(props); err == nil {
			c.refs.add(s.Source, s.Title, "properties", rep)
		}
	}
}

// compareData compares texts as they must read after rewriting, and files byte for byte. A
// file is read to the end on both sides at once and never kept.
func (c *comparison) compareData(ctx context.Context, s Step, src, dst *gis.Item) error {
	if packaged(src) {
		return nil // the portal makes the data of such an item
	}
	info, err := infoOf(ctx, c.v.dst, src, dst.Owner)
	if err != nil {
		return err
	}
	want, err := c.loader().load(ctx, src, info)
	if err != nil {
		return err
	}
	defer want.Close()
	to, err := optional(dst.Data(ctx))
	if err != nil {
		return err
	}
	defer closeData(to)
	if want.kind == noData || to == nil {
		c.compare(s, "data", presence(want.kind != noData), presence(to != nil))
		return nil
	}
	return c.compareContent(ctx, s, reference{s.Source, "data"}, "data", want, to)
}

// loader reads what copies must hold. It counts no bytes: comparing does.
func (c *comparison) loader() *loader {
	dir := os.TempDir()
	if c.v.journal != nil {
		dir = filepath.Dir(c.v.journal.Path())
	}
	return &loader{rw: c.rw, texts: c.texts, dir: dir, m: &Meter{}}
}

// compareContent compares what a copy must hold with what it holds.
func (c *comparison) compareContent(ctx context.Context, s Step, at reference, field string, want *content, got io.Reader) error {
	if want.treatment == remap.TreatFile {
		return c.compareStreams(ctx, s, at, field, want.body, got)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, got); err != nil {
		return err
	}
	c.m.addBytes(want.bytes)
	c.refs.add(at.item, s.Title, at.part, want.report)
	c.compare(s, field, want.hash, hexOf(sum))
	return nil
}

// reference says where a scan found what it found: the source item, and its part.
type reference struct{ item, part string }

// compareStreams reads both sides at once, hashing them, and scans the source for references
// that a file keeps.
func (c *comparison) compareStreams(ctx context.Context, s Step, at reference, field string, from, to io.Reader) error {
	var want, got string
	var rep remap.Report
	g, _ := errgroup.WithContext(ctx)
	pr, pw := io.Pipe()
	g.Go(func() error {
		sum := sha256.New()
		n, err := io.Copy(io.MultiWriter(sum, pw), from)
		pw.CloseWithError(err)
		c.m.addBytes(n)
		want = hex.EncodeToString(sum.Sum(nil))
		return err
	})
	g.Go(func() (err error) {
		rep, err = c.rw.Scan(pr)
		if err != nil {
			pr.CloseWithError(err)
		}
		return err
	})
	g.Go(func() error {
		sum := sha256.New()
		_, err := io.Copy(sum, to)
		got = hex.EncodeToString(sum.Sum(nil))
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	c.refs.add(at.item, s.Title, at.part, rep)
	c.compare(s, field, want, got)
	return nil
}

type opener func(context.Context) (*gis.Data, error)

// thumbnailOf opens a thumbnail, nil where the object has none.
func thumbnailOf(name string, open opener) opener {
	if name == "" {
		return nil
	}
	return open
}

func metadataOf(it *gis.Item) opener {
	if !slices.ContainsFunc(it.TypeKeywords, func(k string) bool { return strings.EqualFold(k, "Metadata") }) {
		return nil
	}
	return func(ctx context.Context) (*gis.Data, error) { return it.OpenMetadata(ctx, "") }
}

// compareFiles compares two small files by their bytes; a nil opener is a file that is not there.
func (c *comparison) compareFiles(ctx context.Context, s Step, field string, from, to opener, want func([]byte) []byte) error {
	sum := func(open opener, change func([]byte) []byte) (string, error) {
		if open == nil {
			return "none", nil
		}
		d, err := optional(open(ctx))
		if err != nil || d == nil {
			return "none", err
		}
		defer d.Close()
		b, err := readLimited(d, smallLimit)
		if err != nil {
			return "", err
		}
		if change != nil {
			b = change(b)
		}
		return hashOf(b), nil
	}
	w, err := sum(from, want)
	if err != nil {
		return err
	}
	g, err := sum(to, nil)
	if err != nil {
		return err
	}
	c.compare(s, field, w, g)
	return nil
}

// optional turns "not found" into nil.
func optional(d *gis.Data, err error) (*gis.Data, error) {
	if errors.Is(err, gis.ErrNotFound) {
		return nil, nil
	}
	return d, err
}

func closeData(d *gis.Data) {
	if d != nil {
		d.Close()
	}
}

func presence(there bool) string {
	if !there {
		return "no data"
	}
	return "data"
}
