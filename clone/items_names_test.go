package clone_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
)

// TestResourceNamesFollowIDs copies a story whose draft is named after the item. The name changes
// with the id, as the keyword that names the draft does, and every later step knows it by the new
// name: a second run, an update, verification and undo.
func TestResourceNamesFollowIDs(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	story := p.add(t, gis.ItemSpec{Title: "Story", Type: "StoryMap"}, gis.WithText(`{"root":"n-1","nodes":{}}`))
	draft := "draft_" + string(story.ID) + ".json"
	p.resource(t, story, draft, `{"root":"n-2","nodes":{}}`, gis.ResourceInherit)
	p.resource(t, story, "images/"+string(story.ID)+".png", "\x89PNG one", gis.ResourceInherit)
	ok(t, story.Update(t.Context(), gis.ItemUpdate{TypeKeywords: &[]string{"smdraftresourceid:" + draft}}))
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	if rep := p.undo(t, clone.UndoOptions{}); len(rep.Kept) != 0 || len(rep.Removed) != 1 {
		t.Errorf("undo kept %+v and removed %+v", rep.Kept, rep.Removed)
	}
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	c := p.copyOf(t, story)
	want := []string{"draft_" + string(c.ID) + ".json", "images/" + string(c.ID) + ".png"}
	if got := resourceNames(t, c); !slices.Equal(got, want) {
		t.Errorf("resources of the copy: %q, want %q", got, want)
	}
	if !slices.Contains(c.TypeKeywords, "smdraftresourceid:"+want[0]) {
		t.Errorf("keywords of the copy: %q", c.TypeKeywords)
	}
	again := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if r := again.Result.Items; r.Matched != 1 || r.Updated != 0 {
		t.Errorf("second run: %+v", r)
	}
	ok(t, story.Resources().Update(t.Context(), gis.ResourceSpec{Name: "images/" + string(story.ID) + ".png", Upload: gis.BytesUpload("a.png", []byte("\x89PNG two"))}))
	ok(t, story.Resources().Remove(t.Context(), draft))
	third := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	expectClean(t, third)
	if third.Result.Items.Updated != 1 {
		t.Errorf("third run: %+v", third.Result.Items)
	}
	if got := resourceNames(t, c); !slices.Equal(got, want[1:]) {
		t.Errorf("resources after the update: %q, want %q", got, want[1:])
	}
	if got := read(t, func() (*gis.Data, error) { return c.Resources().Open(t.Context(), want[1]) }); got != "\x89PNG two" {
		t.Errorf("the replaced picture is %q", got)
	}
}

// TestAResourceOfEqualSizeIsFound replaces a file of an app by another one of the same length. Only
// the time in the list of resources tells, and the next run finds it.
func TestAResourceOfEqualSizeIsFound(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	app := p.add(t, gis.ItemSpec{Title: "App", Type: "Web Experience"}, gis.WithText(`{"a":1}`))
	p.resource(t, app, "images/logo.png", "\x89PNG one", gis.ResourceInherit)
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	ok(t, app.Resources().Update(t.Context(), gis.ResourceSpec{Name: "images/logo.png", Upload: gis.BytesUpload("x", []byte("\x89PNG two"))}))
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	expectClean(t, rep)
	if rep.Result.Items.Updated != 1 {
		t.Errorf("items: %+v", rep.Result.Items)
	}
	c := p.copyOf(t, app)
	if got := read(t, func() (*gis.Data, error) { return c.Resources().Open(t.Context(), "images/logo.png") }); got != "\x89PNG two" {
		t.Errorf("the copy holds %q", got)
	}
}

func resourceNames(t *testing.T, it *gis.Item) []string {
	t.Helper()
	var out []string
	for r, err := range it.Resources().List(t.Context(), nil) {
		ok(t, err)
		out = append(out, r.Name)
	}
	slices.Sort(out)
	return out
}

// TestWarningsReachTheReport copies items that hold secrets. The report names each item, the place
// and how many there are, and not the secret.
func TestWarningsReachTheReport(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	layer := p.add(t, gis.ItemSpec{Title: "Layer", Type: "Feature Service", URL: "https://elsewhere.example.org/rest/services/X/FeatureServer"})
	own := p.src.URL + "/sharing/rest/content/items/" + string(layer.ID) + "/data?token=s3cret-of-the-source"
	it := p.add(t, gis.ItemSpec{Title: "Careless", Type: "Web Map"}, gis.WithText(`{"a":"`+own+`","b":["`+own+`","`+own+`"],
		"operationalLayers":[{"url":"https://gis:pa55word@elsewhere.example.org/rest/services/Y/MapServer"}]}`))
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	expectClean(t, rep)
	all := strings.Join(rep.Notes, "\n")
	for _, want := range []string{
		`"Careless" (` + string(it.ID) + `), data $.a and 2 other places: a token of the source was left out of an address`,
		`"Careless" (` + string(it.ID) + `), data $.operationalLayers[0].url: an address on elsewhere.example.org holds a user name or password`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no note says %q:\n%s", want, all)
		}
	}
	for _, secret := range []string{"s3cret", "pa55word"} {
		if strings.Contains(all, secret) {
			t.Errorf("the notes hold %q", secret)
		}
	}
	if got := read(t, func() (*gis.Data, error) { return p.copyOf(t, it).Data(t.Context()) }); strings.Contains(got, "s3cret") {
		t.Errorf("the copy holds the token: %s", got)
	}
}

// TestTheAddressOfAQuickCaptureProjectIsItsOwners copies projects of an account that exists on the
// target under the same name with another address. The project sends its errors to the new one,
// and the project of a member who keeps his address is left as it is.
func TestTheAddressOfAQuickCaptureProjectIsItsOwners(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	p.member(t, "ada")
	project := `{"preferences":{"adminEmail":"help@elsewhere.example.org"}}`
	kept := p.add(t, gis.ItemSpec{Owner: "ada", Title: "Hers", Type: "QuickCapture Project"})
	p.resource(t, kept, "qc.project.json", project, gis.ResourceInherit)
	moved := p.add(t, gis.ItemSpec{Title: "Ours", Type: "QuickCapture Project"})
	p.resource(t, moved, "qc.project.json", project, gis.ResourceInherit)
	boss := must[*gis.User](t)(p.to.Users.Get(t.Context(), p.dst.Admin))
	ok(t, boss.Update(t.Context(), gis.UserUpdate{Email: new("boss@new.example.org")}))
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	for it, want := range map[*gis.Item]string{kept: project, moved: `{"preferences":{"adminEmail":"boss@new.example.org"}}`} {
		if got := read(t, func() (*gis.Data, error) { return p.copyOf(t, it).Resources().Open(t.Context(), "qc.project.json") }); got != want {
			t.Errorf("%s: %s, want %s", it.Title, got, want)
		}
	}
}
