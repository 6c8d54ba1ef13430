package rest_test

import (
	"slices"
	"strings"
	"testing"
)

func (w *world) relate(as, origin, destination, kind string) map[string]any {
	w.t.Helper()
	return w.call(as, "content/users/"+as+"/addRelationship", "originItemId", origin, "destinationItemId", destination, "relationshipType", kind)
}

func (w *world) service(as string) string {
	w.t.Helper()
	return w.add(as, "type", "Feature Service", "url", "https://example.com/arcgis/rest/services/S/FeatureServer")
}

func (w *world) exists(id string) bool {
	w.t.Helper()
	return errorCode(w.call("admin", "content/items/"+id)) == 0
}

func TestDeletion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.add("ada")
	w.ok("ada", own("ada", id, "protect"))
	words := "Unable to delete item " + id + ". Delete protection is turned on."
	w.fails(400, words, "ada", own("ada", id, "delete"))
	w.fails(400, words, "admin", own("ada", id, "delete"), "force", "true", "permanentDelete", "true")
	equal(t, "canDelete", w.call("ada", own("ada", id, "canDelete")), map[string]any{"itemId": id, "success": false,
		"error": map[string]any{"code": 400, "message": words, "offendingItems": []any{map[string]any{"itemId": id}}}})
	w.ok("ada", own("ada", id, "unprotect"))
	equal(t, "canDelete", w.ok("ada", own("ada", id, "canDelete")), map[string]any{"itemId": id, "success": true})
	w.fails(400, "'force'", "ada", own("ada", id, "delete"), "force", "maybe")
	equal(t, "delete", w.ok("ada", own("ada", id, "delete"), "force", "False"), map[string]any{"success": true, "itemId": id})
	w.fails(400, noItem, "ada", own("ada", id, "delete"))
	if res, b := w.data("ada", id); res.StatusCode != 200 || !strings.Contains(string(b), noItem) {
		t.Errorf("data of a deleted item: %s %q", res.Status, b)
	}
}

func TestWhatIsDeletedTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	w.custom("editor", "portal:admin:viewItems", "portal:admin:updateItems", "portal:user:createItem")
	app, code, deep := w.add("ada", "type", "Web Mapping Application"), w.add("ada", "type", "Code Attachment"), w.add("ada", "type", "PDF")
	w.relate("ada", app, code, "WMA2Code")
	w.relate("ada", code, deep, "Item2Attachment")
	w.ok("ada", own("ada", deep, "protect"))
	w.fails(400, "Unable to delete item "+deep, "ada", own("ada", app, "delete"))
	if !w.exists(app) || !w.exists(code) {
		t.Error("a refused deletion removed something")
	}
	w.ok("ada", own("ada", deep, "unprotect"))
	w.ok("ada", own("ada", app, "delete"))
	if w.exists(code) || w.exists(deep) {
		t.Error("composite items are left")
	}

	// What others own does not go with one's own items.
	mine, theirs := w.add("bob", "type", "Web Mapping Application"), w.add("ada", "type", "Code Attachment")
	w.ok("ada", own("ada", theirs, "share"), "org", "true")
	if doc := w.relate("bob", mine, theirs, "WMA2Code"); errorCode(doc) != 0 {
		t.Fatal(doc)
	}
	w.ok("bob", own("bob", mine, "share"), "everyone", "true")
	equal(t, "access of another's item", w.item("ada", theirs)["access"], "org")
	w.ok("admin", own("bob", mine, "delete"))
	if !w.exists(theirs) {
		t.Error("deleting an item removed another member's")
	}

	// A view holds its source, tiles hold the layer they come from.
	source, view := w.service("ada"), w.service("ada")
	w.relate("ada", view, source, "Service2Data")
	w.fails(400, "Unable to delete item. This service item has a related Service item", "ada", own("ada", source, "delete"))
	equal(t, "offending", at(w.call("ada", own("ada", source, "canDelete")), "error", "offendingItems"), []any{map[string]any{"itemId": view}})
	layer, tiles := w.service("ada"), w.add("ada", "type", "Map Service", "url", "https://example.com/MapServer")
	w.relate("ada", layer, tiles, "Service2Service")
	w.fails(400, "related Service item", "ada", own("ada", layer, "delete"))
	w.ok("ada", own("ada", tiles, "delete"))
	w.ok("ada", own("ada", layer, "delete"))
	csv := w.add("ada", "type", "CSV")
	w.relate("ada", view, csv, "Service2Data")
	w.ok("ada", own("ada", csv, "delete"))
	w.ok("ada", own("ada", view, "delete"))
	w.ok("ada", own("ada", source, "delete"))
}

func TestDeleteItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	a, b, c, other := w.add("ada"), w.add("ada"), w.add("ada"), w.add("bob")
	w.ok("ada", own("ada", b, "protect"))
	doc := w.ok("ada", "content/users/ada/deleteItems", "items", strings.Join([]string{a, b, nowhere, "rubbish", strings.ToUpper(c), other, a}, ","))
	var got []any
	for i := range 7 {
		got = append(got, at(doc, "results", i, "success"))
	}
	equal(t, "verdicts", got, []any{true, false, false, false, true, false, true})
	equal(t, "ids", each(doc, "itemId", "results"), []string{a, b, nowhere, "rubbish", strings.ToUpper(c), other, a})
	equal(t, "reason", at(doc, "results", 1, "error", "message"), "Unable to delete item "+b+". Delete protection is turned on.")
	equal(t, "unknown", at(doc, "results", 2, "error", "messageCode"), "CONT_0001")
	equal(t, "what is left", []bool{w.exists(a), w.exists(b), w.exists(c), w.exists(other)}, []bool{false, true, false, true})
	equal(t, "an administrator names himself", at(w.ok("admin", "content/users/admin/deleteItems", "items", `["`+other+`"]`), "results", 0, "success"), true)
	w.fails(400, "'items' must be specified", "ada", "content/users/ada/deleteItems")
	w.fails(400, "at most 100", "ada", "content/users/ada/deleteItems", "items", strings.Repeat(nowhere+",", 101))

	source, view := w.service("ada"), w.service("ada")
	w.relate("ada", view, source, "Service2Data")
	doc = w.ok("ada", "content/users/ada/deleteItems", "items", view+","+source)
	equal(t, "a view and then its source", []any{at(doc, "results", 0, "success"), at(doc, "results", 1, "success")}, []any{true, true})
}

