package gis_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// onItem calls a method of an item in a folder, of which owner, folder and id are known.
func onItem(do func(context.Context, *gis.Item) error) func(context.Context, *gis.Portal) error {
	return func(ctx context.Context, p *gis.Portal) error { return do(ctx, p.Content.Handle("ada", "f1", itemA)) }
}

// closed reads a file to its end and compares.
func closed(d *gis.Data, err error, want string) error {
	if err != nil {
		return err
	}
	defer d.Close()
	b, err := io.ReadAll(d)
	if err == nil && string(b) != want {
		return fmt.Errorf("read %q, want %q", b, want)
	}
	return err
}

func TestItem(t *testing.T) {
	t.Parallel()
	const path = "content/users/ada/f1/items/" + itemA
	const public = "content/items/" + itemA
	done := `{"success":true,"itemId":"` + itemA + `","owner":"ada","folder":null}`
	calls := []call{
		{name: "Update", op: "POST " + path + "/update", answer: success, answers: added, not: "type,tags,description,properties,text,multipart",
			want: `title=Roads&snippet=&typeKeywords=&extent=1,2,3,4&clearEmptyFields=true&extra=e`,
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Update(ctx, gis.ItemUpdate{Title: new("Roads"), Snippet: new(""), TypeKeywords: &[]string{}, Extent: &esri.Extent{XMin: 1, YMin: 2, XMax: 3, YMax: 4}, Extra: map[string][]string{"extra": {"e"}}})
			})},
		{name: "Update all", op: "POST " + path + "/update", answer: success, answers: added, file: "thumbnail: t.png: PNG",
			want: `type=CSV&tags=a,b&description=d&url=u&extent=&spatialReference=4326&accessInformation=ai&licenseInfo=li&culture=en&documentation=doc&properties={"p":1}&categories=c&appCategories=ac&industries=in&languages=la&commentsEnabled=true&text=T`,
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Update(ctx, gis.ItemUpdate{Type: new("CSV"), Tags: &[]string{"a", "b"}, Description: new("d"), URL: new("u"), ClearExtent: true, SpatialReference: new("4326"), AccessInformation: new("ai"),
					LicenseInfo: new("li"), Culture: new("en"), Documentation: new("doc"), Properties: json.RawMessage(`{"p":1}`), Categories: &[]string{"c"}, AppCategories: &[]string{"ac"},
					Industries: &[]string{"in"}, Languages: &[]string{"la"}, CommentsEnabled: new(true)}, gis.WithText("T"), gis.WithThumbnail(gis.BytesUpload("t.png", []byte("PNG"))))
			})},
		{name: "Update in parts", op: "POST " + path + "/update", answer: success, want: "multipart=true&filename=big.zip",
			answers: map[string]string{"POST " + path + "/addPart": success, "POST " + path + "/commit": success, "GET " + path + "/status": `{"status":"completed"}`, "GET content/users/ada/items/" + itemA: userItem},
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Update(ctx, gis.ItemUpdate{}, gis.WithData(gis.BytesUpload("big.zip", []byte("0123456789"))), gis.WithParts(1, 3, 2))
			})},
		{name: "SetThumbnail", op: "POST " + path + "/update", answer: success, answers: added, file: "thumbnail: t.png: PNG",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.SetThumbnail(ctx, gis.BytesUpload("t.png", []byte("PNG")))
			})},
		{name: "DeleteThumbnail", op: "POST " + path + "/deleteThumbnail", answer: success, do: onItem(func(ctx context.Context, it *gis.Item) error { return it.DeleteThumbnail(ctx) })},
		{name: "SetMetadata", op: "POST " + path + "/update", answer: success, answers: added, file: "metadata: metadata.xml: <m/>",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.SetMetadata(ctx, gis.BytesUpload("m.xml", []byte("<m/>")))
			})},
		{name: "Data", op: "GET " + public + "/data", answer: `{"version":"2.0"}`, not: "f", do: onItem(func(ctx context.Context, it *gis.Item) error {
			d, err := it.Data(ctx)
			return closed(d, err, `{"version":"2.0"}`)
		})},
		{name: "OpenInfo", op: "GET " + public + "/info/a/b%20c.json", answer: "x", not: "f", do: onItem(func(ctx context.Context, it *gis.Item) error {
			d, err := it.OpenInfo(ctx, "a/b c.json")
			return closed(d, err, "x")
		})},
		{name: "OpenMetadata", op: "GET " + public + "/info/metadata/metadata.xml", answer: "<m/>", want: "format=iso19139", not: "f", do: onItem(func(ctx context.Context, it *gis.Item) error {
			d, err := it.OpenMetadata(ctx, "iso19139")
			return closed(d, err, "<m/>")
		})},
		{name: "SetInfo", op: "POST " + path + "/updateInfo", answer: done, want: "folderName=a", file: "file: b.json: x",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.SetInfo(ctx, "a", gis.BytesUpload("b.json", []byte("x")))
			})},
		{name: "DeleteInfo", op: "POST " + path + "/deleteInfo", answer: success, want: "infoFile=metadata/metadata.xml", do: onItem(func(ctx context.Context, it *gis.Item) error { return it.DeleteInfo(ctx, "metadata/metadata.xml") })},
		{name: "Share org", op: "POST " + path + "/share", answer: `{"notSharedWith":[],"itemId":"` + itemA + `"}`, want: "everyone=false&org=true&account=true", not: "groups,confirmItemControl",
			do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Share(ctx, gis.Share{Access: gis.AccessOrg}) })},
		{name: "Share public", op: "POST " + path + "/share", answer: `{"notSharedWith":[]}`, want: "everyone=true&org=false&account=true",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Share(ctx, gis.Share{Access: gis.AccessPublic})
			})},
		{name: "Share private", op: "POST " + path + "/share", answer: `{"notSharedWith":[]}`, want: "everyone=false&org=false&account=false",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Share(ctx, gis.Share{Access: gis.AccessPrivate})
			})},
		{name: "Share with groups", op: "POST " + path + "/share", answer: `{"notSharedWith":[]}`, want: "groups=g1,g2", not: "everyone,org,account",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Share(ctx, gis.Share{Groups: []esri.GroupID{"g1", "g2"}})
			})},
		{name: "Unshare", op: "POST " + path + "/unshare", answer: `{"notUnsharedFrom":[],"itemId":"x"}`, want: "groups=g1", do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Unshare(ctx, "g1") })},
		{name: "ReadSharing", op: "GET content/users/ada/items/" + itemA, answer: userItem, do: onItem(func(ctx context.Context, it *gis.Item) error {
			s, err := it.ReadSharing(ctx)
			if err == nil && (s.Access != gis.AccessShared || !slices.Equal(s.Groups, []esri.GroupID{"g1"}) || it.Sharing == nil) {
				return fmt.Errorf("%+v", s)
			}
			return err
		})},
		{name: "Groups", op: "GET " + public + "/groups", answer: `{"admin":[{"id":"g1"}],"member":[],"other":[{"id":"g2"}]}`, do: onItem(func(ctx context.Context, it *gis.Item) error {
			g, err := it.Groups(ctx)
			if err == nil && (g.Admin[0].ID != "g1" || g.Other[0].ID != "g2" || g.Other[0].HomepageURL() == "") {
				return fmt.Errorf("%+v", g)
			}
			return err
		})},
		{name: "Move", op: "POST " + path + "/move", answer: done, want: "folder=f2", do: onItem(func(ctx context.Context, it *gis.Item) error {
			err := it.Move(ctx, "f2")
			if err == nil && it.OwnerFolder != "f2" {
				return errors.New(string(it.OwnerFolder))
			}
			return err
		})},
		{name: "Move to the root", op: "POST " + path + "/move", answer: done, want: "folder=/", do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Move(ctx, "") })},
		{name: "ReassignTo", op: "POST " + path + "/reassign", answer: done, want: "targetUsername=bob&targetFolderName=/", do: onItem(func(ctx context.Context, it *gis.Item) error {
			err := it.ReassignTo(ctx, "bob", "")
			if err == nil && (it.Owner != "bob" || it.OwnerFolder != "") {
				return errors.New(it.Owner)
			}
			return err
		})},
		{name: "Protect", op: "POST " + path + "/protect", answer: success, do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Protect(ctx, true) })},
		{name: "Unprotect", op: "POST " + path + "/unprotect", answer: success, do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Protect(ctx, false) })},
		{name: "Delete", op: "POST " + path + "/delete", answer: done, not: "force,permanentDelete", do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Delete(ctx) })},
		{name: "Delete for good", op: "POST " + path + "/delete", answer: done, want: "force=true&permanentDelete=true", do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Delete(ctx, gis.Force(), gis.Permanently()) })},
		{name: "CanDelete", op: "POST " + path + "/canDelete", answer: `{"itemId":"x","success":true}`, do: onItem(func(ctx context.Context, it *gis.Item) error { return it.CanDelete(ctx) })},
		{name: "Status", op: "GET " + path + "/status", answer: `{"status":"failed","statusMessage":"no room","itemId":"x"}`, want: "jobId=j&jobType=publish", do: onItem(func(ctx context.Context, it *gis.Item) error {
			s, err := it.Status(ctx, gis.StatusQuery{JobID: "j", JobType: "publish"})
			if err == nil && (s.State != gis.StatusFailed || s.Message != "no room") {
				return fmt.Errorf("%+v", s)
			}
			return err
		})},
		{name: "Related", op: "GET " + public + "/relatedItems", answer: `{"total":1,"relatedItems":[{"id":"x"}]}`, want: "relationshipType=Map2Service&direction=forward", not: "relationshipTypes",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				items, err := gis.Collect(it.Related(ctx, gis.Forward, gis.Map2Service))
				if err == nil && len(items) != 1 {
					return errors.New("not one item")
				}
				return err
			})},
		{name: "Related of types", op: "GET " + public + "/relatedItems", answer: `{"total":0,"relatedItems":[]}`, want: "relationshipTypes=Map2Service,Service2Data&direction=reverse",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				_, err := gis.Collect(it.Related(ctx, gis.Reverse, gis.Map2Service, gis.Service2Data))
				return err
			})},
		{name: "AddRelationship", op: "POST content/users/ada/addRelationship", answer: success, want: "originItemId=" + itemA + "&destinationItemId=" + itemB + "&relationshipType=Map2Service",
			do: onItem(func(ctx context.Context, it *gis.Item) error { return it.AddRelationship(ctx, itemB, gis.Map2Service) })},
		{name: "DeleteRelationship", op: "POST content/users/ada/deleteRelationship", answer: success, want: "originItemId=" + itemA + "&destinationItemId=" + itemB,
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.DeleteRelationship(ctx, itemB, gis.Map2Service)
			})},
	}
	runCalls(t, calls)
}

