package clone

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// site is one portal of a clone with what every phase asks about it.
type site struct {
	*gis.Portal
	self      *gis.Self
	side      Side
	features  gis.Features
	ownGroups []ownGroup
}

// ownGroup is a group that the portal's own settings name.
type ownGroup struct {
	setting      string // the property of portals/self, such as basemapGalleryGroupQuery
	id           string
	title, owner string
}

// openSite reads what the portal says of itself. The caller must be able to see everything
// in it: an account without administrative view privileges would copy a part and call it all.
func openSite(ctx context.Context, p *gis.Portal, name string) (*site, error) {
	self, err := p.Self(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s portal: %w", name, err)
	}
	if self.User == nil {
		return nil, fmt.Errorf("%s portal %s: sign in as an administrator to clone it", name, p.URL())
	}
	for _, need := range []string{"portal:admin:viewUsers", "portal:admin:viewGroups", "portal:admin:viewItems"} {
		if !hasPrivilege(self.User, need) {
			return nil, fmt.Errorf("%s portal %s: %s lacks the privilege %s; use an administrator", name, p.URL(), self.User.Username, need)
		}
	}
	f, err := p.Features(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s portal: %w", name, err)
	}
	s := &site{Portal: p, self: self, features: f, side: newSide(p, self)}
	s.side.User = self.User.Username
	for setting, q := range self.GroupQueries {
		if g, ok := parseOwnGroup(q); ok {
			g.setting = setting
			s.ownGroups = append(s.ownGroups, g)
		}
	}
	return s, nil
}

func hasPrivilege(u *gis.User, name string) bool {
	if u.Role == gis.RoleAdmin {
		return true
	}
	for _, p := range u.Privileges {
		if p == name {
			return true
		}
	}
	return false
}

// newSide names a portal by the address that it gives itself, so that a portal reached by
// another spelling (an alias of its host, its other context) is known for the same.
func newSide(p *gis.Portal, self *gis.Self) Side {
	addr := canonicalAddress(p.URL())
	if self.IsPortal && self.PortalHostname != "" {
		scheme, _, _ := strings.Cut(addr, "://")
		addr = canonicalAddress(scheme + "://" + self.PortalHostname)
	}
	return Side{Address: addr, Org: string(self.ID), Key: sourceKey(self.ID, addr)}
}

// addresses lists the canonical address of the portal and the one it is reached by.
func (s *site) addresses() []string {
	used := canonicalAddress(s.URL())
	if used == s.side.Address {
		return []string{used}
	}
	return []string{s.side.Address, used}
}

// canonicalAddress lower-cases scheme and host and drops default ports and the last slash.
func canonicalAddress(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return strings.TrimRight(raw, "/")
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if p := u.Port(); (u.Scheme == "https" && p == "443") || (u.Scheme == "http" && p == "80") {
		u.Host = strings.TrimSuffix(u.Host, ":"+p)
	}
	return u.Scheme + "://" + u.Host + strings.TrimRight(u.Path, "/")
}

var (
	queryTitle = regexp.MustCompile(`(?i)\btitle\s*:\s*"([^"]+)"`)
	queryOwner = regexp.MustCompile(`(?i)\bowner\s*:\s*"?([^\s")]+)`)
	queryID    = regexp.MustCompile(`(?i)\bid\s*:\s*"?([0-9a-f]{32})\b`)
)

// parseOwnGroup reads a group query of portals/self: an id, or a title with an owner.
func parseOwnGroup(q string) (ownGroup, bool) {
	if m := queryID.FindStringSubmatch(q); m != nil {
		return ownGroup{id: m[1]}, true
	}
	title, owner := queryTitle.FindStringSubmatch(q), queryOwner.FindStringSubmatch(q)
	if title == nil || owner == nil {
		return ownGroup{}, false
	}
	return ownGroup{title: title[1], owner: owner[1]}, true
}

// own returns the settings that name a group as the portal's own.
func (s *site) own(g *gis.Group) (settings []string) {
	for _, o := range s.ownGroups {
		if (o.id != "" && o.id == string(g.ID)) ||
			(o.id == "" && strings.EqualFold(o.title, g.Title) && strings.EqualFold(o.owner, g.Owner)) {
			settings = append(settings, o.setting)
		}
	}
	return settings
}

// isSystem reports whether an account belongs to the portal software itself.
func isSystem(username string) bool {
	u := strings.ToLower(username)
	return strings.HasPrefix(u, "esri_") || u == "system_publisher"
}

// serviceRoots are the addresses below which the portal's own servers publish.
func (s *site) serviceRoots() []string {
	u, err := url.Parse(s.side.Address)
	if err != nil {
		return nil
	}
	host := u.Scheme + "://" + u.Host
	roots := []string{host + "/server/rest/services", host + "/arcgis/rest/services", host + "/hosting/rest/services"}
	return roots
}
