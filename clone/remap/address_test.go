package remap

import "testing"

func TestPortalAddress(t *testing.T) {
	t.Parallel()
	const in, out = "https://portal.example.org/portal", "https://gis.example.com/arc"
	runText(t, testMap(), []textCase{
		{"alone", in, out},
		{"trailing slash", in + "/", out + "/"},
		{"path", in + "/home/index.html#a", out + "/home/index.html#a"},
		{"query", in + "?f=json", out + "?f=json"},
		{"http", "http://portal.example.org/portal/x", out + "/x"},
		{"port 443", "https://portal.example.org:443/portal/x", out + "/x"},
		{"port 80", "http://portal.example.org:80/portal", out},
		{"internal port", "https://portal.example.org:7443/arcgis/home", out + "/home"},
		{"another port", "https://portal.example.org:8443/portal", ""},
		{"upper case", "HTTPS://Portal.Example.ORG/Portal/home", out + "/home"},
		{"protocol-relative", "//portal.example.org/portal/x", "//gis.example.com/arc/x"},
		{"bare", "portal.example.org/portal/x", "gis.example.com/arc/x"},
		{"in a sentence", "Open " + in + ".", "Open " + out + "."},
		{"in parentheses", "(see " + in + ")", "(see " + out + ")"},
		{"markdown", "[" + in + "](" + in + "/x)", "[" + out + "](" + out + "/x)"},
		{"html", `<a href='` + in + `'>x</a>`, `<a href='` + out + `'>x</a>`},
		{"css", "url(" + in + "/a.png)", "url(" + out + "/a.png)"},
		{"arcade", `var p = Portal("` + in + `")`, `var p = Portal("` + out + `")`},
		{"organization", "https://staging.maps.arcgis.com/apps/x", out + "/apps/x"},
		{"organization, bare", "staging.maps.arcgis.com", "gis.example.com/arc"},
		{"behind base64", "AAA//portal.example.org/portal", "AAA//gis.example.com/arc"},
		{"too many slashes", "https:////portal.example.org/portal", "https:////gis.example.com/arc"},
		{"no host", "https:// http:/x http: // ///", ""},
		{"other scheme", "wss://portal.example.org/portal", "wss://gis.example.com/arc"},
		{"evil host", "https://portal.example.org.evil/portal", ""},
		{"evil root host", "https://staging.maps.arcgis.com.evil/x", ""},
		{"evil dash", "https://staging.maps.arcgis.com-evil.com", ""},
		{"evil unicode dot", "https://staging.maps.arcgis.com。evil.com", ""},
		{"evil unicode dot, encoded", "https://staging.maps.arcgis.com%E3%80%82evil.com", ""},
		{"evil unicode letter", "https://staging.maps.arcgis.comé.com", ""},
		{"unicode sentence", "https://staging.maps.arcgis.com。", "https://gis.example.com/arc。"},
		{"evil percent", "https://staging.maps.arcgis.com%2Eevil.com", ""},
		{"evil user", "https://staging.maps.arcgis.com@evil.com", ""},
		{"subdomain", "https://a.portal.example.org/portal", ""},
		{"prefix of a host", "https://my-portal.example.org/portal", ""},
		{"bare subdomain", "a.portal.example.org/portal", ""},
		{"mail address", "me@staging.maps.arcgis.com", ""},
		{"longer context", in + "2/x", ""},
		{"longer context, dash", in + "-old", ""},
		{"longer context, encoded", in + "%32", ""},
		{"shorter context", "https://portal.example.org/port", ""},
		{"no context", "https://portal.example.org/server/rest", ""},
		{"inside a path", "/a/portal.example.org/portal", ""},
		{"inside another URL", "https://proxy.example.net/?" + in + "/x", "https://proxy.example.net/?" + out + "/x"},
		{"target", "https://gis.example.com/arc/home", ""},
		{"AGOL itself", "https://www.arcgis.com/home/index.html", ""},
	})
}

