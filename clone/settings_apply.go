package clone

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// stateLimit is the longest former value of a setting that a journal keeps; of a longer one it
// keeps the hash.
const stateLimit = 16 << 10

// applySchemas carries out the settings that items need, before the items.
func (a *applier) applySchemas(ctx context.Context) error {
	return a.applySettings(ctx, "categories", func(s Step) bool { return s.Source == settingSchema })
}

// applyOthers carries out the other settings, when everything that they name is there.
func (a *applier) applyOthers(ctx context.Context) error {
	return a.applySettings(ctx, "settings of the organization", func(s Step) bool { return s.Source != settingSchema })
}

// applySettings carries out settings one after the other: portals keep them in one record.
func (a *applier) applySettings(ctx context.Context, phase string, which func(Step) bool) error {
	var todo []Step
	for _, s := range a.plan.Steps {
		if s.Kind == KindSetting && which(s) && !a.settled(s) {
			todo = append(todo, s)
		}
	}
	if len(todo) == 0 {
		return nil
	}
	a.m.begin(phase, len(todo), 0)
	work, cancel := inFlight(ctx)
	defer cancel()
	c := &settings{src: a.src, dst: a.dst, rw: a.rw, users: a.users.get, group: a.settingGroup}
	for _, s := range todo {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := a.outcome(ctx, s, a.applySetting(work, c, s)); err != nil {
			return err
		}
	}
	return nil
}

// settingGroup returns the title on the target of the group that has title and owner on the
// source.
func (a *applier) settingGroup(title, owner string) string {
	for _, s := range a.plan.Steps {
		if s.Kind != KindGroup || !strings.EqualFold(s.Title, title) || !strings.EqualFold(s.Owner, owner) || a.groups.get(s.Source) == "" {
			continue
		}
		if s.Rename != "" {
			return s.Rename
		}
		return title
	}
	return ""
}

func (a *applier) applySetting(ctx context.Context, c *settings, s Step) error {
	if key, ok := strings.CutPrefix(s.Source, settingResource); ok {
		return a.applyFile(ctx, c, s, key)
	}
	if s.Source == settingSchema {
		return a.applySchema(ctx, c, s)
	}
	f := c.fact(s.Source)
	if f.left != "" {
		return blocked(f.left)
	}
	if err := a.lacks(f.lacks); err != nil {
		return err
	}
	if f.want == f.got {
		return a.finishedSetting(s, false)
	}
	value, err := settingValue(f.want, properties(a.dst.self)[s.Source])
	if err != nil {
		return err
	}
	if err := a.intendSetting(s, f.got); err != nil {
		return err
	}
	if err := a.dst.Portal.Update(ctx, map[string]any{s.Source: value}); err != nil {
		return err
	}
	self, err := a.dst.Self(ctx)
	if err != nil {
		return fmt.Errorf("read the setting back: %w", err)
	}
	a.dst.self = self
	if c.now(s.Source) != f.want {
		return errors.New("the portal took the call and did not change the setting; set it by hand")
	}
	return a.finishedSetting(s, true)
}

// settingValue is a setting as it is sent: a text as it is, anything else as JSON. What it
// holds of secrets on the target stays.
func settingValue(want string, have json.RawMessage) (any, error) {
	if want == "" {
		return "", nil
	}
	value, err := jsonValue([]byte(want))
	if err != nil {
		return nil, fmt.Errorf("the setting is no JSON: %w", err)
	}
	if text, ok := value.(string); ok {
		return text, nil
	}
	if there, err := jsonValue(have); err == nil {
		keepSecrets(value, there)
	}
	return mustJSON(value), nil
}

// jsonValue decodes a document and keeps its numbers as they are written.
func jsonValue(doc []byte) (any, error) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	err := dec.Decode(&v)
	return v, err
}

func (a *applier) applySchema(ctx context.Context, c *settings, s Step) error {
	f, err := c.schema(ctx)
	if err != nil {
		return err
	}
	if f.want == f.got {
		return a.finishedSetting(s, false)
	}
	if err := a.intendSetting(s, f.got); err != nil {
		return err
	}
	if f.want == "" {
		err = a.dst.Content.Categories().DeleteSchema(ctx)
	} else {
		var trees []gis.Category
		if trees, err = a.src.Content.Categories().Schema(ctx); err == nil {
			err = a.dst.Content.Categories().SetSchema(ctx, trees)
		}
	}
	if err != nil {
		return err
	}
	return a.finishedSetting(s, true)
}

func (a *applier) applyFile(ctx context.Context, c *settings, s Step, key string) error {
	f, err := c.file(ctx, a.src, key, true)
	if err != nil {
		return gone(err, "read the file")
	}
	if err := a.lacks(f.lacks); err != nil {
		return err
	}
	for r, err := range a.src.Resources().List(ctx) {
		if err != nil {
			return fmt.Errorf("list the files: %w", err)
		}
		if r.Key == key {
			f.access = r.Access
		}
	}
	before := ""
	switch have, err := c.file(ctx, a.dst, key, false); {
	case err == nil:
		before = fileText("", have.body)
	case !errors.Is(err, gis.ErrNotFound):
		return fmt.Errorf("read the file on the target: %w", err)
	}
	if err := a.intendSetting(s, before); err != nil {
		return err
	}
	if err := a.dst.Resources().Add(ctx, key, f.access, f.upload()); err != nil {
		return err
	}
	return a.finishedSetting(s, true)
}

// intendSetting records what a setting was before it is changed, for who undoes it by hand.
func (a *applier) intendSetting(s Step, before string) error {
	if len(before) > stateLimit {
		before = fmt.Sprintf("%d bytes, SHA-256 %s", len(before), hashOf([]byte(before)))
	}
	return a.j.Append(Entry{Event: EventIntent, Kind: KindSetting, Source: s.Source, Target: s.Source, Action: s.Action, State: before})
}

func (a *applier) finishedSetting(s Step, changed bool) error {
	e := Entry{Kind: KindSetting, Source: s.Source, Target: s.Source, Action: s.Action}
	if !changed {
		e.Action = Match
	}
	if err := a.done(e); err != nil || changed {
		return err
	}
	return errThere
}
