package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/portal"
)

// appBundles answers {appBundles, total, start, num, nextStart} to who manages licenses.
func (s *Server) appBundles(ctx context.Context, r *Request) (any, error) {
	p, err := r.window(maxNum)
	if err != nil {
		return nil, err
	}
	bundles, err := s.portal.AppBundles(ctx, r.Caller)
	return bundlePage(bundles, err, p)
}

// userAppBundles answers the bundles of a member: to the member, and to who manages licenses.
func (s *Server) userAppBundles(ctx context.Context, r *Request) (any, error) {
	p, err := r.window(defaultNum)
	if err != nil {
		return nil, err
	}
	bundles, err := s.portal.AppBundlesOf(ctx, r.Caller, r.Var("username"))
	return bundlePage(bundles, err, p)
}

func bundlePage(bundles []*portal.AppBundle, err error, p portal.Page) (any, error) {
	if err != nil {
		return nil, err
	}
	var rows []Object
	for _, b := range bundles {
		rows = append(rows, bundleJSON(b))
	}
	return listPage("appBundles", rows, p), nil
}

// provisionUserAppBundle answers {success}: all of the users get the bundle, or with
// revoke=true lose it, or none of them.
func (s *Server) provisionUserAppBundle(ctx context.Context, r *Request) (any, error) {
	users, _ := r.List("users")
	if len(users) == 0 {
		return nil, portal.ErrMissingParam("users")
	}
	revoke, err := r.Bool("revoke", false)
	if err != nil {
		return nil, err
	}
	if err := s.portal.ProvisionBundle(ctx, r.Caller, r.listingItem(), users, revoke); err != nil {
		return nil, err
	}
	return Object{"success": true}, nil
}
