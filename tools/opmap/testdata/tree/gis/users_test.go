package gis

// py: arcgis.gis.User.bundles
func helper() {}
