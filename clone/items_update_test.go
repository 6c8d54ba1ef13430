package clone_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// wiretap notes the requests that reach a portal.
type wiretap struct {
	mu    sync.Mutex
	lines []string
}

func (w *wiretap) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, path, _ := strings.Cut(r.URL.Path, "/sharing/rest/")
		w.mu.Lock()
		w.lines = append(w.lines, r.Method+" "+path)
		w.mu.Unlock()
		next.ServeHTTP(rw, r)
	})
}

// reset forgets what was noted.
func (w *wiretap) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = nil
}

// writes lists the requests that change something, and downloads those that read files.
func (w *wiretap) writes() (out []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.lines {
		path := l[strings.LastIndexByte(l, '/')+1:]
		if strings.HasPrefix(l, "POST ") && !slices.Contains([]string{"generateToken", "search", "self", "relatedItems"}, path) {
			out = append(out, l)
		}
	}
	slices.Sort(out)
	return out
}

func (w *wiretap) downloads() (out []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.lines {
		if strings.HasPrefix(l, "GET content/items/") && (strings.HasSuffix(l, "/data") || strings.Contains(l, "/resources/") || strings.Contains(l, "/info/")) {
			out = append(out, l)
		}
	}
	slices.Sort(out)
	return out
}

// tapped is two portals with a wiretap each.
func tapped(t *testing.T) (p *pair, from, to *wiretap) {
	t.Helper()
	from, to = &wiretap{}, &wiretap{}
	p = &pair{src: portaltest.Start(t, portaltest.Wrap(from.wrap)), dst: portaltest.Start(t, portaltest.Wrap(to.wrap)), journal: t.TempDir() + "/j"}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	return p, from, to
}

// apply plans and carries the plan out, as a run does, without the comparison at its end. The
// journal of the call before is archived, as a run does with a finished one.
func (p *pair) apply(t *testing.T) *clone.Report {
	t.Helper()
	for n := 1; ; n++ {
		archived := fmt.Sprintf("%s.%04d", p.journal, n)
		if _, err := os.Stat(archived); err == nil {
			continue
		}
		if err := os.Rename(p.journal, archived); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		break
	}
	j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, esri.NewID()))
	defer j.Close()
	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{}, j, nil))
	return must[*clone.Report](t)(clone.Apply(t.Context(), p.from, p.to, plan, clone.ApplyOptions{}, j, nil))
}

// TestASecondRunWritesExactlyWhatChanged clones 200 items, runs again over the unchanged source,
// and again after ten of them changed: in data, title, sharing, relationship, resource, folder,
// thumbnail and protection.
func TestASecondRunWritesExactlyWhatChanged(t *testing.T) {
	t.Parallel()
	p, from, to := tapped(t)
	ctx := t.Context()
	p.member(t, "ada")
	folder := must[*gis.Folder](t)(p.from.Content.CreateFolder(ctx, "ada", "Other"))
	group := must[*gis.Group](t)(p.from.Groups.Create(ctx, gis.GroupSpec{Title: "Crew", Tags: []string{"x"}}))
	ok(t, group.AddUsers(ctx, "ada"))
	items := make([]*gis.Item, 200)
	for i := range items {
		spec := gis.ItemSpec{Owner: "ada", Title: fmt.Sprintf("Item %03d", i), Type: "Web Map"}
		data := gis.WithText(fmt.Sprintf(`{"n":%d}`, i))
		if i%2 == 1 {
			spec.Type, data = "CSV", gis.WithData(gis.BytesUpload(fmt.Sprintf("f%03d.csv", i), fmt.Appendf(nil, "n\n%d\n", i)))
		}
		items[i] = p.add(t, spec, data, gis.WithThumbnail(picture(uint8(i))))
		if i%20 == 0 {
			p.resource(t, items[i], "a/b.txt", "text", gis.ResourceInherit)
			p.resource(t, items[i], "a/c.png", "\x89PNG", gis.ResourcePrivate)
		}
	}
	ok(t, items[0].AddRelationship(ctx, items[1].ID, gis.Item2Report))
	if rep := p.apply(t); rep.Result.Failed() != 0 || rep.Result.Items.Created != 200 {
		t.Fatalf("first run: %+v %+v", rep.Result.Items, rep.Failures)
	}

	from.reset()
	to.reset()
	if rep := p.apply(t); rep.Result.Items.Matched != 200 || rep.Result.Failed() != 0 {
		t.Errorf("second run: %+v", rep.Result)
	}
	for name, got := range map[string][]string{
		"written to the source": from.writes(), "written to the target": to.writes(),
		"downloaded from the source": from.downloads(), "downloaded from the target": to.downloads(),
	} {
		if len(got) != 0 {
			t.Errorf("nothing changed, but %s: %v", name, got)
		}
	}

	id := func(i int) string { return p.mapping(t, clone.KindItem)[string(items[i].ID)] }
	ok(t, items[2].Update(ctx, gis.ItemUpdate{}, gis.WithText(`{"n":"two"}`)))
	ok(t, items[3].Update(ctx, gis.ItemUpdate{}, gis.WithData(gis.BytesUpload("f003.csv", []byte("n\nthree\n")))))
	ok(t, items[4].Update(ctx, gis.ItemUpdate{Title: new("Item four")}))
	ok(t, items[5].Share(ctx, gis.Share{Access: gis.AccessOrg, Groups: []esri.GroupID{group.ID}}))
	ok(t, items[6].AddRelationship(ctx, items[7].ID, gis.Item2Report))
	ok(t, items[20].Resources().Update(ctx, gis.ResourceSpec{Name: "a/b.txt", Upload: gis.BytesUpload("x", []byte("longer text"))}))
	ok(t, items[8].Move(ctx, folder.ID))
	ok(t, items[9].SetThumbnail(ctx, picture(250)))
	ok(t, items[10].Protect(ctx, true))
	ok(t, items[40].Resources().Remove(ctx, "a/c.png"))
	from.reset()
	to.reset()
	rep := p.apply(t)
	if rep.Result.Failed() != 0 {
		t.Errorf("failures: %+v", rep.Failures)
	}
	own := func(i int, op string) string { return "POST content/users/ada/items/" + id(i) + "/" + op }
	want := []string{
		own(2, "update"), own(3, "update"), own(4, "update"),
		"POST content/users/ada/shareItems",
		"POST content/users/ada/addRelationship",
		own(20, "updateResources"), own(20, "update"),
		own(8, "move"),
		own(9, "update"),
		own(10, "protect"),
		own(40, "removeResources"), own(40, "update"),
	}
	got := to.writes()
	for i, l := range got { // the folder segment says where the item was, which is not the point
		if parts := strings.Split(l, "/"); len(parts) == 7 && parts[4] == "items" {
			got[i] = strings.Join(slices.Delete(parts, 3, 4), "/")
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("written:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := from.writes(); len(n) != 0 {
		t.Errorf("written to the source: %v", n)
	}
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
}
