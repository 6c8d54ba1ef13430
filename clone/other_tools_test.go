package clone_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// halfCopied is a pair whose target holds what another tool copied of it: a file in the content of
// its owner, a map that belongs to somebody else in the administrator's, and a group.
type halfCopied struct {
	*pair
	file, webmap *gis.Item
	group        *gis.Group
}

func newHalfCopied(t *testing.T) *halfCopied {
	t.Helper()
	p, ctx := newPair(t), t.Context()
	must[*gis.User](t)(p.to.Users.Create(ctx, gis.UserSpec{
		Username: "grace_hopper", Password: "nobody-knows-9", FirstName: "Grace", LastName: "Hopper", Email: "grace@example.org", Role: gis.RolePublisher, UserType: "creatorUT",
	}))
	h := &halfCopied{pair: p}
	mark := func(id esri.ItemID) []string { return []string{"source-" + string(id)} }
	h.file = must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{Owner: "grace_hopper", Title: "Stops as CSV", Type: "CSV", Tags: []string{"csv"}, TypeKeywords: mark(p.file.ID)},
		gis.WithData(gis.BytesUpload("stops.csv", []byte("name,lat,lon\n")))))
	mark = func(id esri.ItemID) []string { // of a copy of a copy
		return []string{"source-0123456789abcdef0123456789abcdef", "source-" + string(id)}
	}
	h.webmap = must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{Title: "Engine Map", Type: "Web Map", Tags: []string{"engine", "map"}, TypeKeywords: mark(p.webmap.ID)}, gis.WithText(`{}`)))
	h.group = must[*gis.Group](t)(p.to.Groups.Create(ctx, gis.GroupSpec{Title: p.group.Title, Description: "Of old", Tags: append([]string{"field"}, mark(esri.ItemID(p.group.ID))...)}))
	return h
}

// holds counts the items of both portals.
func (h *halfCopied) holds(t *testing.T) (source, target int) {
	t.Helper()
	count := func(g *gis.Portal) (n int) {
		for _, err := range g.Content.SearchAll(t.Context(), "", nil) {
			ok(t, err)
			n++
		}
		return n
	}
	return count(h.from), count(h.to)
}

func TestCopiesOfAnotherToolAreMatched(t *testing.T) {
	t.Parallel()
	h := newHalfCopied(t)
	rep := must[*clone.Report](t)(h.run(t, t.Context(), nil))
	if r := rep.Result; r.Items.Matched != 2 || r.Items.Created != r.Items.Planned-2 || r.Groups.Matched != 1 || r.Groups.Created != 1 || r.Failed() != 0 {
		t.Errorf("items %+v, groups %+v, failures %+v", r.Items, r.Groups, rep.Failures)
	}
	if source, target := h.holds(t); source != target {
		t.Errorf("%d items on the source, %d on the target", source, target)
	}
	differs := func(id string) (fields []string) {
		for _, d := range rep.Differences {
			if d.Source == id {
				fields = append(fields, d.Field)
			}
		}
		return fields
	}
	if got := differs(string(h.pair.file.ID)); !slices.Contains(got, "data") {
		t.Errorf("the file differs in %v", got)
	}
	if got := differs(string(h.pair.webmap.ID)); !slices.Contains(got, "owner") || !slices.Contains(got, "data") {
		t.Errorf("the map differs in %v", got)
	}
	if got := differs(string(h.pair.group.ID)); !slices.Contains(got, "description") || !slices.Contains(got, "owner") {
		t.Errorf("the group differs in %v", got)
	}
	for id, fields := range map[string]string{string(h.layer.ID): "", string(h.plainly.ID): ""} {
		if got := strings.Join(differs(id), " "); got != fields {
			t.Errorf("%s, which was made, differs in %s", id, got)
		}
	}

	again := must[*clone.Report](t)(h.run(t, t.Context(), nil))
	if r := again.Result; r.Items.Created != 0 || r.Items.Updated != 0 || r.Groups.Created+r.Groups.Updated != 0 || r.Differences != rep.Result.Differences {
		t.Errorf("a second run: items %+v, groups %+v, differences %d after %d", r.Items, r.Groups, r.Differences, rep.Result.Differences)
	}
	rep = must[*clone.Report](t)(clone.Run(t.Context(), h.from, h.to, clone.RunOptions{Options: clone.Options{UpdateExisting: true}, Journal: h.journal}, nil))
	expectClean(t, rep)
	if rep.Result.Items.Updated != 2 || rep.Result.Items.Created != 0 || rep.Result.Groups.Updated != 1 {
		t.Errorf("brought in line: items %+v, groups %+v", rep.Result.Items, rep.Result.Groups)
	}
	if source, target := h.holds(t); source != target {
		t.Errorf("%d items on the source, %d on the target", source, target)
	}
}

