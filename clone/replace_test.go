package clone_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// standing is what is on the target before a run that replaces: somebody else's account with
// content of its own, and somebody else's group.
type standing struct {
	note, guest *gis.Item // of the account, and of the keeper in the group
	own, group  *gis.Group
}

// occupy puts it there.
func (p *pair) occupy(t *testing.T) *standing {
	t.Helper()
	ctx, s := t.Context(), &standing{}
	for _, name := range []string{"keeper", "ada_lovelace"} {
		must[*gis.User](t)(p.to.Users.Create(ctx, gis.UserSpec{
			Username: name, Password: "nobody-knows-8", FirstName: "Some", LastName: "Body", Email: name + "@elsewhere.example", Role: gis.RolePublisher, UserType: "creatorUT"}))
	}
	s.note = must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{Owner: "ada_lovelace", Title: "Old notes", Type: "PDF"}, gis.WithData(gis.BytesUpload("old.pdf", []byte("%PDF-1.2")))))
	s.own = must[*gis.Group](t)(p.to.Groups.Create(ctx, gis.GroupSpec{Title: "Her circle", Tags: []string{"x"}}))
	ok(t, s.own.AddUsers(ctx, "ada_lovelace"))
	ok(t, s.own.ReassignTo(ctx, "ada_lovelace"))
	s.group = must[*gis.Group](t)(p.to.Groups.Create(ctx, gis.GroupSpec{Title: "FIELD crews", Tags: []string{"x"}}))
	s.guest = must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{Title: "A guest", Type: "Web Map"}, gis.WithText("{}")))
	ok(t, s.guest.Share(ctx, gis.Share{Groups: []esri.GroupID{s.group.ID}}))
	return s
}

// replacing plans a run that replaces the account and the group.
func (p *pair) replacing(t *testing.T, s *standing) *clone.Plan {
	t.Helper()
	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{OnConflict: clone.ConflictReplace, ReplaceMembers: true, ReassignTo: "keeper"}, nil, nil))
	for _, w := range []struct {
		kind           clone.Kind
		source, target string
	}{{clone.KindUser, "ada_lovelace", "ada_lovelace"}, {clone.KindGroup, string(p.group.ID), string(s.group.ID)}} {
		if got := step(t, plan, w.kind, w.source); got.Action != clone.Replace || got.Target != w.target {
			t.Fatalf("planned: %+v", got)
		}
	}
	return plan
}

func (p *pair) carryOut(t *testing.T, ctx context.Context, plan *clone.Plan, opts clone.ApplyOptions) (*clone.Report, error) {
	t.Helper()
	j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, esri.NewID()))
	defer j.Close()
	return clone.Apply(ctx, p.from, p.to, plan, opts, j, nil)
}

// proved verifies with the journal and expects no difference.
func (p *pair) proved(t *testing.T, what string) {
	t.Helper()
	j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, "test"))
	defer j.Close()
	rep := must[*clone.Report](t)(clone.Verify(t.Context(), p.from, p.to, clone.Options{}, j, nil))
	for _, d := range rep.Differences {
		t.Errorf("%s: differs: %+v", what, d)
	}
}