func TestResources(t *testing.T) {
	t.Parallel()
	const path = "content/users/ada/f1/items/" + itemA
	const public = "content/items/" + itemA + "/resources"
	done := `{"success":true,"itemId":"` + itemA + `","owner":"ada","folder":null}`
	png := gis.BytesUpload("x.png", []byte("PNG"))
	calls := []call{
		{name: "List", op: "GET " + public, want: "num=1000&sortField=size", answer: `{"total":1,"start":1,"num":1,"nextStart":-1,"resources":[{"resource":"image/banner.jpg","created":1522711362000,"size":56945,"access":"inherit"}]}`,
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				r, err := gis.Collect(it.Resources().List(ctx, &gis.ResourceList{SortField: "size"}))
				if err == nil && (r[0].Name != "image/banner.jpg" || r[0].Size != 56945 || r[0].Access != gis.ResourceInherit) {
					return fmt.Errorf("%+v", r[0])
				}
				return err
			})},
		{name: "Open", op: "GET " + public + "/images/a%20b.png", answer: "PNG", not: "f", do: onItem(func(ctx context.Context, it *gis.Item) error {
			d, err := it.Resources().Open(ctx, "images/a b.png")
			return closed(d, err, "PNG")
		})},
		{name: "Add", op: "POST " + path + "/addResources", answer: done, want: "resourcesPrefix=images/big&fileName=a.png&access=private", not: "archive", file: "file: a.png: PNG",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Resources().Add(ctx, gis.ResourceSpec{Name: "images/big/a.png", Upload: png, Access: gis.ResourcePrivate})
			})},
		{name: "Add by the upload's name", op: "POST " + path + "/addResources", answer: done, want: "fileName=x.png", not: "resourcesPrefix,access", file: "file: x.png: PNG",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Resources().Add(ctx, gis.ResourceSpec{Upload: png})
			})},
		{name: "Add an archive", op: "POST " + path + "/addResources", answer: done, want: "resourcesPrefix=images&archive=true", not: "fileName", file: "file: all.zip: PK",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Resources().Add(ctx, gis.ResourceSpec{Name: "images", Upload: gis.BytesUpload("all.zip", []byte("PK")), Archive: true})
			})},
		{name: "Update", op: "POST " + path + "/updateResources", answer: done, want: "fileName=a.png", file: "file: a.png: PNG",
			do: onItem(func(ctx context.Context, it *gis.Item) error {
				return it.Resources().Update(ctx, gis.ResourceSpec{Name: "a.png", Upload: png})
			})},
		{name: "Remove", op: "POST " + path + "/removeResources", answer: success, want: "resource=images/a.png", not: "deleteAll", do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Resources().Remove(ctx, "images/a.png") })},
		{name: "RemoveAll", op: "POST " + path + "/removeResources", answer: success, want: "deleteAll=true", not: "resource", do: onItem(func(ctx context.Context, it *gis.Item) error { return it.Resources().RemoveAll(ctx) })},
		{name: "Export", op: "GET " + path + "/resources/export", answer: "PK", want: "f=zip", do: onItem(func(ctx context.Context, it *gis.Item) error {
			d, err := it.Resources().Export(ctx)
			return closed(d, err, "PK")
		})},
	}
	runCalls(t, calls)
}

