package rest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// schema is a schema of categories with one tree and these titles in it.
func schema(key string, titles ...string) string {
	list := []map[string]any{}
	for _, title := range titles {
		list = append(list, map[string]any{"title": title, "description": "of " + title, "categories": []any{}})
	}
	b, _ := json.Marshal(map[string]any{key: []any{map[string]any{"title": "Categories", "categories": list, "kept": 1}}})
	return string(b)
}

func TestCategorySchemas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "eve")
	w.custom("curator", "portal:admin:updateItemCategorySchema")
	w.custom("registrar", "portal:admin:updateMemberCategorySchema")
	g := w.newGroup("ada", "Maps")
	w.join("ada", g, "bob", "+eve")
	for _, s := range []struct{ base, read, assign, remove, key, may, mayNot, reader, flag string }{
		{"portals/self", "categorySchema", "assignCategorySchema", "deleteCategorySchema", "categorySchema", "curator", "registrar", "", "hasCategorySchema"},
		{"portals/self", "memberCategorySchema", "assignMemberCategorySchema", "deleteMemberCategorySchema", "memberCategorySchema", "registrar", "curator", "", "hasMemberCategorySchema"},
		{"community/groups/" + g, "categorySchema", "assignCategorySchema", "deleteCategorySchema", "categorySchema", "eve", "bob", "bob", "hasCategorySchema"},
	} {
		read := func() any { return at(w.ok(s.reader, s.base+"/"+s.read), s.key) }
		flag := func() any { return w.ok(s.reader, s.base)[s.flag] }
		equal(t, "before", []any{read(), flag()}, []any{[]any{}, false})
		w.fails(403, noPermission, s.mayNot, s.base+"/"+s.assign, s.key, schema(s.key, "Water"))
		w.fails(403, noPermission, s.mayNot, s.base+"/"+s.remove)
		equal(t, "assigned", w.ok(s.may, s.base+"/"+s.assign, s.key, schema(s.key, "Water", "Land, use")), map[string]any{"success": true})
		equal(t, "kept as it came", []any{at(read(), 0, "kept"), each(read(), "title", 0, "categories"), at(read(), 0, "categories", 1, "description"), flag()},
			[]any{1, []string{"Water", "Land, use"}, "of Land, use", true})
		w.ok(s.may, s.base+"/"+s.assign, s.key, `[{'title': 'Categories', 'categories': []}]`) // the bare list, as Python prints it
		equal(t, "replaced", read(), []any{map[string]any{"title": "Categories", "categories": []any{}}})
		equal(t, "removed", w.ok(s.may, s.base+"/"+s.remove), map[string]any{"success": true})
		w.ok(s.may, s.base+"/"+s.remove)
		equal(t, "after", []any{read(), flag()}, []any{[]any{}, false})
	}
	w.fails(499, "Token Required", "", "portals/self/assignCategorySchema", "categorySchema", schema("categorySchema", "Water"))
	w.fails(400, "Organization does not exist", "admin", "portals/nobody/deleteCategorySchema")
	w.fails(400, "'categorySchema' must be specified", "admin", "portals/self/assignCategorySchema")
}

func TestCategorySchemaLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	g := w.newGroup("ada", "Maps")
	many := func(n int) string {
		titles := make([]string, n)
		for i := range titles {
			titles[i] = fmt.Sprint("Title ", i)
		}
		return schema("categorySchema", titles...)
	}
	deep := func(levels int) string {
		return `{"categorySchema":[` + strings.Repeat(`{"title":"A","categories":[`, levels) + strings.Repeat("]}", levels) + "]}"
	}
	assign := "community/groups/" + g + "/assignCategorySchema"
	for _, fine := range []string{many(200), deep(4), `{"categorySchema":[]}`, schema("categorySchema", strings.Repeat("ü", 99)), `[{"title":"1"},{"title":"2"},{"title":"3"},{"title":"4"},{"title":"5","categories":null}]`} {
		w.ok("ada", assign, "categorySchema", fine)
	}
	for text, bad := range map[string]string{
		"at most 200": many(201), "at most 4 levels": deep(5), "less than 100": schema("categorySchema", strings.Repeat("ü", 100)),
		"less than 300": `[{"title":"A","description":"` + strings.Repeat("d", 300) + `"}]`, "two categories of the path '/Categories/a'": schema("categorySchema", "A", "a"),
		"without slashes": schema("categorySchema", "A/B"), "needs a title": `[{"title":" "}]`, "at most 5 trees": `[{"title":"1"},{"title":"2"},{"title":"3"},{"title":"4"},{"title":"5"},{"title":"6"}]`,
		"must have the form": `{"categories":[]}`, "must be an array": `{"categorySchema":[1]}`, "must be a JSON object": `{"categorySchema":`,
	} {
		w.fails(400, text, "ada", assign, "categorySchema", bad)
	}
	w.ok("admin", "portals/self/assignCategorySchema", "categorySchema", many(900))
	w.fails(400, "at most 1000", "admin", "portals/self/assignCategorySchema", "categorySchema", many(1001))
}

func TestUpdateItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	mine, theirs := w.add("ada", "categories", "/Categories/Old"), w.add("bob")
	w.ok("bob", own("bob", theirs, "share"), "everyone", "true")
	items, _ := json.Marshal([]any{
		map[string]any{mine: map[string]any{"categories": []string{"/Categories/Land, use", "/Categories/Water"}, "tags": []string{"t"}, "snippet": "s"}},
		map[string]any{theirs: map[string]any{"categories": []string{"/Categories/Water"}}},
		map[string]any{nowhere: map[string]any{"categories": []string{}}},
	})
	doc := w.ok("ada", "content/updateItems", "items", string(items))
	equal(t, "rows", []any{each(doc, "itemId", "results"), at(doc, "results", 0), at(doc, "results", 1, "success"), at(doc, "results", 1, "error", "code"), at(doc, "results", 2, "error", "messageCode")},
		[]any{[]string{mine, theirs, nowhere}, map[string]any{"itemId": mine, "success": true}, false, 403, "CONT_0001"})
	it := w.item("ada", mine)
	equal(t, "item", []any{it["categories"], it["tags"], it["snippet"]}, []any{[]string{"/Categories/Land, use", "/Categories/Water"}, []string{"t"}, "s"})
	equal(t, "of others", w.item("bob", theirs)["categories"], []any{})
	one := func(id, properties string) map[string]any {
		return w.ok("ada", "content/updateItems", "items", `[{"`+id+`":`+properties+`}]`)
	}
	one(mine, `{"categories":[]}`)
	equal(t, "cleared", w.item("ada", mine)["categories"], []any{})
	twenty, _ := json.Marshal(slices.Repeat([]string{"/Categories/A"}, 21))
	equal(t, "too many categories", str(one(mine, `{"categories":`+string(twenty)+`}`), "results", 0, "error", "message"), "Item exceeds max size of 20 categories.")
	for properties, text := range map[string]string{
		`{"url":"https://x"}`: "not supported", `{"tags":5}`: "'tags'", `{"title":" "}`: "'title'", `{"contentStatus":"deprecated"}`: "portal:admin:updateItems",
	} {
		b, _ := json.Marshal(one(mine, properties))
		if !strings.Contains(string(b), text) || strings.Contains(string(b), `"success":true`) {
			t.Errorf("%s: %s", properties, b)
		}
	}
	w.ok("admin", "content/updateItems", "items", `[{"`+mine+`":{"categories":"/Categories/A, B,/Categories/C"}}]`)
	equal(t, "by an administrator, as a text", w.item("ada", mine)["categories"], []string{"/Categories/A, B", "/Categories/C"})
	hundred := make([]string, 101)
	for i := range hundred {
		hundred[i] = fmt.Sprintf(`{"%032x":{"categories":[]}}`, i)
	}
	w.fails(400, "at most 100", "ada", "content/updateItems", "items", "["+strings.Join(hundred, ",")+"]")
	w.fails(400, "'items'", "ada", "content/updateItems", "items", "{}")
	w.fails(400, "'items' must be specified", "ada", "content/updateItems", "items", "[]")
	w.fails(499, "Token Required", "", "content/updateItems", "items", string(items))
}

