package recorded

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

func fileReadings() []reading {
	handle := func(p *gis.Portal) *gis.Item { return p.Content.Handle("jsmith", "", form) }
	return []reading{
		{method: "gis.Item.Data", files: []string{"item_data.json"}, do: func(t tester, p *gis.Portal, r *replay) {
			d, err := handle(p).Data(t.Context())
			eq(t, "bytes", content(t, d, err), fileText(t, "item_data.json"))
			eq(t, "f: the data is asked for as it is", r.asked("GET content/items/{id}/data")[0].form.Has("f"), false)
		}},
		{method: "gis.Item.Text", files: []string{"item_data.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			text, err := handle(p).Text(t.Context())
			ok(t, err)
			eq(t, "layer", strings.Contains(text, `"itemId": "0fcf0bd879b84a01bd596aee72111e49"`), true)
		}},
		{method: "gis.Item.Download", files: []string{"item_data.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			to := filepath.Join(t.TempDir(), "map.json")
			d, err := handle(p).Download(t.Context(), to)
			ok(t, err)
			got, err := os.ReadFile(to)
			ok(t, err)
			eq(t, "bytes", string(got), fileText(t, "item_data.json"))
			eq(t, "size", d.Size, int64(len(got)))
		}},
		{method: "gis.Item.OpenInfo", files: []string{"iteminfo.xml"}, do: func(t tester, p *gis.Portal, r *replay) {
			d, err := handle(p).OpenInfo(t.Context(), "iteminfo.xml")
			text := content(t, d, err)
			eq(t, "title", strings.Contains(text, "<title>Sharjah_selection_WFL1</title>"), true)
			eq(t, "path", r.asked("GET content/items/{id}/info/{name}")[0].path, "content/items/"+string(form)+"/info/iteminfo.xml")
		}},
		{method: "gis.Item.OpenThumbnail", files: []string{"item_form.json", "picture.png"}, do: func(t tester, p *gis.Portal, r *replay) {
			it, err := p.Content.Get(t.Context(), form)
			ok(t, err)
			picture(t, func() (*gis.Data, error) { return it.OpenThumbnail(t.Context()) })
			eq(t, "path", r.asked("GET content/items/{id}/info/{name}")[0].path, "content/items/"+string(form)+"/info/thumbnail/esri.png")
		}},
		{method: "gis.Item.OpenMetadata", files: []string{"metadata.xml"}, do: func(t tester, p *gis.Portal, r *replay) {
			d, err := handle(p).OpenMetadata(t.Context(), "iso19139")
			text := content(t, d, err)
			eq(t, "title", strings.Contains(text, `<resTitle Sync="TRUE">SDE.ARCDATA_AREAS</resTitle>`), true)
			r.sent("GET content/items/{id}/info/metadata/metadata.xml", "format=iso19139")
		}},
		{method: "gis.Resources.List", files: []string{"item_resources.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			list := all(t, handle(p).Resources().List(t.Context(), nil))
			eq(t, "resources", len(list), 3)
			eq(t, "name", list[0].Name, "hubVersion_izao424h6/version.json")
			eq(t, "access", []gis.ResourceAccess{list[0].Access, list[1].Access}, []gis.ResourceAccess{gis.ResourcePrivate, gis.ResourceInherit})
			eq(t, "properties", list[0].Properties, `{"created":1675967213542,"creator":"creator_pa","id":"izao424h6","updated":1675967213542}`)
			eq(t, "created", list[1].Created, at(1675204222000))
			eq(t, "size", list[2].Size, int64(1514739))
		}},
		{method: "gis.Resources.List", files: []string{"item_resources_bare.json"}, do: func(t tester, p *gis.Portal, _ *replay) {
			list := all(t, handle(p).Resources().List(t.Context(), &gis.ResourceList{SortField: "size", SortOrder: gis.Descending}))
			eq(t, "last", list[2].Name, "text/desc.txt")
			eq(t, "time that is missing", list[2].Created.IsZero(), true)
		}},
		{method: "gis.Resources.Open", files: []string{"picture.png"}, do: func(t tester, p *gis.Portal, r *replay) {
			picture(t, func() (*gis.Data, error) { return handle(p).Resources().Open(t.Context(), "image/banner.jpg") })
			eq(t, "path", r.asked("GET content/items/{id}/resources/{name}")[0].path, "content/items/"+string(form)+"/resources/image/banner.jpg")
		}},
		{method: "gis.Resources.Export", files: []string{"resources.zip"}, do: func(t tester, p *gis.Portal, r *replay) {
			d, err := handle(p).Resources().Export(t.Context())
			eq(t, "bytes", strings.HasPrefix(content(t, d, err), "PK"), true)
			r.sent("GET content/users/{username}/items/{id}/resources/export", "f=zip")
		}},
	}
}

func fileText(t tester, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	ok(t, err)
	return string(b)
}