func TestItemAbsences(t *testing.T) {
	t.Parallel()
	const public = "GET content/items/" + itemA
	noData := `{"error":{"code":500,"message":"Item does not have a file.","details":[]}}`
	noInfo := `{"error":{"code":400,"message":"File does not exist.","details":[]}}`
	p, _ := setup(t, map[string]string{
		public:           strings.Replace(oneItem, `"size":12`, `"size":0`, 1),
		public + "/data": noData, public + "/info/metadata/metadata.xml": noData, public + "/info/form.json": noInfo,
		public + "/resources/x": `{"error":{"code":404,"message":"Resource does not exist or is inaccessible.","details":[]}}`,
	})
	ctx := t.Context()
	it := must(p.Content.Get(ctx, itemA))(t)
	_, err := it.Data(ctx)
	isKind(t, err, gis.ErrNotFound)
	_, err = it.OpenMetadata(ctx, "")
	isKind(t, err, gis.ErrNotFound)
	_, err = it.OpenInfo(ctx, "form.json")
	isKind(t, err, gis.ErrNotFound)
	_, err = it.Resources().Open(ctx, "x")
	isKind(t, err, gis.ErrNotFound)
	isKind(t, it.Resources().Remove(ctx, ""), gis.ErrInvalid)
	_, err = gis.Collect(it.Related(ctx, gis.Forward))
	isKind(t, err, gis.ErrInvalid)

	// An item that is known to have bytes, or of which nothing is known, is not taken for one
	// without data because of a failure inside the portal.
	p, f := setup(t, map[string]string{public: oneItem, public + "/data": noData})
	for _, it := range []*gis.Item{must(p.Content.Get(ctx, itemA))(t), p.Content.Handle("ada", "", itemA)} {
		_, err = it.Data(ctx)
		isKind(t, err, gis.ErrServer)
	}
	f.first(public+"/data", "")
	_, err = it.Data(ctx)
	isKind(t, err, gis.ErrNotFound)
}

