package portal

import (
	"slices"
	"strings"
)

// Privileges that changes of the organization ask for; administrators hold them all.
const (
	privWebsite  = "portal:admin:manageWebsite"
	privServices = "portal:admin:manageUtilityServices"
)

// PropertyKind is the form of a property of the organization.
type PropertyKind int

// The forms.
const (
	TextProperty PropertyKind = iota
	BoolProperty
	NumberProperty
	ListProperty    // of texts
	ObjectProperty  // a JSON object
	ObjectsProperty // a JSON array of objects
)

// OrgProperty is a property of the organization that can be changed.
type OrgProperty struct {
	Name      string // as parameter, and for what is no service also in portals/self
	Kind      PropertyKind
	Privilege string
	Service   string // the helper service that it is
}

// OrgProperties lists what Esri's page "Update" of portals names and this portal keeps.
func OrgProperties() []OrgProperty {
	return slices.Concat(
		properties(TextProperty, privWebsite, `name description summary backgroundImage culture cultureFormat region units helpBase
			homePageFeaturedContent featuredGroupsId`),
		properties(TextProperty, privWebsite, groupQueries),
		properties(BoolProperty, privWebsite, "showHomePageDescription metadataEditable useVectorBasemaps use3dBasemaps useStandardizedQuery canShareBingPublic"),
		properties(BoolProperty, privManageSecurity, "canSharePublic"),
		properties(TextProperty, privManageSecurity, "access"),
		properties(NumberProperty, privWebsite, "homePageFeaturedContentCount"),
		properties(ListProperty, privWebsite, "metadataFormats"),
		properties(ObjectProperty, privWebsite, "defaultBasemap defaultVectorBasemap defaultDevBasemap defaultExtent portalProperties"),
		properties(ObjectsProperty, privWebsite, "featuredGroups rotatorPanels"),
		helperProperties(),
	)
}

// groupQueries are the searches for groups that viewers run.
const groupQueries = `basemapGalleryGroupQuery vectorBasemapGalleryGroupQuery 3DBasemapGalleryGroupQuery devBasemapGalleryGroupQuery
	dev3DBasemapGalleryGroupQuery templatesGroupQuery galleryTemplatesGroupQuery layerTemplatesGroupQuery symbolSetsGroupQuery
	colorSetsGroupQuery stylesGroupQuery 2DStylesGroupQuery 2DSketchStylesGroupQuery analysisLayersGroupQuery livingAtlasGroupQuery
	featuredItemsGroupQuery contentCategorySetsGroupQuery rasterFunctionTemplatesGroupQuery boundaryLayersGroupQuery
	demographicLayersGroupQuery navigatorMapsGroupQuery`

// helperNames are the parameters of helper services. They appear without Service or ServiceLayer
// at the end.
//
// guess: only the names geocode, route, geometry, elevationSync, printTask and closestFacility
// are documented for reading; the others follow the same rule.
const helperNames = `geocodeService routeServiceLayer geometryService elevation3DService closestFacilityService asyncClosestFacilityService
	serviceAreaService asyncServiceAreaService syncVRPService asyncVRPService geoenrichmentService analysisService trafficService
	asyncRouteService asyncODCostMatrixService asyncLocationAllocationService routingUtilitiesService elevationService
	elevationSyncService hydrologyService rasterAnalyticsService orthoMappingService orthomappingElevationService
	rasterUtilitiesService locationTrackingService geoanalyticsService asyncGeocodeService`

func helperProperties() []OrgProperty {
	out := properties(ObjectProperty, privServices, helperNames)
	for i := range out {
		out[i].Service = strings.TrimSuffix(strings.TrimSuffix(out[i].Name, "Layer"), "Service")
		if out[i].Service == "geocode" {
			out[i].Kind = ObjectsProperty
		}
	}
	return append(out, OrgProperty{"printServiceTask", ObjectProperty, privServices, "printTask"})
}

func properties(kind PropertyKind, privilege, names string) []OrgProperty {
	var out []OrgProperty
	for name := range strings.FieldsSeq(names) {
		out = append(out, OrgProperty{Name: name, Kind: kind, Privilege: privilege})
	}
	return out
}

// orgProperty finds a property by name.
func orgProperty(name string) (OrgProperty, bool) {
	all := OrgProperties()
	i := slices.IndexFunc(all, func(p OrgProperty) bool { return p.Name == name })
	if i < 0 {
		return OrgProperty{}, false
	}
	return all[i], true
}