func TestPortalAddressSpelling(t *testing.T) {
	t.Parallel()
	runText(t, testMap(), []textCase{
		{"percent", "https%3A%2F%2Fportal.example.org%2Fportal%2Fhome", "https%3A%2F%2Fgis.example.com%2Farc%2Fhome"},
		{"percent, lower case", "https%3a%2f%2fportal.example.org%2fportal", "https%3a%2f%2fgis.example.com%2farc"},
		{"percent twice", "https%253A%252F%252Fportal.example.org%252Fportal", "https%253A%252F%252Fgis.example.com%252Farc"},
		{"percent three times", "https%25253A%25252F%25252Fportal.example.org%25252Fportal", "https%25253A%25252F%25252Fgis.example.com%25252Farc"},
		{"percent, with port", "https%3A%2F%2Fportal.example.org%3A443%2Fportal", "https%3A%2F%2Fgis.example.com%2Farc"},
		{"slashes only", "https:%2F%2Fportal.example.org%2Fportal", "https:%2F%2Fgis.example.com%2Farc"},
		{"backslash", `https:\/\/portal.example.org\/portal\/x`, `https:\/\/gis.example.com\/arc\/x`},
		{"two backslashes", `https:\\/\\/portal.example.org\\/portal`, `https:\\/\\/gis.example.com\\/arc`},
		{"\\u002f", `https:\u002f\u002fportal.example.org\u002fportal`, `https:\u002f\u002fgis.example.com\u002farc`},
		{"\\u003a", `https\u003a//portal.example.org/portal`, `https\u003a//gis.example.com/arc`},
		{"hexadecimal entity", "https:&#x2F;&#x2F;portal.example.org&#x2F;portal", "https:&#x2F;&#x2F;gis.example.com&#x2F;arc"},
		{"decimal entity", "https&#58;&#47;&#47;portal.example.org&#47;portal", "https&#58;&#47;&#47;gis.example.com&#47;arc"},
		{"named entity", "https&colon;&sol;&sol;portal.example.org&sol;portal", "https&colon;&sol;&sol;gis.example.com&sol;arc"},
		{"quoted by entity", "&lt;a href=&quot;https://portal.example.org/portal&quot;&gt;&apos;&nbsp;", "&lt;a href=&quot;https://gis.example.com/arc&quot;&gt;&apos;&nbsp;"},
		{"host spelled", "https://portal%2Eexample.org/portal", "https://gis.example.com/arc"},
		{"bare host spelled", "%70ortal.example.org/portal", "gis.example.com/arc"},
		{"bare, percent", "u=staging.maps.arcgis.com%2Fx", "u=gis.example.com%2Farc%2Fx"},
		{"nested", "https://survey123.arcgis.com/share/" + mapID + "?portalUrl=https%3A%2F%2Fportal.example.org%2Fportal&x=" + layerID,
			"https://survey123.arcgis.com/share/" + newMapID + "?portalUrl=https%3A%2F%2Fgis.example.com%2Farc&x=" + newLayerID},
		{"nested twice", "https://portal.example.org/portal?u=https%3A%2F%2Fportal.example.org%2Fportal%3Fv%3Dhttps%253A%252F%252Fportal.example.org%252Fportal",
			"https://gis.example.com/arc?u=https%3A%2F%2Fgis.example.com%2Farc%3Fv%3Dhttps%253A%252F%252Fgis.example.com%252Farc"},
		{"app scheme", "arcgis-survey123://?itemID=" + mapID + "&callback=https%3A%2F%2Fportal.example.org%2Fportal",
			"arcgis-survey123://?itemID=" + newMapID + "&callback=https%3A%2F%2Fgis.example.com%2Farc"},
		{"newline before", `\nhttps://portal.example.org/portal\n`, `\nhttps://gis.example.com/arc\n`},
		{"newline before, escaped again", `\\nhttps://portal.example.org/portal\\n`, `\\nhttps://gis.example.com/arc\\n`},
	})
}

func TestPortalPorts(t *testing.T) {
	t.Parallel()
	runText(t, loopMap(), []textCase{
		{"source", "http://127.0.0.1:8001/portal/home", "http://127.0.0.1:8002/portal/home"},
		{"source as https", "https://127.0.0.1:8001/portal", "http://127.0.0.1:8002/portal"},
		{"source, bare", "127.0.0.1:8001/portal", "127.0.0.1:8002/portal"},
		{"source, percent", "http%3A%2F%2F127.0.0.1%3A8001%2Fportal", "http%3A%2F%2F127.0.0.1%3A8002%2Fportal"},
		{"target", "http://127.0.0.1:8002/portal/home", ""},
		{"no port", "http://127.0.0.1/portal", ""},
		{"default port", "http://127.0.0.1:80/portal", ""},
		{"longer port", "http://127.0.0.1:80010/portal", ""},
		{"internal port of others", "http://127.0.0.1:7443/arcgis", ""},
	})
}

func TestPortalBesideTarget(t *testing.T) {
	t.Parallel()
	runText(t, rootMap(), []textCase{
		{"source", "https://one.example.org/home", "https://one.example.org/portal/home"},
		{"target", "https://one.example.org/portal/home", ""},
		{"target, port", "https://one.example.org:443/portal", ""},
		{"longer than target", "https://one.example.org/portal2", "https://one.example.org/portal/portal2"},
		{"port behind a colon", "https://one.example.org:", "https://one.example.org/portal:"},
		{"sentence", "at one.example.org: here", "at one.example.org/portal: here"},
	})
	runText(t, upMap(), []textCase{
		{"source", "https://one.example.org/portal/home", "https://one.example.org/home"},
		{"once more", "https://one.example.org/portal/old/portal/home", "https://one.example.org/home"},
		{"target", "https://one.example.org/home", ""},
	})
}

func TestSingleLabelHost(t *testing.T) {
	t.Parallel()
	m := Map{Source: []string{"https://gis/portal", "https://dev:8443/portal"}, Target: "https://prod/portal"}
	runText(t, m, []textCase{
		{"URL", "https://gis/portal/home", "https://prod/portal/home"},
		{"words", "our gis/portal team", ""},
		{"with port", "see dev:8443/portal", "see prod/portal"},
	})
}

