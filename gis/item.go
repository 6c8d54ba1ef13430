package gis

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// Item is an item as it was read. Listings carry parts of it; what they leave out is empty.
type Item struct {
	ID     esri.ItemID `json:"id"`
	Owner  string      `json:"owner"`
	OrgID  esri.OrgID  `json:"orgId"`
	Name   string      `json:"name"` // file name of file items, service name of hosted services
	Title  string      `json:"title"`
	Type   string      `json:"type"` // for example Web Map
	URL    string      `json:"url"`  // of services and apps
	Access Access      `json:"access"`
	Size   int64       `json:"size"` // bytes with resources; -1 in listings of services

	TypeKeywords []string `json:"typeKeywords"`
	Tags         []string `json:"tags"`
	Categories   []string `json:"categories"`
	Description  string   `json:"description"` // HTML
	Snippet      string   `json:"snippet"`

	Thumbnail         string          `json:"thumbnail"` // path below the item's info
	LargeThumbnail    string          `json:"largeThumbnail"`
	Banner            string          `json:"banner"`
	Screenshots       []string        `json:"screenshots"`
	Documentation     string          `json:"documentation"`
	Extent            *esri.Extent    `json:"-"`                // WGS84; nil: none
	SpatialReference  string          `json:"spatialReference"` // a number or a name
	AccessInformation string          `json:"accessInformation"`
	LicenseInfo       string          `json:"licenseInfo"`
	Culture           string          `json:"culture"`
	Properties        json.RawMessage `json:"properties"`
	AdvancedSettings  json.RawMessage `json:"advancedSettings"`
	ProxyFilter       json.RawMessage `json:"proxyFilter"`
	Classification    json.RawMessage `json:"classification"`
	SourceURL         string          `json:"sourceUrl"`

	AppCategories   []string `json:"appCategories"`
	Industries      []string `json:"industries"`
	Languages       []string `json:"languages"`
	GroupCategories []string `json:"groupCategories"`
	Listed          bool     `json:"listed"`
	SubInfo         int      `json:"subInfo"`

	OwnerFolder     esri.FolderID `json:"ownerFolder"` // seen by owner and administrators; empty: root folder
	Protected       bool          `json:"protected"`   // seen by owner and administrators, not in searches
	IsOrgItem       bool          `json:"isOrgItem"`
	ItemControl     string        `json:"itemControl"` // admin or update: what the caller may do
	CommentsEnabled bool          `json:"commentsEnabled"`

	NumComments       int     `json:"numComments"`
	NumRatings        int     `json:"numRatings"`
	NumViews          int     `json:"numViews"`
	AvgRating         float64 `json:"avgRating"`
	ScoreCompleteness int     `json:"scoreCompleteness"`
	GroupDesignations string  `json:"groupDesignations"`
	ContentStatus     string  `json:"contentStatus"`
	ContentOrigin     string  `json:"contentOrigin"`

	Created    esri.Time `json:"created"`
	Modified   esri.Time `json:"modified"`
	LastViewed esri.Time `json:"lastViewed"`

	// Sharing is filled by [Content.UserItem] and [Item.ReadSharing].
	Sharing *Sharing `json:"-"`

	raw json.RawMessage
	p   *Portal
}

// UnmarshalJSON reads an item and keeps all of it.
func (it *Item) UnmarshalJSON(b []byte) error { return it.readFrom(whole(b)) }

func (it *Item) readFrom(next func(v any) ([]byte, error)) error {
	type plain Item
	shape := struct {
		*plain
		Box json.RawMessage `json:"extent"`
	}{plain: (*plain)(it)}
	raw, err := next(&shape)
	if err != nil {
		return err
	}
	it.Extent = nil
	if e, ok, err := esri.ParseExtent(string(bytes.Trim(shape.Box, `"`))); err == nil && ok {
		it.Extent = &e
	}
	dropNull(&it.Properties, &it.AdvancedSettings, &it.ProxyFilter, &it.Classification)
	it.raw = bytes.Clone(raw)
	return nil
}

// MarshalJSON writes what was received.
func (it *Item) MarshalJSON() ([]byte, error) { return rawOr(it.raw) }

// Raw is the JSON as received, with every property.
func (it *Item) Raw() json.RawMessage { return it.raw }

// HomepageURL is the item's page in the portal's website.
//
// py: arcgis.gis.Item.homepage
func (it *Item) HomepageURL() string {
	return it.p.URL() + "/home/item.html?id=" + url.QueryEscape(string(it.ID))
}

// Refresh reads the item again: as its owner or an administrator if the caller is one of
// them, so that no view is counted, else as everybody.
//
// rest: GET content/users/{username}/items/{id}
// rest: GET content/items/{id}
func (it *Item) Refresh(ctx context.Context) error {
	fresh, err := it.read(ctx)
	if err != nil {
		return err
	}
	*it = *fresh
	return nil
}

func (it *Item) read(ctx context.Context) (*Item, error) {
	if it.p.manages(it.Owner) {
		fresh, err := it.p.Content.UserItem(ctx, it.Owner, it.ID)
		if err == nil || !hidden(err) {
			return fresh, err
		}
	}
	return it.p.Content.Get(ctx, it.ID)
}

// manages guesses whether the caller owns what username owns, or administers it. Where nobody
// has asked yet who the caller is, it is worth trying.
func (p *Portal) manages(username string) bool {
	p.mu.Lock()
	self := p.self
	p.mu.Unlock()
	switch {
	case username == "":
		return false
	case self == nil:
		return true
	case self.User == nil:
		return false
	default:
		return strings.EqualFold(self.User.Username, username) || self.User.Role == RoleAdmin ||
			slices.Contains(self.User.Privileges, "portal:admin:viewItems")
	}
}
