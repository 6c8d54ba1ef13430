package rest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rhumb-gis/rhumb/portaltest"
)

// TestSeatsAreNeverOversold lets 50 callers assign 150 members the 100 seats of a pool, some in
// calls for two members, which get both seats or none.
func TestSeatsAreNeverOversold(t *testing.T) {
	t.Parallel()
	const seats, callers, members = 100, 50, 150
	w := inhabited(t, portaltest.Start(t, portaltest.WithLicenses(strings.NewReader(fmt.Sprintf(
		`{"products": [{"title": "App", "itemId": "%s", "entitlements": [{"name": "use", "seats": %d}, {"name": "more", "seats": -1}]}]}`, proID, seats)))))
	for i := range members {
		w.CreateMember(t, fmt.Sprintf("member%03d", i), portaltest.RoleUser)
	}
	var given atomic.Int32
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			mine := []string{fmt.Sprintf("member%03d", 3*n), fmt.Sprintf("member%03d,member%03d", 3*n+1, 3*n+2)}
			for _, users := range mine {
				kv := assign(users, "use,more")
				doc := w.Call(t, w.tokens["admin"], "sharing/rest/"+anApp+"/provisionUserEntitlements", url.Values{kv[0]: {kv[1]}})
				switch {
				case doc["success"] == true:
					given.Add(int32(1 + strings.Count(users, ",")))
				case !strings.Contains(str(doc, "error", "message"), "all 100 are assigned"):
					t.Errorf("%s: %v", users, doc)
				}
			}
		})
	}
	wg.Wait()
	doc := w.ok("admin", anApp+"/userEntitlements")
	rows := each(doc, "username", "userEntitlements")
	if int(given.Load()) != len(rows) || len(rows) != num(doc, "total") || len(rows) > seats || len(rows) < seats-1 {
		t.Fatalf("%d seats given, %d rows, total %d, of %d", given.Load(), len(rows), num(doc, "total"), seats)
	}
	// A call for one finds the last seat that calls for two leave.
	for i := 0; i < members && len(rows) < seats; i++ {
		if name := fmt.Sprintf("member%03d", i); !slices.Contains(rows, name) {
			w.ok("admin", anApp+"/provisionUserEntitlements", assign(name, "use")...)
			rows = append(rows, name)
		}
	}
	if doc := w.ok("admin", anApp+"/userEntitlements"); num(doc, "total") != seats {
		t.Errorf("%d seats are taken, want all %d", num(doc, "total"), seats)
	}
}

