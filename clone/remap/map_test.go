package remap

import (
	"strings"
	"testing"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	const good, other = "https://a.example.org/arcgis/rest/services/A/MapServer", "https://b.example.org/arcgis/rest/services/B/MapServer"
	for _, c := range []struct {
		name string
		m    Map
		want string
	}{
		{"short id", Map{Items: map[string]string{"abc": newMapID}}, `Items["abc"]: "abc" is not 32 lower-case`},
		{"upper-case id", Map{Groups: map[string]string{strings.ToUpper(mapID): newMapID}}, "Groups["},
		{"bad target", Map{Folders: map[string]string{mapID: "x"}}, `"x" is not 32`},
		{"chain", Map{Items: map[string]string{mapID: layerID, layerID: newMapID}}, "which is itself a source id"},
		{"swap", Map{Items: map[string]string{mapID: layerID}, Groups: map[string]string{layerID: mapID}}, "which is itself a source id"},
		{"two kinds", Map{Items: map[string]string{mapID: newMapID}, Groups: map[string]string{mapID: newTeamID}}, "already mapped as item"},
		{"user chain", Map{Users: map[string]string{"a": "B", "b": "c"}}, `Users["a"] maps to "B", which is itself mapped to "c"`},
		{"user twice", Map{Users: map[string]string{"a": "x", "A": "y"}}, "differ only in case"},
		{"empty user", Map{Users: map[string]string{"a": ""}}, "empty name"},
		{"empty org", Map{OrgIDs: map[string]string{"": "x"}}, "OrgIDs"},
		{"no target", Map{Source: []string{"https://a.example.org"}}, "Target: the address"},
		{"bad target address", Map{Target: "ftp://x"}, `Target "ftp://x" must be an http`},
		{"bad source", Map{Source: []string{"https://a b"}, Target: "https://x"}, `Source[0] "https://a b" is not a URL`},
		{"no host", Map{Source: []string{"https:///x"}, Target: "https://x"}, "has no host"},
		{"user in source", Map{Source: []string{"https://u:p@a.example.org"}, Target: "https://x"}, "without user, query"},
		{"no service type", Map{Services: []Service{{From: "https://a.example.org/arcgis/rest/services/A", To: good}}}, "Services[0].From"},
		{"no service", Map{Services: []Service{{From: good, To: "https://a.example.org/FeatureServer"}}}, "Services[0].To"},
		{"no URL", Map{Services: []Service{{From: "https://a b", To: good}}}, "is not a URL"},
		{"service and layer", Map{Services: []Service{{From: good + "/1", To: other}}}, "must end with the service type"},
		{"service twice", Map{Services: []Service{{From: good, To: other}, {From: good, To: good}}}, "already mapped to another"},
		{"service chain", Map{Services: []Service{{From: good, To: other}, {From: other, To: good}}}, "which is itself mapped"},
		{"negative layer", Map{Services: []Service{{From: good, To: other, Layers: map[int]int{-1: 0}}}}, "Layers[-1]: cannot become 0"},
		{"moved layer of a kept service", Map{Services: []Service{{From: good, To: good, Layers: map[int]int{1: 2}}}}, "Layers[1]: cannot become 2"},
		{"service on the source portal", Map{Source: []string{"https://b.example.org"}, Target: "https://x", Services: []Service{{From: good, To: other}}}, "which is on the source portal"},
		{"bad item of a service", Map{Services: []Service{{From: good, To: other, Item: "x", Layers: map[int]int{0: 1}}}}, `Services[0].Item "x" is not 32`},
		{"lacking, no id", Map{Lacking: map[string]Kind{"x": KindItem}}, `Lacking["x"]: not 32`},
		{"lacking, no kind", Map{Lacking: map[string]Kind{mapID: KindLayer}}, `"layer" is not a kind of object`},
		{"lacking and mapped", Map{Items: map[string]string{mapID: newMapID}, Lacking: map[string]Kind{mapID: KindItem}}, "is mapped as item"},
		{"client chain", Map{ClientIDs: map[string]string{"a": "b", "b": "c"}}, `ClientIDs["a"] maps to "b"`},
		{"site chain", Map{Sites: map[string]string{"A": "b", "b": "c"}}, `Sites["a"] maps to "b"`},
		{"bad host", Map{Hosts: map[string]string{"ftp://x": "https://y"}}, `Hosts["ftp://x"] must be`},
		{"bad target of a host", Map{Hosts: map[string]string{"https://x.org": "https://a b"}}, `Hosts["https://x.org"]: "https://a b" is not a URL`},
		{"host below itself", Map{Hosts: map[string]string{"https://x.org/a": "https://x.org"}}, "cannot become"},
		{"host of everybody", Map{Hosts: map[string]string{"https://www.arcgis.com": "https://x.org"}}, "cannot become"},
		{"host chain", Map{Hosts: map[string]string{"https://x.org": "https://y.org", "https://y.org": "https://z.org"}}, "which is itself mapped"},
		{"host that is the source", Map{Source: []string{"https://x.org"}, Target: "https://y.org", Hosts: map[string]string{"https://x.org": "https://z.org"}}, "is an address of the source"},
		{"bad root", Map{ServiceRoots: []string{"ftp://x"}}, "ServiceRoots[0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := New(c.m)
			if err == nil || r != nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "remap: ") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestNewAccepts(t *testing.T) {
	t.Parallel()
	const in, want = "https://portal.example.org/portal/x", "https://gis.example.com/arc/x"
	for _, source := range []string{
		"https://portal.example.org/portal", "portal.example.org/portal/", "//portal.example.org/portal", "http://PORTAL.example.org:80/portal/home/",
		"https://portal.example.org:443/portal/home/index.html", "https://portal.example.org/portal/sharing/rest", "https://portal.example.org/Portal/sharing/",
	} {
		r := rewriter(t, Map{Source: []string{"https://www.arcgis.com", source}, Target: "gis.example.com/arc/"})
		if got, _ := r.String(in); got != want {
			t.Errorf("source %s: %s", source, got)
		}
		if got, _ := r.String("https://www.arcgis.com/home"); got != "https://www.arcgis.com/home" {
			t.Errorf("AGOL itself became %s", got)
		}
	}
	same := rewriter(t, Map{Items: map[string]string{mapID: mapID}, Users: map[string]string{"Ada": "Ada"},
		Source: []string{"https://portal.example.org/portal"}, Target: "https://portal.example.org/portal"})
	if got, rep := same.String(in + "/" + mapID); got != in+"/"+mapID || len(rep.Unresolved) > 0 {
		t.Errorf("a portal cloned into itself: %s", got)
	}
	// IPv6, an odd path, and the derived internal address that is the target.
	r := rewriter(t, Map{Source: []string{"http://[::1]:8001/p%20q", "https://h.example.org/portal"}, Target: "https://h.example.org:7443/arcgis"})
	for in, want := range map[string]string{
		"http://[::1]:8001/p%20q/x":           "https://h.example.org:7443/arcgis/x",
		"https://h.example.org/portal/x":      "https://h.example.org:7443/arcgis/x",
		"https://h.example.org:7443/arcgis/x": "https://h.example.org:7443/arcgis/x",
		"http://h.example.org:7080/arcgis/x":  "https://h.example.org:7443/arcgis/x",
	} {
		if got, _ := r.String(in); got != want {
			t.Errorf("%s became %s", in, got)
		}
	}
}

// A target path that needs encoding is encoded as deep as what it replaces.
func TestTargetPathIsEncoded(t *testing.T) {
	t.Parallel()
	const from, to = "https://a.example.org/arcgis/rest/services/A/MapServer", "https://b.example.org/arcgis/rest/services/B%C3%A4ume/MapServer"
	r := rewriter(t, Map{Services: []Service{{From: from, To: to}}})
	for in, want := range map[string]string{
		from: to,
		"https%3A%2F%2Fa.example.org%2Farcgis%2Frest%2Fservices%2FA%2FMapServer":                 "https%3A%2F%2Fb.example.org%2Farcgis%2Frest%2Fservices%2FB%25C3%25A4ume%2FMapServer",
		"https%253A%252F%252Fa.example.org%252Farcgis%252Frest%252Fservices%252FA%252FMapServer": "https%253A%252F%252Fb.example.org%252Farcgis%252Frest%252Fservices%252FB%2525C3%2525A4ume%252FMapServer",
	} {
		if got, _ := r.String(in); got != want {
			t.Errorf("%s\nbecame %s\n  want %s", in, got, want)
		}
	}
}
