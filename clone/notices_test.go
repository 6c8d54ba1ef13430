package clone_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/clone"
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/portaltest"
)

// noticed returns the texts of the notices of a code, with what they name.
func noticed(plan *clone.Plan, code string) string {
	var out []string
	for _, n := range plan.Notices {
		if n.Code == code {
			out = append(out, n.Text+" "+strings.Join(n.Objects, " "))
		}
	}
	return strings.Join(out, "\n")
}

// first answers by the first of several functions that takes the request.
func first(list ...func(http.ResponseWriter, *http.Request, http.Handler) bool) func(http.ResponseWriter, *http.Request, http.Handler) bool {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		return slices.ContainsFunc(list, func(f func(http.ResponseWriter, *http.Request, http.Handler) bool) bool { return f(w, r, next) })
	}
}

// TestPlanNoticesWhatTheTargetCannotTake plans for a target that shares nothing with everybody and
// gives out no creators, from a source with commas in tags and members who have favorites.
func TestPlanNoticesWhatTheTargetCannotTake(t *testing.T) {
	t.Parallel()
	from, to := &poison{}, &poison{}
	p := &pair{journal: t.TempDir() + "/j", src: portaltest.Start(t, portaltest.Wrap(from.wrap)), dst: portaltest.Start(t, portaltest.Wrap(to.wrap))}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	p.makeMembers(t)
	odd := p.add(t, gis.ItemSpec{Title: "Odd", Tags: []string{"x"}}, gis.WithText("{}"))
	open := p.add(t, gis.ItemSpec{Title: "Open", Type: "Web Map"}, gis.WithText("{}"))
	ok(t, open.Share(t.Context(), gis.Share{Access: gis.AccessPublic}))
	grace := client(t, &portaltest.Portal{URL: p.src.URL, Admin: "grace_hopper", AdminPassword: "nobody-knows-2"})
	me := must[*gis.User](t)(grace.Users.Get(t.Context(), "grace_hopper"))
	own := must[*gis.Item](t)(grace.Content.Add(t.Context(), gis.ItemSpec{Title: "Mine", Type: "Web Map", Tags: []string{"x"}}, gis.WithText("{}")))
	ok(t, own.Share(t.Context(), gis.Share{Groups: []esri.GroupID{me.FavGroupID}}))
	from.do = first(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasSuffix(r.URL.Path, "/content/groups/"+string(me.FavGroupID)) {
			return false // only those of Grace are shown, as some portals do to administrators
		}
		fmt.Fprintf(w, `{"total":1,"start":1,"num":1,"nextStart":-1,"items":[{"id":%q,"owner":"grace_hopper","title":"Mine","type":"Web Map"}]}`, own.ID)
		return true
	}, altering("/content/users/"+p.src.Admin, func(doc map[string]any) {
		for _, it := range doc["items"].([]any) {
			if it := it.(map[string]any); it["id"] == string(odd.ID) {
				it["tags"] = []string{"roads, paved"}
			}
		}
	}))
	to.do = first(
		altering("/portals/self", func(doc map[string]any) { doc["canSharePublic"] = false }),
		altering("/portals/self/userLicenseTypes", func(doc map[string]any) {
			doc["userLicenseTypes"] = slices.DeleteFunc(doc["userLicenseTypes"].([]any), func(u any) bool { return u.(map[string]any)["id"] == "creatorUT" })
		}),
	)
	plan := p.plan(t, clone.Options{})
	for code, want := range map[string][]string{
		clone.NoticeFavorites: {"members whose favorites are not carried, since nobody can set them for others: 1 grace_hopper", "shows them to nobody else: 2 ada_lovelace alan_turing"},
		clone.NoticeUserTypes: {"no user type creatorUT", "3 new accounts", "ada_lovelace alan_turing grace_hopper"},
		clone.NoticeCommas:    {"a comma in a tag", `"Odd" (` + string(odd.ID) + `)`},
		clone.NoticePublic:    {"shared with the organization instead", ": 1 ", `"Open" (` + string(open.ID) + `)`},
	} {
		got := noticed(plan, code)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q does not say %q", code, got, w)
			}
		}
	}
	if got := noticed(plan, clone.NoticeTypes); got != "" {
		t.Errorf("types that both portals hold: %q", got)
	}
	from.mended.Store(true)
	to.mended.Store(true)
	rep := must[*clone.Report](t)(p.run(t, t.Context(), nil))
	if !slices.ContainsFunc(rep.Notes, func(n string) bool {
		return strings.HasPrefix(n, "members whose favorites, if they have any, are not carried") && strings.HasSuffix(n, ": 3: ada_lovelace, alan_turing, grace_hopper")
	}) {
		t.Errorf("the report of the run does not tell about favorites: %q", rep.Notes)
	}
}

// TestPlanNoticesTypesOfTheOtherProduct plans from ArcGIS Online to ArcGIS Enterprise.
func TestPlanNoticesTypesOfTheOtherProduct(t *testing.T) {
	t.Parallel()
	p := &pair{journal: t.TempDir() + "/j", src: portaltest.Start(t, portaltest.Online()), dst: portaltest.Start(t)}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	site := p.add(t, gis.ItemSpec{Title: "Our site", Type: "Hub Site Application"}, gis.WithText("{}"))
	p.add(t, gis.ItemSpec{Title: "Our map", Type: "Web Map"}, gis.WithText("{}"))
	got := noticed(p.plan(t, clone.Options{}), clone.NoticeTypes)
	if !strings.Contains(got, `does not have: 1 "Our site" (`+string(site.ID)+`)`) {
		t.Errorf("types: %q", got)
	}
}

// TestExternalReferencesNameTheirOwner plans items that refer to one of another organization, which
// the source knows, and to one that nobody has.
func TestExternalReferencesNameTheirOwner(t *testing.T) {
	t.Parallel()
	basemap, nobody := esri.NewID(), esri.NewID()
	elsewhere := &poison{do: func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasSuffix(r.URL.Path, "/content/items/"+basemap) {
			return false
		}
		fmt.Fprintf(w, `{"id":%q,"owner":"esri_livingatlas","orgId":"P3ePLMYs2RVChkJx","title":"Imagery","type":"Map Service","access":"public"}`, basemap)
		return true
	}}
	p := &pair{journal: t.TempDir() + "/j", src: portaltest.Start(t, portaltest.Wrap(elsewhere.wrap)), dst: portaltest.Start(t)}
	p.from, p.to = client(t, p.src), client(t, p.dst)
	it := p.add(t, gis.ItemSpec{Title: "Map", Type: "Web Map"}, gis.WithText(`{"baseMap":{"baseMapLayers":[{"itemId":"`+basemap+`"}]},"operationalLayers":[{"itemId":"`+nobody+`"}]}`))
	want := []clone.Reference{
		{Class: clone.External, Item: string(it.ID), Title: "Map", Part: "data", Path: "$.baseMap.baseMapLayers[0].itemId", Kind: "item", Value: basemap, Owner: "esri_livingatlas"},
		{Class: clone.Unresolved, Item: string(it.ID), Title: "Map", Part: "data", Path: "$.operationalLayers[0].itemId", Kind: "item", Value: nobody},
	}
	if got := p.plan(t, clone.Options{}).References; !slices.Equal(got, want) {
		t.Errorf("references: %+v, want %+v", got, want)
	}
}
