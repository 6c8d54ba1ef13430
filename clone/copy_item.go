package clone

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// smallLimit is the size up to which thumbnails and metadata are read into memory.
const smallLimit = 10 << 20

// wholeLimit is the size up to which a file is read into memory, which saves a call.
const wholeLimit = 1 << 20

// itemCopy makes the copy of one item.
type itemCopy struct {
	*applier
	src    *gis.Item
	owner  string
	folder esri.FolderID
	id     esri.ItemID

	hash      string // of the data as sent
	bytes     int64
	resources string // resourcesWritten
	changes   []ChangeNote
	lost      []remap.Ref // references that have no counterpart
}

// rewrote keeps what the rewriting of one part reports.
func (c *itemCopy) rewrote(part string, rep remap.Report) {
	c.changes = append(c.changes, changeNotes(part, rep.Changes)...)
	c.lost = append(c.lost, rep.Unresolved...)
}

func (c *itemCopy) run(ctx context.Context) error {
	data, err := c.src.Data(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		data, err = nil, nil
	}
	if err != nil {
		return fmt.Errorf("read the data: %w", err)
	}
	if data != nil {
		defer data.Close()
	}
	opts, err := c.pictures(ctx)
	if err != nil {
		return err
	}
	it, err := c.write(ctx, data, opts)
	if err != nil {
		return err
	}
	if err := c.copyResources(ctx, it); err != nil {
		return err
	}
	if c.src.Protected {
		if err := it.Protect(ctx, true); err != nil {
			return fmt.Errorf("protect: %w", err)
		}
	}
	return c.lacks(c.lost)
}

// write sends properties and data. Text is rewritten in memory; a large file streams through,
// and its marker is completed afterwards, when its hash is known.
func (c *itemCopy) write(ctx context.Context, data *gis.Data, opts []gis.WriteOption) (*gis.Item, error) {
	m := marker{Source: c.applier.src.side.Key, ID: string(c.src.ID), Run: c.j.run, Modified: c.src.Modified.Millis()}
	opts = append(opts, gis.WithoutRefresh())
	if data == nil {
		return c.send(ctx, m, opts)
	}
	if !isFile(c.src) {
		release, err := c.texts.take(ctx, data.Size)
		if err != nil {
			return nil, err
		}
		defer release()
		raw, err := readLimited(data, textLimit)
		if err != nil {
			return nil, fmt.Errorf("read the data: %w", err)
		}
		out, rep := rewriteText(c.rw, raw)
		c.rewrote("data", rep)
		m.SHA256, c.hash, c.bytes = hashOf(raw), hashOf(out), int64(len(raw))
		c.m.addBytes(c.bytes)
		return c.send(ctx, m, append(opts, gis.WithText(string(out))))
	}
	if data.Size >= 0 && data.Size <= wholeLimit {
		return c.writeWhole(ctx, data, m, opts)
	}
	body := &hashingReader{r: data, sum: sha256.New(), meter: c.m}
	it, err := c.send(ctx, m, append(opts, gis.WithData(gis.Upload{
		Name: c.src.Name, ContentType: data.ContentType, Size: data.Size, Body: body,
	})))
	if err != nil {
		return nil, err
	}
	m.SHA256 = hex.EncodeToString(body.sum.Sum(nil))
	c.hash, c.bytes = m.SHA256, body.n
	props, err := c.properties(m)
	if err != nil {
		return nil, err
	}
	if err := it.Update(ctx, gis.ItemUpdate{Properties: props}, gis.WithoutRefresh()); err != nil {
		return nil, fmt.Errorf("complete the marker: %w", err)
	}
	return it, nil
}

// writeWhole sends a small file in one call: its hash is known before.
func (c *itemCopy) writeWhole(ctx context.Context, data *gis.Data, m marker, opts []gis.WriteOption) (*gis.Item, error) {
	release, err := c.texts.take(ctx, data.Size)
	if err != nil {
		return nil, err
	}
	defer release()
	raw, err := readLimited(data, wholeLimit)
	if err != nil {
		return nil, fmt.Errorf("read the data: %w", err)
	}
	m.SHA256, c.bytes = hashOf(raw), int64(len(raw))
	c.hash = m.SHA256
	c.m.addBytes(c.bytes)
	up := gis.BytesUpload(c.src.Name, raw)
	up.ContentType = data.ContentType
	return c.send(ctx, m, append(opts, gis.WithData(up)))
}

// send creates the item, or updates the one that an earlier call left under its id.
func (c *itemCopy) send(ctx context.Context, m marker, opts []gis.WriteOption) (*gis.Item, error) {
	spec, err := c.spec(m)
	if err != nil {
		return nil, err
	}
	there := false
	if c.fresh.get(string(c.src.ID)) == "" {
		if there, err = c.exists(ctx); err != nil {
			return nil, err
		}
	}
	if there {
		it := c.dst.Content.Handle(c.owner, c.folder, c.id)
		return it, it.Update(ctx, updateOf(spec), opts...)
	}
	it, err := c.dst.Content.Add(ctx, spec, opts...)
	if err != nil && gis.Ambiguous(err) {
		if there, gerr := c.exists(ctx); gerr == nil && there {
			return nil, fmt.Errorf("the answer was lost and the item may be incomplete; run again to complete it: %w", err)
		}
	}
	return it, err
}

// exists reports whether an item is there under the reserved id: made by a call whose answer
// was lost, or as an empty one on portals that choose ids themselves.
func (c *itemCopy) exists(ctx context.Context) (bool, error) {
	_, err := c.dst.Content.UserItem(ctx, c.owner, c.id)
	if errors.Is(err, gis.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// pictures reads thumbnail and metadata.
func (c *itemCopy) pictures(ctx context.Context) ([]gis.WriteOption, error) {
	var opts []gis.WriteOption
	if c.src.Thumbnail != "" {
		up, err := c.small(ctx, c.src.OpenThumbnail)
		if err != nil {
			return nil, fmt.Errorf("read the thumbnail: %w", err)
		}
		if up != nil {
			opts = append(opts, gis.WithThumbnail(*up))
		}
	}
	if slices.ContainsFunc(c.src.TypeKeywords, func(k string) bool { return strings.EqualFold(k, "Metadata") }) {
		up, err := c.small(ctx, func(ctx context.Context) (*gis.Data, error) { return c.src.OpenMetadata(ctx, "") })
		if err != nil {
			return nil, fmt.Errorf("read the metadata: %w", err)
		}
		if up != nil {
			raw, err := io.ReadAll(up.Body)
			if err != nil {
				return nil, err
			}
			out, rep := c.rw.Text(raw)
			c.rewrote("metadata", rep)
			opts = append(opts, gis.WithMetadata(gis.BytesUpload("metadata.xml", out)))
		}
	}
	return opts, nil
}

// isFile reports whether the data of an item was uploaded as a file: it has a file name and is
// no service or app with an address.
func isFile(it *gis.Item) bool { return it.Name != "" && it.URL == "" }

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

// readLimited reads r to the end, which must come within limit bytes.
func readLimited(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("it is longer than %d MiB", limit>>20)
	}
	return b, err
}

// hashingReader sums and counts what is read through it.
type hashingReader struct {
	r     io.Reader
	sum   hash.Hash
	n     int64
	meter *Meter
}

func (h *hashingReader) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.sum.Write(p[:n])
	h.n += int64(n)
	h.meter.addBytes(int64(n))
	return n, err
}
