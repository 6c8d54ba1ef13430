package clone_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// emptyPair is two portals without content; wrap stands in front of the target.
func emptyPair(t *testing.T, wrap ...portaltest.Option) *pair {
	t.Helper()
	p := &pair{src: portaltest.Start(t), dst: portaltest.Start(t, wrap...), journal: t.TempDir() + "/j"}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	return p
}

func (p *pair) member(t *testing.T, name string) *gis.User {
	t.Helper()
	return must[*gis.User](t)(p.from.Users.Create(t.Context(), gis.UserSpec{
		Username: name, Password: "nobody-knows-1", FirstName: "A", LastName: "B", Email: name + "@example.org", Role: gis.RolePublisher, UserType: "creatorUT",
	}))
}

func (p *pair) add(t *testing.T, spec gis.ItemSpec, opts ...gis.WriteOption) *gis.Item {
	t.Helper()
	if spec.Type == "" {
		spec.Type = "Web Map"
	}
	return must[*gis.Item](t)(p.from.Content.Add(t.Context(), spec, opts...))
}

// TestNastyItemsArriveUnchanged clones what real portals hold beside well-made maps.
func TestNastyItemsArriveUnchanged(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	ada := p.member(t, "ada")
	layer := p.add(t, gis.ItemSpec{Title: "Layer", Type: "Feature Service", URL: "https://elsewhere.example.org/rest/services/X/FeatureServer"})
	for i, text := range []string{
		`{"big":12345678901234567890123,"tiny":1e-400,"n":1.0,"id":"` + string(layer.ID) + `"}`,
		"\ufeff" + `{"bom":"` + string(layer.ID) + `"}`,
		"not JSON at all, but it names " + string(layer.ID),
		`{"cut off":`,
		`[]`, `"a string"`, ` `,
		`{"a":"\u0000\ud800","html":"<b>&amp;</b>","dup":1,"dup":2}`,
	} {
		p.add(t, gis.ItemSpec{Owner: ada.Username, Title: fmt.Sprint("Text ", i)}, gis.WithText(text))
	}
	p.add(t, gis.ItemSpec{Title: "bell\x07 and \u202egnp.exe\u202c", Description: strings.Repeat("ü <b>long</b> ", 4000), Snippet: ""}, gis.WithText(`{}`))
	p.add(t, gis.ItemSpec{Title: "No tags"}, gis.WithText(`{}`))
	p.add(t, gis.ItemSpec{Title: "No data", Type: "Web Mapping Application", URL: "https://elsewhere.example.org/app"})
	p.add(t, gis.ItemSpec{Title: "Name, no data", Type: "PDF", Extra: map[string][]string{"filename": {"lost.pdf"}}})
	p.add(t, gis.ItemSpec{Title: "Empty file", Type: "CSV"}, gis.WithData(gis.BytesUpload("empty.csv", nil)))
	p.add(t, gis.ItemSpec{Title: "Odd name", Type: "Image"}, gis.WithData(gis.BytesUpload("Größe & 100% – plan (1).png", []byte("\x89PNG\r\n\x1a\n"))))
	big := bytes.Repeat([]byte("0123456789abcdef"), 100_000) // larger than what is sent in one call
	p.add(t, gis.ItemSpec{Title: "Large", Type: "CSV"}, gis.WithData(gis.BytesUpload("large.csv", big)))
	p.add(t, gis.ItemSpec{Title: "Metadata", Type: "PDF"}, gis.WithData(gis.BytesUpload("m.pdf", []byte("%PDF"))),
		gis.WithMetadata(gis.BytesUpload("metadata.xml", []byte("<metadata>"+string(layer.ID)+"</metadata>"))))
	p.add(t, gis.ItemSpec{Title: "Keyword without metadata", Type: "PDF", TypeKeywords: []string{"Metadata"}}, gis.WithData(gis.BytesUpload("k.pdf", []byte("%PDF"))))
	app := p.add(t, gis.ItemSpec{Owner: ada.Username, Title: "App", Type: "Web Experience"}, gis.WithText(`{"a":"`+string(layer.ID)+`"}`))
	for i := range 60 {
		ok(t, app.Resources().Add(ctx, gis.ResourceSpec{Name: fmt.Sprintf("many/of/them/r%02d.txt", i), Upload: gis.BytesUpload("x", []byte(strings.Repeat("x", i)+string(layer.ID)))}))
	}
	for _, name := range []string{"with space.json", "a/b/c/deep er.json", "ünï cödé/图.json", "plus+and&amp.txt"} {
		ok(t, app.Resources().Add(ctx, gis.ResourceSpec{Name: name, Access: gis.ResourcePrivate, Upload: gis.BytesUpload("x", []byte(`{"k":"`+string(layer.ID)+`"}`))}))
	}
	ok(t, app.Protect(ctx, true))
	ok(t, ada.Disable(ctx))

	rep := must[*clone.Report](t)(p.run(t, ctx, nil))
	expectClean(t, rep)
	if c := rep.Result.Items; c.Created != 19 || c.Planned != c.Created {
		t.Errorf("items: %+v", c)
	}
	again := must[*clone.Report](t)(p.run(t, ctx, nil))
	expectClean(t, again)
	if c := again.Result.Items; c.Matched != 19 {
		t.Errorf("items of the second run: %+v", c)
	}
}

// TestLargeGroupsKeepEveryMember has more members than one call may name.
func TestLargeGroupsKeepEveryMember(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	var names []string
	for i := range 55 {
		names = append(names, p.member(t, fmt.Sprintf("member%02d", i)).Username)
	}
	g := must[*gis.Group](t)(p.from.Groups.Create(ctx, gis.GroupSpec{Title: "Everybody", Tags: []string{"all"}}))
	ok(t, g.AddUsers(ctx, names...))
	ok(t, g.SetRole(ctx, gis.MemberAdmin, names[:27]...))
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	id := p.mapping(t, clone.KindGroup)[string(g.ID)]
	m := must[*gis.GroupMembers](t)(p.to.Groups.Handle(esri.GroupID(id)).Members(ctx))
	if len(m.Admins) != 28 || len(m.Users) != 28 {
		t.Errorf("%d managers, %d members", len(m.Admins), len(m.Users))
	}
}

// TestTwoPlansOfOneStateAreByteIdentical plans the same twice, and under another spelling of
// both addresses.
func TestTwoPlansOfOneStateAreByteIdentical(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	write := func() string {
		plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{}, nil, nil))
		var b bytes.Buffer
		ok(t, plan.Write(&b))
		return b.String()
	}
	first := write()
	if second := write(); second != first {
		t.Errorf("first:\n%s\nsecond:\n%s", first, second)
	}
	p.src.URL = strings.Replace(p.src.URL, "127.0.0.1", "localhost", 1)
	p.from = client(t, p.src)
	if other := write(); other != first {
		t.Errorf("by its own address:\n%s\nby another spelling:\n%s", first, other)
	}
	if _, err := clone.Prepare(t.Context(), client(t, p.dst), p.to, clone.Options{}, nil, nil); err == nil {
		t.Error("a portal can be cloned into itself")
	}
}
