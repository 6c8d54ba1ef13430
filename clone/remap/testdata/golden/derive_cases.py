# The pairs, one rule after the other; run by derive.py.

ITEM = "adopt_a_stop/items/%s.data.json"
AGOL = "https://www.arcgis.com"

# --- web map
doc = corpus("portal-snapshot/" + ITEM % MAP)
case("webmap", "stops", "Web Map", doc, {
    "operationalLayers/0/url": STOPS_NEW + "/4",
    "operationalLayers/0/itemId": new(LAYER),
}, external=["$.baseMap.baseMapLayers[0].url service https://services.arcgisonline.com/arcgis/rest/services/Elevation/World_Hillshade/MapServer on services.arcgisonline.com",
             "$.baseMap.baseMapLayers[1].styleUrl item 7dc6cea0b1764a1f9af2e679f642f0f5 on cdn.arcgis.com"])
CALL = "var p = Portal('%s');\nvar stops = FeatureSetByPortalItem(p, \"%s\", %d, ['*'], false);\nreturn First(stops).name;"
nasty("webmap", "Web Map", {
    "operationalLayers": [
        {"layerType": "GroupLayer", "layers": [
            {"id": "a-layer-1", "url": STOPS + "/10", "itemId": LAYER.upper(), "layerType": "ArcGISFeatureLayer", "popupInfo": {
                "description": "<a href='https://portal.example.org:443/portal/home/item.html?id=" + MAP + "&amp;token=abc'>map</a> <img src=\"//portal.example.org/portal/sharing/rest/content/items/" + LAYER + "/resources/a.png\">",
                "mediaInfos": [{"value": {"sourceURL": "http%3A%2F%2Fportal.example.org%2Fportal%2Fsharing%2Frest%2Fcontent%2Fitems%2F" + LAYER + "%2Fdata"}}],
                "expressionInfos": [{"expression": CALL % (AGOL, LAYER, 0)}, {"expression": "FeatureSetByPortalItem(Portal('" + AGOL + "'), '" + UNKNOWN + "', 0)"}]}},
        ]},
        {"id": "blocks", "layerType": "ArcGISMapServiceLayer", "url": TILES, "itemId": BLOCKS, "visibleLayers": [0, 2, -1, 3],
         "layers": [{"id": 0, "popupInfo": {}}, {"id": 2, "parentLayerId": -1}, {"id": 7}]},
        {"id": "failed", "itemId": FAILED, "url": "https://sampleserver6.example.net/arcgis/rest/services/A/MapServer/1?token=abc"},
    ],
    "tables": [{"itemId": LAYER, "url": "http://USER:PASS@" + STOPS[8:] + "/0?token=abc"}],
    "baseMap": {"baseMapLayers": [{"layerType": "VectorTileLayer", "itemId": STYLE, "styleUrl": items(STYLE + "/resources/styles/root.json?f=json")}]},
    "applicationProperties": {"offline": {"layers": "{\"itemId\":\"%s\",\"layerId\":10}" % LAYER}},
}, {
    "operationalLayers/0/layers/0/url": STOPS_NEW + "/11",
    "operationalLayers/0/layers/0/itemId": new(LAYER),
    "operationalLayers/0/layers/0/popupInfo/description": "<a href='" + NEW + "/home/item.html?id=" + new(MAP) + "'>map</a> <img src=\"//maps.city.example/arc/sharing/rest/content/items/" + new(LAYER) + "/resources/a.png\">",
    "operationalLayers/0/layers/0/popupInfo/mediaInfos/0/value/sourceURL": "https%3A%2F%2Fmaps.city.example%2Farc%2Fsharing%2Frest%2Fcontent%2Fitems%2F" + new(LAYER) + "%2Fdata",
    "operationalLayers/0/layers/0/popupInfo/expressionInfos/0/expression": CALL % (NEW, new(LAYER), 4),
    "operationalLayers/1/url": TILES_NEW, "operationalLayers/1/itemId": new(BLOCKS),
    "operationalLayers/1/visibleLayers/0": 5, "operationalLayers/1/visibleLayers/1": 0,
    "operationalLayers/1/layers/0/id": 5, "operationalLayers/1/layers/1/id": 0,
    "tables/0/itemId": new(LAYER), "tables/0/url": STOPS_NEW + "/4",
    "baseMap/baseMapLayers/0/itemId": new(STYLE), "baseMap/baseMapLayers/0/styleUrl": items_new(new(STYLE) + "/resources/styles/root.json?f=json"),
    "applicationProperties/offline/layers": "{\"itemId\":\"%s\",\"layerId\":11}" % new(LAYER),
}, unresolved=["$.operationalLayers[1].layers[2].id layer 7",
               "$.operationalLayers[0].layers[0].popupInfo.expressionInfos[1].expression item " + UNKNOWN,
               "$.operationalLayers[2].itemId item %s lacking" % FAILED],
   external=["$.operationalLayers[2].url service https://sampleserver6.example.net/arcgis/rest/services/A/MapServer on sampleserver6.example.net"],
   warnings=1)

# --- web scene
doc = corpus("arcgis-json/webscene/sf_development_scenarios.json")
doc["presentation"]["slides"] = [dict(doc["presentation"]["slides"][0], thumbnail={"url": "./resources/slide.png"})]
doc["presentation"]["slides"][0]["ground"] = {"layers": [{"itemId": LAYER, "url": TILES + "/0"}]}
case("webscene", "scenarios", "Web Scene", doc, {
    "operationalLayers/0/itemId": new(SCENELAYERS[0]), "operationalLayers/1/itemId": new(SCENELAYERS[1]),
    "operationalLayers/2/layers/0/itemId": new(SCENELAYERS[2]),
    "presentation/slides/0/ground/layers/0/itemId": new(LAYER), "presentation/slides/0/ground/layers/0/url": TILES_NEW + "/5",
}, unresolved=["$.operationalLayers[2].layers[2].itemId item bdb116a14c064d1d98db959939574d15", "$.operationalLayers[2].layers[3].itemId item f417297982df4177b5f5ef061fc4ebeb"],
   external=["*"])
