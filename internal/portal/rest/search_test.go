package rest_test

import (
	"fmt"
	"slices"
	"testing"
)

func (w *world) find(as, q string, kv ...string) []string {
	w.t.Helper()
	doc := w.ok(as, "search", append([]string{"q", q, "num", "100", "sortField", "title"}, kv...)...)
	return each(doc, "title", "results")
}

func TestSearchShowsWhatOneMaySee(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "carl")
	w.custom("narrow", "portal:user:createItem")
	w.custom("looker", "portal:admin:viewItems")
	g := w.newGroup("ada", "G", "access", "private")
	w.join("ada", g, "bob", "narrow")
	for title, share := range map[string][]string{
		"private": nil, "grouped": {"groups", g}, "org": {"org", "true"}, "public": {"everyone", "true"}, "both": {"org", "true", "groups", g},
	} {
		id := w.add("ada", "title", title, "tags", "zebra")
		if share != nil {
			w.ok("ada", own("ada", id, "share"), share...)
		}
	}
	for who, want := range map[string][]string{
		"": {"public"}, "carl": {"both", "org", "public"}, "bob": {"both", "grouped", "org", "public"}, "narrow": {"both", "grouped", "public"},
		"ada": {"both", "grouped", "org", "private", "public"}, "admin": {"both", "grouped", "org", "private", "public"},
		"looker": {"both", "grouped", "org", "private", "public"},
	} {
		equal(t, "seen by "+who, w.find(who, "tags:zebra"), want)
		doc := w.ok(who, "search", "q", "tags:zebra", "num", "0", "countFields", "access")
		equal(t, "counted for "+who, num(doc, "total"), len(want))
		counted := 0
		for i := range 4 {
			counted += num(doc, "aggregations", "counts", 0, "fieldValues", i, "count")
		}
		equal(t, "aggregated for "+who, counted, len(want))
	}
	equal(t, "a group that one is not in", w.find("carl", "group:"+g), []string{})
	equal(t, "a group that one is in", w.find("bob", "group:"+g), []string{"both", "grouped"})
	equal(t, "its content", each(w.ok("bob", "content/groups/"+g, "sortField", "title"), "title", "items"), []string{"both", "grouped"})
	w.fails(400, "Group does not exist", "carl", "content/groups/"+g)
	w.fails(400, "Group does not exist", "", "content/groups/"+g+"/search", "q", "zebra")
	equal(t, "reached through groups", w.find("bob", "tags:zebra", "searchUserAccess", "groupMember"), []string{"both", "grouped"})
	equal(t, "none", w.find("carl", "tags:zebra", "searchUserAccess", "groupMember", "searchUserName", "carl"), []string{})
	equal(t, "as an administrator", w.find("admin", "tags:zebra", "searchUserAccess", "groupMember", "searchUserName", "bob"), []string{"both", "grouped"})
	w.fails(403, noPermission, "carl", "search", "q", "zebra", "searchUserAccess", "groupMember", "searchUserName", "bob")
	w.fails(499, "Token Required", "", "search", "q", "zebra", "searchUserAccess", "groupMember")
	w.fails(400, "searchUserAccess", "bob", "search", "q", "zebra", "searchUserAccess", "friend")
}

