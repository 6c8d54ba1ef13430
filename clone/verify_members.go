package clone

import (
	"context"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

func (c *comparison) compareMember(ctx context.Context, s Step) error {
	if c.v.untouched[fold(s.Target)] {
		return nil // it was there before and keeps its own profile
	}
	src, err := c.v.src.Users.Get(ctx, s.Source)
	if err != nil {
		return err
	}
	dst, err := c.v.dst.Users.Get(ctx, s.Target)
	if err != nil {
		return err
	}
	facts := memberFacts
	if c.v.demoted[fold(s.Source)] {
		facts = slices.DeleteFunc(slices.Clone(facts), func(f fact[*gis.User]) bool { return f.name == "role" })
		c.compare(s, "role", string(gis.RoleUser), string(dst.EffectiveRole()))
	}
	compareFacts(c, s, facts, src, dst)
	return c.compareFiles(ctx, s, "thumbnail", thumbnailOf(src.Thumbnail, src.OpenThumbnail), thumbnailOf(dst.Thumbnail, dst.OpenThumbnail))
}

func (c *comparison) compareGroup(ctx context.Context, s Step) error {
	src, dst := c.v.sourceGroup(s.Source), c.v.targetGroup(s.Target)
	if src == nil || dst == nil {
		c.missing(s)
		return nil
	}
	if c.v.stays(s.Source) {
		c.stayed.Add(1)
		return nil
	}
	facts := slices.DeleteFunc(slices.Clone(groupFacts), func(f fact[*gis.Group]) bool { return f.name == "title" })
	c.compare(s, "title", c.renamed(s, src.group.Title, dst.Title, numbered), dst.Title)
	compareFacts(c, s, facts, src.group, dst)
	if err := c.compareGroupSchema(ctx, s, src.group, dst); err != nil {
		return err
	}
	if err := c.compareItemCategories(ctx, s, src.group); err != nil {
		return err
	}
	c.lookThroughGroup(s, dst)
	to := c.v.targetMembers(s.Target)
	managers, members := c.names(src.members.Admins, src.members.Owner), c.names(src.members.Users, src.members.Owner)
	c.compare(s, "managers", managers, folded(to.Admins, to.Owner))
	c.compare(s, "members", members, folded(to.Users, to.Owner))
	return c.compareFiles(ctx, s, "thumbnail", thumbnailOf(src.group.Thumbnail, src.group.OpenThumbnail), thumbnailOf(dst.Thumbnail, dst.OpenThumbnail))
}

// compareGroupSchema compares the categories that items can have within a group.
func (c *comparison) compareGroupSchema(ctx context.Context, s Step, src, dst *gis.Group) error {
	if !src.HasCategorySchema && !dst.HasCategorySchema {
		return nil
	}
	want, err := src.Categories().Schema(ctx)
	if err != nil {
		return err
	}
	got, err := dst.Categories().Schema(ctx)
	if err != nil {
		return err
	}
	c.compare(s, "categorySchema", string(mustJSON(want)), string(mustJSON(got)))
	return nil
}

// compareItemCategories compares the categories that items have within a group. An item that only
// one side shares with it is a difference of its sharing.
func (c *comparison) compareItemCategories(ctx context.Context, s Step, src *gis.Group) error {
	if !src.HasCategorySchema {
		return nil
	}
	from, err := categoriesWithin(ctx, c.v.src, s.Source)
	if err != nil {
		return err
	}
	to, err := categoriesWithin(ctx, c.v.dst, s.Target)
	if err != nil {
		return err
	}
	for id, it := range from {
		if there := to[c.v.items[id]]; there != nil && !c.v.stays(id) {
			share := Step{Kind: KindShare, Source: id, Target: string(there.ID), Title: it.Title}
			c.compare(share, "groupCategories", set(it.GroupCategories), set(there.GroupCategories))
		}
	}
	return nil
}

// names maps members and leaves the owner out, who is repeated among the managers.
func (c *comparison) names(list []string, owner string) string {
	var out []string
	for _, n := range list {
		switch t := c.v.users[fold(n)]; {
		case strings.EqualFold(n, owner):
		case t != "":
			out = append(out, fold(t))
		case !isSystem(n) && !c.v.absent[objectKey{KindUser, fold(n)}]:
			out = append(out, "the copy of "+fold(n))
		}
	}
	return set(out)
}

func folded(list []string, owner string) string {
	var out []string
	for _, n := range list {
		if !strings.EqualFold(n, owner) {
			out = append(out, fold(n))
		}
	}
	return set(out)
}

func (v *survey) sourceGroup(id string) *censusGroup { return v.from.group(id) }

func (v *survey) targetMembers(id string) *gis.GroupMembers {
	if g := v.to.group(id); g != nil {
		return g.members
	}
	return &gis.GroupMembers{}
}