nasty("webscene", "Web Scene", {
    "ground": {"layers": [{"itemId": FAILED}, {"itemId": BLOCKS}]},
    "presentation": {"slides": [{"baseMap": {"baseMapLayers": [{"itemId": BLOCKS, "url": TILES + "/tile"}], "elevationLayers": [{"itemId": BLOCKS}]}}]},
    "operationalLayers": [{"layerDefinition": {"drawingInfo": {"renderer": {"symbol": {"styleUrl": "http://portal.example.org:7080/arcgis/sharing/rest/content/items/" + STYLE + "/data",
        "symbolLayers": [{"resource": {"href": "./resources/web/" + UNKNOWN + ".json.gz"}}]}}}}}],
}, {
    "ground/layers/1/itemId": new(BLOCKS),
    "presentation/slides/0/baseMap/baseMapLayers/0/itemId": new(BLOCKS), "presentation/slides/0/baseMap/baseMapLayers/0/url": TILES_NEW + "/tile",
    "presentation/slides/0/baseMap/elevationLayers/0/itemId": new(BLOCKS),
    "operationalLayers/0/layerDefinition/drawingInfo/renderer/symbol/styleUrl": items_new(new(STYLE) + "/data"),
}, unresolved=["$.ground.layers[0].itemId item %s lacking" % FAILED])

# --- dashboard
doc = corpus("portal-snapshot/" + ITEM % DASHBOARD)
doc["widgets"] = doc["widgets"][:2]
case("dashboard", "stops", "Dashboard", doc, {"widgets/0/itemId": new(DASHMAP)}, item=DASHBOARD)
view = lambda: {
    "header": {"type": "header", "logoUrl": items(DASHBOARD + "/resources/logo.png"), "menuLinks": [{"url": OLD + "/apps/dashboards/" + DASHBOARD + "#x=1"}],
               "selectors": [{"datasets": [{"type": "serviceDataset", "dataSource": {"type": "itemDataSource", "itemId": LAYER, "layerId": 0, "table": True}}]}]},
    "sidebar": {"selectors": [{"datasets": [{"dataSource": {"type": "arcadeDataSource", "itemId": UNKNOWN, "script": "return FeatureSetByPortalItem(Portal('" + AGOL + "'), '" + LAYER + "', 10)"}}]}]},
    "widgets": [{"type": "mapWidget", "itemId": DASHMAP, "layers": [{"type": "featureLayerDataSource", "layerId": "Stops_0"}]},
                {"type": "embeddedContentWidget", "url": "https://survey123.arcgis.com/share/" + FORM + "?portalUrl=https%3A%2F%2Fportal.example.org%2Fportal"},
                {"type": "mapWidget", "itemId": FAILED}],
    "urlParameters": [{"dataSource": {"type": "itemDataSource", "itemId": LAYER, "layerId": "1"}}],
}
view_want = lambda at: {
    at + "/header/logoUrl": items_new(new(DASHBOARD) + "/resources/logo.png"), at + "/header/menuLinks/0/url": NEW + "/apps/dashboards/" + new(DASHBOARD) + "#x=1",
    at + "/header/selectors/0/datasets/0/dataSource/itemId": new(LAYER), at + "/header/selectors/0/datasets/0/dataSource/layerId": 4,
    at + "/sidebar/selectors/0/datasets/0/dataSource/script": "return FeatureSetByPortalItem(Portal('" + NEW + "'), '" + new(LAYER) + "', 11)",
    at + "/widgets/0/itemId": new(DASHMAP),
    at + "/widgets/1/url": "https://survey123.arcgis.com/share/" + new(FORM) + "?portalUrl=https%3A%2F%2Fmaps.city.example%2Farc",
    at + "/urlParameters/0/dataSource/itemId": new(LAYER),
}
nasty("dashboard", "Dashboard", {"version": "4.30.0", "desktopView": view(), "mobileView": view()}, dict(view_want("desktopView"), **view_want("mobileView")),
      unresolved=["$.desktopView.widgets[2].itemId item %s lacking" % FAILED, "$.mobileView.widgets[2].itemId item %s lacking" % FAILED], item=DASHBOARD)

# --- operation view (no published one at hand: made from its description)
nasty("operation-view", "Operation View", {
    "widgets": [{"type": "mapWidget", "mapId": DASHMAP}, {"type": "mapWidget", "mapId": FAILED}],
    "standaloneDataSources": [{"serviceItemId": LAYER, "url": STOPS + "/0"}],
}, {"widgets/0/mapId": new(DASHMAP), "standaloneDataSources/0/serviceItemId": new(LAYER), "standaloneDataSources/0/url": STOPS_NEW + "/4"},
      name="nasty", unresolved=["$.widgets[1].mapId item %s lacking" % FAILED])

