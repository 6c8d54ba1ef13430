package clone_test

import (
	"path/filepath"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// between is newPair for portals of one's choice. An organization of ArcGIS Online chooses the
// ids of items itself and makes members by invitation.
func between(t *testing.T, src, dst *portaltest.Portal) *pair {
	t.Helper()
	p := &pair{src: src, dst: dst, journal: filepath.Join(t.TempDir(), "journal.jsonl")}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	p.makeMembers(t)
	p.makeGroups(t)
	p.makeItems(t)
	return p
}

func TestRunOntoArcGISOnline(t *testing.T) {
	t.Parallel()
	p := between(t, portaltest.Start(t), portaltest.Start(t, portaltest.Online()))
	if f := must[gis.Features](t)(p.to.Features(t.Context())); f.Kind != gis.KindOnline || f.HonorsItemIDToCreate || f.CreatesUsersByAdmin {
		t.Fatalf("the target is %+v", f)
	}
	rep, err := p.run(t, t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	expectClean(t, rep)
	if r := rep.Result; r.Items.Created != 7 || r.Groups.Created != 2 || r.Users.Created != 3 || r.Roles.Created != 1 || r.Folders.Created != 1 || r.Relationships.Created != 3 {
		t.Errorf("figures: %+v", r)
	}
	ada := must[*gis.User](t)(p.to.Users.Get(t.Context(), "ada_lovelace"))
	if ada.Email != "ada@example.org" || ada.Description != "writes about engines" || ada.UserLicenseTypeID != "creatorUT" {
		t.Errorf("%s", ada.Raw())
	}
	for source, target := range p.mapping(t, clone.KindItem) {
		if source == target {
			t.Errorf("the item %s kept its id", source)
		}
	}
	again, err := p.run(t, t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	expectClean(t, again)
	if r := again.Result; r.Items.Matched != 7 || r.Items.Created != 0 || r.Users.Created != 0 {
		t.Errorf("a second run makes something: %+v", r)
	}
}

func TestUndoOnArcGISOnline(t *testing.T) {
	t.Parallel()
	p := between(t, portaltest.Start(t), portaltest.Start(t, portaltest.Online()))
	before := listing(t, p.dst)
	must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if undone := p.undo(t, clone.UndoOptions{}); len(undone.Kept)+len(undone.Failures) > 0 || listing(t, p.dst) != before {
		t.Errorf("undo kept %+v, failed %+v:\n%s", undone.Kept, undone.Failures, firstDifference(before, listing(t, p.dst)))
	}
}

func TestRunFromArcGISOnline(t *testing.T) {
	t.Parallel()
	p := between(t, portaltest.Start(t, portaltest.Online()), portaltest.Start(t))
	rep, err := p.run(t, t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	expectClean(t, rep)
	if r := rep.Result; r.Items.Created != 7 || r.Users.Created != 3 {
		t.Errorf("figures: %+v", r)
	}
}
