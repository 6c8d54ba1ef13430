package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/rhumb-gis/rhumb/portaltest"
)

func TestUpdateOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	self := func() map[string]any { return w.ok("", "portals/self") }
	const update = "portals/self/update"
	equal(t, "answer", w.ok("admin", update, "name", "Acme", "description", "Maps, <b>all</b>", "units", "english", "culture", "sv",
		"basemapGalleryGroupQuery", `id:`+nowhere, "stylesgroupquery", "owner:ada", "useVectorBasemaps", "True",
		"homePageFeaturedContentCount", "7", "metadataFormats", "iso19139,fgdc", "featuredGroups", `[{"id":"`+nowhere+`","title":"G","owner":"ada"}]`,
		"rotatorPanels", `[{'id': 'p', 'innerHTML': '<i>x</i>'}]`, "defaultExtent", `{"xmin":1,"xmax":2}`, "portalProperties", `{"links":{"a":1}}`,
		"defaultBasemap", `{"title":"B","baseMapLayers":[]}`, "allSSL", "false", "unknown", "x"), map[string]any{"success": true})
	got := self()
	equal(t, "read back", []any{got["name"], got["description"], got["units"], got["culture"], got["basemapGalleryGroupQuery"], got["stylesGroupQuery"], got["useVectorBasemaps"],
		got["homePageFeaturedContentCount"], got["metadataFormats"], at(got, "featuredGroups", 0, "owner"), at(got, "rotatorPanels", 0, "innerHTML"), at(got, "defaultExtent", "xmax"),
		at(got, "portalProperties", "links", "a"), at(got, "defaultBasemap", "title"), got["region"]},
		[]any{"Acme", "Maps, <b>all</b>", "english", "sv", "id:" + nowhere, "owner:ada", true, 7, []string{"iso19139", "fgdc"}, "ada", "<i>x</i>", 2, 1, "B", "WO"})
	equal(t, "in the settings", at(w.ok("", "portals/self/settings"), "featuredGroups", 0, "title"), "G")

	w.ok("admin", update, "geocodeService", `[{"url":"https://gis.example.com/geocode","name":"G"}]`, "routeServiceLayer", "https://gis.example.com/route",
		"geometryService", `{"url":"https://gis.example.com/geometry"}`, "printServiceTask", `{"url":"//gis.example.com/print","templates":[]}`)
	services := self()["helperServices"]
	equal(t, "services", []any{at(services, "geocode", 0, "name"), at(services, "route", "url"), at(services, "geometry", "url"), at(services, "printTask", "templates")},
		[]any{"G", "https://gis.example.com/route", "https://gis.example.com/geometry", []any{}})
	w.ok("admin", update, "geocodeService", "", "routeServiceLayer", "")
	equal(t, "cleared", self()["helperServices"], map[string]any{"geocode": []any{}, "geometry": map[string]any{"url": "https://gis.example.com/geometry"},
		"printTask": map[string]any{"url": "//gis.example.com/print", "templates": []any{}}})

	w.ok("admin", update, "description", "", "stylesGroupQuery", "")
	equal(t, "blank changes nothing", []any{self()["description"], self()["stylesGroupQuery"]}, []any{"Maps, <b>all</b>", "owner:ada"})
	w.ok("admin", update, "description", "", "stylesGroupQuery", "", "featuredGroups", "", "clearEmptyFields", "true")
	equal(t, "unless it is to clear", []any{self()["description"], self()["stylesGroupQuery"], self()["featuredGroups"], self()["name"]}, []any{nil, "", []any{}, "Acme"})

	for text, kv := range map[string][]string{
		"'name' must not be empty": {"name", " ", "clearEmptyFields", "true"}, "'access'": {"access", "org"}, "'units'": {"units", "feet"}, "'useVectorBasemaps'": {"useVectorBasemaps", "perhaps"},
		"'homePageFeaturedContentCount'": {"homePageFeaturedContentCount", "-1"}, "'portalProperties'": {"portalProperties", "[1]"}, "'featuredGroups' needs the id": {"featuredGroups", `[{"title":"x"}]`},
		"'rotatorPanels'": {"rotatorPanels", `{"id":"x"}`}, "'geometryService' needs the url": {"geometryService", `{"link":"x"}`}, "begins with https": {"geocodeService", `[{"url":"javascript:alert(1)"}]`},
		"'urlKey' is not supported": {"urlKey", "acme"}, "'bingKey' is not supported": {"bingKey", "k"}, "'othergroupquery' is not supported": {"otherGroupQuery", "x"}, "'allSSL'": {"allSSL", "true"},
		"nest at most": {"portalProperties", strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200)},
	} {
		w.fails(400, text, "admin", update, kv...)
	}
	equal(t, "refusals change nothing", self()["name"], "Acme")
}

func TestWhoUpdatesTheOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	for name, privilege := range map[string]string{"web": "manageWebsite", "secure": "manageSecurity", "util": "manageUtilityServices"} {
		w.custom(name, "portal:admin:"+privilege)
	}
	for _, tt := range []struct{ as, name, value, lacks string }{
		{"web", "name", "Acme", ""}, {"secure", "name", "Acme", "manageWebsite"}, {"util", "portalProperties", "{}", "manageWebsite"},
		{"util", "geometryService", "https://gis.example.com", ""}, {"web", "geometryService", "https://gis.example.com", "manageUtilityServices"},
		{"secure", "access", "public", ""}, {"web", "canSharePublic", "false", "manageSecurity"}, {"ada", "", "", "manageWebsite"}, {"web", "", "", ""},
	} {
		if tt.lacks == "" {
			w.ok(tt.as, "portals/self/update", tt.name, tt.value)
		} else {
			w.fails(403, tt.lacks, tt.as, "portals/self/update", tt.name, tt.value)
		}
	}
	w.fails(499, "Token Required", "", "portals/self/update", "name", "x")
	w.fails(400, "Organization does not exist", "admin", "portals/nobody/update", "name", "x")
	w.ok("secure", "portals/self/settings/update", "informationalBanner", `{"text":"Hi","enabled":true}`)
	w.fails(403, "manageSecurity", "web", "portals/self/settings/update", "informationalBanner", "{}")
}

func TestSharingWithEverybodyCanBeOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	before, after := w.add("ada"), w.add("ada")
	w.ok("ada", own("ada", before, "share"), "everyone", "true")
	w.ok("admin", "portals/self/update", "canSharePublic", "false")
	equal(t, "shown", w.ok("", "portals/self")["canSharePublic"], false)
	w.fails(403, "only administrators share with everybody", "ada", own("ada", after, "share"), "everyone", "true")
	w.ok("ada", own("ada", after, "share"), "org", "true")
	w.ok("ada", own("ada", before, "share"), "everyone", "true") // as it is already
	w.ok("admin", own("ada", after, "share"), "everyone", "true")
	w.ok("admin", "portals/self/update", "canSharePublic", "true")
}

func TestPrivateOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	w.ok("admin", "portals/self/update", "description", "secret plans", "featuredGroups", `[{"id":"`+nowhere+`"}]`, "access", "private")
	anon, member := w.ok("", "portals/self"), w.ok("ada", "portals/self")
	equal(t, "to visitors", []any{anon["access"], anon["description"], anon["featuredGroups"], anon["basemapGalleryGroupQuery"], anon["supportsOAuth"]}, []any{"private", nil, []any{}, nil, true})
	equal(t, "to members", []any{member["access"], member["description"], len(each(member, "id", "featuredGroups"))}, []any{"private", "secret plans", 1})
}

func TestOrganizationSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	read := func() map[string]any { return w.ok("", "portals/self/settings") }
	empty := map[string]any{"title": "", "text": "", "buttons": "okOnly", "enabled": false}
	equal(t, "before", []any{read()["anonymousAccessNotice"], read()["informationalBanner"], read()["portalConfigProperties"]},
		[]any{empty, map[string]any{"text": "", "bgColor": "", "fontColor": "", "enabled": false}, map[string]any{}})
	const update = "portals/self/settings/update"
	notice := `{"title":"Terms","text":"<p>Read</p>","buttons":"acceptAndDecline","enabled":true}`
	equal(t, "answer", w.ok("admin", update, "anonymousAccessNotice", notice, "informationalBanner", `{"text":"Down on Friday","bgColor":"#fff","fontColor":"#000","enabled":true}`,
		"portalConfigProperties", `{"a":{"b":1}}`), map[string]any{"success": true})
	got := read()
	equal(t, "after", []any{at(got, "anonymousAccessNotice", "buttons"), at(got, "informationalBanner", "text"), at(got, "portalConfigProperties", "a", "b"), got["authenticatedAccessNotice"]},
		[]any{"acceptAndDecline", "Down on Friday", 1, empty})
	w.ok("admin", update, "anonymousAccessNotice", "")
	equal(t, "blank changes nothing", at(read(), "anonymousAccessNotice", "title"), "Terms")
	w.ok("admin", update, "anonymousAccessNotice", "", "clearEmptyFields", "true")
	equal(t, "cleared", read()["anonymousAccessNotice"], empty)
	for text, kv := range map[string][]string{
		"'authenticatedAccessNotice'": {"authenticatedAccessNotice", `{"enabled":"maybe"}`}, "acceptAndDecline or okOnly": {"authenticatedAccessNotice", `{"buttons":"never"}`},
		"'informationalBanner'": {"informationalBanner", "[]"},
	} {
		w.fails(400, text, "admin", update, kv...)
	}
}

func TestMemberDefaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	const read, set, clear = "portals/self/userDefaultSettings", "portals/self/setUserDefaultSettings", "portals/self/userDefaultSettings/delete"
	g := w.newGroup("admin", "Everybody")
	equal(t, "before", w.ok("admin", read), map[string]any{})
	w.fails(403, "the role of administrator", "ada", set, "role", "org_publisher")
	w.fails(499, "Token Required", "", set, "role", "org_publisher")
	equal(t, "answer", w.ok("admin", set, "role", "org_publisher", "userLicenseType", "GISProfessionalStdUT", "groups", `["`+g+`"]`, "userType", "arcgisonly",
		"categories", `["/Categories/Staff, new"]`, "apps", "[]", "appBundles", "[]"), map[string]any{"success": true})
	equal(t, "after", w.ok("admin", read), map[string]any{"role": "org_publisher", "userLicenseType": "GISProfessionalStdUT", "groups": []string{g}, "userType": "arcgisonly",
		"categories": []string{"/Categories/Staff, new"}, "apps": []any{}, "appBundles": []any{}})
	w.ok("admin", set, "groups", "", "role", "") // blank, without a wish to clear
	create := func(name string, kv ...string) map[string]any {
		w.ok("admin", "portaladmin/security/users/createUser", append([]string{"username", name, "password", "Aa1-secret-" + name, "firstname", "F", "lastname", "L",
			"email", name + "@example.com", "provider", "arcgis"}, kv...)...)
		return w.ok("admin", "community/users/"+name)
	}
	eve := create("eve")
	equal(t, "a new member", []any{eve["role"], eve["userLicenseTypeId"], eve["categories"], each(eve, "id", "groups")}, []any{"org_publisher", "GISProfessionalStdUT", []string{"/Categories/Staff, new"}, []string{g}})
	fay := create("fay", "role", portaltest.RoleUser, "userLicenseTypeId", "creatorUT")
	equal(t, "one who is given more", []any{fay["role"], fay["userLicenseTypeId"]}, []any{"org_user", "creatorUT"})
	w.ok("admin", "community/groups/"+g+"/delete")
	equal(t, "after the group went", len(each(create("gil"), "id", "groups")), 0)
	for text, kv := range map[string][]string{
		"administrator": {"role", "org_admin"}, "names no role": {"role", "nobody"}, "names no user type": {"userLicenseType", "kingUT"}, "Group does not exist": {"groups", nowhere},
		"'both'": {"userType", "both"},
	} {
		w.fails(400, text, "admin", set, kv...)
	}
	equal(t, "deleted", w.ok("admin", clear), map[string]any{"success": true})
	equal(t, "as before", []any{w.ok("admin", read), create("hal")["role"]}, []any{map[string]any{}, "org_user"})
}

