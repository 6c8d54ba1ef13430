package rest_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestFolders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.createFolder("ada", "  Pläne ")
	list := w.ok("ada", "content/users/ada")
	equal(t, "folders", each(list, "title", "folders"), []string{"Pläne"})
	equal(t, "folder", at(list, "folders", 0, "username"), "ada")
	equal(t, "currentFolder", at(list, "currentFolder"), nil)

	for _, bad := range [][3]string{
		{"", "must be specified", "title"}, {"   ", "must be specified", "title"}, {"/", "root folder", "title"}, {"PLÄNE", "not available", "title"},
		{strings.Repeat("x", 251), "at most 250", "title"}, {"Twice", "must be specified", "name"},
	} {
		w.fails(400, bad[1], "ada", "content/users/ada/createFolder", bad[2], bad[0])
	}
	equal(t, "the same title of another member", str(w.ok("bob", "content/users/bob/createFolder", "title", "Pläne"), "folder", "title"), "Pläne")

	other := w.createFolder("ada", "Other")
	w.fails(400, "not available", "ada", "content/users/ada/"+other+"/updateFolder", "newTitle", "pläne")
	w.fails(400, "must be specified", "ada", "content/users/ada/"+other+"/updateFolder", "title", "New")
	equal(t, "rename", at(w.ok("ada", "content/users/ada/"+other+"/updateFolder", "newTitle", "OTHER"), "folder", "title"), "OTHER")
	w.fails(400, "Folder does not exist", "ada", "content/users/ada/"+nowhere+"/updateFolder", "newTitle", "x")
	w.fails(400, "Folder does not exist", "bob", "content/users/bob/"+other+"/updateFolder", "newTitle", "x")
	w.fails(400, "Folder does not exist", "bob", "content/users/bob/"+other+"/delete")
	w.fails(400, "Folder does not exist", "ada", "content/users/ada/nonsense")

	inside := str(w.ok("ada", "content/users/ada/"+strings.ToUpper(id)+"/addItem", "title", "In", "type", "Web Map", "text", "{}"), "id")
	equal(t, "ownerFolder", str(w.item("ada", inside), "ownerFolder"), id)
	page := w.ok("ada", "content/users/ada/"+id)
	equal(t, "listing", []any{each(page, "id", "items"), at(page, "folders"), str(page, "currentFolder", "title"), num(page, "total")},
		[]any{[]string{inside}, []any{}, "Pläne", 1})

	w.ok("ada", own("ada", inside, "protect"))
	w.fails(400, "Delete protection is turned on", "ada", "content/users/ada/"+id+"/delete")
	equal(t, "kept", len(each(w.ok("ada", "content/users/ada/"+id), "id", "items")), 1)
	w.ok("ada", own("ada", inside, "unprotect"))
	gone := w.ok("ada", "content/users/ada/"+id+"/delete")
	equal(t, "deleted", []any{at(gone, "success"), str(gone, "folder", "id"), str(gone, "folder", "title"), str(gone, "folder", "username")},
		[]any{true, id, "Pläne", "ada"})
	w.fails(400, noItem, "ada", "content/items/"+inside)
	equal(t, "folders left", each(w.ok("ada", "content/users/ada"), "title", "folders"), []string{"OTHER"})
}

