package remap

import (
	"bytes"
	"strings"
)

// expect says which types of items the ids under a key have.
type expect struct {
	under string // the key of a member somewhere around; "" for any place
	key   string
	types string // separated by |; "" if the place takes any
}

const (
	mapTypes   = "Web Map|Web Scene"
	layerTypes = "Feature Service|Map Service|Image Service|Vector Tile Service|Scene Service|Feature Collection|" +
		"Group Layer|Media Layer|KML|KML Collection|WMS|WMTS|WFS|OGCFeatureServer|GeoJson|CSV|CSV Collection|GeoPackage|Shapefile|" +
		"Stream Service|Table|Knowledge Graph|Oriented Imagery Catalog|Video Service|3DTiles Service|Route Layer|Relational Database Connection"
)

// expectations hold for all documents, behind those of a rule.
var expectations = []expect{
	{"", "webmap", "Web Map"},
	{"", "webmaps", "Web Map"},
	{"", "webMapId", "Web Map"},
	{"", "webscene", "Web Scene"},
	{"", "webscenes", "Web Scene"},
	{"", "websceneId", "Web Scene"},
	{"webmap", "id", "Web Map"},
	{"webscene", "id", "Web Scene"},
	{"", "mapItemId", mapTypes},
	{"", "surveyItemId", "Form"},
	{"", "featureServiceItemId", "Feature Service"},
	{"", "workforceFeatureServiceId", "Feature Service"},
	{"", "notebookId", "Notebook"},
}

// expected finds the types that the place of a reference to an item takes.
func expected(ru *rule, path string) string {
	keys := pathKeys(path)
	if len(keys) == 0 {
		return ""
	}
	key, around := keys[len(keys)-1], keys[:len(keys)-1]
	for _, list := range [][]expect{ru.expects, expectations} {
		for _, e := range list {
			if strings.EqualFold(e.key, key) && (e.under == "" || containsFold(around, e.under)) {
				return e.types
			}
		}
	}
	return ""
}

// typesBeside reads the types that a document tells beside its ids, by the path of the id.
func (ru *rule) typesBeside(doc []byte) map[string]string {
	if ru.beside == "" || !bytes.Contains(doc, []byte(`"`+ru.beside+`"`)) {
		return nil
	}
	o, err := outlineOf(doc)
	if err != nil {
		return nil
	}
	types := map[string]string{}
	for v := range o.root().all() {
		kind, ok := v.get(ru.beside)
		id, has := v.get("itemId")
		if !ok || !has {
			continue
		}
		if text, ok := kind.text(); ok {
			types[id.path()] = text
		}
	}
	return types
}

// pathKeys splits a path of a report into keys. Keys with other than letters, digits, _ and $ are
// never asked for and may come in parts.
func pathKeys(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool {
		return r == '.' || r == '[' || r == ']' || r == '"' || r == '→' || '0' <= r && r <= '9'
	})
}

func containsFold(list []string, want string) bool {
	for _, s := range list {
		if strings.EqualFold(s, want) {
			return true
		}
	}
	return false
}

// Fits reports whether the place of the reference takes an item of the given type.
func (ref Ref) Fits(itemType string) bool {
	if ref.Types == "" {
		return true
	}
	for t := range strings.SplitSeq(ref.Types, "|") {
		if t == itemType {
			return true
		}
	}
	return false
}
