package remap

import (
	"bytes"
	"slices"
)

// A rule is what an item type needs beyond the rewriting of ids and addresses.
type rule struct {
	name string
	// fix changes a document that holds one of words.
	words []string
	fix   func(*fixer)
	// layers means that documents name layers by number beside the id or address of a service;
	// sublayers, that they also do so in lists.
	layers    bool
	sublayers func(*fixer)
	// local names the places, with all that is in them, whose ids mean nothing outside a
	// document that holds one of localWords.
	localWords []string
	local      func(*fixer) []string
	// expects says what the places of ids expect; the first that fits counts.
	expects []expect
	// beside is the key that tells the type of the item whose itemId stands beside it.
	beside string
	// code means that account names are left alone: they are part of a program.
	code bool
}

func holds(doc []byte, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(doc, []byte(w)) })
}

// entry assigns a rule to an item type; with a keyword, to the items of the type that carry it.
type entry struct {
	itemType, keyword string
	file              fileKind // what a file that was uploaded as its data is
	rule              *rule
}

// fileKind is what an uploaded file of an item type is.
type fileKind int

const (
	ownFile     fileKind = iota // the user's own
	textFile                    // the text of an app
	archiveFile                 // a zip file of an app
)

// rules lists the typed rules, one item type a line; the first entry that fits counts. Where a
// rule is generic the rewriting of ids and addresses is all that the type needs. Types that are not
// listed are generic too, and a file uploaded as their data is the user's own.
//
// The data of most apps is no file, but tools that upload all data as files leave apps with a
// file name; their text is rewritten all the same.
var rules = []entry{
	{"Web Map", "", textFile, &webMapRule},
	{"Web Scene", "", textFile, &webMapRule},
	{"Pro Map", "", textFile, &proMapRule},
	{"Dashboard", "", textFile, &dashboardRule},
	{"Operation View", "", textFile, &operationViewRule},
	{"Web Mapping Application", "Web AppBuilder", textFile, &appBuilderRule},
	{"Web Mapping Application", "WAB2D", textFile, &appBuilderRule},
	{"Web Mapping Application", "WAB3D", textFile, &appBuilderRule},
	{"Web Mapping Application", "", textFile, &configurableRule}, // Instant Apps and classic story maps too
	{"Application Configuration", "", textFile, &configurableRule},
	{"StoryMap", "", textFile, &storyMapRule},
	{"StoryMap Theme", "", textFile, &genericRule},
	{"Web Experience", "", textFile, &experienceRule},
	{"Web Experience Template", "", textFile, &experienceRule},
	{"Hub Site Application", "", textFile, &siteRule},
	{"Site Application", "", textFile, &siteRule},
	{"Hub Page", "", textFile, &siteRule},
	{"Site Page", "", textFile, &siteRule},
	{"Hub Initiative", "", textFile, &siteRule},
	{"Form", "", archiveFile, &formRule},
	{"QuickCapture Project", "", textFile, &quickCaptureRule},
	{"Workforce Project", "", textFile, &workforceRule},
	{"Notebook", "", textFile, &notebookRule},
	{"Solution", "", textFile, &solutionRule},
	{"Style", "", textFile, &genericRule},
	{"Vector Tile Service", "", textFile, &genericRule}, // its style is the resource styles/root.json
	{"Feature Service", "", textFile, &featureServiceRule},
	{"Table", "", textFile, &featureServiceRule},
	{"Application", "", textFile, &applicationRule},
	{"Data Pipeline", "", textFile, &pipelineRule},
	{"Feed", "", textFile, &pipelineRule},
	{"Real Time Analytic", "", textFile, &pipelineRule},
	{"Big Data Analytic", "", textFile, &pipelineRule},
	{"Map Service", "", textFile, &genericRule},
	{"Image Service", "", textFile, &genericRule},
	{"Scene Service", "", textFile, &genericRule},
	{"Feature Collection", "", textFile, &genericRule},
	{"Feature Collection Template", "", textFile, &genericRule},
	{"Group Layer", "", textFile, &webMapRule},
	{"Media Layer", "", textFile, &genericRule},
	{"Oriented Imagery Catalog", "", textFile, &genericRule},
	{"Symbol Set", "", textFile, &genericRule},
	{"Color Set", "", textFile, &genericRule},
	{"Windows Viewer Configuration", "", textFile, &genericRule},
}

// entryFor finds the entry of an item; a generic one if its type has none.
func entryFor(it ItemInfo) entry {
	for _, e := range rules {
		if e.itemType == it.Type && (e.keyword == "" || it.hasKeyword(e.keyword)) {
			return e
		}
	}
	return entry{itemType: it.Type, rule: &genericRule}
}

var genericRule = rule{name: "generic"}
