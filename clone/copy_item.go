package clone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// smallLimit is the size up to which pictures and metadata are read into memory.
const smallLimit = 10 << 20

// wholeLimit is the size up to which a file is read into memory, which saves a call.
const wholeLimit = 1 << 20

// itemCopy makes the copy of one item, or brings it in line.
type itemCopy struct {
	*applier
	step   Step
	src    *gis.Item
	info   remap.ItemInfo
	owner  string
	folder esri.FolderID
	id     esri.ItemID
	have   *gis.Item // what is on the target under the id; nil: nothing

	props     json.RawMessage // of the copy, without the marker
	dataURL   string          // that the source fetched the data from; empty: it was uploaded
	sent      *marker         // with the properties
	hash      string          // of the data as sent
	bytes     int64
	names     []string // of the resources as written
	resources string   // resourcesHash of the source
	changes   []ChangeNote
	lost      []remap.Ref // references that have no counterpart
}

// rewrote keeps what the rewriting of one part reports.
func (c *itemCopy) rewrote(part string, rep remap.Report) {
	c.changes = append(c.changes, changeNotes(part, rep.Changes)...)
	c.lost = append(c.lost, rep.Unresolved...)
	item := describe(c.src.Title, string(c.src.ID))
	for _, w := range cautions(rep) {
		c.rep.caution(w.Text, item, part+" "+w.Path)
	}
}

func (c *itemCopy) loader() *loader {
	return &loader{rw: c.rw, texts: c.texts, dir: filepath.Dir(c.j.Path()), m: c.m}
}

// complete makes the copy whole, whatever is there: with properties, data, pictures, info files,
// resources, status and protection.
func (c *itemCopy) complete(ctx context.Context) error {
	if err := c.settlePlace(ctx); err != nil {
		return err
	}
	data, err := c.content(ctx)
	if err != nil {
		return err
	}
	defer data.Close()
	files, err := c.picturesToSend(ctx)
	if err != nil {
		return err
	}
	if data.kind == noData && c.step.Action == Replace && c.have.Size > 0 {
		c.rep.note(fmt.Sprintf("%s has no data, and the data of the item that it replaces is left: portals cannot remove it", describe(c.src.Title, string(c.src.ID))))
	}
	it, m, err := c.write(ctx, data, files)
	if c.dataURL != "" && (errors.Is(err, gis.ErrUnsupported) || errors.Is(err, gis.ErrInvalid)) {
		it, m, err = c.writeFetched(ctx)
	}
	if err != nil {
		return err
	}
	data.Close()
	if err := c.copyInfo(ctx, it); err != nil {
		return err
	}
	if err := c.copyResources(ctx, it, everyResource); err != nil {
		return err
	}
	if err := c.completeMarker(ctx, it, m); err != nil {
		return err
	}
	if err := c.settleStatus(ctx, it, c.have); err != nil {
		return err
	}
	return c.lacks(c.lost)
}

// content reads the data. A code attachment whose address is the package of its app has none of
// its own: the portal makes it. What the portal fetched from an address the target fetches too.
func (c *itemCopy) content(ctx context.Context) (*content, error) {
	if packaged(c.src) || c.dataURL != "" {
		return &content{}, nil
	}
	data, err := c.loader().load(ctx, c.src, c.info)
	if err == nil {
		c.rewrote("data", data.report)
	}
	return data, err
}

// write sends properties, data and pictures in one call where the portal takes that, and returns
// the marker of the finished copy.
func (c *itemCopy) write(ctx context.Context, data *content, files []gis.WriteOption) (*gis.Item, marker, error) {
	m := c.marker()
	m.SHA256, m.Resources = data.sourceHash, "" // completed when they are known to be there
	it, err := c.send(ctx, m, append(files, c.dataOptions(data)...))
	if err != nil {
		return nil, m, err
	}
	data.drained()
	c.hash, c.bytes = data.hash, data.bytes
	done := m
	done.SHA256 = data.sourceHash
	return it, done, c.checkLists(ctx)
}

