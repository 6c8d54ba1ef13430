package clone

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// markerKey is the key under which properties hold the marker.
const markerKey = "rhumb"

// keywordPrefix begins the type keyword that names a copy's source item.
const keywordPrefix = "source-"

// marker says what an object on the target was copied from, and in which state the source
// object was then. It names no host.
type marker struct {
	Source    string `json:"source"` // key of the source portal
	ID        string `json:"id"`     // of the source object
	Run       string `json:"run"`
	Modified  int64  `json:"modified,omitempty"`  // of the source object
	Size      int64  `json:"size,omitempty"`      // of the source item, as the listing of its folder tells it; below 0 counts as 0
	SHA256    string `json:"sha256,omitempty"`    // of the source data
	Resources string `json:"resources,omitempty"` // resourcesHash of the source item; empty: it had none
}

// resourcesHash sums up a list of resources: names, sizes, access and times of creation, in
// any order. An empty list is "".
func resourcesHash(list []*gis.Resource) string {
	if len(list) == 0 {
		return ""
	}
	lines := make([]string, 0, len(list))
	for _, r := range list {
		lines = append(lines, fmt.Sprintf("%q %d %s %d\n", r.Name, r.Size, r.Access, r.Created.Millis()))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return hex.EncodeToString(sum[:8])
}

// sourceKey tells portals apart that share an organization id. The scheme does not count: it
// is how a portal is reached.
func sourceKey(org esri.OrgID, address string) string {
	_, host, _ := strings.Cut(address, "://")
	sum := sha256.Sum256([]byte(host))
	return string(org) + "-" + hex.EncodeToString(sum[:8])
}

// readMarker returns the marker in properties; ok is false where there is none.
func readMarker(properties json.RawMessage) (m marker, ok bool) {
	var obj map[string]json.RawMessage
	if json.Unmarshal(properties, &obj) != nil || obj[markerKey] == nil {
		return m, false
	}
	return m, json.Unmarshal(obj[markerKey], &m) == nil && m.ID != ""
}

// withMarker returns properties with m in it. Properties that are not an object are dropped:
// they have no room for a key.
func withMarker(properties json.RawMessage, m marker) json.RawMessage {
	obj := map[string]json.RawMessage{}
	if json.Unmarshal(properties, &obj) != nil || obj == nil {
		obj = map[string]json.RawMessage{}
	}
	obj[markerKey] = mustJSON(m)
	return mustJSON(obj)
}

// withoutMarker returns properties as they were before withMarker, nil where nothing is left.
func withoutMarker(properties json.RawMessage) json.RawMessage {
	var obj map[string]json.RawMessage
	if json.Unmarshal(properties, &obj) != nil || obj == nil {
		return properties
	}
	delete(obj, markerKey)
	if len(obj) == 0 {
		return nil
	}
	return mustJSON(obj)
}

// withoutSourceKeywords drops the keywords that name the source of a copy.
func withoutSourceKeywords(keywords []string) []string {
	return slices.DeleteFunc(slices.Clone(keywords), func(k string) bool {
		rest, ok := strings.CutPrefix(k, keywordPrefix)
		return ok && esri.IsID(rest)
	})
}

// markedItem returns the source id that a copy's keywords and properties agree on.
func markedItem(keywords []string, properties json.RawMessage, key string) (string, bool) {
	m, ok := readMarker(properties)
	if ok && m.Source == key && slices.Contains(keywords, keywordPrefix+m.ID) {
		return m.ID, true
	}
	return "", false
}

// mustJSON encodes values whose types always encode.
func mustJSON(v any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}
