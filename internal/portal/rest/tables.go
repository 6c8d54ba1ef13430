package rest

func (s *Server) rootRoutes() []Route        { return nil }
func (s *Server) portalsRoutes() []Route     { return nil }
func (s *Server) rolesRoutes() []Route       { return nil }
func (s *Server) usersRoutes() []Route       { return nil }
func (s *Server) groupsRoutes() []Route      { return nil }
func (s *Server) contentRoutes() []Route     { return nil }
func (s *Server) itemsRoutes() []Route       { return nil }
func (s *Server) searchRoutes() []Route      { return nil }
func (s *Server) portaladminRoutes() []Route { return nil }
