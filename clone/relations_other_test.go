package clone_test

import (
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
)

// TestRelationshipsWhoseOriginIsNotCopied selects an item that others are the origin of: one that is
// left out, and one that an earlier run copied and that is not selected now.
func TestRelationshipsWhoseOriginIsNotCopied(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	out := p.add(t, gis.ItemSpec{Title: "Left out"}, gis.WithText("{}"))
	earlier := p.add(t, gis.ItemSpec{Title: "Copied before", Tags: []string{"first"}}, gis.WithText("{}"))
	file := p.add(t, gis.ItemSpec{Title: "Report", Type: "PDF", Tags: []string{"second"}}, gis.WithData(gis.BytesUpload("r.pdf", []byte("%PDF"))))
	for i := range 5 { // most of the portal is left out
		p.add(t, gis.ItemSpec{Title: "Other " + strings.Repeat("x", i)}, gis.WithText("{}"))
	}
	ok(t, out.AddRelationship(ctx, file.ID, gis.Item2Report))
	ok(t, earlier.AddRelationship(ctx, file.ID, gis.Item2Report))
	run := func(tag string) *clone.Report {
		return must[*clone.Report](t)(clone.Run(ctx, p.from, p.to, clone.RunOptions{Journal: p.journal, Options: clone.Options{
			Only: []string{"tag:" + tag}, WithoutDependencies: true,
		}}, nil))
	}
	if rep := run("first"); rep.Result.Failed() != 0 || rep.Result.Items.Created != 1 {
		t.Fatalf("first run: %+v %+v", rep.Result.Items, rep.Failures)
	}
	plan := must[*clone.Plan](t)(clone.Prepare(ctx, p.from, p.to, clone.Options{Only: []string{"tag:second"}, WithoutDependencies: true}, nil, nil))
	s := step(t, plan, clone.KindRelationship, string(out.ID)+" "+string(file.ID)+" Item2Report")
	if s.Action != clone.Skip || !strings.Contains(s.Reason, "comes from is not copied") {
		t.Errorf("%s because %q", s.Action, s.Reason)
	}
	if rep := run("second"); rep.Result.Failed() != 0 || rep.Result.Relationships.Created != 1 {
		t.Errorf("second run: %+v %+v", rep.Result.Relationships, rep.Failures)
	}
	found := must[[]*gis.Item](t)(gis.Collect(p.copyOf(t, earlier).Related(ctx, gis.Forward, gis.Item2Report)))
	if len(found) != 1 || found[0].ID != p.copyOf(t, file).ID {
		t.Errorf("related to the copy of before: %v", found)
	}
}
