package policy

import (
	"maps"
	"net/url"
	"strings"
)

// usersCalls are the routes of members.
func usersCalls() map[string]call {
	account := func(c call) call {
		c.setup, c.like = anAccount, likeUser
		return c
	}
	out := map[string]call{
		rest + "community/users":     account(call{form: userQuery, shows: listedProfile("results")}),
		likeUser:                     {setup: accountOrGroups, like: likeUser, shows: profileOrGroups},
		likeUser + "/update":         account(call{form: updateUser, files: newPicture}),
		likeUser + "/reset":          account(call{form: with(vars("password", "password"), "newPassword", "Bb2-another")}),
		likeUser + "/expirePassword": account(call{form: fixed("expiration", "1")}),
		likeUser + "/reassign":       account(call{form: vars("targetUsername", "target")}),
		likeUser + "/setProperties":  account(call{form: fixed("properties", `{"mapViewer":"modern"}`)}),
		likeUser + "/tags":           {setup: anItem, shows: among},
	}
	maps.Copy(out, under(likeUser, account(call{}), "info/{file}", "deleteThumbnail", "delete", "disable", "enable", "properties", "userLicenseType",
		"notifications", "notifications/{notification}", "notifications/{notification}/delete",
		"invitations", "invitations/{invitation}", "invitations/{invitation}/accept", "invitations/{invitation}/decline",
		"linkedUsers", "appBundles", "provisionedListings", "linkUser", "unlinkUser", "report", "unlock"))
	return out
}

// accountOrGroups is an account, or in states that begin with "groups" a group in which the
// account is a plain member.
func accountOrGroups(b *builder) *object {
	if !b.is("groups") {
		return anAccount(b)
	}
	o := aGroup(b)
	if strings.HasPrefix(b.route, org) {
		o.vars["id"] = "self"
		delete(o.gone, "id")
	}
	return o
}

func profileOrGroups(a answer, o *object) string {
	if o.is("groups") {
		return among(a, o)
	}
	return profile(a.doc)
}

func updateUser(o *object, _ who) url.Values {
	if o.is("identity") {
		return values("idpUsername", "someone")
	}
	if o.is("password") {
		return values("password", "Cc3-temporary")
	}
	return values("fullname", "Another Name", "description", "another text", "clearEmptyFields", "true")
}

func newPicture(*object) []part {
	return []part{{"thumbnail", "another.gif", thumbnail.content}}
}
