package clone_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// gate counts the writes that reach a portal and can cut the caller off at one of them: before
// the portal sees it, or after the portal has acted but before the answer.
type gate struct {
	writes atomic.Int64
	at     atomic.Int64 // cut at this write; 0: never
	first  atomic.Int64 // the write that makes the first item
	late   atomic.Bool  // after the portal has acted
	cut    func()
}

func (g *gate) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !writes(r) {
			next.ServeHTTP(w, r)
			return
		}
		n := g.writes.Add(1)
		if strings.HasSuffix(r.URL.Path, "/addItem") {
			g.first.CompareAndSwap(0, n)
		}
		if n != g.at.Load() {
			next.ServeHTTP(w, r)
			return
		}
		if g.late.Load() {
			next.ServeHTTP(discard{http.Header{}}, r)
		}
		g.cut()
		panic(http.ErrAbortHandler) // the connection breaks
	})
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// writes reports whether a request changes the portal.
func writes(r *http.Request) bool {
	last := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	switch strings.ToLower(last) {
	case "additem", "update", "addresources", "updateresources", "shareitems", "share", "unshare", "protect", "unprotect", "createfolder",
		"createrole", "setprivileges", "createuser", "creategroup", "addusers", "removeusers", "updateusers", "reassign", "addrelationship",
		"deleterelationship", "updateuserrole", "disableusers", "enableusers", "disable", "enable", "expirepassword", "addpart", "commit", "delete", "move":
		return true
	}
	return false
}

// TestARunThatWasCutOffGoesOn breaks the connection at writes all over a run, before or after the
// portal carried them out, and runs again: nothing may be missing, doubled or different.
func TestARunThatWasCutOffGoesOn(t *testing.T) {
	t.Parallel()
	g := &gate{}
	src := portaltest.Start(t)
	whole := &pair{src: src, dst: portaltest.Start(t, portaltest.Wrap(g.wrap)), journal: t.TempDir() + "/j"}
	whole.from, whole.to = client(t, whole.src), client(t, whole.dst)
	whole.makeMembers(t)
	whole.makeGroups(t)
	whole.makeItems(t)
	expectClean(t, must[*clone.Report](t)(whole.run(t, t.Context(), nil)))
	total := g.writes.Load()
	if total < 30 {
		t.Fatalf("a whole run makes only %d writes", total)
	}
	const cuts = 10
	var wg sync.WaitGroup
	for n := range int64(cuts) {
		wg.Go(func() { cutOffAndGoOn(t, whole, 1+n*(total-1)/(cuts-1), n%2 == 1) })
	}
	wg.Wait()
}

func cutOffAndGoOn(t *testing.T, whole *pair, at int64, late bool) {
	g := &gate{}
	p := *whole
	p.dst, p.journal = portaltest.Start(t, portaltest.Wrap(g.wrap)), t.TempDir()+"/j"
	p.to = client(t, p.dst)
	ctx, cancel := context.WithCancel(t.Context())
	g.cut = cancel
	g.late.Store(late)
	g.at.Store(at)
	if _, err := p.run(t, ctx, nil); err == nil {
		t.Errorf("cut at write %d: the run says that nothing happened", at)
	}
	rep, err := p.run(t, t.Context(), nil)
	if err != nil {
		t.Errorf("cut at write %d (late %v): second run: %v", at, late, err)
		return
	}
	for _, f := range rep.Failures {
		t.Errorf("cut at write %d (late %v): failed: %+v", at, late, f)
	}
	for _, d := range rep.Differences {
		t.Errorf("cut at write %d (late %v): differs: %+v", at, late, d)
	}
	for _, name := range []string{p.dst.Admin, "ada_lovelace", "grace_hopper"} {
		want := len(must[[]*gis.Item](t)(gis.Collect(p.from.Content.AllUserItems(t.Context(), name))))
		got := len(must[[]*gis.Item](t)(gis.Collect(p.to.Content.AllUserItems(t.Context(), name))))
		if got != want {
			t.Errorf("cut at write %d (late %v): %s has %d items, want %d", at, late, name, got, want)
		}
	}
}

// TestTheSourceIsOnlyRead watches every request that reaches the source during a clone.
func TestTheSourceIsOnlyRead(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var posts []string
	armed := atomic.Bool{}
	src := portaltest.Start(t, portaltest.Wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if armed.Load() && r.Method != http.MethodGet && r.Method != http.MethodHead {
				mu.Lock()
				posts = append(posts, r.Method+" "+r.URL.Path)
				mu.Unlock()
			}
			next.ServeHTTP(w, r)
		})
	}))
	p := &pair{src: src, dst: portaltest.Start(t), journal: t.TempDir() + "/j"}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	p.makeMembers(t)
	p.makeGroups(t)
	p.makeItems(t)
	armed.Store(true)
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	for _, what := range posts {
		if !strings.HasSuffix(what, "/generateToken") {
			t.Errorf("the source was asked to %s", what)
		}
	}
}
