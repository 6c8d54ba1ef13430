package portal

import (
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// Privileges lists every privilege of the portal by full name, in the order of Esri's page
// "Privileges".
func Privileges() []string { return slices.Clone(allPrivileges) }

// predefinedPrivileges returns the privileges of a predefined role.
func predefinedPrivileges(id esri.RoleID) ([]string, bool) {
	switch id {
	case RoleAdmin:
		return allPrivileges, true
	case RolePublisher:
		return publisherPrivileges, true
	case RoleUser:
		return userPrivileges, true
	case RoleDataEditor:
		return dataEditorPrivileges, true
	case RoleViewer:
		return viewerPrivileges, true
	}
	return nil, false
}

// IsPrivilege reports whether name is a privilege of the portal.
func IsPrivilege(name string) bool { return slices.Contains(allPrivileges, name) }

// Administrative reports whether a privilege governs other members' objects or the
// organization.
func Administrative(name string) bool {
	return strings.HasPrefix(name, "portal:admin:") || strings.HasPrefix(name, "marketplace:admin:")
}

func expand(prefix, names string) []string {
	var out []string
	for _, n := range strings.Fields(names) {
		out = append(out, prefix+n)
	}
	return out
}

var (
	allPrivileges = slices.Concat(
		expand("portal:admin:", `viewUsers updateUsers deleteUsers inviteUsers disableUsers changeUserRoles manageLicenses reassignUsers
			updateMemberCategorySchema viewGroups updateGroups deleteGroups reassignGroups assignToGroups manageEnterpriseGroups
			createUpdateCapableGroup viewItems updateItems deleteItems reassignItems shareToGroup shareToOrg shareToPublic
			updateItemCategorySchema manageWebhooks manageSecurity manageWebsite manageCollaborations manageCredits manageServers
			manageUtilityServices manageRoles createGPWebhook`),
		expand("marketplace:admin:", "purchase startTrial manage"),
		publisherOnly, userPrivileges)

	publisherOnly = slices.Concat(
		expand("portal:publisher:", `publishFeatures publishTiles publishScenes publishServerServices publishServerGPServices
			publishKnowledgeGraph bulkPublishFromDataStores enumerateDataStores registerDataStores publishTiledImagery
			publishDynamicImagery createDataPipelines`),
		expand("premium:publisher:", "createNotebooks scheduleNotebooks geoanalytics rasteranalysis createAdvancedNotebooks"))

	publisherPrivileges = slices.Concat(publisherOnly, userPrivileges)

	userPrivileges = slices.Concat(
		expand("portal:user:", `viewOrgUsers viewOrgGroups viewOrgItems createGroup joinGroup joinNonOrgGroup addExternalMembersToGroup
			manageCollaborationGroupMembers createItem viewTracks reassignItems receiveItems shareToGroup shareToOrg shareToPublic
			shareGroupToOrg shareGroupToPublic`),
		expand("premium:user:", "geocode networkanalysis geoenrichment demographics spatialanalysis elevation featurereport"),
		expand("features:user:", "edit fullEdit manageVersions"),
		expand("opendata:user:", "openDataAdmin designateGroup"))

	dataEditorPrivileges = slices.Concat(viewerPrivileges, expand("features:user:", "edit"))

	viewerPrivileges = slices.Concat(
		expand("portal:user:", "joinGroup viewOrgGroups viewOrgItems viewOrgUsers"),
		expand("premium:user:", "geocode networkanalysis demographics elevation"))
)
