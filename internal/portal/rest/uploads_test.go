package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func (w *world) open(as, name string, kv ...string) string {
	w.t.Helper()
	return str(w.ok(as, "content/users/"+as+"/addItem", append([]string{"multipart", "true", "filename", name}, kv...)...), "id")
}

func (w *world) part(as, id string, n any, content string) map[string]any {
	w.t.Helper()
	return w.form(as, own("ada", id, "addPart"), []part{{"file", "blob", "application/octet-stream", []byte(content)}}, "partNum", fmt.Sprint(n), "streamdata", "true", "size", "1")
}

func (w *world) status(id string) string {
	w.t.Helper()
	return str(w.ok("ada", own("ada", id, "status")), "status")
}

func TestUploadInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.open("ada", "big.csv", "title", "Opening", "type", "CSV", "tags", "kept")
	equal(t, "status", w.status(id), "partial")
	first, second := strings.Repeat("first,", 20_000), strings.Repeat("second\n", 20_000) // stored as files
	parts := []string{first, second, "third\n", ""}
	equal(t, "answer", w.part("ada", id, 3, parts[2]), map[string]any{"success": true, "id": id})
	var wg sync.WaitGroup
	for _, n := range []int{1, 2, 4} {
		wg.Go(func() { w.part("ada", id, n, parts[n-1]+"old") })
	}
	wg.Wait()
	for _, n := range []int{4, 2, 1} {
		w.part("ada", id, n, parts[n-1])
	}
	equal(t, "parts", at(w.ok("ada", own("ada", id, "parts")), "parts"), []int{1, 2, 3, 4})
	if res, data := w.data("ada", id); data != "" || res.StatusCode != http.StatusOK {
		t.Errorf("uncommitted data is served: %d bytes", len(data))
	}
	doc := w.ok("ada", own("ada", id, "commit"), "title", "Whole", "snippet", "s", "async", "true")
	equal(t, "commit", doc, map[string]any{"success": true, "id": id})
	equal(t, "status", w.ok("ada", own("ada", id, "status")), map[string]any{"status": "completed", "statusMessage": "completed", "itemId": id})
	whole := strings.Join(parts, "")
	it := w.item("ada", id)
	equal(t, "item", []any{it["title"], it["snippet"], it["tags"], it["name"], it["type"], it["size"]},
		[]any{"Whole", "s", []string{"kept"}, "big.csv", "CSV", len(whole)})
	if _, data := w.data("ada", id); data != whole {
		t.Errorf("%d bytes differ from %d", len(data), len(whole))
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/sharing/rest/content/items/"+id+"/data?token="+w.tokens["ada"], nil)
	if err != nil {
		t.Fatal(err)
	}
	from := len(first) - 3
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", from, from+8))
	res, err := w.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b strings.Builder
	if _, err := copyAll(&b, res); err != nil || b.String() != whole[from:from+9] {
		t.Errorf("range across parts: %q, %v", b.String(), err)
	}
	w.fails(400, "no upload in parts", "ada", own("ada", id, "commit"))
	w.refused(w.part("ada", id, 1, "x"), 400, "no upload in parts")
	equal(t, "parts are gone", at(w.ok("ada", own("ada", id, "parts")), "parts"), []any{})
}

func TestUploadsThatGoWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada", "bob")
	id := w.open("ada", "a.csv")
	for _, n := range []any{0, 10001, -1, "x", "", "1.5"} {
		w.refused(w.part("ada", id, n, "x"), 400, "partNum")
	}
	w.refused(w.call("ada", own("ada", id, "addPart"), "partNum", "1"), 400, "'file' must be specified")
	w.refused(w.form("bob", own("ada", id, "addPart"), []part{{"file", "b", "", []byte("x")}}, "partNum", "1"), 400, noItem)
	w.fails(400, noItem, "bob", own("ada", id, "commit"))
	w.fails(400, "has no parts", "ada", own("ada", id, "commit"))
	w.part("ada", id, 1, "x")
	w.part("ada", id, 10000, "y")
	w.fails(400, "Part 2 of the upload is missing", "ada", own("ada", id, "commit"))
	equal(t, "status", w.status(id), "partial")
	equal(t, "cancel", w.ok("ada", own("ada", id, "cancel")), map[string]any{"success": true, "id": id})
	w.fails(400, "no upload in parts", "ada", own("ada", id, "commit"))
	w.fails(400, "no upload in parts", "ada", own("ada", id, "cancel"))

	// Two uploads of one name: the second to be committed is refused.
	one, two := w.open("ada", "same.csv"), w.open("ada", "same.csv")
	w.part("ada", one, 1, "1")
	w.part("ada", two, 1, "2")
	w.ok("ada", own("ada", one, "commit"))
	w.fails(409, "Item with file 'same.csv' already exists.", "ada", own("ada", two, "commit"))
	equal(t, "status", w.status(two), "partial")

	// The type follows from the parts where nobody gave it.
	zip := zipped(t, "r.shp", "r.dbf", "r.shx")
	shapes := w.open("ada", "r.zip", "title", "R")
	w.part("ada", shapes, 2, zip[40:])
	w.part("ada", shapes, 1, zip[:40])
	w.ok("ada", own("ada", shapes, "commit"))
	equal(t, "type", w.item("ada", shapes)["type"], "Shapefile")
	untyped := w.open("ada", "u.bin")
	w.part("ada", untyped, 1, "x")
	w.fails(400, "'type' must be specified", "ada", own("ada", untyped, "commit"))
	w.ok("ada", own("ada", untyped, "commit"), "type", "Image", "title", "U")
	equal(t, "type at commit", w.item("ada", untyped)["type"], "Image")
	w.fails(400, "is not supported", "ada", own("ada", untyped, "status"), "jobType", "publish")
	w.fails(400, "'jobId'", "ada", own("ada", untyped, "status"), "jobId", "7")
}

func TestDataIsReplacedInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	id := w.addFile("ada", "old.csv", "old\n", "title", "T", "type", "CSV")
	w.addFile("ada", "taken.csv", "x\n", "title", "T", "type", "CSV")
	w.fails(409, "Item with file 'taken.csv' already exists.", "ada", own("ada", id, "update"), "multipart", "true", "filename", "taken.csv")
	w.ok("ada", own("ada", id, "update"), "multipart", "true", "filename", "new.csv", "snippet", "s")
	w.part("ada", id, 1, "new\n")
	_, data := w.data("ada", id)
	equal(t, "before the commit", []any{data, w.item("ada", id)["name"], w.status(id)}, []any{"old\n", "old.csv", "partial"})
	w.ok("ada", own("ada", id, "cancel"))
	_, data = w.data("ada", id)
	equal(t, "cancelled", []any{data, w.item("ada", id)["name"], w.status(id)}, []any{"old\n", "old.csv", "completed"})

	w.ok("ada", own("ada", id, "update"), "multipart", "true", "filename", "new.csv")
	equal(t, "an upload begins without parts", at(w.ok("ada", own("ada", id, "parts")), "parts"), []any{})
	w.part("ada", id, 1, "new\n")
	w.fails(400, "'type' cannot change", "ada", own("ada", id, "commit"), "type", "Image")
	w.ok("ada", own("ada", id, "commit"), "type", "CSV")
	_, data = w.data("ada", id)
	equal(t, "committed", []any{data, w.item("ada", id)["name"], w.status(id)}, []any{"new\n", "new.csv", "completed"})

	w.ok("ada", own("ada", id, "update"), "multipart", "true", "filename", "third.csv")
	w.part("ada", id, 1, "third\n")
	w.upload("ada", own("ada", id, "update"), "file", "whole.csv", []byte("whole\n"))
	_, data = w.data("ada", id)
	equal(t, "a whole file ends the upload", []any{data, w.status(id)}, []any{"whole\n", "completed"})
	w.fails(400, "no upload in parts", "ada", own("ada", id, "commit"))
}
