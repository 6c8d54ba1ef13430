package gis_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// Ids of the tests.
const (
	itemA = "a5db32e043f14f6a9edfec7075288df6"
	itemB = "b5db32e043f14f6a9edfec7075288df6"
)

const oneItem = `{"id":"` + itemA + `","owner":"ada","title":"Roads","type":"Web Map","name":null,"tags":["x"],"extent":[[-10,40],[10,60]],"thumbnail":"thumbnail/t.png",
	"typeKeywords":[],"size":12,"access":"private","ownerFolder":null,"created":1591979700000,"modified":1591979745000,"unknown":[1]}`

const userItem = `{"item":` + oneItem + `,"sharing":{"access":"shared","groups":["g1"]},"folder":null}`

// added answers what follows on a change of the item.
var added = map[string]string{"GET content/users/ada/items/" + itemA: userItem}

func TestContent(t *testing.T) {
	t.Parallel()
	page := `{"query":"q","total":1,"start":1,"num":100,"nextStart":-1,"results":[` + oneItem + `]}`
	folder := `{"success":true,"folder":{"username":"ada","id":"f1","title":"Maps"}}`
	rows := `{"results":[{"itemId":"` + itemA + `","success":true,"notSharedWith":[]}]}`
	calls := []call{
		{name: "Get", op: "GET content/items/" + itemA, answer: oneItem, do: func(ctx context.Context, p *gis.Portal) error {
			it, err := p.Content.Get(ctx, itemA)
			if err == nil && (it.Title != "Roads" || *it.Extent != esri.Extent{XMin: -10, YMin: 40, XMax: 10, YMax: 60} || it.Size != 12) {
				return errors.New(string(it.Raw()))
			}
			return err
		}},
		{name: "UserItem", op: "GET content/users/bob/items/" + itemA, answer: strings.Replace(userItem, `"folder":null`, `"folder":{"id":"f1"}`, 1), do: func(ctx context.Context, p *gis.Portal) error {
			it, err := p.Content.UserItem(ctx, "bob", itemA)
			if err == nil && (it.Sharing.Access != gis.AccessShared || it.Sharing.Groups[0] != "g1" || it.OwnerFolder != "f1") {
				return errors.New("wrong sharing or folder")
			}
			return err
		}},
		{name: "Search", op: "GET search", answer: page, not: "countFields",
			want: `q=((a OR b) AND type:"Web Map") AND orgid:0123456789ABCDEF&sortField=modified&sortOrder=desc&bbox=-10,40,10,60&categories=/Categories/A,/Categories/B&filter=owner:"ada"&num=20`,
			do: func(ctx context.Context, p *gis.Portal) error {
				_, err := gis.Collect(p.Content.Search(ctx, "a OR b", &gis.ItemSearch{Type: "Web Map", SortField: "modified", SortOrder: gis.Descending,
					BBox: &esri.Extent{XMin: -10, YMin: 40, XMax: 10, YMax: 60}, Categories: []string{"/Categories/A", "/Categories/B"}, Filter: `owner:"ada"`, PageSize: 20}))
				return err
			}},
		{name: "SearchPage", op: "GET search", answer: recorded(t, "search_with_aggregations.json"), want: "q=x&countFields=access,tags&countSize=5&start=1&num=1",
			do: func(ctx context.Context, p *gis.Portal) error {
				found, err := p.Content.SearchPage(ctx, "x", &gis.ItemSearch{OutsideOrg: true, Max: 1, CountFields: []string{"access", "tags"}, CountSize: 5})
				if err == nil && (found.Total != 72 || found.Next != 2 || found.Items[0].Title != "Field_Notes_Fixture_5" || found.Items[0].Size != -1 ||
					found.Counts["access"][0] != gis.Count{Value: "private", Count: 61} || len(found.Counts["tags"]) != 3) {
					return errors.New("wrong page")
				}
				return err
			}},
		{name: "UserPage", op: "GET content/users/ada/f1", answer: recorded(t, "content_user.json"), want: "sortField=title&types=Web Map,CSV&start=3&num=10", do: func(ctx context.Context, p *gis.Portal) error {
			found, err := p.Content.UserPage(ctx, "", "f1", &gis.ItemList{SortField: "title", Types: []string{"Web Map", "CSV"}, Start: 3, PageSize: 10})
			if err == nil && (len(found.Items) != 1 || found.Items[0].OwnerFolder != "f1" || found.Total != 17) {
				return errors.New("wrong page")
			}
			return err
		}},
		{name: "CreateFolder", op: "POST content/users/ada/createFolder", want: "title=Maps", answer: folder, do: func(ctx context.Context, p *gis.Portal) error {
			f, err := p.Content.CreateFolder(ctx, "", "Maps")
			if err == nil && f.ID != "f1" {
				return errors.New("wrong folder")
			}
			return err
		}},
		{name: "RenameFolder", op: "POST content/users/bob/f1/updateFolder", want: "newTitle=Charts", answer: folder, do: func(ctx context.Context, p *gis.Portal) error {
			return p.Content.RenameFolder(ctx, "bob", "f1", "Charts")
		}},
		{name: "DeleteFolder", op: "POST content/users/bob/f1/delete", answer: folder, do: func(ctx context.Context, p *gis.Portal) error { return p.Content.DeleteFolder(ctx, "bob", "f1") }},
		{name: "DeleteItems", op: "POST content/users/bob/deleteItems", want: "items=" + itemA, answer: rows, do: func(ctx context.Context, p *gis.Portal) error { return p.Content.DeleteItems(ctx, "bob", itemA) }},
		{name: "MoveItems", op: "POST content/users/bob/moveItems", want: "items=" + itemA + "&folder=/", answer: rows, do: func(ctx context.Context, p *gis.Portal) error { return p.Content.MoveItems(ctx, "bob", "", itemA) }},
		{name: "ReassignItems", op: "POST content/users/bob/reassignItems", want: "targetUsername=eve&targetFolderName=Inbox", answer: rows,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Content.ReassignItems(ctx, "bob", "eve", "Inbox", itemA)
			}},
		{name: "ShareItems", op: "POST content/users/bob/shareItems", want: "everyone=false&org=true&account=true&groups=g1,g2&confirmItemControl=true", answer: rows,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Content.ShareItems(ctx, "bob", gis.Share{Access: gis.AccessOrg, Groups: []esri.GroupID{"g1", "", "g2", "g1"}, AllowMembersToEdit: true}, itemA)
			}},
		{name: "UnshareItems", op: "POST content/users/bob/unshareItems", want: "groups=g1", answer: `{"results":[{"itemId":"` + itemA + `","success":true,"notUnsharedFrom":[]}]}`,
			do: func(ctx context.Context, p *gis.Portal) error {
				return p.Content.UnshareItems(ctx, "bob", []esri.GroupID{"g1"}, itemA)
			}},
	}
	runCalls(t, calls)
}

