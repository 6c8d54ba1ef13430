package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// subscriptionInfo answers what the organization may have in all.
func (s *Server) subscriptionInfo(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.LicenseAccount(ctx, r.Caller)
	if err != nil {
		return nil, err
	}
	return subscription(v.Org.ID, v.UserTypes), nil
}

// portalLicense answers {currentRegisteredMembers, maximumRegisteredMembers, version,
// userTypes, appBundles, apps, extensions} (Esri's page "License") to who manages licenses.
//
// deviates: a product of several entitlements is one row of apps with the members who may hold
// it; what they hold in detail is in portals/self/purchases.
func (s *Server) portalLicense(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.LicenseAccount(ctx, r.Caller)
	if err != nil {
		return nil, err
	}
	types, bundles, apps := []Object{}, []Object{}, []Object{}
	for _, t := range v.UserTypes {
		types = append(types, Object{"id": t.ID, "maximumRegisteredMembers": t.Seats, "currentRegisteredMembers": t.Holders, "expiration": esri.TimeOf(t.Expires)})
	}
	for _, b := range v.AppBundles {
		bundles = append(bundles, Object{"id": b.ID, "itemId": b.Item, "maximumRegisteredMembers": b.Seats, "currentRegisteredMembers": b.Holders, "expiration": esri.TimeOf(b.Expires)})
	}
	for _, p := range v.Products {
		apps = append(apps, Object{"id": p.Title, "itemId": p.Item, "maximumRegisteredMembers": p.MaxUsers, "currentRegisteredMembers": p.Holders, "expiration": esri.TimeOf(p.Ends)})
	}
	return Object{
		"currentRegisteredMembers": v.Members(), "maximumRegisteredMembers": v.Seats(), "version": enterpriseVersion,
		"userTypes": types, "appBundles": bundles, "apps": apps, "extensions": []Object{},
	}, nil
}

// portalLicenses answers {isValid, currentRegisteredMembers, maximumRegisteredMembers,
// expiration, features}, the form of portaladmin/license in releases before user types.
func (s *Server) portalLicenses(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.LicenseAccount(ctx, r.Caller)
	if err != nil {
		return nil, err
	}
	features := []Object{}
	for _, t := range v.UserTypes {
		features = append(features, Object{"name": t.Name, "level": portal.UserTypeLevel(t.ID), "currentRegisteredMembers": t.Holders, "maximumRegisteredMembers": t.Seats})
	}
	return Object{
		"isValid": true, "currentRegisteredMembers": v.Members(), "maximumRegisteredMembers": v.Seats(),
		"expiration": esri.Time{}, "features": features,
	}, nil
}
