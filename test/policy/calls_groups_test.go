package policy

import (
	"maps"
	"net/url"
)

// groupsCalls are the routes of groups.
func groupsCalls() map[string]call {
	group := func(c call) call {
		c.setup, c.like = aGroup, likeGroup
		return c
	}
	out := map[string]call{
		rest + "community/groups":           group(call{form: groupQuery, shows: counted}),
		rest + "community/createGroup":      {setup: newGroup, form: createGroup},
		likeGroup + "/update":               group(call{form: updateGroup, files: newPicture}),
		likeGroup + "/reassign":             group(call{form: vars("targetUsername", "target")}),
		likeGroup + "/users":                group(call{shows: among}),
		likeGroup + "/userList":             group(call{form: vars("name", "subject"), shows: counted}),
		likeGroup + "/addUsers":             group(call{form: vars("users", "user")}),
		likeGroup + "/removeUsers":          group(call{form: vars("users", "subject")}),
		likeGroup + "/updateUsers":          group(call{form: vars("admins", "subject")}),
		rest + "content/groups/{id}":        group(call{shows: counted}),
		rest + "content/groups/{id}/search": group(call{form: fixed("q", "type:map", "countFields", "type,access"), shows: counted}),
	}
	maps.Copy(out, under(likeGroup, group(call{}), "info/{file}", "delete", "protect", "unprotect", "deleteThumbnail", "categorySchema", "join", "leave",
		"applications", "applications/{username}", "applications/{username}/accept", "applications/{username}/decline",
		"invite", "inviteByEmail", "createNotification", "deleteCategorySchema", "export", "import"))
	out[likeGroup] = group(call{})
	out[likeGroup+"/assignCategorySchema"] = group(call{form: fixed("categorySchema", `{"categorySchema":[{"title":"Categories","categories":[]}]}`)})
	out[rest+"content/groups/{id}/updateCategories"] = group(call{form: heldCategories})
	return out
}

// groupQuery searches for the group by its title, or in states with "by-member" among the
// groups of its plain member.
func groupQuery(o *object, _ who) url.Values {
	form := values("q", `title:"`+o.vars["title"]+`"`)
	if o.is("by-member") {
		form.Set("searchUserAccess", "groupMember")
		form.Set("searchUserName", o.vars["subject"])
	}
	return form
}

func createGroup(o *object, _ who) url.Values {
	return values("title", o.vars["title"], "tags", "policy", "access", o.vars["access"], "capabilities", o.vars["capabilities"],
		"isOpenData", o.vars["isOpenData"], "leavingDisallowed", o.vars["leavingDisallowed"])
}

// updateGroup changes the text of a group, or with "to-..." its access.
func updateGroup(o *object, _ who) url.Values {
	form := values("snippet", "another text", "clearEmptyFields", "true")
	switch {
	case o.is("to-org"):
		form.Set("access", "org")
	case o.is("to-public"):
		form.Set("access", "public")
	}
	return form
}

// heldCategories gives the item of the group a category.
func heldCategories(o *object, _ who) url.Values {
	return values("items", `[{"`+o.vars["held"]+`":{"categories":["/Categories/Water"]}}]`)
}
