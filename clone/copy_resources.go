package clone

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// whichResources says which resources that both sides have are read.
type whichResources int

const (
	everyResource    whichResources = iota // all of them
	changedResources                       // those that the lists do not show to be alike
)

// clockMargin is by how much the clocks of two portals may differ.
const clockMargin = time.Hour

// copyResources makes the resources of the copy those of the source, with prefixes and access:
// it stores what is missing or differs, and removes what an earlier run stored and the source
// has no more. What somebody added on the target stays and is reported.
func (c *itemCopy) copyResources(ctx context.Context, dst *gis.Item, which whichResources) error {
	from, err := gis.Collect(c.src.Resources().List(ctx, nil))
	if err != nil {
		return fmt.Errorf("list the resources: %w", err)
	}
	c.resources = resourcesHash(from)
	for _, r := range from {
		c.names = append(c.names, c.rw.ResourceName(r.Name))
	}
	there := map[string]*gis.Resource{}
	if c.have != nil {
		if old, ok := readMarker(c.have.Properties); ok && which == changedResources && old.Resources == c.resources {
			return nil
		}
		to, err := gis.Collect(dst.Resources().List(ctx, nil))
		if err != nil {
			return fmt.Errorf("list the resources of the copy: %w", err)
		}
		for _, r := range to {
			there[r.Name] = r
		}
	}
	if err := c.storeResources(ctx, dst, from, there, which); err != nil {
		return err
	}
	if err := c.removeResources(ctx, dst, there); err != nil {
		return err
	}
	return c.settleResources(ctx, dst, from)
}

