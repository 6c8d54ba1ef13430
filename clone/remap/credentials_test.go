package remap

import (
	"strings"
	"testing"
)

func TestCredentials(t *testing.T) {
	t.Parallel()
	const out = "https://gis.example.com/arc"
	runText(t, testMap(), []textCase{
		{"user", "https://ada@portal.example.org/portal/home", out + "/home"},
		{"user and password", "http://ada:s3cret@portal.example.org:80/portal/home?id=" + mapID, out + "/home?id=" + newMapID},
		{"relative", "//ada:s3cret@portal.example.org/portal", "//gis.example.com/arc"},
		{"percent", "https%3A%2F%2Fada%3As3cret%40portal.example.org%2Fportal", "https%3A%2F%2Fgis.example.com%2Farc"},
		{"mail as name", "https://ada%40old.org:s3cret@portal.example.org/portal", out},
		{"mapped service", "https://ada:s3cret@services.arcgis.com/ORG/arcgis/rest/services/Roads/FeatureServer/1",
			"https://gis.example.com/server/rest/services/Hosted/Roads_1/FeatureServer/3"},
		{"by reference", "https://ada:s3cret@services.arcgis.com/ORG/arcgis/rest/services/A/FeatureServer/1",
			"https://services.arcgis.com/ORG/arcgis/rest/services/A/FeatureServer/1"},
		{"other server", "https://ada:s3cret@other.example.net/portal", ""},
		{"target", "https://ada:s3cret@gis.example.com/arc", ""},
		{"e-mail address", "mail ada@portal.example.org/portal or mailto:ada@portal.example.org", ""},
		{"in a path", "https://medium.example.net/@ada/portal.example.org/portal", ""},
		{"too long", "https://" + strings.Repeat("a", 80) + "@portal.example.org/portal", ""},
		{"list of hosts", "https://other.example.net,ada@portal.example.org/portal", ""},
	})
	r := rewriter(t, testMap())
	for in, warnings := range map[string]int{
		"https://ada:s3cret@portal.example.org/portal?token=s3cret":                                                        0,
		"https://ada:s3cret@services.arcgis.com/ORG/arcgis/rest/services/A/FeatureServer?token=s3cret":                     0,
		"https://services.arcgis.com/ORG/arcgis/rest/services/A/FeatureServer/0/query?f=json&token=s3cret":                 0,
		"https://ada:s3cret@other.example.net/portal":                                                                      1,
		"https://other.example.net/arcgis/rest/services/A/MapServer/0?token=s3cret":                                        1,
		"https://ada:s3cret@other.example.net/arcgis/rest/services/A/MapServer":                                            1,
		"https://other.example.net/arcgis/rest/services/A/MapServer?mytoken=s3cret":                                        0,
		"data:text/plain,https://ada:s3cret@portal.example.org/portal https://other.example.net/portal?x=a@b&token=s3cret": 0,
	} {
		out, rep := r.String(in)
		if len(rep.Warnings) != warnings {
			t.Errorf("%s: %d warnings, want %d", in, len(rep.Warnings), warnings)
		}
		if warnings == 0 && !strings.HasPrefix(in, "data:") && strings.Contains(in, "s3cret@") && strings.Contains(out, "s3cret") {
			t.Errorf("%s became %s", in, out)
		}
		told := refs(rep.Unresolved) + refs(rep.ByReference) + refs(rep.External)
		for _, c := range rep.Changes {
			told += c.Before + c.After
		}
		for _, w := range rep.Warnings {
			told += w.Path + w.Text
		}
		if strings.Contains(told, "s3cret") {
			t.Errorf("%s: the report tells the secret: %s", in, told)
		}
	}
}

func TestScanSeesCredentials(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	rep, err := r.Scan(strings.NewReader("x,https://ada:s3cret@portal.example.org/portal/home,https://a@services.arcgis.com/ORG/arcgis/rest/services/A"))
	if err != nil {
		t.Fatal(err)
	}
	if got := refs(rep.Unresolved); got != "@2 address https://portal.example.org/portal kept" {
		t.Errorf("unresolved %s", got)
	}
	if got := refs(rep.ByReference); got != "@52 service https://services.arcgis.com/ORG/arcgis/rest/services" {
		t.Errorf("by reference %s", got)
	}
}