func TestMoveAndReassign(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "viewer")
	folder := w.createFolder("ada", "F")
	id := w.add("ada")
	equal(t, "move", w.ok("ada", own("ada", id, "move"), "folder", folder), map[string]any{"success": true, "itemId": id, "owner": "ada", "folder": folder})
	equal(t, "user item", str(w.ok("ada", own("ada", id, "")), "folder", "title"), "F")
	equal(t, "root", w.ok("ada", own("ada", id, "move"), "folder", "/")["folder"], nil)
	w.ok("ada", own("ada", id, "move"), "targetFoldername", "f")
	equal(t, "by title", w.item("ada", id)["ownerFolder"], folder)
	w.ok("ada", own("ada", id, "move"), "folder", "")
	equal(t, "an empty folder is the root", w.item("ada", id)["ownerFolder"], nil)
	theirs := w.createFolder("bob", "Theirs")
	for _, bad := range [][]string{{"folder", nowhere}, {"folder", theirs}, {"folder", "F"}, {"targetFolderName", "none"}} {
		w.fails(400, "Folder does not exist", "ada", own("ada", id, "move"), bad...)
	}
	w.fails(400, "'folder' must be specified", "ada", own("ada", id, "move"))
	file, clash := w.addFile("ada", "s.csv", "a\n", "title", "1", "type", "CSV"), ""
	clash = str(w.upload("ada", "content/users/ada/"+folder+"/addItem", "file", "s.csv", []byte("b\n"), "title", "2", "type", "CSV"), "id")
	doc := w.ok("ada", "content/users/ada/moveItems", "items", strings.Join([]string{id, file, nowhere, clash}, ","), "folder", folder)
	equal(t, "moveItems", []any{at(doc, "results", 0, "success"), at(doc, "results", 1, "error", "message"), at(doc, "results", 2, "error", "messageCode"), at(doc, "results", 3, "success")},
		[]any{true, "Item already exists in target folder", "CONT_0001", true})

	reassign := own("ada", id, "reassign")
	w.fails(400, "'targetUsername' must be specified", "admin", reassign)
	w.fails(400, "User does not exist", "admin", reassign, "targetUsername", "nobody")
	w.fails(400, "cannot receive items", "admin", reassign, "targetUsername", "viewer")
	w.fails(400, noItem, "bob", reassign, "targetUsername", "bob")
	g := w.newGroup("ada", "Sharers")
	w.ok("ada", own("ada", id, "share"), "groups", g)
	equal(t, "canReassign", at(w.ok("admin", own("ada", id, "canReassign"), "targetUsername", "bob"), "success"), false)
	w.fails(400, "does not belong to the group "+g, "admin", reassign, "targetUsername", "bob")
	w.join("ada", g, "bob")
	equal(t, "canReassign", w.ok("admin", own("ada", id, "canReassign"), "targetUsername", "bob"), map[string]any{"itemId": id, "success": true})
	equal(t, "reassign", w.ok("ada", reassign, "targetUsername", "BOB", "targetFolderName", "From ada"), map[string]any{"success": true, "itemId": id})
	it := w.item("bob", id)
	folders := w.ok("bob", "content/users/bob")
	made := ""
	for i := range 2 {
		if str(folders, "folders", i, "title") == "From ada" {
			made = str(folders, "folders", i, "id")
		}
	}
	equal(t, "reassigned", []any{it["owner"], it["ownerFolder"], at(w.ok("bob", own("bob", id, "")), "sharing", "groups")}, []any{"bob", made, []string{g}})
	w.fails(400, noItem, "ada", own("ada", id, "update"), "title", "x")

	doc = w.ok("admin", "content/users/ada/reassignItems", "items", file+","+nowhere, "targetUsername", "bob", "targetFoldername", "/")
	equal(t, "reassignItems", []any{at(doc, "results", 0, "success"), at(doc, "results", 1, "success"), w.item("bob", file)["ownerFolder"]}, []any{true, false, nil})
	again := w.addFile("ada", "s.csv", "c\n", "title", "3", "type", "CSV")
	w.fails(500, "Item already exists in target folder", "admin", own("ada", again, "reassign"), "targetUsername", "bob", "targetFolderName", "/")
	w.fails(400, "at most 250", "admin", own("ada", again, "reassign"), "targetUsername", "bob", "targetFolderName", strings.Repeat("x", 251))
	equal(t, "no folder is made in vain", slices.Contains(each(w.ok("bob", "content/users/bob"), "title", "folders"), "x"), false)
	w.custom("giver", "portal:user:createItem", "portal:user:viewOrgItems", "portal:user:viewOrgUsers")
	given := w.add("giver")
	w.fails(403, "portal:admin:reassignItems", "giver", own("giver", given, "reassign"), "targetUsername", "bob")
}