func TestOrganizationResources(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	w.custom("web", "portal:admin:manageWebsite")
	list := func(as string) []string {
		return each(w.ok(as, "portals/self/resources", "num", "100"), "key", "resources")
	}
	equal(t, "before", w.ok("", "portals/self/resources"), map[string]any{"resources": []any{}, "total": 0, "start": 1, "num": 10, "nextStart": -1})
	w.refused(w.upload("ada", "portals/self/addResource", "file", "x.txt", []byte("x"), "key", "x.txt"), 403, "manageWebsite")
	w.fails(499, "Token Required", "", "portals/self/addResource", "key", "x", "text", "x")
	equal(t, "answer", w.upload("web", "portals/self/addResource", "file", "logo.png", png(5), "key", "images/logo.png"), map[string]any{"success": true})
	w.ok("web", "portals/self/addResource", "key", "theme.json", "text", `{"a":1}`, "access", "org")
	w.ok("web", "portals/self/addResource", "key", "page.html", "text", "<script>alert(1)</script>", "access", "public")
	row := at(w.ok("ada", "portals/self/resources"), "resources", 0)
	equal(t, "row", []any{at(row, "key"), at(row, "size"), at(row, "access")}, []any{"images/logo.png", len(png(5)), "public"})
	equal(t, "lists", []any{list("ada"), list("")}, []any{[]string{"images/logo.png", "page.html", "theme.json"}, []string{"images/logo.png", "page.html"}})
	second := w.ok("ada", "portals/self/resources", "start", "2", "num", "1")
	equal(t, "second page", []any{each(second, "key", "resources"), num(second, "nextStart")}, []any{[]string{"page.html"}, 3})
	res, body := w.fetch("", "portals/self/resources/images/logo.png")
	equal(t, "bytes", []any{res.StatusCode, string(body), res.Header.Get("Content-Type")}, []any{200, string(png(5)), "image/png"})
	if res, _ = w.fetch("", "portals/self/resources/theme.json"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a visitor reads what is for members: %s", res.Status)
	}
	if res, body = w.fetch("ada", "portals/self/resources/theme.json"); res.StatusCode != http.StatusOK || string(body) != `{"a":1}` {
		t.Errorf("%s %s", res.Status, body)
	}
	if res, _ = w.fetch("", "portals/self/resources/page.html"); !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("a page is served as %v", res.Header)
	}
	w.ok("admin", "portals/self/update", "access", "private")
	equal(t, "of a private organization", list(""), []string{"page.html"})
	w.ok("web", "portals/self/addResource", "key", "theme.json", "text", "{}")
	if _, body = w.fetch("ada", "portals/self/resources/theme.json"); string(body) != "{}" {
		t.Errorf("not replaced: %s", body)
	}
	w.fails(403, "manageWebsite", "ada", "portals/self/removeResource", "key", "theme.json")
	equal(t, "removed", w.ok("web", "portals/self/removeResource", "key", "theme.json"), map[string]any{"success": true})
	w.fails(404, "Resource does not exist", "web", "portals/self/removeResource", "key", "theme.json")
	for text, kv := range map[string][]string{
		"'key' must be specified": {"text", "x"}, "'file' must be specified": {"key", "x"}, "segments": {"key", "../x", "text", "x"}, "org or public": {"key", "x", "text", "x", "access", "private"},
	} {
		w.fails(400, text, "web", "portals/self/addResource", kv...)
	}
}

