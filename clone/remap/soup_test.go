package remap

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
)

var soup = flag.Int("soup", 1000, "how many texts TestSoup makes")

// soupParts are what ids, addresses, and everything that may stand beside them are made of.
var soupParts = []string{
	mapID, layerID, teamID, dirID, keptID, lostID, strings.ToUpper(mapID), mapID[1:], mapID + "0", mapID[:16],
	"https://", "http://", "HTTPS:", "https%3A%2F%2F", "https%253A%252F%252F", `https:\/\/`, `http:\\/\\/`, "https:&#x2F;&#47;", `https:\u002f\u002f`,
	"//", "/", "%2F", "%252F", `\/`, `\u002f`, `\x2f`, "&#x2F;", "&sol;", ":", "%3A", "?", "%3F", "&", "&amp;", "%26", "#", "=", "%3D",
	"portal.example.org", "PORTAL.example.org", "staging.maps.arcgis.com", "gis.example.com", "services.arcgis.com", "www.arcgis.com", "other.example.org",
	"127.0.0.1:8001", "127.0.0.1:8002", "one.example.org", "/portal", "/old", "/arc", "/arcgis", ":443", ":80", ":7443", ":8001",
	"https://portal.example.org/portal", "https://www.arcgis.com/home/item.html?id=", "http://127.0.0.1:8001/portal", "https://one.example.org/portal",
	"https://services.arcgis.com/ORG/arcgis/rest/services", "https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer",
	"/ORG/arcgis/rest/services/", "/rest/services/", "/services/", "Roads", "/FeatureServer", "/MapServer", "FeatureServer", "/1", "/10", "/0",
	"token=", "?token=abc", "&token=x", "id=", "items/", "/resources/", "owner=", "owner:", "users/", "/users/ada", "ada", "bob%40old.org", "portals/", "0123456789ABCDEF",
	"Portal('", "'), '", "FeatureSetByPortalItem(", "data:text/plain,", "data:", "x", "a", "b", "0", "9", "_", "-", ".", "@", "~", "+", ",", ";", "(", ")", "'", `"`, "<", ">", "{", "}", "[", "]",
	" ", "\n", "é", "。", "%", `\`, `\\`, `\n`, `\b`, `\f`, `\u0041`, "%61", "%30", "&#97;", "&quot;", "\x00", "\xff",
}

// TestSoup checks the properties of the fuzz targets on texts that random bytes rarely come near to.
func TestSoup(t *testing.T) {
	t.Parallel()
	maps := fuzzMaps(t)
	rnd := rand.New(rand.NewPCG(1, uint64(*soup)))
	text := func() []byte {
		var b bytes.Buffer
		for range 1 + rnd.IntN(12) {
			b.WriteString(soupParts[rnd.IntN(len(soupParts))])
		}
		return b.Bytes()
	}
	for range *soup {
		r, s := maps[rnd.IntN(len(maps))], text()
		checkText(t, r, s)
		doc := []byte(`{"` + string(escape(text(), rnd.IntN(2) == 0)) + `":"` + string(escape(s, rnd.IntN(2) == 0)) + `"}`)
		if rnd.IntN(3) == 0 {
			doc = []byte(`["` + string(escape(doc, rnd.IntN(2) == 0)) + `"]`)
		}
		checkJSON(t, r, doc)
		if rnd.IntN(8) > 0 {
			continue
		}
		var long []byte
		for len(long) < 6000 {
			long = append(long, text()...)
		}
		checkScan(t, r, long, 50+rnd.IntN(3000), 1+rnd.IntN(500))
	}
}
