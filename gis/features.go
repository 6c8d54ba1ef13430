package gis

import (
	"context"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/wire"
)

// PortalKind tells the two products apart.
type PortalKind string

// The kinds.
const (
	KindOnline     PortalKind = "online"     // an organization of ArcGIS Online
	KindEnterprise PortalKind = "enterprise" // ArcGIS Enterprise, or a portal like it
)

// Features say what the portal can do. Code asks these, never the version.
type Features struct {
	Kind    PortalKind
	Version string // for people to read

	HonorsItemIDToCreate bool // a new item gets the id that the request names
	CreatesUsersByAdmin  bool // members are made by portaladmin; else by invitation
	HasUserTypes         bool // user types in place of levels, and members disabled in bulk
	HasMemberDefaults    bool // defaults for new members
	HasDeleteThumbnail   bool
	HasSettings          bool // settings of the organization
	HasGroupUserList     bool // members of a group page by page
	HasReassignItems     bool // several items change owner in one call
	HasRecycleBin        bool
}

// Features answers what the portal can do, read once per connection.
//
// py: arcgis.gis.GIS.version
func (p *Portal) Features(ctx context.Context) (Features, error) {
	self, err := p.Self(ctx)
	if err != nil {
		return Features{}, err
	}
	return features(self), nil
}

func features(s *Self) Features {
	enterprise := s.IsPortal || s.PortalMode == "singletenant"
	v := parseVersion(s.CurrentVersion)
	kubernetes := s.PortalDeploymentType == "ArcGISEnterpriseOnKubernetes"
	f := Features{
		Kind: KindOnline, Version: s.CurrentVersion,
		HasUserTypes:       v.atLeast(6, 4),
		HasMemberDefaults:  v.atLeast(7, 2),
		HasDeleteThumbnail: v.atLeast(7, 3),
		HasSettings:        v.atLeast(7, 4),
		HasGroupUserList:   v.atLeast(8, 4),
		HasReassignItems:   enterprise && v.atLeast(10, 1),
		HasRecycleBin:      s.RecycleBinSupported && s.RecycleBinEnabled,
	}
	if enterprise {
		f.Kind = KindEnterprise
		f.HonorsItemIDToCreate = v.atLeast(7, 4)
		f.CreatesUsersByAdmin = !kubernetes
	}
	return f
}

// version is the portal's internal version: 7.4 is Enterprise 10.8.1, 10.3 is 11.1, and
// ArcGIS Online counts by years.
type version []int

func parseVersion(s string) version {
	var v version
	for part := range strings.SplitSeq(s, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			break
		}
		v = append(v, n)
	}
	return v
}

func (v version) atLeast(major, minor int) bool {
	if len(v) == 0 {
		return false
	}
	if v[0] != major {
		return v[0] > major
	}
	return len(v) > 1 && v[1] >= minor
}

// CheckHealth asks whether the portal works: nil means that it says so itself.
// ArcGIS Online has no health check; there it is enough that the portal answers.
//
// rest: GET portaladmin/healthCheck
func (p *Portal) CheckHealth(ctx context.Context) error {
	f, err := p.Features(ctx)
	if err != nil {
		return err
	}
	if f.Kind == KindOnline {
		return p.do(ctx, wire.Read("info").Anonymous(), nil)
	}
	return p.do(ctx, wire.Read("portaladmin/healthCheck").Anonymous(), nil)
}