func TestAdd(t *testing.T) {
	t.Parallel()
	const answer = `{"success":true,"id":"` + itemA + `","folder":null}`
	calls := []call{
		{name: "text", op: "POST content/users/ada/addItem", answer: answer, answers: added, not: "file,multipart,originItemId",
			want: `title=Roads&type=Web Map&typeKeywords=k1,k2&tags=a,b c&description=d&snippet=s&url=https://x&extent=-10,40,10,60&spatialReference=4326&accessInformation=ai&licenseInfo=li&culture=en` +
				`&documentation=doc&properties={"p":1}&categories=/Categories/A&appCategories=ac&industries=in&languages=la&commentsEnabled=false&text={"v":1}&extra=e&itemIdToCreate=` + itemA,
			do: func(ctx context.Context, p *gis.Portal) error {
				it, err := p.Content.Add(ctx, gis.ItemSpec{ID: itemA, Title: "Roads", Type: "Web Map", TypeKeywords: []string{"k1", "k2"}, Tags: []string{"a", "b c"}, Description: "d", Snippet: "s", URL: "https://x",
					Extent: &esri.Extent{XMin: -10, YMin: 40, XMax: 10, YMax: 60}, SpatialReference: "4326", AccessInformation: "ai", LicenseInfo: "li", Culture: "en", Documentation: "doc",
					Properties: json.RawMessage(`{"p":1}`), Categories: []string{"/Categories/A"}, AppCategories: []string{"ac"}, Industries: []string{"in"}, Languages: []string{"la"},
					CommentsEnabled: new(false), Extra: map[string][]string{"extra": {"e"}}}, gis.WithText(`{"v":1}`))
				if err == nil && it.Sharing == nil {
					return errors.New("not read back")
				}
				return err
			}},
		{name: "file", op: "POST content/users/bob/f1/addItem", answer: answer, file: "file: roads.csv: a,b", want: "title=Roads", not: "type,text,itemIdToCreate",
			do: func(ctx context.Context, p *gis.Portal) error {
				it, err := p.Content.Add(ctx, gis.ItemSpec{Owner: "bob", Folder: "f1", Title: "Roads"}, gis.WithData(gis.BytesUpload("roads.csv", []byte("a,b"))), gis.WithoutRefresh())
				if err == nil && (it.ID != itemA || it.Owner != "bob" || it.OwnerFolder != "f1") {
					return errors.New("wrong handle")
				}
				return err
			}},
		{name: "metadata", op: "POST content/users/ada/addItem", answer: answer, file: "metadata: metadata.xml: <m/>", want: "relationshipType=WMA2Code&originItemId=" + itemB,
			do: func(ctx context.Context, p *gis.Portal) error {
				_, err := p.Content.Add(ctx, gis.ItemSpec{Title: "x", Type: "Code Attachment", RelationshipType: gis.WMA2Code, OriginItem: itemB},
					gis.WithMetadata(gis.BytesUpload("other.xml", []byte("<m/>"))), gis.WithoutRefresh())
				return err
			}},
		{name: "opened for parts", op: "POST content/users/ada/addItem", answer: answer, want: "multipart=true&filename=big.zip&title=Roads&type=File Geodatabase", answers: partAnswers(), do: addInParts},
		{name: "part", op: "POST content/users/ada/items/" + itemA + "/addPart", answer: answer, want: "partNum=1", file: "file: big.zip: 0123", answers: partAnswers(), do: addInParts},
		{name: "commit", op: "POST content/users/ada/items/" + itemA + "/commit", answer: answer, want: "title=Roads&type=File Geodatabase", answers: partAnswers(), do: addInParts},
		{name: "status", op: "GET content/users/ada/items/" + itemA + "/status", answer: `{"status":"completed","statusMessage":"","itemId":"` + itemA + `"}`, answers: partAnswers(), do: addInParts},
		{name: "thumbnail after parts", op: "POST content/users/ada/items/" + itemA + "/update", answer: success, file: "thumbnail: t.png: PNG", answers: partAnswers(), do: addInParts},
	}
	runCalls(t, calls)
}

