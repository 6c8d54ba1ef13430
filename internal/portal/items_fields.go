package portal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/rhumb-gis/rhumb/esri"
)

// Limits of items' properties. Snippet and description are those of Esri's page "Item"; the
// others bound what one request can make the index hold.
const (
	maxItemTitle       = 1024
	maxItemSnippet     = 2048
	maxItemDescription = 64 << 10 // bytes, as the next ones
	maxItemText        = 64 << 10
	maxItemJSON        = 1 << 20
	maxItemCategories  = 20
	maxItemWords       = 1000 // in one list
	maxItemWord        = 1024
	maxItemType        = 128
	maxFileName        = 255
)

// ItemFields are the properties of an item that callers set. Nil leaves a property as it is;
// the empty value clears it.
type ItemFields struct {
	Type              *string // of a new item, or the one that the item has
	Title             *string
	Description       *string
	Snippet           *string
	AccessInformation *string
	LicenseInfo       *string
	Culture           *string
	URL               *string
	Documentation     *string
	SpatialReference  *string
	ContentStatus     *string
	Tags              *[]string
	TypeKeywords      *[]string // beside those of the type, which stay
	Categories        *[]string
	AppCategories     *[]string
	Industries        *[]string
	Languages         *[]string
	MetadataFormats   *[]string
	Extent            **esri.Extent
	Properties        json.RawMessage // a JSON object, or null to clear
	AdvancedSettings  json.RawMessage
	ProxyFilter       json.RawMessage
	Classification    json.RawMessage
	CommentsEnabled   *bool
	MetadataEditable  *bool
}

// check names the first property that an item cannot hold.
func (f *ItemFields) check() error {
	if f.Title != nil {
		t := strings.TrimSpace(*f.Title)
		if t == "" {
			return ErrBadParam("title", "must not be empty")
		}
		f.Title = &t
	}
	if f.Type != nil && (len(*f.Type) > maxItemType || strings.ContainsFunc(*f.Type, unicode.IsControl)) {
		return ErrBadParam("type", "is not the name of an item type")
	}
	for _, t := range []struct {
		name  string
		value *string
		limit int
	}{{"title", f.Title, maxItemTitle}, {"snippet", f.Snippet, maxItemSnippet}} {
		if t.value != nil {
			if err := checkText(t.name, *t.value, t.limit); err != nil {
				return err
			}
		}
	}
	if f.Description != nil && len(*f.Description) > maxItemDescription {
		return ErrBadParam("description", fmt.Sprintf("must have at most %d KB", maxItemDescription>>10))
	}
	for name, s := range map[string]*string{"accessInformation": f.AccessInformation, "licenseInfo": f.LicenseInfo, "culture": f.Culture,
		"url": f.URL, "documentation": f.Documentation, "spatialReference": f.SpatialReference} {
		if s != nil && len(*s) > maxItemText {
			return ErrBadParam(name, fmt.Sprintf("must have at most %d KB", maxItemText>>10))
		}
	}
	if err := f.checkURL(); err != nil {
		return err
	}
	if f.ContentStatus != nil && !slices.Contains([]string{"", "org_authoritative", "public_authoritative", "deprecated"}, *f.ContentStatus) {
		return ErrBadParam("contentStatus", "must be org_authoritative, public_authoritative, deprecated or empty")
	}
	if f.Categories != nil && len(*f.Categories) > maxItemCategories {
		return &Error{Code: 400, Message: fmt.Sprintf("Item exceeds max size of %d categories.", maxItemCategories)}
	}
	if err := f.checkWords(); err != nil {
		return err
	}
	return f.checkJSON()
}

// checkURL refuses addresses that run as scripts where a page links to them.
func (f *ItemFields) checkURL() error {
	if f.URL == nil {
		return nil
	}
	s := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, *f.URL)
	for _, scheme := range []string{"javascript:", "vbscript:", "data:"} {
		if strings.HasPrefix(s, scheme) {
			return ErrBadParam("url", "must not begin with "+scheme)
		}
	}
	return nil
}

func (f *ItemFields) checkWords() error {
	for name, list := range map[string]*[]string{"tags": f.Tags, "typeKeywords": f.TypeKeywords, "categories": f.Categories,
		"appCategories": f.AppCategories, "industries": f.Industries, "languages": f.Languages, "metadataFormats": f.MetadataFormats} {
		if list == nil {
			continue
		}
		if len(*list) > maxItemWords {
			return ErrBadParam(name, fmt.Sprintf("must hold at most %d entries", maxItemWords))
		}
		for _, w := range *list {
			if err := checkText(name, w, maxItemWord); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *ItemFields) checkJSON() error {
	for name, doc := range map[string]json.RawMessage{"properties": f.Properties, "advancedSettings": f.AdvancedSettings,
		"proxyFilter": f.ProxyFilter, "classification": f.Classification} {
		if doc == nil || isNull(doc) {
			continue
		}
		switch {
		case len(doc) > maxItemJSON:
			return ErrBadParam(name, fmt.Sprintf("must have at most %d KB", maxItemJSON>>10))
		case !bytes.HasPrefix(bytes.TrimSpace(doc), []byte("{")) || !json.Valid(doc):
			return ErrBadParam(name, "must be a JSON object")
		}
		if err := checkDepth(name, doc); err != nil {
			return err
		}
	}
	return nil
}

func isNull(doc json.RawMessage) bool { return string(bytes.TrimSpace(doc)) == "null" }

// apply sets on it what f holds, the type apart.
func (f *ItemFields) apply(it *Item) {
	set(&it.Title, f.Title)
	set(&it.Description, f.Description)
	set(&it.Snippet, f.Snippet)
	set(&it.AccessInformation, f.AccessInformation)
	set(&it.LicenseInfo, f.LicenseInfo)
	set(&it.Culture, f.Culture)
	set(&it.URL, f.URL)
	set(&it.Documentation, f.Documentation)
	set(&it.SpatialReference, f.SpatialReference)
	set(&it.ContentStatus, f.ContentStatus)
	if f.ContentStatus != nil && authoritative(it.ContentStatus) {
		it.Protected = true
	}
	set(&it.Tags, f.Tags)
	set(&it.Categories, f.Categories)
	set(&it.AppCategories, f.AppCategories)
	set(&it.Industries, f.Industries)
	set(&it.Languages, f.Languages)
	set(&it.MetadataFormats, f.MetadataFormats)
	set(&it.Extent, f.Extent)
	set(&it.CommentsEnabled, f.CommentsEnabled)
	set(&it.MetadataEditable, f.MetadataEditable)
	setJSON(&it.Properties, f.Properties)
	setJSON(&it.AdvancedSettings, f.AdvancedSettings)
	setJSON(&it.ProxyFilter, f.ProxyFilter)
	setJSON(&it.Classification, f.Classification)
	if f.TypeKeywords != nil {
		kept := slices.DeleteFunc([]string{metadataKeyword, appKeyword}, func(k string) bool { return !slices.Contains(it.TypeKeywords, k) })
		it.TypeKeywords = mergeWords(*f.TypeKeywords, kept)
	}
	it.TypeKeywords = withKeywords(it.Type, it.TypeKeywords)
}

func set[T any](at *T, value *T) {
	if value != nil {
		*at = *value
	}
}

func setJSON(at *json.RawMessage, doc json.RawMessage) {
	switch {
	case doc == nil:
	case isNull(doc):
		*at = nil
	default:
		*at = slices.Clone(doc)
	}
}
