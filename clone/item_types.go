package clone

import (
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// registeredKeyword is the type keyword that the portal gives to an item which is registered as
// an app.
const registeredKeyword = "Registered App"

// hostedKeyword is the type keyword of services that the portal itself publishes.
const hostedKeyword = "Hosted Service"

// Type keywords that decide whether an item is copied, besides its type.
const (
	apiKeyKeyword  = "API Key"
	webToolKeyword = "Web Tool"
)

// keywordsOfNote leaves those keywords of an item that planning looks at; a portal's keywords
// all together would not fit in memory.
func keywordsOfNote(keywords []string) (out []string) {
	for _, note := range []string{registeredKeyword, apiKeyKeyword, webToolKeyword} {
		if slices.ContainsFunc(keywords, func(k string) bool { return strings.EqualFold(k, note) }) {
			out = append(out, note)
		}
	}
	for _, k := range keywords {
		if id, names := strings.CutPrefix(k, keywordPrefix); names && esri.IsID(id) {
			out = append(out, k)
		}
	}
	return out
}

// Reasons why items of some types are left out.
const (
	holdsSecret   = "it holds credentials, which are never copied; make it anew on the target"
	holdsReplicas = "offline areas hold copies of the source's services; make the area anew on the target"
	serverSide    = "its content lives in a server beside the portal; make it anew there"
)

// leftOutTypes are the item types that are not copied, with the reason.
var leftOutTypes = map[string]string{
	"API Key":                        holdsSecret,
	"Relational Database Connection": holdsSecret,
	"Data Store":                     holdsSecret,
	"Big Data File Share":            holdsSecret,
	"Map Area":                       holdsReplicas,
	"Workflow":                       serverSide,
	"Real Time Analytic":             serverSide,
	"Big Data Analytic":              serverSide,
	"Feed":                           serverSide,
	"Knowledge Graph":                serverSide,
	"Hub Event":                      serverSide,
}

// notCopied is the reason why an item is left out for what it is; "" for one that is copied.
func notCopied(itemType string, keywords []string) string {
	switch {
	case leftOutTypes[itemType] != "":
		return leftOutTypes[itemType]
	case slices.Contains(keywords, apiKeyKeyword):
		return holdsSecret
	case slices.Contains(keywords, webToolKeyword):
		return "a web tool runs on the server of its portal; publish its notebook anew on the target"
	}
	return ""
}
