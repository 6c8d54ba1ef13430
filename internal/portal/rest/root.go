package rest

import "context"

// The releases that the portal speaks as.
const (
	currentVersion    = "10.3"
	enterpriseVersion = "11.1.0"
	onlineVersion     = "2024.1"
)

func (s *Server) rootRoutes() []Route {
	return []Route{
		{Pattern: "sharing/rest", Handle: s.root},
		{Pattern: "sharing/rest/info", Handle: s.info},
		{Pattern: "sharing/rest/community", Handle: s.community},
		{Pattern: "sharing/rest/community/signup", Write: true, Handle: unsupported("Self-registration")},
	}
}

// root answers {currentVersion, enterpriseVersion} (Esri's page "Root").
func (s *Server) root(context.Context, *Request) (any, error) {
	o := s.release()
	if !s.online() {
		o["fullVersion"] = currentVersion
	}
	return o, nil
}

// community is the page above users, groups and the calling member; as JSON it is empty.
func (s *Server) community(context.Context, *Request) (any, error) { return Object{}, nil }
