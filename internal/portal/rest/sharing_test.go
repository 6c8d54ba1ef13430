package rest_test

import (
	"fmt"
	"strings"
	"testing"
)

func (w *world) sharing(owner, id string) []any {
	w.t.Helper()
	doc := w.ok(owner, own(owner, id, ""))
	return []any{at(doc, "sharing", "access"), at(doc, "sharing", "groups")}
}

func TestAccessFollowsWhatIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	g := w.newGroup("ada", "G")
	id := w.add("ada")
	for _, c := range []struct {
		send   string
		access string
		shared bool
	}{
		{"everyone=false org=false groups=" + g, "shared", true},
		{"groups=", "shared", true},
		{"org=true", "org", true},
		{"everyone=true", "public", true},
		{"org=true", "public", true},
		{"everyone=false org=true", "org", true},
		{"account=true org=false", "org", true},
		{"account=true everyone=true org=false", "public", true},
		{"everyone=False account=False", "shared", true},
		{"org=TRUE everyone=0", "org", true},
		{"groups=" + g + "," + g, "org", true},
		{"org=false", "shared", true},
		{"everyone=false groups=_", "shared", true},
		{"everyone=false org=false groups=_", "private", false},
		{"everyone=true", "public", false},
		{"everyone=false", "private", false},
		{"groups=," + strings.ToUpper(g), "shared", true},
		{`groups=["` + g + `"] everyone=true org=true`, "public", true},
		{"everyone=false org=false groups=_", "private", false},
		{"", "private", false},
	} {
		var kv []string
		for f := range strings.FieldsSeq(c.send) {
			k, v, _ := strings.Cut(f, "=")
			kv = append(kv, k, strings.ReplaceAll(v, "_", " "))
		}
		equal(t, "answer to "+c.send, w.ok("ada", own("ada", id, "share"), kv...), map[string]any{"itemId": id, "notSharedWith": []any{}})
		groups := []string{}
		if c.shared {
			groups = []string{g}
		}
		equal(t, "after "+c.send, w.sharing("ada", id), []any{c.access, groups})
	}
	w.fails(400, "'everyone'", "ada", own("ada", id, "share"), "everyone", "perhaps")
}

func TestWhichGroupsTakeAnItem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	open, viewOnly, foreign := w.newGroup("bob", "Open", "access", "org"), w.newGroup("bob", "View", "access", "org", "isViewOnly", "true"), w.newGroup("bob", "Foreign")
	editors := w.newGroup("admin", "Editors", "capabilities", "updateitemcontrol")
	w.join("bob", open, "ada")
	w.join("bob", viewOnly, "ada")
	w.join("admin", editors, "ada")
	id := w.add("ada")
	share := func(as string, kv ...string) []string {
		t.Helper()
		return each(w.ok(as, own("ada", id, "share"), kv...), "", "notSharedWith")
	}
	all := strings.Join([]string{open, viewOnly, foreign, editors, nowhere, "rubbish"}, ",")
	equal(t, "a member", share("ada", "groups", all, "confirmItemControl", "true"), []string{viewOnly, foreign, editors, nowhere, "rubbish"})
	equal(t, "shared", w.sharing("ada", id), []any{"shared", []string{open}})
	equal(t, "an administrator, a private item", share("admin", "groups", all), []string{viewOnly, foreign, editors, nowhere, "rubbish"})

	w.ok("bob", "community/groups/"+viewOnly+"/updateUsers", "admins", "ada")
	w.ok("admin", "community/groups/"+editors+"/updateUsers", "admins", "ada")
	equal(t, "a manager without confirmation", share("ada", "groups", viewOnly+","+editors), []string{editors})
	equal(t, "a manager", share("ada", "groups", editors, "confirmItemControl", "true"), []string{})
	w.ok("ada", own("ada", id, "share"), "org", "true")
	equal(t, "an administrator, an open item", share("admin", "groups", foreign), []string{})

	left := w.ok("ada", own("ada", id, "unshare"), "groups", strings.Join([]string{open, viewOnly, foreign, editors, nowhere}, ","))
	equal(t, "unshare", left, map[string]any{"itemId": id, "notUnsharedFrom": []string{nowhere}})
	equal(t, "nothing is left", w.sharing("ada", id), []any{"org", []any{}})
	w.fails(400, "'groups' must be specified", "ada", own("ada", id, "unshare"))
}

func TestManagersShareForTheirGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "carl", "dora")
	g := w.newGroup("bob", "G", "access", "org")
	w.join("bob", g, "+carl", "dora")
	private, public := w.add("ada"), w.add("ada")
	w.ok("ada", own("ada", public, "share"), "everyone", "true")
	share := func(as, id string, kv ...string) map[string]any {
		t.Helper()
		return w.call(as, "content/items/"+id+"/share", append([]string{"groups", g}, kv...)...)
	}
	w.refused(share("", public), 499, "Token Required")
	w.refused(share("bob", private), 400, noItem)
	equal(t, "a member", at(share("dora", public), "notSharedWith"), []string{g})
	equal(t, "a manager", at(share("carl", public, "everyone", "false", "account", "false"), "notSharedWith"), []any{})
	equal(t, "access stays", w.sharing("ada", public), []any{"public", []string{g}})
	w.refused(share("carl", w.add("ada"), "everyone", "true"), 400, noItem)
	inOrg := w.add("ada")
	w.ok("ada", own("ada", inOrg, "share"), "org", "true")
	w.refused(share("carl", inOrg, "everyone", "true"), 403, noPermission)
	w.refused(w.call("dora", "content/items/"+public+"/unshare", "groups", g), 403, noPermission)
	equal(t, "unshare", w.call("carl", own("ada", public, "unshare"), "groups", g+","+nowhere), map[string]any{"itemId": public, "notUnsharedFrom": []string{nowhere}})
	equal(t, "unshared", w.sharing("ada", public), []any{"public", []any{}})

	// For the owner and for administrators it is the owner's operation.
	equal(t, "owner", at(w.ok("ada", "content/items/"+private+"/share", "everyone", "false", "account", "true"), "notSharedWith"), []any{})
	equal(t, "administrator", at(w.ok("admin", "content/items/"+private+"/share", "everyone", "true", "account", "true"), "notSharedWith"), []any{})
	equal(t, "access", w.item("ada", private)["access"], "public")
}

func TestSharingNeedsPrivileges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	const make = "portal:user:createItem"
	for name, c := range map[string]struct{ privileges, public, org, group string }{
		"nothing": {make, "shareToPublic", "shareToOrg", "shareToGroup"},
		"groups":  {make + " portal:user:shareToGroup", "shareToPublic", "shareToOrg", ""},
		"org":     {make + " portal:user:shareToOrg", "shareToPublic", "", "shareToGroup"},
		"public":  {make + " portal:user:shareToPublic", "", "shareToOrg", "shareToGroup"},
	} {
		w.custom(name, append(strings.Fields(c.privileges), "portal:user:createGroup")...)
		g := w.newGroup(name, "G of "+name, "access", "private")
		for _, try := range []struct{ send, value, missing, access string }{
			{"everyone", "true", c.public, "public"}, {"org", "true", c.org, "org"}, {"groups", g, c.group, "shared"},
		} {
			id := w.add(name)
			if try.missing != "" {
				w.fails(403, "portal:user:"+try.missing, name, own(name, id, "share"), try.send, try.value)
				try.access = "private"
			} else {
				w.ok(name, own(name, id, "share"), try.send, try.value)
			}
			equal(t, name+" "+try.send, w.item(name, id)["access"], try.access)
			w.ok(name, own(name, id, "share"), "everyone", "false", "org", "false", "groups", " ")
			equal(t, name+" takes back", w.item(name, id)["access"], "private")
		}
	}
	for _, c := range []struct{ name, privilege, send, other string }{
		{"spreader", "portal:admin:shareToOrg", "org", "everyone"}, {"crier", "portal:admin:shareToPublic", "everyone", "org"},
	} {
		w.custom(c.name, "portal:admin:viewItems", c.privilege)
		id := w.add("ada")
		w.ok(c.name, own("ada", id, "share"), c.send, "true")
		w.fails(403, "portal:admin:shareTo", c.name, own("ada", w.add("ada"), "share"), c.other, "true")
		w.fails(403, "portal:admin:shareToGroup", c.name, own("ada", id, "share"), "groups", w.newGroup("ada", "of "+c.name))
	}
}

func TestShareItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	g := w.newGroup("ada", "G")
	a, b, other := w.add("ada"), w.add("ada"), w.add("bob")
	w.ok("bob", own("bob", other, "share"), "org", "true")
	doc := w.ok("ada", "content/users/ada/shareItems", "items", strings.Join([]string{a, nowhere, other, b}, ","), "everyone", "false", "account", "true", "groups", ","+g, "owner", "ada")
	equal(t, "results", []any{at(doc, "results", 0), at(doc, "results", 1, "error", "messageCode"), at(doc, "results", 2, "error", "code"), at(doc, "results", 3, "success")},
		[]any{map[string]any{"itemId": a, "success": true, "notSharedWith": []any{}}, "CONT_0001", 403, true})
	equal(t, "shared", w.sharing("ada", b), []any{"org", []string{g}})
	equal(t, "group content", len(each(w.ok("ada", "content/groups/"+g), "id", "items")), 2)
	doc = w.ok("admin", "content/users/admin/unshareItems", "items", a+","+b, "groups", g+","+nowhere)
	equal(t, "unshared", at(doc, "results", 1), map[string]any{"itemId": b, "success": true, "notUnsharedFrom": []string{nowhere}})
	equal(t, "group content", num(w.ok("ada", "content/groups/"+g), "total"), 0)
	w.fails(400, "at most 100", "ada", "content/users/ada/shareItems", "items", strings.Repeat(nowhere+",", 101), "org", "true")
	w.fails(403, noPermission, "bob", "content/users/ada/shareItems", "items", a, "everyone", "true")
	w.fails(499, "Token Required", "", "content/users/ada/shareItems", "items", a, "everyone", "true")
}

func TestCompositeItemsAreSharedTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	g := w.newGroup("ada", "G")
	app, code, deep := w.add("ada", "type", "Web Mapping Application"), w.add("ada", "type", "Code Attachment"), w.add("ada", "type", "PDF")
	w.relate("ada", app, code, "WMA2Code")
	w.relate("ada", code, deep, "Item2Attachment")
	w.relate("ada", deep, app, "Item2Attachment") // a circle
	w.ok("ada", own("ada", app, "share"), "org", "true", "groups", g)
	for _, id := range []string{app, code, deep} {
		equal(t, "shared", w.sharing("ada", id), []any{"org", []string{g}})
	}
	w.ok("ada", own("ada", app, "share"), "org", "false", "everyone", "false")
	w.ok("ada", own("ada", app, "unshare"), "groups", g)
	for _, id := range []string{app, code, deep} {
		equal(t, "taken back", w.sharing("ada", id), []any{"private", []any{}})
	}
}

func TestFavoritesOpenNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.add("ada")
	fav := str(w.ok("bob", "community/self"), "favGroupId")
	w.ok("ada", own("ada", id, "share"), "org", "true")
	equal(t, "favorite", at(w.ok("bob", "content/items/"+id+"/share", "groups", fav), "notSharedWith"), []any{})
	equal(t, "the owner does not see it", w.sharing("ada", id), []any{"org", []any{}})
	equal(t, "nor in groups", w.ok("ada", "content/items/"+id+"/groups"), map[string]any{"admin": []any{}, "member": []any{}, "other": []any{}})
	equal(t, "bob finds it", each(w.ok("bob", "search", "q", "group:"+fav), "id", "results"), []string{id})
	equal(t, "bob's group lists it", each(w.ok("bob", "content/groups/"+fav), "id", "items"), []string{id})
	w.fails(400, "Group does not exist", "ada", "content/groups/"+fav)
	equal(t, "others do not find it", num(w.ok("ada", "search", "q", "group:"+fav), "total"), 0)
	w.ok("ada", own("ada", id, "share"), "org", "false")
	equal(t, "access", w.item("ada", id)["access"], "private")
	w.fails(400, noItem, "bob", "content/items/"+id)
	equal(t, "withdrawn", num(w.ok("bob", "search", "q", "group:"+fav), "total"), 0)
	equal(t, "withdrawn from the group", num(w.ok("bob", "content/groups/"+fav), "total"), 0)
}

func TestGroupsOfItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "carl")
	mine, open, secret := w.newGroup("ada", "Mine", "access", "org"), w.newGroup("bob", "Open", "access", "org"), w.newGroup("bob", "Secret", "access", "private")
	w.join("bob", open, "ada")
	w.join("bob", secret, "ada", "carl")
	id, other := w.add("ada"), w.add("ada")
	w.ok("ada", own("ada", id, "share"), "org", "true", "groups", fmt.Sprint(mine, ",", open, ",", secret))
	w.ok("ada", own("ada", other, "share"), "groups", open)
	parts := func(as string) []any {
		doc := w.ok(as, "content/items/"+id+"/groups")
		return []any{each(doc, "title", "admin"), len(each(doc, "title", "member")), each(doc, "title", "other")}
	}
	equal(t, "ada", parts("ada"), []any{[]string{"Mine"}, 2, []string{}})
	equal(t, "bob", parts("bob")[1:], []any{0, []string{"Mine"}})
	equal(t, "carl sees no more than he may", len(parts("carl")[2].([]string)), 2)
	equal(t, "membership", at(w.ok("carl", "content/items/"+id+"/groups"), "member", 0, "userMembership"), map[string]any{"username": "carl", "memberType": "member", "applications": 0})
	w.fails(400, noItem, "", "content/items/"+id+"/groups")

	doc := w.ok("ada", "content/itemsgroups", "items", id+","+other+","+nowhere)
	equal(t, "itemsgroups", []any{len(doc), at(doc, open, "groupTitle"), len(each(doc, "itemId", open, "items"))}, []any{3, "Open", 2})
	equal(t, "for a stranger", w.ok("", "content/itemsgroups", "items", id), map[string]any{})
	w.fails(400, "'items' must be specified", "ada", "content/itemsgroups")
}
