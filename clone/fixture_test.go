package clone_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/gis/auth"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// pair is a portal with one of everything, and an empty one.
type pair struct {
	src, dst *portaltest.Portal
	from, to *gis.Portal
	journal  string
	liar     *liar // in front of the target, where the test put one there

	role                              *gis.Role
	group, other                      *gis.Group
	folder                            *gis.Folder
	webmap, layer, app, file, plainly *gis.Item
	spare, second                     *gis.Item
	form, registered                  *gis.Item // of tests that enrich the source
}

func client(t *testing.T, p *portaltest.Portal) *gis.Portal {
	t.Helper()
	g, err := gis.New(p.URL, auth.Password(p.Admin, p.AdminPassword))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// picture is a small PNG that differs by shade.
func picture(shade uint8) gis.Upload {
	img := image.NewGray(image.Rect(0, 0, 20, 13))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.Set(3, 3, color.Gray{Y: 255 - shade})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return gis.BytesUpload("picture.png", b.Bytes())
}

func newPair(t *testing.T) *pair {
	t.Helper()
	return newPairWith(t, &liar{})
}

// newPairWith puts l in front of the target.
func newPairWith(t *testing.T, l *liar) *pair {
	t.Helper()
	p := &pair{src: portaltest.Start(t), dst: portaltest.Start(t, portaltest.Wrap(l.wrap)), journal: filepath.Join(t.TempDir(), "journal.jsonl")}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	p.makeMembers(t)
	p.makeGroups(t)
	p.makeItems(t)
	return p
}

func (p *pair) makeMembers(t *testing.T) {
	ctx := t.Context()
	p.role = must[*gis.Role](t)(p.from.Roles.Create(ctx, gis.RoleSpec{
		Name: "Cartographer", Description: "draws maps", Privileges: []string{"portal:user:createItem", "portal:user:viewOrgItems", "portal:user:shareToGroup", "portal:user:joinGroup"},
	}))
	ada := must[*gis.User](t)(p.from.Users.Create(ctx, gis.UserSpec{
		Username: "ada_lovelace", Password: "nobody-knows-1", FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.org",
		Role: p.role.ID, UserType: "creatorUT",
	}))
	tags := []string{"analyst", "staff"}
	pic := picture(10)
	ok(t, ada.Update(ctx, gis.UserUpdate{
		Description: new("writes about engines"), Tags: &tags, Access: new(gis.AccessOrg), Culture: new("en-GB"),
		Region: new("GB"), Units: new("metric"), PreferredView: new("GIS"), Thumbnail: &pic,
	}))
	must[*gis.User](t)(p.from.Users.Create(ctx, gis.UserSpec{
		Username: "grace_hopper", Password: "nobody-knows-2", FirstName: "Grace", LastName: "Hopper", Email: "grace@example.org",
		Role: gis.RolePublisher, UserType: "creatorUT",
	}))
	alan := must[*gis.User](t)(p.from.Users.Create(ctx, gis.UserSpec{
		Username: "alan_turing", Password: "nobody-knows-3", FirstName: "Alan", LastName: "Turing", Email: "alan@example.org",
		Role: gis.RoleAdmin, UserType: "creatorUT",
	}))
	ok(t, alan.Disable(ctx))
}

func (p *pair) makeGroups(t *testing.T) {
	ctx := t.Context()
	pic := picture(20)
	p.group = must[*gis.Group](t)(p.from.Groups.Create(ctx, gis.GroupSpec{
		Title: "Field Crews", Description: "who goes out", Snippet: "crews", Phone: "555", Tags: []string{"field", "crew"}, Access: gis.AccessOrg,
		InvitationOnly: true, ViewOnly: true, SortField: "modified", SortOrder: gis.Descending, LeavingDisallowed: true, HiddenMembers: true,
		MembershipAccess: "org", TypeKeywords: []string{"Crew"}, Properties: json.RawMessage(`{"color":"green"}`), Thumbnail: &pic,
	}))
	ok(t, p.group.AddUsers(ctx, "grace_hopper", "alan_turing"))
	ok(t, p.group.SetRole(ctx, gis.MemberAdmin, "grace_hopper"))
	ok(t, p.group.ReassignTo(ctx, "grace_hopper"))
	ok(t, p.group.AddAdmins(ctx, "ada_lovelace"))
	ok(t, p.group.RemoveUsers(ctx, p.src.Admin))
	ok(t, p.group.Protect(ctx, true))
	p.other = must[*gis.Group](t)(p.from.Groups.Create(ctx, gis.GroupSpec{Title: "Reviewers", Tags: []string{"review"}, Access: gis.AccessPrivate, SharedUpdate: true}))
}

func (p *pair) makeItems(t *testing.T) {
	ctx := t.Context()
	add := func(spec gis.ItemSpec, opts ...gis.WriteOption) *gis.Item {
		t.Helper()
		return must[*gis.Item](t)(p.from.Content.Add(ctx, spec, opts...))
	}
	p.folder = must[*gis.Folder](t)(p.from.Content.CreateFolder(ctx, "ada_lovelace", "Maps of 1843"))
	p.layer = add(gis.ItemSpec{
		Owner: "grace_hopper", Title: "Stops", Type: "Feature Service", Tags: []string{"stops"},
		URL: "http://" + hostOf(p.src.URL) + "/server/rest/services/Hosted/Stops/FeatureServer",
	})
	p.webmap = add(gis.ItemSpec{
		Owner: "ada_lovelace", Folder: p.folder.ID, Title: "Engine Map", Type: "Web Map", Tags: []string{"engine", "map"},
		Description: "drawn from " + string(p.layer.ID), Snippet: "a map", SpatialReference: "102100", AccessInformation: "the society",
		LicenseInfo: "free", Culture: "en-gb", Extent: &esri.Extent{XMin: -10, YMin: 40, XMax: 5, YMax: 60}, TypeKeywords: []string{"Collector"},
		Properties: json.RawMessage(`{"layer":"` + string(p.layer.ID) + `","n":1}`), Documentation: "see the notes", AppCategories: []string{"Water"},
		Industries: []string{"Utilities"}, Languages: []string{"en"},
	},
		gis.WithText(`{"operationalLayers":[{"itemId":"`+string(p.layer.ID)+`","url":"`+p.layer.URL+`/0"}],"version":"2.0"}`),
		gis.WithThumbnail(picture(30)),
		gis.WithMetadata(gis.BytesUpload("metadata.xml", []byte("<metadata><dataIdInfo>"+string(p.layer.ID)+"</dataIdInfo></metadata>"))))
	p.app = add(gis.ItemSpec{
		Owner: p.src.Admin, Title: "Engine App", Type: "Web Mapping Application", Tags: []string{"app"},
		URL: p.src.URL + "/apps/View/index.html?webmap=" + string(p.webmap.ID),
	}, gis.WithText(`{"values":{"webmap":"`+string(p.webmap.ID)+`","group":"`+string(p.group.ID)+`"}}`))
	ok(t, p.app.Resources().Add(ctx, gis.ResourceSpec{Name: "config/settings.json", Upload: gis.BytesUpload("settings.json", []byte(`{"map":"`+string(p.webmap.ID)+`"}`))}))
	ok(t, p.app.Resources().Add(ctx, gis.ResourceSpec{Name: "images/logo.png", Upload: picture(40), Access: gis.ResourcePrivate}))
	p.file = add(gis.ItemSpec{Owner: "grace_hopper", Title: "Stops as CSV", Type: "CSV", Tags: []string{"csv"}},
		gis.WithData(gis.BytesUpload("stops.csv", []byte("name,lat,lon\nHub,51.5,-0.1\n"))))
	p.plainly = add(gis.ItemSpec{Owner: p.src.Admin, Title: "Notes", Type: "PDF", Tags: []string{"doc"}},
		gis.WithData(gis.BytesUpload("notes.pdf", []byte("%PDF-1.4\n%%EOF\n"))))
	p.second = add(gis.ItemSpec{Owner: p.src.Admin, Title: "More notes", Type: "PDF", Tags: []string{"doc"}},
		gis.WithData(gis.BytesUpload("more.pdf", []byte("%PDF-1.5\n%%EOF\n"))))
	p.spare = add(gis.ItemSpec{Owner: p.src.Admin, Title: "Spare Map", Type: "Web Map", Tags: []string{"map"}}, gis.WithText(`{"operationalLayers":[]}`))
	ok(t, p.webmap.Protect(ctx, true))
	ok(t, p.app.Share(ctx, gis.Share{Access: gis.AccessPublic}))
	ok(t, p.webmap.Share(ctx, gis.Share{Access: gis.AccessOrg, Groups: []esri.GroupID{p.group.ID}}))
	ok(t, p.file.Share(ctx, gis.Share{Groups: []esri.GroupID{p.group.ID}}))
	ok(t, p.webmap.AddRelationship(ctx, p.layer.ID, "Map2Service"))
	ok(t, p.layer.AddRelationship(ctx, p.file.ID, "Service2Data"))
	ok(t, p.app.AddRelationship(ctx, p.plainly.ID, "Item2Attachment"))
}

func (p *pair) run(t *testing.T, ctx context.Context, m *clone.Meter) (*clone.Report, error) {
	t.Helper()
	return clone.Run(ctx, p.from, p.to, clone.RunOptions{Journal: p.journal}, m)
}

// mapping reads the journal of the run.
func (p *pair) mapping(t *testing.T, k clone.Kind) map[string]string {
	t.Helper()
	j := must[*clone.Journal](t)(clone.OpenJournal(p.journal, "test"))
	defer j.Close()
	return j.Mapping(k)
}

func hostOf(u string) string {
	rest := u[len("http://"):]
	for i := range len(rest) {
		if rest[i] == '/' {
			return rest[:i]
		}
	}
	return rest
}
