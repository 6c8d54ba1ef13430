package remap

import "slices"

// featureServiceRule is for the layer overrides of feature services, and for the properties of
// Workforce projects that are feature services. What tells how a view was made is exported for
// cloning and must not stay in the clone.
var featureServiceRule = rule{
	name:  "feature service",
	words: []string{`"adminLayerInfo"`},
	fix: func(f *fixer) {
		for _, key := range []string{"layers", "tables"} {
			list, ok := f.o.root().get(key)
			if !ok {
				continue
			}
			for layer := range list.children() {
				f.drop(layer, func(m value) bool { return m.key() == "adminLayerInfo" })
			}
		}
	},
	expects: []expect{
		{"", "workforceWorkerMapId", "Web Map"},
		{"", "workforceDispatcherMapId", "Web Map"},
	},
}

// secretKeys are the members of an application's registration that only its portal may know.
var secretKeys = []string{"client_secret", "clientSecret", "apnsProdCert", "apnsSandboxCert", "gcmApiKey", "apiKey"}

// applicationRule is for registered applications. Their client ids are in Map.ClientIDs.
var applicationRule = rule{
	name:  "application",
	words: secretKeys,
	fix: func(f *fixer) {
		for v := range f.o.root().all() {
			if text, ok := v.text(); ok && text != "" && slices.Contains(secretKeys, v.key()) {
				f.blank(v, RuleDropped)
				f.warn(v, "a secret of the application was left out: take the new one from the target")
			}
		}
	},
}

// pipelineRule is for Data Pipelines and Velocity, where the keys of members have prefixes:
// feature-layer.layerId.
var pipelineRule = rule{
	name:   "pipeline",
	layers: true,
	expects: []expect{
		{"", "itemId", layerTypes + "|CSV|Microsoft Excel|GeoJson|Shapefile|Parquet|File Geodatabase"},
	},
}
