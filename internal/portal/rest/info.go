package rest

import "context"

// info tells clients where tokens come from (Esri's page "Info"). Anybody reads it.
func (s *Server) info(context.Context, *Request) (any, error) {
	return Object{
		"owningSystemUrl": s.base,
		"authInfo":        Object{"tokenServicesUrl": s.sharing("generateToken"), "isTokenBasedSecurity": true},
	}, nil
}
