package gis_test

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// water is a schema with a title that holds a comma.
var water = []gis.Category{{Title: "Categories", Categories: []gis.Category{{Title: "Water", Description: "wet"}, {Title: "Land, use"}}}}

func TestPortalCategories(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	ada := p.CreateMember(t, "ada", portaltest.RolePublisher)
	admin, c := connect(t, p, p.Admin, p.AdminPassword), connect(t, p, ada.Username, ada.Password)

	isKind(t, c.Content.Categories().SetSchema(ctx, water), gis.ErrDenied)
	ok(t, admin.Content.Categories().SetSchema(ctx, water))
	trees := must(c.Content.Categories().Schema(ctx))(t)
	if paths := slices.Collect(gis.CategoryPaths(trees)); !slices.Equal(paths, []string{"/Categories", "/Categories/Water", "/Categories/Land, use"}) || trees[0].Categories[0].Description != "wet" {
		t.Errorf("read %v", trees)
	}
	ok(t, admin.Users.Categories().SetSchema(ctx, water))
	ok(t, admin.Users.Categories().DeleteSchema(ctx))
	if trees := must(admin.Users.Categories().Schema(ctx))(t); len(trees) != 0 {
		t.Errorf("members: %v", trees)
	}

	g := must(c.Groups.Create(ctx, gis.GroupSpec{Title: "Rivers", Access: gis.AccessPrivate, Tags: []string{"a"}}))(t)
	ok(t, g.Categories().SetSchema(ctx, water))
	ok(t, g.Refresh(ctx))
	if !g.HasCategorySchema {
		t.Error("the group says that it has no categories")
	}
	it := must(c.Content.Add(ctx, gis.ItemSpec{Title: "Elbe", Type: "Web Map"}, gis.WithText("{}")))(t)
	ok(t, it.Share(ctx, gis.Share{Groups: []esri.GroupID{g.ID}}))
	ok(t, c.Content.UpdateCategories(ctx, map[esri.ItemID][]string{it.ID: {"/Categories/Land, use"}}))
	ok(t, g.UpdateCategories(ctx, map[esri.ItemID][]string{it.ID: {"/Categories/Water"}}))
	found := must(gis.Collect(c.Content.Search(ctx, "", &gis.ItemSearch{Categories: []string{"/Categories/Land, use"}})))(t)
	if len(found) != 1 || found[0].ID != it.ID || !slices.Equal(found[0].Categories, []string{"/Categories/Land, use"}) {
		t.Errorf("found %v", found)
	}
	for listed, err := range g.Items(ctx, nil) {
		ok(t, err)
		if !slices.Equal(listed.GroupCategories, []string{"/Categories/Water"}) {
			t.Errorf("in the group: %v", listed.GroupCategories)
		}
	}
	err := admin.Content.UpdateItems(ctx, map[esri.ItemID]map[string]any{it.ID: {"tags": []string{"x"}}, esri.ItemID(esri.NewID()): {"tags": []string{}}})
	if b, is := err.(*gis.BatchError); !is || !slices.Equal(b.Done, []string{string(it.ID)}) || len(b.Failed) != 1 {
		t.Errorf("bulk update: %v", err)
	}
	isKind(t, err, gis.ErrNotFound)
	ok(t, g.Categories().DeleteSchema(ctx))

	isKind(t, it.SetContentStatus(ctx, gis.Deprecated), gis.ErrDenied)
	ours := must(admin.Content.UserItem(ctx, "ada", it.ID))(t)
	ok(t, ours.SetContentStatus(ctx, gis.OrgAuthoritative))
	ok(t, it.Refresh(ctx))
	if it.ContentStatus != string(gis.OrgAuthoritative) || !it.Protected || !ours.Protected {
		t.Errorf("status %q, protected %v", it.ContentStatus, it.Protected)
	}
	ok(t, ours.SetContentStatus(ctx, ""))
	ok(t, it.Refresh(ctx))
	if it.ContentStatus != "" || !it.Protected {
		t.Errorf("cleared: status %q, protected %v", it.ContentStatus, it.Protected)
	}
}

