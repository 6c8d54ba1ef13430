package portaltest_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

const proID = "00000000000000000000000000000abc"

// pool is a portal with two seats of ArcGIS Pro Advanced and one viewer.
const pool = `{
	"userTypes": [{"id": "creatorUT", "seats": -1}, {"id": "viewerUT", "seats": 1}],
	"products": [{"title": "ArcGIS Pro", "itemId": "` + proID + `", "canDisconnect": true, "entitlements": [
		{"name": "desktopBasicN", "seats": 5}, {"name": "desktopAdvN", "seats": 2}, {"name": "spatialAnalystN", "seats": 1}]}],
	"appBundles": [{"name": "Field Apps", "seats": 1, "apps": [{"title": "Field Maps"}]}],
	"activity": [{"product": "ArcGIS Pro", "username": "cyd", "lastUsed": "2026-10-01", "checkedOut": "2026-10-02"}]
}`

func provision(t *testing.T, p *portaltest.Portal, token, users, keys string) map[string]any {
	t.Helper()
	return p.Call(t, token, "sharing/rest/content/listings/"+proID+"/provisionUserEntitlements", url.Values{
		"userEntitlements": {fmt.Sprintf(`{"users":[%s],"entitlements":[%s]}`, users, keys)}, "suppressCustomerEmail": {"true"},
	})
}

func TestWithLicenses(t *testing.T) {
	t.Parallel()
	p := portaltest.Start(t, portaltest.WithLicenses(strings.NewReader(pool)))
	admin := p.AdminToken(t)
	for _, name := range []string{"ada", "bob", "cyd"} {
		p.CreateMember(t, name, portaltest.RoleUser)
	}
	if v := provision(t, p, admin, `"ada","cyd"`, `"desktopAdvN"`); v["success"] != true {
		t.Fatalf("assign: %v", v)
	}
	if v := provision(t, p, admin, `"bob"`, `"desktopAdvN"`); !strings.Contains(fmt.Sprint(v["error"]), "No seat of the desktopAdvN of ArcGIS Pro is free: all 2 are assigned") {
		t.Errorf("the third of two seats: %v", v)
	}
	v := p.Call(t, admin, "sharing/rest/content/listings/"+proID+"/userEntitlements", nil)
	if v["total"] != 2.0 || v["nextStart"] != -1.0 || !strings.Contains(fmt.Sprint(v["userEntitlements"]), "disconnectedSince") {
		t.Errorf("entitlements: %v", v)
	}
	if v := provision(t, p, admin, `"cyd"`, ``); !strings.Contains(fmt.Sprint(v["error"]), "offline") {
		t.Errorf("revoke what is checked out: %v", v)
	}
	if v := p.Call(t, admin, "portaladmin/license/releaseLicense", url.Values{"username": {"cyd"}}); v["success"] != true {
		t.Errorf("release: %v", v)
	}
	if v := provision(t, p, admin, `"cyd"`, ``); v["success"] != true {
		t.Errorf("revoke: %v", v)
	}
	if v := provision(t, p, admin, `"bob"`, `"desktopAdvN","spatialAnalystN"`); v["success"] != true {
		t.Errorf("assign the seat that became free: %v", v)
	}
}
