package clone

import (
	"encoding/json"
	"fmt"

	"github.com/rhumb-gis/rhumb/gis"
)

// spec maps every writable property.
func (c *itemCopy) spec(m marker) (gis.ItemSpec, error) {
	s := c.src
	props, err := c.properties(m)
	if err != nil {
		return gis.ItemSpec{}, err
	}
	spec := gis.ItemSpec{
		Owner: c.owner, Folder: c.folder, ID: c.id,
		Title: c.text("title", s.Title), Type: s.Type, Tags: s.Tags, TypeKeywords: c.keywords(),
		Description: c.text("description", s.Description), Snippet: c.text("snippet", s.Snippet), URL: c.text("url", s.URL),
		SpatialReference: s.SpatialReference, AccessInformation: c.text("accessInformation", s.AccessInformation),
		LicenseInfo: c.text("licenseInfo", s.LicenseInfo), Culture: s.Culture, Documentation: c.text("documentation", s.Documentation),
		Extent: s.Extent, Properties: props, AppCategories: s.AppCategories, Industries: s.Industries, Languages: s.Languages,
		CommentsEnabled: &s.CommentsEnabled,
	}
	if !c.dst.features.HonorsItemIDToCreate {
		spec.ID = ""
	}
	return spec, nil
}

func (c *itemCopy) text(field, s string) string {
	out, rep := c.rw.String(s)
	c.rewrote(field, rep)
	return out
}

// keywords maps the type keywords and adds the one that names the source. A copied service
// item refers to the source's service and must not look hosted on the target.
func (c *itemCopy) keywords() []string {
	var out []string
	for _, k := range withoutSourceKeywords(c.src.TypeKeywords) {
		if k != "Hosted Service" {
			out = append(out, c.text("typeKeywords", k))
		}
	}
	return append(out, keywordPrefix+string(c.src.ID))
}

func (c *itemCopy) properties(m marker) (json.RawMessage, error) {
	props := withoutMarker(c.src.Properties)
	if len(props) == 0 {
		return withMarker(nil, m), nil
	}
	out, rep, err := c.rw.JSON(props)
	if err != nil {
		return nil, fmt.Errorf("properties: %w", err)
	}
	c.rewrote("properties", rep)
	return withMarker(out, m), nil
}

// updateOf turns what an item is created with into an update.
func updateOf(s gis.ItemSpec) gis.ItemUpdate {
	return gis.ItemUpdate{
		Title: &s.Title, Description: &s.Description, Snippet: &s.Snippet, URL: &s.URL, SpatialReference: &s.SpatialReference,
		AccessInformation: &s.AccessInformation, LicenseInfo: &s.LicenseInfo, Culture: &s.Culture, Documentation: &s.Documentation,
		TypeKeywords: &s.TypeKeywords, Tags: &s.Tags, AppCategories: &s.AppCategories, Industries: &s.Industries, Languages: &s.Languages,
		Extent: s.Extent, Properties: s.Properties, CommentsEnabled: s.CommentsEnabled,
	}
}
