package gis_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// png is a picture of one pixel.
var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82")

func TestPortalItem(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	ada := p.CreateMember(t, "ada", portaltest.RolePublisher)
	c := connect(t, p, ada.Username, ada.Password)
	folder := must(c.Content.CreateFolder(ctx, "", "Maps"))(t)

	extent := esri.Extent{XMin: -10, YMin: 40, XMax: 10.5, YMax: 60}
	id := esri.ItemID(esri.NewID())
	it := must(c.Content.Add(ctx, gis.ItemSpec{
		ID: id, Folder: folder.ID, Title: "Küstenlinie", Type: "Web Map", Tags: []string{"sea", "coast line"}, TypeKeywords: []string{"source-x"},
		Snippet: "s", Description: "<b>d</b>", Extent: &extent, Properties: []byte(`{"rhumb":{"run":1}}`), Culture: "de",
	}, gis.WithText(`{"version":"2.0"}`), gis.WithThumbnail(gis.BytesUpload("t.png", png))))(t)
	if it.ID != id || it.Title != "Küstenlinie" || it.OwnerFolder != folder.ID || it.Owner != "ada" || it.Extent == nil || *it.Extent != extent ||
		!slices.Equal(it.Tags, []string{"sea", "coast line"}) || it.Access != gis.AccessPrivate || it.Thumbnail == "" ||
		!strings.Contains(string(it.Properties), "rhumb") || !slices.Contains(it.TypeKeywords, "source-x") || it.Culture != "de" {
		t.Errorf("item = %s", it.Raw())
	}
	if got := must(it.Text(ctx))(t); got != `{"version":"2.0"}` {
		t.Errorf("text = %s", got)
	}
	if got := content(t, it.OpenThumbnail); got != string(png) {
		t.Errorf("thumbnail of %d bytes", len(got))
	}
	_, err := c.Content.Add(ctx, gis.ItemSpec{ID: id, Title: "again", Type: "Web Map"})
	if err == nil || gis.Ambiguous(err) {
		t.Errorf("a taken id: %v", err)
	}
	ok(t, it.Update(ctx, gis.ItemUpdate{Snippet: new(""), Tags: &[]string{"one"}, Description: new("plain")}))
	if it.Snippet != "" || !slices.Equal(it.Tags, []string{"one"}) || it.Description != "plain" || it.Title != "Küstenlinie" {
		t.Errorf("updated = %s", it.Raw())
	}
	ok(t, it.Update(ctx, gis.ItemUpdate{ClearExtent: true}, gis.WithText(`{"version":"2.1"}`)))
	if got := must(it.Text(ctx))(t); got != `{"version":"2.1"}` || it.Extent != nil {
		t.Errorf("text = %s, extent = %v", got, it.Extent)
	}
}

