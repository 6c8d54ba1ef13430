package member_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/member"
	"github.com/rhumb-gis/rhumb/portaltest"
)

type gisGroupID = esri.GroupID

// apply answers the application of a plan, with the error of planning.
func apply[P interface {
	Apply(context.Context, member.Options) (*member.Results, error)
}](plan P, err error) func(context.Context, member.Options) (*member.Results, error) {
	return func(ctx context.Context, o member.Options) (*member.Results, error) {
		if err != nil {
			return nil, err
		}
		return plan.Apply(ctx, o)
	}
}

func TestReadPairs(t *testing.T) {
	t.Parallel()
	pairs, err := member.ReadPairs(strings.NewReader("source;TARGET;idp_username\nada;ada@corp;CORP\\ada\n"))
	ok(t, err)
	if len(pairs) != 1 || pairs[0] != (member.Pair{From: "ada", To: "ada@corp", IDPUsername: `CORP\ada`, Line: 2}) {
		t.Errorf("%+v", pairs)
	}
	if _, err := member.ReadPairs(strings.NewReader("from,to\na,b\n")); err == nil {
		t.Error("no error")
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada", "grace", "alan")
	ctx := t.Context()
	w.furnish(t, "ada", 130)
	w.furnish(t, "grace", 3)
	before, other := w.belongings(t, "ada"), w.belongings(t, "grace")
	opts := member.Options{Journal: filepath.Join(t.TempDir(), "j")}
	ask := member.Move{Create: true, Pairs: []member.Pair{
		{From: "ada", To: "ada@corp"}, {From: "grace", To: `CORP\grace`, IDPUsername: "g.hopper"}, {From: "alan", To: "ada@corp"},
		{From: "nobody", To: "x@corp"}, {From: w.Admin, To: "y@corp"},
	}}
	plan := must[*member.MovePlan](t)(member.PlanMove(ctx, w.p, ask, opts))
	want := []string{"ada done", "grace done", "alan refused: ada@corp stands in pair 1", "nobody refused: no account", w.Admin + " refused: signed in"}
	outcomes(t, plan.Preview(), want...)
	outcomes(t, must[*member.Results](t)(plan.Apply(ctx, opts)), want...)
	if got := w.belongings(t, "ada@corp"); got != before {
		t.Errorf("ada@corp has\n%s\nwant\n%s", got, before)
	}
	moved := must[*gis.User](t)(w.p.Users.Get(ctx, "grace@CORP"))
	if moved.Provider != "enterprise" || moved.IDPUsername != "g.hopper" || moved.Email != "grace@example.com" || w.belongings(t, "grace@CORP") != other {
		t.Errorf("%s\n%s", moved.Raw(), w.belongings(t, "grace@CORP"))
	}

	// Taken back, everything is as it was, and the new accounts are gone.
	undone := must[*member.Results](t)(member.UndoMove(ctx, w.p, opts))
	outcomes(t, undone, "ada done", "grace done")
	for name, was := range map[string]string{"ada": before, "grace": other} {
		if got := w.belongings(t, name); got != was {
			t.Errorf("%s has\n%s\nwant\n%s", name, got, was)
		}
	}
	if _, err := w.p.Users.Get(ctx, "ada@corp"); !errors.Is(err, gis.ErrNotFound) {
		t.Errorf("ada@corp: %v", err)
	}
	if _, err := member.FinishMove(ctx, w.p, member.FinishOptions{Options: opts}); !errors.Is(err, member.ErrNoMove) {
		t.Errorf("finish what was taken back: %v", err)
	}

	// Moved again and finished, the old account is gone.
	ask.Pairs = ask.Pairs[:1]
	outcomes(t, must[*member.Results](t)(apply(member.PlanMove(ctx, w.p, ask, opts))(ctx, opts)), "ada done")
	outcomes(t, must[*member.Results](t)(member.FinishMove(ctx, w.p, member.FinishOptions{Options: opts, Delete: true})), "ada done")
	if _, err := w.p.Users.Get(ctx, "ada"); !errors.Is(err, gis.ErrNotFound) {
		t.Errorf("ada: %v", err)
	}
	if _, err := member.UndoMove(ctx, w.p, opts); !errors.Is(err, member.ErrNoMove) {
		t.Errorf("take back what is finished: %v", err)
	}
}

// TestMoveKeepsFullSeats moves a license of which every seat is taken.
func TestMoveKeepsFullSeats(t *testing.T) {
	t.Parallel()
	w := start(t, pool)
	w.people(t, "ada", "grace")
	w.give(t, "ada", "desktopAdvN")
	w.give(t, "grace", "desktopAdvN")
	opts := member.Options{Journal: filepath.Join(t.TempDir(), "j")}
	r := must[*member.Results](t)(apply(member.PlanMove(t.Context(), w.p, member.Move{Create: true, Pairs: []member.Pair{{From: "ada", To: "ada@corp"}}}, opts))(t.Context(), opts))
	outcomes(t, r, "ada done")
	if w.held(t, "ada") != "" || w.held(t, "ada@corp") != "desktopAdvN" {
		t.Errorf("ada holds %q, ada@corp %q", w.held(t, "ada"), w.held(t, "ada@corp"))
	}
}

// TestMoveGoesOn cuts a move off at many of its calls, before and after the portal got them, and
// goes on; or takes back what was done.
func TestMoveGoesOn(t *testing.T) {
	t.Parallel()
	for i := range 12 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			moveCutAt(t, i)
		})
	}
}

func moveCutAt(t *testing.T, i int) {
	c := newCut()
	w := start(t, pool, portaltest.Wrap(c.wrap))
	ctx := t.Context()
	w.people(t, "ada")
	w.furnish(t, "ada", 6)
	before := w.belongings(t, "ada")
	opts := member.Options{Journal: filepath.Join(t.TempDir(), "j"), Workers: 1}
	plan := must[*member.MovePlan](t)(member.PlanMove(ctx, w.p, member.Move{Create: true, Pairs: []member.Pair{{From: "ada", To: "ada@corp"}}}, opts))
	c.after.Store(i%2 == 1)
	c.left.Store(int64(i))
	_, err := plan.Apply(ctx, opts)
	if c.cuts.Load() == 0 {
		t.Fatal("nothing was cut")
	}
	c.left.Store(-1)
	tear(t, opts.Journal)
	if i%3 == 2 {
		r := must[*member.Results](t)(member.UndoMove(ctx, w.p, opts))
		if got := w.belongings(t, "ada"); got != before || len(r.Bad()) > 0 {
			t.Errorf("taken back: %+v\n%s\nwant\n%s", r.Rows, got, before)
		}
		if _, err := w.p.Users.Get(ctx, "ada@corp"); !errors.Is(err, gis.ErrNotFound) {
			t.Errorf("ada@corp: %v", err)
		}
		return
	}
	if err != nil {
		outcomes(t, must[*member.Results](t)(member.Resume(ctx, w.p, opts)), "ada done")
	}
	if got := w.belongings(t, "ada@corp"); got != before {
		t.Errorf("ada@corp has\n%s\nwant\n%s", got, before)
	}
	outcomes(t, must[*member.Results](t)(member.FinishMove(ctx, w.p, member.FinishOptions{Options: opts})), "ada done")
}
