package clone

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/rhumb-gis/rhumb/gis"
)

// bringInLine writes what differs between the copy that an earlier run made and what it would
// make now: place, resources, info files, properties, and where the source changed since, data and
// pictures. The marker goes with the last of them, so that a run which is cut off before does it
// again.
func (c *itemCopy) bringInLine(ctx context.Context) error {
	old, known := readMarker(c.have.Properties)
	if err := c.settlePlace(ctx); err != nil {
		return err
	}
	it := c.dst.Content.Handle(c.owner, c.folder, c.id)
	full := !known || c.plan.Header.Options.Full
	which := changedResources
	if full {
		which = everyResource
	}
	if err := c.copyResources(ctx, it, which); err != nil {
		return err
	}
	now := c.marker()
	now.Resources, now.SHA256 = c.resources, old.SHA256
	var err error
	if full || old.Modified != now.Modified || old.Size != now.Size {
		err = c.updateAll(ctx, it, old, now)
	} else {
		err = c.update(ctx, it, old, now, nil)
	}
	if err != nil {
		return err
	}
	if err := c.checkLists(ctx); err != nil {
		return err
	}
	if err := c.settleStatus(ctx, it, c.have); err != nil {
		return err
	}
	return c.lacks(c.lost)
}

// updateAll writes what differs of an item whose source changed since it was copied.
func (c *itemCopy) updateAll(ctx context.Context, it *gis.Item, old, now marker) error {
	if err := c.copyInfo(ctx, it); err != nil {
		return err
	}
	data, send, err := c.changedData(ctx, it, old)
	if err != nil {
		return err
	}
	defer data.Close()
	opts, err := c.changedFiles(ctx, it)
	if err != nil {
		return err
	}
	now.SHA256 = data.sourceHash
	if send {
		opts = append(opts, c.dataOptions(data)...)
	}
	if err := c.update(ctx, it, old, now, opts); err != nil {
		return err
	}
	data.drained()
	c.hash, c.bytes = data.hash, data.bytes
	if now.SHA256 == data.sourceHash {
		return nil
	}
	now.SHA256 = data.sourceHash
	return c.completeMarker(ctx, it, now)
}

// update sends the properties that differ, the marker where it does, and opts, in one call; none
// where there is nothing to send.
func (c *itemCopy) update(ctx context.Context, it *gis.Item, old, now marker, opts []gis.WriteOption) error {
	spec, err := c.spec(now)
	if err != nil {
		return err
	}
	change, differs := changedFrom(updateOf(spec), c.have)
	now.Run, old.Run = "", ""
	if now != old {
		change.Properties, differs = spec.Properties, true
	}
	if !differs && len(opts) == 0 {
		return nil
	}
	c.sent = &now
	return it.Update(ctx, change, append(opts, gis.WithoutRefresh())...)
}

// changedData reads the data of the source and tells whether that of the copy has to be written:
// not where the source's bytes are those of the earlier run and need no rewriting, nor where the
// copy holds what would be written.
func (c *itemCopy) changedData(ctx context.Context, it *gis.Item, old marker) (*content, bool, error) {
	data, err := c.content(ctx)
	if err != nil || data.kind == noData {
		return data, false, err
	}
	if data.hash == "" { // it streams: its sum is known when it was read to its end
		if _, err := io.Copy(io.Discard, data.body); err != nil {
			data.Close()
			return nil, false, fmt.Errorf("read the data: %w", err)
		}
		data.drained()
		if data.sourceHash == old.SHA256 {
			return data, false, nil
		}
		data.Close()
		again, err := c.content(ctx)
		return again, true, err
	}
	if data.kind == fileData && data.hash == data.sourceHash && data.sourceHash == old.SHA256 && c.fileName(data.name) == c.have.Name {
		return data, false, nil
	}
	there, err := sumOf(ctx, it)
	if err != nil {
		data.Close()
		return nil, false, fmt.Errorf("read the data of the copy: %w", err)
	}
	return data, there != data.hash, nil
}

// sumOf is the hash of the data of an item, "" where it has none.
func sumOf(ctx context.Context, it *gis.Item) (string, error) {
	d, err := it.Data(ctx)
	if errors.Is(err, gis.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer d.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, d); err != nil {
		return "", err
	}
	return hexOf(sum), nil
}

// there reads what is on the target under the id of the copy; nil: nothing. The owner may be
// another one than the source's has become.
func (c *itemCopy) there(ctx context.Context) (*gis.Item, error) {
	if c.step.Action == Create && c.fresh.get(c.step.Source) != "" {
		return nil, nil
	}
	it, err := c.dst.Content.UserItem(ctx, c.owner, c.id)
	if errors.Is(err, gis.ErrNotFound) || errors.Is(err, gis.ErrDenied) {
		var found *gis.Item
		if found, err = c.dst.Content.Get(ctx, c.id); err == nil {
			it, err = c.dst.Content.UserItem(ctx, found.Owner, c.id)
		}
	}
	switch {
	case errors.Is(err, gis.ErrNotFound) && c.step.Action == Create:
		return nil, nil
	case errors.Is(err, gis.ErrNotFound):
		return nil, fmt.Errorf("its copy %s is gone from the target since the plan was made; plan again", c.id)
	case err != nil:
		return nil, fmt.Errorf("read its copy: %w", err)
	case it.Type != c.src.Type:
		return nil, fmt.Errorf("the item %s of the target is a %s, and the type of an item cannot change", c.id, it.Type)
	}
	return it, nil
}