# --- web app builder
doc = corpus("portal-snapshot/election_outreach/items/%s.data.json" % WAB)
doc["widgetPool"]["widgets"] = []
doc["theme"], doc["widgetOnScreen"] = {}, {}
base = {
    "logo": doc["logo"].replace(OLD, NEW), "map/portalUrl": NEW + "/", "map/itemId": new(WABMAP),
    "portalUrl": NEW + "/", "httpProxy/url": NEW + "/sharing/proxy", "appItemId": new(WAB),
}
geometry = ["$.geometryService service https://utility.arcgisonline.com/arcgis/rest/services/Geometry/GeometryServer on utility.arcgisonline.com"]
case("web-app-builder", "polling", "Web Mapping Application", doc, dict(base, **{"map/appProxy/mapItemId": new(WABMAP)}), keywords=["WAB2D", "Web AppBuilder"], item=WAB, external=geometry)
doc = copy.deepcopy(doc)
doc["map"]["appProxy"]["proxyItems"] = [{"type": "web app", "sourceUrl": "https://secured.example.net/arcgis/rest/services/A/MapServer", "proxyUrl": "https://utility.example.net/usrsvcs/" + UNKNOWN + "/rest/services/A/MapServer"}]
doc["dataSource"]["dataSources"] = {"external_1": {"type": "source_feature_layer", "itemId": LAYER, "url": STOPS + "/0", "portalUrl": OLD + "/"}}
doc["widgetPool"]["widgets"] = [{"uri": "widgets/Search/Widget", "icon": items(WAB + "/resources/inConfig/1.png"), "config": "{\"sources\":[{\"layer\":{\"url\":\"" + STOPS + "/10\"},\"itemId\":\"" + LAYER + "\",\"layerId\":0}]}"}]
nasty("web-app-builder", "Web Mapping Application", doc, dict(base, **{
    "map/appProxy": GONE,
    "dataSource/dataSources/external_1/itemId": new(LAYER), "dataSource/dataSources/external_1/url": STOPS_NEW + "/4", "dataSource/dataSources/external_1/portalUrl": NEW + "/",
    "widgetPool/widgets/0/icon": items_new(new(WAB) + "/resources/inConfig/1.png"),
    "widgetPool/widgets/0/config": "{\"sources\":[{\"layer\":{\"url\":\"" + STOPS_NEW + "/11\"},\"itemId\":\"" + new(LAYER) + "\",\"layerId\":4}]}",
}), keywords=["WAB2D"], item=WAB, warnings=1, external=geometry)

# --- configurable and instant apps
doc = corpus("portal-snapshot/" + ITEM % APP)
case("configurable-app", "manager", "Web Mapping Application", doc, {"folderId": new(FOLDER), "values/group": new(GROUP)}, item=APP, unresolved=["$.source item " + OTHER])
values = lambda: {"webmap": MAP + "," + DASHMAP, "group": GROUP, "mapItemCollection": [{"id": MAP}, {"id": FAILED}], "logo": items(APP + "/resources/a.png"),
                  "config": "{\"webmap\":\"" + MAP + "\",\"u\":\"https:\\/\\/portal.example.org\\/portal\\/\"}", "oauthappid": "Ab12Cd34Ef56Gh78"}
values_want = lambda at: {
    at + "/webmap": new(MAP) + "," + new(DASHMAP), at + "/group": new(GROUP), at + "/mapItemCollection/0/id": new(MAP), at + "/logo": items_new(new(APP) + "/resources/a.png"),
    at + "/config": "{\"webmap\":\"" + new(MAP) + "\",\"u\":\"https:\\/\\/maps.city.example\\/arc\\/\"}", at + "/oauthappid": "Zy98Xw76Vu54Ts32"}
nasty("configurable-app", "Web Mapping Application", {"source": UNKNOWN, "folderId": UNKNOWN, "values": dict(values(), draft=values())},
      dict({"folderId": None}, **dict(values_want("values"), **values_want("values/draft"))), item=APP,
      unresolved=["$.source item " + UNKNOWN, "$.values.mapItemCollection[1].id item %s lacking" % FAILED, "$.values.draft.mapItemCollection[1].id item %s lacking" % FAILED])

# --- classic story maps
case("classic-story", "maptour", "Web Mapping Application", corpus("arcgis-json/storymap-classic/maptour_v2.14_app.data.json"), {"values/webmap": new(TOURMAP)},
     keywords=["Story Map"], unresolved=["$.source item 91d75e9b375e4e9b9b3a4004544bfadf"])
doc = corpus("arcgis-json/storymap-classic/mapseries_v1.1.data.json")
doc["values"]["story"]["entries"] = doc["values"]["story"]["entries"][:3]
case("classic-story", "mapseries", "Web Mapping Application", doc, dict({"values/webmap": new(SERIESMAP)},
     **{"values/story/entries/%d/media/webmap/id" % i: new(SERIESMAP) for i in range(3)}), keywords=["Story Map"], unresolved=["$.source item 32f733be56ce48b5993932715e1070ee"], external=["*"])
nasty("classic-story", "Web Mapping Application", {"values": {"story": {"sections": [
    {"media": {"webmap": {"id": FAILED}}, "content": "<img src=\"" + items(APP + "/resources/images/a.jpg") + "\"><a data-storymaps=\"MJ-ACTION-1\">x</a>",
     "contentActions": [{"media": {"webmap": {"id": MAP}}}]}]}}},
    {"values/story/sections/0/content": "<img src=\"" + items_new(new(APP) + "/resources/images/a.jpg") + "\"><a data-storymaps=\"MJ-ACTION-1\">x</a>",
     "values/story/sections/0/contentActions/0/media/webmap/id": new(MAP)},
    unresolved=["$.values.story.sections[0].media.webmap.id item %s lacking" % FAILED], keywords=["Story Map"])

