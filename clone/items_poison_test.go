package clone_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// poison stands in front of a portal and spoils what do says, until it is mended.
type poison struct {
	mended atomic.Bool
	do     func(w http.ResponseWriter, r *http.Request, next http.Handler) bool // true: it was spoiled
}

func (p *poison) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.mended.Load() || p.do == nil || !p.do(w, r, next) {
			next.ServeHTTP(w, r)
		}
	})
}

// TestPoisonedItemsFailAlone spoils one item of twenty in each way that a transfer can go wrong.
// The others arrive, and after the cause is gone the same command completes the copy.
func TestPoisonedItemsFailAlone(t *testing.T) {
	t.Parallel()
	const victim = "f07.csv"
	for _, tc := range []struct {
		name     string
		atSource bool
		spoil    func(id string) func(w http.ResponseWriter, r *http.Request, next http.Handler) bool
	}{
		{"data that breaks off and cannot be continued", true, func(id string) func(http.ResponseWriter, *http.Request, http.Handler) bool {
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
				if !strings.HasSuffix(r.URL.Path, id+"/data") {
					return false
				}
				rec := httptest.NewRecorder()
				next.ServeHTTP(rec, r)
				w.Header().Set("Content-Length", strconv.Itoa(rec.Body.Len()))
				w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
				w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
				panic(http.ErrAbortHandler)
			}
		}},
		{"data that the source cannot read", true, func(id string) func(http.ResponseWriter, *http.Request, http.Handler) bool {
			return func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				if !strings.HasSuffix(r.URL.Path, id+"/data") {
					return false
				}
				http.Error(w, "disk on fire", http.StatusInternalServerError)
				return true
			}
		}},
		{"a list of resources that the source refuses", true, func(id string) func(http.ResponseWriter, *http.Request, http.Handler) bool {
			return func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				if !strings.HasSuffix(r.URL.Path, id+"/resources") {
					return false
				}
				fmt.Fprint(w, `{"error":{"code":403,"message":"You do not have permissions to access this resource."}}`)
				return true
			}
		}},
		{"an item that the target refuses", false, func(string) func(http.ResponseWriter, *http.Request, http.Handler) bool {
			return refusing("/addItem", victim)
		}},
		{"a resource that the target refuses", false, func(string) func(http.ResponseWriter, *http.Request, http.Handler) bool {
			return refusing("/addResources", "poisoned.png")
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			bad := &poison{}
			bad.mended.Store(true)
			p := &pair{journal: t.TempDir() + "/j"}
			if tc.atSource {
				p.src, p.dst = portaltest.Start(t, portaltest.Wrap(bad.wrap)), portaltest.Start(t)
			} else {
				p.src, p.dst = portaltest.Start(t), portaltest.Start(t, portaltest.Wrap(bad.wrap))
			}
			p.from, p.to = client(t, p.src), client(t, p.dst)
			var poisoned *gis.Item
			for i := range 20 {
				name := fmt.Sprintf("f%02d.csv", i)
				it := p.add(t, gis.ItemSpec{Title: name, Type: "CSV"}, gis.WithData(gis.BytesUpload(name, bytes.Repeat([]byte("row,row\n"), 1000))))
				if name == victim {
					poisoned = it
					p.resource(t, it, "images/poisoned.png", "\x89PNG", gis.ResourceInherit)
				}
			}
			bad.do = tc.spoil(string(poisoned.ID))
			bad.mended.Store(false)
			rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
			if c := rep.Result.Items; c.Created != 19 || c.Failed != 1 || len(rep.Failures) != 1 || rep.Failures[0].Source != string(poisoned.ID) {
				t.Errorf("items: %+v, failures: %+v", c, rep.Failures)
			}
			bad.mended.Store(true)
			expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
			if d := must[*gis.Data](t)(p.copyOf(t, poisoned).Data(t.Context())); d.Size != 8000 {
				t.Errorf("the mended copy has %d bytes", d.Size)
			}
		})
	}
}

// refusing refuses the requests whose path ends in path and whose body holds text.
func refusing(path, text string) func(http.ResponseWriter, *http.Request, http.Handler) bool {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		(&refuser{path: path, body: text}).wrap(next).ServeHTTP(w, r)
		return true
	}
}

// TestACommaInATagFailsTheItemWithTheReason gives the source an item with a tag that no portal
// of this kind can hold.
func TestACommaInATagFailsTheItemWithTheReason(t *testing.T) {
	t.Parallel()
	bad := &poison{}
	p := &pair{journal: t.TempDir() + "/j", src: portaltest.Start(t, portaltest.Wrap(bad.wrap)), dst: portaltest.Start(t)}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	it := p.add(t, gis.ItemSpec{Title: "Odd", Tags: []string{"x"}}, gis.WithText("{}"))
	p.add(t, gis.ItemSpec{Title: "Plain", Tags: []string{"x"}}, gis.WithText("{}"))
	bad.do = altering("/items/"+string(it.ID), func(doc map[string]any) {
		doc["item"].(map[string]any)["tags"] = []string{"roads, paved", "x"}
	})
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if len(rep.Failures) != 1 || !strings.Contains(rep.Failures[0].Error, `"roads, paved"`) || !strings.Contains(rep.Failures[0].Error, "comma") {
		t.Errorf("failures: %+v", rep.Failures)
	}
	if rep.Result.Items.Created != 1 {
		t.Errorf("items: %+v", rep.Result.Items)
	}
}