func TestSearchResults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	for i := range 12 {
		w.add("ada", "title", fmt.Sprintf("Item %02d", i), "tags", "heron", "extent", fmt.Sprintf("%d,0,%d,1", i*10, i*10+5))
	}
	doc := w.ok("ada", "search", "q", "tags:heron", "sortField", "TITLE", "sortOrder", "desc", "num", "5", "start", "11")
	equal(t, "page", []any{each(doc, "title", "results"), num(doc, "total"), num(doc, "start"), num(doc, "num"), num(doc, "nextStart"), str(doc, "query")},
		[]any{[]string{"Item 01", "Item 00"}, 12, 11, 5, -1, "tags:heron"})
	row := at(doc, "results", 0).(map[string]any)
	if _, has := row["protected"]; has || row["ownerFolder"] != nil || row["itemControl"] != "admin" {
		t.Errorf("row %v", row)
	}
	equal(t, "clamped", num(w.ok("ada", "search", "q", "heron", "num", "1000"), "num"), 100)
	equal(t, "bbox", w.find("ada", "heron", "bbox", "14,0.5,21,3"), []string{"Item 01", "Item 02"})
	equal(t, "bbox alone", len(each(w.ok("ada", "search", "bbox", "14,0.5,21,3"), "id", "results")), 2)
	equal(t, "a blank bbox", len(w.find("ada", "heron", "bbox", "")), 12)
	equal(t, "filter", w.find("ada", "heron", "filter", `title:"Item 03"`), []string{"Item 03"})
	equal(t, "by rating, which nobody gave", num(w.ok("ada", "search", "q", "heron", "sortField", "avgRating", "sortOrder", "desc"), "total"), 12)
	counts := w.ok("ada", "search", "q", "heron", "countFields", "Type,tags", "countSize", "1")
	equal(t, "counts", at(counts, "aggregations", "counts", 0, "fieldValues", 0, "count"), 12)
	equal(t, "group search without words", num(w.ok("ada", "content/groups/"+w.newGroup("ada", "G")+"/search"), "total"), 0)
	for text, kv := range map[string][]string{
		"'q' must be specified": {"q", " "}, "'bbox'": {"q", "x", "bbox", "1,2,x,4"}, "10000": {"q", "x", "start", "10001"}, "'q'": {"q", "title:(a OR"},
		"'filter'": {"q", "x", "filter", "a*"}, "'sortField'": {"q", "x", "sortField", "shoe"}, "at most 3": {"q", "x", "countFields", "tags,type,access,categories"},
		"must be among": {"q", "x", "countFields", "title"}, "'countSize'": {"q", "x", "countFields", "tags", "countSize", "201"},
		"must not come together": {"q", "x", "categories", "/Categories/Water", "categoryFilters", "a"}, "at most 3 values": {"q", "x", "categoryFilters", "a,b,c,d"},
		"at most 8 values":   {"q", "x", "categories", "/1,/2,/3,/4,/5,/6,/7,/8,/9"},
		"'displaySublayers'": {"q", "x", "displaySublayers", "true"}, "'start'": {"q", "x", "start", "one"},
	} {
		w.fails(400, text, "ada", "search", kv...)
	}
	w.ok("ada", "search", "q", "x", "start", "9999", "num", "100", "categories", "", "displaySublayers", "false", "unknown", "x")
}

func TestGroupContentPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	g := w.newGroup("ada", "G")
	var want []string
	for i := range 5 {
		id := w.add("ada", "title", fmt.Sprintf("Item %d", i))
		w.ok("ada", own("ada", id, "share"), "groups", g)
		want = append(want, id)
	}
	var got []string
	for _, param := range []string{"start", "nextStart"} { // old clients send nextStart for start
		got = nil
		for next := 1; next > 0; {
			doc := w.ok("ada", "content/groups/"+g, param, fmt.Sprint(next), "num", "2")
			got = append(got, each(doc, "id", "items")...)
			next = num(doc, "nextStart")
			if len(got) > 5 {
				t.Fatalf("%s: endless", param)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		equal(t, param, got, want)
	}
	equal(t, "search", each(w.ok("ada", "content/groups/"+g+"/search", "q", `title:"Item 3"`), "title", "results"), []string{"Item 3"})
}

func TestWhatItemsDoNotHave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.add("ada")
	for path, key := range map[string]string{"comments": "comments", "dependencies": "list", "dependencies/listDependentsTo": "list"} {
		doc := w.ok("ada", "content/items/"+id+"/"+path, "start", "0", "num", "100")
		equal(t, path, doc, map[string]any{key: []any{}, "total": 0, "start": 1, "num": 100, "nextStart": -1})
		w.fails(400, noItem, "bob", "content/items/"+id+"/"+path)
	}
	equal(t, "rating", w.ok("ada", "content/items/"+id+"/rating"), map[string]any{"rating": nil})
	w.fails(400, "Comment does not exist", "ada", "content/items/"+id+"/comments/"+nowhere)
	for _, path := range []string{
		"content/items/" + id + "/addComment", "content/items/" + id + "/addRating", "content/items/" + id + "/deleteRating",
		"content/items/" + id + "/dependencies/addDependency", "content/users/ada/createService", "content/users/ada/publish", "content/users/ada/export",
		"content/users/ada/replaceService", own("ada", id, "copy"), "content/features/analyze", "content/features/generate",
		"search/suggest",
	} {
		w.fails(400, "is not supported by this portal", "ada", path)
	}
}
