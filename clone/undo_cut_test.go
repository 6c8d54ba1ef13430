package clone_test

import (
	"context"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
)

// TestUndoGoesOnWhereItWasCut cuts an undo off after a few objects, again and again: in the end
// the target is as it was before the run.
func TestUndoGoesOnWhereItWasCut(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	before := listing(t, p.dst)
	rep, err := p.run(t, t.Context(), nil)
	ok(t, err)
	expectClean(t, rep)
	cuts := 0
	for range 40 {
		ctx, cancel := context.WithCancel(t.Context())
		m := &clone.Meter{OnEvent: func(ev clone.MeterEvent) {
			if ev.Action == "removed" {
				cancel()
			}
		}}
		j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, "undo"))
		u, err := clone.Undo(ctx, p.to, j, clone.UndoOptions{}, m)
		cancel()
		ok(t, j.Close())
		if len(u.Kept) > 0 || len(u.NotUndone) > 0 || len(u.Failures) > 0 {
			t.Fatalf("kept %+v, not undone %+v, failed %+v", u.Kept, u.NotUndone, u.Failures)
		}
		if err == nil {
			break
		}
		cuts++
	}
	if cuts < 3 {
		t.Errorf("undo was cut off %d times only", cuts)
	}
	if after := listing(t, p.dst); after != before {
		t.Errorf("the target is not as it was before the run:\n%s", firstDifference(before, after))
	}
}

// TestUndoOfACutRun undoes a run that was cut off at several moments, without a seal.
func TestUndoOfACutRun(t *testing.T) {
	t.Parallel()
	for _, phase := range []string{"groups", "items", "sharing"} {
		t.Run(phase, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			before := listing(t, p.dst)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			m := &clone.Meter{OnEvent: func(ev clone.MeterEvent) {
				if ev.Type == "object" && ev.Phase == phase {
					cancel()
				}
			}}
			if _, err := p.run(t, ctx, m); err == nil {
				t.Fatal("the run was not cut off")
			}
			u := p.undo(t, clone.UndoOptions{})
			if len(u.Kept) > 0 || len(u.Failures) > 0 {
				t.Errorf("kept %+v, failed %+v", u.Kept, u.Failures)
			}
			if after := listing(t, p.dst); after != before {
				t.Errorf("the target is not as it was before the run:\n%s", firstDifference(before, after))
			}
		})
	}
}