func partAnswers() map[string]string {
	const answer = `{"success":true,"id":"` + itemA + `"}`
	path := "content/users/ada/items/" + itemA
	a := map[string]string{"POST content/users/ada/addItem": answer, "GET " + path + "/status": `{"status":"completed"}`, "POST " + path + "/update": success, "GET " + path: userItem}
	for _, verb := range []string{"addPart", "commit", "cancel", "delete"} {
		a["POST "+path+"/"+verb] = answer
	}
	return a
}

func addInParts(ctx context.Context, p *gis.Portal) error {
	_, err := p.Content.Add(ctx, gis.ItemSpec{Title: "Roads", Type: "File Geodatabase"}, gis.WithData(gis.BytesUpload("big.zip", []byte("0123456789"))),
		gis.WithThumbnail(gis.BytesUpload("t.png", []byte("PNG"))), gis.WithParts(5, 4, 1))
	return err
}

func TestAddRefusals(t *testing.T) {
	t.Parallel()
	p, f := setup(t, nil)
	ctx := t.Context()
	for name, spec := range map[string]gis.ItemSpec{
		"an id that is none":    {ID: "XYZ", Title: "x"},
		"a comma in a tag":      {Title: "x", Tags: []string{"a,b"}},
		"properties of no JSON": {Title: "x", Properties: json.RawMessage("{")},
		"an owner of dots":      {Owner: "..", Title: "x"},
	} {
		_, err := p.Content.Add(ctx, spec, gis.WithoutRefresh())
		isKind(t, err, gis.ErrInvalid)
		if n := len(f.of("POST content/users/ada/addItem")); n != 0 {
			t.Errorf("%s was sent", name)
		}
	}
	online, _ := setup(t, map[string]string{"GET portals/self": `{"portalMode":"multitenant","currentVersion":"2024.1","user":{"username":"ada"}}`})
	_, err := online.Content.Add(ctx, gis.ItemSpec{ID: itemA, Title: "x"})
	isKind(t, err, gis.ErrUnsupported)
	anonymous, _ := setup(t, map[string]string{"GET portals/self": `{"currentVersion":"10.3"}`})
	_, err = anonymous.Content.Add(ctx, gis.ItemSpec{Title: "x"})
	isKind(t, err, gis.ErrToken)
	odd, _ := setup(t, map[string]string{"POST content/users/ada/addItem": `{"success":true}`})
	_, err = odd.Content.Add(ctx, gis.ItemSpec{Title: "x"})
	isKind(t, err, gis.ErrProtocol)
	if !gis.Ambiguous(err) {
		t.Error("an answer without an id is not ambiguous")
	}
}

