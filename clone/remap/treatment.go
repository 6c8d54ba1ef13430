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
	switch entryFor(it).file {
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
