package clone

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// copyResources copies every file resource with its prefix and access. Texts of apps are
// rewritten; everything else streams through unchanged.
func (c *itemCopy) copyResources(ctx context.Context, dst *gis.Item) error {
	list, err := gis.Collect(c.src.Resources().List(ctx, nil))
	if err != nil {
		return fmt.Errorf("list the resources: %w", err)
	}
	names := make([]string, len(list))
	for i, r := range list {
		names[i] = r.Name
	}
	c.resources = resourcesWritten(names)
	reports := make([]remap.Report, len(list))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(3)
	for i, r := range list {
		g.Go(func() (err error) {
			if reports[i], err = c.copyResource(ctx, dst, r); err != nil {
				return fmt.Errorf("resource %s: %w", r.Name, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, rep := range reports {
		c.rewrote(list[i].Name, rep)
	}
	return nil
}

func (c *itemCopy) copyResource(ctx context.Context, dst *gis.Item, r *gis.Resource) (rep remap.Report, err error) {
	d, err := c.src.Resources().Open(ctx, r.Name)
	if err != nil {
		return rep, err
	}
	defer d.Close()
	spec := gis.ResourceSpec{Name: r.Name, Access: r.Access, Upload: gis.Upload{ContentType: d.ContentType, Size: d.Size, Body: d}}
	if rewritten(r.Name) {
		release, err := c.texts.take(ctx, d.Size)
		if err != nil {
			return rep, err
		}
		defer release()
		raw, err := readLimited(d, textLimit)
		if err != nil {
			return rep, err
		}
		var out []byte
		out, rep = rewriteText(c.rw, raw)
		spec.Upload = gis.BytesUpload(spec.Upload.Name, out)
	}
	c.m.addBytes(max(d.Size, 0))
	err = dst.Resources().Add(ctx, spec)
	if errors.Is(err, gis.ErrConflict) {
		if !rewritten(r.Name) { // the body was spent on the refused call
			again, err := c.src.Resources().Open(ctx, r.Name)
			if err != nil {
				return rep, err
			}
			defer again.Close()
			spec.Upload.Body = again
		}
		err = dst.Resources().Update(ctx, spec)
	}
	return rep, err
}
