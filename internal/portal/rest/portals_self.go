package rest

import (
	"context"
	"maps"
	"net/url"
	"strconv"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// The product's names; clients take "ArcGIS Online" for a portal of its kind.
const (
	portalName = "rhumb"
	onlineName = "ArcGIS Online"
)

// organization answers the organization (Esri's pages "Portal Self" and "Portal"), for a
// member with the member itself under user, for the token of an app with appInfo. An
// anonymous caller does not see what concerns members and administration, and may ask for
// another culture and region.
//
// deviates: figures of storage and credits are -1 (unknown).
func (s *Server) organization(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.Organization(ctx, r.Caller, r.Var("id"))
	if err != nil {
		return nil, err
	}
	o := s.orgJSON(v)
	if v.User != nil {
		maps.Copy(o, memberPart(v))
		return o, nil
	}
	for _, name := range []string{"culture", "region"} {
		if value := strings.TrimSpace(r.Str(name)); value != "" {
			o[name] = value
		}
	}
	if r.Token == nil || r.Token.ClientID == "" {
		return o, nil
	}
	info, err := s.portal.AppInfo(ctx, r.Token.ClientID)
	if err != nil || info == nil {
		return o, err
	}
	o["appInfo"] = Object{"appId": info.ClientID, "itemId": info.Item, "appOwner": info.Owner, "orgId": info.Org, "appTitle": info.Title, "privileges": orEmpty(info.Privileges)}
	return o, nil
}

// orgJSON is the part of the organization that anybody sees. Of one that is private, visitors
// see what clients need to sign in.
func (s *Server) orgJSON(v *portal.OrgView) Object {
	org := v.Org
	o := Object{}
	maps.Copy(o, s.addresses())
	maps.Copy(o, abilities())
	maps.Copy(o, s.product())
	maps.Copy(o, Object{
		"id": org.ID, "name": org.Name, "description": orNull(org.Description),
		"created": esri.TimeOf(org.Created), "modified": esri.TimeOf(org.Modified), "thumbnail": nil, "portalThumbnail": nil,
		"backgroundImage": nil, "featuredGroups": []Object{}, "featuredGroupsId": nil, "homePageFeaturedContent": "",
		"homePageFeaturedContentCount": 0, "rotatorPanels": []Object{}, "showHomePageDescription": false,
		"helperServices": helperServices(&portal.Org{}), "helpBase": "", "helpMap": Object{}, "metadataFormats": []string{"iso19139"},
		"allowedOrigins": []string{}, "allowedRedirectUris": []string{},
		"authorizedCrossOriginDomains": []string{}, "authorizedCrossOriginNoCorsDomains": []string{},
		"maxTokenExpirationMinutes": -1,
	})
	if v.User == nil && string(org.Settings["access"]) == `"private"` {
		o["access"], o["description"], o["featuredGroups"], o["culture"] = "private", nil, []Object{}, rawOr(org.Settings["culture"], nil)
		return o
	}
	for name, value := range org.Settings {
		o[name] = value
	}
	o["helperServices"] = helperServices(org)
	return o
}

// helperServices names the services that viewers need: those that administrators set. This
// portal has none of its own, and points to nobody else's.
func helperServices(org *portal.Org) Object {
	o := Object{"geocode": []Object{}, "geometry": Object{}}
	for name, service := range org.HelperServices() {
		o[name] = service
	}
	return o
}

// addresses are the properties that follow from the portal's public address.
func (s *Server) addresses() Object {
	u, err := url.Parse(s.base)
	if err != nil {
		u = &url.URL{}
	}
	ssl := u.Scheme == "https"
	httpPort, httpsPort := 80, 443
	if port, err := strconv.Atoi(u.Port()); err == nil {
		if ssl {
			httpsPort = port
		} else {
			httpPort = port
		}
	}
	o := Object{"portalHostname": u.Host + u.Path, "allSSL": ssl, "httpPort": httpPort, "httpsPort": httpsPort}
	s.locate(o, u)
	return o
}

// abilities are the switches of the organization; most stand for what this portal lacks.
func abilities() Object {
	o := Object{"supportsOAuth": true, "canSharePublic": true, "canSearchPublic": true, "canSignInArcGIS": true, "metadataEditable": true}
	for _, name := range strings.Fields(`supportsHostedServices isReadOnly eueiEnabled platformSSO canShareBingPublic canSignInIDP canSignInOIDC
		canSignInSocial canListApps canListData canListPreProvisionedItems canListSolutions canListConsultingServices
		canProvisionDirectPurchase hasCategorySchema hasMemberCategorySchema hasClassificationSchema commentsEnabled
		notificationsEnabled updateUserProfileDisabled recycleBinSupported recycleBinEnabled useStandardizedQuery mfaEnabled`) {
		o[name] = false
	}
	return o
}

// memberPart is what members see of the organization beside what anybody does.
func memberPart(v *portal.OrgView) Object {
	return Object{
		"user": userJSON(v.User), "contacts": orEmpty(v.Contacts), "subscriptionInfo": subscription(v.ID, v.UserTypes),
		"storageUsage": -1, "storageQuota": -1, "databaseUsage": -1, "databaseQuota": -1,
		"availableCredits": -1, "creditAssignments": "disabled", "defaultUserCreditAssignment": -1, "mfaAdmins": []string{},
	}
}

// subscription describes what the organization may have in all: no end, and where the caller is
// told of user types, their seats, -1 for unlimited.
//
// guess: the shape of userLicenseTypes.
func subscription(id esri.OrgID, types []portal.UserTypeView) Object {
	seats, most := Object{}, int64(portal.Unlimited)
	for _, t := range types {
		seats[t.ID] = t.Seats
	}
	if len(types) > 0 {
		most = portal.SeatsOf(types)
	}
	return Object{
		"id": id, "type": "In House", "state": "active", "expDate": -1, "maxUsers": most, "availableCredits": -1,
		"userLicenseTypes": seats, "maxUsersPerLevel": Object{}, "orgCapabilities": []string{},
	}
}
