package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// licensesRoutes are user types, purchases, entitlements and app bundles.
func (s *Server) licensesRoutes() []Route {
	const (
		org     = "sharing/rest/portals/{id}"
		user    = "sharing/rest/community/users/{username}"
		listing = "sharing/rest/content/listings/{item}"
		license = "portaladmin/license"
		old     = "portaladmin/system/licenses"
	)
	routes := []Route{
		{Pattern: org + "/userLicenseTypes", Handle: s.inOrg(s.userLicenseTypes)},
		{Pattern: org + "/updateUserLicenseType", Write: true, Handle: s.inOrg(s.updateUserLicenseType)},
		{Pattern: org + "/purchases", Handle: s.inOrg(s.purchases)},
		{Pattern: org + "/appBundles", Handle: s.inOrg(s.appBundles)},
		{Pattern: org + "/subscriptionInfo", Handle: s.inOrg(s.subscriptionInfo)},
		{Pattern: org + "/listings", Handle: s.inOrg(s.guarded("portal:admin:manageLicenses", emptyList("listings")))},
		{Pattern: user + "/userLicenseType", Handle: s.userLicenseType},
		{Pattern: user + "/appBundles", Handle: s.userAppBundles},
		{Pattern: user + "/provisionedListings", Handle: s.provisionedListings},
		{Pattern: listing, Handle: s.listing},
		{Pattern: listing + "/userEntitlements", Handle: s.userEntitlements},
		{Pattern: listing + "/userEntitlements/{username}", Handle: s.userEntitlement},
		{Pattern: listing + "/provisionUserEntitlements", Write: true, Handle: s.provisionUserEntitlements},
		{Pattern: listing + "/provisionUserAppBundle", Write: true, Handle: s.provisionUserAppBundle},
		{Pattern: listing + "/setDisconnectSettings", Write: true, Handle: s.setDisconnectSettings},
		{Pattern: license, Handle: s.portalLicense},
		{Pattern: license + "/releaseLicense", Write: true, Handle: s.releaseLicense},
		{Pattern: old, Handle: s.portalLicenses},
		{Pattern: old + "/releaseLicense", Write: true, Handle: s.releaseLicense},
	}
	routes = append(routes, unsupportedWrites(listing, "provisionOrgEntitlements", "purchase", "startTrial", "expressInterest")...)
	routes = append(routes, unsupportedWrites(license, "validateLicense", "importLicense", "populateLicense", "updateLicenseManager")...)
	return append(routes, unsupportedWrites(old, "importEntitlements", "removeAllEntitlements")...)
}

// purchases answers {purchases, trials, interests} (Esri's page "Purchases") to who manages
// licenses: the products of the pool that are active, expired, or all.
//
// guess: who bought them, which Esri's portals tell, is the organization itself.
func (s *Server) purchases(ctx context.Context, r *Request) (any, error) {
	status := portal.PurchaseStatus(strings.ToLower(strings.TrimSpace(r.Str("status"))))
	if status == "" {
		status = portal.PurchasesActive
	}
	list, err := s.portal.Purchases(ctx, r.Caller, status)
	if err != nil {
		return nil, err
	}
	bought, trials := []Object{}, []Object{}
	for _, p := range list.Products {
		row := Object{"provision": provisionJSON(p, list.Org), "listing": listingJSON(p)}
		if p.Trial {
			trials = append(trials, row)
		} else {
			bought = append(bought, row)
		}
	}
	return Object{"purchases": bought, "trials": trials, "interests": []Object{}}, nil
}

// listing answers one product as purchases show it, or one app bundle (Esri's page "Listing"),
// to who manages licenses and to who holds it.
//
// guess: who else may read it.
func (s *Server) listing(ctx context.Context, r *Request) (any, error) {
	l, err := s.portal.Listing(ctx, r.Caller, r.listingItem())
	if err != nil {
		return nil, err
	}
	if l.Bundle != nil {
		o := bundleJSON(l.Bundle)
		o["itemId"], o["title"], o["type"], o["licenseBy"] = l.Bundle.Item, l.Bundle.Name, "App Bundle", "licenseByUser"
		return o, nil
	}
	return listingJSON(l.Product), nil
}

// listingItem is the item that a path below content/listings names.
func (r *Request) listingItem() esri.ItemID { return esri.ItemID(strings.ToLower(r.Var("item"))) }

// provisionedListings answers {total, start, num, nextStart, provisionedListings} (Esri's page
// "Provisioned Listings"): the products that the member holds, with returnAllProvisions all
// that the organization has. What comes with bundles and user types is left out.
//
// guess: the clients of a product have no ids here, so returnAppClientIds adds none.
func (s *Server) provisionedListings(ctx context.Context, r *Request) (any, error) {
	p, err := r.window(defaultNum)
	if err != nil {
		return nil, err
	}
	var all, late bool
	for name, v := range map[string]*bool{"returnAllProvisions": &all, "includeExpired": &late, "returnAppClientIds": new(bool)} {
		if *v, err = r.Bool(name, false); err != nil {
			return nil, err
		}
	}
	products, err := s.portal.Provisioned(ctx, r.Caller, r.Var("username"), all, late)
	if err != nil {
		return nil, err
	}
	var rows []Object
	for _, p := range products {
		rows = append(rows, listingJSON(p))
	}
	return listPage("provisionedListings", rows, p), nil
}

// setDisconnectSettings answers {success}. A duration that is not sent is unlimited.
func (s *Server) setDisconnectSettings(ctx context.Context, r *Request) (any, error) {
	allowed, err := r.BoolPtr("canDisconnect")
	if err != nil {
		return nil, err
	}
	if allowed == nil {
		return nil, portal.ErrMissingParam("canDisconnect")
	}
	longest, err := r.Int("maxDisconnectDuration", portal.Unlimited)
	if err != nil {
		return nil, err
	}
	if err := s.portal.SetDisconnect(ctx, r.Caller, r.listingItem(), *allowed, int64(longest)); err != nil {
		return nil, err
	}
	return Object{"success": true}, nil
}

// releaseLicense answers {success, status}: old clients look at the one, new ones at the other.
func (s *Server) releaseLicense(ctx context.Context, r *Request) (any, error) {
	name, err := r.Need("username")
	if err != nil {
		return nil, err
	}
	if err := s.portal.ReleaseLicense(ctx, r.Caller, strings.TrimSpace(name)); err != nil {
		return nil, err
	}
	return Object{"success": true, "status": "success"}, nil
}