func TestToken(t *testing.T) {
	t.Parallel()
	const in, out = "https://portal.example.org/portal", "https://gis.example.com/arc"
	runText(t, testMap(), []textCase{
		{"alone", in + "?token=abc", out},
		{"first", in + "?token=abc&f=json", out + "?f=json"},
		{"last", in + "?f=json&token=abc", out + "?f=json"},
		{"middle", in + "?a=1&Token=abc&b=2", out + "?a=1&b=2"},
		{"twice", in + "?token=a&token=b&c=1&token=d", out + "?c=1"},
		{"only tokens", in + "?token=a&token=b#x", out + "#x"},
		{"entities", in + "?token=a&amp;b=1", out + "?b=1"},
		{"encoded", "https%3A%2F%2Fportal.example.org%2Fportal%3Ff%3Djson%26token%3Dabc&x=1", "https%3A%2F%2Fgis.example.com%2Farc%3Ff%3Djson&x=1"},
		{"of a nested URL", in + "?u=https%3A%2F%2Fportal.example.org%2Fportal%3Ftoken%3Dabc&token=d", out + "?u=https%3A%2F%2Fgis.example.com%2Farc"},
		{"end of a sentence", "(" + in + "?token=abc).", "(" + out + ")."},
		{"other name", in + "?mytoken=abc&tokens=1", out + "?mytoken=abc&tokens=1"},
		{"not in the query", in + "/token=abc", out + "/token=abc"},
		{"other portal", "https://other.example.org/portal?token=abc", ""},
	})
	_, rep := rewriter(t, testMap()).String(in + "?token=secret")
	for _, c := range rep.Changes {
		if c.Before == "token=secret" || c.Rule == RuleToken && c.Before != "token=" {
			t.Errorf("the report shows the token: %+v", c)
		}
	}
}

func TestOnline(t *testing.T) {
	t.Parallel()
	const out = "https://gis.example.com/arc"
	runText(t, testMap(), []textCase{
		{"item", "https://www.arcgis.com/sharing/rest/content/items/" + mapID + "/data", out + "/sharing/rest/content/items/" + newMapID + "/data"},
		{"cdn, http, port", "http://cdn.arcgis.com:80/sharing/rest/content/items/" + mapID, out + "/sharing/rest/content/items/" + newMapID},
		{"home", "//www.arcgis.com/home/item.html?id=" + mapID, "//gis.example.com/arc/home/item.html?id=" + newMapID},
		{"apps", "https://arcgis.com/apps/View/index.html?appid=" + mapID, out + "/apps/View/index.html?appid=" + newMapID},
		{"encoded", "https%3A%2F%2Fwww.arcgis.com%2Fhome%2Fitem.html%3Fid%3D" + mapID, "https%3A%2F%2Fgis.example.com%2Farc%2Fhome%2Fitem.html%3Fid%3D" + newMapID},
		{"call", "FeatureSetByPortalItem(Portal('https://www.arcgis.com'), '" + mapID + "', 0)", "FeatureSetByPortalItem(Portal('" + out + "'), '" + newMapID + "', 0)"},
		{"call, spaced", `portal ( "https://www.arcgis.com/" )`, ""},
		{"call, escaped quotes", `Portal(\"https://www.arcgis.com/\") , \"` + mapID + `\"`, `Portal(\"` + out + `/\") , \"` + newMapID + `\"`},
		{"call with other id", "FeatureSetByPortalItem(Portal('https://www.arcgis.com'), '" + lostID + "', 0)", ""},
		{"call with same id", "FeatureSetByPortalItem(Portal('https://www.arcgis.com'), '" + keptID + "', 0)", ""},
		{"no call", "x('https://www.arcgis.com'), '" + mapID + "'", "x('https://www.arcgis.com'), '" + newMapID + "'"},
		{"call that ends early", "Portal('https://www.arcgis.com'", ""},
		{"item that stays", "https://www.arcgis.com/sharing/rest/content/items/" + keptID, ""},
		{"other item", "https://www.arcgis.com/sharing/rest/content/items/" + lostID, ""},
		{"other path", "https://www.arcgis.com/features/" + mapID, "https://www.arcgis.com/features/" + newMapID},
		{"other host", "https://wwww.arcgis.com/home/item.html?id=" + mapID, "https://wwww.arcgis.com/home/item.html?id=" + newMapID},
		{"id of a nested URL", "https://www.arcgis.com/home/x?u=https://other.example.org/" + mapID, "https://www.arcgis.com/home/x?u=https://other.example.org/" + newMapID},
	})
	r := rewriter(t, Map{Items: map[string]string{mapID: newMapID}})
	if got, _ := r.String("https://www.arcgis.com/home/item.html?id=" + mapID); got != "https://www.arcgis.com/home/item.html?id="+newMapID {
		t.Errorf("without a target: %s", got)
	}
}