// TestKeywordsThatCopyNothing sets keywords that are no evidence: of an item in the content of
// somebody else, of another type, of two sources, of itself.
func TestKeywordsThatCopyNothing(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), t.Context()
	must[*gis.User](t)(p.to.Users.Create(ctx, gis.UserSpec{
		Username: "mallory", Password: "nobody-knows-9", FirstName: "Mal", LastName: "Lory", Email: "mal@example.org", Role: gis.RolePublisher, UserType: "creatorUT",
	}))
	mark := func(ids ...esri.ItemID) (out []string) {
		for _, id := range ids {
			out = append(out, "source-"+string(id))
		}
		return out
	}
	for _, s := range []gis.ItemSpec{
		{Owner: "mallory", Title: "Of somebody else", Type: "Web Map", TypeKeywords: mark(p.webmap.ID)},
		{Title: "Of another type", Type: "Web Scene", TypeKeywords: mark(p.spare.ID)},
		{Title: "Of two", Type: "Web Map", TypeKeywords: mark(p.webmap.ID, p.spare.ID)},
	} {
		must[*gis.Item](t)(p.to.Content.Add(ctx, s, gis.WithText("{}")))
	}
	plan := must[*clone.Plan](t)(clone.Prepare(ctx, p.from, p.to, clone.Options{}, nil, nil))
	for _, s := range plan.Steps {
		if s.Kind == clone.KindItem && s.Action != clone.Create {
			t.Errorf("%s %q: %s %s (%s)", s.Action, s.Title, s.Type, s.Target, s.Reason)
		}
	}
}

// TestDerivedItemsAreNotTakenForCopies puts items on the target that name an item of the source,
// as what people make of a copy goes on doing: of another title, beside an item of the source's
// own id, and as the copy of another item that names the same one.
func TestDerivedItemsAreNotTakenForCopies(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), t.Context()
	key := func(id esri.ItemID) []string { return []string{"source-" + string(id)} }
	heir := must[*gis.Item](t)(p.from.Content.Add(ctx, gis.ItemSpec{Title: "Heir", Type: "Web Map", TypeKeywords: key(p.webmap.ID)}, gis.WithText("{}")))
	derived := must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{Title: "Derivative", Type: "Web Map", TypeKeywords: key(p.webmap.ID)}, gis.WithText(`{"mine":1}`)))
	must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{Title: "Heir", Type: "Web Map", TypeKeywords: key(p.webmap.ID)}, gis.WithText(`{"mine":2}`)))
	for _, opts := range []clone.Options{{}, {UpdateExisting: true}, {OnConflict: clone.ConflictReplace}} {
		plan := must[*clone.Plan](t)(clone.Prepare(ctx, p.from, p.to, opts, nil, nil))
		for _, s := range plan.Steps {
			if s.Kind != clone.KindItem {
				continue
			}
			switch s.Source {
			case string(p.webmap.ID):
				if s.Action != clone.Create || !strings.Contains(s.Reason, "names it as its source and is left alone") {
					t.Errorf("%+v: %s -> %s (%s)", opts, s.Action, s.Target, s.Reason)
				}
			case string(heir.ID):
				if s.Action != clone.Create {
					t.Errorf("%+v: the heir: %s -> %s (%s)", opts, s.Action, s.Target, s.Reason)
				}
			}
		}
	}
	rep := must[*clone.Report](t)(clone.Run(ctx, p.from, p.to, clone.RunOptions{Options: clone.Options{UpdateExisting: true}, Journal: p.journal}, nil))
	expectClean(t, rep)
	left := must[*gis.Item](t)(p.to.Content.Get(ctx, derived.ID))
	if data := read(t, func() (*gis.Data, error) { return left.Data(ctx) }); left.Title != "Derivative" || data != `{"mine":1}` {
		t.Errorf("%s: %s", left.Title, data)
	}
}

// TestTwoCopiesOfAnotherToolAreNotWrittenOver settles doubles by using one of them, as it is.
func TestTwoCopiesOfAnotherToolAreNotWrittenOver(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), t.Context()
	mark := "source-" + string(p.webmap.ID)
	for _, text := range []string{`{"mine":1}`, `{"mine":2}`} {
		must[*gis.Item](t)(p.to.Content.Add(ctx, gis.ItemSpec{Title: p.webmap.Title, Type: "Web Map", TypeKeywords: []string{mark}}, gis.WithText(text)))
	}
	must[*gis.Group](t)(p.to.Groups.Create(ctx, gis.GroupSpec{Title: p.group.Title + " too", Tags: []string{"source-" + string(p.group.ID)}}))
	actions := func(o clone.Options) (item, group clone.Step) {
		for _, s := range must[*clone.Plan](t)(clone.Prepare(ctx, p.from, p.to, o, nil, nil)).Steps {
			switch {
			case s.Kind == clone.KindItem && s.Source == string(p.webmap.ID):
				item = s
			case s.Kind == clone.KindGroup && s.Source == string(p.group.ID):
				group = s
			}
		}
		return item, group
	}
	if item, _ := actions(clone.Options{}); item.Action != clone.Conflict || !strings.Contains(item.Reason, "--map-items") {
		t.Errorf("%s: %s", item.Action, item.Reason)
	}
	item, group := actions(clone.Options{OnConflict: clone.ConflictMatch})
	if item.Action != clone.Match || group.Action != clone.Create {
		t.Errorf("%s -> %s; the group: %s -> %s", item.Action, item.Target, group.Action, group.Target)
	}
	must[*clone.Report](t)(clone.Run(ctx, p.from, p.to, clone.RunOptions{Options: clone.Options{OnConflict: clone.ConflictMatch}, Journal: p.journal}, nil))
	used := must[*gis.Item](t)(p.to.Content.Get(ctx, esri.ItemID(item.Target)))
	if data := read(t, func() (*gis.Data, error) { return used.Data(ctx) }); !strings.Contains(data, `"mine"`) || used.Owner != p.dst.Admin {
		t.Errorf("%s of %s: %s", used.Title, used.Owner, data)
	}
}
