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
	step := func(name string) Step {
		return Step{Kind: KindResource, Source: x.step.Source + "/" + name, Target: x.step.Target + "/" + name, Title: x.step.Title}
	}
	for _, r := range from {
		s, t := step(r.Name), there[r.Name]
		if t == nil {
			x.compare(s, "name", r.Name, "no such resource")
			continue
		}
		delete(there, r.Name)
		x.compare(s, "access", string(r.Access), string(t.Access))
		if err := x.resource(ctx, s, r.Name); err != nil {
			return err
		}
	}
	for name := range there {
		x.compare(step(name), "name", "no such resource", name)
		part := remap.Resource(name)
		got, err := x.found(ctx, string(part), part, func(ctx context.Context) (*gis.Data, error) { return x.dst.Resources().Open(ctx, name) })
		if err != nil {
			return err
		}
		x.leftovers(step(name), got.left, remap.Report{})
	}
	return nil
}

func (x *itemCheck) resource(ctx context.Context, s Step, name string) error {
	part := remap.Resource(name)
	load := func(ctx context.Context) (*content, error) { return x.loader().loadResource(ctx, x.src, x.info, name) }
	open := func(ctx context.Context) (*gis.Data, error) { return x.dst.Resources().Open(ctx, name) }
	return x.contents(ctx, s, "bytes", string(part), part, load, open)
}

// nameOfResource is the name that remap.Resource made a part of.
func nameOfResource(part remap.Part) string {
	return strings.TrimPrefix(string(part), string(remap.Resource("")))
}
