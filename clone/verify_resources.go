package clone

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

func (c *comparison) compareResources(ctx context.Context, s Step, src, dst *gis.Item) error {
	from, err := gis.Collect(src.Resources().List(ctx, nil))
	if err != nil {
		return err
	}
	to, err := gis.Collect(dst.Resources().List(ctx, nil))
	if err != nil {
		return err
	}
	there := map[string]*gis.Resource{}
	for _, r := range to {
		there[r.Name] = r
	}
	for _, r := range from {
		rs := Step{Kind: KindResource, Source: s.Source + "/" + r.Name, Target: s.Target + "/" + r.Name, Title: s.Title}
		t := there[r.Name]
		if t == nil {
			c.compare(rs, "name", r.Name, "no such resource")
			continue
		}
		delete(there, r.Name)
		c.compare(rs, "access", string(r.Access), string(t.Access))
		if err := c.compareResource(ctx, rs, r.Name, src, dst); err != nil {
			return err
		}
	}
	for name := range there {
		c.compare(Step{Kind: KindResource, Source: s.Source + "/" + name, Target: s.Target + "/" + name, Title: s.Title}, "name", "no such resource", name)
	}
	return nil
}

func (c *comparison) compareResource(ctx context.Context, s Step, name string, src, dst *gis.Item) error {
	info, err := infoOf(ctx, c.v.dst, src, dst.Owner)
	if err != nil {
		return err
	}
	want, err := c.loader().loadResource(ctx, src, info, name)
	if err != nil {
		return err
	}
	defer want.Close()
	to, err := dst.Resources().Open(ctx, name)
	if err != nil {
		return err
	}
	defer to.Close()
	item, _, _ := strings.Cut(s.Source, "/")
	return c.compareContent(ctx, s, reference{item, "resources/" + name}, "bytes", want, to)
}