# --- story maps: published data, drafts, embedding
doc = corpus("arcgis-json/storymap/cherry_blossoms.json")["data"]
nodes = ["n-_E2aHV", "n-jOyABh", "n-fNbV-u", "n-mEq5_V", "n-6nRdcV"]
picked = nodes + ["n-mn9ekI", "n-atyjQM", "n-lfHLdX"]
doc["nodes"] = {k: v for k, v in doc["nodes"].items() if k in picked}
doc["resources"] = {k: v for k, v in doc["resources"].items() if STORYMAP in k or v["type"] != "image"}
app, app_new = "https://storymaps.arcgis.com/stories/", NEW + "/apps/storymaps/stories/"
enc = lambda s: s.replace(":", "%3A").replace("/", "%2F")
embed = doc["nodes"]["n-atyjQM"]["data"]
changes = {"nodes/%s/data/map" % n: "r-" + new(STORYMAP) for n in nodes}
changes.update({
    "nodes/n-mn9ekI/data/text": doc["nodes"]["n-mn9ekI"]["data"]["text"].replace(app + STORY2, app_new + new(STORY2)),
    "nodes/n-atyjQM/data/url": app_new + new(STORY2),
    "nodes/n-atyjQM/data/embedSrc": embed["embedSrc"].replace(enc(app + STORY2), enc(app_new + new(STORY2))).replace(
        enc(AGOL + "/sharing/rest/content/items/" + STORY2), enc(items_new(new(STORY2)))),
    "nodes/n-atyjQM/data/thumbnailUrl": embed["thumbnailUrl"].replace(AGOL + "/sharing/rest/content/items/" + STORY2, items_new(new(STORY2))),
    "resources/r-" + STORYMAP + "/data/itemId": new(STORYMAP),
})
for name, part in ("published", "data"), ("draft", "resources/draft_1585000000000.json"):
    case("storymap", name, "StoryMap", doc, changes, keys=[("resources/r-" + STORYMAP, "r-" + new(STORYMAP))], part=part, item=STORY, external=["*"])
case("storymap", "oembed", "StoryMap", {"type": "rich", "url": app + STORY, "html": "<iframe src=\"" + app + STORY + "?header\"></iframe>", "thumbnail_url": items(STORY + "/resources/a.jpg?w=800")},
     {"url": app_new + new(STORY), "html": "<iframe src=\"" + app_new + new(STORY) + "?header\"></iframe>", "thumbnail_url": items_new(new(STORY) + "/resources/a.jpg?w=800")},
     part="resources/oembed.json", item=STORY)
text("storymap", "oembed-xml", "StoryMap", "<?xml version=\"1.0\"?><oembed><url>%s%s</url><html>&lt;iframe src=&quot;%s%s?a=1&amp;amp;b=2&quot;&gt;</html></oembed>\n" % (app, STORY, app, STORY),
     {app + STORY: (app_new + new(STORY), 2)}, part="resources/oembed.xml", item=STORY)
nasty("storymap", "StoryMap", {
    "nodes": {"n-1": {"type": "webmap", "data": {"map": "r-" + MAP + "-1690000000000", "extent": {MAP: 1}}}, "n-2": {"data": {"url": OLD + "/apps/storymaps/stories/" + STORY2 + "?portalUrl=" + enc(OLD)}}},
    "resources": {"r-" + MAP + "-1690000000000": {"type": "webmap", "data": {"itemId": MAP, "itemType": "Web Map"}}, "r-" + FAILED + "-1": {"type": "webmap", "data": {"itemId": FAILED}},
                  "r-2": {"type": "story-theme", "data": {"themeItemId": STYLE}}, "r-3": {"type": "image", "data": {"resourceId": "1690000000000.jpeg", "provider": "item-resource"}}},
}, {
    "nodes/n-1/data/map": "r-" + new(MAP) + "-1690000000000", "nodes/n-2/data/url": NEW + "/apps/storymaps/stories/" + new(STORY2) + "?portalUrl=" + enc(NEW),
    "resources/r-" + MAP + "-1690000000000/data/itemId": new(MAP), "resources/r-2/data/themeItemId": new(STYLE),
}, keys=[("nodes/n-1/data/extent/" + MAP, new(MAP)), ("resources/r-" + MAP + "-1690000000000", "r-" + new(MAP) + "-1690000000000")], item=STORY,
   unresolved=["$.resources[\"r-%s-1\"]~ item %s lacking" % (FAILED, FAILED), "$.resources[\"r-%s-1\"].data.itemId item %s lacking" % (FAILED, FAILED)])

# --- story map theme (made from its description)
nasty("storymap-theme", "StoryMap Theme", {"resources": {"r-1": {"type": "image", "data": {"src": items(STYLE + "/resources/logo.png")}}}, "logo": {"link": OLD + "/home/"}},
      {"resources/r-1/data/src": items_new(new(STYLE) + "/resources/logo.png"), "logo/link": NEW + "/home/"}, item=STYLE)

# --- Experience Builder
doc = corpus("arcgis-json/web-experience/exbee.data.json")["data"]
for part in "data", "resources/config/config.json":
    case("experience", part.replace("/", "-"), "Web Experience", doc, {
        "attributes/portalUrl": NEW, "dataSources/dataSource_1/itemId": new(EXBMAP), "dataSources/dataSource_1/portalUrl": NEW}, part=part, item=EXB, external=["*"])
sources = {"dataSource_1": {"type": "WEB_MAP", "itemId": MAP, "portalUrl": OLD, "childDataSourceJsons": {"18f-layer-2": {"type": "FEATURE_LAYER", "itemId": LAYER, "url": STOPS + "/0", "layerId": "18f-layer-2"}}},
           "dataSource_2": {"type": "FEATURE_LAYER", "itemId": LAYER, "layerId": "0", "url": STOPS + "/0", "arcadeScript": "FeatureSetByPortalItem(Portal(\"" + OLD + "\"), \"" + LAYER + "\", 1)"},
           "dataSource_3": {"portalItem": {"id": FAILED}}}