func TestSingleAssignersTakeExactlyAllSeats(t *testing.T) {
	t.Parallel()
	const seats, callers = 100, 50
	w := inhabited(t, portaltest.Start(t, portaltest.WithLicenses(strings.NewReader(fmt.Sprintf(
		`{"products": [{"title": "App", "itemId": "%s", "entitlements": [{"name": "use", "seats": %d}]}]}`, proID, seats)))))
	for i := range 3 * callers {
		w.CreateMember(t, fmt.Sprintf("member%03d", i), portaltest.RoleUser)
	}
	var given atomic.Int32
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			for i := range 3 {
				kv := assign(fmt.Sprintf("member%03d", 3*n+i), "use")
				if w.Call(t, w.tokens["admin"], "sharing/rest/"+anApp+"/provisionUserEntitlements", url.Values{kv[0]: {kv[1]}})["success"] == true {
					given.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if given.Load() != seats {
		t.Errorf("%d of 150 calls succeeded, want exactly %d", given.Load(), seats)
	}
}

func TestOfflineLicenses(t *testing.T) {
	t.Parallel()
	w, clk := licensed(t, "ada", "bob")
	used := clk.Now().Add(-48 * time.Hour)
	w.UseLicense(t, proID, "ADA", used, used)
	w.ok("admin", anApp+"/provisionUserEntitlements", assign("ada,bob", "desktopAdvN")...)
	e := w.ok("admin", anApp+"/userEntitlements/ada")["userEntitlements"]
	if at(e, "disconnected") != true || num(e, "disconnectedInfo", "disconnectedSince") != int(used.UnixMilli()) || num(e, "lastLogin") != int(used.UnixMilli()) {
		t.Errorf("ada: %v", e)
	}
	if e := w.ok("admin", anApp+"/userEntitlements/bob")["userEntitlements"]; at(e, "disconnected") != false || at(e, "disconnectedInfo") != nil {
		t.Errorf("bob: %v", e)
	}
	w.ok("admin", anApp+"/provisionUserEntitlements", assign("ada", "desktopAdvN")...) // what he has
	for _, keys := range []string{"", "desktopBasicN"} {
		w.fails(400, "works offline", "admin", anApp+"/provisionUserEntitlements", assign("bob,ada", keys)...)
	}
	if got := w.holds("bob"); !slices.Equal(got, []string{"desktopAdvN"}) {
		t.Errorf("a refused call changed bob: %v", got)
	}
	w.fails(400, "checked out", "admin", "community/users/ada/delete")
	doc := w.ok("admin", "portaladmin/system/licenses/releaseLicense", "username", "Ada")
	if doc["success"] != true || doc["status"] != "success" {
		t.Errorf("release: %v", doc)
	}
	w.fails(400, "has no license checked out", "admin", "portaladmin/license/releaseLicense", "username", "ada")
	w.fails(400, "User does not exist", "admin", "portaladmin/license/releaseLicense", "username", "nobody")
	w.ok("admin", anApp+"/provisionUserEntitlements", assign("ada", "")...)
	w.ok("admin", "community/users/ada/delete")
}

func TestAppBundles(t *testing.T) {
	t.Parallel()
	w, _ := licensed(t, "ada", "bob")
	give := "content/listings/" + bundleID + "/provisionUserAppBundle"
	doc := w.ok("admin", "portals/self/appBundles")
	if str(doc, "appBundles", 0, "name") != "Field Apps" || str(doc, "appBundles", 0, "appBundleItemId") != bundleID || str(doc, "appBundles", 0, "apps", 0, "title") != "Field Maps" {
		t.Errorf("bundles %v", doc)
	}
	w.fails(400, "No seat of the app bundle Field Apps", "admin", give, "users", "ada,bob")
	if doc := w.ok("ada", "community/users/ada/appBundles"); num(doc, "total") != 0 {
		t.Errorf("a refused call left %v", doc)
	}
	w.ok("admin", give, "users", `["ada"]`, "revoke", "False")
	w.ok("admin", give, "users", "ada")
	if doc := w.ok("ada", "community/users/ada/appBundles"); num(doc, "total") != 1 || str(doc, "appBundles", 0, "id") == "" {
		t.Errorf("ada's bundles %v", doc)
	}
	if doc := w.ok("admin", "portals/self/users/search", "q", "appbundle: "+bundleID); !slices.Equal(each(doc, "username", "results"), []string{"ada"}) {
		t.Errorf("holders %v", doc)
	}
	if doc := w.ok("bob", "community/users", "q", "appbundle:"+bundleID); num(doc, "total") != 0 {
		t.Errorf("bob is told who holds what: %v", doc)
	}
	w.ok("admin", give, "users", "ada,bob", "revoke", "true")
	w.ok("admin", give, "users", "bob")
	w.fails(400, "'users' must be specified", "admin", give)
	w.fails(400, "item not provisioned", "admin", "content/listings/"+proID+"/provisionUserAppBundle", "users", "bob")
}

func TestProvisionedListingsAndCounts(t *testing.T) {
	t.Parallel()
	w, _ := licensed(t, "ada", "bob")
	w.ok("admin", anApp+"/provisionUserEntitlements", assign("ada,bob", "desktopBasicN")...)
	w.ok("admin", "content/listings/"+bundleID+"/provisionUserAppBundle", "users", "bob")
	listed := func(kv ...string) []string {
		return each(w.ok("ada", "community/users/ada/provisionedListings", kv...), "title", "provisionedListings")
	}
	for as, item := range map[string]string{"ada": proID, "bob": bundleID, "admin": pastID} {
		if it := w.ok(as, "content/items/"+item); it["id"] != item || it["title"] == "" {
			t.Errorf("the item of a listing: %v", it)
		}
		if as != "admin" {
			if l := w.ok(as, "content/listings/"+item); l["itemId"] != item {
				t.Errorf("listing %v", l)
			}
		}
	}
	w.fails(400, "Item does not exist", "ada", "content/items/"+bundleID)
	w.fails(400, "Item does not exist", "", "content/items/"+proID)
	w.fails(403, "manageLicenses", "ada", "content/listings/"+bundleID)
	if got := listed(); !slices.Equal(got, []string{"ArcGIS Pro"}) {
		t.Errorf("ada holds %v", got)
	}
	if got := listed("returnAllProvisions", "True"); !slices.Equal(got, []string{"ArcGIS Pro", "Future"}) {
		t.Errorf("the organization has %v", got)
	}
	if got := listed("returnAllProvisions", "true", "includeExpired", "true"); len(got) != 3 {
		t.Errorf("with what is past: %v", got)
	}
	for kind, want := range map[string]string{"app": proID + " 2", "userLicenseType": "creatorUT 3"} {
		if doc := w.ok("admin", "portals/self/users/counts", "type", kind); fmt.Sprint(str(doc, "results", 0, "key"), " ", num(doc, "results", 0, "count")) != want {
			t.Errorf("counts by %s: %v", kind, doc)
		}
	}
	if doc := w.ok("admin", "portals/self/users/counts", "type", "appBundle"); num(doc, "results", 0, "count") != 1 {
		t.Errorf("counts by bundle: %v", doc)
	}
	w.fails(400, "must be role, userLicenseType", "admin", "portals/self/users/counts", "type", "x")
	doc := w.ok("admin", "portaladmin/license")
	if num(doc, "currentRegisteredMembers") != 3 || num(doc, "maximumRegisteredMembers") != 13 || num(doc, "apps", 0, "currentRegisteredMembers") != 2 || num(doc, "apps", 0, "maximumRegisteredMembers") != 3 {
		t.Errorf("portaladmin/license: %v", doc)
	}
	if doc := w.ok("admin", "portaladmin/system/licenses"); doc["isValid"] != true || num(doc, "currentRegisteredMembers") != 3 || len(doc["features"].([]any)) != 4 {
		t.Errorf("portaladmin/system/licenses: %v", doc)
	}
	if doc := w.ok("admin", "portals/self"); num(doc, "subscriptionInfo", "maxUsers") != 13 {
		t.Errorf("portals/self: %v", doc["subscriptionInfo"])
	}
	if doc := w.ok("ada", "portals/self"); num(doc, "subscriptionInfo", "maxUsers") != -1 {
		t.Errorf("portals/self for a member: %v", doc["subscriptionInfo"])
	}
	if doc := w.ok("admin", "portals/self/subscriptionInfo"); num(doc, "userLicenseTypes", "creatorUT") != 6 || num(doc, "maxUsers") != 13 {
		t.Errorf("subscriptionInfo: %v", doc)
	}
}
