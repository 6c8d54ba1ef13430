package remap

import "testing"

func TestServices(t *testing.T) {
	t.Parallel()
	const (
		in    = "https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer"
		out   = "https://gis.example.com/server/rest/services/Hosted/Roads_1/FeatureServer"
		trees = "https://services.arcgis.com/ORG/arcgis/rest/services/Trees/MapServer"
		woods = "https://gis.example.com/server/rest/services/Hosted/Trees/MapServer"
	)
	runText(t, testMap(), []textCase{
		{"root", in, out},
		{"trailing slash", in + "/", out + "/"},
		{"layer", in + "/1", out + "/3"},
		{"layer that keeps its number", in + "/0/query?where=1=1", out + "/0/query?where=1=1"},
		{"layer 10 is not layer 1", in + "/10", out + "/10"},
		{"layer and more", in + "/1/query?token=x&f=json", out + "/3/query?f=json"},
		{"layer in a sentence", in + "/1.", out + "/3."},
		{"layer and text", in + "/1a", out + "/1a"},
		{"layer too big", in + "/99999999999999999999", out + "/99999999999999999999"},
		{"no layer", in + "/query", out + "/query"},
		{"numbers kept without a table", trees + "/7", woods + "/7"},
		{"http, port, case", "HTTP://Services.arcgis.com:443/org/ArcGIS/rest/services/roads/featureserver/1", out + "/3"},
		{"double slash", "https://services.arcgis.com/ORG//arcgis/rest//services/Roads/FeatureServer/1", out + "/3"},
		{"protocol-relative", "//services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer/1", "//gis.example.com/server/rest/services/Hosted/Roads_1/FeatureServer/3"},
		{"percent", "https%3A%2F%2Fservices.arcgis.com%2FORG%2Farcgis%2Frest%2Fservices%2FRoads%2FFeatureServer%2F1%3Ftoken%3Dx&y=1",
			"https%3A%2F%2Fgis.example.com%2Fserver%2Frest%2Fservices%2FHosted%2FRoads_1%2FFeatureServer%2F3&y=1"},
		{"backslash", `https:\/\/services.arcgis.com\/ORG\/arcgis\/rest\/services\/Roads\/FeatureServer\/1`,
			`https:\/\/gis.example.com\/server\/rest\/services\/Hosted\/Roads_1\/FeatureServer\/3`},
		{"longer type", in + "2/1", ""},
		{"longer type, dash", in + "-x/1", ""},
		{"longer name", "https://services.arcgis.com/ORG/arcgis/rest/services/Roads2/FeatureServer/1", ""},
		{"other type", "https://services.arcgis.com/ORG/arcgis/rest/services/Roads/MapServer", ""},
		{"other organization", "https://services.arcgis.com/ORG2/arcgis/rest/services/Roads/FeatureServer", ""},
		{"ids in a hosted name", "https://services.arcgis.com/ORG/arcgis/rest/services/service_" + mapID + "/FeatureServer", ""},
		{"ids in a foreign name", "https://other.example.org/arcgis/rest/services/service_" + mapID + "/FeatureServer/0", ""},
		{"ids behind a foreign name", "https://other.example.org/arcgis/rest/services/A/FeatureServer/0?x=" + mapID, "https://other.example.org/arcgis/rest/services/A/FeatureServer/0?x=" + newMapID},
		{"proxied item of the portal", "https://portal.example.org/portal/sharing/servers/" + mapID + "/rest/services/A/FeatureServer",
			"https://gis.example.com/arc/sharing/servers/" + newMapID + "/rest/services/A/FeatureServer"},
		{"hosted under the portal's address", "https://portal.example.org/portal/hosting/rest/services/x_" + mapID + "/FeatureServer", ""},
		{"behind a proxy", "https://proxy.example.net/p/" + in + "/1", "https://proxy.example.net/p/" + out + "/3"},
		{"behind a proxy, in a service", "https://proxy.example.net/services/" + in + "/1", "https://proxy.example.net/services/" + out + "/3"},
		{"data source in mapx", "URL=" + in + ";VERSION=sde.default", "URL=" + out + ";VERSION=sde.default"},
		{"comment", "a//b services/FeatureServer", ""},
	})
}

func TestServiceReferences(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for _, c := range []struct{ name, in, want string }{
		{"by reference", "https://services.arcgis.com/ORG/arcgis/rest/services/A/FeatureServer/0?token=x",
			"by @0 service https://services.arcgis.com/ORG/arcgis/rest/services/A/FeatureServer"},
		{"root itself", "see https://services.arcgis.com/ORG/arcgis/rest/services.",
			"by @4 service https://services.arcgis.com/ORG/arcgis/rest/services"},
		{"no service type", "https://services.arcgis.com/ORG/arcgis/rest/services/A/FeatureServer0?x=1",
			"by @0 service https://services.arcgis.com/ORG/arcgis/rest/services/A/FeatureServer0"},
		{"root of another name", "https://services.arcgis.com/ORG/arcgis/rest/services2/A/FeatureServer", ""},
		{"external", "'https://basemaps.arcgis.com:443/arcgis/rest/services/World/VectorTileServer/tile'",
			"ext @1 service https://basemaps.arcgis.com:443/arcgis/rest/services/World/VectorTileServer on basemaps.arcgis.com:443"},
		{"mapped layer without counterpart", "https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer/10?x",
			"un @73 layer https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer/10"},
		{"service named like a type", "https://h.example.net/arcgis/rest/services/TestServer/GPServer/Tool",
			"ext @0 service https://h.example.net/arcgis/rest/services/TestServer/GPServer on h.example.net"},
		{"web page", "https://mapserver.example.org/mapserver/", ""},
		{"target's own", "https://gis.example.com/arc/rest/services/A/MapServer", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, rep := r.String(c.in)
			got := ""
			if len(rep.ByReference) > 0 {
				got += "by " + refs(rep.ByReference)
			}
			if len(rep.External) > 0 {
				got += "ext " + refs(rep.External)
			}
			if len(rep.Unresolved) > 0 {
				got += "un " + refs(rep.Unresolved)
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A service that maps to itself is known: neither rewritten nor reported.
func TestServiceToItself(t *testing.T) {
	t.Parallel()
	const url = "https://maps.example.net/arcgis/rest/services/A/MapServer"
	r := rewriter(t, Map{Services: []Service{{From: url, To: url, Layers: map[int]int{1: 1}}}})
	got, rep := r.String(url + "/1?token=x " + url + "/2")
	if got != url+"/1?token=x "+url+"/2" || len(rep.Changes)+len(rep.External)+len(rep.ByReference) > 0 {
		t.Errorf("%s %+v", got, rep)
	}
	if refs(rep.Unresolved) != "@126 layer "+url+"/2" {
		t.Errorf("unresolved %s", refs(rep.Unresolved))
	}
	if left, _ := r.Leftovers([]byte(url)); len(left) > 0 {
		t.Errorf("left over: %+v", left)
	}
}