func TestPortalApps(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	ada := p.CreateMember(t, "ada", portaltest.RolePublisher)
	c, admin := connect(t, p, ada.Username, ada.Password), connect(t, p, p.Admin, p.AdminPassword)
	it := must(c.Content.Add(ctx, gis.ItemSpec{Title: "App", Type: "Application", URL: "https://app.example.com"}))(t)
	_, err := it.AppInfo(ctx)
	isKind(t, err, gis.ErrNotFound)
	isKind(t, it.Unregister(ctx), gis.ErrNotFound)
	made := must(it.Register(ctx, gis.AppSpec{Type: gis.AppBrowser, RedirectURIs: []string{"https://app.example.com/"}}))(t)
	if made.ItemID != it.ID || made.ClientSecret.Reveal() == "" || made.Registered.IsZero() {
		t.Errorf("registered %+v", made)
	}
	_, err = it.Register(ctx, gis.AppSpec{Type: gis.AppBrowser})
	isKind(t, err, gis.ErrConflict)
	read := must(must(admin.Content.UserItem(ctx, "ada", it.ID))(t).AppInfo(ctx))(t)
	if !read.ClientSecret.Equal(made.ClientSecret) || read.ClientID != made.ClientID {
		t.Error("the administrator reads another secret")
	}
	changed := must(it.UpdateApp(ctx, made.ClientID, gis.AppSpec{RedirectURIs: []string{"myapp://auth"}}))(t)
	if !slices.Equal(changed.RedirectURIs, []string{"myapp://auth"}) || changed.Type != gis.AppBrowser {
		t.Errorf("changed %+v", changed)
	}
	ok(t, it.Refresh(ctx))
	if !slices.Contains(it.TypeKeywords, "Registered App") {
		t.Errorf("keywords %v", it.TypeKeywords)
	}
	ok(t, it.Unregister(ctx))
	ok(t, it.Refresh(ctx))
	if slices.Contains(it.TypeKeywords, "Registered App") {
		t.Errorf("keywords %v", it.TypeKeywords)
	}
}

func TestPortalOrganization(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	admin := connect(t, p, p.Admin, p.AdminPassword)
	id := esri.NewID()
	ok(t, admin.Update(ctx, map[string]any{
		"name": "Acme", "description": "maps", "templatesGroupQuery": "id:" + id, "featuredGroups": []map[string]string{{"id": id, "title": "G", "owner": "ada"}},
		"portalProperties": map[string]any{"links": []int{1}}, "geometryService": map[string]string{"url": "https://gis.example.com"}, "useVectorBasemaps": true,
	}))
	self := must(admin.Self(ctx))(t)
	if self.Name != "Acme" || self.GroupQueries["templatesGroupQuery"] != "id:"+id || len(self.FeaturedGroups) != 1 || string(self.FeaturedGroups[0].ID) != id ||
		string(self.PortalProperties) != `{"links":[1]}` || !strings.Contains(string(self.HelperServices["geometry"]), "gis.example.com") {
		t.Errorf("self = %s", self.Raw())
	}
	ok(t, admin.Update(ctx, map[string]any{"description": "", "geometryService": ""}))
	if self = must(admin.Self(ctx))(t); self.Description != "" || strings.Contains(string(self.HelperServices["geometry"]), "example") {
		t.Errorf("cleared: %s", self.Raw())
	}
	isKind(t, admin.Update(ctx, map[string]any{"units": "feet"}), gis.ErrInvalid)

	ok(t, admin.UpdateSettings(ctx, map[string]any{"informationalBanner": map[string]any{"text": "Hi", "enabled": true}}))
	var settings struct {
		Banner struct{ Text string } `json:"informationalBanner"`
	}
	ok(t, json.Unmarshal(must(admin.Settings(ctx))(t), &settings))
	if settings.Banner.Text != "Hi" {
		t.Errorf("settings %+v", settings)
	}

	g := must(admin.Groups.Create(ctx, gis.GroupSpec{Title: "All", Access: gis.AccessOrg, Tags: []string{"a"}}))(t)
	ok(t, admin.Users.SetDefaults(ctx, gis.MemberDefaults{Role: gis.RolePublisher, Groups: []esri.GroupID{g.ID}, Categories: []string{"/Categories/New"}}))
	d := must(admin.Users.Defaults(ctx))(t)
	if d.Role != gis.RolePublisher || !slices.Equal(d.Groups, []esri.GroupID{g.ID}) || !slices.Equal(d.Categories, []string{"/Categories/New"}) {
		t.Errorf("defaults %+v", d)
	}
	ok(t, admin.Users.ClearDefaults(ctx))
	if d = must(admin.Users.Defaults(ctx))(t); d.Role != "" || len(d.Groups) != 0 {
		t.Errorf("cleared defaults %+v", d)
	}
}

