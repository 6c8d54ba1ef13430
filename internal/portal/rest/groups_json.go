package rest

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

// groupJSON is a group in the shape of Esri's page "Group", without the caller's part in it.
func groupJSON(v *portal.GroupView) Object {
	return Object{
		"id": v.ID, "title": v.Title, "owner": v.Owner, "description": orNull(v.Description), "snippet": orNull(v.Snippet),
		"tags": orEmpty(v.Tags), "typeKeywords": orEmpty(v.TypeKeywords), "phone": orNull(v.Phone),
		"sortField": v.SortField, "sortOrder": v.SortOrder, "access": v.Access,
		"isInvitationOnly": v.InvitationOnly, "isViewOnly": v.ViewOnly, "autoJoin": v.AutoJoin, "protected": v.Protected,
		"isReadOnly": v.ReadOnly, "isFav": v.Fav, "isOpenData": v.OpenData, "leavingDisallowed": v.LeavingDisallowed,
		"hiddenMembers": v.HiddenMembers, "membershipAccess": orNull(v.MembershipAccess), "notificationsEnabled": false,
		"capabilities": orEmpty(v.Capabilities), "displaySettings": rawOr(v.DisplaySettings, Object{"itemTypes": ""}),
		"properties": rawOr(v.Properties, nil), "provider": orNull(v.Provider), "providerGroupName": orNull(v.ProviderGroupName),
		"thumbnail": fileNameOf(v.Thumbnail), "created": esri.TimeOf(v.Created), "modified": esri.TimeOf(v.Modified),
		"orgId": v.Org, "hasCategorySchema": v.HasCategories, "featuredItemsId": nil,
	}
}

// groupWithMembership is groupJSON with one member's part in the group.
func groupWithMembership(v *portal.GroupView) Object {
	o := groupJSON(v)
	t := v.MemberType
	if t == "" {
		t = portal.MemberNone
	}
	o["userMembership"] = Object{"username": orNull(v.Member), "memberType": t, "applications": v.Applications}
	o["collaborationInfo"] = Object{}
	return o
}
