package policy

import (
	"bytes"
	"maps"
	"net/url"
)

const (
	userContent   = rest + "content/users/{username}"
	folderContent = userContent + "/{folder}"
)

// contentCalls are the routes of a member's content and folders.
func contentCalls() map[string]call {
	account := func(c call) call {
		c.setup, c.like = anAccount, likeUser
		return c
	}
	item := func(c call) call {
		c.setup, c.like = anItem, likeItem
		return c
	}
	out := map[string]call{
		userContent:                         account(call{shows: among}),
		folderContent:                       account(call{shows: among}),
		userContent + "/createFolder":       account(call{form: fixed("title", "Another")}),
		folderContent + "/updateFolder":     account(call{form: fixed("newTitle", "Another")}),
		folderContent + "/delete":           account(call{}),
		userContent + "/addItem":            account(call{form: addItem}),
		folderContent + "/addItem":          account(call{form: addItem}),
		userContent + "/deleteItems":        item(call{form: vars("items", "items")}),
		userContent + "/moveItems":          item(call{form: with(vars("items", "items"), "folder", "/")}),
		userContent + "/reassignItems":      item(call{form: with(vars("items", "items", "targetUsername", "target"), "targetFolderName", "/")}),
		userContent + "/shareItems":         item(call{form: shareItems}),
		userContent + "/unshareItems":       item(call{form: vars("items", "items", "groups", "group")}),
		userContent + "/addRelationship":    {setup: twoItems, like: likeItem, form: relationship},
		userContent + "/deleteRelationship": {setup: twoItems, like: likeItem, form: relationship},
	}
	maps.Copy(out, under(userContent, account(call{}), "createService", "publish", "export", "replaceService", "canReassignItems", "restoreItems"))
	maps.Copy(out, under(folderContent, account(call{}), "createService", "publish", "export"))
	return out
}

func addItem(o *object, _ who) url.Values {
	form := values("title", "Another", "type", "Web Map", "text", "{}")
	if o.is("status") {
		form.Set("contentStatus", "deprecated")
	}
	return form
}

func relationship(o *object, _ who) url.Values {
	return values("originItemId", o.vars["origin"], "destinationItemId", o.vars["destination"], "relationshipType", o.vars["kind"])
}

func shareItems(o *object, as who) url.Values {
	form := sharing(o, as)
	form.Set("items", o.vars["items"])
	return form
}

// sharing changes with whom an item is shared as the state says: to-group (circle), to-team
// (with or without saying that its control is meant), to-showcase, to-others, to-org,
// to-everyone, to-nobody.
func sharing(o *object, _ who) url.Values {
	switch {
	case o.is("to-group"):
		return values("groups", o.vars["group"])
	case o.is("to-team") && o.is("unconfirmed"):
		return values("groups", o.vars["team"])
	case o.is("to-team"):
		return values("groups", o.vars["team"], "confirmItemControl", "true")
	case o.is("to-showcase"):
		return values("groups", o.vars["showcase"])
	case o.is("to-others"):
		return values("groups", o.vars["others"])
	case o.is("to-org"):
		return values("org", "true")
	case o.is("to-everyone"):
		return values("everyone", "true")
	case o.is("to-nobody"):
		return values("everyone", "false", "org", "false", "groups", " ")
	}
	return url.Values{}
}

// itemsCalls are the routes of items by their id alone.
func itemsCalls() map[string]call {
	item := func(c call) call {
		c.setup, c.like = anItem, likeItem
		return c
	}
	out := map[string]call{
		likeItem:                          item(call{shows: withFolder}),
		likeItem + "/info/{path...}":      item(call{plain: true}),
		likeItem + "/groups":              item(call{shows: amongGroups}),
		likeItem + "/share":               item(call{form: sharing}),
		likeItem + "/unshare":             item(call{form: vars("groups", "group")}),
		likeItem + "/relatedItems":        {setup: itemOrRelated, like: likeItem, form: fixed("relationshipTypes", "Map2FeatureCollection"), shows: related},
		likeItem + "/resources":           item(call{shows: privateResource}),
		likeItem + "/resources/{path...}": item(call{plain: true}),
		rest + "content/itemsgroups":      item(call{form: vars("items", "items"), shows: amongGroups}),
	}
	maps.Copy(out, under(likeItem, item(call{}), "data", "comments", "comments/{comment}", "rating", "dependencies", "dependencies/listDependentsTo",
		"comments/{comment}/update", "comments/{comment}/delete", "dependencies/addDependency", "dependencies/removeDependency",
		"dependencies/removeAllDependencies", "addComment", "addRating", "deleteRating", "item.pkinfo", "package"))
	out[likeItem+"/setContentStatus"] = item(call{form: fixed("status", "deprecated")})
	out[rest+"content/updateItems"] = item(call{form: itemCategories})
	return out
}

