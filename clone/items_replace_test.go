package clone_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestReplacedItemsKeepTheirID writes an item over one whose file name it has.
func TestReplacedItemsKeepTheirID(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	it := p.add(t, gis.ItemSpec{Title: "New", Type: "CSV", Tags: []string{"new"}, Snippet: "of the source"}, gis.WithData(gis.BytesUpload("same.csv", []byte("new\n"))))
	p.resource(t, it, "notes/new.txt", "new", gis.ResourcePrivate)
	old := must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{Title: "Old", Type: "CSV", Tags: []string{"old"}, Description: "of the target", LicenseInfo: "old"},
		gis.WithData(gis.BytesUpload("same.csv", []byte("old\n"))), gis.WithThumbnail(picture(9)), gis.WithScreenshots(picture(8))))
	ok(t, old.Resources().Add(ctx, gis.ResourceSpec{Name: "notes/old.txt", Upload: gis.BytesUpload("x", []byte("old"))}))
	rep := must[*clone.Report](t)(clone.Run(ctx, p.from, p.to, clone.RunOptions{Journal: p.journal, Options: clone.Options{OnConflict: clone.ConflictReplace}}, nil))
	expectCleanOr(t, rep, "")
	c := p.copyOf(t, it)
	if c.ID != old.ID || c.Title != "New" || c.Description != "" || c.LicenseInfo != "" || !slices.Equal(c.Tags, []string{"new"}) || c.Thumbnail != "" || len(c.Screenshots) != 0 {
		t.Errorf("got %s", c.Raw())
	}
	if got := read(t, func() (*gis.Data, error) { return c.Data(ctx) }); got != "new\n" {
		t.Errorf("data: %q", got)
	}
	if got := resourcesOf(t, c); !slices.Equal(got, []string{"notes/new.txt private"}) {
		t.Errorf("resources: %v", got)
	}
}

// TestRenamedItemsKeepTheirName copies a file beside one of the same name, and changes the source
// afterwards.
func TestRenamedItemsKeepTheirName(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	it := p.add(t, gis.ItemSpec{Title: "Table", Type: "CSV"}, gis.WithData(gis.BytesUpload("same.csv", []byte("new\n"))))
	must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{Title: "Old", Type: "CSV"}, gis.WithData(gis.BytesUpload("same.csv", []byte("old\n")))))
	opts := clone.RunOptions{Journal: p.journal, Options: clone.Options{OnConflict: clone.ConflictRename}}
	must[*clone.Report](t)(clone.Run(ctx, p.from, p.to, opts, nil))
	if c := p.copyOf(t, it); c.Name != "same_2.csv" || c.Title != "Table" {
		t.Errorf("copied as %s, %q", c.Name, c.Title)
	}
	ok(t, it.Update(ctx, gis.ItemUpdate{Title: new("Table of trees")}, gis.WithData(gis.BytesUpload("same.csv", []byte("newer\n")))))
	rep := must[*clone.Report](t)(clone.Run(ctx, p.from, p.to, opts, nil))
	if rep.Result.Failed() != 0 || rep.Result.Items.Updated != 1 {
		t.Errorf("second run: %+v %+v", rep.Result.Items, rep.Failures)
	}
	c := p.copyOf(t, it)
	if got := read(t, func() (*gis.Data, error) { return c.Data(ctx) }); c.Name != "same_2.csv" || c.Title != "Table of trees" || got != "newer\n" {
		t.Errorf("brought in line as %s, %q: %q", c.Name, c.Title, got)
	}
}

// TestItemsFollowTheirOwnerAndFolder gives an item of the source to another member, and moves one.
func TestItemsFollowTheirOwnerAndFolder(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	p.member(t, "ada")
	p.member(t, "grace")
	folder := must[*gis.Folder](t)(p.from.Content.CreateFolder(ctx, "grace", "Hers"))
	it := p.add(t, gis.ItemSpec{Owner: "ada", Title: "Wanderer"}, gis.WithText(`{}`))
	ok(t, it.Protect(ctx, true))
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	first := p.copyOf(t, it).ID
	ok(t, it.ReassignTo(ctx, "grace", "Hers"))
	must[*clone.Report](t)(p.run(t, ctx, nil))
	c := p.copyOf(t, it)
	if want := p.mapping(t, clone.KindFolder)[string(folder.ID)]; c.ID != first || c.Owner != "grace" || string(c.OwnerFolder) != want || !c.Protected {
		t.Errorf("copy %s of %s in %s, protected %v; want %s in %s", c.ID, c.Owner, c.OwnerFolder, c.Protected, first, want)
	}
}

// TestDataFromAnAddressIsFetchedByTheTarget copies an item whose data the source fetched itself.
func TestDataFromAnAddressIsFetchedByTheTarget(t *testing.T) {
	t.Parallel()
	const address = "https://elsewhere.example.org/table.csv"
	for _, fetches := range []bool{true, false} {
		var downloads, asked atomic.Int64
		from, to := &poison{}, &poison{}
		p := &pair{journal: t.TempDir() + "/j", src: portaltest.Start(t, portaltest.Wrap(from.wrap)), dst: portaltest.Start(t, portaltest.Wrap(to.wrap))}
		p.from, p.to = client(t, p.src), client(t, p.dst)
		it := p.add(t, gis.ItemSpec{Title: "Table", Type: "CSV"}, gis.WithData(gis.BytesUpload("table.csv", []byte("a\n"))))
		from.do = func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
			if strings.HasSuffix(r.URL.Path, "/data") {
				downloads.Add(1)
			}
			return altering("/items/"+string(it.ID), func(doc map[string]any) {
				if item, ok := doc["item"].(map[string]any); ok {
					item["dataUrl"] = address
				}
			})(w, r, next)
		}
		to.do = func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
			if !fetches || !strings.HasSuffix(r.URL.Path, "/addItem") || r.ParseForm() != nil || r.PostForm.Get("dataUrl") != address {
				return false
			}
			asked.Add(1)
			r.PostForm.Del("dataUrl")
			next.ServeHTTP(w, rebuilt(t, r))
			return true
		}
		rep := p.apply(t)
		if rep.Result.Items.Created != 1 || rep.Result.Failed() != 0 {
			t.Errorf("fetches %v: %+v %+v", fetches, rep.Result.Items, rep.Failures)
		}
		if fetches != (downloads.Load() == 0) || fetches != (asked.Load() == 1) {
			t.Errorf("fetches %v: %d downloads, asked for %d times", fetches, downloads.Load(), asked.Load())
		}
	}
}
