package rest_test

import "testing"

func (w *world) related(as, id, types, direction string) []string {
	w.t.Helper()
	doc := w.ok(as, "content/items/"+id+"/relatedItems", "relationshipTypes", types, "direction", direction)
	ids := each(doc, "id", "relatedItems")
	equal(w.t, "total", num(doc, "total"), len(ids))
	return ids
}

func TestRelationships(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	form, target, other := w.add("ada", "type", "Form"), w.service("ada"), w.service("ada")
	path := "content/users/ada/addRelationship"
	w.ok("ada", path, "originItemId", form, "destinationItemId", target, "relationshipTypes", "survey2service")
	equal(t, "answer", w.ok("ada", path, "originItemId", form, "destinationItemId", other, "relationshipType", "Survey2Service"), map[string]any{"success": true})
	w.ok("ada", path, "originItemId", form, "destinationItemId", other, "relationshipType", "Survey2Service")
	equal(t, "forward", len(w.related("ada", form, "Survey2Service", "")), 2)
	equal(t, "reverse", w.related("ada", target, "Survey2Service", "reverse"), []string{form})
	equal(t, "the other way", w.related("ada", target, "Survey2Service", "forward"), []string{})
	equal(t, "of another type", w.related("ada", form, "Survey2Data", "forward"), []string{})
	equal(t, "several types", len(w.related("ada", form, "Survey2Data,Survey2Service", "forward")), 2)
	page := w.ok("ada", "content/items/"+form+"/relatedItems", "relationshipType", "Survey2Service", "num", "1", "start", "2")
	equal(t, "page", []any{num(page, "total"), num(page, "start"), num(page, "num"), num(page, "nextStart"), len(each(page, "id", "relatedItems"))}, []any{2, 2, 1, -1, 1})

	for _, c := range [][]string{
		{"'relationshipTypes' must be specified", "direction", "forward"}, {"names no type", "relationshipType", "Map2Moon"},
		{"'direction'", "relationshipType", "Map2Service", "direction", "up"},
	} {
		w.fails(400, c[0], "ada", "content/items/"+form+"/relatedItems", c[1:]...)
	}
	for _, c := range [][]string{
		{"'originItemId'", "destinationItemId", target, "relationshipType", "Map2Service"}, {"'destinationItemId'", "originItemId", form, "relationshipType", "Map2Service"},
		{"'relationshipType' must", "originItemId", form, "destinationItemId", target}, {"names no type", "originItemId", form, "destinationItemId", target, "relationshipType", "A2B"},
		{noItem, "originItemId", form, "destinationItemId", nowhere, "relationshipType", "Map2Service"},
		{"origin itself", "originItemId", form, "destinationItemId", form, "relationshipType", "Map2Service"},
	} {
		w.fails(400, c[0], "ada", path, c[1:]...)
	}
	w.fails(499, "Token Required", "", path, "originItemId", form, "destinationItemId", target, "relationshipType", "Map2Service")
	w.fails(403, noPermission, "bob", path, "originItemId", form, "destinationItemId", target, "relationshipType", "Map2Service")

	// Related items that one does not see are not there.
	w.ok("ada", own("ada", form, "share"), "org", "true")
	equal(t, "bob", w.related("bob", form, "Survey2Service", "forward"), []string{})
	w.ok("ada", own("ada", other, "share"), "org", "true")
	equal(t, "bob", w.related("bob", form, "Survey2Service", "forward"), []string{other})
	w.fails(400, noItem, "bob", "content/items/"+target+"/relatedItems", "relationshipType", "Survey2Service")

	gone := "content/users/ada/deleteRelationship"
	w.fails(400, "Relationship does not exist", "ada", gone, "originItemId", form, "destinationItemId", target, "relationshipType", "Map2Service")
	w.fails(403, noPermission, "bob", "content/users/bob/deleteRelationship", "originItemId", form, "destinationItemId", other, "relationshipType", "Survey2Service")
	w.ok("ada", gone, "originItemId", form, "destinationItemId", target, "relationshipType", "Survey2Service")
	w.ok("ada", own("ada", other, "delete"))
	equal(t, "nothing is left", w.related("ada", form, "Survey2Service", "forward"), []string{})
}

