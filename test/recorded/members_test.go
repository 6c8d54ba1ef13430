package recorded

import (
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

func memberReadings() []reading {
	return []reading{
		{method: "gis.Users.Get", files: []string{"user.json"}, do: userDocumented},
		{method: "gis.Users.Get", files: []string{"user_public.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			u, err := p.Users.Get(t.Context(), "jsmith")
			ok(t, err)
			eq(t, "full name", u.FullName, "John Smith")
			eq(t, "role that others do not see", u.EffectiveRole(), esri.RoleID(""))
			eq(t, "last login that others do not see", u.LastLogin.IsZero(), true)
			eq(t, "groups that are missing", len(u.Groups), 0)
		}},
		{method: "gis.User.Refresh", files: []string{"user.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			u := jsmith(t, p)
			u.FullName = ""
			ok(t, u.Refresh(t.Context()))
			eq(t, "full name", u.FullName, "John Smith")
		}},
		{method: "gis.Users.Me", files: []string{"community_self.json"}, do: selfRecorded},
		{method: "gis.Users.List", files: []string{"portals_users.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			list := all(t, p.Users.List(t.Context(), &gis.UserList{Role: gis.RoleUser, UserType: "creatorUT", Provider: "arcgis", SortField: "fullName", SortOrder: gis.Descending}))
			eq(t, "members", len(list), 2)
			eq(t, "never signed in: -1", list[0].LastLogin.IsZero(), true)
			eq(t, "disabled", list[1].Disabled, true)
			eq(t, "last login", list[1].LastLogin, at(1562680534000))
			r.sent("GET portals/self/users", "role=org_user&userLicenseType=creatorUT&provider=arcgis&sortField=fullName&sortOrder=desc&start=1&num=100")
		}},
		{method: "gis.Users.ListPage", files: []string{"portals_users.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			page, err := p.Users.ListPage(t.Context(), nil)
			ok(t, err)
			eq(t, "total", page.Total, 2)
			eq(t, "next", page.Next, -1)
		}},
		{method: "gis.Users.ListAll", set: func(r *replay) {
			r.on("GET portals/self/users", "portals_users_page1.json").on("GET portals/self/users?start=2", "portals_users_page2.json")
		}, do: func(t tester, p *gis.Portal, r *replay) {
			list := all(t, p.Users.ListAll(t.Context(), nil))
			eq(t, "names", []string{list[0].Username, list[1].Username}, []string{"ada_dcdev", "bea_dcdev"})
			eq(t, "questions", len(r.asked("GET portals/self/users")), 2)
			r.sent("GET portals/self/users", "sortField=created&sortOrder=asc&start=2")
		}},
		{method: "gis.Users.Search", files: []string{"community_users.json", "portals_self_online.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			list := all(t, p.Users.Search(t.Context(), "Thoma", nil))
			eq(t, "members", len(list), 2)
			eq(t, "id", list[0].ID, "21c6bc0cd2584b598868604474d878ad")
			eq(t, "user type", list[0].UserLicenseTypeID, "creatorUT")
			eq(t, "access", list[1].Access, gis.AccessOrg)
			eq(t, "thumbnail that is null", list[1].ThumbnailURL(), "")
			eq(t, "what has no field", property(t, list[0].Raw(), "validateUserProfile"), true)
			r.sent("GET community/users", "q=(Thoma)+AND+orgid:org1234567890&start=1&num=100")
		}},
		{method: "gis.Users.SearchPage", files: []string{"community_users.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			page, err := p.Users.SearchPage(t.Context(), "Thoma", &gis.UserSearch{OutsideOrg: true, SortField: "created", SortOrder: gis.Ascending})
			ok(t, err)
			eq(t, "query", page.Query, "(Thoma) lastlogin:[1634536800000 TO 1637218799999]")
			eq(t, "total", page.Total, 2)
			eq(t, "next", page.Next, -1)
			r.sent("GET community/users", "q=Thoma&sortField=created&sortOrder=asc")
		}},
		{method: "gis.Users.SearchAll", files: []string{"community_users_created.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			eq(t, "members", len(all(t, p.Users.SearchAll(t.Context(), "Thoma", &gis.SearchAll{OutsideOrg: true}))), 2)
		}},
		{method: "gis.Users.OrgSearch", files: []string{"portals_users_search.json"}, do: orgSearch},
		{method: "gis.Users.OrgSearchAll", files: []string{"portals_users_search_created.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			eq(t, "members", len(all(t, p.Users.OrgSearchAll(t.Context(), "role:org_user OR role:org_publisher", nil))), 5)
		}},
		{method: "gis.Users.CheckUsernames", files: []string{"check_usernames.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			checks, err := p.Users.CheckUsernames(t.Context(), "jsmith", "new.member")
			ok(t, err)
			eq(t, "free", []bool{checks[0].Free(), checks[1].Free()}, []bool{false, true})
			eq(t, "near", checks[0].Suggested, "jsmith1")
			r.sent("GET community/checkUsernames", "usernames=jsmith,new.member")
		}},
		{method: "gis.Users.Counts", files: []string{"users_counts.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			counts, err := p.Users.Counts(t.Context(), gis.CountByUserType)
			ok(t, err)
			eq(t, "counts", counts, map[string]int{"creatorUT": 12, "viewerUT": 2})
			r.sent("GET portals/self/users/counts", "type=userLicenseType")
		}},
		{method: "gis.Users.GroupsOf", files: []string{"users_groups.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			groups, err := p.Users.GroupsOf(t.Context(), "jsmith")
			ok(t, err)
			eq(t, "ids and objects", groups, map[string][]esri.GroupID{"jsmith": {"2ecb37a8c8fb4051af9c086c25503bb0", "bf51aa6e879e4676b683dcbefb0ab0a9"}})
		}},
		{method: "gis.Users.UserTypes", files: []string{"user_types.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			types := all(t, p.Users.UserTypes(t.Context()))
			eq(t, "types", len(types), 2)
			eq(t, "first", *types[0], gis.UserType{ID: "creatorUT", Name: "Creator", Description: "Creates content", Level: "2", MaxUsers: 50})
			r.sent("GET portals/self/userLicenseTypes", "start=1&num=255")
		}},
		{method: "gis.Users.Defaults", files: []string{"user_default_settings.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			d, err := p.Users.Defaults(t.Context())
			ok(t, err)
			eq(t, "defaults", *d, gis.MemberDefaults{
				Role: gis.RolePublisher, UserType: "creatorUT", EsriAccess: "arcgisonly", Groups: []esri.GroupID{"43c2c91a304b44b59e5f8e871294069c"},
				Apps:       []gis.DefaultApp{{ItemID: "f761dd0f298944dcab22d1e888c60293", Entitlements: []string{"Insights"}}},
				AppBundles: []gis.DefaultApp{{ItemID: "99d7956c7e824ff4ab27422e2a26c2b7"}},
			})
		}},
		{method: "gis.Users.SearchStore", files: []string{"enterprise_users.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			found, err := p.Users.SearchStore(t.Context(), "john", 1000)
			ok(t, err)
			eq(t, "first", found[0], gis.StoreUser{Username: `domain\jdoe0001`, FullName: "John Doe", Email: "jdoe@domain.com"})
			eq(t, "second", found[1].Username, `DOMAIN\aturing`)
			r.sent("POST portaladmin/security/users/searchEnterpriseUsers", "filter=john&maxCount=1000&f=json&token=example-token-1")
		}},
		{method: "gis.Users.StoreGroupMembers", files: []string{"enterprise_group_users.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			found, err := p.Users.StoreGroupMembers(t.Context(), "cartographers", "", 10)
			ok(t, err)
			eq(t, "member", found, []gis.StoreUser{{Username: `domain\aturing`, FullName: "Alan Turing", Email: "aturing@domain.com"}})
			r.sent("GET portaladmin/security/groups/getUsersWithinEnterpriseGroup", "groupName=cartographers&filter=&maxCount=10")
		}},
		{method: "gis.Users.StoreUser", files: []string{"enterprise_user.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			u, err := p.Users.StoreUser(t.Context(), "jdoe")
			ok(t, err)
			eq(t, "account", *u, gis.StoreUser{Username: "john", FullName: "John Doe", Email: "john_doe@email.com"})
			r.sent("GET portaladmin/security/users/getEnterpriseUser", "username=jdoe")
		}},
		{method: "gis.User.TagCounts", files: []string{"user.json", "user_tags.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			tags, err := jsmith(t, p).TagCounts(t.Context())
			ok(t, err)
			eq(t, "tags", tags, []gis.TagCount{{Tag: "test", Count: 1}})
		}},
		{method: "gis.User.Properties", files: []string{"user.json", "user_properties.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			raw, err := jsmith(t, p).Properties(t.Context())
			ok(t, err)
			eq(t, "viewer", property(t, raw, "mapViewer"), "classic")
			eq(t, "landing page", property(t, raw, "landingPage").(map[string]any)["url"], "http://www.esri.com")
		}},
		{method: "gis.User.OpenThumbnail", files: []string{"user.json", "picture.png"}, do: func(t tester, p *gis.Portal, r *replay) {
			u := jsmith(t, p)
			eq(t, "address", u.ThumbnailURL(), r.url+"/sharing/rest/community/users/jsmith/info/myProfile.jpg")
			picture(t, func() (*gis.Data, error) { return u.OpenThumbnail(t.Context()) })
		}},
		{method: "gis.User.ReadUserType", files: []string{"user.json", "user_license_type.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			ut, err := jsmith(t, p).ReadUserType(t.Context())
			ok(t, err)
			eq(t, "id", ut.ID, "GISProfessionalAdvUT")
			eq(t, "bundle", ut.Apps[0].IsBundle, true)
			eq(t, "app of the bundle", ut.Apps[0].Apps[0].Entitlements, []string{"activityDashboard", "templates", "mapViewer", "presentationApp", "sceneViewer"})
			eq(t, "app", ut.Apps[1].Entitlements, []string{"arcgisRuntimeAdvanced"})
		}},
		{method: "gis.User.Bundles", files: []string{"user.json", "user_app_bundles.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			bundles, err := jsmith(t, p).Bundles(t.Context())
			ok(t, err)
			eq(t, "bundles", len(bundles), 1)
			eq(t, "id", bundles[0].ID, "baced321fedbca0987hg65fe43dc21ab")
			eq(t, "name", bundles[0].Name, "Field Apps")
			eq(t, "apps", strings.Contains(string(bundles[0].Apps), "Survey123 for ArcGIS"), true)
		}},
		{method: "gis.User.Provisions", files: []string{"user.json", "provisioned_listings.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			pr := one(t, jsmith(t, p).Provisions(t.Context(), &gis.ProvisionList{All: true, IncludeExpired: true}))
			eq(t, "title", pr.Title, "Tracker for ArcGIS")
			eq(t, "by", pr.LicenseBy, "licenseByUser")
			eq(t, "owner", pr.Owner, "esri_apps")
			eq(t, "url", pr.URL, "https://www.arcgis.com/features/apps/index.html")
			r.sent("GET community/users/{username}/provisionedListings", "returnAllProvisions=true&includeExpired=true")
		}},
		{method: "gis.User.Folders", files: []string{"user.json", "content_user_folders.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			folders, err := jsmith(t, p).Folders(t.Context())
			ok(t, err)
			eq(t, "folder", *folders[0], gis.Folder{ID: "ba07", Title: "testing", Username: "geemike", Created: at(1576264694000)})
		}},
		{method: "gis.User.Items", files: []string{"user.json", "content_user.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			it := one(t, jsmith(t, p).Items(t.Context(), "", nil))
			eq(t, "id", it.ID, esri.ItemID("cd502cb019cb4c8cb7be297eab5ea47c"))
		}},
		{method: "gis.User.AllItems", files: []string{"user.json", "content_user.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			eq(t, "items", len(all(t, jsmith(t, p).AllItems(t.Context()))), 1)
			eq(t, "path", r.asked("GET content/users/{username}")[0].path, "content/users/jsmith")
		}},
	}
}

func jsmith(t tester, p *gis.Portal) *gis.User {
	t.Helper()
	u, err := p.Users.Get(t.Context(), "jsmith")
	ok(t, err)
	return u
}

func userDocumented(t tester, p *gis.Portal, r *replay) {
	u := jsmith(t, p)
	eq(t, "path", r.asked("GET community/users/{username}")[0].path, "community/users/jsmith")
	eq(t, "full name", u.FullName, "John Smith")
	eq(t, "role", u.Role, gis.RolePublisher)
	eq(t, "custom role", u.EffectiveRole(), esri.RoleID("RDnHQBSBbsJuIkUp"))
	eq(t, "level", u.Level, "2")
	eq(t, "privileges", len(u.Privileges), 10)
	eq(t, "favorites", u.FavGroupID, esri.GroupID("829e32cca4dd475a8bb63bb56b16fe3e"))
	eq(t, "storage", u.StorageUsage, int64(583650))
	eq(t, "quota", u.StorageQuota, int64(2147483648))
	eq(t, "last login", u.LastLogin, at(1385766284000))
	eq(t, "created", u.Created, at(1258501046000))
	eq(t, "tags", u.Tags, []string{"GIS Analyst", "City of Redlands"})
	eq(t, "name in no identity provider", u.IDPUsername, "")
	eq(t, "membership", *u.Groups[0].UserMembership, gis.Membership{Username: "jsmith", MemberType: gis.MemberMember})
	eq(t, "open data", u.Groups[0].IsOpenData, true)
	eq(t, "credits", property(t, u.Raw(), "availableCredits"), 479.50998)
}

func selfRecorded(t tester, p *gis.Portal, _ *replay) {
	me, err := p.Users.Me(t.Context())
	ok(t, err)
	eq(t, "name", me.Username, "LocalGovDeployCasey")
	eq(t, "role", me.Role, gis.RoleAdmin)
	eq(t, "privileges", len(me.Privileges), 70)
	eq(t, "user type", me.UserLicenseTypeID, "creatorUT")
	eq(t, "description that is null", me.Description, "")
	eq(t, "tags", len(me.Tags), 0)
	eq(t, "group", me.Groups[0].ID, esri.GroupID("22547723baa14ba89ea3845f8b7b4e79"))
	eq(t, "contributing", me.Groups[0].IsViewOnly, true)
	eq(t, "part", me.Groups[0].UserMembership.MemberType, gis.MemberOwner)
	eq(t, "display settings", property(t, me.Groups[0].Raw(), "displaySettings"), map[string]any{"itemTypes": ""})
}

func orgSearch(t tester, p *gis.Portal, r *replay) {
	list := all(t, p.Users.OrgSearch(t.Context(), "role:org_user OR role:org_publisher", &gis.UserSearch{Filter: `role:"org_user"`}))
	eq(t, "members", len(list), 5)
	eq(t, "role", list[0].Role, gis.RolePublisher)
	eq(t, "last login", list[0].LastLogin, at(1565206730000))
	eq(t, "tags", len(list[1].Tags), 3)
	eq(t, "never signed in", list[2].LastLogin.IsZero(), true)
	eq(t, "region that is null", list[2].Region, "")
	eq(t, "disabled", list[3].Disabled, true)
	eq(t, "credits", property(t, list[4].Raw(), "availableCredits"), 21839.219)
	r.sent("GET portals/self/users/search", `q=role:org_user OR role:org_publisher&filter=role:"org_user"&start=1&num=100`)
}