func TestPortalOrganizationFiles(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	ada := p.CreateMember(t, "ada", portaltest.RoleUser)
	admin, member, anyone := connect(t, p, p.Admin, p.AdminPassword), connect(t, p, ada.Username, ada.Password), must(gis.New(p.URL, nil))(t)
	t.Cleanup(anyone.Close)
	isKind(t, member.Resources().Add(ctx, "x.txt", "", gis.BytesUpload("x.txt", []byte("x"))), gis.ErrDenied)
	ok(t, admin.Resources().Add(ctx, "css/theme.css", "", gis.BytesUpload("theme.css", []byte("a{}"))))
	ok(t, admin.Resources().Add(ctx, "inner.json", gis.AccessOrg, gis.BytesUpload("inner.json", []byte("{}"))))
	keys := func(c *gis.Portal) (out []string) {
		for _, r := range must(gis.Collect(c.Resources().List(ctx)))(t) {
			out = append(out, r.Key+" "+string(r.Access))
		}
		return out
	}
	if got := keys(member); !slices.Equal(got, []string{"css/theme.css public", "inner.json org"}) {
		t.Errorf("a member sees %v", got)
	}
	if got := keys(anyone); !slices.Equal(got, []string{"css/theme.css public"}) {
		t.Errorf("anybody sees %v", got)
	}
	read := func(open func(context.Context) (*gis.Data, error)) string {
		d := must(open(ctx))(t)
		defer d.Close()
		return string(must(io.ReadAll(d))(t))
	}
	if got := read(func(ctx context.Context) (*gis.Data, error) { return anyone.Resources().Open(ctx, "css/theme.css") }); got != "a{}" {
		t.Errorf("read %q", got)
	}
	_, err := anyone.Resources().Open(ctx, "inner.json")
	isKind(t, err, gis.ErrNotFound)
	ok(t, admin.Resources().Remove(ctx, "inner.json"))
	isKind(t, admin.Resources().Remove(ctx, "inner.json"), gis.ErrNotFound)

	ok(t, admin.SetThumbnail(ctx, gis.BytesUpload("logo.png", png)))
	if got := read(admin.OpenThumbnail); got != string(png) {
		t.Errorf("a picture of %d bytes", len(got))
	}
}

func TestPortalItemPictures(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	one := func(name string) gis.Upload { return gis.BytesUpload(name, png) }
	it := must(c.Content.Add(ctx, gis.ItemSpec{Title: "App", Type: "Application"}, gis.WithThumbnail(one("t.png")), gis.WithLargeThumbnail(one("l.png")),
		gis.WithBanner(one("b.png")), gis.WithScreenshots(one("s.png"), one("z.png")), gis.WithMetadata(gis.BytesUpload("m.xml", []byte("<metadata/>")))))(t)
	files := it.InfoFiles()
	if len(files) != 6 {
		t.Fatalf("info files %v of %s", files, it.Raw())
	}
	for _, name := range files {
		if got := content(t, func(ctx context.Context) (*gis.Data, error) { return it.OpenInfo(ctx, name) }); got != string(png) && got != "<metadata/>" {
			t.Errorf("%s: %q", name, got)
		}
	}
	ok(t, it.Update(ctx, gis.ItemUpdate{}, gis.WithScreenshots(one("new.png"))))
	if len(it.Screenshots) != 1 || !strings.Contains(it.Screenshots[0], "new.png") {
		t.Errorf("screenshots %v", it.Screenshots)
	}
}
