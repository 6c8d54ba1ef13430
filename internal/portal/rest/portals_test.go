package rest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestRootAndInfo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		_, b := w.send(method, "?f=json", "", nil)
		var doc map[string]any
		if err := json.Unmarshal(b, &doc); err != nil || doc["currentVersion"] != "10.3" {
			t.Errorf("%s root: %s", method, b)
		}
	}
	info := w.ok("", "info")
	if info["owningSystemUrl"] != w.URL || str(info, "authInfo", "tokenServicesUrl") != w.URL+"/sharing/rest/generateToken" || at(info, "authInfo", "isTokenBasedSecurity") != true {
		t.Errorf("info: %v", info)
	}
}

func TestPortalSelf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	anon, member := w.ok("", "portals/self"), w.ok("ada", "portals/self")
	host, path, _ := strings.Cut(strings.TrimPrefix(w.URL, "http://"), "/")
	for _, doc := range []map[string]any{anon, member} {
		for key, want := range map[string]any{
			"isPortal": true, "portalMode": "singletenant", "currentVersion": "10.3", "enterpriseVersion": "11.1.0", "allSSL": false,
			"portalHostname": host + "/" + path, "portalLocalHostname": "127.0.0.1", "supportsHostedServices": false, "supportsOAuth": true,
			"access": "public", "basemapGalleryGroupQuery": `title:"Basemaps" AND owner:admin`,
			"livingAtlasGroupQuery": `title:"Living Atlas" AND owner:esri_livingatlas`,
		} {
			if doc[key] != want {
				t.Errorf("%s is %v, want %v", key, doc[key], want)
			}
		}
		if doc["portalName"] == "ArcGIS Online" || doc["portalName"] == nil {
			t.Errorf("portalName is %v", doc["portalName"])
		}
		if _, there := doc["urlKey"]; there {
			t.Error("urlKey is there")
		}
		if id := str(doc, "id"); len(id) != 16 {
			t.Errorf("id is %q", id)
		}
		if at(doc, "helperServices", "geocode") == nil || at(doc, "defaultBasemap", "baseMapLayers", 0, "layerType") != "OpenStreetMap" {
			t.Errorf("helperServices %v, defaultBasemap %v", doc["helperServices"], doc["defaultBasemap"])
		}
	}
	for _, key := range []string{"user", "contacts", "subscriptionInfo", "availableCredits"} {
		if _, there := anon[key]; there {
			t.Errorf("an anonymous caller sees %s", key)
		}
	}
	if str(member, "user", "username") != "ada" || str(member, "user", "email") != "ada@example.com" || !slices.Equal(each(member, "", "contacts"), []string{"admin"}) {
		t.Errorf("user %v, contacts %v", member["user"], member["contacts"])
	}
	if got := w.ok("", "portals/"+str(anon, "id"), "culture", "fr"); got["culture"] != "fr" || got["id"] != anon["id"] {
		t.Errorf("by id: %v %v", got["id"], got["culture"])
	}
	w.fails(400, "Organization does not exist", "ada", "portals/nobody")
	w.fails(400, "Organization does not exist", "ada", "portals/nobody/users")
}

func TestGroupsOfFreshPortalAreNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	self := w.ok("", "portals/self")
	found := []string{}
	for _, key := range []string{
		"basemapGalleryGroupQuery", "livingAtlasGroupQuery", "analysisLayersGroupQuery",
		"boundaryLayersGroupQuery", "demographicLayersGroupQuery", "navigatorMapsGroupQuery",
	} {
		res := w.ok("", "community/groups", "q", str(self, key))
		rows := each(res, "title", "results")
		if len(rows) != 1 && key != "livingAtlasGroupQuery" || len(rows) == 0 {
			t.Errorf("%s = %s finds %v", key, self[key], rows)
			continue
		}
		found = append(found, rows...)
	}
	for _, title := range []string{"Basemaps", "Esri Boundary Layers", "Esri Demographic Layers", "Living Atlas", "Living Atlas Analysis Layers", "Navigator Maps"} {
		if !slices.Contains(found, title) {
			t.Errorf("no group query finds %s", title)
		}
	}
}

func TestLanguagesAndRegions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, want := range map[string]map[string]string{
		"portals/languages": {"culture": "pt-br", "language": "Portuguese (Brazil)"},
		"portals/regions":   {"region": "US", "name": "United States"},
	} {
		_, b := w.fetch("", path)
		var rows []map[string]any
		if err := json.Unmarshal(b, &rows); err != nil {
			t.Fatalf("%s: %s", path, b)
		}
		if !slices.ContainsFunc(rows, func(r map[string]any) bool {
			for k, v := range want {
				if r[k] != v {
					return false
				}
			}
			return true
		}) {
			t.Errorf("%s has no %v", path, want)
		}
	}
}

func TestEmptyCollectionsOfThePortal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	for path, key := range map[string]string{
		"purchases": "purchases", "appBundles": "appBundles", "invitations": "invitations", "servers": "servers",
		"categorySchema": "categorySchema", "memberCategorySchema": "memberCategorySchema", "collaborations": "collaborations",
	} {
		doc := w.ok("admin", "portals/self/"+path)
		if rows, ok := doc[key].([]any); !ok || len(rows) != 0 {
			t.Errorf("%s: %v", path, doc)
		}
	}
	// Clients page through lists that they know to be paged.
	for _, path := range []string{"collaborations", "webhooks", "allScheduledTasks"} {
		if doc := w.ok("admin", "portals/self/"+path, "start", "1", "num", "25"); num(doc, "nextStart") != -1 || num(doc, "total") != 0 {
			t.Errorf("%s: %v", path, doc)
		}
	}
	if doc := w.ok("admin", "portals/self/userDefaultSettings"); len(doc) != 0 {
		t.Errorf("userDefaultSettings: %v", doc)
	}
	for _, path := range []string{"purchases", "invitations", "subscriptionInfo"} {
		w.fails(403, "portal:admin:", "ada", "portals/self/"+path)
		w.fails(499, "Token Required", "", "portals/self/"+path)
	}
	w.fails(400, "Invitation does not exist", "admin", "portals/self/invitations/G0/delete")
}

func TestWritesThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ada")
	g := str(w.ok("ada", "community/createGroup", "title", "Maps", "tags", "a"), "group", "id")
	for _, path := range []string{
		"portals/self/inviteByEmail", "portals/self/createNotification", "portals/self/reassignUsersContent", "community/signUp", "community/users/ada/linkUser",
		"community/groups/" + g + "/invite",
	} {
		w.fails(400, "not supported", "admin", path, "name", "x")
		res, _ := w.fetch("admin", path) // by GET, writes are no operation at all
		if res.StatusCode != http.StatusOK {
			t.Errorf("GET %s: %s", path, res.Status)
		}
	}
}
