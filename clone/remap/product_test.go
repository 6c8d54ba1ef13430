package remap

import "testing"

// Apps that ArcGIS Online serves at addresses of their own are below the portal's on Enterprise.
func TestProductsToEnterprise(t *testing.T) {
	t.Parallel()
	const out = "https://gis.example.com/arc"
	runText(t, testMap(), []textCase{
		{"story", "https://storymaps.arcgis.com/stories/" + mapID, out + "/apps/storymaps/stories/" + newMapID},
		{"collection", "//storymaps.arcgis.com/collections/" + mapID + "?item=2", "//gis.example.com/arc/apps/storymaps/collections/" + newMapID + "?item=2"},
		{"encoded", "https%3A%2F%2Fstorymaps.arcgis.com%2Fstories%2F" + mapID + "&x=1", "https%3A%2F%2Fgis.example.com%2Farc%2Fapps%2Fstorymaps%2Fstories%2F" + newMapID + "&x=1"},
		{"experience", "https://experience.arcgis.com/experience/" + mapID, out + "/apps/experiencebuilder/experience/?id=" + newMapID},
		{"experience, encoded", "https%3A%2F%2Fexperience.arcgis.com%2Fexperience%2F" + mapID, "https%3A%2F%2Fgis.example.com%2Farc%2Fapps%2Fexperiencebuilder%2Fexperience%2F%3Fid%3D" + newMapID},
		{"page of an experience", "https://experience.arcgis.com/experience/" + mapID + "/page/A/", "https://experience.arcgis.com/experience/" + newMapID + "/page/A/"},
		{"story of others", "https://storymaps.arcgis.com/stories/" + lostID, ""},
		{"other path", "https://storymaps.arcgis.com/themes/" + mapID, "https://storymaps.arcgis.com/themes/" + newMapID},
		{"other host", "https://xstorymaps.arcgis.com/stories/" + mapID, "https://xstorymaps.arcgis.com/stories/" + newMapID},
		{"33", "https://storymaps.arcgis.com/stories/" + mapID + "0", ""},
		{"form", "https://survey123.arcgis.com/share/" + mapID, "https://survey123.arcgis.com/share/" + newMapID + "?portalUrl=https%3A%2F%2Fgis.example.com%2Farc"},
		{"form, query", "https://survey123.arcgis.com/share/" + mapID + "?field:a=" + layerID,
			"https://survey123.arcgis.com/share/" + newMapID + "?portalUrl=https%3A%2F%2Fgis.example.com%2Farc&field:a=" + newLayerID},
		{"form, encoded", "u=https%3A%2F%2Fsurvey123.arcgis.com%2Fshare%2F" + mapID, "u=https%3A%2F%2Fsurvey123.arcgis.com%2Fshare%2F" + newMapID + "%3FportalUrl%3Dhttps%253A%252F%252Fgis.example.com%252Farc"},
		{"form of others", "https://survey123.arcgis.com/share/" + lostID, ""},
	})
}

func TestProductsToOnline(t *testing.T) {
	t.Parallel()
	m := testMap()
	m.Target = "https://city.maps.arcgis.com"
	const in = "https://portal.example.org/portal"
	runText(t, m, []textCase{
		{"story", in + "/apps/storymaps/stories/" + mapID + "?token=x", "https://storymaps.arcgis.com/stories/" + newMapID},
		{"experience", in + "/apps/experiencebuilder/experience/?id=" + mapID, "https://experience.arcgis.com/experience/" + newMapID},
		{"page of an experience", in + "/apps/experiencebuilder/experience/?id=" + mapID + "&page=1", "https://city.maps.arcgis.com/apps/experiencebuilder/experience/?id=" + newMapID + "&page=1"},
		{"online already", "https://storymaps.arcgis.com/stories/" + mapID, "https://storymaps.arcgis.com/stories/" + newMapID},
		{"other app", in + "/apps/dashboards/" + mapID, "https://city.maps.arcgis.com/apps/dashboards/" + newMapID},
		{"bare", "portal.example.org/portal/apps/storymaps/stories/" + mapID, "city.maps.arcgis.com/apps/storymaps/stories/" + newMapID},
		{"form", "https://survey123.arcgis.com/share/" + mapID, "https://survey123.arcgis.com/share/" + newMapID},
	})
}

