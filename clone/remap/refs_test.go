package remap

import (
	"strings"
	"testing"
)

// Which unknown ids are reported, and as what. %s stands for the id.
func TestUnresolved(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for _, c := range []struct{ name, doc, want string }{
		{"itemId", `{"a":[{"itemId":"%s"}]}`, "$.a[0].itemId item"},
		{"upper case", `{"ITEMID":"E5FCF0BD879B84A01BD596AEE72111E4"}`, "$.ITEMID item"},
		{"escaped key", `{"item\u0049d":"%s"}`, `$["item\u0049d"] item`},
		{"serviceItemId", `{"serviceItemId":"%s"}`, "$.serviceItemId item"},
		{"mapItemId", `{"appProxy":{"mapItemId":"%s"}}`, "$.appProxy.mapItemId item"},
		{"workerWebMapId", `{"workerWebMapId":"%s"}`, "$.workerWebMapId item"},
		{"portalItem.id", `{"portalItem":{"id":"%s"}}`, "$.portalItem.id item"},
		{"webmap.id", `{"media":{"webmap":{"id":"%s"}}}`, "$.media.webmap.id item"},
		{"webmap", `{"values":{"webmap":"%s"}}`, "$.values.webmap item"},
		{"webmaps", `{"values":{"webmaps":["%s","%s"]}}`, "$.values.webmaps[0] item\n$.values.webmaps[1] item"},
		{"comma list", `{"webmap":"%s,` + mapID + `"}`, "$.webmap item"},
		{"source", `{"source":"%s"}`, "$.source item"},
		{"group", `{"values":{"group":"%s"}}`, "$.values.group group"},
		{"groups", `{"catalog":{"groups":["%s"]}}`, "$.catalog.groups[0] group"},
		{"group.id", `{"group":{"id":"%s"}}`, "$.group.id group"},
		{"groupId", `{"workforceProjectGroupId":"%s"}`, "$.workforceProjectGroupId group"},
		{"folderId", `{"folderId":"%s"}`, "$.folderId folder"},
		{"inside a string", `{"config":"{\"a\":[{\"itemId\":\"%s\"}]}"}`, "$.config→$.a[0].itemId item"},
		{"twice inside", `["[\"{\\\"itemId\\\":\\\"%s\\\"}\"]"]`, "$[0]→$[0]→$.itemId item"},
		{"url of the portal", `{"u":"https://portal.example.org/portal/home/item.html?id=%s"}`, "$.u item"},
		{"path of the portal", `{"u":"https://portal.example.org/portal/sharing/rest/content/items/%s/data"}`, "$.u item"},
		{"group of the portal", `{"u":"https://portal.example.org/portal/sharing/rest/community/groups/%s"}`, "$.u group"},
		{"anywhere in the portal", `{"u":"https://portal.example.org/portal/apps/x/#/%s"}`, "$.u item"},
		{"app scheme", `{"u":"arcgis-collector://?itemID=%s"}`, "$.u item"},
		{"template", `{"u":"x={itemID=%s},y"}`, "$.u item"},
		{"arcade variable", `{"e":"var webmap =\"%s\""}`, "$.e item"},
		{"arcade variable, spaced", `{"e":"var appid = '%s'"}`, "$.e item"},
		{"arcade call", `{"e":"FeatureSetByPortalItem(p, '%s', 0)"}`, "$.e item"},
		{"query", `{"galleryTemplatesGroupQuery":"id:%s"}`, "$.galleryTemplatesGroupQuery item"},
		{"group query", `{"query":"group:\"%s\""}`, "$.query group"},
		{"nested encoded portal URL", `{"u":"https://x.example.net/?url=https%%3A%%2F%%2Fportal.example.org%%2Fportal%%2Fhome%%2Fitem.html%%3Fid%%3D%s&v=1"}`, "$.u item"},

		{"plain id", `{"id":"%s"}`, ""},
		{"id of a widget", `{"widgets":[{"id":"%s"}]}`, ""},
		{"menu link", `{"menuLinks":[{"id":"%s"}]}`, ""},
		{"GlobalID", `{"attributes":{"GLOBALID":"%s"}}`, ""},
		{"hash", `{"itemHash":"md5:%s"}`, ""},
		{"text under a key", `{"source":"x = hash(%s)"}`, ""},
		{"key", `{"%s":{"itemId":1}}`, ""},
		{"resource name", `{"u":"https://portal.example.org/portal/sharing/rest/content/items/` + mapID + `/resources/images/%s"}`, ""},
		{"thumbnail name", `{"u":"https://portal.example.org/portal/sharing/rest/content/items/` + mapID + `/info/thumbnail/%s.png"}`, ""},
		{"file name", `{"u":"https://portal.example.org/portal/images/%s.png"}`, ""},
		{"clause outside a query", `{"text":"id:%s"}`, ""},
		{"other parameter", `{"u":"x?key=%s"}`, ""},
		{"spaced clause", `{"query":"id : %s"}`, ""},
		{"behind another id", `{"u":"id=a %s"}`, ""},
		{"same on both sides", `{"itemId":"` + keptID + `"}`, ""},
		{"31", `{"itemId":"` + lostID[1:] + `"}`, ""},
		{"too long a list", `{"itemIds":"%s` + strings.Repeat(",0", 20000) + `"}`, ""},
		{"data URL", `{"itemId":"data:text/plain,id=%s"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := strings.ReplaceAll(strings.ReplaceAll(c.doc, "%s", lostID), "%%", "%")
			_, rep, err := r.JSON([]byte(doc))
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			if c.want != "" {
				want = strings.ReplaceAll(c.want, "\n", " "+lostID+"\n") + " " + lostID
			}
			if got := refs(rep.Unresolved); got != want {
				t.Errorf("got  %s\nwant %s\nin %s", got, want, doc)
			}
		})
	}
}

func TestExternal(t *testing.T) {
	t.Parallel()
	r := rewriter(t, testMap())
	for _, c := range []struct{ name, text, want string }{
		{"item of AGOL", "https://www.arcgis.com/sharing/rest/content/items/%s/data", "@50 item %s on www.arcgis.com"},
		{"item page", "http://other.maps.arcgis.com/home/item.html?id=%s", "@47 item %s on other.maps.arcgis.com"},
		{"group page", "https://other.example.org/portal/home/group.html?groupid=%s", "@57 group %s on other.example.org"},
		{"story", "https://storymaps.arcgis.com/stories/%s", "@37 item %s on storymaps.arcgis.com"},
		{"two, nested", "https://a.example.org/?src=https%3A%2F%2Fstorymaps.arcgis.com%2Fstories%2F%s&id=%s",
			"@74 item %s on storymaps.arcgis.com\n@110 item %s on a.example.org"},
		{"end of the URL", "https://a.example.org/x %s", ""},
		{"key of a service", "https://cdn.example.net/widget?key=%s", ""},
		{"file", "https://cdn.example.net/%s.js", ""},
		{"link", "https://www.apache.org/licenses/LICENSE-2.0", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, rep := r.Text([]byte(strings.ReplaceAll(c.text, "%s", lostID)))
			if got, want := refs(rep.External), strings.ReplaceAll(c.want, "%s", lostID); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if len(rep.Unresolved) > 0 {
				t.Errorf("unresolved %s", refs(rep.Unresolved))
			}
		})
	}
}
