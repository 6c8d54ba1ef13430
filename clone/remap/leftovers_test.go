package remap

import (
	"strings"
	"testing"
)

func TestLeftovers(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for _, c := range []struct{ name, doc, left, by string }{
		{"nothing", `{"a":"` + newMapID + ` https://gis.example.com/arc ` + lostID + keptID + `"}`, "", ""},
		{"id", `{"a":[1,{"b":"x_` + strings.ToUpper(mapID) + `"}]}`, "$.a[1].b item " + mapID, ""},
		{"id in a key", `{"` + teamID + `":1}`, "$." + teamID + "~ group " + teamID, ""},
		{"id in a document in a string", `{"a":"{\"b\":\"` + dirID + `\"}"}`, "$.a→$.b folder " + dirID, ""},
		{"id in a broken document", `{"a":"{\"b\":\"` + dirID + `\""}`, "$.a folder " + dirID, ""},
		{"id, spelled", `{"a":"items%252F` + mapID + ` \\u0061` + mapID[1:] + `"}`, "$.a item " + mapID + "\n$.a item " + mapID, ""},
		{"33 and letters", `{"a":"0` + mapID + ` x` + mapID + ` ` + mapID + `x"}`, "", ""},
		{"address", `{"a":"HTTPS:\/\/Portal.example.org:443\/portal"}`, "$.a address portal.example.org:443/portal", ""},
		{"address, encoded", `{"a":"x=https%3A%2F%2Fportal.example.org%2Fportal&y"}`, "$.a address portal.example.org/portal", ""},
		{"address, bare", `["see staging.maps.arcgis.com."]`, "$[0] address staging.maps.arcgis.com", ""},
		{"address, first", `["staging.maps.arcgis.com"]`, "$[0] address staging.maps.arcgis.com", ""},
		{"other addresses", `["portal.example.org/portal2 a@staging.maps.arcgis.com portal.example.org.evil/portal"]`, "", ""},
		{"service", `["https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer/3"]`,
			"$[0] service //services.arcgis.com/org/arcgis/rest/services/roads/featureserver", ""},
		{"by reference", `["https://services.arcgis.com/ORG/arcgis/rest/services/x_` + mapID + `/FeatureServer"]`, "",
			"$[0] service //services.arcgis.com/org/arcgis/rest/services/x_" + mapID + "/featureserver"},
		{"by reference, no service", `["https://services.arcgis.com/ORG/arcgis/rest/services/` + mapID + `"]`, "",
			"$[0] service //services.arcgis.com/org/arcgis/rest/services/" + mapID},
		{"name of a foreign service", `["https://x.example.net/arcgis/rest/services/x_` + mapID + `/FeatureServer"]`, "", ""},
		{"behind a foreign service", `["https://x.example.net/arcgis/rest/services/x/FeatureServer?a=` + mapID + `"]`, "$[0] item " + mapID, ""},
		{"exempt", `{"properties":{"rhumb":{"id":"` + mapID + `"},"rhumb2":"` + teamID + `"}}`, "$.properties.rhumb2 group " + teamID, ""},
		{"data URL", `["data:text/plain,` + mapID + `"]`, "$[0] item " + mapID, ""},
		{"text", `<a href="//portal.example.org/portal?a=%2F` + mapID + `">`, "@42 item " + mapID + "\n@11 address portal.example.org/portal", ""},
		{"comment", `{"a":"x//y//services.arcgis.com/ORG/arcgis/rest/services///"}`, "", "$.a service //services.arcgis.com/org/arcgis/rest/services///"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			left, by := r.Leftovers([]byte(c.doc), "$.properties.rhumb")
			if got := refs(left); got != c.left {
				t.Errorf("left over\n got %s\nwant %s", got, c.left)
			}
			if got := refs(by); got != c.by {
				t.Errorf("by reference\n got %s\nwant %s", got, c.by)
			}
		})
	}
}

// The target of a clone may lie under the source's address, and the other way round.
func TestLeftoversBesideTarget(t *testing.T) {
	t.Parallel()
	r := rewriter(t, rootMap())
	if left, _ := r.Leftovers([]byte(`["https://one.example.org/portal/x one.example.org/portal"]`)); len(left) > 0 {
		t.Errorf("the target is left over: %s", refs(left))
	}
	if left, _ := r.Leftovers([]byte(`["https://one.example.org/x"]`)); refs(left) != "$[0] address one.example.org" {
		t.Errorf("got %s", refs(left))
	}
}

func TestMarker(t *testing.T) {
	t.Parallel()
	if got := Marker(mapID); got != "source-"+mapID {
		t.Errorf("Marker: %s", got)
	}
	for in, want := range map[string]string{
		"source-" + mapID:                  mapID,
		"source-" + strings.ToUpper(mapID): mapID,
		"source-" + mapID + "0":            "",
		"Source-" + mapID:                  "",
		"source-code":                      "",
		mapID:                              "",
	} {
		id, ok := ParseMarker(in)
		if ok != (want != "") || ok && id != want {
			t.Errorf("ParseMarker(%q) = %q, %v", in, id, ok)
		}
	}
}