// writeFetched is write for an item whose data the target does not fetch itself: it gets the bytes
// that the source has.
func (c *itemCopy) writeFetched(ctx context.Context) (*gis.Item, marker, error) {
	c.dataURL = ""
	c.rep.tally("the data of %d items came from an address; the target does not fetch it, so that it was copied")
	data, err := c.content(ctx)
	if err != nil {
		return nil, marker{}, err
	}
	defer data.Close()
	files, err := c.picturesToSend(ctx)
	if err != nil {
		return nil, marker{}, err
	}
	return c.write(ctx, data, files)
}

func (c *itemCopy) dataOptions(data *content) []gis.WriteOption {
	opts := []gis.WriteOption{gis.WithoutRefresh()}
	switch {
	case data.kind == textData && data.body != nil:
		opts = append(opts, gis.WithTextFile(gis.Upload{Name: "text.txt", ContentType: "text/plain", Size: data.size, Body: data.body}))
	case data.kind == textData:
		opts = append(opts, gis.WithText(string(data.text)))
	case data.kind == fileData:
		opts = append(opts, gis.WithData(gis.Upload{Name: c.fileName(data.name), ContentType: data.contentType, Size: data.size, Body: data.body}))
	}
	return opts
}

// marker is what the copy says of its source. The size is that of the listing, by which the next
// plan tells whether the source changed.
func (c *itemCopy) marker() marker {
	size := max(c.src.Size, 0)
	if c.step.Modified == c.src.Modified.Millis() {
		size = c.step.Size
	}
	return marker{Source: c.applier.src.side.Key, ID: string(c.src.ID), Run: c.j.run, Modified: c.src.Modified.Millis(), Size: size}
}

// completeMarker writes what was not known when the properties were sent: the hash of data that
// streamed, and that the resources are there.
func (c *itemCopy) completeMarker(ctx context.Context, it *gis.Item, m marker) error {
	m.Resources = c.resources
	if sent := c.sent; sent != nil && *sent == m {
		return nil
	}
	props, err := c.properties(m)
	if err != nil {
		return err
	}
	if err := it.Update(ctx, gis.ItemUpdate{Properties: props}, gis.WithoutRefresh()); err != nil {
		return fmt.Errorf("complete the marker: %w", err)
	}
	return nil
}

// send creates the item, or updates the one that is there under its id.
func (c *itemCopy) send(ctx context.Context, m marker, opts []gis.WriteOption) (*gis.Item, error) {
	spec, err := c.spec(m)
	if err != nil {
		return nil, err
	}
	c.sent = &m
	if c.have != nil {
		it := c.dst.Content.Handle(c.owner, c.folder, c.id)
		return it, it.Update(ctx, updateOf(spec), opts...)
	}
	it, err := c.dst.Content.Add(ctx, spec, opts...)
	if err != nil && gis.Ambiguous(err) {
		if there, gerr := c.itemThere(ctx, c.owner, c.id); gerr == nil && there {
			return nil, fmt.Errorf("the answer was lost and the item may be incomplete; run again to complete it: %w", err)
		}
	}
	if err == nil && it.ID != c.id {
		return nil, c.otherID(ctx, it)
	}
	return it, err
}

// otherID removes an item that the portal gave another id than the one asked for: other items
// refer to the id asked for already.
func (c *itemCopy) otherID(ctx context.Context, it *gis.Item) error {
	err := fmt.Errorf("the target gave it the id %s in place of %s, which it was asked for and other items name", it.ID, c.id)
	if derr := it.Delete(ctx, gis.Permanently()); derr != nil {
		return errors.Join(err, fmt.Errorf("remove it again: %w", derr))
	}
	return err
}

// settlePlace gives a copy that is there to the owner and puts it in the folder that the source
// item has.
func (c *itemCopy) settlePlace(ctx context.Context) error {
	if c.have == nil {
		return nil
	}
	it := c.dst.Content.Handle(c.have.Owner, c.have.OwnerFolder, c.id)
	if fold(c.have.Owner) != fold(c.owner) {
		if err := it.ReassignTo(ctx, c.owner, ""); err != nil {
			return fmt.Errorf("give it to %s: %w", c.owner, err)
		}
		c.have.Owner, c.have.OwnerFolder = c.owner, ""
	}
	if c.have.OwnerFolder != c.folder {
		if err := it.Move(ctx, c.folder); err != nil {
			return fmt.Errorf("move it to its folder: %w", err)
		}
		c.have.OwnerFolder = c.folder
	}
	return nil
}
