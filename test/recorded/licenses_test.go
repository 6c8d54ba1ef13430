package recorded

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

func licenseReadings() []reading {
	const pro = esri.ItemID("faa0a4deb84a4eaaa02ddad0c2b7a133")
	entitled := func(t tester, list []*gis.Entitlement) {
		t.Helper()
		eq(t, "members", len(list), 2)
		eq(t, "an empty text is no entitlement", len(list[0].Entitlements), 0)
		eq(t, "entitlements", list[1].Entitlements, []string{string(pro)})
		eq(t, "never used: -1", list[1].LastLogin.IsZero(), true)
		eq(t, "taken offline", list[1].CheckedOut, false)
	}
	return []reading{
		{method: "gis.Licenses.List", files: []string{"purchases.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			list, err := p.Licenses.List(t.Context(), gis.PurchasesAll)
			ok(t, err)
			eq(t, "licenses", len(list), 1)
			l := list[0]
			eq(t, "listing", l.ItemID, esri.ItemID("140d7c7f363349848df8d388f23feb20"))
			eq(t, "title", l.Title, "app1")
			eq(t, "type", l.Type, "free")
			eq(t, "start", l.Start, at(1378227269000))
			eq(t, "end: -1", l.End.IsZero(), true)
			eq(t, "bought", l.Trial, false)
			eq(t, "members", l.MaxUsers, gis.NoLimit)
			eq(t, "phone", property(t, l.Raw(), "provision").(map[string]any)["purchaserPhone"], nil)
			r.sent("GET portals/self/purchases", "status=all")
		}},
		{method: "gis.Licenses.List", files: []string{"purchases_trial.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			list, err := p.Licenses.List(t.Context(), "")
			ok(t, err)
			l := list[0]
			eq(t, "trial", l.Trial, true)
			eq(t, "members", l.MaxUsers, 10)
			eq(t, "seats", l.Seats, map[string]int{"spatialAnalyst": 2, "standard": 8, "advanced": 2})
			eq(t, "end", l.End, at(1471798116000))
			r.sent("GET portals/self/purchases", "status=active")
		}},
		{method: "gis.Licenses.Get", files: []string{"purchases.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			l, err := p.Licenses.Get(t.Context(), "APP1")
			ok(t, err)
			eq(t, "listing", l.ItemID, esri.ItemID("140d7c7f363349848df8d388f23feb20"))
		}},
		{method: "gis.License.EntitlementPage", files: []string{"user_entitlements.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			page, err := p.Licenses.Handle(pro).EntitlementPage(t.Context(), 1, 100)
			ok(t, err)
			entitled(t, page.Items)
			eq(t, "next: the answer does not page", page.Next, 0)
		}},
		{method: "gis.License.Entitlements", files: []string{"user_entitlements.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			entitled(t, all(t, p.Licenses.Handle(pro).Entitlements(t.Context())))
			eq(t, "questions", len(r.asked("GET content/listings/{itemId}/userEntitlements")), 1)
		}},
		{method: "gis.License.EntitlementsAhead", files: []string{"user_entitlements.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			entitled(t, all(t, p.Licenses.Handle(pro).EntitlementsAhead(t.Context(), 3)))
		}},
		{method: "gis.License.Entitlement", files: []string{"user_entitlement.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			e, err := p.Licenses.Handle("3855a9d026f64917a09bfc78b590c42f").Entitlement(t.Context(), "johnDoe")
			ok(t, err)
			eq(t, "entitlement", *e, gis.Entitlement{Username: "Johndoe", Entitlements: []string{"drone2map"}})
			eq(t, "path", r.asked("GET content/listings/{itemId}/userEntitlements/{username}")[0].path, "content/listings/3855a9d026f64917a09bfc78b590c42f/userEntitlements/johnDoe")
		}},
		{method: "gis.Licenses.Bundles", files: []string{"portals_app_bundles.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			b := one(t, p.Licenses.Bundles(t.Context()))
			eq(t, "item", b.ItemID, esri.ItemID("99d7956c7e824ff4ab27422e2a26c2b7"))
			eq(t, "name", b.Name, "Essential Apps Bundle")
		}},
		{method: "gis.Bundle.Users", files: []string{"portals_app_bundles.json", "portals_users_search_created.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			b := one(t, p.Licenses.Bundles(t.Context()))
			eq(t, "members", len(all(t, b.Users(t.Context()))), 5)
		}},
		{method: "gis.Licenses.Installed", files: []string{"portaladmin_license.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			l, err := p.Licenses.Installed(t.Context())
			ok(t, err)
			eq(t, "members", []int{l.Members, l.MaxMembers}, []int{12, 50})
			eq(t, "version", l.Version, "11.3")
			eq(t, "user type", l.UserTypes[0], gis.InstalledSeat{ID: "creatorUT", Members: 10, MaxMembers: 40, Expiration: at(1893456000000)})
			eq(t, "bundle", l.AppBundles[0].ItemID, esri.ItemID("99d7956c7e824ff4ab27422e2a26c2b7"))
			eq(t, "never ends: -1", l.Apps[0].Expiration.IsZero(), true)
			eq(t, "extensions that are missing", len(l.Extensions), 0)
		}},
	}
}
