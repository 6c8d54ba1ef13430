package gis

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Categories is a schema of categories: that of the organization's items, of a group's items
// or of the members. Its trees are replaced as a whole.
//
// py: arcgis.gis.CategorySchemaManager
type Categories struct {
	p        *Portal
	base     string // pattern of what the schema belongs to
	args     []string
	read     string // operations below base
	assign   string
	remove   string
	document string // name of the document and of the parameter that carries it
}

// Categories is the schema of the categories that items of the organization can have. It
// sends nothing.
//
// py: arcgis.gis.ContentManager.categories
func (c *Content) Categories() *Categories { return itemCategories(c.p, "portals/self") }

// Categories is the schema of the categories that the group's items can have within the
// group. It sends nothing.
//
// py: arcgis.gis.Group.categories
func (g *Group) Categories() *Categories {
	return itemCategories(g.p, "community/groups/{id}", string(g.ID))
}

// Categories is the schema of the categories that members can have. It sends nothing.
func (u *Users) Categories() *Categories {
	return &Categories{u.p, "portals/self", nil, "memberCategorySchema", "assignMemberCategorySchema", "deleteMemberCategorySchema", "memberCategorySchema"}
}

func itemCategories(p *Portal, base string, args ...string) *Categories {
	return &Categories{p, base, args, "categorySchema", "assignCategorySchema", "deleteCategorySchema", "categorySchema"}
}

// Category is a category with those below it. The outermost ones are the roots of trees,
// by convention one with the title Categories.
type Category struct {
	Title       string
	Description string
	Categories  []Category
	// Extra holds the members that the SDK has no field for. They are kept where a schema is
	// read and stored again.
	Extra map[string]json.RawMessage
}

// UnmarshalJSON reads a category and keeps all of it.
func (c *Category) UnmarshalJSON(b []byte) error {
	*c = Category{}
	if err := json.Unmarshal(b, &c.Extra); err != nil {
		return err
	}
	for name, at := range map[string]any{"title": &c.Title, "description": &c.Description, "categories": &c.Categories} {
		raw, there := c.Extra[name]
		if !there {
			continue
		}
		if err := decode(raw, at); err != nil {
			return err
		}
		delete(c.Extra, name)
	}
	if len(c.Extra) == 0 {
		c.Extra = nil
	}
	return nil
}

// MarshalJSON writes a category as portals do: categories is always there.
func (c Category) MarshalJSON() ([]byte, error) {
	out := map[string]any{}
	for name, raw := range c.Extra {
		out[name] = raw
	}
	out["title"], out["categories"] = c.Title, append([]Category{}, c.Categories...)
	if c.Description != "" {
		out["description"] = c.Description
	}
	return json.Marshal(out)
}

// CategoryPaths yields the path of every category of a schema, each before those below it:
// /Categories, /Categories/Water. Such a path is what items carry.
func CategoryPaths(schema []Category) iter.Seq[string] {
	return func(yield func(string) bool) { walkCategories("", schema, yield) }
}

func walkCategories(above string, list []Category, yield func(string) bool) bool {
	for _, c := range list {
		path := above + "/" + c.Title
		if !yield(path) || !walkCategories(path, c.Categories, yield) {
			return false
		}
	}
	return true
}

func (c *Categories) request(kind func(string, ...string) *wire.Request, verb string) *wire.Request {
	return kind(c.base+"/"+verb, c.args...)
}

// Schema reads the trees. What has no schema has none.
//
// rest: GET portals/self/categorySchema
// rest: GET portals/self/memberCategorySchema
// rest: GET community/groups/{id}/categorySchema
// py: arcgis.gis.CategorySchemaManager.schema
// py: arcgis.gis.CategorySchemaManager.properties
func (c *Categories) Schema(ctx context.Context) ([]Category, error) {
	var answer map[string]json.RawMessage
	if err := c.p.do(ctx, c.request(wire.Read, c.read), &answer); err != nil {
		return nil, err
	}
	var trees []Category
	raw := answer[c.document]
	if len(raw) == 0 {
		return nil, nil
	}
	if err := decode(raw, &trees); err != nil {
		return nil, err
	}
	return trees, nil
}

