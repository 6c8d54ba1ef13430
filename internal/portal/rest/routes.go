package rest

import "slices"

// Routes returns the route table: every operation of the portal, one a line, in the files
// named after the resources.
func (s *Server) Routes() []Route {
	return s.offered(slices.Concat(
		s.rootRoutes(),
		s.portalsRoutes(),
		s.rolesRoutes(),
		s.licensesRoutes(),
		s.usersRoutes(),
		s.groupsRoutes(),
		s.contentRoutes(),
		s.itemsRoutes(),
		s.searchRoutes(),
		s.categoryRoutes(),
		s.appRoutes(),
		s.portaladminRoutes(),
		s.extra,
	))
}