func TestContentIsForOwnerAndAdministrators(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob", "viewer")
	w.custom("looker", "portal:admin:viewItems", "portal:user:createItem", "portal:user:viewOrgUsers")
	w.custom("editor", "portal:admin:viewItems", "portal:admin:updateItems", "portal:user:createItem", "portal:user:viewOrgUsers")
	w.custom("remover", "portal:admin:viewItems", "portal:admin:deleteItems", "portal:user:viewOrgUsers")
	folder := w.createFolder("ada", "F")
	id := w.add("ada")
	calls := []struct {
		path string
		kv   []string
		may  string
	}{
		{"content/users/ada", nil, "ada admin looker editor remover"},
		{"content/users/ada/" + folder, nil, "ada admin looker editor remover"},
		{"content/users/ADA", nil, "ada admin looker editor remover"},
		{"content/users/ada/createFolder", []string{"title", "new %s"}, "ada admin editor"},
		{"content/users/ada/" + folder + "/updateFolder", []string{"newTitle", "named by %s"}, "ada admin editor"},
		{"content/users/ada/addItem", []string{"title", "by %s", "type", "Web Map", "text", "{}"}, "ada admin editor"},
		{"content/users/ada/moveItems", []string{"items", id, "folder", "/"}, "ada admin editor"},
		{"content/users/ada/deleteItems", []string{"items", nowhere}, "ada admin remover"},
	}
	for _, c := range calls {
		for _, who := range []string{"", "ada", "admin", "bob", "viewer", "looker", "editor", "remover"} {
			kv := append([]string(nil), c.kv...)
			for i, v := range kv {
				kv[i] = strings.ReplaceAll(v, "%s", who)
			}
			switch may := strings.Contains(" "+c.may+" ", " "+who+" "); {
			case who == "":
				w.fails(499, "Token Required", who, c.path, kv...)
			case may:
				w.ok(who, c.path, kv...)
			default:
				w.fails(403, noPermission, who, c.path, kv...)
			}
		}
	}
	w.fails(400, "User does not exist or is inaccessible.", "admin", "content/users/nobody")
	w.fails(403, "portal:user:createItem", "viewer", "content/users/viewer/addItem", "title", "x", "type", "Web Map", "text", "{}")
	w.fails(403, "portal:user:createItem", "viewer", "content/users/viewer/createFolder", "title", "x")
	if n := num(w.ok("viewer", "content/users/viewer"), "total"); n != 0 {
		t.Errorf("the viewer has %d items", n)
	}
	equal(t, "owner of what others add", at(w.ok("ada", "content/users/ada", "sortField", "created"), "items", 3, "owner"), "ada")
}

func TestContentPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	var want []string
	for i := range 7 {
		kind := "Web Map"
		if i%3 == 0 {
			kind = "Dashboard"
		}
		want = append(want, w.add("ada", "title", fmt.Sprintf("Item %d", i), "type", kind))
	}
	var got []string
	for start := 1; start > 0; {
		p := w.ok("ada", "content/users/ada", "start", fmt.Sprint(start), "num", "3", "sortField", "title", "sortOrder", "asc")
		got = append(got, each(p, "id", "items")...)
		equal(t, "page", []int{num(p, "total"), num(p, "start"), num(p, "num")}, []int{7, start, 3})
		start = num(p, "nextStart")
	}
	equal(t, "all pages", got, want)
	equal(t, "descending", each(w.ok("ada", "content/users/ada", "num", "2", "sortField", "title", "sortOrder", "desc"), "title", "items"), []string{"Item 6", "Item 5"})
	equal(t, "types", each(w.ok("ada", "content/users/ada", "types", "dashboard", "sortField", "title"), "title", "items"), []string{"Item 0", "Item 3", "Item 6"})
	equal(t, "two types", num(w.ok("ada", "content/users/ada", "types", `["Dashboard","Web Map"]`), "total"), 7)
	past := w.ok("ada", "content/users/ada", "start", "50")
	equal(t, "past the end", []any{at(past, "items"), num(past, "total"), num(past, "nextStart")}, []any{[]any{}, 7, -1})
	equal(t, "num is at most 100", num(w.ok("ada", "content/users/ada", "num", "1000"), "num"), 100)
	w.fails(400, "sortField", "ada", "content/users/ada", "sortField", "shoeSize")
	w.fails(400, "sortOrder", "ada", "content/users/ada", "sortOrder", "sideways")
	w.fails(400, "start", "ada", "content/users/ada", "start", "first")
}
