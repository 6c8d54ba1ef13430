package clone_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// resourcesOf lists names with access.
func resourcesOf(t *testing.T, it *gis.Item) (out []string) {
	t.Helper()
	for r, err := range it.Resources().List(t.Context(), nil) {
		ok(t, err)
		out = append(out, r.Name+" "+string(r.Access))
	}
	slices.Sort(out)
	return out
}

func (p *pair) resource(t *testing.T, it *gis.Item, name, content string, access gis.ResourceAccess) {
	t.Helper()
	ok(t, it.Resources().Add(t.Context(), gis.ResourceSpec{Name: name, Access: access, Upload: gis.BytesUpload("x", []byte(content))}))
}

// TestResourcesFollowTheSource changes, adds and removes resources between two runs.
func TestResourcesFollowTheSource(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	layer := p.add(t, gis.ItemSpec{Title: "Layer", Type: "Feature Service", URL: "https://elsewhere.example.org/rest/services/X/FeatureServer"})
	app := p.add(t, gis.ItemSpec{Title: "App", Type: "Web Experience"}, gis.WithText(`{"__not_publish":true}`))
	id := string(layer.ID)
	p.resource(t, app, "config/config.json", `{"dataSources":{"a":{"itemId":"`+id+`"}}}`, gis.ResourceInherit)
	p.resource(t, app, "images/widget_1/logo.png", "\x89PNG one", gis.ResourcePrivate)
	p.resource(t, app, "images/gone.png", "\x89PNG gone", gis.ResourceInherit)
	p.resource(t, app, "with space & plus+.json", `{"k":"`+id+`"}`, gis.ResourceInherit)
	for i := range 55 {
		p.resource(t, app, fmt.Sprintf("many/deep/er/%02d.txt", i), id, gis.ResourceInherit)
	}
	expectClean(t, must[*clone.Report](t)(p.run(t, ctx, nil)))
	c, l := p.copyOf(t, app), string(p.copyOf(t, layer).ID)
	if got := resourcesOf(t, c); len(got) != 59 || !slices.Contains(got, "images/widget_1/logo.png private") {
		t.Errorf("%d resources: %v", len(got), got)
	}
	if got := read(t, func() (*gis.Data, error) { return c.Resources().Open(ctx, "with space & plus+.json") }); got != `{"k":"`+l+`"}` {
		t.Errorf("text: %s", got)
	}

	ok(t, app.Resources().Remove(ctx, "images/gone.png"))
	ok(t, app.Resources().Update(ctx, gis.ResourceSpec{Name: "config/config.json", Upload: gis.BytesUpload("x", []byte(`{"v":22,"itemId":"`+id+`"}`))}))
	ok(t, app.Resources().Update(ctx, gis.ResourceSpec{Name: "images/widget_1/logo.png", Access: gis.ResourceInherit, Upload: gis.BytesUpload("x", []byte("\x89PNG one"))}))
	p.resource(t, app, "images/new.png", "\x89PNG new", gis.ResourceInherit)
	ok(t, c.Resources().Add(ctx, gis.ResourceSpec{Name: "notes/mine.txt", Upload: gis.BytesUpload("x", []byte("a person wrote this"))}))

	rep := must[*clone.Report](t)(p.run(t, ctx, nil))
	if rep.Result.Failed() != 0 || len(rep.Differences) != 1 || !strings.Contains(rep.Differences[0].Got, "notes/mine.txt") {
		t.Errorf("failures %+v, differences %+v", rep.Failures, rep.Differences)
	}
	if !slices.ContainsFunc(rep.Notes, func(n string) bool { return strings.Contains(n, "notes/mine.txt") }) {
		t.Errorf("what a person added is not reported: %v", rep.Notes)
	}
	got := resourcesOf(t, c)
	for _, want := range []string{"config/config.json inherit", "images/widget_1/logo.png inherit", "images/new.png inherit", "notes/mine.txt inherit"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is missing: %v", want, got)
		}
	}
	if slices.Contains(got, "images/gone.png inherit") {
		t.Error("a resource that the source removed is left")
	}
	if got := read(t, func() (*gis.Data, error) { return c.Resources().Open(ctx, "config/config.json") }); got != `{"v":22,"itemId":"`+l+`"}` {
		t.Errorf("config: %s", got)
	}
}