// storeResources stores the resources that are missing or differ, several at a time; ArcGIS
// Online, which loses files when one item changes rapidly, gets them one by one. Those that both
// sides have are taken out of there.
func (c *itemCopy) storeResources(ctx context.Context, dst *gis.Item, from []*gis.Resource, there map[string]*gis.Resource, which whichResources) error {
	reports := make([]remap.Report, len(from))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(3)
	if c.dst.features.Kind == gis.KindOnline {
		g.SetLimit(1)
	}
	for i, r := range from {
		name := c.rw.ResourceName(r.Name)
		old := there[name]
		delete(there, name)
		if which == changedResources && old != nil && c.looksAlike(r, old) {
			continue
		}
		g.Go(func() (err error) {
			if reports[i], err = c.copyResource(ctx, dst, r, old); err != nil {
				return fmt.Errorf("resource %s: %w", r.Name, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, rep := range reports {
		c.rewrote(string(remap.Resource(from[i].Name)), rep)
	}
	return nil
}

// looksAlike reports whether the lists show that a resource is what an earlier run stored: a file
// that is not rewritten, of the same length and access, and older on the source than its copy.
func (c *itemCopy) looksAlike(r, old *gis.Resource) bool {
	return remap.TypedResource(c.info, r.Name) == remap.TreatFile && r.Size == old.Size && r.Access == old.Access &&
		r.Created.Add(clockMargin).Before(old.Created.Time)
}

// copyResource stores one resource, unless the copy holds the same already. A text of the item is
// rewritten; everything else streams through unchanged. A name that holds an id changes with it,
// as do the texts that name the resource.
func (c *itemCopy) copyResource(ctx context.Context, dst *gis.Item, r, old *gis.Resource) (remap.Report, error) {
	data, err := c.loader().loadResource(ctx, c.src, c.info, r.Name)
	if err != nil {
		return remap.Report{}, err
	}
	defer data.Close()
	name := c.rw.ResourceName(r.Name)
	spec := gis.ResourceSpec{Name: name, Access: r.Access, Upload: gis.Upload{ContentType: data.contentType, Size: data.size, Body: data.body}}
	if old == nil {
		err := dst.Resources().Add(ctx, spec)
		if !errors.Is(err, gis.ErrConflict) {
			return data.report, err
		}
		// A call whose answer was lost had stored it. The body was spent.
	} else if r.Access == old.Access && (data.size < 0 || data.size == old.Size) {
		same, err := c.sameResource(ctx, dst, name, data)
		if err != nil || same {
			return data.report, err
		}
	}
	if _, again := data.body.(io.Seeker); !again {
		data.Close()
		if data, err = c.loader().loadResource(ctx, c.src, c.info, r.Name); err != nil {
			return remap.Report{}, err
		}
		defer data.Close()
		spec.Upload.Body = data.body
	}
	return data.report, dst.Resources().Update(ctx, spec)
}

// sameResource reports whether the copy's resource holds what data is. It reads data to its end.
func (c *itemCopy) sameResource(ctx context.Context, dst *gis.Item, name string, data *content) (bool, error) {
	d, err := dst.Resources().Open(ctx, name)
	if errors.Is(err, gis.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer d.Close()
	same, err := equalStreams(d, data.body)
	if s, ok := data.body.(io.Seeker); ok && err == nil {
		_, err = s.Seek(0, io.SeekStart)
	}
	return same, err
}

// removeResources removes those of the resources that the source does not have which earlier
// runs stored, or which belong to an item that is replaced.
func (c *itemCopy) removeResources(ctx context.Context, dst *gis.Item, extra map[string]*gis.Resource) error {
	if len(extra) == 0 {
		return nil
	}
	made, err := c.madeResources(c.step.Source)
	if err != nil {
		return err
	}
	var kept []string
	for name := range extra {
		if c.step.Action == Update && !slices.Contains(made, name) {
			kept = append(kept, name)
			continue
		}
		if err := dst.Resources().Remove(ctx, name); err != nil && !errors.Is(err, gis.ErrNotFound) {
			return fmt.Errorf("remove the resource %s: %w", name, err)
		}
	}
	if len(kept) > 0 {
		slices.Sort(kept)
		c.rep.note(fmt.Sprintf("%s: resources that no earlier run stored are left on the target: %s", describe(c.src.Title, string(c.src.ID)), strings.Join(kept, ", ")))
	}
	return nil
}

// settleResources reads the list of the copy and stores again, one by one, what is not in it:
// portals may answer success for a file and lose it when others come at the same time.
func (c *itemCopy) settleResources(ctx context.Context, dst *gis.Item, from []*gis.Resource) error {
	if len(from) == 0 {
		return nil
	}
	for range 2 {
		to, err := gis.Collect(dst.Resources().List(ctx, nil))
		if err != nil {
			return fmt.Errorf("list the resources of the copy: %w", err)
		}
		var lost []*gis.Resource
		for _, r := range from {
			if !slices.ContainsFunc(to, func(t *gis.Resource) bool { return t.Name == c.rw.ResourceName(r.Name) }) {
				lost = append(lost, r)
			}
		}
		if len(lost) == 0 {
			return nil
		}
		for _, r := range lost {
			if _, err := c.copyResource(ctx, dst, r, nil); err != nil {
				return fmt.Errorf("resource %s, which the target had lost: %w", r.Name, err)
			}
		}
	}
	return errors.New("the target loses resources that it said it had stored")
}

// loadResource reads a resource as the copy shall have it.
func (l *loader) loadResource(ctx context.Context, src *gis.Item, info remap.ItemInfo, name string) (*content, error) {
	d, err := src.Resources().Open(ctx, name)
	if err != nil {
		return nil, err
	}
	c := &content{kind: fileData, treatment: remap.TypedResource(info, name), name: name, contentType: d.ContentType, size: d.Size}
	c.later(func() { d.Close() })
	if c.treatment == remap.TreatFile {
		c.body = &hashingReader{r: d, sum: sha256.New(), meter: l.m}
		return c, nil
	}
	err = l.resourceText(ctx, c, info, d)
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (l *loader) resourceText(ctx context.Context, c *content, info remap.ItemInfo, r io.Reader) error {
	if c.size > textLimit {
		return l.loadLongText(c, r)
	}
	release, err := l.texts.take(ctx, c.size)
	if err != nil {
		return err
	}
	c.later(release)
	return l.rewriteText(c, info, remap.Resource(c.name), r)
}

// equalStreams reads two streams to their ends, or to the first byte that differs.
func equalStreams(a, b io.Reader) (bool, error) {
	bufs := [2][]byte{make([]byte, 32<<10), make([]byte, 32<<10)}
	for {
		n, aerr := io.ReadFull(a, bufs[0])
		m, berr := io.ReadFull(b, bufs[1])
		for _, err := range []error{aerr, berr} {
			if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
				return false, err
			}
		}
		if n != m || string(bufs[0][:n]) != string(bufs[1][:m]) {
			return false, nil
		}
		if aerr != nil {
			return true, nil
		}
	}
}
