package rest

import (
	"net/url"
	"slices"
	"strings"
)

// Personality is the product that the portal behaves as. docs/online.md lists what differs.
type Personality int

// The personalities.
const (
	Enterprise Personality = iota // below a context such as /portal, with a portaladmin
	Online                        // an organization of ArcGIS Online, at the root of its host
)

// online reports whether the portal behaves as an organization of ArcGIS Online.
func (s *Server) online() bool { return s.personality == Online }

// release is what the portal speaks as: it gates what clients call. ArcGIS Online counts by
// years, and has no number of Enterprise.
func (s *Server) release() Object {
	if s.online() {
		return Object{"currentVersion": onlineVersion}
	}
	return Object{"currentVersion": currentVersion, "enterpriseVersion": enterpriseVersion}
}

// product is how portals/self names the product, which is what clients tell them apart by.
func (s *Server) product() Object {
	o := s.release()
	if s.online() {
		o["isPortal"], o["portalMode"], o["portalName"] = false, "multitenant", onlineName
		return o
	}
	o["isPortal"], o["portalMode"], o["portalName"] = true, "singletenant", portalName
	return o
}

// locate says how clients find the organization's own address: on Enterprise by the host of the
// portal, on ArcGIS Online by the two parts of the host that they join with a dot.
//
// guess: where the host has no dot, as localhost has none, an online portal shows the host as
// Enterprise does, which clients fall back to.
func (s *Server) locate(o Object, u *url.URL) {
	key, rest, dotted := strings.Cut(u.Host, ".")
	if s.online() && dotted {
		o["urlKey"], o["customBaseUrl"] = key, rest
		return
	}
	o["portalLocalHostname"] = u.Hostname()
}

// offered drops the routes that the personality does not have: ArcGIS Online has no portaladmin.
func (s *Server) offered(routes []Route) []Route {
	if !s.online() {
		return routes
	}
	return slices.DeleteFunc(routes, func(r Route) bool {
		return r.Pattern == "portaladmin" || strings.HasPrefix(r.Pattern, "portaladmin/")
	})
}

// belowContext drops the portal's context from the segments of a path; an online portal has none.
func (s *Server) belowContext(segments []string) ([]string, bool) {
	if s.online() {
		return segments, len(segments) > 0
	}
	return cutContext(segments)
}
