package clone_test

import (
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// runTwice clones under opts twice, finds no difference either time, and makes nothing the
// second time.
func (p *pair) runTwice(t *testing.T, opts clone.Options) *clone.Report {
	t.Helper()
	run := func() *clone.Report {
		rep, err := clone.Run(t.Context(), p.from, p.to, clone.RunOptions{Journal: p.journal, Options: opts}, nil)
		ok(t, err)
		expectClean(t, rep)
		return rep
	}
	first := run()
	if again := run().Result; again.Items.Created+again.Items.Updated+again.Groups.Created+again.Users.Created+again.Shares.Created+again.Relationships.Created != 0 {
		t.Errorf("the second run makes something: %+v", again)
	}
	return first
}

// TestTwinPortalsMatch clones onto a target that has three of the source's items under their own
// ids, and something in the way of everything else: what is there is used.
func TestTwinPortalsMatch(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	in := p.clash(t)
	for _, it := range []*gis.Item{p.webmap, p.app, p.layer} {
		must[*gis.Item](t)(p.to.Content.Add(t.Context(), gis.ItemSpec{ID: it.ID, Title: it.Title, Type: it.Type}, gis.WithText("{}")))
	}
	rep := p.runTwice(t, clone.Options{OnConflict: clone.ConflictMatch})
	if r := rep.Result; r.Items.Created != 1 || r.Groups.Created != 1 || r.Users.Created != 2 || r.Roles.Created != 0 {
		t.Errorf("figures: %+v", r)
	}
	twin := must[*gis.Item](t)(p.to.Content.Get(t.Context(), p.webmap.ID))
	if twin.Description != "" || twin.Owner != p.dst.Admin {
		t.Errorf("the twin was written over: %+v", twin)
	}
	if g := must[*gis.Group](t)(p.to.Groups.Get(t.Context(), esri.GroupID(in["group"]))); g.Title != "FIELD crews" || g.Owner != p.dst.Admin {
		t.Errorf("the group was changed: %s of %s", g.Title, g.Owner)
	}
}

// TestRenamedCopiesStandBesideWhatWasThere clones under other names.
func TestRenamedCopiesStandBesideWhatWasThere(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	in := p.clash(t)
	rep := p.runTwice(t, clone.Options{OnConflict: clone.ConflictRename})
	if r := rep.Result; r.Items.Created != 7 || r.Groups.Created != 2 || r.Users.Created != 3 || r.Roles.Created != 1 {
		t.Errorf("figures: %+v", r)
	}
	if u := must[*gis.User](t)(p.to.Users.Get(t.Context(), "ada_lovelace_2")); u.Email != "ada@example.org" {
		t.Errorf("the renamed account: %+v", u)
	}
	if it := must[*gis.Item](t)(p.to.Content.Get(t.Context(), esri.ItemID(p.mapping(t, clone.KindItem)[string(p.plainly.ID)]))); it.Name != "notes_2.pdf" || it.Title != "Notes" {
		t.Errorf("the renamed file: %s, %s", it.Name, it.Title)
	}
	for key, id := range map[string]string{"file": in["file"], "twin": in["twin"]} {
		if it := must[*gis.Item](t)(p.to.Content.Get(t.Context(), esri.ItemID(id))); it.Title != "x" {
			t.Errorf("the %s that was there: %+v", key, it)
		}
	}
}
