package rest

import (
	"encoding/json"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// userJSON is a member in the shape of Esri's page "User", as far as the caller may see.
//
// deviates: storageUsage and storageQuota are -1 (unknown), as no quota is kept per member.
func userJSON(v *portal.UserView) Object {
	o := Object{
		"username": v.Username, "id": v.ID, "fullName": v.FullName, "firstName": v.FirstName, "lastName": v.LastName,
		"description": orNull(v.Description), "tags": orEmpty(v.Tags), "culture": orNull(v.Culture), "cultureFormat": orNull(v.CultureFormat),
		"region": orNull(v.Region), "units": orNull(v.Units), "thumbnail": fileNameOf(v.Thumbnail), "access": v.Access,
		"created": esri.TimeOf(v.Created), "modified": esri.TimeOf(v.Modified), "provider": v.Provider, "orgId": v.Org,
	}
	if v.Tier >= portal.TierOrg {
		o["role"] = v.BasicRole
	}
	if v.Tier < portal.TierFull {
		return o
	}
	o["udn"], o["email"], o["userType"], o["idpUsername"] = nil, v.Email, "arcgisonly", orNull(v.IDPUsername)
	o["categories"], o["preferredView"], o["favGroupId"] = orEmpty(v.Categories), orNull(v.PreferredView), v.FavGroupID
	o["lastLogin"], o["mfaEnabled"], o["disabled"] = esri.TimeOf(v.LastLogin), false, v.Disabled
	o["storageUsage"], o["storageQuota"], o["availableCredits"], o["assignedCredits"] = -1, -1, -1, -1
	o["privileges"], o["level"], o["userLicenseTypeId"] = orEmpty(v.Privileges), portal.UserTypeLevel(v.UserType), v.UserType
	if v.Role != v.BasicRole {
		o["roleId"] = v.Role
	}
	return o
}

// userWithGroups is userJSON with the member's groups.
func userWithGroups(v *portal.UserView) Object {
	o := userJSON(v)
	groups := make([]Object, 0, len(v.Groups))
	for _, g := range v.Groups {
		groups = append(groups, groupWithMembership(g))
	}
	o["groups"] = groups
	return o
}

// rawOr is stored JSON, or def where there is none.
func rawOr(v json.RawMessage, def any) any {
	if len(v) == 0 {
		return def
	}
	return v
}