func TestGroupCategories(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "eve")
	g, other := w.newGroup("ada", "Maps"), w.newGroup("ada", "Others")
	w.join("ada", g, "+bob", "eve")
	id, outside := w.add("ada", "title", "In", "categories", "/Categories/Org"), w.add("ada", "title", "Out")
	for _, group := range []string{g, other} {
		w.ok("ada", own("ada", id, "share"), "groups", group)
	}
	items := `[{"` + id + `":["/Categories/Größe/A","/Categories/B"]},{"` + outside + `":{"categories":["/Categories/B"]}}]`
	update := "content/groups/" + g + "/updateCategories"
	w.fails(403, noPermission, "eve", update, "items", items)
	w.fails(499, "Token Required", "", "content/groups/"+w.ownedPublicGroup("ada")+"/updateCategories", "items", items)
	doc := w.ok("bob", update, "items", items)
	equal(t, "rows", []any{at(doc, "results", 0, "success"), at(doc, "results", 1, "success"), at(doc, "results", 1, "error", "messageCode")}, []any{true, false, "CONT_0001"})
	row := at(w.ok("eve", "content/groups/"+g+"/search"), "results", 0)
	equal(t, "in the group", []any{at(row, "groupCategories"), at(row, "categories")}, []any{[]string{"/Categories/Größe/A", "/Categories/B"}, []string{"/Categories/Org"}})
	equal(t, "in its list", at(w.ok("eve", "content/groups/"+g), "items", 0, "groupCategories"), []string{"/Categories/Größe/A", "/Categories/B"})
	equal(t, "in another group", at(w.ok("ada", "content/groups/"+other+"/search"), "results", 0, "groupCategories"), []any{})
	found := func(path string, kv ...string) int { return num(w.ok("eve", path, kv...), "total") }
	for _, tt := range []struct {
		path string
		kv   []string
		want int
	}{
		{"content/groups/" + g + "/search", []string{"categories", "/categories/größe"}, 1},
		{"content/groups/" + g + "/search", []string{"categories", `["/Categories/B","/Categories/X"]`}, 1},
		{"content/groups/" + g + "/search", []string{"categories", "/Categories/B", "categories", "/Categories/X"}, 0},
		{"content/groups/" + g + "/search", []string{"categories", "/Categories/Org"}, 0},
		{"content/groups/" + g + "/search", []string{"categoryFilters", "größe"}, 1},
		{"search", []string{"categories", "/Categories/Org"}, 1},
		{"search", []string{"categories", `"/Categories/Org"`}, 1},
		{"search", []string{"q", "In", "categories", "/Categories"}, 1},
		{"search", []string{"q", "Out", "categories", "/Categories"}, 0},
		{"search", []string{"categories", "/Categories/B"}, 0},
		{"search", []string{"q", "In", "categoryFilters", "org"}, 1},
	} {
		if got := found(tt.path, tt.kv...); got != tt.want {
			t.Errorf("%s %v: %d, want %d", tt.path, tt.kv, got, tt.want)
		}
	}
	bad := w.ok("ada", update, "items", `[{"`+id+`":{"tags":["x"]}}]`)
	equal(t, "other properties", at(bad, "results", 0, "success"), false)
}

// ownedPublicGroup makes a group that everybody sees.
func (w *world) ownedPublicGroup(as string) string {
	w.t.Helper()
	g := w.newGroup(as, "Public of "+as)
	w.ok(as, "community/groups/"+g+"/update", "access", "public")
	return g
}

func TestContentStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	w.custom("curator", "portal:admin:updateItems", "portal:admin:viewItems")
	id := w.add("ada", "title", "Heron")
	set := "content/items/" + id + "/setContentStatus"
	w.fails(403, "portal:admin:updateItems", "ada", set, "status", "deprecated")
	w.fails(400, noItem, "bob", set, "status", "deprecated")
	w.fails(499, "Token Required", "", set, "status", "deprecated")
	equal(t, "answer", w.ok("curator", set, "status", "deprecated"), map[string]any{"success": true, "itemId": id})
	state := func() []any { it := w.item("ada", id); return []any{it["contentStatus"], it["protected"]} }
	equal(t, "deprecated", state(), []any{"deprecated", false})
	equal(t, "found", w.find("ada", "contentstatus:deprecated"), []string{"Heron"})
	// The Python client sends it by GET.
	if res, b := w.fetch("admin", set+"?status=authoritative&clearEmptyFields=False"); res.StatusCode != 200 || !strings.Contains(string(b), `"success":true`) {
		t.Errorf("by GET: %s", b)
	}
	equal(t, "authoritative", state(), []any{"org_authoritative", true})
	w.fails(400, "Delete protection is turned on", "ada", own("ada", id, "delete"))
	w.fails(400, "'status'", "admin", set, "status", "")
	w.fails(400, "'contentStatus'", "admin", set, "status", "shiny")
	w.ok("admin", set, "status", "None", "clearEmptyFields", "True")
	equal(t, "cleared, still protected", state(), []any{"", true})
	counts := w.ok("ada", "search", "q", "heron", "countFields", "contentstatus")
	equal(t, "none counted", at(counts, "aggregations", "counts", 0, "fieldValues"), []any{})
}