// SetSchema replaces the trees. Those of the organization are for who holds
// portal:admin:updateItemCategorySchema, those of members for who holds
// portal:admin:updateMemberCategorySchema, those of a group for its owner and managers. A
// group takes at most 5 trees of 4 levels with 200 categories, titles shorter than 100 and
// descriptions shorter than 300 characters. Items keep categories that the schema drops.
//
// rest: POST portals/self/assignCategorySchema
// rest: POST portals/self/assignMemberCategorySchema
// rest: POST community/groups/{id}/assignCategorySchema
// py: arcgis.gis.CategorySchemaManager.schema
func (c *Categories) SetSchema(ctx context.Context, schema []Category) error {
	doc := map[string][]Category{c.document: append([]Category{}, schema...)}
	return c.p.do(ctx, c.request(wire.Write, c.assign).JSON(c.document, doc), nil)
}

// DeleteSchema removes all trees.
//
// rest: POST portals/self/deleteCategorySchema
// rest: POST portals/self/deleteMemberCategorySchema
// rest: POST community/groups/{id}/deleteCategorySchema
// py: arcgis.gis.CategorySchemaManager.delete
func (c *Categories) DeleteSchema(ctx context.Context) error {
	return c.p.do(ctx, c.request(wire.Write, c.remove), nil)
}

// UpdateItems changes properties of several items, each by its own: item to properties by
// their names in the REST API, such as categories, an array of paths. The owner may, and who
// holds portal:admin:updateItems. Refusals are in the returned [BatchError].
//
// rest: POST content/updateItems
// py: arcgis.gis.ContentManager.bulk_update
func (c *Content) UpdateItems(ctx context.Context, properties map[esri.ItemID]map[string]any) error {
	return updateEach(ctx, c.p, properties, "content/updateItems")
}

// UpdateCategories replaces the categories of items, as full paths such as
// /Categories/Water; none clears them. An item takes at most 20 on most portals. The owner
// may, and who holds portal:admin:updateItems. Refusals are in the returned [BatchError].
//
// rest: POST content/updateItems
// py: arcgis.gis.CategorySchemaManager.assign_to_items
func (c *Content) UpdateCategories(ctx context.Context, categories map[esri.ItemID][]string) error {
	properties := make(map[esri.ItemID]map[string]any, len(categories))
	for id, paths := range categories {
		properties[id] = map[string]any{"categories": append([]string{}, paths...)}
	}
	return updateEach(ctx, c.p, properties, "content/updateItems")
}

// UpdateCategories replaces the categories that items have within the group, which are other
// ones than those of [Item.Categories]. Owner and managers of the group may. Refusals are in
// the returned [BatchError].
//
// rest: POST content/groups/{id}/updateCategories
// py: arcgis.gis.CategorySchemaManager.assign_to_items
func (g *Group) UpdateCategories(ctx context.Context, categories map[esri.ItemID][]string) error {
	// Here an item's id stands for its categories alone, unlike in content/updateItems.
	lists := make(map[esri.ItemID][]string, len(categories))
	for id, paths := range categories {
		lists[id] = append([]string{}, paths...)
	}
	return updateEach(ctx, g.p, lists, "content/groups/{id}/updateCategories", string(g.ID))
}

// categoryPaths filters a search by categories: as a list, or where a path holds a comma, which
// a list cannot carry, as a JSON array.
func categoryPaths(r *wire.Request, paths []string) {
	if slices.ContainsFunc(paths, func(p string) bool { return strings.Contains(p, ",") }) {
		r.JSON("categories", paths)
		return
	}
	r.List("categories", paths)
}

// updateEach sends a change for each item, in the order of the ids.
func updateEach[V any](ctx context.Context, p *Portal, changes map[esri.ItemID]V, pattern string, args ...string) error {
	ids := strs(slices.Sorted(maps.Keys(changes)))
	return inChunks(ctx, "POST "+pattern, ids, maxItemsPerCall, func(b *batch, chunk []string) error {
		items := make([]map[string]V, len(chunk))
		for i, id := range chunk {
			items[i] = map[string]V{id: changes[esri.ItemID(id)]}
		}
		var answer itemRows
		if err := p.do(ctx, wire.Write(pattern, args...).JSON("items", items), &answer); err != nil {
			return err
		}
		answer.verdict(b, chunk)
		return nil
	})
}
