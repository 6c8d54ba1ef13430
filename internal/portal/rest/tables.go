package rest

func (s *Server) contentRoutes() []Route { return nil }
func (s *Server) itemsRoutes() []Route   { return nil }
func (s *Server) searchRoutes() []Route  { return nil }
