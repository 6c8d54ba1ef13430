package clone_test

import (
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
)

func TestRunCopiesOneOfEverythingAndFindsNoDifference(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	rep, err := p.run(t, t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	expectClean(t, rep)
	if r := rep.Result; r.Items.Created != 7 || r.Groups.Created != 2 || r.Groups.Skipped != 6 || r.Users.Created != 3 || r.Roles.Created != 1 ||
		r.Folders.Created != 1 || r.Relationships.Created != 3 {
		t.Errorf("figures: %+v", r)
	}
	if rep.Result.ByReference == 0 {
		t.Error("the address of the hosted service does not count as by reference")
	}

	again, err := p.run(t, t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	expectClean(t, again)
	if r := again.Result; r.Items.Matched != 7 || r.Items.Created != 0 || r.Groups.Created != 0 || r.Users.Created != 0 || r.Folders.Created != 0 || r.Shares.Created != 0 {
		t.Errorf("a second run over an unchanged source makes something: %+v", r)
	}
}

func expectClean(t *testing.T, rep *clone.Report) {
	t.Helper()
	for _, f := range rep.Failures {
		t.Errorf("failed: %+v", f)
	}
	for _, d := range rep.Differences {
		t.Errorf("differs: %+v", d)
	}
	for _, u := range rep.Unresolved {
		t.Errorf("unresolved: %+v", u)
	}
}
