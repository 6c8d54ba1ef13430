package clone_test

import (
	"context"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
)

// TestARunThatWasCutWhileItComparedIsOneRun cuts a run off when everything is copied and is
// being compared: the same command goes on with that run, and undo takes all of it back.
func TestARunThatWasCutWhileItComparedIsOneRun(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	before := listing(t, p.dst)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m := &clone.Meter{OnEvent: func(ev clone.MeterEvent) {
		if ev.Phase == "compare members" {
			cancel()
		}
	}}
	if _, err := p.run(t, ctx, m); err == nil {
		t.Fatal("the run was not cut off")
	}
	rep, err := p.run(t, t.Context(), nil)
	ok(t, err)
	expectClean(t, rep)
	if rep.Result.Items.Created != 7 {
		t.Errorf("the run that goes on tells of %d items made, want 7", rep.Result.Items.Created)
	}
	u := p.undo(t, clone.UndoOptions{})
	if len(u.Kept)+len(u.NotUndone)+len(u.Failures) > 0 {
		t.Errorf("kept %+v, not undone %+v, failed %+v", u.Kept, u.NotUndone, u.Failures)
	}
	if after := listing(t, p.dst); after != before {
		t.Errorf("the target is not as it was before the run:\n%s", firstDifference(before, after))
	}
}

// TestUndoNamesTheLastRunThatMadeSomething runs twice more after a clone: each finds everything
// in place. Undo of the last says which journal has what was made.
func TestUndoNamesTheLastRunThatMadeSomething(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	for range 3 {
		rep, err := p.run(t, t.Context(), nil)
		ok(t, err)
		expectClean(t, rep)
	}
	u := p.undo(t, clone.UndoOptions{})
	if len(u.Notes) != 1 || !strings.HasSuffix(u.Notes[0], "--journal "+p.journal+".0001") {
		t.Errorf("notes %q, want one that ends with %s.0001", u.Notes, p.journal)
	}
}