func TestOrganizationThumbnail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	thumb := func() any { return w.ok("", "portals/self")["thumbnail"] }
	equal(t, "before", thumb(), nil)
	w.refused(w.upload("ada", "portals/self/update", "thumbnail", "a.png", png(1)), 403, "manageWebsite")
	w.refused(w.upload("admin", "portals/self/update", "thumbnail", "a.txt", []byte("text")), 400, "PNG, GIF or JPEG")
	equal(t, "answer", w.upload("admin", "portals/self/update", "thumbnail", "our logo?.png", png(1), "name", "Acme"), map[string]any{"success": true})
	equal(t, "name", thumb(), "our logo_.png")
	if res, body := w.fetch("", "portals/self/resources/our%20logo_.png"); res.StatusCode != http.StatusOK || string(body) != string(png(1)) {
		t.Errorf("%s", res.Status)
	}
	w.upload("admin", "portals/self/update", "thumbnail", "new.png", png(2))
	equal(t, "replaced", []any{thumb(), each(w.ok("ada", "portals/self/resources"), "key", "resources")}, []any{"new.png", []string{"new.png"}})
	w.fails(400, "organization's picture", "admin", "portals/self/addResource", "key", "new.png", "text", "x")
	w.ok("admin", "portals/self/update", "thumbnail", "new.png", "clearEmptyFields", "true") // the name that was read
	equal(t, "kept", thumb(), "new.png")
	w.ok("admin", "portals/self/update", "thumbnail", "", "clearEmptyFields", "true")
	equal(t, "cleared", []any{thumb(), each(w.ok("ada", "portals/self/resources"), "key", "resources")}, []any{nil, []any{}})
}

// What new members get includes products and bundles, for those who are given none; where no
// seat is left, no account is made.
func TestMemberDefaultsLendApps(t *testing.T) {
	t.Parallel()
	w, _ := licensed(t)
	const set = "portals/self/setUserDefaultSettings"
	w.fails(400, "not provisioned", "admin", set, "apps", `[{"itemId":"`+nowhere+`","entitlements":["x"]}]`)
	w.fails(400, "without entitlements", "admin", set, "apps", `[{"itemId":"`+proID+`"}]`)
	w.fails(400, "not provisioned", "admin", set, "appBundles", `[{"itemId":"`+nowhere+`"}]`)
	w.ok("admin", set, "apps", `[{"itemId":"`+proID+`","entitlements":["desktopBasicN"]}]`, "appBundles", `[{"itemId":"`+bundleID+`"}]`)
	d := w.ok("admin", "portals/self/userDefaultSettings")
	equal(t, "read back", []any{at(d, "apps", 0), at(d, "appBundles", 0)},
		[]any{map[string]any{"itemId": proID, "entitlements": []string{"desktopBasicN"}}, map[string]any{"itemId": bundleID}})
	create := func(name string) map[string]any {
		return w.call("admin", "portaladmin/security/users/createUser", "username", name, "password", "Aa1-secret-"+name, "firstname", "F", "lastname", "L",
			"email", name+"@example.com", "provider", "arcgis", "userLicenseTypeId", "creatorUT")
	}
	equal(t, "created", []any{create("zoe"), w.holds("zoe")}, []any{map[string]any{"status": "success"}, []string{"desktopBasicN"}})
	w.refused(create("yan"), 400, "No seat") // the bundle has one
	w.ok("admin", set, "appBundles", "[]", "clearEmptyFields", "true", "apps", `[{"itemId":"`+proID+`","entitlements":["desktopBasicN"]}]`)
	equal(t, "without the bundle", []any{create("yan"), w.holds("yan")}, []any{map[string]any{"status": "success"}, []string{"desktopBasicN"}})
}