// expectReplaced checks by hand what became of what stood in the way.
func (p *pair) expectReplaced(t *testing.T, s *standing, what string) {
	t.Helper()
	ctx := t.Context()
	ada := must[*gis.User](t)(p.to.Users.Get(ctx, "ada_lovelace"))
	if ada.Email != "ada@example.org" || ada.FullName != "Ada Lovelace" {
		t.Errorf("%s: the account is %s <%s>", what, ada.FullName, ada.Email)
	}
	if it := must[*gis.Item](t)(p.to.Content.Get(ctx, s.note.ID)); it.Owner != "keeper" {
		t.Errorf("%s: what the account owned went to %s", what, it.Owner)
	}
	if g := must[*gis.Group](t)(p.to.Groups.Get(ctx, s.own.ID)); g.Owner != "keeper" {
		t.Errorf("%s: the group of the account went to %s", what, g.Owner)
	}
	if _, err := p.to.Groups.Get(ctx, s.group.ID); !errors.Is(err, gis.ErrNotFound) {
		t.Errorf("%s: the group that was replaced: %v", what, err)
	}
	if it := must[*gis.Item](t)(p.to.Content.Get(ctx, s.guest.ID)); it.Owner != p.dst.Admin {
		t.Errorf("%s: the item of the replaced group belongs to %s", what, it.Owner)
	}
	titles := []string{}
	for g, err := range p.to.Groups.SearchAll(ctx, "", nil) {
		ok(t, err)
		if strings.EqualFold(g.Title, "field crews") {
			titles = append(titles, g.Title)
		}
	}
	if !slices.Equal(titles, []string{"Field Crews"}) {
		t.Errorf("%s: groups of this title: %q", what, titles)
	}
}

func TestWhatStandsInTheWayGivesWay(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	s := p.occupy(t)
	rep := must[*clone.Report](t)(p.carryOut(t, t.Context(), p.replacing(t, s), clone.ApplyOptions{}))
	for _, f := range rep.Failures {
		t.Errorf("failed: %+v", f)
	}
	p.expectReplaced(t, s, "replaced")
	p.proved(t, "replaced")
}

// TestAReplacingRunThatWasCutOffGoesOn breaks the connection at every write up to the first
// items, where all that is destroyed is destroyed, and at some of the later ones.
func TestAReplacingRunThatWasCutOffGoesOn(t *testing.T) {
	t.Parallel()
	src := portaltest.Start(t)
	whole := &pair{src: src}
	whole.from = client(t, whole.src)
	whole.makeMembers(t)
	whole.makeGroups(t)
	whole.makeItems(t)
	total, until := whole.cutReplacing(t, 0, false)
	if until < 8 || total < 30 {
		t.Fatalf("a whole run makes only %d writes, %d before items", total, until)
	}
	var wg sync.WaitGroup
	limit := make(chan struct{}, 4)
	for at := int64(1); at <= total; at++ {
		if at > until && at%16 != 0 {
			continue
		}
		wg.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			whole.cutReplacing(t, at, at%2 == 0)
		})
	}
	wg.Wait()
}

// cutReplacing cuts a replacing run at one of its writes and lets it go on; 0 cuts nothing. It
// answers how many writes there were, and how many before the first item.
func (whole *pair) cutReplacing(t *testing.T, at int64, late bool) (total, until int64) {
	g := &gate{}
	p := *whole
	p.dst, p.journal = portaltest.Start(t, portaltest.Wrap(g.wrap)), t.TempDir()+"/j"
	p.to = client(t, p.dst)
	s := p.occupy(t)
	plan := p.replacing(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	g.cut = cancel
	g.late.Store(late)
	g.writes.Store(0)
	g.first.Store(0)
	g.at.Store(at)
	rep, err := p.carryOut(t, ctx, plan, clone.ApplyOptions{})
	if at > 0 {
		if err == nil {
			t.Errorf("cut at write %d: the run says that nothing happened", at)
		} else if !strings.Contains(err.Error(), "goes on") {
			t.Errorf("cut at write %d: %v does not say how to go on", at, err)
		}
		rep, err = p.carryOut(t, t.Context(), plan, clone.ApplyOptions{})
	}
	what := fmt.Sprintf("cut at write %d (late %v)", at, late)
	if err != nil {
		t.Errorf("cut at write %d (late %v): second run: %v", at, late, err)
		return 0, 0
	}
	for _, f := range rep.Failures {
		t.Errorf("cut at write %d (late %v): failed: %+v", at, late, f)
	}
	p.expectReplaced(t, s, what)
	p.proved(t, what)
	return g.writes.Load(), g.first.Load()
}
