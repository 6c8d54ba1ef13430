package rest_test

import (
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// TestOneOfManyWins lets callers ask for the same thing at the same time.
func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	const callers = 12
	race := func(what string, want int32, call func(n int) map[string]any) {
		t.Helper()
		var wg sync.WaitGroup
		var won atomic.Int32
		for n := range callers {
			wg.Go(func() {
				if at(call(n), "success") == true {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != want {
			t.Errorf("%s: %d succeeded, want %d", what, won.Load(), want)
		}
	}
	post := func(path string, kv ...string) map[string]any {
		form := url.Values{}
		for i := 0; i < len(kv); i += 2 {
			form.Set(kv[i], kv[i+1])
		}
		return w.Call(t, w.tokens["ada"], "sharing/rest/"+path, form)
	}
	race("folders of one title", 1, func(int) map[string]any { return post("content/users/ada/createFolder", "title", "F") })
	race("items of one id", 1, func(int) map[string]any {
		return post("content/users/ada/addItem", "title", "T", "type", "Web Map", "text", "{}", "itemIdToCreate", nowhere)
	})
	race("deletions of one item", 1, func(int) map[string]any { return post(own("ada", nowhere, "delete")) })
	race("files of one name", 1, func(n int) map[string]any {
		return w.upload("ada", "content/users/ada/addItem", "file", "same.csv", []byte(fmt.Sprint(n)), "title", "T", "type", "CSV")
	})
	id := w.add("ada")
	race("resources of one name", 1, func(n int) map[string]any {
		return post(own("ada", id, "addResources"), "fileName", "a.txt", "text", fmt.Sprint(n))
	})
	race("updates", callers, func(n int) map[string]any {
		return post(own("ada", id, "update"), "tags", fmt.Sprintf("t%d,u%d", n, n))
	})
	tags := each(w.item("ada", id), "", "tags")
	if len(tags) != 2 || tags[0][1:] != tags[1][1:] {
		t.Errorf("tags of two updates mixed: %v", tags)
	}
	to := w.createFolder("ada", "Target")
	race("moves", callers, func(n int) map[string]any { return post(own("ada", id, "move"), "folder", []string{to, "/"}[n%2]) })
	upload := w.open("ada", "parts.csv", "type", "CSV")
	race("parts of one number", callers, func(n int) map[string]any { return w.part("ada", upload, 1, fmt.Sprint(n)) })
	race("commits", 1, func(int) map[string]any { return post(own("ada", upload, "commit")) })
	if n := num(w.ok("ada", "content/users/ada"), "total") + num(w.ok("ada", "content/users/ada/"+to), "total"); n != 3 {
		t.Errorf("%d items", n)
	}
}

func TestADeletedGroupSharesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	g, other := w.newGroup("ada", "G"), w.newGroup("ada", "H")
	w.join("ada", g, "bob")
	alone, both, open := w.add("ada"), w.add("ada"), w.add("ada")
	w.ok("ada", own("ada", alone, "share"), "groups", g)
	w.ok("ada", own("ada", both, "share"), "groups", g+","+other)
	w.ok("ada", own("ada", open, "share"), "groups", g, "org", "true")
	w.ok("ada", "community/groups/"+g+"/delete")
	equal(t, "alone", w.sharing("ada", alone), []any{"private", []any{}})
	equal(t, "both", w.sharing("ada", both), []any{"shared", []string{other}})
	equal(t, "open", w.sharing("ada", open), []any{"org", []any{}})
	w.fails(400, noItem, "bob", "content/items/"+alone)
}
