package remap

import (
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

const markerPrefix = "source-"

// Marker is the type keyword that a clone carries to say which item it was made from. Callers
// keep it out of what they rewrite and scan.
func Marker(sourceID string) string { return markerPrefix + sourceID }

// ParseMarker reads a type keyword; ok is false if it is no [Marker].
func ParseMarker(keyword string) (sourceID string, ok bool) {
	id, ok := strings.CutPrefix(keyword, markerPrefix)
	id = strings.ToLower(id)
	return id, ok && esri.IsID(id)
}