func TestRelationshipsAskForOwnership(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	mine, theirs := w.add("ada"), w.add("bob")
	for owner, id := range map[string]string{"ada": mine, "bob": theirs} {
		w.ok(owner, own(owner, id, "share"), "everyone", "true")
	}
	for kind, want := range map[string]struct{ forward, backward bool }{ // from mine to theirs, from theirs to mine
		"Map2Area": {}, "Service2Data": {}, "Area2Package": {}, "Item2Attachment": {}, "Map2AppConfig": {}, "Service2Service": {}, "APIKey2Item": {},
		"Service2Style": {backward: true}, "Style2Style": {backward: true}, "Survey2Data": {forward: true},
		"Map2Service": {true, true}, "Survey2Service": {true, true}, "WMA2Code": {true, true}, "Solution2Item": {true, true},
	} {
		for _, c := range []struct {
			from, to string
			fine     bool
		}{{mine, theirs, want.forward}, {theirs, mine, want.backward}} {
			doc := w.relate("ada", c.from, c.to, kind)
			if fine := at(doc, "success") == true; fine != c.fine || (!fine && errorCode(doc) != 403) {
				t.Errorf("%s, mine first %v: %v", kind, c.from == mine, doc)
			}
		}
	}
	second := w.add("ada")
	w.custom("editor", "portal:admin:viewItems", "portal:admin:updateItems")
	w.ok("editor", "content/users/ada/addRelationship", "originItemId", mine, "destinationItemId", second, "relationshipType", "Map2Area")
	w.fails(403, noPermission, "bob", "content/users/ada/addRelationship", "originItemId", mine, "destinationItemId", second, "relationshipType", "Map2Area")
	w.ok("ada", "content/users/ada/deleteRelationship", "originItemId", mine, "destinationItemId", second, "relationshipType", "Map2Area")

	// The creator takes back what he made, also from items of others.
	w.relate("bob", mine, theirs, "Solution2Item")
	w.ok("ada", "content/users/ada/deleteRelationship", "originItemId", mine, "destinationItemId", theirs, "relationshipType", "Solution2Item")
	w.relate("bob", mine, theirs, "Mission2Item")
	w.ok("bob", "content/users/bob/deleteRelationship", "originItemId", mine, "destinationItemId", theirs, "relationshipType", "Mission2Item")
}

func TestItemsAreBornRelated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	g := w.newGroup("ada", "G")
	app := w.add("ada", "type", "Web Mapping Application")
	w.ok("ada", own("ada", app, "share"), "org", "true", "groups", g)
	code := w.add("ada", "type", "Code Attachment", "url", "//example.com/package", "relationshipType", "WMA2Code", "originItemId", app)
	equal(t, "related", w.related("ada", app, "WMA2Code", "forward"), []string{code})
	equal(t, "sharing is inherited", w.sharing("ada", code), []any{"org", []string{g}})
	view := w.add("ada", "type", "Feature Service", "url", "https://example.com/FeatureServer", "relationshipTypes", "Service2Data", "destinationItemId", code)
	equal(t, "as the origin", []any{w.related("ada", code, "Service2Data", "reverse"), w.item("ada", view)["access"]}, []any{[]string{view}, "private"})

	secret := w.add("bob")
	before := num(w.ok("ada", "content/users/ada"), "total")
	for _, c := range [][]string{
		{"must not come together", "relationshipType", "WMA2Code", "originItemId", app, "destinationItemId", code},
		{"'originItemId' must be specified", "relationshipType", "WMA2Code"},
		{"'relationshipType' must be specified", "originItemId", app},
		{"names no type", "relationshipType", "Map2Moon", "originItemId", app},
		{noItem, "relationshipType", "Map2Service", "originItemId", secret},
		{noItem, "relationshipType", "Map2Service", "originItemId", "rubbish"},
	} {
		w.fails(400, c[0], "ada", "content/users/ada/addItem", append(c[1:], "title", "T", "type", "Web Map", "text", "{}")...)
	}
	equal(t, "nothing was made", num(w.ok("ada", "content/users/ada"), "total"), before)
}