func TestPortalItemFiles(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	it := must(c.Content.Add(ctx, gis.ItemSpec{Title: "Sites", Type: "CSV"}, gis.WithData(gis.BytesUpload("sites.csv", []byte("a,b\n1,2\n")))))(t)
	if it.Name != "sites.csv" || it.Size != 8 {
		t.Errorf("name %q, size %d", it.Name, it.Size)
	}
	d := must(it.Data(ctx))(t)
	if d.Name != "sites.csv" || d.Size != 8 || !strings.Contains(d.ContentType, "csv") {
		t.Errorf("data = %+v", d)
	}
	ok(t, d.Close())
	_, err := c.Content.Add(ctx, gis.ItemSpec{Title: "Sites", Type: "CSV"}, gis.WithData(gis.BytesUpload("sites.csv", []byte("c"))))
	isKind(t, err, gis.ErrConflict)

	dir := t.TempDir()
	got := must(it.Download(ctx, dir))(t)
	if b, err := os.ReadFile(filepath.Join(dir, "sites.csv")); err != nil || string(b) != "a,b\n1,2\n" || got.Path != filepath.Join(dir, "sites.csv") || got.Size != 8 {
		t.Errorf("downloaded %q, %v, %+v", b, err, got)
	}

	empty := must(c.Content.Add(ctx, gis.ItemSpec{Title: "Link", Type: "Document Link", URL: "https://example.com/x"}))(t)
	_, err = empty.Data(ctx)
	isKind(t, err, gis.ErrNotFound)
	_, err = empty.OpenThumbnail(ctx)
	isKind(t, err, gis.ErrNotFound)
	_, err = empty.OpenMetadata(ctx, "")
	isKind(t, err, gis.ErrNotFound)
	_, err = empty.OpenInfo(ctx, "form.json")
	isKind(t, err, gis.ErrNotFound)

	ok(t, it.SetMetadata(ctx, gis.BytesUpload("whatever.xml", []byte("<metadata/>"))))
	if !it.HasMetadata() {
		t.Errorf("keywords = %v", it.TypeKeywords)
	}
	if got := content(t, func(ctx context.Context) (*gis.Data, error) { return it.OpenMetadata(ctx, "") }); got != "<metadata/>" {
		t.Errorf("metadata = %q", got)
	}
	ok(t, it.SetInfo(ctx, "", gis.BytesUpload("form.json", []byte(`{"q":1}`))))
	if got := content(t, func(ctx context.Context) (*gis.Data, error) { return it.OpenInfo(ctx, "form.json") }); got != `{"q":1}` {
		t.Errorf("info = %q", got)
	}
	ok(t, it.DeleteInfo(ctx, "form.json"))
	_, err = it.OpenInfo(ctx, "form.json")
	isKind(t, err, gis.ErrNotFound)
	ok(t, it.SetThumbnail(ctx, gis.BytesUpload("t.png", png)))
	ok(t, it.DeleteThumbnail(ctx))
	ok(t, it.Refresh(ctx))
	if it.Thumbnail != "" {
		t.Errorf("thumbnail = %q", it.Thumbnail)
	}
}

func TestPortalItemLife(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	bob := p.CreateMember(t, "bob", portaltest.RolePublisher)
	c, b := connect(t, p, p.Admin, p.AdminPassword), connect(t, p, bob.Username, bob.Password)
	folder := must(c.Content.CreateFolder(ctx, "", "Maps"))(t)
	add := func(title string) *gis.Item {
		return must(c.Content.Add(ctx, gis.ItemSpec{Title: title, Type: "Web Map"}, gis.WithText("{}")))(t)
	}
	it := add("one")
	_, err := b.Content.Get(ctx, it.ID)
	isKind(t, err, gis.ErrNotFound)
	isKind(t, b.Content.Handle(p.Admin, "", it.ID).Delete(ctx), gis.ErrNotFound)

	group := must(c.Groups.Create(ctx, gis.GroupSpec{Title: "Crew"}))(t)
	ok(t, it.Share(ctx, gis.Share{Groups: []esri.GroupID{group.ID}}))
	if s := must(it.ReadSharing(ctx))(t); s.Access != gis.AccessShared || !slices.Equal(s.Groups, []esri.GroupID{group.ID}) {
		t.Errorf("sharing = %+v", s)
	}
	for _, access := range []gis.Access{gis.AccessPublic, gis.AccessOrg, gis.AccessPrivate} {
		ok(t, it.Share(ctx, gis.Share{Access: access}))
		want := access
		if access == gis.AccessPrivate {
			want = gis.AccessShared // the group's share stays
		}
		if s := must(it.ReadSharing(ctx))(t); s.Access != want || len(s.Groups) != 1 {
			t.Errorf("shared with %s: %+v", access, s)
		}
	}
	if g := must(it.Groups(ctx))(t); len(g.Admin) != 1 || g.Admin[0].ID != group.ID {
		t.Errorf("groups = %+v", g)
	}
	if items := must(gis.Collect(group.Items(ctx, nil)))(t); len(items) != 1 || items[0].ID != it.ID {
		t.Errorf("group items = %v", items)
	}
	ok(t, it.Unshare(ctx, group.ID))
	if s := must(it.ReadSharing(ctx))(t); s.Access != gis.AccessPrivate || len(s.Groups) != 0 {
		t.Errorf("after unsharing: %+v", s)
	}

	ok(t, it.Move(ctx, folder.ID))
	if items := must(gis.Collect(c.Content.UserItems(ctx, "", folder.ID, nil)))(t); len(items) != 1 || items[0].OwnerFolder != folder.ID {
		t.Errorf("folder items = %v", items)
	}
	if all := must(gis.Collect(c.Content.AllUserItems(ctx, p.Admin)))(t); len(all) != 1 {
		t.Errorf("all items = %v", all)
	}
	ok(t, it.Protect(ctx, true))
	if err := it.CanDelete(ctx); err == nil {
		t.Error("a protected item can be deleted")
	}
	if err := it.Delete(ctx); err == nil {
		t.Error("a protected item was deleted")
	}
	ok(t, it.Protect(ctx, false))
	ok(t, it.CanDelete(ctx))
	ok(t, it.ReassignTo(ctx, "bob", "Inbox"))
	if it.Owner != "bob" || it.OwnerFolder == "" || it.OwnerFolder == folder.ID {
		t.Errorf("reassigned: %s", it.Raw())
	}
	if f := must(b.Content.FolderByTitle(ctx, "", "inbox"))(t); f.ID != it.OwnerFolder {
		t.Errorf("folder = %+v", f)
	}
	ok(t, it.Delete(ctx))
	_, err = c.Content.UserItem(ctx, "bob", it.ID)
	isKind(t, err, gis.ErrNotFound)

	two, three := add("two"), add("three")
	missing := esri.ItemID(esri.NewID())
	err = c.Content.DeleteItems(ctx, "", two.ID, missing, three.ID)
	var batch *gis.BatchError
	if !errors.As(err, &batch) || len(batch.Done) != 2 || len(batch.Failed) != 1 || batch.Failed[0].ID != string(missing) {
		t.Errorf("err = %v", err)
	}
	ok(t, c.Content.RenameFolder(ctx, "", folder.ID, "Charts"))
	must(c.Content.FolderByTitle(ctx, "", "charts"))(t)
	ok(t, c.Content.DeleteFolder(ctx, "", folder.ID))
	if f := must(c.Content.Folders(ctx, ""))(t); len(f) != 0 {
		t.Errorf("folders = %v", f)
	}
}