widgets = {"widget_1": {"config": {"embedCode": "&lt;iframe src=&quot;https:&#47;&#47;portal.example.org/portal/apps/dashboards/" + DASHBOARD + "&quot;&gt;", "surveyItemId": FORM}},
           "widget_2": {"itemId": STYLE, "config": {"url": "https://experience.arcgis.com/experience/" + EXB}}}
sources_want = {
    "dataSources/dataSource_1/itemId": new(MAP), "dataSources/dataSource_1/portalUrl": NEW,
    "dataSources/dataSource_1/childDataSourceJsons/18f-layer-2/itemId": new(LAYER), "dataSources/dataSource_1/childDataSourceJsons/18f-layer-2/url": STOPS_NEW + "/4",
    "dataSources/dataSource_2/itemId": new(LAYER), "dataSources/dataSource_2/layerId": "4", "dataSources/dataSource_2/url": STOPS_NEW + "/4",
    "dataSources/dataSource_2/arcadeScript": "FeatureSetByPortalItem(Portal(\"" + NEW + "\"), \"" + new(LAYER) + "\", 1)",
    "widgets/widget_1/config/embedCode": "&lt;iframe src=&quot;https:&#47;&#47;maps.city.example&#47;arc/apps/dashboards/" + new(DASHBOARD) + "&quot;&gt;", "widgets/widget_1/config/surveyItemId": new(FORM),
    "widgets/widget_2/itemId": new(STYLE), "widgets/widget_2/config/url": NEW + "/apps/experiencebuilder/experience/?id=" + new(EXB),
}
lost = ["$.dataSources.dataSource_3.portalItem.id item %s lacking" % FAILED]
nasty("experience", "Web Experience", {"attributes": {"portalUrl": OLD, "clientId": "unregistered1234"}, "dataSources": sources, "widgets": widgets},
      dict(sources_want, **{"attributes/portalUrl": NEW, "attributes/clientId": ""}), item=EXB, unresolved=lost, warnings=1)
case("experience", "registered", "Web Experience", {"attributes": {"clientId": "Ab12Cd34Ef56Gh78"}}, {"attributes/clientId": "Zy98Xw76Vu54Ts32"}, item=EXB)

# --- sites and pages
doc = corpus("portal-snapshot/" + ITEM % SITE)
doc["values"]["layout"]["sections"] = doc["values"]["layout"]["sections"][2:3] + doc["values"]["layout"]["sections"][7:8]
card = "values/layout/sections/0/rows/1/cards/%d/component/settings/"
case("site", "adopt-a-stop", "Hub Site Application", doc, {
    card % 0 + "url": STOPS_NEW + "/4", card % 0 + "itemId": new(LAYER), card % 0 + "layerId": 4, card % 1 + "layerId": 4, card % 1 + "url": STOPS_NEW + "/4", card % 1 + "itemId": new(LAYER), "values/subdomain": "adopt-a-stop-2",
}, unresolved=["$.values.layout.sections[1].rows[1].cards[0].component.settings.initiativeIds[0] item 79e7ef25122b801b707f8115794e30df", "$.source item 99e5cf55bcb245f780469ee96f97efa2"],
   item=SITE, warnings=1, external=["*"])
nasty("site", "Site Application", {
    "values": {"pages": [{"id": PAGE, "title": "A"}, {"id": FAILED}], "clientId": "unregistered1234", "subdomain": "other", "defaultHostname": "stops-town.hub.arcgis.com",
               "internalUrl": OLD + "/apps/sites/#/adopt_a_stop/pages/a", "collaborationGroupId": GROUP, "catalog": {"groups": [GROUP]},
               "dcatConfig": {"title": "{{name}}", "landingPage": "{{landingPage}}", "identifier": OLD + "/home/item.html?id={{id}}", "spatial": "{{extent:computeSpatialProperty}}"},
               "headerCss": ".a { background: url(" + items(SITE + "/resources/banner.jpeg") + ") }"},
    "feeds": {"rss": {"link": "{{url}}", "author": "{{owner}}"}},
    "catalog": {"scopes": {"item": {"filters": [{"predicates": [{"group": [GROUP]}]}]}}},
}, {
    "values/pages/0/id": new(PAGE), "values/clientId": "", "values/defaultHostname": "stops.city.example", "values/internalUrl": NEW + "/apps/sites/#/adopt-a-stop-2/pages/a",
    "values/collaborationGroupId": new(GROUP), "values/catalog/groups/0": new(GROUP), "values/dcatConfig/identifier": NEW + "/home/item.html?id={{id}}",
    "values/headerCss": ".a { background: url(" + items_new(new(SITE) + "/resources/banner.jpeg") + ") }",
    "catalog/scopes/item/filters/0/predicates/0/group/0": new(GROUP),
}, unresolved=["$.values.pages[1].id item %s lacking" % FAILED], warnings=1, item=SITE)
case("site", "page", "Site Page", {"values": {"sites": [{"id": SITE, "title": "A"}], "layout": {"sections": [{"rows": [{"cards": [{"component": {"name": "webmap-card", "settings": {"webmap": MAP}}}]}]}]}}},
     {"values/sites/0/id": new(SITE), "values/layout/sections/0/rows/0/cards/0/component/settings/webmap": new(MAP)}, item=PAGE)
case("site", "properties", "Hub Site Application", {"contentGroupId": GROUP, "collaborationGroupId": GROUP, "children": [PAGE], "schemaVersion": 1.3},
     {"contentGroupId": new(GROUP), "collaborationGroupId": new(GROUP), "children/0": new(PAGE)}, part="properties", item=SITE)

# --- QuickCapture
doc = corpus("arcgis-json/items/items_by_type.json")["QuickCapture Project"]["data"]
for i in 0, 1:
    doc["application"]["dataSources"][i]["featureServiceItemId"] = LAYER
    doc["application"]["dataSources"][i]["url"] = STOPS + "/%d" % i
