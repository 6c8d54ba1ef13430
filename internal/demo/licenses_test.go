package demo

import (
	"slices"
	"testing"

	"github.com/rhumb-gis/rhumb/gis"
)

// checkLicenses compares what the members hold with what the manifest and the pool say.
func checkLicenses(t *testing.T, p *gis.Portal) {
	t.Helper()
	list, err := p.Licenses.List(t.Context(), gis.PurchasesAll)
	ok(t, err)
	if len(list) != 3 {
		t.Errorf("%d products, want 3", len(list))
	}
	pro, err := p.Licenses.Get(t.Context(), "ArcGIS Pro")
	ok(t, err)
	for _, key := range []string{"desktopBasicN", "desktopStdN", "desktopAdvN", "3DAnalystN", "spatialAnalystN", "networkAnalystN", "geostatAnalystN", "dataInteropN"} {
		if pro.Seats[key] != 10 {
			t.Errorf("%d seats of %s, want 10", pro.Seats[key], key)
		}
	}
	if len(pro.Seats) != 8 {
		t.Errorf("ArcGIS Pro has %v", pro.Seats)
	}
	for name, want := range map[string]struct {
		keys []string
		out  bool
	}{
		"urban_planning": {[]string{"desktopAdvN", "3DAnalystN", "spatialAnalystN"}, true}, "imagery": {[]string{"desktopStdN", "spatialAnalystN", "geostatAnalystN"}, false},
		"weather": {[]string{"desktopBasicN"}, false}, "demo_account": {nil, false},
	} {
		e, err := pro.Entitlement(t.Context(), name)
		ok(t, err)
		if !slices.Equal(e.Entitlements, want.keys) || e.CheckedOut != want.out || e.CheckedOut == e.CheckedOutSince.IsZero() {
			t.Errorf("%s holds %v, checked out %v since %v", name, e.Entitlements, e.CheckedOut, e.CheckedOutSince)
		}
	}
	if e, err := pro.Entitlement(t.Context(), "imagery"); err != nil || e.LastLogin.IsZero() {
		t.Errorf("imagery last used it at %v, %v", e.LastLogin, err)
	}
}