func TestPortalBatches(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	folder := must(c.Content.CreateFolder(ctx, "", "F"))(t)
	group := must(c.Groups.Create(ctx, gis.GroupSpec{Title: "G"}))(t)
	var ids []esri.ItemID
	for range 3 {
		it := must(c.Content.Add(ctx, gis.ItemSpec{Title: "x", Type: "Web Map"}, gis.WithText("{}"), gis.WithoutRefresh()))(t)
		ids = append(ids, it.ID)
	}
	ok(t, c.Content.MoveItems(ctx, "", folder.ID, ids...))
	ok(t, c.Content.ShareItems(ctx, "", gis.Share{Access: gis.AccessOrg, Groups: []esri.GroupID{group.ID}}, ids...))
	for it, err := range c.Content.UserItems(ctx, "", folder.ID, &gis.ItemList{PageSize: 1}) {
		ok(t, err)
		if s := must(it.ReadSharing(ctx))(t); s.Access != gis.AccessOrg || len(s.Groups) != 1 {
			t.Errorf("sharing = %+v", s)
		}
	}
	ok(t, c.Content.UnshareItems(ctx, "", []esri.GroupID{group.ID}, ids...))
	if s := must(c.Content.Handle(p.Admin, folder.ID, ids[0]).ReadSharing(ctx))(t); s.Access != gis.AccessOrg || len(s.Groups) != 0 {
		t.Errorf("sharing = %+v", s)
	}
	if err := c.Content.ShareItems(ctx, "", gis.Share{Groups: []esri.GroupID{esri.GroupID(esri.NewID())}}, ids...); err == nil {
		t.Error("shared with a group that does not exist")
	}
	bob := p.CreateMember(t, "bob", portaltest.RoleUser)
	ok(t, c.Content.ReassignItems(ctx, "", bob.Username, "", ids...))
	if n := len(must(gis.Collect(c.Content.AllUserItems(ctx, "bob")))(t)); n != 3 {
		t.Errorf("bob owns %d items", n)
	}
}

