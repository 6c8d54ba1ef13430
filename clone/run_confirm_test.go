package clone_test

import (
	"errors"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
)

// TestNothingIsReplacedUnconfirmed declines what a run would replace: the target stays as it
// is, and the same run is begun when it is confirmed.
func TestNothingIsReplacedUnconfirmed(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.clash(t)
	before := listing(t, p.dst)
	var asked []clone.Step
	opts := clone.RunOptions{Journal: p.journal, Options: clone.Options{OnConflict: clone.ConflictReplace, ReplaceMembers: true, ReassignTo: p.dst.Admin}}
	opts.Confirm = func(steps []clone.Step) bool { asked = steps; return false }
	_, err := clone.Run(t.Context(), p.from, p.to, opts, nil)
	if !errors.Is(err, clone.ErrDeclined) {
		t.Fatalf("got %v, want ErrDeclined", err)
	}
	kinds := map[clone.Kind]bool{}
	for _, s := range asked {
		kinds[s.Kind] = s.Action == clone.Replace
	}
	if !kinds[clone.KindGroup] || !kinds[clone.KindUser] {
		t.Errorf("asked about %+v", asked)
	}
	if after := listing(t, p.dst); after != before {
		t.Errorf("the target changed:\n%s", firstDifference(before, after))
	}
	opts.Confirm = func([]clone.Step) bool { return true }
	rep, err := clone.Run(t.Context(), p.from, p.to, opts, nil)
	ok(t, err)
	if rep.Result.Failed() > 0 {
		t.Errorf("%+v", rep.Failures)
	}
}
