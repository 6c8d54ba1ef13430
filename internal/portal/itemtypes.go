package portal

import (
	"slices"
	"strings"
)

// itemKind is how items of a type hold their content.
type itemKind int

// Kinds of item types. Unlisted is a type that the table does not know: it is accepted as it is.
const (
	kindUnlisted itemKind = iota
	kindText              // JSON or other text in /data
	kindFile              // a file in /data
	kindURL               // a service or page elsewhere; /data may hold overrides
)

// itemType is what the portal knows about a type of item.
type itemType struct {
	name     string
	kind     itemKind
	keywords []string // that every item of the type carries
}

// typeOf finds a type by name without regard to case, in which clients differ.
func typeOf(name string) itemType {
	if t, ok := itemTypesByName[strings.ToLower(strings.TrimSpace(name))]; ok {
		return t
	}
	return itemType{name: strings.TrimSpace(name)}
}

// itemTypesByName holds the types by lower-case name.
var itemTypesByName = func() map[string]itemType {
	m := make(map[string]itemType, len(itemTypes))
	for _, t := range itemTypes {
		m[strings.ToLower(t.name)] = t
	}
	return m
}()

// isService reports whether items of the type stand for a service, which has no size.
func isService(name string) bool {
	t := typeOf(name)
	if t.kind != kindURL {
		return false
	}
	return slices.Contains(t.keywords, "Service") || strings.HasPrefix(t.name, "OGC")
}

// withKeywords joins a type's own keywords with those that a caller gave, without repeats.
func withKeywords(typeName string, given []string) []string {
	return mergeWords(typeOf(typeName).keywords, given)
}