doc["application"]["preferences"]["adminEmail"] = "publisher@example.org"
case("quick-capture", "project", "QuickCapture Project", doc, {
    "application/dataSources/0/featureServiceItemId": new(LAYER), "application/dataSources/0/url": STOPS_NEW + "/4",
    "application/dataSources/1/featureServiceItemId": new(LAYER), "application/dataSources/1/url": STOPS_NEW + "/1",
    "application/itemId": new(QC), "application/preferences/adminEmail": "owner@city.example",
}, item=QC, email="owner@city.example")
nasty("quick-capture", "QuickCapture Project", {"itemId": QC, "basemap": {"itemId": FAILED, "type": "WebMap"}, "preferences": {"adminEmail": "publisher@example.org"},
      "dataSources": [{"featureServiceItemId": LAYER, "url": STOPS + "/10", "dataSourceId": UNKNOWN}], "templateGroups": [{"templates": [{"captureInfo": {"dataSourceId": UNKNOWN}}]}]},
      {"itemId": new(QC), "dataSources/0/featureServiceItemId": new(LAYER), "dataSources/0/url": STOPS_NEW + "/11"}, part="resources/qc.project.json", item=QC,
      unresolved=["$.basemap.itemId item %s lacking" % FAILED])

# --- Workforce
doc = corpus("arcgis-json/items/items_by_type.json")["Workforce Project"]["data"]
template = doc["assignmentIntegrations"][0]["urlTemplate"]
wf = {"workerWebMapId": new(WF["worker"]), "dispatcherWebMapId": new(WF["dispatcher"]), "groupId": new(WFGROUP), "folderId": new(WFFOLDER),
      "assignmentIntegrations/0/urlTemplate": template.replace(WFMAP, new(WFMAP)), "assignmentIntegrations/0/assignmentTypes/0/urlTemplate": template.replace(WFMAP, new(WFMAP))}
wf.update({k + "/serviceItemId": new(WF[k]) for k in ("dispatchers", "assignments", "workers", "tracks")})
odd = "bad3483e025c47338d43df308c117308"
wfurl = "$.%s.url service https://services123.arcgis.com/org1234567890/arcgis/rest/services/%s_47bb15c2df2b466da05577776e82d044/FeatureServer on services123.arcgis.com"
case("workforce", "v1", "Workforce Project", doc, wf, unresolved=["$.assignmentIntegrations[0].urlTemplate item " + odd, "$.assignmentIntegrations[0].assignmentTypes[0].urlTemplate item " + odd],
     external=[wfurl % (k, s) for k, s in (("dispatchers", "dispatchers"), ("assignments", "assignments"), ("workers", "workers"), ("tracks", "location"))])
doc = corpus("arcgis-json/workforce/workforce_templates.json")[0]["item"]["properties"]
case("workforce", "v2", "Feature Service", doc, {"workforceProjectGroupId": new(WF2GROUP), "workforceDispatcherMapId": new(WF2DMAP), "workforceWorkerMapId": new(WF2WMAP)},
     part="properties", keywords=["Workforce Project"], item=WF2)
case("workforce", "v2-map", "Web Map", {"workforceFeatureServiceId": WF2}, {"workforceFeatureServiceId": new(WF2)}, part="properties")
nasty("workforce", "Workforce Project", {"workerWebMapId": FAILED, "groupId": WFGROUP.upper(), "folderId": UNKNOWN}, {"groupId": new(WFGROUP)},
      unresolved=["$.workerWebMapId item %s lacking" % FAILED, "$.folderId folder " + UNKNOWN])

# --- notebook
doc = corpus("notebook/clone_surveys.ipynb")
case("notebook", "clone-surveys", "Notebook", doc, {
    "cells/6/source/2": doc["cells"][6]["source"][2].replace(NBGROUP, new(NBGROUP)),
    "cells/14/source/0": doc["cells"][14]["source"][0].replace(NB, new(NB)),
}, item=NB)
nasty("notebook", "Notebook", {"cells": [{"cell_type": "code", "source": [
    "gis = GIS('" + OLD + "', 'gis_publisher')\n", "u = gis.users.get('gis_publisher')  # owner:gis_publisher\n",
    "requests.get('" + OLD + "/sharing/rest/content/users/gis_publisher?q=owner:gis_publisher&token=abc')\n",
    "m = gis.content.get(\"" + MAP.upper() + "\"); x = gis.content.get('" + FAILED + "')\n"],
    "outputs": [{"data": {"text/html": ["<a href='" + OLD + "/home/item.html?id=" + LAYER + "' target='_blank'>"]}}]}], "nbformat": 4, "metadata": {"esriNotebookRuntime": {"notebookRuntimeVersion": "3.0"}}},
    {"cells/0/source/0": "gis = GIS('" + NEW + "', 'gis_publisher')\n",
     "cells/0/source/2": "requests.get('" + NEW + "/sharing/rest/content/users/gis_publisher?q=owner:gis_publisher')\n",
     "cells/0/source/3": "m = gis.content.get(\"" + new(MAP) + "\"); x = gis.content.get('" + FAILED + "')\n",
     "cells/0/outputs/0/data/text~1html/0".replace("~1", "\x00"): "<a href='" + NEW + "/home/item.html?id=" + new(LAYER) + "' target='_blank'>"},
    item=NB, unresolved=["$.cells[0].source[3] item %s lacking" % FAILED])