// altering changes the JSON that a portal answers for a path.
func altering(path string, alter func(map[string]any)) func(http.ResponseWriter, *http.Request, http.Handler) bool {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if !strings.HasSuffix(r.URL.Path, path) {
			return false
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		var doc map[string]any
		if json.Unmarshal(rec.Body.Bytes(), &doc) == nil {
			alter(doc)
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(doc)
		return true
	}
}

// TestPortalsThatChooseIDsGetShells clones to a portal which ignores the ids that it is asked
// for, says so by its version, and whose search finds nothing of what was just made.
func TestPortalsThatChooseIDsGetShells(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	p := emptyPair(t, portaltest.Wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/portals/self"):
				altering("/portals/self", func(doc map[string]any) { doc["currentVersion"] = "7.3" })(w, r, next)
			case strings.HasSuffix(r.URL.Path, "/sharing/rest/search"):
				fmt.Fprint(w, `{"query":"","total":0,"start":1,"num":100,"nextStart":-1,"results":[]}`)
			case strings.HasSuffix(r.URL.Path, "/addItem"):
				if r.ParseMultipartForm(1<<20) == nil && r.FormValue("itemIdToCreate") != "" {
					asked.Add(1)
				}
				next.ServeHTTP(w, rebuilt(t, r))
			default:
				next.ServeHTTP(w, r)
			}
		})
	}))
	p.member(t, "ada")
	folder := must[*gis.Folder](t)(p.from.Content.CreateFolder(t.Context(), "ada", "Maps"))
	layer := p.add(t, gis.ItemSpec{Owner: "ada", Title: "Layer", Type: "Feature Service", URL: "https://elsewhere.example.org/rest/services/X/FeatureServer"})
	webmap := p.add(t, gis.ItemSpec{Owner: "ada", Folder: folder.ID, Title: "Map"}, gis.WithText(`{"itemId":"`+string(layer.ID)+`"}`), gis.WithThumbnail(picture(1)))
	app := p.add(t, gis.ItemSpec{Title: "App", Type: "Web Experience"}, gis.WithText(`{"map":"`+string(webmap.ID)+`"}`))
	p.resource(t, app, "config/config.json", `{"itemId":"`+string(webmap.ID)+`"}`, gis.ResourceInherit)
	file := p.add(t, gis.ItemSpec{Owner: "ada", Title: "File", Type: "CSV"}, gis.WithData(gis.BytesUpload("f.csv", []byte("a\n1\n"))))
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	expectClean(t, rep)
	if asked.Load() != 0 {
		t.Errorf("%d items were asked for by id", asked.Load())
	}
	c := p.copyOf(t, app)
	if got := read(t, func() (*gis.Data, error) { return c.Data(t.Context()) }); got != `{"map":"`+string(p.copyOf(t, webmap).ID)+`"}` {
		t.Errorf("app: %s", got)
	}
	for _, it := range []*gis.Item{layer, webmap, app, file} {
		if p.copyOf(t, it).ID == it.ID {
			t.Errorf("%s kept its id", it.Title)
		}
	}
	again := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if c := again.Result.Items; c.Matched != 4 || c.Created != 0 {
		t.Errorf("second run: %+v", c)
	}
}

// rebuilt answers a request whose form was read.
func rebuilt(t *testing.T, r *http.Request) *http.Request {
	t.Helper()
	out := r.Clone(r.Context())
	if r.MultipartForm != nil || len(r.PostForm) == 0 {
		t.Error("the shells of this test carry no files")
	}
	body := r.PostForm.Encode()
	out.Body = http.MaxBytesReader(nil, readCloser{strings.NewReader(body)}, 1<<20)
	out.ContentLength = int64(len(body))
	return out
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// TestAnIDThatIsNotHonoredFailsTheItem clones to a portal that says it honors ids and does not.
func TestAnIDThatIsNotHonoredFailsTheItem(t *testing.T) {
	t.Parallel()
	bad := &poison{do: func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if !strings.HasSuffix(r.URL.Path, "/addItem") || r.ParseForm() != nil || r.PostForm.Get("title") != "Poisoned" {
			return false
		}
		r.PostForm.Set("itemIdToCreate", esri.NewID())
		next.ServeHTTP(w, rebuilt(t, r))
		return true
	}}
	p := emptyPair(t, portaltest.Wrap(bad.wrap))
	p.add(t, gis.ItemSpec{Title: "Poisoned", Type: "Web Mapping Application", URL: "https://elsewhere.example.org/app"})
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if len(rep.Failures) != 1 || !strings.Contains(rep.Failures[0].Error, "gave it the id") {
		t.Errorf("failures: %+v", rep.Failures)
	}
	left := must[[]*gis.Item](t)(gis.Collect(p.to.Content.AllUserItems(t.Context(), p.dst.Admin)))
	if slices.ContainsFunc(left, func(it *gis.Item) bool { return it.Title == "Poisoned" }) {
		t.Error("the item with the wrong id is left")
	}
}
