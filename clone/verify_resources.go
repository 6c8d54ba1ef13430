package clone

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/clone/remap"
	"github.com/rhumb-gis/rhumb/gis"
)

// resources compares the resources of both sides by name, access and bytes.
func (x *itemCheck) resources(ctx context.Context) error {
	var from, to []*gis.Resource
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		from, err = gis.Collect(x.src.Resources().List(gctx, nil))
		return err
	})
	g.Go(func() (err error) {
		to, err = gis.Collect(x.dst.Resources().List(gctx, nil))
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	there := map[string]*gis.Resource{}
	for _, r := range to {
		there[r.Name] = r
	}
	step := func(source, target string) Step {
		return Step{Kind: KindResource, Source: x.step.Source + "/" + source, Target: x.step.Target + "/" + target, Title: x.step.Title}
	}
	for _, r := range from {
		name := x.rw.ResourceName(r.Name)
		s, t := step(r.Name, name), there[name]
		if t == nil {
			x.compare(s, "name", name, "no such resource")
			continue
		}
		delete(there, name)
		x.compare(s, "access", string(r.Access), string(t.Access))
		x.leftovers(s, x.lookThrough("resource name", remap.PartDescription, []byte(name)), remap.Report{})
		if err := x.resource(ctx, s, r.Name, name); err != nil {
			return err
		}
	}
	for name := range there {
		x.compare(step(name, name), "name", "no such resource", name)
		part := remap.Resource(name)
		got, err := x.found(ctx, string(part), part, func(ctx context.Context) (*gis.Data, error) { return x.dst.Resources().Open(ctx, name) })
		if err != nil {
			return err
		}
		x.leftovers(step(name, name), got.left, remap.Report{})
	}
	return nil
}

// resource compares the bytes of a resource of the source and of its copy.
func (x *itemCheck) resource(ctx context.Context, s Step, source, target string) error {
	part := remap.Resource(source)
	load := func(ctx context.Context) (*content, error) {
		return x.loader().loadResource(ctx, x.src, x.info, source)
	}
	open := func(ctx context.Context) (*gis.Data, error) { return x.dst.Resources().Open(ctx, target) }
	return x.contents(ctx, s, "bytes", string(part), part, load, open)
}

// nameOfResource is the name that remap.Resource made a part of.
func nameOfResource(part remap.Part) string {
	return strings.TrimPrefix(string(part), string(remap.Resource("")))
}