# --- solution
doc = {"templates": [{"itemId": MAP, "type": "Web Map", "item": {"id": "{{" + MAP + ".itemId}}", "url": "{{portalBaseUrl}}/home/webmap/viewer.html?webmap={{" + MAP + ".itemId}}"}, "dependencies": [LAYER]}]}
case("solution", "deployed", "Solution", doc, {"templates/0/itemId": new(MAP), "templates/0/item/id": "{{" + new(MAP) + ".itemId}}",
     "templates/0/item/url": "{{portalBaseUrl}}/home/webmap/viewer.html?webmap={{" + new(MAP) + ".itemId}}", "templates/0/dependencies/0": new(LAYER)})
part = corpus("arcgis-json/solution/adopt_a_stop.solution.data.json")
part["templates"] = [{k: t[k] for k in ("itemId", "type", "dependencies", "groups", "item")} for t in part["templates"][:2]]
for t in part["templates"]:
    t["itemId"], t["item"], t["dependencies"], t["groups"] = UNKNOWN, {"id": "{{" + UNKNOWN + ".itemId}}", "type": t["type"]}, [], []
nasty("solution", "Solution", part, {}, keywords=["Solution", "Template"])

# --- style
nasty("style", "Style", {"items": [{"name": "Tree", "thumbnail": {"href": "./thumbnails/Tree.png"}, "webRef": {"$ref": "./web/Tree.json"}, "cimRef": items(STYLE + "/resources/cim/Tree.json")}]},
      {"items/0/cimRef": items_new(new(STYLE) + "/resources/cim/Tree.json")}, item=STYLE)

# --- style of vector tiles
z = zipfile.ZipFile(os.path.join(CORPUS, "packages/ne_countries.vtpk"))
doc = json.loads(z.read("p12/resources/styles/root.json"))
case("vector-tile-style", "countries", "Vector Tile Service", doc, {}, part="resources/styles/root.json", item=STYLE)
nasty("vector-tile-style", "Vector Tile Service", {"version": 8, "sprite": items(STYLE + "/resources/sprites/sprite"), "glyphs": items(STYLE + "/resources/fonts/{fontstack}/{range}.pbf"),
      "sources": {"esri": {"type": "vector", "url": HOSTED.replace("services.", "tiles.") + "/Base/VectorTileServer"}, "own": {"url": "../../"}}, "_ssl": True},
      {"sprite": items_new(new(STYLE) + "/resources/sprites/sprite"), "glyphs": items_new(new(STYLE) + "/resources/fonts/{fontstack}/{range}.pbf")},
      external=["$.sources.esri.url service https://tiles.arcgis.com/EXAMPLEORG/arcgis/rest/services/Base/VectorTileServer on tiles.arcgis.com"], part="resources/styles/root.json", item=STYLE)

# --- feature service
doc = corpus("portal-snapshot/election_outreach/items/a009c140ad5442abaac377bedf1c6b39.data.json")
case("feature-service", "view", "Feature Service", doc, {"layers/0/adminLayerInfo": GONE}, keywords=["View Service"], external=["*"], item=LAYER)
nasty("feature-service", "Feature Service", {
    "layers": [{"adminLayerInfo": {"viewLayerDefinition": {"sourceServiceName": "A"}}, "id": 0, "adminLayerInfo2": 1, "popupInfo": {"description": "<a href=\"" + OLD + "/home/item.html?id=" + MAP + "\">x</a>"}},
               {"id": 1, "adminLayerInfo": None}],
    "tables": [{"adminLayerInfo": {}}], "adminLayerInfo": "kept: not of a layer"},
    {"layers/0/adminLayerInfo": GONE, "layers/0/popupInfo/description": "<a href=\"" + NEW + "/home/item.html?id=" + new(MAP) + "\">x</a>", "layers/1/adminLayerInfo": GONE, "tables/0/adminLayerInfo": GONE}, item=LAYER)

# --- registered application (made from its description)
nasty("application", "Application", {"client_id": "Ab12Cd34Ef56Gh78", "client_secret": "example-secret", "registeredAppInfo": {"clientSecret": "s3cret", "apiKey": ""},
      "redirect_uris": [OLD + "/home/", "urn:ietf:wg:oauth:2.0:oob"], "appType": "browser", "appId": "notMapped"},
      {"client_id": "Zy98Xw76Vu54Ts32", "client_secret": "", "registeredAppInfo/clientSecret": "", "redirect_uris/0": NEW + "/home/"}, warnings=2, item=APP)

# --- maps of ArcGIS Pro (made from their description)
nasty("pro-map", "Pro Map", {"type": "CIMMapDocument", "layerDefinitions": [
    {"featureTable": {"dataConnection": {"type": "CIMStandardDataConnection", "workspaceConnectionString": "URL=" + STOPS + ";VERSION=sde.DEFAULT", "workspaceFactory": "FeatureService", "dataset": "10"}}},
    {"featureTable": {"dataConnection": {"workspaceConnectionString": "DATABASE=C:\\data.gdb", "workspaceFactory": "FileGDB", "dataset": "10"}}}],
    "tableDefinitions": [{"dataConnection": {"workspaceConnectionString": "URL=" + STOPS, "dataset": "0"}}]},
    {"layerDefinitions/0/featureTable/dataConnection/workspaceConnectionString": "URL=" + STOPS_NEW + ";VERSION=sde.DEFAULT", "layerDefinitions/0/featureTable/dataConnection/dataset": "11",
     "tableDefinitions/0/dataConnection/workspaceConnectionString": "URL=" + STOPS_NEW, "tableDefinitions/0/dataConnection/dataset": "4"})

# --- pipelines and analytics
doc = corpus("arcgis-json/items/items_by_type.json")["Real Time Analytic"]["data"]
case("pipeline", "real-time", "Real Time Analytic", doc, {"outputs/0/properties/feat-lyr-new.portal.featureServicePortalItemID": new(RTA)},
     unresolved=["$.outputs[0].properties[\"feat-lyr-new.portal.mapServicePortalItemID\"] item " + UNKNOWN])