// mergeWords appends to a the words of b that it lacks, compared exactly.
func mergeWords(a, b []string) []string {
	out := make([]string, 0, len(a)+len(b))
	seen := make(map[string]bool, len(a)+len(b))
	for _, list := range [][]string{a, b} {
		for _, w := range list {
			if !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out
}

func rows(kind itemKind, table string) []itemType {
	var out []itemType
	for line := range strings.Lines(table) {
		name, keywords, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "" {
			continue
		}
		t := itemType{name: strings.TrimSpace(name), kind: kind}
		for k := range strings.SplitSeq(keywords, ",") {
			if k = strings.TrimSpace(k); k != "" {
				t.keywords = append(t.keywords, k)
			}
		}
		out = append(out, t)
	}
	return out
}

// itemTypes lists the types of Esri's page "Items and item types", by kind, with the keywords
// that the portal derives from the type. Keywords that the apps themselves set are not here.
var itemTypes = slices.Concat(
	rows(kindText, `
		360 VR Experience
		AppBuilder Extension
		Application
		Application Configuration
		Color Set
		Content Category Set
		Dashboard
		Data Pipeline
		Data Store
		Excalibur Imagery Project
		Experience Builder Widget
		Feature Collection: Feature Collection
		Feature Collection Template: Feature Collection Template
		Featured Items
		Group Layer
		Hub Event
		Hub Initiative
		Hub Initiative Template
		Hub Page
		Hub Project
		Hub Site Application
		Insights Data Engineering Workbook
		Insights Model
		Insights Page
		Insights Theme
		Insights Workbook
		Investigation
		Map Area
		Mission
		Mission Template
		Operation View
		Oriented Imagery Catalog
		Ortho Mapping Project
		Ortho Mapping Template
		QuickCapture Project
		Route Layer
		Site Application
		Site Initiative
		Site Page
		Solution
		StoryMap
		StoryMap Theme
		Symbol Set
		Urban Model
		Urban Project
		Web AppBuilder Widget
		Web Experience
		Web Experience Template
		Web Link Chart
		Web Map: Web Map, Explorer Web Map, Map, Online Map, ArcGIS Online
		Web Mapping Application: Web Map, Map, Online Map, Mapping Site
		Web Scene: 3D, Map, Scene, Web Scene
		Workforce Project
		Workflow`),
	rows(kindFile, `
		Administrative Report
		Apache Parquet: Data, Apache Parquet
		AppBuilder Widget Package
		ArcGIS Pro Add In: Tool, Add In, Pro
		ArcGIS Pro Configuration
		ArcPad Package: Map, Layer, Data
		Basemap Package: Basemap Package
		CAD Drawing: Data, CAD
		CityEngine Web Scene
		Code Attachment: Code
		Code Sample: Code, Sample
		Compact Tile Package: Compact Tile Package
		CSV: Data, Text, CSV
		CSV Collection: Data, CSV Collection
		Deep Learning Package
		Deep Learning Studio Project
		Desktop Add In: Tool, Add In
		Desktop Application: Desktop Application
		Desktop Application Template: Application, Add In, Toolbar, Template
		Desktop Style: Desktop Style
		Earth configuration
		Esri Classification Schema
		Esri Classifier Definition
		Explorer Add In: Tool, Add In, Explorer, ArcGIS Explorer
		Explorer Layer: Data, Layer, Explorer, ArcGIS Explorer
		Explorer Map: Map, Explorer Map, Explorer Document, 2D, 3D, ArcGIS Explorer
		Export Package
		File Geodatabase: Data, File Geodatabase
		Form
		GeoJson: Data, GeoJson, Coordinates
		GeoPackage: Data, GeoPackage
		GML: Data, GML
		Geoprocessing Package: ArcGIS Desktop, ArcMap, Geoprocessing Package, Tool
		Geoprocessing Package (Pro version): ArcGIS Pro, Geoprocessing Package, Tool
		Geoprocessing Sample: Tool, Geoprocessing Sample
		Globe Document: Map, Globe Document, 3D, ArcGIS Desktop, ArcGlobe
		Iwork Keynote
		Iwork Numbers
		Iwork Pages
		Image: Data, Image
		Image Collection: Data, Image Collection
		KML: Data, Map, KML
		KML Collection: Data, KML Collection
		Layer: Layer, ArcGIS Desktop
		Layer Package: Layer, Layer Package, Data, ArcGIS Desktop
		Layer Template: Layer Template
		Layout: Layout, ArcGIS Desktop
		Locator Package: Locator Package, Tool
		Map Document: Map, Map Document, 2D, ArcGIS Desktop, ArcMap
		Map Package: Map, Map Package, 2D, ArcGIS Desktop
		Map Template: Map, ArcGIS Desktop, Template
		Microsoft Excel: Data, Document, Microsoft Excel
		Microsoft Powerpoint: Data, Document, Microsoft Powerpoint
		Microsoft Word: Data, Document, Microsoft Word
		Mobile Basemap Package: Mobile Basemap Package
		Mobile Map Package: Mobile Map Package
		Mobile Scene Package: Mobile Scene Package
		Native Application
		Native Application Installer
		Native Application Template
		Notebook
		Notebook Code Snippet Library
		PDF: Data, Document, PDF
		Pro Map
		Pro Presentation
		Pro Project
		Pro Report
		Pro Report Template
		Pro Scene
		Project Package: Project, Project Package, ArcGIS Pro
		Project Template: Project Template, ArcGIS Pro
		Published Map: Map, Published Map, 2D, ArcReader
		Raster function template
		Report Template
		Rule Package: Rule Package
		Scene Document: Map, Scene Document, 3D, ArcGIS Desktop, ArcScene
		Scene Package: Scene Package
		Service Definition: Data, Service, Service Definition
		Shapefile: Data, Shapefile
		SQLite Geodatabase: Data, SQLite Geodatabase
		Statistical Data Collection
		Style
		Survey123 Add In
		Task File
		Tile Package: Map, Tile Package
		Toolbox Package: Toolbox Package
		Vector Tile Package: Vector Tile Package
		Visio Document: Data, Document, Visio Document
		Windows Mobile Package: Windows Mobile Package
		Workflow Manager Package: Workflow Manager Package`),
	rows(kindURL, `
		3DTiles Service: Data, Service, 3DTiles Service
		Big Data File Share: Data, Big Data File Share
		Document Link: Data, Document
		Feature Service: Data, Service, Feature Service, ArcGIS Server, Feature Access
		Feed: Data, Service, Feed
		Geocoding Service: Tool, Service, Geocoding Service, Locator Service, ArcGIS Server
		Geodata Service: Data, Service, Geodata Service, ArcGIS Server
		Geoenrichment Service: Geoenrichment Service, Service, ArcGIS Server
		Geometry Service: Tool, Service, Geometry Service, ArcGIS Server
		Geoprocessing Service: Tool, Service, Geoprocessing Service, ArcGIS Server
		Globe Service: Data, Service, Globe Service, ArcGIS Server
		Image Service: Data, Service, Image Service, ArcGIS Server
		Knowledge Graph: Data, Service, Knowledge Graph
		Map Service: Data, Service, Map Service, ArcGIS Server
		Mobile Application: ArcGIS Mobile Map, Mobile Application
		Network Analysis Service: Tool, Service, Network Analysis Service, ArcGIS Server
		OGCFeatureServer: Data, Service, Feature Service, OGC
		Oriented Imagery: Data, Service, Oriented Imagery
		Real Time Analytic: Real Time Analytic
		Big Data Analytic: Big Data Analytic
		Relational Database Connection: Data, Service, Relational Database Connection
		Scene Service: Data, Service, Scene Service, ArcGIS Server
		Stream Service: Data, Service, Stream Service, ArcGIS Server
		Vector Tile Service: Data, Service, Vector Tile Service, ArcGIS Server
		WCS: Data, Service, Web Coverage Service, OGC
		WFS: Data, Service, Web Feature Service, OGC
		WMS: Data, Service, Web Map Service, OGC
		WMTS: Data, Service, Web Map Tile Service, OGC
		Workflow Manager Service: Service, Workflow Manager Service`),
)
