package portal

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// card is the item card that desktop applications read: iteminfo.xml.
type card struct {
	XMLName           xml.Name    `xml:"ESRI_ItemInformation"`
	Culture           string      `xml:"culture,attr"`
	Name              string      `xml:"name"`
	Catalog           string      `xml:"catalogpath"`
	Snippet           string      `xml:"snippet"`
	Description       string      `xml:"description"`
	Summary           string      `xml:"summary"`
	Title             string      `xml:"title"`
	Tags              string      `xml:"tags"`
	Type              string      `xml:"type"`
	TypeKeywords      []string    `xml:"typekeywords>typekeyword"`
	URL               string      `xml:"url"`
	Extent            *cardExtent `xml:"extent"`
	SpatialReference  string      `xml:"spatialreference"`
	AccessInformation string      `xml:"accessinformation"`
	LicenseInfo       string      `xml:"licenseinfo"`
	GUID              esri.ItemID `xml:"guid"`
	Thumbnail         string      `xml:"thumbnail"`
}

type cardExtent struct {
	XMin string `xml:"xmin"`
	YMin string `xml:"ymin"`
	XMax string `xml:"xmax"`
	YMax string `xml:"ymax"`
}

// itemCard writes an item's properties as a card.
func itemCard(it *Item) ([]byte, error) {
	c := card{
		Culture: it.Culture, Name: it.Name, Snippet: it.Snippet, Summary: it.Snippet, Description: it.Description,
		Title: it.Title, Tags: strings.Join(it.Tags, ","), Type: it.Type, TypeKeywords: it.TypeKeywords, URL: it.URL,
		SpatialReference: it.SpatialReference, AccessInformation: it.AccessInformation, LicenseInfo: it.LicenseInfo,
		GUID: it.ID, Thumbnail: it.Thumbnail,
	}
	if e := it.Extent; e != nil {
		n := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
		c.Extent = &cardExtent{n(e.XMin), n(e.YMin), n(e.XMax), n(e.YMax)}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	err := enc.Encode(c)
	return b.Bytes(), err
}