// TestResourcesThatThePortalLosesAreStoredAgain answers success for one upload without doing it.
func TestResourcesThatThePortalLosesAreStoredAgain(t *testing.T) {
	t.Parallel()
	var once sync.Once
	p := emptyPair(t, portaltest.Wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			lost := false
			if strings.HasSuffix(r.URL.Path, "/addResources") {
				once.Do(func() { lost = true })
			}
			if lost {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprint(w, `{"success":true}`)
				return
			}
			next.ServeHTTP(w, r)
		})
	}))
	app := p.add(t, gis.ItemSpec{Title: "App", Type: "Web Experience"}, gis.WithText(`{}`))
	for i := range 6 {
		p.resource(t, app, fmt.Sprintf("images/%d.png", i), fmt.Sprint("\x89PNG ", i), gis.ResourceInherit)
	}
	expectClean(t, must[*clone.Report](t)(p.run(t, t.Context(), nil)))
	if got := resourcesOf(t, p.copyOf(t, app)); len(got) != 6 {
		t.Errorf("%v", got)
	}
}

// TestRelationshipsByType makes one of each kind that asks for more than being repeated.
func TestRelationshipsByType(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	ctx := t.Context()
	p.member(t, "ada")
	p.member(t, "grace")
	add := func(owner, title, itemType string, opts ...gis.WriteOption) *gis.Item {
		return p.add(t, gis.ItemSpec{Owner: owner, Title: title, Type: itemType}, opts...)
	}
	app := add("ada", "App", "Web Mapping Application", gis.WithText(`{"values":{}}`))
	code := p.add(t, gis.ItemSpec{Owner: "ada", Title: "Code", Type: "Code Attachment", TypeKeywords: []string{"JavaScript"},
		URL: "//" + strings.TrimPrefix(p.src.URL, "http://") + "/sharing/rest/content/items/" + string(app.ID) + "/package"})
	mobile := add("ada", "Mobile", "Mobile Application", gis.WithText(`{}`))
	zip := add("ada", "Mobile code", "Code Attachment", gis.WithData(gis.BytesUpload("code.zip", []byte("PK\x03\x04 code"))))
	webmap := add("ada", "Map", "Web Map", gis.WithText(`{}`))
	area := add("ada", "Area", "Map Area", gis.WithText(`{}`))
	tiles := add("ada", "Tiles of the area", "Tile Package", gis.WithData(gis.BytesUpload("area.tpk", []byte("PK\x03\x04 tiles"))))
	style := add("ada", "Style of Ada", "Vector Tile Service", gis.WithText(`{}`))
	base := add("grace", "Style of Grace", "Vector Tile Service", gis.WithText(`{}`))
	relate := func(user *gis.Item, from, to *gis.Item, kind gis.RelationshipType) {
		t.Helper()
		h := p.from.Content.Handle(user.Owner, "", from.ID)
		ok(t, h.AddRelationship(ctx, to.ID, kind))
	}
	relate(app, app, code, gis.WMA2Code)
	relate(mobile, mobile, zip, gis.MobileApp2Code)
	relate(webmap, webmap, area, gis.Map2Area)
	relate(area, area, tiles, gis.Area2Package)
	ok(t, base.Share(ctx, gis.Share{Access: gis.AccessOrg}))
	relate(base, style, base, gis.Style2Style) // the owner of the destination relates these

	rep := must[*clone.Report](t)(p.run(t, ctx, nil))
	expectClean(t, rep)
	if c := rep.Result.Relationships; c.Created != 3 || c.Skipped != 1 {
		t.Errorf("relationships: %+v", c)
	}
	if c := rep.Result.Items; c.Created != 7 || c.Skipped != 2 {
		t.Errorf("items: %+v", c)
	}
	c := p.copyOf(t, code)
	if want := "//" + strings.TrimPrefix(p.dst.URL, "http://") + "/sharing/rest/content/items/" + string(p.copyOf(t, app).ID) + "/package"; c.URL != want || c.Owner != "ada" {
		t.Errorf("code attachment of %s at %s, want %s", c.Owner, c.URL, want)
	}
	if got := read(t, func() (*gis.Data, error) { return p.copyOf(t, zip).Data(ctx) }); got != "PK\x03\x04 code" {
		t.Errorf("code of the mobile app: %q", got)
	}
	for _, tc := range []struct {
		from, to *gis.Item
		kind     gis.RelationshipType
	}{{app, code, gis.WMA2Code}, {mobile, zip, gis.MobileApp2Code}, {style, base, gis.Style2Style}} {
		found := must[[]*gis.Item](t)(gis.Collect(p.copyOf(t, tc.from).Related(ctx, gis.Forward, tc.kind)))
		if len(found) != 1 || found[0].ID != p.copyOf(t, tc.to).ID {
			t.Errorf("%s: %v", tc.kind, found)
		}
	}
	for _, it := range []*gis.Item{area, tiles} {
		if id := p.mapping(t, clone.KindItem)[string(it.ID)]; id != "" {
			t.Errorf("%s was copied as %s", it.Title, id)
		}
	}
	again := must[*clone.Report](t)(p.run(t, ctx, nil))
	expectClean(t, again)
	if c := again.Result.Relationships; c.Created != 0 || c.Matched != 3 {
		t.Errorf("relationships of the second run: %+v", c)
	}
	ok(t, p.from.Content.Handle("ada", "", mobile.ID).DeleteRelationship(ctx, zip.ID, gis.MobileApp2Code))
	ended := must[*clone.Report](t)(p.run(t, ctx, nil))
	expectClean(t, ended)
	if found := must[[]*gis.Item](t)(gis.Collect(p.copyOf(t, mobile).Related(ctx, gis.Forward, gis.MobileApp2Code))); len(found) != 0 {
		t.Errorf("a relationship that the source ended is left: %v", found)
	}
}

