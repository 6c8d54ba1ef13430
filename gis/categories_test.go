package gis_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

const someTrees = `[{"title":"Categories","description":"","source":{"id":"x"},"categories":[{"title":"Water","description":"wet","categories":[{"title":"Rivers","categories":[]}]},{"title":"Land, use","categories":[]}]}]`

func TestCategories(t *testing.T) {
	t.Parallel()
	reads := func(at func(*gis.Portal) *gis.Categories) func(context.Context, *gis.Portal) error {
		return func(ctx context.Context, p *gis.Portal) error {
			trees, err := at(p).Schema(ctx)
			if err == nil && (len(trees) != 1 || trees[0].Categories[1].Title != "Land, use") {
				t.Errorf("read %v", trees)
			}
			return err
		}
	}
	writes := func(at func(*gis.Portal) *gis.Categories) func(context.Context, *gis.Portal) error {
		return func(ctx context.Context, p *gis.Portal) error {
			return at(p).SetSchema(ctx, []gis.Category{{Title: "Categories", Categories: []gis.Category{{Title: "Water", Description: "wet"}}}})
		}
	}
	deletes := func(at func(*gis.Portal) *gis.Categories) func(context.Context, *gis.Portal) error {
		return func(ctx context.Context, p *gis.Portal) error { return at(p).DeleteSchema(ctx) }
	}
	const stored = `[{"categories":[{"categories":[],"description":"wet","title":"Water"}],"title":"Categories"}]}`
	var calls []call
	for _, s := range []struct {
		name, base, key, assign, remove string
		at                              func(*gis.Portal) *gis.Categories
	}{
		{"organization", "portals/self/", "categorySchema", "assignCategorySchema", "deleteCategorySchema", func(p *gis.Portal) *gis.Categories { return p.Content.Categories() }},
		{"members", "portals/self/", "memberCategorySchema", "assignMemberCategorySchema", "deleteMemberCategorySchema", func(p *gis.Portal) *gis.Categories { return p.Users.Categories() }},
		{"group", "community/groups/g1/", "categorySchema", "assignCategorySchema", "deleteCategorySchema", func(p *gis.Portal) *gis.Categories { return p.Groups.Handle("g1").Categories() }},
	} {
		calls = append(calls,
			call{name: s.name + " read", op: "GET " + s.base + s.key, answer: `{"` + s.key + `":` + someTrees + `}`, do: reads(s.at)},
			call{name: s.name + " assign", op: "POST " + s.base + s.assign, answer: success, want: s.key + `={"` + s.key + `":` + stored, do: writes(s.at)},
			call{name: s.name + " delete", op: "POST " + s.base + s.remove, answer: success, do: deletes(s.at)})
	}
	rows := `{"results":[{"itemId":"` + itemA + `","success":true}]}`
	paths := map[esri.ItemID][]string{itemA: {"/Categories/Land, use"}}
	calls = append(calls,
		call{name: "UpdateCategories", op: "POST content/updateItems", answer: rows, want: `items=[{"` + itemA + `":{"categories":["/Categories/Land, use"]}}]`,
			do: func(ctx context.Context, p *gis.Portal) error { return p.Content.UpdateCategories(ctx, paths) }},
		call{name: "UpdateItems", op: "POST content/updateItems", answer: rows, want: `items=[{"` + itemA + `":{"snippet":"s","tags":["a"]}}]`,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Content.UpdateItems(ctx, map[esri.ItemID]map[string]any{itemA: {"tags": []string{"a"}, "snippet": "s"}})
			}},
		call{name: "in a group", op: "POST content/groups/g1/updateCategories", answer: rows, want: `items=[{"` + itemA + `":[]}]`,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Groups.Handle("g1").UpdateCategories(ctx, map[esri.ItemID][]string{itemA: nil})
			}},
		call{name: "SetContentStatus", op: "POST content/items/" + itemA + "/setContentStatus", answer: success, want: "status=deprecated&clearEmptyFields=true",
			do: onItem(func(ctx context.Context, it *gis.Item) error { return it.SetContentStatus(ctx, gis.Deprecated) })},
	)
	runCalls(t, calls)
}

// A schema is stored as it was read, with what the SDK does not know.
func TestCategoriesSurviveARoundTrip(t *testing.T) {
	t.Parallel()
	var trees []gis.Category
	ok(t, json.Unmarshal([]byte(someTrees), &trees))
	got := must(json.Marshal(trees))(t)
	var before, after any
	ok(t, json.Unmarshal([]byte(someTrees), &before))
	ok(t, json.Unmarshal(got, &after))
	before.([]any)[0].(map[string]any)["description"] = "x" // an empty description is as good as none
	after.([]any)[0].(map[string]any)["description"] = "x"
	if a, b := must(json.Marshal(before))(t), must(json.Marshal(after))(t); string(a) != string(b) {
		t.Errorf("read %s\nwrote %s", a, b)
	}
	want := []string{"/Categories", "/Categories/Water", "/Categories/Water/Rivers", "/Categories/Land, use"}
	if paths := slices.Collect(gis.CategoryPaths(trees)); !slices.Equal(paths, want) {
		t.Errorf("paths %v", paths)
	}
	for range gis.CategoryPaths(trees) {
		break // a loop may end early
	}
}

// More items than a call takes go in several, and each refusal names its item.
func TestUpdateCategoriesOfManyItems(t *testing.T) {
	t.Parallel()
	p, f := setup(t, map[string]string{"POST content/updateItems": `{"results":[]}`})
	categories := map[esri.ItemID][]string{}
	for range 150 {
		categories[esri.ItemID(esri.NewID())] = nil
	}
	err := p.Content.UpdateCategories(t.Context(), categories)
	b, is := err.(*gis.BatchError)
	if !is || len(b.Failed) != 150 || len(f.of("POST content/updateItems")) != 2 {
		t.Errorf("%d requests, %v", len(f.of("POST content/updateItems")), err)
	}
}
