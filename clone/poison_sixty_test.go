package clone_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// chains are twenty layers, each with a map that shows it and an app that shows the map. The app
// after the poisoned chain shows that map too.
const (
	chains   = 20
	poisoned = 7
)

// TestOnePoisonedItemAmongSixtyDependentOnes spoils the data of one layer on the source. What
// depends on it is blocked and not written at all; the other items arrive; the report gives the
// cause for each; and when the cause is gone the same command completes the copy.
func TestOnePoisonedItemAmongSixtyDependentOnes(t *testing.T) {
	t.Parallel()
	bad, seen := &poison{}, &titles{}
	bad.mended.Store(true)
	p := &pair{journal: t.TempDir() + "/j"}
	p.src, p.dst = portaltest.Start(t, portaltest.Wrap(bad.wrap)), portaltest.Start(t, portaltest.Wrap(seen.wrap))
	p.from, p.to = client(t, p.src), client(t, p.dst)
	ids := p.sixty(t)
	bad.do = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasSuffix(r.URL.Path, ids["Layer 07"]+"/data") {
			return false
		}
		http.Error(w, "disk on fire", http.StatusInternalServerError)
		return true
	}
	bad.mended.Store(false)
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if c := rep.Result.Items; c.Planned != 60 || c.Created != 56 || c.Failed != 1 || c.Blocked != 3 {
		t.Errorf("items: %+v", c)
	}
	if rep.Result.Failed() != 4 { // the command line ends with 3 then
		t.Errorf("%d failures are counted", rep.Result.Failed())
	}
	blamed := map[string]string{}
	for _, f := range rep.Failures {
		blamed[f.Title] = f.Error
		if f.Blocked != (f.Title != "Layer 07") {
			t.Errorf("%s: blocked is %v", f.Title, f.Blocked)
		}
	}
	if !strings.Contains(blamed["Layer 07"], "500") {
		t.Errorf("the poisoned item: %q", blamed["Layer 07"])
	}
	delete(blamed, "Layer 07")
	blocked := []string{"App 07", "App 08", "Map 07"}
	if got := slices.Sorted(maps.Keys(blamed)); !slices.Equal(got, blocked) {
		t.Errorf("blocked: %q, want %q", got, blocked)
	}
	for title, why := range blamed {
		if !strings.Contains(why, `"Layer 07" (`+ids["Layer 07"]+")") {
			t.Errorf("%s is blocked by %q", title, why)
		}
	}
	written := seen.take()
	for title := range ids {
		if want := title != "Layer 07" && !slices.Contains(blocked, title); written[title] != want {
			t.Errorf("%s: written is %v", title, written[title])
		}
	}
	bad.mended.Store(true)
	again := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	expectClean(t, again)
	if written := seen.take(); again.Result.Items.Created != 4 || len(written) != 4 {
		t.Errorf("after the cause is gone: %+v, written %v", again.Result.Items, written)
	}
}

// sixty fills the source and returns the ids by title.
func (p *pair) sixty(t *testing.T) map[string]string {
	t.Helper()
	ids := map[string]string{}
	add := func(kind string, i int, itemType, text string) {
		title := fmt.Sprintf("%s %02d", kind, i)
		ids[title] = string(p.add(t, gis.ItemSpec{Title: title, Type: itemType}, gis.WithText(text)).ID)
	}
	for i := range chains {
		add("Layer", i, "Feature Collection", `{"layers":[]}`)
		add("Map", i, "Web Map", fmt.Sprintf(`{"operationalLayers":[{"itemId":%q}]}`, ids[fmt.Sprintf("Layer %02d", i)]))
		also := ""
		if i == poisoned+1 {
			also = ids[fmt.Sprintf("Map %02d", poisoned)]
		}
		add("App", i, "Web Mapping Application", fmt.Sprintf(`{"values":{"webmap":%q,"also":%q}}`, ids[fmt.Sprintf("Map %02d", i)], also))
	}
	return ids
}

// titles stands in front of a portal and notes the titles of the items that are made.
type titles struct {
	mu   sync.Mutex
	made map[string]bool
}

func (s *titles) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/addItem") {
			body, _ := io.ReadAll(r.Body) // an error comes again at the portal
			r.Body = io.NopCloser(bytes.NewReader(body))
			s.note(r.Clone(r.Context()), body)
		}
		next.ServeHTTP(w, r)
	})
}

func (s *titles) note(r *http.Request, body []byte) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	title := r.FormValue("title")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil {
		s.made = map[string]bool{}
	}
	s.made[title] = true
}

func (s *titles) take() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.made
	s.made = nil
	return out
}