func TestHostsAndSites(t *testing.T) {
	t.Parallel()
	m := testMap()
	m.Hosts = map[string]string{"https://parks-city.hub.arcgis.com": "https://gis.example.com/arc/apps/sites/#/parks", "data.example.org": "open.example.com"}
	if _, err := New(m); err == nil {
		t.Error("an address with a fragment is accepted")
	}
	m.Hosts["https://parks-city.hub.arcgis.com"] = "https://parks-town.hub.arcgis.com"
	m.Sites = map[string]string{"Parks": "parks-2"}
	const in, out = "https://portal.example.org/portal", "https://gis.example.com/arc"
	runText(t, m, []textCase{
		{"hub", "https://parks-city.hub.arcgis.com/datasets/" + mapID + "_0", "https://parks-town.hub.arcgis.com/datasets/" + newMapID + "_0"},
		{"bare", "see parks-city.hub.arcgis.com.", "see parks-town.hub.arcgis.com."},
		{"domain", "http://DATA.example.org:80/x?token=1", "https://open.example.com/x"},
		{"longer name", "https://parks-city.hub.arcgis.com.evil/ https://xparks-city.hub.arcgis.com", ""},
		{"site", in + "/apps/sites/#/parks/pages/a", out + "/apps/sites/#/parks-2/pages/a"},
		{"site, encoded", "https%3A%2F%2Fportal.example.org%2Fportal%2Fapps%2Fsites%2F%23%2Fparks", "https%3A%2F%2Fgis.example.com%2Farc%2Fapps%2Fsites%2F%23%2Fparks-2"},
		{"other site", in + "/apps/sites/#/parks2", out + "/apps/sites/#/parks2"},
	})
}

func TestClientIDs(t *testing.T) {
	t.Parallel()
	m := testMap()
	m.ClientIDs = map[string]string{"Ab12Cd34Ef56Gh78": "Zy98Xw76Vu54Ts32", "mapper": "mapper2"}
	runText(t, m, []textCase{
		{"random", "Ab12Cd34Ef56Gh78", "Zy98Xw76Vu54Ts32"},
		{"other case", "AB12CD34EF56GH78", ""},
		{"longer", "Ab12Cd34Ef56Gh789", ""},
		{"parameter", "https://www.arcgis.com/sharing/rest/oauth2/authorize?client_id=mapper&x=mapper", "https://www.arcgis.com/sharing/rest/oauth2/authorize?client_id=mapper2&x=mapper"},
		{"word", "a mapper maps; id=mapper", ""},
	})
	r := rewriter(t, m)
	doc := `{"appId":"mapper","attributes":{"clientId":"Ab12Cd34Ef56Gh78"},"name":"mapper"}`
	want := `{"appId":"mapper2","attributes":{"clientId":"Zy98Xw76Vu54Ts32"},"name":"mapper"}`
	if out, rep, err := r.JSON([]byte(doc)); string(out) != want || err != nil || rep.Changes[0].Rule != RuleClient {
		t.Errorf("%s %v", out, err)
	}
}

// A reference to what could not be copied is reported wherever it stands.
func TestLacking(t *testing.T) {
	t.Parallel()
	m := testMap()
	m.Lacking = map[string]Kind{lostID: KindItem}
	r := rewriter(t, m)
	doc := `{"r-` + lostID + `-16":1,"x":"` + lostID + `","g":["` + lostID + `0"]}`
	out, rep, err := r.JSON([]byte(doc))
	if string(out) != doc || err != nil {
		t.Errorf("%s %v", out, err)
	}
	if got, want := refs(rep.Unresolved), `$["r-`+lostID+`-16"]~ item `+lostID+" lacking\n$.x item "+lostID+" lacking"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if left, _ := r.Leftovers([]byte(doc)); len(left) > 0 {
		t.Errorf("left over: %+v", left)
	}
}

// The apps of the portal software itself have client ids that are the same everywhere.
func TestClientIDsOfThePortalItself(t *testing.T) {
	t.Parallel()
	doc := []byte(`{"attributes":{"clientId":"experienceBuilder"}}`)
	out, rep, err := rewriter(t, testMap()).Item(ItemInfo{ID: mapID, Type: "Web Experience"}, PartData, doc)
	if string(out) != string(doc) || err != nil || len(rep.Warnings) > 0 {
		t.Errorf("%s %v %v", out, err, rep.Warnings)
	}
}
