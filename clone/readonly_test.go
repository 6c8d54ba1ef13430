package clone_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// watch records the requests to a portal that are neither a read nor a sign-in.
type watch struct {
	mu    sync.Mutex
	armed bool
	seen  []string
}

func (w *watch) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		read := (r.Method == http.MethodGet || r.Method == http.MethodHead) && !writes(r)
		w.mu.Lock()
		if w.armed && !read && !strings.HasSuffix(r.URL.Path, "/generateToken") {
			w.seen = append(w.seen, r.Method+" "+r.URL.Path)
		}
		w.mu.Unlock()
		next.ServeHTTP(rw, r)
	})
}

func (w *watch) arm(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = on
}

// TestNothingIsEverWrittenToTheSource goes through planning, applying, verifying, a second run
// over a changed source, replacing, and undoing, with every option on.
func TestNothingIsEverWrittenToTheSource(t *testing.T) {
	t.Parallel()
	w := &watch{}
	p := &pair{src: portaltest.Start(t, portaltest.Wrap(w.wrap)), dst: portaltest.Start(t), journal: t.TempDir() + "/j"}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	p.makeMembers(t)
	p.makeGroups(t)
	p.makeItems(t)
	p.occupy(t)
	opts := clone.RunOptions{Journal: p.journal, PasswordsOut: t.TempDir() + "/p", Options: clone.Options{
		AllowAdmins: true, OnConflict: clone.ConflictReplace, ReplaceMembers: true, ReassignTo: "keeper", UpdateExisting: true, OrgSettings: true, Full: true,
		AccessMap: map[string]string{"org": "private"}, Only: []string{"type:Web Map", "type:Web Mapping Application"},
	}}
	w.arm(true)
	rep := must[*clone.Report](t)(clone.Run(t.Context(), p.from, p.to, opts, nil))
	if rep.Result.Items.Created == 0 || rep.Result.Users.Created == 0 {
		t.Errorf("figures: %+v", rep.Result)
	}
	w.arm(false)
	p.changeSource(t)
	w.arm(true)
	opts.PasswordsOut, opts.Only = "", nil
	must[*clone.Report](t)(clone.Run(t.Context(), p.from, p.to, opts, nil))
	p.proved(t, "after a second run")
	p.undo(t, clone.UndoOptions{})
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, what := range w.seen {
		t.Errorf("the source was asked to %s", what)
	}
}