nasty("pipeline", "Data Pipeline", {"inputs": [{"type": "FeatureServiceSource", "parameters": {"layer": {"value": {"itemId": LAYER, "layerId": 10}}}}],
      "sources": [{"properties": {"feature-layer.portalItemId": LAYER, "feature-layer.layerId": "0"}}], "outputs": [{"parameters": {"layer": {"value": {"itemId": FAILED, "layerId": 0}}}}]},
      {"inputs/0/parameters/layer/value/itemId": new(LAYER), "inputs/0/parameters/layer/value/layerId": 11,
       "sources/0/properties/feature-layer.portalItemId": new(LAYER), "sources/0/properties/feature-layer.layerId": "4"},
      unresolved=["$.outputs[0].parameters.layer.value.itemId item %s lacking" % FAILED])

# --- forms: a zip file, with a spreadsheet in it
z = zipfile.ZipFile(os.path.join(CORPUS, "survey123-form/flat_xlsform.zip"))
members = {i.filename: z.read(i) for i in z.infolist()}
share = "https://survey123.arcgis.com/share/" + FORM
AGGREGATE = b"https://example-odk-aggregate.appspot.com/submission"
members["esriinfo/form.xml"] = members["esriinfo/form.xml"].replace(AGGREGATE, items(FORM).encode())
form = lambda **kw: json.dumps(kw, indent=1).encode()
members["esriinfo/form.itemInfo"] = form(id=FORM, type="Form", owner="gis_publisher", title="Flat form survey", url=None)
members["esriinfo/form.info"] = form(serviceInfo={"itemId": FORMFS, "url": STOPS}, notificationsInfo={"webhooks": [{"name": "a", "url": "https://hooks.example.net/s3cret"}]})
members["esriinfo/form.json"] = form(questions=[{"maps": [{"itemId": MAP, "type": "Web Map"}, {"itemId": FAILED}]}], header={"content": "<img src=\"" + items(FORM + "/resources/a.png") + "\">"})
members["esriinfo/scripts/a.js"] = ("var u = \"" + OLD + "\", i = '" + LAYER + "';\n").encode()
members["esriinfo/media/stops.csv"] = ("name,map\nA," + MAP + "\n").encode()
members["esriinfo/media/plan.xlsx"] = b"not opened: " + MAP.encode()
members["esriinfo/media/a.png"] = b"\x89PNG " + MAP.encode()
sheets = zipfile.ZipFile(io.BytesIO(members["esriinfo/form.xlsx"]))
shared = sheets.read("xl/sharedStrings.xml")
assert shared.count(b"<t>geopoint</t>") == 1
shared_in = shared.replace(b"<t>geopoint</t>", ("<t>geopoint map=" + MAP + " u=" + OLD.replace("&", "&amp;") + "?a=1&amp;id=" + LAYER + "</t>").encode())
shared_want = shared.replace(b"<t>geopoint</t>", ("<t>geopoint map=" + new(MAP) + " u=" + NEW + "?a=1&amp;id=" + new(LAYER) + "</t>").encode())


def pack(contents, order):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as w:
        for name in order:
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            w.writestr(info, contents[name])
    return out.getvalue()


def workbook(strings):
    return pack({i.filename: strings if i.filename == "xl/sharedStrings.xml" else sheets.read(i) for i in sheets.infolist()}, [i.filename for i in sheets.infolist()])


order = sorted(members)
want = dict(members)
members["esriinfo/form.xlsx"], want["esriinfo/form.xlsx"] = workbook(shared_in), workbook(shared_want)
want["esriinfo/form.xml"] = members["esriinfo/form.xml"].replace(items(FORM).encode(), items_new(new(FORM)).encode())
want["esriinfo/form.itemInfo"] = form(id=new(FORM), type="Form", owner="city_publisher", title="Flat form survey", url=None)
want["esriinfo/form.info"] = form(serviceInfo={"itemId": new(FORMFS), "url": STOPS_NEW}, notificationsInfo={"webhooks": [{"name": "a", "url": "https://hooks.example.net/s3cret"}]})
want["esriinfo/form.json"] = form(questions=[{"maps": [{"itemId": new(MAP), "type": "Web Map"}, {"itemId": FAILED}]}], header={"content": "<img src=\"" + items_new(new(FORM) + "/resources/a.png") + "\">"})
want["esriinfo/scripts/a.js"] = ("var u = \"" + NEW + "\", i = '" + new(LAYER) + "';\n").encode()
os.makedirs(os.path.join(HERE, "form"), exist_ok=True)
for ext, contents in (".in", members), (".want", want):
    with open(os.path.join(HERE, "form", "survey" + ext), "wb") as f:
        f.write(pack(contents, order))
rules["form"] = {"survey": {"Type": "Form", "Keywords": ["Form"], "ID": FORM, "OwnerEmail": "", "Part": "archive", "External": ["*"], "ByReference": [], "Warnings": 1,
    "Unresolved": ["esriinfo/form.json→$.questions[0].maps[1].itemId item %s lacking" % FAILED, "esriinfo/media/stops.csv→@11 item %s kept" % MAP]}}
nasty("form", "Form", {"questions": [{"maps": [{"itemId": MAP}, {"itemId": FAILED}]}], "settings": {"url": share}},
      {"questions/0/maps/0/itemId": new(MAP), "settings/url": "https://survey123.arcgis.com/share/" + new(FORM) + "?portalUrl=" + enc(NEW)},
      part="resources/surveyDraft/form.json", item=FORM, unresolved=["$.questions[0].maps[1].itemId item %s lacking" % FAILED])
