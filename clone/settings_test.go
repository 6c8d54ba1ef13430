package clone_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
)

// TestSettingsOfTheOrganizationPointToTheCopies sets the source's settings to what it holds and
// reads the target's by hand.
func TestSettingsOfTheOrganizationPointToTheCopies(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	ctx := t.Context()
	ok(t, p.from.Update(ctx, map[string]any{
		"templatesGroupQuery":        `title:"Field Crews" AND owner:grace_hopper`,
		"galleryTemplatesGroupQuery": "id:" + string(p.other.ID),
		"portalProperties":           map[string]any{"hub": map[string]any{"home": string(p.webmap.ID), "apiKey": "never-to-be-copied"}, "n": 1},
		"defaultBasemap":             map[string]any{"title": "Ours", "baseMapLayers": []any{map[string]any{"id": "a", "itemId": string(p.layer.ID), "layerType": "ArcGISFeatureLayer"}}},
	}))
	ok(t, p.from.Resources().Add(ctx, "home.page.json", gis.AccessPublic, gis.BytesUpload("home.page.json", []byte(`{"group":"`+string(p.group.ID)+`"}`))))
	ok(t, p.from.Content.Categories().SetSchema(ctx, []gis.Category{{Title: "Categories", Categories: []gis.Category{{Title: "Water"}, {Title: "Land"}}}}))

	opts := clone.RunOptions{Journal: p.journal, Options: clone.Options{OrgSettings: true}}
	rep := must[*clone.Report](t)(clone.Run(ctx, p.from, p.to, opts, nil))
	expectClean(t, rep)
	if c := rep.Result.Settings; c.Created+c.Updated != 6 || c.Failed+c.Blocked != 0 {
		t.Errorf("settings: %+v", c)
	}
	items, groups := p.mapping(t, clone.KindItem), p.mapping(t, clone.KindGroup)
	self := must[*gis.Self](t)(p.to.Refresh(ctx))
	var now map[string]json.RawMessage
	ok(t, json.Unmarshal(self.Raw(), &now))
	for name, want := range map[string]string{
		"templatesGroupQuery":        `title:\"Field Crews\" AND owner:grace_hopper`,
		"galleryTemplatesGroupQuery": groups[string(p.other.ID)],
		"portalProperties":           items[string(p.webmap.ID)],
		"defaultBasemap":             items[string(p.layer.ID)],
	} {
		if !strings.Contains(string(now[name]), want) {
			t.Errorf("%s is %s, want one with %s", name, now[name], want)
		}
	}
	if strings.Contains(string(self.Raw()), "never-to-be-copied") {
		t.Error("a secret was copied")
	}
	page := read(t, func() (*gis.Data, error) { return p.to.Resources().Open(ctx, "home.page.json") })
	if page != `{"group":"`+groups[string(p.group.ID)]+`"}` {
		t.Errorf("the page is %s", page)
	}
	schema := must[[]gis.Category](t)(p.to.Content.Categories().Schema(ctx))
	if len(schema) != 1 || len(schema[0].Categories) != 2 || schema[0].Categories[0].Title != "Water" {
		t.Errorf("categories: %+v", schema)
	}
	again := must[*clone.Report](t)(clone.Run(ctx, p.from, p.to, opts, nil))
	expectClean(t, again)
	if c := again.Result.Settings; c.Created+c.Updated != 0 || c.Matched < 6 {
		t.Errorf("settings of a second run: %+v", c)
	}
}

func TestSettingsStayWithoutLeave(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	ok(t, p.from.Update(t.Context(), map[string]any{"templatesGroupQuery": "id:" + string(p.other.ID)}))
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if c := rep.Result.Settings; c != (clone.Counts{}) {
		t.Errorf("settings: %+v", c)
	}
}