func TestItemBatchOutcomes(t *testing.T) {
	t.Parallel()
	const op = "POST content/users/ada/deleteItems"
	ids := []esri.ItemID{itemA, itemB, "c"}
	p, _ := setup(t, map[string]string{op: `{"results":[{"itemId":"` + itemA + `","success":true},{"itemId":"` + itemB + `","success":false,"error":{"code":500,"message":"Item does not exist or is inaccessible"}}]}`})
	err := p.Content.DeleteItems(t.Context(), "", ids...)
	b, is := errors.AsType[*gis.BatchError](err)
	if !is || len(b.Done) != 1 || len(b.Failed) != 2 || b.Failed[0].ID != itemB || !gis.Ambiguous(b.Failed[1].Err) || !errors.Is(err, gis.ErrServer) || !strings.Contains(err.Error(), "1 more of 3") {
		t.Errorf("rows: %v", err)
	}

	// The whole call fails for one bad id: the ids are sent one by one.
	p, f := setup(t, map[string]string{op: `{"results":[{"itemId":"` + itemB + `","success":true}]}`})
	gone := `{"error":{"code":400,"messageCode":"CONT_0001","message":"Item '` + itemA + `' does not exist or is inaccessible.","details":[]}}`
	f.first(op, gone, gone)
	err = p.Content.DeleteItems(t.Context(), "", itemA, itemB)
	if b, is = errors.AsType[*gis.BatchError](err); !is || len(b.Done) != 1 || b.Failed[0].ID != itemA || !errors.Is(err, gis.ErrNotFound) {
		t.Errorf("one bad id: %v", err)
	}

	p, _ = setup(t, map[string]string{"POST content/users/ada/shareItems": `{"results":[{"itemId":"` + itemA + `","success":true,"notSharedWith":["g1"]}]}`})
	err = p.Content.ShareItems(t.Context(), "", gis.Share{Groups: []esri.GroupID{"g1"}}, itemA)
	if b, is = errors.AsType[*gis.BatchError](err); !is || len(b.Failed) != 1 || !strings.Contains(err.Error(), "g1") {
		t.Errorf("not shared: %v", err)
	}
	isKind(t, p.Content.ShareItems(t.Context(), "", gis.Share{Access: "everybody"}, itemA), gis.ErrInvalid)
}