func TestItemSharingByOthers(t *testing.T) {
	t.Parallel()
	denied := `{"error":{"code":403,"messageCode":"GWM_0003","message":"You do not have permissions to access this resource or perform this operation.","details":[]}}`
	p, f := setup(t, map[string]string{
		"POST content/users/ada/items/" + itemA + "/share":   denied,
		"POST content/users/ada/items/" + itemA + "/unshare": denied,
		"POST content/items/" + itemA + "/share":             `{"notSharedWith":["g2"],"itemId":"x"}`,
		"POST content/items/" + itemA + "/unshare":           `{"notUnsharedFrom":[],"itemId":"x"}`,
		"GET content/users/ada/items/" + itemA:               denied,
		"GET content/items/" + itemA:                         strings.Replace(oneItem, `"private"`, `"public"`, 1),
		"GET content/items/" + itemA + "/groups":             `{"admin":[{"id":"g1"}],"member":[],"other":[]}`,
	})
	ctx := t.Context()
	it := p.Content.Handle("ada", "", itemA)
	err := it.Share(ctx, gis.Share{Groups: []esri.GroupID{"g1", "g2"}})
	b, is := errors.AsType[*gis.BatchError](err)
	if !is || !slices.Equal(b.Done, []string{"g1"}) || b.Failed[0].ID != "g2" {
		t.Errorf("err = %v", err)
	}
	ok(t, it.Unshare(ctx, "g1"))
	ok(t, it.Unshare(ctx))
	isKind(t, it.Share(ctx, gis.Share{Access: gis.AccessOrg}), gis.ErrDenied)
	if n := len(f.of("POST content/items/" + itemA + "/share")); n != 1 {
		t.Errorf("access was changed by the groups' way %d times", n)
	}
	if s := must(it.ReadSharing(ctx))(t); s.Access != gis.AccessPublic || !slices.Equal(s.Groups, []esri.GroupID{"g1"}) {
		t.Errorf("sharing = %+v", s)
	}
	ok(t, it.Refresh(ctx))
	if it.Title != "Roads" {
		t.Errorf("refreshed = %+v", it)
	}
}

