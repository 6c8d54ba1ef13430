package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
	"github.com/rhumb-gis/rhumb/portaltest"
)

const (
	proID    = "00000000000000000000000000000abc"
	pastID   = "00000000000000000000000000000abd"
	futureID = "00000000000000000000000000000abe"
	bundleID = "00000000000000000000000000000abf"
	anApp    = "content/listings/" + proID
)

// pool has few seats of everything.
const pool = `{
	"userTypes": [
		{"id": "creatorUT", "seats": 6, "apps": [{"title": "Dashboards", "entitlements": ["author"]}]},
		{"id": "viewerut", "seats": 1}, {"id": "GISProfessionalAdvUT", "seats": 1},
		{"id": "formerUT", "name": "Former", "seats": 5, "expires": "2026-01-01"}],
	"products": [
		{"title": "ArcGIS Pro", "itemId": "` + proID + `", "vendor": "Esri", "canDisconnect": true, "expires": "2027-11-22", "maxUsers": 3, "entitlements": [
			{"name": "desktopBasicN", "seats": 5}, {"name": "desktopStdN", "seats": 0}, {"name": "desktopAdvN", "seats": 2},
			{"name": "spatialAnalystN", "seats": 1}, {"name": "3DAnalystN", "seats": -1}]},
		{"title": "Past", "itemId": "` + pastID + `", "expires": "2026-01-01", "entitlements": [{"name": "use", "seats": 5}]},
		{"title": "Future", "itemId": "` + futureID + `", "trial": true, "starts": "2027-01-01", "entitlements": [{"name": "use", "seats": 5}]}],
	"appBundles": [{"name": "Field Apps", "itemId": "` + bundleID + `", "seats": 1, "apps": [{"title": "Field Maps"}]}]
}`

func licensed(t *testing.T, names ...string) (*world, *clock.Manual) {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	return inhabited(t, portaltest.Start(t, portaltest.WithLicenses(strings.NewReader(pool)), portaltest.WithClock(clk)), names...), clk
}

// assign is a call of provisionUserEntitlements with users and keys, each in one text.
func assign(users, keys string) []string {
	list := func(s string) string {
		if s == "" {
			return "[]"
		}
		return `["` + strings.ReplaceAll(s, ",", `","`) + `"]`
	}
	return []string{"userEntitlements", `{"users":` + list(users) + `,"entitlements":` + list(keys) + `}`}
}

func (w *world) holds(name string) []string {
	return each(w.ok("admin", anApp+"/userEntitlements/"+name), "", "userEntitlements", "entitlements")
}

func TestPurchases(t *testing.T) {
	t.Parallel()
	w, _ := licensed(t, "ada")
	for status, want := range map[string][]string{"": {"ArcGIS Pro"}, "active": {"ArcGIS Pro"}, "Expired": {"Past"}, "all": {"ArcGIS Pro", "Past"}} {
		doc := w.ok("admin", "portals/self/purchases", "status", status)
		var titles []string
		for i := range doc["purchases"].([]any) {
			titles = append(titles, str(doc, "purchases", i, "listing", "title"))
		}
		if !slices.Equal(titles, want) {
			t.Errorf("status %q: %v, want %v", status, titles, want)
		}
	}
	doc := w.ok("admin", "portals/self/purchases")
	p := at(doc, "purchases", 0, "provision")
	if str(p, "itemId") != proID || at(p, "canDisconnect") != true || num(p, "orgEntitlements", "maxUsers") != 3 ||
		num(p, "orgEntitlements", "entitlements", "desktopAdvN", "num") != 2 || num(p, "orgEntitlements", "entitlements", "3DAnalystN", "num") != -1 {
		t.Errorf("provision %v", p)
	}
	if str(doc, "trials", 0, "listing", "itemId") != futureID || str(doc, "purchases", 0, "listing", "licenseBy") != "licenseByUser" {
		t.Errorf("purchases %v", doc)
	}
	w.fails(400, "must be active, expired or all", "admin", "portals/self/purchases", "status", "old")
	if l := w.ok("admin", anApp); l["title"] != "ArcGIS Pro" || str(l, "vendor", "name") != "Esri" {
		t.Errorf("listing %v", l)
	}
	w.fails(400, "item not provisioned", "admin", "content/listings/"+nowhere)
	w.ok("admin", anApp+"/setDisconnectSettings", "canDisconnect", "False", "maxDisconnectDuration", "30")
	if p := at(w.ok("admin", "portals/self/purchases"), "purchases", 0, "provision"); at(p, "canDisconnect") != false || num(p, "maxDisconnectDuration") != 30 {
		t.Errorf("after setDisconnectSettings: %v", p)
	}
	w.fails(400, "'canDisconnect' must be specified", "admin", anApp+"/setDisconnectSettings")
	w.fails(400, "maxDisconnectDuration", "admin", anApp+"/setDisconnectSettings", "canDisconnect", "true", "maxDisconnectDuration", "-2")
}

