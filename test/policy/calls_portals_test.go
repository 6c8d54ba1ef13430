package policy

import (
	"maps"
	"net/url"
)

const org = rest + "portals/{id}"

// rootCalls are the routes that say nothing of members or content.
func rootCalls() map[string]call {
	out := map[string]call{
		"sharing/rest":                          {setup: nothing},
		"portaladmin":                           {setup: nothing},
		rest + "community/signup":               {setup: newAccount, form: vars("username", "user", "fullname", "user")},
		rest + "community/self":                 {setup: nothing, shows: profileOf},
		rest + "community/checkUsernames":       {setup: nothing, form: fixed("usernames", "somebody")},
		"portaladmin/security/users/createUser": {setup: newAccount, form: createUser},
	}
	maps.Copy(out, under("sharing/rest", call{setup: nothing}, "info", "community", "portals/languages", "portals/regions", "content", "search/suggest",
		"content/features/analyze", "content/features/generate"))
	maps.Copy(out, under("portaladmin", call{setup: nothing}, "healthCheck", "security", "security/config", "security/users"))
	maps.Copy(out, under("portaladmin/security", call{setup: nothing, form: fixed("filter", "a", "username", "somebody", "groupName", "crew")},
		"users/searchEnterpriseUsers", "users/getEnterpriseUser", "users/getUsersWithinEnterpriseGroup", "groups/searchEnterpriseGroups",
		"groups/getUsersWithinEnterpriseGroup", "groups/getEnterpriseGroupsForUser"))
	return out
}

func createUser(o *object, _ who) url.Values {
	return values("username", o.vars["user"], "password", "Aa1-secret", "firstname", "New", "lastname", "Member", "email", "new@example.com",
		"role", o.vars["role"], "userLicenseTypeId", "creatorUT", "provider", "arcgis")
}

// portalsCalls are the routes of the organization.
func portalsCalls() map[string]call {
	out := map[string]call{
		org:                                 {setup: organization, shows: memberOf},
		org + "/users":                      {setup: anAccount, like: likeUser, form: vars("username", "user"), shows: listedProfile("users")},
		org + "/users/search":               {setup: anAccount, like: likeUser, form: userQuery, shows: listedProfile("results")},
		org + "/users/counts":               {setup: nothing, form: fixed("type", "role")},
		org + "/usersGroups":                {setup: accountOrGroups, like: likeGroup, form: vars("users", "subject"), shows: among},
		org + "/invite":                     {setup: newAccount, form: invitation},
		org + "/removeUsers":                {setup: anAccount, like: likeUser, form: vars("users", "user")},
		org + "/disableUsers":               {setup: anAccount, like: likeUser, form: vars("users", "user")},
		org + "/enableUsers":                {setup: anAccount, like: likeUser, form: vars("users", "user")},
		org + "/updateUserLicenseType":      {setup: anAccount, like: likeUser, form: with(vars("users", "user"), "userLicenseType", "GISProfessionalAdvUT")},
		org + "/updateUserRole":             {setup: anAccount, like: likeUser, form: newRoleOf},
		org + "/createRole":                 {setup: newRole, form: with(vars("name", "name"), "description", "text")},
		org + "/roles/{role}/setPrivileges": {setup: aRole, form: newPrivileges},
		org + "/roles/{role}/update":        {setup: aRole, form: with(vars("name", "name"), "description", "another text")},
	}
	maps.Copy(out, under(org, call{setup: aRole}, "roles/{role}", "roles/{role}/privileges", "roles/{role}/delete"))
	maps.Copy(out, under(org, call{setup: nothing}, "settings", "roles", "userLicenseTypes", "userDefaultSettings", "purchases", "appBundles", "invitations",
		"invitations/{invitation}", "invitations/{invitation}/delete", "servers", "urls", "categorySchema", "memberCategorySchema",
		"collaborations", "webhooks", "allScheduledTasks", "subscriptionInfo",
		"inviteByEmail", "updateUserLevel", "assignUserCredits", "unassignUserCredits", "createNotification", "reassignUsersContent", "usage"))
	return out
}

// organization is the portal itself, or in the state "other" one that is not here.
func organization(b *builder) *object {
	o := nothing(b)
	if b.is("other") {
		o.vars["id"] = "0123456789ABCDEF"
	}
	b.read(o, rest+"portals/self/roles/org_admin")
	return o
}

// memberOf tells whether the organization is shown as to its members, in states with "seats" as
// to who manages its licenses.
func memberOf(a answer, o *object) string {
	for _, name := range []string{"user", "contacts", "subscriptionInfo", "availableCredits"} {
		if _, there := a.doc[name]; !there {
			return "public"
		}
	}
	if seats, _ := a.doc["subscriptionInfo"].(map[string]any)["userLicenseTypes"].(map[string]any); o.is("seats") && len(seats) == 0 {
		return "basic"
	}
	return "full"
}

// userQuery searches for the member by name, and in states with "by-role" or "by-email" by
// that too, with "by-unseen" and "filtered" by all that only who views all members is shown.
func userQuery(o *object, _ who) url.Values {
	q := `username:"` + o.vars["user"] + `"`
	if o.is("by-role") {
		q += " AND role:org_user"
	}
	if o.is("by-unseen") {
		q += " AND (lastlogin:[0 TO 9999999999999] OR disabled:false OR userlicensetype:creatorUT OR roleid:org_user OR categories:\"/Categories/Staff\" OR email:user*)"
	}
	if o.is("filtered") {
		return values("q", q, "filter", `email:"`+o.vars["user"]+`@example.com" OR categories:"/Categories/Staff" OR disabled:"false"`)
	}
	if o.is("by-email") {
		q += ` AND email:"` + o.vars["user"] + `@example.com"`
	}
	return values("q", q)
}

func invitation(o *object, _ who) url.Values {
	return values("invitationList", mustJSON(map[string]any{"invitations": []map[string]any{{
		"username": o.vars["user"], "firstname": "New", "lastname": "Member", "fullname": "New Member", "email": "new@example.com",
		"role": o.vars["role"], "password": "Aa1-secret", "userLicenseType": "creatorUT", "userType": "arcgisonly", "groups": o.vars["groups"],
	}}}))
}

// newRoleOf gives the member the role Viewer, in the state "promoted" that of administrator, in
// "published" that of publisher.
func newRoleOf(o *object, _ who) url.Values {
	role := "iAAAAAAAAAAAAAAA"
	switch {
	case o.is("promoted"):
		role = "org_admin"
	case o.is("published"):
		role = "org_publisher"
	}
	return values("user", o.vars["user"], "role", role)
}

func newPrivileges(o *object, _ who) url.Values {
	if o.is("beyond") {
		return values("privileges", `{"privileges":["portal:admin:viewItems"]}`)
	}
	return values("privileges", `{"privileges":["portal:user:viewOrgItems"]}`)
}

// with adds parameters to those of another function.
func with(form func(*object, who) url.Values, pairs ...string) func(*object, who) url.Values {
	return func(o *object, as who) url.Values {
		out := form(o, as)
		maps.Copy(out, values(pairs...))
		return out
	}
}
