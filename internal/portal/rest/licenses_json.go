package rest

import (
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// provisionJSON is what the organization has of a product.
func provisionJSON(p *portal.Product, org *portal.Org) Object {
	parts := Object{}
	for _, part := range p.Parts {
		parts[part.Key] = Object{"num": part.Seats}
	}
	owned := Object{"entitlements": parts}
	if p.MaxUsers != portal.Unlimited {
		owned["maxUsers"] = p.MaxUsers
	}
	start := p.Starts
	if start.IsZero() {
		start = p.Created
	}
	return Object{
		"itemId": p.Item, "provisionedItemId": p.Item, "accountId": org.ID, "orgId": org.ID, "purchaserOrgId": org.ID,
		"purchaserUsername": nil, "purchaserFullName": org.Name, "purchaserEmail": nil, "purchaserPhone": nil,
		"startDate": esri.TimeOf(start), "endDate": esri.TimeOf(p.Ends), "requested": esri.TimeOf(p.Created), "purchased": !p.Trial, "trial": p.Trial,
		"canDisconnect": p.CanDisconnect, "maxDisconnectDuration": p.MaxDisconnect, "orgEntitlements": owned,
	}
}

// listingJSON is a product as the marketplace shows it.
func listingJSON(p *portal.Product) Object {
	return Object{
		"itemId": p.Item, "title": p.Title, "type": "Desktop Application", "typeKeywords": []string{}, "description": orNull(p.Description),
		"snippet": nil, "tags": []string{}, "thumbnail": nil, "url": orNull(p.URL), "owner": nil, "created": esri.TimeOf(p.Created),
		"licenseType": p.LicenseType, "licenseBy": "licenseByUser", "listingAccess": "private", "trialSupported": p.Trial,
		"vendor": Object{"id": nil, "name": orNull(p.Vendor), "description": nil}, "allowedUserLevels": "1, 2", "allowedUserLevelsForLogins": "1, 2",
	}
}

// appsJSON lists applications that come with a user type or a bundle.
func appsJSON(apps []portal.LicensedApp) []Object {
	out := []Object{}
	for _, a := range apps {
		kind := a.Type
		if kind == "" {
			kind = "Application"
		}
		out = append(out, Object{"id": a.ID, "itemId": a.ID, "title": a.Title, "type": kind, "isAppBundle": false, "entitlements": orEmpty(a.Entitlements)})
	}
	return out
}

func bundleJSON(b *portal.AppBundle) Object {
	var titles []string
	for _, a := range b.Apps {
		titles = append(titles, a.Title)
	}
	description := b.Description
	if description == "" {
		description = strings.Join(titles, ", ")
	}
	return Object{"id": b.ID, "name": b.Name, "description": description, "appBundleItemId": b.Item, "apps": appsJSON(b.Apps)}
}
