package clone

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/clone/remap"
)

// settingFacts compares every setting of the organization that names groups or items. It reads
// both portals.
func (v *survey) settingFacts(ctx context.Context, rw *remap.Rewriter) ([]settingFact, error) {
	c := &settings{
		src: v.src, dst: v.dst, rw: rw,
		users: func(name string) string { return v.users[fold(name)] },
		group: v.settingGroup,
	}
	return c.all(ctx)
}

// all compares every setting, schema first and files last.
func (c *settings) all(ctx context.Context) ([]settingFact, error) {
	schema, err := c.schema(ctx)
	if err != nil {
		return nil, err
	}
	out := []settingFact{schema}
	for _, name := range c.names() {
		out = append(out, c.fact(name))
	}
	files, err := c.files(ctx)
	return append(out, files...), err
}

// settingGroup returns the title on the target of the group that has title and owner on the
// source.
func (v *survey) settingGroup(title, owner string) string {
	for _, g := range v.from.groups {
		if strings.EqualFold(g.group.Title, title) && strings.EqualFold(g.group.Owner, owner) {
			if t := v.targetGroup(v.groups[string(g.group.ID)]); t != nil {
				return t.Title
			}
		}
	}
	return ""
}

// releaseGroups lets the groups of people that the source's settings name be copied, where the
// settings are copied too. Groups that the target's software made alike stay the portal's own.
func (v *survey) releaseGroups() {
	if !v.opts.OrgSettings {
		return
	}
	for _, g := range v.from.groups {
		if len(g.settings) > 0 && !isSystem(g.group.Owner) && !v.madeAlike(g) {
			g.settings = nil
		}
	}
}

// madeAlike reports whether the target has a group of its own like g, which is no copy.
func (v *survey) madeAlike(g *censusGroup) bool {
	for _, t := range v.to.groups {
		_, marked := readMarker(t.group.Properties)
		if !marked && len(t.settings) > 0 && strings.EqualFold(t.group.Title, g.group.Title) {
			return true
		}
	}
	return false
}

// planSettings adds the steps of the settings of the organization.
func (v *survey) planSettings(ctx context.Context) error {
	steps, err := v.settingSteps(ctx)
	for _, s := range steps {
		v.step(s)
	}
	return err
}

// settingSteps plans the settings of the organization: one step for each that names groups or
// items, or is a file of its website. Those that are equal on both sides are matched.
func (v *survey) settingSteps(ctx context.Context) ([]Step, error) {
	if !v.opts.OrgSettings {
		return nil, nil
	}
	rw, err := v.rewriter(nil, nil)
	if err != nil {
		return nil, err
	}
	facts, err := v.settingFacts(ctx, rw)
	if err != nil {
		return nil, err
	}
	var out []Step
	for _, f := range facts {
		s := Step{Kind: KindSetting, Action: Update, Source: f.name, Target: f.name, Title: f.name}
		switch {
		case f.left != "":
			s.Action, s.Target, s.Reason = Skip, "", f.left
		case f.want == "" && f.got == "":
			continue
		case f.want == f.got && len(f.lacks) == 0:
			s.Action = Match
		case f.got == "":
			s.Action, s.Target = Create, ""
		}
		out = append(out, s)
	}
	return out, nil
}