// amongGroups reports whether the group of the item is shown, in states where it has one.
func amongGroups(a answer, o *object) string {
	if !o.is("in-circle") {
		return "ok"
	}
	return among(a, &object{needles: []string{o.vars["group"]}})
}

func itemOrRelated(b *builder) *object {
	if len(b.words[0]) > 3 && b.words[0][:3] == "to-" {
		return relatedItems(b)
	}
	return anItem(b)
}

func related(a answer, o *object) string {
	if len(o.state[0]) > 3 && o.state[0][:3] == "to-" {
		return counted(a, o)
	}
	return "ok"
}

// privateResource reports, in states with "hidden-resource", whether a list names the
// resource that is not for readers.
func privateResource(a answer, o *object) string {
	if !o.is("hidden-resource") {
		return "ok"
	}
	return among(a, &object{needles: []string{"hidden.txt"}})
}

// userItemCalls are the routes of items under the path of their owner, with and without a
// folder.
func userItemCalls() map[string]call {
	ops := map[string]call{
		"":                  {shows: withSharing},
		"/update":           {form: itemUpdate},
		"/move":             {form: fixed("folder", "/")},
		"/reassign":         {form: with(vars("targetUsername", "target"), "targetFolderName", "/")},
		"/canReassign":      {form: vars("targetUsername", "target")},
		"/share":            {form: sharing},
		"/unshare":          {form: vars("groups", "group")},
		"/addPart":          {form: fixed("partNum", "2"), files: parts(part{"file", "parts.json", []byte("{}")})},
		"/commit":           {form: fixed("type", "Web Map")},
		"/updateInfo":       {files: parts(part{"file", "form.json", []byte(`{"form":2}`)})},
		"/deleteInfo":       {form: fixed("infoFile", "form.json")},
		"/updateThumbnail":  {files: parts(part{"file", "another.gif", thumbnail.content})},
		"/addResources":     {form: fixed("text", "one more", "fileName", "more.txt")},
		"/updateResources":  {form: fixed("text", "for readers, in other words", "fileName", "notes.txt")},
		"/removeResources":  {form: fixed("resource", "notes.txt")},
		"/resources":        {shows: privateResource},
		"/resources/export": {plain: true},
	}
	for _, op := range []string{"delete", "canDelete", "protect", "unprotect", "parts", "cancel", "status", "deleteThumbnail",
		"copy", "canRecycle", "restore", "canRestore", "registeredAppInfo", "proxies", "createProxies", "deleteProxies"} {
		ops["/"+op] = call{}
	}
	out := map[string]call{}
	for op, c := range ops {
		c.setup, c.like = anItem, likeItem
		out[userContent+"/items/{id}"+op] = c
		out[folderContent+"/items/{id}"+op] = c
	}
	return out
}

// itemUpdate changes text and data of an item, or in states with "status" its content status.
func itemUpdate(o *object, _ who) url.Values {
	if o.is("status") {
		return values("contentStatus", "deprecated")
	}
	return values("snippet", "another text", "text", `{"operationalLayers":[1]}`)
}

// withFolder tells whether an item comes with what is for its owner and administrators.
func withFolder(a answer, _ *object) string {
	_, folder := a.doc["ownerFolder"]
	_, protected := a.doc["protected"]
	switch {
	case folder && protected:
		return "full"
	case folder || protected:
		return "basic with more"
	}
	return "basic"
}

// withSharing tells whether a user item comes with its sharing.
func withSharing(a answer, _ *object) string {
	if a.doc["sharing"] != nil {
		return "full"
	}
	return "basic"
}

// searchCalls are the searches for items.
func searchCalls() map[string]call {
	return map[string]call{
		rest + "search": {setup: anItem, like: likeItem, form: itemQuery, shows: unprotected},
	}
}

// unprotected is counted for rows that tell nothing of protection.
func unprotected(a answer, o *object) string {
	shown := counted(a, o)
	if bytes.Contains(a.body, []byte(`"protected"`)) {
		return shown + " with its protection"
	}
	return shown
}

// itemQuery searches for the item by its tag, in states with "by-group" within the group
// circle, and with "by-member" among what group_manager reaches through groups.
func itemQuery(o *object, _ who) url.Values {
	q := "tags:" + o.vars["tag"]
	if o.is("by-group") {
		q += " AND group:" + o.vars["group"]
	}
	return values("q", q, "countFields", "type,access,tags")
}

// itemCategories gives the item a category.
func itemCategories(o *object, _ who) url.Values {
	return values("items", `[{"`+o.vars["items"]+`":{"categories":["/Categories/Water"]}}]`)
}
