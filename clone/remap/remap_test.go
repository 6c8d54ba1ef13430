package remap

import (
	"strings"
	"testing"
)

// Ids of the tests: what starts with a or b or c is on the source, f on the target.
const (
	mapID   = "a0fcf0bd879b84a01bd596aee72111e4" // an item
	layerID = "b1fcf0bd879b84a01bd596aee72111e4" // another
	teamID  = "c2fcf0bd879b84a01bd596aee72111e4" // a group
	dirID   = "c3fcf0bd879b84a01bd596aee72111e4" // a folder
	keptID  = "d4fcf0bd879b84a01bd596aee72111e4" // an item that is the same on both sides
	lostID  = "e5fcf0bd879b84a01bd596aee72111e4" // not mapped

	newMapID   = "f0fcf0bd879b84a01bd596aee72111e4"
	newLayerID = "f1fcf0bd879b84a01bd596aee72111e4"
	newTeamID  = "f2fcf0bd879b84a01bd596aee72111e4"
	newDirID   = "f3fcf0bd879b84a01bd596aee72111e4"
)

// testMap moves a portal behind a web adaptor to another host and context.
func testMap() Map {
	return Map{
		Items:   map[string]string{mapID: newMapID, layerID: newLayerID, keptID: keptID},
		Groups:  map[string]string{teamID: newTeamID},
		Folders: map[string]string{dirID: newDirID},
		Users:   map[string]string{"ada": "ada_l", "bob@old.org": "bob@new.org"},
		OrgIDs:  map[string]string{"0123456789ABCDEF": "FEDCBA9876543210"},
		Source:  []string{"https://portal.example.org/portal", "https://staging.maps.arcgis.com"},
		Target:  "https://gis.example.com/arc",
		Services: []Service{
			{From: "https://services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer",
				To: "https://gis.example.com/server/rest/services/Hosted/Roads_1/FeatureServer", Layers: map[int]int{0: 0, 1: 3}},
			{From: "https://services.arcgis.com/ORG/arcgis/rest/services/Trees/MapServer",
				To: "https://gis.example.com/server/rest/services/Hosted/Trees/MapServer"},
		},
		ServiceRoots: []string{"https://services.arcgis.com/ORG/arcgis/rest/services", "https://portal.example.org/portal/hosting/rest/services"},
	}
}

// loopMap moves between two ports of one host.
func loopMap() Map {
	return Map{
		Items:  map[string]string{mapID: newMapID},
		Source: []string{"http://127.0.0.1:8001/portal"},
		Target: "http://127.0.0.1:8002/portal",
	}
}

// rootMap moves from the root of a host to a context of the same host.
func rootMap() Map {
	return Map{
		Items:  map[string]string{mapID: newMapID},
		Source: []string{"https://one.example.org"},
		Target: "https://one.example.org/portal",
	}
}

// upMap moves from contexts of a host to its root.
func upMap() Map {
	return Map{
		Items:  map[string]string{mapID: newMapID},
		Source: []string{"https://one.example.org/portal", "https://one.example.org/old"},
		Target: "https://one.example.org",
	}
}

func rewriter(tb testing.TB, m Map) *Rewriter {
	tb.Helper()
	r, err := New(m)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// textCase is a text and what becomes of it; "" for want means that it stays.
type textCase struct{ name, in, want string }

// runText checks texts in all three forms: as running text, as one value, and as a string in a
// JSON document.
func runText(t *testing.T, m Map, cases []textCase) {
	t.Helper()
	r := rewriter(t, m)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := c.want
			if want == "" {
				want = c.in
			}
			if got, _ := r.Text([]byte(c.in)); string(got) != want {
				t.Errorf("Text(%q)\n got %q\nwant %q", c.in, got, want)
			}
			got, rep := r.String(c.in)
			if got != want {
				t.Errorf("String(%q)\n got %q\nwant %q", c.in, got, want)
			}
			if (len(rep.Changes) > 0) != (want != c.in) {
				t.Errorf("String(%q) reports %+v", c.in, rep.Changes)
			}
			doc := `{"text": "` + string(escape([]byte(c.in), false)) + `"}`
			wantDoc := `{"text": "` + string(escape([]byte(want), false)) + `"}`
			out, _, err := r.JSON([]byte(doc))
			if err != nil || string(out) != wantDoc {
				t.Errorf("JSON(%s) %v\n got %s\nwant %s", doc, err, out, wantDoc)
			}
			if left, _ := r.Leftovers(out); len(left) > 0 && want != c.in {
				t.Errorf("left over in %s: %+v", out, left)
			}
		})
	}
}

func join(list []string) string { return strings.Join(list, ",") }

func refs(list []Ref) string {
	var lines []string
	for _, ref := range list {
		line := ref.Path + " " + string(ref.Kind) + " " + ref.Value
		if ref.Layer != "" {
			line += " layer " + ref.Layer
		}
		if ref.Host != "" {
			line += " on " + ref.Host
		}
		for _, mark := range []struct {
			set  bool
			text string
		}{{ref.Kept, " kept"}, {ref.Lacking, " lacking"}, {ref.Mapped, " mapped"}} {
			if mark.set {
				line += mark.text
			}
		}
		if ref.Types != "" {
			line += " as " + ref.Types
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
