package gis

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Self is the portal's description of itself, as the signed-in account sees it. Anonymous
// callers of a private organization see a part of it.
type Self struct {
	ID                   esri.OrgID `json:"id"`
	Name                 string     `json:"name"`
	Description          string     `json:"description"`
	Thumbnail            string     `json:"thumbnail"` // name among the organization's resources; empty: none
	PortalName           string     `json:"portalName"`
	PortalMode           string     `json:"portalMode"` // multitenant or singletenant
	PortalDeploymentType string     `json:"portalDeploymentType"`
	PortalHostname       string     `json:"portalHostname"` // host and context, without a scheme
	IsPortal             bool       `json:"isPortal"`       // ArcGIS Enterprise
	URLKey               string     `json:"urlKey"`         // ArcGIS Online: first label of the organization's host
	CustomBaseURL        string     `json:"customBaseUrl"`
	CurrentVersion       string     `json:"currentVersion"`
	EnterpriseVersion    string     `json:"enterpriseVersion"`
	Access               Access     `json:"access"`
	AllSSL               bool       `json:"allSSL"`
	Culture              string     `json:"culture"`
	Region               string     `json:"region"`
	Units                string     `json:"units"`
	Created              esri.Time  `json:"created"`
	Modified             esri.Time  `json:"modified"`

	CanSharePublic         bool `json:"canSharePublic"`
	CanSearchPublic        bool `json:"canSearchPublic"`
	SupportsHostedServices bool `json:"supportsHostedServices"`
	SupportsOAuth          bool `json:"supportsOAuth"`
	IsReadOnly             bool `json:"isReadOnly"`
	RecycleBinSupported    bool `json:"recycleBinSupported"`
	RecycleBinEnabled      bool `json:"recycleBinEnabled"`

	// User is who is signed in; nil for anonymous access and for apps.
	User *User `json:"user"`

	HelperServices   map[string]json.RawMessage `json:"helperServices"`
	FeaturedGroups   []GroupRef                 `json:"featuredGroups"`
	DefaultBasemap   json.RawMessage            `json:"defaultBasemap"`
	DefaultExtent    json.RawMessage            `json:"defaultExtent"`
	PortalProperties json.RawMessage            `json:"portalProperties"`

	// GroupQueries are the searches that find the groups of basemaps, templates and the
	// like, by property name: "basemapGalleryGroupQuery".
	GroupQueries map[string]string `json:"-"`

	raw json.RawMessage
}

// GroupRef names a group in the portal's settings.
type GroupRef struct {
	ID    esri.GroupID `json:"id"`
	Title string       `json:"title"`
	Owner string       `json:"owner"`
}

// Raw is the JSON as received, with every property.
func (s *Self) Raw() json.RawMessage { return s.raw }

// MarshalJSON writes what was received.
func (s *Self) MarshalJSON() ([]byte, error) { return rawOr(s.raw) }

// UnmarshalJSON reads the portal's description and keeps all of it.
func (s *Self) UnmarshalJSON(b []byte) error {
	type plain Self
	if err := decode(b, (*plain)(s)); err != nil {
		return err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	s.GroupQueries = map[string]string{}
	for name, v := range all {
		var query string
		if strings.HasSuffix(name, "GroupQuery") && json.Unmarshal(v, &query) == nil && query != "" {
			s.GroupQueries[name] = query
		}
	}
	s.CurrentVersion = versionText(all["currentVersion"])
	dropNull(&s.DefaultBasemap, &s.DefaultExtent, &s.PortalProperties)
	s.raw = bytes.Clone(b)
	return nil
}

// versionText reads a version that portals write as a text or as a number.
func versionText(raw json.RawMessage) string {
	text := strings.Trim(string(raw), `"`)
	if text == "null" {
		return ""
	}
	return text
}

// rawOr writes what an entity was read from, and null for one that never was.
func rawOr(raw json.RawMessage) ([]byte, error) {
	if len(raw) == 0 {
		return []byte("null"), nil
	}
	return raw, nil
}

// Self answers the portal's description of itself. It is read once; [Portal.Refresh] reads
// it again. The caller must not change it.
//
// rest: GET portals/self
// py: arcgis.gis.GIS.properties
func (p *Portal) Self(ctx context.Context) (*Self, error) {
	p.mu.Lock()
	self := p.self
	p.mu.Unlock()
	if self != nil {
		return self, nil
	}
	return p.Refresh(ctx)
}

// Refresh reads the portal's description again.
//
// rest: GET portals/self
func (p *Portal) Refresh(ctx context.Context) (*Self, error) {
	var self Self
	if err := p.do(ctx, wire.Read("portals/self"), &self); err != nil {
		return nil, err
	}
	if self.User != nil {
		self.User.bind(p)
	}
	if self.CurrentVersion == "" {
		var root struct {
			CurrentVersion json.RawMessage `json:"currentVersion"`
		}
		if err := p.do(ctx, wire.Read(""), &root); err != nil {
			return nil, err
		}
		self.CurrentVersion = versionText(root.CurrentVersion)
	}
	p.mu.Lock()
	p.self = &self
	p.mu.Unlock()
	return &self, nil
}

// Update changes properties of the organization, by their names in the REST API; values
// other than texts, numbers and booleans travel as JSON, and an empty text clears. Only
// administrators may. Helper services are written under other names than they are read:
// geocodeService for geocode, routeServiceLayer for route, and so on.
//
// Source: Esri REST "Update" of portals.
//
// rest: POST portals/self/update
// py: arcgis.gis.GIS.update_properties
func (p *Portal) Update(ctx context.Context, properties map[string]any) error {
	r := wire.Write("portals/self/update")
	anyParams(r, properties)
	r.Bool("clearEmptyFields", true)
	if err := p.do(ctx, r, nil); err != nil {
		return err
	}
	_, err := p.Refresh(ctx)
	return err
}

// Settings answers the organization's settings beyond its properties: banners, notices,
// trusted origins.
//
// rest: GET portals/self/settings
// py: arcgis.gis.GIS.org_settings
func (p *Portal) Settings(ctx context.Context) (json.RawMessage, error) {
	var raw json.RawMessage
	err := p.do(ctx, wire.Read("portals/self/settings"), &raw)
	return raw, err
}

// UpdateSettings changes settings of the organization by their names in the REST API:
// anonymousAccessNotice, authenticatedAccessNotice, informationalBanner and
// portalConfigProperties; an empty text clears one. Only administrators may, and those who
// manage security.
//
// rest: POST portals/self/settings/update
// py: arcgis.gis.GIS.org_settings
func (p *Portal) UpdateSettings(ctx context.Context, settings map[string]any) error {
	r := wire.Write("portals/self/settings/update")
	anyParams(r, settings)
	return p.do(ctx, r.Bool("clearEmptyFields", true), nil)
}

// anyParams sends texts as they are and everything else as JSON.
func anyParams(r *wire.Request, params map[string]any) {
	for name, v := range params {
		if s, ok := v.(string); ok {
			r.Set(name, s)
		} else {
			r.JSON(name, v)
		}
	}
}