// TestItemsThatCannotBeCarriedAreLeftOut has one of each reason.
func TestItemsThatCannotBeCarriedAreLeftOut(t *testing.T) {
	t.Parallel()
	p := emptyPair(t)
	want := map[string]string{}
	for _, tc := range []struct {
		title, itemType, keyword, reason string
	}{
		{"Key", "Application", "API Key", "credentials"},
		{"Database", "Relational Database Connection", "", "credentials"},
		{"Store", "Data Store", "", "credentials"},
		{"Share of files", "Big Data File Share", "", "credentials"},
		{"Area", "Map Area", "", "anew on the target"},
		{"Flow", "Workflow", "", "server"},
		{"Analytic", "Real Time Analytic", "", "server"},
		{"Tool", "Geoprocessing Service", "Web Tool", "notebook"},
	} {
		var keywords []string
		if tc.keyword != "" {
			keywords = []string{tc.keyword}
		}
		it := p.add(t, gis.ItemSpec{Title: tc.title, Type: tc.itemType, TypeKeywords: keywords})
		want[string(it.ID)] = tc.reason
	}
	hosted := p.add(t, gis.ItemSpec{Title: "Hosted", Type: "Feature Service", TypeKeywords: []string{"Hosted Service", "Singlelayer"},
		URL: strings.TrimSuffix(p.src.URL, "/portal") + "/server/rest/services/Hosted/Trees/FeatureServer"})
	plan := must[*clone.Plan](t)(clone.Prepare(t.Context(), p.from, p.to, clone.Options{}, nil, nil))
	for id, reason := range want {
		if s := step(t, plan, clone.KindItem, id); s.Action != clone.Skip || !strings.Contains(s.Reason, reason) {
			t.Errorf("%s: %s because %q, want left out because of %q", s.Title, s.Action, s.Reason, reason)
		}
	}
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	expectCleanOr(t, rep, "the hosted service stays where it is")
	c := p.copyOf(t, hosted)
	if c.URL != hosted.URL || slices.Contains(c.TypeKeywords, "Hosted Service") || !slices.Contains(c.TypeKeywords, "Singlelayer") {
		t.Errorf("hosted service: %s %v", c.URL, c.TypeKeywords)
	}
}