func TestItemThatCannotBeDeleted(t *testing.T) {
	t.Parallel()
	op := "POST content/users/ada/items/" + itemA + "/canDelete"
	for _, answer := range []string{
		`{"itemId":"x","success":false,"error":{"code":400,"message":"Unable to delete item. This service item has a related Service item","offendingItems":[{"itemId":"b1"}]}}`,
		`{"itemId":"x","success":false,"reason":{"code":400,"message":"Unable to delete item. This service item has a related Service item","offendingItems":[{"itemId":"b1"}]}}`,
	} {
		p, _ := setup(t, map[string]string{op: answer})
		err := p.Content.CanDelete(t.Context(), p.Content.Handle("ada", "", itemA))
		e, is := errors.AsType[*gis.Error](err)
		if !is || e.Code != 400 || !slices.Equal(e.OffendingItems, []esri.ItemID{"b1"}) || !strings.Contains(err.Error(), "related Service") {
			t.Errorf("err = %+v", err)
		}
	}
}

func TestItemRoundTrip(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"form_published.item.json", "multi_layer_feature_service.item.json"} {
		var it gis.Item
		ok(t, json.Unmarshal([]byte(recorded(t, name)), &it))
		if it.ID == "" || it.Title == "" || it.Type == "" || it.Created.IsZero() || len(it.TypeKeywords) == 0 {
			t.Errorf("%s: %+v", name, it)
		}
		sameJSON(t, must(json.Marshal(&it))(t), recorded(t, name))
	}
	// Values in quotes, or without them, are read; fields of another kind stay empty and survive.
	odd := `{"id":"x","tags":"a,b","numViews":"many","title":7,"size":"12","extent":"POINT(1 2)","type":"Web Map"}`
	var it gis.Item
	ok(t, json.Unmarshal([]byte(odd), &it))
	if it.ID != "x" || it.Type != "Web Map" || it.Extent != nil || it.Title != "7" || it.Size != 12 || it.NumViews != 0 || it.Tags != nil {
		t.Errorf("odd = %+v", it)
	}
	sameJSON(t, must(json.Marshal(&it))(t), odd)
}
