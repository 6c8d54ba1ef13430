package portal

import (
	"encoding/json"
	"fmt"
)

// firstSettings are the properties of a new organization that are data. Their names are
// those of Esri's page "Portal Self".
//
// guess: boundaryLayersGroupQuery, demographicLayersGroupQuery and navigatorMapsGroupQuery
// have no documented counterpart; they name the three groups that no documented query does.
func firstSettings(admin string) map[string]json.RawMessage {
	basemaps := groupQuery("Basemaps", admin)
	atlas := groupQuery("Living Atlas", "esri_livingatlas")
	basemap := map[string]any{
		"title": "OpenStreetMap",
		"baseMapLayers": []any{map[string]any{
			"id": "OpenStreetMap", "layerType": "OpenStreetMap", "title": "OpenStreetMap", "visibility": true, "opacity": 1,
		}},
	}
	values := map[string]any{
		"basemapGalleryGroupQuery":       basemaps,
		"vectorBasemapGalleryGroupQuery": basemaps,
		"livingAtlasGroupQuery":          atlas,
		"analysisLayersGroupQuery":       groupQuery("Living Atlas Analysis Layers", "esri_livingatlas"),
		"boundaryLayersGroupQuery":       groupQuery("Esri Boundary Layers", "esri_boundaries"),
		"demographicLayersGroupQuery":    groupQuery("Esri Demographic Layers", "esri_demographics"),
		"navigatorMapsGroupQuery":        groupQuery("Navigator Maps", "esri_nav"),
		"defaultBasemap":                 basemap,
		"defaultVectorBasemap":           basemap,
		"useVectorBasemaps":              false,
		"use3dBasemaps":                  false,
		"defaultExtent": map[string]any{
			"type": "extent", "xmin": -15000000, "ymin": -7000000, "xmax": 15000000, "ymax": 11000000,
			"spatialReference": map[string]any{"wkid": 102100},
		},
		"culture": "en", "cultureFormat": "us", "region": "WO", "units": "metric",
		"access":           "public",
		"portalProperties": map[string]any{},
	}
	for _, name := range emptyQueries() {
		values[name] = ""
	}
	out := make(map[string]json.RawMessage, len(values))
	for k, v := range values {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err) // only literals above
		}
		out[k] = b
	}
	return out
}

// emptyQueries names the group queries for which a fresh portal has no group.
func emptyQueries() []string {
	return []string{
		"templatesGroupQuery", "galleryTemplatesGroupQuery", "layerTemplatesGroupQuery", "symbolSetsGroupQuery",
		"colorSetsGroupQuery", "stylesGroupQuery", "featuredItemsGroupQuery", "contentCategorySetsGroupQuery",
		"rasterFunctionTemplatesGroupQuery",
	}
}

// groupQuery is a search that finds one group by title and owner.
func groupQuery(title, owner string) string {
	return fmt.Sprintf(`title:"%s" AND owner:%s`, title, owner)
}