func TestEntitlementsAreReplacedWhole(t *testing.T) {
	t.Parallel()
	w, _ := licensed(t, "ada", "bob", "cyd")
	set := func(users, keys string) {
		t.Helper()
		w.ok("admin", anApp+"/provisionUserEntitlements", assign(users, keys)...)
	}
	refused := func(text, users, keys string) {
		t.Helper()
		w.fails(400, text, "admin", anApp+"/provisionUserEntitlements", assign(users, keys)...)
	}
	set("ada,ADA", "spatialAnalystN,desktopAdvN")
	if got := w.holds("ada"); !slices.Equal(got, []string{"desktopAdvN", "spatialAnalystN"}) {
		t.Errorf("ada holds %v", got)
	}
	set("ada", "desktopBasicN")
	if got := w.holds("ada"); !slices.Equal(got, []string{"desktopBasicN"}) {
		t.Errorf("ada holds %v", got)
	}
	set("ada", "desktopAdvN,spatialAnalystN")
	refused("has exactly one", "ada", "desktopAdvN,desktopBasicN")
	refused("holds no level", "ada", "spatialAnalystN")
	refused("holds 'flyingN', which ArcGIS Pro does not have; it has desktopBasicN", "ada", "desktopAdvN,flyingN")
	refused("No seat of the desktopStdN", "ada", "desktopStdN")
	refused("No seat of the spatialAnalystN", "bob,cyd", "desktopAdvN,spatialAnalystN")
	refused("Concerns the account 'cyd'", "bob,cyd", "desktopAdvN")
	refused("User does not exist", "bob,nobody", "desktopAdvN")
	refused("at most 25 users, not 26", strings.TrimSuffix(strings.Repeat("ada,", 26), ","), "desktopAdvN")
	refused("must name the users", "", "desktopAdvN")
	if got := append(w.holds("bob"), w.holds("cyd")...); len(got) != 0 {
		t.Errorf("a refused call left %v", got)
	}
	set("bob,cyd", "desktopBasicN,3DAnalystN")
	w.member("dan", portaltest.RoleUser)
	refused("all 3 are assigned", "dan", "desktopBasicN")
	set("cyd", "")
	if doc := w.ok("admin", anApp+"/userEntitlements"); !slices.Equal(each(doc, "username", "userEntitlements"), []string{"ada", "bob"}) || num(doc, "total") != 2 {
		t.Errorf("all: %v", doc)
	}
	w.ok("admin", "community/users/ada/disable")
	refused("No seat of the spatialAnalystN", "bob", "desktopAdvN,spatialAnalystN")
	w.ok("admin", "community/users/ada/delete")
	set("bob", "desktopAdvN,spatialAnalystN")
	w.fails(400, "item not provisioned", "admin", "content/listings/"+nowhere+"/provisionUserEntitlements", assign("bob", "x")...)
	w.fails(400, "expired on 2026-01-01", "admin", "content/listings/"+pastID+"/provisionUserEntitlements", assign("bob", "use")...)
	w.ok("admin", "content/listings/"+pastID+"/provisionUserEntitlements", assign("bob", "")...)
	w.fails(400, "begin on 2027-01-01", "admin", "content/listings/"+futureID+"/provisionUserEntitlements", assign("bob", "use")...)
}

// The requests of the legacy scripts.
func TestLegacyEntitlements(t *testing.T) {
	t.Parallel()
	w, _ := licensed(t, "ada", "obrien")
	for _, text := range []string{
		`{'users': ['ada', u'obrien'], 'entitlements': [u'desktopAdvN', '3DAnalystN']}`,
		`{"entitlements": ["desktopAdvN,3DAnalystN"], "users": ["ada,obrien"]}`,
		`"{\"users\":\"ada,obrien\",\"entitlements\":\"desktopAdvN, 3DAnalystN\"}"`,
	} {
		w.ok("admin", anApp+"/provisionUserEntitlements", "userEntitlements", text, "suppressCustomerEmail", "True")
		for _, name := range []string{"ada", "obrien"} {
			if got := w.holds(name); !slices.Equal(got, []string{"desktopAdvN", "3DAnalystN"}) {
				t.Errorf("%s: %s holds %v", text, name, got)
			}
		}
		w.ok("admin", anApp+"/provisionUserEntitlements", "userEntitlements", `{'users': ['ada', 'obrien'], 'entitlements': []}`)
		if doc := w.ok("admin", anApp+"/userEntitlements"); len(each(doc, "username", "userEntitlements")) != 0 {
			t.Errorf("revoked members stay in the list: %v", doc)
		}
	}
	for text, want := range map[string]string{
		``: "'userEntitlements' must be specified", `nonsense`: "must be JSON", `{"users":["ada"]}`: "must hold entitlements",
		`{"entitlements":["desktopAdvN"]}`: "must hold users", `{"users":[1],"entitlements":[]}`: "must hold users",
	} {
		w.fails(400, want, "admin", anApp+"/provisionUserEntitlements", "userEntitlements", text)
	}
}

func TestEntitlementPages(t *testing.T) {
	t.Parallel()
	w := inhabited(t, portaltest.Start(t, portaltest.WithLicenses(strings.NewReader(
		`{"products": [{"title": "App", "itemId": "`+proID+`", "entitlements": [{"name": "use", "seats": -1}]}]}`))))
	for i := range 7 {
		w.member(fmt.Sprintf("member%d", i), portaltest.RoleUser)
		w.ok("admin", anApp+"/provisionUserEntitlements", assign(fmt.Sprintf("member%d", i), "use")...)
	}
	var got []string
	start := 1
	for start > 0 {
		doc := w.ok("admin", anApp+"/userEntitlements", "start", fmt.Sprint(start), "num", "3")
		got = append(got, each(doc, "username", "userEntitlements")...)
		if num(doc, "total") != 7 || num(doc, "num") != 3 || num(doc, "start") != start {
			t.Errorf("page at %d: %v", start, doc)
		}
		start = num(doc, "nextStart")
	}
	if len(got) != 7 || got[0] != "member0" || got[6] != "member6" {
		t.Errorf("pages hold %v", got)
	}
	if doc := w.ok("admin", anApp+"/userEntitlements"); len(each(doc, "username", "userEntitlements")) != 7 || num(doc, "nextStart") != -1 {
		t.Errorf("all: %v", doc)
	}
	if doc := w.ok("member0", anApp+"/userEntitlements/member0"); str(doc, "userEntitlements", "username") != "member0" || num(doc, "userEntitlements", "lastLogin") != -1 {
		t.Errorf("one's own: %v", doc)
	}
}
