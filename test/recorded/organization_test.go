package recorded

import (
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

func organizationReadings() []reading {
	online, enterprise := []string{"portals_self_online.json", "root.json", "info.json"}, []string{"portals_self_enterprise.json"}
	return []reading{
		{method: "gis.Portal.Self", files: online, do: selfOnline},
		{method: "gis.Portal.Self", files: []string{"portals_self_online_2017.json"}, do: selfOnlineOld},
		{method: "gis.Portal.Self", files: enterprise, do: selfEnterprise},
		{method: "gis.Portal.Refresh", files: enterprise, do: func(t tester, p *gis.Portal, r *replay) {
			self, err := p.Refresh(t.Context())
			ok(t, err)
			eq(t, "id", self.ID, esri.OrgID("0123456789ABCDEF"))
			_, err = p.Refresh(t.Context())
			ok(t, err)
			eq(t, "questions", len(r.asked("GET portals/self")), 2)
		}},
		{method: "gis.Portal.Settings", files: []string{"portals_settings.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			raw, err := p.Settings(t.Context())
			ok(t, err)
			banner := property(t, raw, "informationalBanner").(map[string]any)
			eq(t, "banner text", banner["text"], "Wow Check Out This Info Banner!!!")
			eq(t, "banner enabled", banner["enabled"], true)
			eq(t, "featured content", property(t, raw, "homePageFeaturedContentCount"), 12.0)
		}},
		{method: "gis.Portal.CheckHealth", files: append(enterprise, "portaladmin_health.json"), do: func(t tester, p *gis.Portal, _ *replay) {
			ok(t, p.CheckHealth(t.Context()))
		}},
		{method: "gis.PortalResources.List", files: []string{"portals_resources.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			list := all(t, p.Resources().List(t.Context()))
			eq(t, "resources", len(list), 2)
			eq(t, "key", list[0].Key, "thumbnail.png")
			eq(t, "size", list[0].Size, int64(20148))
			eq(t, "created", list[0].Created, at(1392336986000))
			eq(t, "key with a folder", list[1].Key, "theme/shared.css")
		}},
		{method: "gis.PortalResources.Open", files: []string{"picture.png"}, do: func(t tester, p *gis.Portal, r *replay) {
			picture(t, func() (*gis.Data, error) { return p.Resources().Open(t.Context(), "theme/logo a.png") })
			eq(t, "path", r.asked("GET portals/self/resources/{key}")[0].path, "portals/self/resources/theme/logo%20a.png")
		}},
		{method: "gis.Portal.OpenThumbnail", files: []string{"picture.png", "portals_self_online_2017.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			picture(t, func() (*gis.Data, error) { return p.OpenThumbnail(t.Context()) })
			eq(t, "path", r.asked("GET portals/self/resources/{key}")[0].path, "portals/self/resources/thumbnail.png")
		}},
		{method: "gis.Categories.Schema", files: []string{"category_schema.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			schema, err := p.Content.Categories().Schema(t.Context())
			ok(t, err)
			eq(t, "trees", len(schema), 2)
			eq(t, "description", schema[0].Description, "Main description")
			eq(t, "below", schema[0].Categories[0].Categories[1].Categories[0].Title, "Esri Redlands Basemap")
			eq(t, "leaf", len(schema[0].Categories[1].Categories[0].Categories), 0)
		}},
		{method: "gis.Categories.Schema", files: []string{"member_category_schema.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			schema, err := p.Users.Categories().Schema(t.Context())
			ok(t, err)
			var paths []string
			for path := range gis.CategoryPaths(schema) {
				paths = append(paths, path)
			}
			eq(t, "paths", paths, []string{"/Location", "/Location/Redlands, CA", "/Location/Portland, OR", "/Department", "/Department/Software Products", "/Department/Software Development"})
		}},
		{method: "gis.Categories.Schema", files: []string{"group_category_schema.json", "group.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			g, err := p.Groups.Get(t.Context(), "ef45564655144f15b5903d05a24493d9")
			ok(t, err)
			schema, err := g.Categories().Schema(t.Context())
			ok(t, err)
			eq(t, "second tree", []string{schema[1].Title, schema[1].Categories[0].Title, schema[1].Categories[1].Title}, []string{"Region", "US", "World"})
		}},
		{method: "gis.Roles.List", files: []string{"roles.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			list := all(t, p.Roles.List(t.Context()))
			eq(t, "roles", len(list), 2)
			eq(t, "viewer", list[0].ID, gis.RoleViewer)
			eq(t, "privileges that are not told", list[0].Privileges, []string(nil))
			eq(t, "privileges", list[1].Privileges, []string{"features:user:edit", "portal:user:createGroup"})
			r.sent("GET portals/self/roles", "returnPrivileges=true&start=1&num=100")
		}},
		{method: "gis.Roles.ByName", files: []string{"roles.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			role, err := p.Roles.ByName(t.Context(), "field CREW")
			ok(t, err)
			eq(t, "id", role.ID, esri.RoleID("Pi5ZcW4sddhtho45"))
		}},
		{method: "gis.Roles.Exists", files: []string{"roles.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			there, err := p.Roles.Exists(t.Context(), "Nobody")
			ok(t, err)
			eq(t, "exists", there, false)
		}},
		{method: "gis.Roles.Get", files: []string{"role.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			role, err := p.Roles.Get(t.Context(), "Pi5ZcW4sddhtho45")
			ok(t, err)
			eq(t, "name", role.Name, "Viewer")
			eq(t, "description", role.Description, "custom viewer")
			eq(t, "created", role.Created, at(1472061811000))
			eq(t, "modified", role.Modified, at(1472061811000))
		}},
		{method: "gis.Role.ReadPrivileges", files: []string{"role.json", "role_privileges.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			role, err := p.Roles.Get(t.Context(), "hzHOGSAky23XJu7Q")
			ok(t, err)
			got, err := role.ReadPrivileges(t.Context())
			ok(t, err)
			eq(t, "privileges", got, []string{"features:user:edit", "features:user:fullEdit", "opendata:user:designateGroup", "portal:admin:viewUsers", "portal:user:createGroup"})
		}},
	}
}

func selfOnline(t tester, p *gis.Portal, r *replay) {
	self, err := p.Self(t.Context())
	ok(t, err)
	eq(t, "id", self.ID, esri.OrgID("org1234567890"))
	eq(t, "mode", self.PortalMode, "multitenant")
	eq(t, "enterprise", self.IsPortal, false)
	eq(t, "access", self.Access, gis.AccessPublic)
	eq(t, "query of the colors", self.GroupQueries["colorSetsGroupQuery"], `title:"Esri Colors" AND owner:esri_en`)
	eq(t, "custom base", self.CustomBaseURL, "maps.arcgis.com")
	eq(t, "what has no field", property(t, self.Raw(), "cultureFormat"), "us")
	f, err := p.Features(t.Context())
	ok(t, err)
	eq(t, "kind", f.Kind, gis.KindOnline)
	eq(t, "makes members itself", f.CreatesUsersByAdmin, false)
	ok(t, p.CheckHealth(t.Context()))
	eq(t, "questions for the health", len(r.asked("GET info")), 1)
}

func selfOnlineOld(t tester, p *gis.Portal, _ *replay) {
	self, err := p.Self(t.Context())
	ok(t, err)
	eq(t, "id", self.ID, esri.OrgID("LjjARY1mkhxulWPq"))
	eq(t, "version", self.CurrentVersion, "5.4")
	eq(t, "key", self.URLKey, "dc")
	eq(t, "created", self.Created, at(1392336986000))
	eq(t, "modified", self.Modified, at(1511894763000))
	eq(t, "thumbnail", self.Thumbnail, "thumbnail.png")
	eq(t, "portal properties", strings.Join(strings.Fields(string(self.PortalProperties)), ""), "{}")
	eq(t, "helper services", len(self.HelperServices), 0)
	eq(t, "extent", strings.Contains(string(self.DefaultExtent), "-8589300.590116454"), true)
	eq(t, "empty query", self.GroupQueries["featuredItemsGroupQuery"], "")
	eq(t, "credits", property(t, self.Raw(), "availableCredits"), 9584.193)
	f, err := p.Features(t.Context())
	ok(t, err)
	eq(t, "user types before 6.4", f.HasUserTypes, false)
}

func selfEnterprise(t tester, p *gis.Portal, r *replay) {
	self, err := p.Self(t.Context())
	ok(t, err)
	eq(t, "enterprise", self.IsPortal, true)
	eq(t, "version", self.CurrentVersion, "2024.1")
	eq(t, "release", self.EnterpriseVersion, "11.3.0")
	eq(t, "host", self.PortalHostname, "organization.example.com/portal")
	eq(t, "key that is null", self.URLKey, "")
	eq(t, "created that is -1", self.Created.IsZero(), true)
	eq(t, "user", self.User.Username, "jsmith")
	eq(t, "geocoders are a list", strings.HasPrefix(string(self.HelperServices["geocode"]), "["), true)
	eq(t, "local host", property(t, self.Raw(), "portalLocalHostname"), "machine.example.com")
	name, err := p.Username(t.Context())
	ok(t, err)
	eq(t, "signed in", name, "jsmith")
	f, err := p.Features(t.Context())
	ok(t, err)
	eq(t, "kind", f.Kind, gis.KindEnterprise)
	eq(t, "settings", f.HasSettings, true)
	eq(t, "makes members itself", f.CreatesUsersByAdmin, true)
	eq(t, "questions", len(r.asked("GET portals/self")), 1)
	r.sent("POST generateToken", "username=jsmith&client=referer&f=json&referer="+r.url)
}

// picture reads a file whose bytes are those of picture.png.
func picture(t tester, open func() (*gis.Data, error)) {
	t.Helper()
	d, err := open()
	got := content(t, d, err)
	eq(t, "first bytes", strings.HasPrefix(got, "\x89PNG\r\n"), true)
	eq(t, "type", d.ContentType, "image/png")
	eq(t, "size", d.Size, int64(len(got)))
}