func TestPortalResourcesAndRelationships(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t)
	ctx := t.Context()
	c := connect(t, p, p.Admin, p.AdminPassword)
	story := must(c.Content.Add(ctx, gis.ItemSpec{Title: "Story", Type: "StoryMap"}, gis.WithText("{}")))(t)
	r := story.Resources()
	ok(t, r.Add(ctx, gis.ResourceSpec{Name: "images/a.png", Upload: gis.BytesUpload("x.png", png)}))
	ok(t, r.Add(ctx, gis.ResourceSpec{Name: "draft.json", Upload: gis.BytesUpload("draft.json", []byte(`{"a":1}`)), Access: gis.ResourcePrivate}))
	if err := r.Add(ctx, gis.ResourceSpec{Name: "draft.json", Upload: gis.BytesUpload("draft.json", []byte(`{}`))}); err == nil {
		t.Error("a resource was added twice")
	}
	list := must(gis.Collect(r.List(ctx, nil)))(t)
	slices.SortFunc(list, func(a, b *gis.Resource) int { return strings.Compare(a.Name, b.Name) })
	if len(list) != 2 || list[0].Name != "draft.json" || list[0].Access != gis.ResourcePrivate || list[1].Name != "images/a.png" || list[1].Size != int64(len(png)) {
		t.Errorf("resources = %+v", list)
	}
	open := func(name string) func(context.Context) (*gis.Data, error) {
		return func(ctx context.Context) (*gis.Data, error) { return r.Open(ctx, name) }
	}
	if got := content(t, open("images/a.png")); got != string(png) {
		t.Errorf("resource of %d bytes", len(got))
	}
	ok(t, r.Update(ctx, gis.ResourceSpec{Name: "draft.json", Upload: gis.BytesUpload("draft.json", []byte(`{"a":2}`))}))
	if got := content(t, open("draft.json")); got != `{"a":2}` {
		t.Errorf("resource = %s", got)
	}
	isKind(t, r.Update(ctx, gis.ResourceSpec{Name: "none.json", Upload: gis.BytesUpload("none.json", []byte(`{}`))}), gis.ErrNotFound)
	_, err := r.Open(ctx, "none.json")
	isKind(t, err, gis.ErrNotFound)
	isKind(t, r.Remove(ctx, "none.json"), gis.ErrNotFound)
	if got := content(t, r.Export); !bytes.HasPrefix([]byte(got), []byte("PK")) {
		t.Errorf("export begins with %.2q", got)
	}
	ok(t, r.Remove(ctx, "images/a.png"))
	ok(t, r.RemoveAll(ctx))
	if list := must(gis.Collect(r.List(ctx, nil)))(t); len(list) != 0 {
		t.Errorf("resources = %+v", list)
	}

	webmap := must(c.Content.Add(ctx, gis.ItemSpec{Title: "Map", Type: "Web Map"}, gis.WithText("{}")))(t)
	fc := must(c.Content.Add(ctx, gis.ItemSpec{Title: "FC", Type: "Feature Collection"}, gis.WithText("{}")))(t)
	ok(t, webmap.AddRelationship(ctx, fc.ID, gis.Map2FeatureCollection))
	if got := must(gis.Collect(webmap.Related(ctx, gis.Forward, gis.Map2FeatureCollection)))(t); len(got) != 1 || got[0].ID != fc.ID {
		t.Errorf("related = %v", got)
	}
	if got := must(gis.Collect(fc.Related(ctx, gis.Reverse, gis.Map2FeatureCollection, gis.Map2Service)))(t); len(got) != 1 || got[0].ID != webmap.ID {
		t.Errorf("reverse = %v", got)
	}
	ok(t, webmap.DeleteRelationship(ctx, fc.ID, gis.Map2FeatureCollection))
	if got := must(gis.Collect(webmap.Related(ctx, gis.Forward, gis.Map2FeatureCollection)))(t); len(got) != 0 {
		t.Errorf("related = %v", got)
	}
}
