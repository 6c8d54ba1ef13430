package remap

import (
	"path"
	"strings"
)

// Treatment is how a clone handles the data or a resource of an item.
type Treatment int

// Treatments.
const (
	// TreatFile is a user's own file: it is copied byte for byte, and scanned by [Rewriter.Scan].
	TreatFile Treatment = iota
	// TreatText is text that was not uploaded as a file: [Rewriter.Item] rewrites it.
	TreatText
	// TreatTextFile is a file that is the text of an app, such as a notebook: [Rewriter.Item]
	// rewrites it, and it is uploaded as a file under the same name.
	TreatTextFile
	// TreatArchive is a zip file of an app: [Rewriter.Archive] rewrites the texts in it.
	TreatArchive
)

// Typed tells how the data of an item is treated. dataName is the name of the file that was
// uploaded as its data, "" where the data is none.
func Typed(it ItemInfo, dataName string) Treatment {
	if dataName == "" {
		return TreatText
	}
	switch fileKinds[it.Type] {
	case archiveFile:
		return TreatArchive
	case textFile:
		if !isArchiveName(dataName) {
			return TreatTextFile
		}
	}
	return TreatFile
}

// TypedResource tells how a resource of an item is treated: as TreatTextFile or TreatFile.
func TypedResource(it ItemInfo, name string) Treatment {
	switch strings.ToLower(path.Ext(name)) {
	case ".json", ".xml", ".html", ".htm", ".txt", ".js", ".mjs", ".css", ".md":
		return TreatTextFile
	case ".ipynb", ".py":
		if it.Type == "Notebook" {
			return TreatTextFile
		}
	}
	return TreatFile
}

func isArchiveName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".zip", ".7z", ".gz", ".tar", ".tgz", ".rar":
		return true
	}
	return false
}

// fileKind is what an uploaded file of an item type is.
type fileKind int

const (
	ownFile fileKind = iota
	textFile
	archiveFile
)

// fileKinds lists the item types whose uploaded file belongs to an app rather than to a user.
// Of every other type the file is the user's own. Tools that upload all data as files leave
// apps with a file name; their text is rewritten all the same.
var fileKinds = map[string]fileKind{
	"Form":                         archiveFile,
	"Notebook":                     textFile,
	"Pro Map":                      textFile,
	"QuickCapture Project":         textFile,
	"Web Map":                      textFile,
	"Web Scene":                    textFile,
	"Dashboard":                    textFile,
	"Operation View":               textFile,
	"Web Mapping Application":      textFile,
	"Web Experience":               textFile,
	"Web Experience Template":      textFile,
	"StoryMap":                     textFile,
	"StoryMap Theme":               textFile,
	"Hub Site Application":         textFile,
	"Hub Page":                     textFile,
	"Hub Initiative":               textFile,
	"Site Application":             textFile,
	"Site Page":                    textFile,
	"Workforce Project":            textFile,
	"Solution":                     textFile,
	"Style":                        textFile,
	"Feature Service":              textFile,
	"Map Service":                  textFile,
	"Image Service":                textFile,
	"Scene Service":                textFile,
	"Vector Tile Service":          textFile,
	"Feature Collection":           textFile,
	"Feature Collection Template":  textFile,
	"Group Layer":                  textFile,
	"Media Layer":                  textFile,
	"Data Pipeline":                textFile,
	"Application":                  textFile,
	"Application Configuration":    textFile,
	"Oriented Imagery Catalog":     textFile,
	"Symbol Set":                   textFile,
	"Color Set":                    textFile,
	"Windows Viewer Configuration": textFile,
}
