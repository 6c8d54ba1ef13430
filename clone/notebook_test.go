package clone_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// tape keeps what is sent to a portal.
type tape struct {
	mu    sync.Mutex
	calls []string // path and body
}

func (l *tape) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body []byte
		if r.Method == http.MethodPost && r.ContentLength < 1<<20 {
			body, _ = io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		l.mu.Lock()
		l.calls = append(l.calls, r.URL.Path+"?"+r.URL.RawQuery+" "+string(body))
		l.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// sent returns the calls whose path ends so.
func (l *tape) sent(suffix string) (out []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.calls {
		if path, _, _ := strings.Cut(c, "?"); strings.HasSuffix(path, suffix) {
			out = append(out, c)
		}
	}
	return out
}

// notebook is a portal on which a copy made by hand, with the notebook that Esri published for
// it, goes wrong in each of the ways that are known, and its clone.
type notebook struct {
	from, to           *gis.Portal
	src, dst           *portaltest.Portal
	atTarget           *tape
	rep                *clone.Report
	options            clone.RunOptions
	users, items       map[string]string
	groups             map[string]string
	role               *gis.Role
	crew               *gis.Group
	layer, webmap, app *gis.Item
	dash, empty, pdf   *gis.Item
	table, rooted      *gis.Item
	many               []esri.ItemID
}

func newNotebook(t *testing.T) *notebook {
	t.Helper()
	n := &notebook{atTarget: &tape{}}
	n.src, n.dst = portaltest.Start(t), portaltest.Start(t, portaltest.Wrap(n.atTarget.wrap))
	n.from, n.to = client(t, n.src), client(t, n.dst)
	n.people(t)
	n.content(t)
	n.sharing(t)
	// The owner of one folder has another name on the target.
	must[*gis.User](t)(n.to.Users.Create(t.Context(), gis.UserSpec{
		Username: "j.doe", Password: "kept-on-target-1", FirstName: "Jo", LastName: "Doe", Email: "jo@example.org", Role: gis.RoleUser, UserType: "creatorUT",
	}))
	n.options = clone.RunOptions{
		Options: clone.Options{MapUsers: map[string]string{"jdoe": "j.doe"}},
		Journal: filepath.Join(t.TempDir(), "journal"),
	}
	var err error
	n.rep, err = clone.Run(t.Context(), n.from, n.to, n.options, nil)
	ok(t, err)
	j := must[*clone.Journal](t)(clone.OpenJournal(n.options.Journal, "test"))
	n.users, n.items, n.groups = j.Mapping(clone.KindUser), j.Mapping(clone.KindItem), j.Mapping(clone.KindGroup)
	ok(t, j.Close())
	return n
}

func (n *notebook) people(t *testing.T) {
	ctx := t.Context()
	n.role = must[*gis.Role](t)(n.from.Roles.Create(ctx, gis.RoleSpec{Name: "Surveyor", Description: "measures", Privileges: []string{"portal:user:createItem", "portal:user:joinGroup"}}))
	for _, u := range []gis.UserSpec{
		{Username: "surveyor", FirstName: "Ana María", LastName: "de la Cruz", Email: "ana@example.org", Role: n.role.ID, UserType: "creatorUT"},
		{Username: "jdoe", FirstName: "Jo", LastName: "Doe", Email: "jo@example.org", Role: gis.RoleUser, UserType: "creatorUT"},
		{Username: "watcher", FirstName: "Wim", LastName: "W", Email: "wim@example.org", Role: gis.RoleViewer, UserType: "viewerUT"},
	} {
		u.Password = "of-the-source-only-1"
		must[*gis.User](t)(n.from.Users.Create(ctx, u))
	}
	surveyor := must[*gis.User](t)(n.from.Users.Get(ctx, "surveyor"))
	ok(t, surveyor.Update(ctx, gis.UserUpdate{Tags: &[]string{"wells"}, Description: new("measures wells")}))
	for i := range 104 { // more than a page of a search
		must[*gis.User](t)(n.from.Users.Create(ctx, gis.UserSpec{
			Username: fmt.Sprintf("crew%03d", i), Password: "of-the-source-only-1", FirstName: "Crew", LastName: fmt.Sprint(i),
			Email: fmt.Sprintf("crew%d@example.org", i), Role: gis.RoleUser, UserType: "creatorUT",
		}))
	}
}

func (n *notebook) content(t *testing.T) {
	ctx := t.Context()
	add := func(spec gis.ItemSpec, opts ...gis.WriteOption) *gis.Item {
		t.Helper()
		return must[*gis.Item](t)(n.from.Content.Add(ctx, spec, opts...))
	}
	host := hostOf(n.src.URL)
	folder := must[*gis.Folder](t)(n.from.Content.CreateFolder(ctx, "jdoe", "Plans"))
	n.layer = add(gis.ItemSpec{Owner: "jdoe", Title: "Wells", Type: "Feature Service", Tags: []string{"w"}, URL: "http://" + host + "/server/rest/services/Hosted/Wells/FeatureServer", TypeKeywords: []string{"Hosted Service", "Wells"}})
	n.webmap = add(gis.ItemSpec{Owner: "jdoe", Folder: folder.ID, Title: "Map", Type: "Web Map", Tags: []string{"m"}, Properties: json.RawMessage(`{"k":[1,2]}`), Extent: &esri.Extent{XMin: -3, YMin: 50, XMax: 1, YMax: 52}},
		gis.WithText(`{"operationalLayers":[{"itemId":"`+string(n.layer.ID)+`"}]}`), gis.WithThumbnail(picture(7)))
	n.app = add(gis.ItemSpec{Owner: "surveyor", Title: "App", Type: "Web Mapping Application", Tags: []string{"a"}, URL: n.src.URL + "/apps/View/index.html?webmap=" + string(n.webmap.ID)},
		gis.WithText(`{"values":{"webmap":"`+string(n.webmap.ID)+`"}}`))
	n.dash = add(gis.ItemSpec{Owner: "surveyor", Title: "Dash", Type: "Dashboard", Tags: []string{"d"}}, gis.WithText(`{"version":"24.1","widgets":[{"type":"mapWidget","itemId":"`+string(n.webmap.ID)+`"}]}`))
	n.empty = add(gis.ItemSpec{Owner: "surveyor", Title: "No data, but resources", Type: "Style", Tags: []string{"s"}})
	ok(t, n.empty.Resources().Add(ctx, gis.ResourceSpec{Name: "a/b/big.json", Upload: gis.BytesUpload("big.json", []byte(`{"x":1}`))}))
	n.pdf = add(gis.ItemSpec{Owner: "surveyor", Title: "Paper", Type: "PDF", Tags: []string{"p"}}, gis.WithData(gis.BytesUpload("paper.pdf", []byte("%PDF-1.4\n%%EOF\n"))))
	n.table = add(gis.ItemSpec{Owner: "jdoe", Title: "Table", Type: "CSV", Tags: []string{"c"}}, gis.WithData(gis.BytesUpload("table.csv", []byte("a,b\n1,2\n"))))
	n.rooted = add(gis.ItemSpec{Owner: n.src.Admin, Title: "Rooted map", Type: "Web Map", Tags: []string{"m"}}, gis.WithText(`{"operationalLayers":[]}`))
	ok(t, n.rooted.AddRelationship(ctx, n.layer.ID, "Map2Service"))
	ok(t, n.layer.AddRelationship(ctx, n.table.ID, "Service2Data"))
	ok(t, n.app.AddRelationship(ctx, n.pdf.ID, "Item2Attachment"))
	ok(t, n.pdf.Protect(ctx, true))
	for i := range 120 { // more than a page of a listing
		it := add(gis.ItemSpec{Owner: "surveyor", Title: fmt.Sprintf("Sheet %03d", i), Type: "Document Link", Tags: []string{"x"}, URL: fmt.Sprintf("https://example.org/%d", i)})
		n.many = append(n.many, it.ID)
	}
}

func (n *notebook) sharing(t *testing.T) {
	ctx := t.Context()
	pic := picture(9)
	n.crew = must[*gis.Group](t)(n.from.Groups.Create(ctx, gis.GroupSpec{
		Title: "Crew", Tags: []string{"t"}, Access: gis.AccessOrg, ViewOnly: true, InvitationOnly: true, LeavingDisallowed: true, HiddenMembers: true,
		SharedUpdate: true, SortField: "owner", SortOrder: gis.Ascending, MembershipAccess: "org", ItemTypes: "Web Map", Properties: json.RawMessage(`{"p":true}`), Thumbnail: &pic,
	}))
	var everybody []string
	for i := range 104 {
		everybody = append(everybody, fmt.Sprintf("crew%03d", i))
	}
	ok(t, n.crew.AddUsers(ctx, append(everybody, "surveyor", "jdoe")...))
	ok(t, n.crew.SetRole(ctx, gis.MemberAdmin, "surveyor"))
	ok(t, n.crew.ReassignTo(ctx, "jdoe"))
	ok(t, n.crew.RemoveUsers(ctx, n.src.Admin))
	ok(t, n.from.Content.ShareItems(ctx, "surveyor", gis.Share{Groups: []esri.GroupID{n.crew.ID}, AllowMembersToEdit: true}, n.many...))
	small := must[*gis.Group](t)(n.from.Groups.Create(ctx, gis.GroupSpec{Title: "Readers", Tags: []string{"t"}, Access: gis.AccessOrg}))
	ok(t, small.AddUsers(ctx, "surveyor"))
	ok(t, n.pdf.Share(ctx, gis.Share{Groups: []esri.GroupID{small.ID}}))
	ok(t, n.webmap.Share(ctx, gis.Share{Access: gis.AccessOrg, Groups: []esri.GroupID{n.crew.ID}, AllowMembersToEdit: true}))
}

func (n *notebook) copyOf(t *testing.T, owner string, it *gis.Item) *gis.Item {
	t.Helper()
	return must[*gis.Item](t)(n.to.Content.UserItem(t.Context(), owner, esri.ItemID(n.items[string(it.ID)])))
}

func (n *notebook) text(t *testing.T, it *gis.Item) string {
	t.Helper()
	return must[string](t)(it.Text(t.Context()))
}

// TestNotebookBugsAreNotRepeated holds a clone against the 21 faults of the notebook that copies
// a portal by hand. Each subtest names the fault.
func TestNotebookBugsAreNotRepeated(t *testing.T) {
	t.Parallel()
	n := newNotebook(t)
	ctx := t.Context()
	t.Run("01 references still point to the source", func(t *testing.T) {
		if text := n.text(t, n.copyOf(t, "surveyor", n.app)); text != `{"values":{"webmap":"`+n.items[string(n.webmap.ID)]+`"}}` {
			t.Errorf("data %s", text)
		}
		if u := n.copyOf(t, "surveyor", n.app).URL; u != n.dst.URL+"/apps/View/index.html?webmap="+n.items[string(n.webmap.ID)] {
			t.Errorf("url %s", u)
		}
	})
	t.Run("02 the connecting account is deleted", func(t *testing.T) {
		for _, p := range []*gis.Portal{n.from, n.to} {
			me := must[*gis.User](t)(p.Users.Me(ctx))
			if me.Role != gis.RoleAdmin {
				t.Errorf("%s has the role %s", me.Username, me.Role)
			}
		}
	})
	t.Run("03 the target is emptied first", func(t *testing.T) {
		for _, route := range []string{"/delete", "/deleteItems", "/deleteUsers", "/removeUsers"} {
			for _, c := range n.atTarget.sent(route) {
				if !strings.Contains(c, "/groups/") { // the connecting account leaves the groups that it made
					t.Errorf("sent %s", c)
				}
			}
		}
		if u := must[*gis.User](t)(n.to.Users.Get(ctx, "j.doe")); u.Email != "jo@example.org" {
			t.Errorf("the account of the target is %+v", u)
		}
	})
	t.Run("04 a cause is claimed and not known", n.causeIsTold)
	t.Run("05 listings are cut off", func(t *testing.T) {
		users := must[[]*gis.User](t)(gis.Collect(n.to.Users.List(ctx, nil)))
		crew := 0
		for _, u := range users {
			if strings.HasPrefix(u.Username, "crew") {
				crew++
			}
		}
		items := must[[]*gis.Item](t)(gis.Collect(n.to.Content.AllUserItems(ctx, "surveyor")))
		if crew != 104 || len(items) != 124 {
			t.Errorf("%d of 104 members, %d of 124 items", crew, len(items))
		}
	})
	t.Run("06 one password for all", func(t *testing.T) {
		seen := map[string]bool{}
		for _, c := range n.atTarget.sent("/createUser") {
			_, body, _ := strings.Cut(c, " ")
			form := must[url.Values](t)(url.ParseQuery(body))
			if p := form.Get("password"); len(p) < 16 || seen[p] || p == "of-the-source-only-1" {
				t.Error("a password is short, used twice or the source's")
			} else {
				seen[p] = true
			}
		}
		if len(seen) != 107 { // j.doe was there, and one was made by the test
			t.Errorf("%d accounts were made", len(seen))
		}
	})
	t.Run("07 roles and user types are lost", func(t *testing.T) {
		u := must[*gis.User](t)(n.to.Users.Get(ctx, "surveyor"))
		role := must[*gis.Role](t)(n.to.Roles.Get(ctx, u.EffectiveRole()))
		w := must[*gis.User](t)(n.to.Users.Get(ctx, "watcher"))
		if role.Name != "Surveyor" || u.UserLicenseTypeID != "creatorUT" || w.EffectiveRole() != gis.RoleViewer || w.UserLicenseTypeID != "viewerUT" {
			t.Errorf("surveyor: %s %s; watcher: %s %s", role.Name, u.UserLicenseTypeID, w.EffectiveRole(), w.UserLicenseTypeID)
		}
	})
	t.Run("08 names are split and invented", func(t *testing.T) {
		if u := must[*gis.User](t)(n.to.Users.Get(ctx, "surveyor")); u.FirstName != "Ana María" || u.LastName != "de la Cruz" || u.FullName != "Ana María de la Cruz" {
			t.Errorf("%q %q %q", u.FirstName, u.LastName, u.FullName)
		}
	})
	t.Run("09 the thumbnail is a link to the source", func(t *testing.T) {
		d := must[*gis.Data](t)(n.copyOf(t, "j.doe", n.webmap).OpenThumbnail(ctx))
		defer d.Close()
		want := must[[]byte](t)(io.ReadAll(picture(7).Body))
		if got := must[[]byte](t)(io.ReadAll(d)); !bytes.Equal(got, want) {
			t.Errorf("%d bytes, want %d", len(got), len(want))
		}
		for _, c := range n.atTarget.calls {
			if strings.Contains(strings.ToLower(c), "thumbnailurl=http") {
				t.Errorf("sent %.200s", c)
			}
		}
	})
	t.Run("10 groups are copied in part", n.groupIsWhole)
	t.Run("11 sharing becomes wider", func(t *testing.T) {
		if got := n.copyOf(t, "j.doe", n.webmap).Sharing.Access; got != gis.AccessOrg {
			t.Errorf("access %s, want org", got)
		}
		if g := must[*gis.Group](t)(n.to.Groups.Get(ctx, esri.GroupID(n.groups[string(n.crew.ID)]))); g.Access != gis.AccessOrg {
			t.Errorf("access of the group %s, want org", g.Access)
		}
	})
	t.Run("12 a group that fails ends the run", n.groupFailsAlone)
	t.Run("13 service items look hosted", func(t *testing.T) {
		it := n.copyOf(t, "j.doe", n.layer)
		if slices.Contains(it.TypeKeywords, "Hosted Service") || !slices.Contains(it.TypeKeywords, "Wells") || it.URL != n.layer.URL {
			t.Errorf("%v %s", it.TypeKeywords, it.URL)
		}
		if m := n.copyOf(t, "j.doe", n.webmap); m.Extent == nil || *m.Extent != (esri.Extent{XMin: -3, YMin: 50, XMax: 1, YMax: 52}) {
			t.Errorf("extent %v", m.Extent)
		}
	})
	t.Run("14 apps are uploaded as files", func(t *testing.T) {
		it := n.copyOf(t, "surveyor", n.dash)
		if it.Name != "" || n.text(t, it) != `{"version":"24.1","widgets":[{"type":"mapWidget","itemId":"`+n.items[string(n.webmap.ID)]+`"}]}` {
			t.Errorf("name %q, data %s", it.Name, n.text(t, it))
		}
	})
	t.Run("15 size decides whether there is data", func(t *testing.T) {
		it := n.copyOf(t, "surveyor", n.empty)
		if _, err := it.Text(ctx); !errors.Is(err, gis.ErrNotFound) {
			t.Errorf("data: %v", err)
		}
		d := must[*gis.Data](t)(it.Resources().Open(ctx, "a/b/big.json"))
		defer d.Close()
		if b := must[[]byte](t)(io.ReadAll(d)); string(b) != `{"x":1}` {
			t.Errorf("resource %s", b)
		}
	})
	t.Run("16 properties, protection and resources are lost", func(t *testing.T) {
		var props map[string]json.RawMessage
		ok(t, json.Unmarshal(n.copyOf(t, "j.doe", n.webmap).Properties, &props))
		if string(props["k"]) != "[1,2]" || !n.copyOf(t, "surveyor", n.pdf).Protected {
			t.Errorf("properties %s, protected %v", props["k"], n.copyOf(t, "surveyor", n.pdf).Protected)
		}
		if to := n.related(t, n.dst.Admin, n.rooted, "Map2Service"); !slices.Equal(to, []string{n.items[string(n.layer.ID)]}) {
			t.Errorf("relationships of an item in the root folder: %v", to)
		}
	})
	t.Run("17 folders end the run", func(t *testing.T) {
		f := must[*gis.Folder](t)(n.to.Content.FolderByTitle(ctx, "j.doe", "Plans"))
		if it := n.copyOf(t, "j.doe", n.webmap); it.OwnerFolder != f.ID {
			t.Errorf("the map is in %q", it.OwnerFolder)
		}
	})
	t.Run("18 owners are taken from the source", func(t *testing.T) {
		if it := n.copyOf(t, "j.doe", n.layer); it.Owner != "j.doe" {
			t.Errorf("owner %s", it.Owner)
		}
		if _, err := n.to.Users.Get(ctx, "jdoe"); !errors.Is(err, gis.ErrNotFound) {
			t.Errorf("jdoe: %v", err)
		}
	})
	t.Run("19 relationships are lost or doubled", func(t *testing.T) {
		if to := n.related(t, "j.doe", n.layer, "Service2Data"); !slices.Equal(to, []string{n.items[string(n.table.ID)]}) {
			t.Errorf("Service2Data: %v", to)
		}
		if to := n.related(t, "surveyor", n.app, "Item2Attachment"); !slices.Equal(to, []string{n.items[string(n.pdf.ID)]}) {
			t.Errorf("Item2Attachment: %v", to)
		}
		if c := n.rep.Result.Relationships; c.Created != 3 {
			t.Errorf("%+v", c)
		}
	})
	t.Run("20 sharing is lost without a word", func(t *testing.T) {
		items := must[[]*gis.Item](t)(gis.Collect(n.to.Groups.Handle(esri.GroupID(n.groups[string(n.crew.ID)])).Items(ctx, nil)))
		if len(items) != 121 {
			t.Errorf("%d items in the group, want 121", len(items))
		}
	})
	t.Run("21 a second run doubles everything", func(t *testing.T) {
		rep, err := clone.Run(ctx, n.from, n.to, n.options, nil)
		ok(t, err)
		for _, k := range []clone.Kind{clone.KindUser, clone.KindRole, clone.KindGroup, clone.KindFolder, clone.KindItem, clone.KindRelationship, clone.KindShare} {
			if c := rep.Result.Of(k); c.Created != 0 || c.Failed != 0 {
				t.Errorf("%s: %+v", k, *c)
			}
		}
		if rep.Result.Differences != 0 {
			t.Errorf("differences: %+v", rep.Differences)
		}
	})
	if n.rep.Result.Differences != 0 || n.rep.Result.Failed() != 0 {
		t.Errorf("differences %+v, failures %+v", n.rep.Differences, n.rep.Failures)
	}
}

func (n *notebook) related(t *testing.T, owner string, it *gis.Item, kind gis.RelationshipType) (out []string) {
	t.Helper()
	for to, err := range n.copyOf(t, owner, it).Related(t.Context(), gis.Forward, kind) {
		ok(t, err)
		out = append(out, string(to.ID))
	}
	return out
}

func (n *notebook) groupIsWhole(t *testing.T) {
	g := must[*gis.Group](t)(n.to.Groups.Get(t.Context(), esri.GroupID(n.groups[string(n.crew.ID)])))
	if !g.IsViewOnly || !g.IsInvitationOnly || !g.LeavingDisallowed || !g.HiddenMembers || !g.SharedUpdate() || g.SortField != "owner" || g.MembershipAccess != "org" ||
		!strings.Contains(string(g.DisplaySettings), "Web Map") || !strings.Contains(string(g.Properties), `"p"`) || g.Thumbnail == "" {
		t.Errorf("%+v", g)
	}
	m := must[*gis.GroupMembers](t)(g.Members(t.Context()))
	if m.Owner != "j.doe" || !slices.Contains(m.Admins, "surveyor") || len(m.Users) != 104 || slices.Contains(m.Users, n.dst.Admin) {
		t.Errorf("owner %s, managers %v, %d members", m.Owner, m.Admins, len(m.Users))
	}
}

// A refused update after a successful creation is told as what it is, and the next run completes
// the account.
func (n *notebook) causeIsTold(t *testing.T) {
	l := &refuser{path: "/surveyor/update"}
	dst := portaltest.Start(t, portaltest.Wrap(l.wrap))
	opts := clone.RunOptions{Options: clone.Options{Only: []string{string(n.empty.ID)}}, Journal: filepath.Join(t.TempDir(), "journal")}
	rep, err := clone.Run(t.Context(), n.from, client(t, dst), opts, nil)
	ok(t, err)
	i := slices.IndexFunc(rep.Failures, func(f clone.Failure) bool { return f.Kind == clone.KindUser && f.Source == "surveyor" })
	if i < 0 || !strings.Contains(rep.Failures[i].Error, "refused by the test") {
		t.Fatalf("failures %+v", rep.Failures)
	}
	l.mended.Store(true)
	rep, err = clone.Run(t.Context(), n.from, client(t, dst), opts, nil)
	ok(t, err)
	if u := must[*gis.User](t)(client(t, dst).Users.Get(t.Context(), "surveyor")); u.LastName != "de la Cruz" || rep.Result.Failed() != 0 {
		t.Errorf("%+v; failures %+v", u, rep.Failures)
	}
}

func (n *notebook) groupFailsAlone(t *testing.T) {
	l := &refuser{path: "/createGroup", body: "Readers"}
	dst := portaltest.Start(t, portaltest.Wrap(l.wrap))
	opts := clone.RunOptions{Options: clone.Options{Only: []string{string(n.empty.ID), string(n.pdf.ID)}}, Journal: filepath.Join(t.TempDir(), "journal")}
	rep, err := clone.Run(t.Context(), n.from, client(t, dst), opts, nil)
	ok(t, err)
	if rep.Result.Groups.Failed != 1 || rep.Result.Items.Created != 2 {
		t.Errorf("%+v, %+v", rep.Result.Groups, rep.Result.Items)
	}
}
