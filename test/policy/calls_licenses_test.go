package policy

import (
	"maps"
	"net/url"
	"strconv"
	"time"
)

const (
	listing = rest + "content/listings/{item}"
	product = "00000000000000000000000000000abc"
	bundle  = "00000000000000000000000000000abd"
)

// licenses is the pool of the portals that are walked: seats for everybody.
const licenses = `{
	"products": [{"title": "ArcGIS Pro", "itemId": "` + product + `", "canDisconnect": true, "entitlements": [
		{"name": "desktopBasicN", "seats": -1}, {"name": "desktopAdvN", "seats": -1}]}],
	"appBundles": [{"name": "Field Apps", "itemId": "` + bundle + `", "seats": -1, "apps": [{"title": "Field Maps"}]}]
}`

// licensesCalls are the routes of licenses.
func licensesCalls() map[string]call {
	out := map[string]call{
		listing:                                      {setup: aListing},
		listing + "/userEntitlements":                {setup: aHolder, shows: among},
		listing + "/userEntitlements/{username}":     {setup: aHolder, like: likeUser},
		listing + "/provisionUserEntitlements":       {setup: aHolder, like: likeUser, form: advanced},
		listing + "/provisionUserAppBundle":          {setup: aHolder, like: likeUser, form: vars("users", "user")},
		listing + "/setDisconnectSettings":           {setup: aListing, form: with(vars("maxDisconnectDuration", "duration"), "canDisconnect", "true")},
		org + "/listings":                            {setup: nothing},
		"portaladmin/license":                        {setup: nothing},
		"portaladmin/system/licenses":                {setup: nothing},
		"portaladmin/license/releaseLicense":         {setup: aHolder, like: likeUser, form: vars("username", "user")},
		"portaladmin/system/licenses/releaseLicense": {setup: aHolder, like: likeUser, form: vars("username", "user")},
	}
	maps.Copy(out, under(listing, call{setup: aListing}, "provisionOrgEntitlements", "purchase", "startTrial", "expressInterest"))
	maps.Copy(out, under("portaladmin", call{setup: nothing}, "license/validateLicense", "license/importLicense", "license/populateLicense",
		"license/updateLicenseManager", "system/licenses/importEntitlements", "system/licenses/removeAllEntitlements"))
	return out
}

// aListing is the product of the pool.
//
//	held   the caller "owner" holds it
func aListing(b *builder) *object {
	b.one("-", "held")
	o := b.object(map[string]string{"item": product, "duration": strconv.FormatInt(b.serial.Add(1), 10)})
	if b.is("held") {
		b.license(b.cast["owner"])
	}
	if b.about("setDisconnectSettings") {
		b.read(o, rest+"portals/self/purchases")
	}
	return o
}

// aHolder is an account, as anAccount makes it, that holds the basic level of the product.
//
//	offline   it has the license checked out
func aHolder(b *builder) *object {
	o := anAccount(b)
	a := who{name: o.vars["user"]}
	o.vars["item"] = product
	if b.about("provisionUserAppBundle") {
		o.vars["item"] = bundle
	} else {
		b.license(a)
	}
	if b.is("offline") {
		b.p.UseLicense(b.t, product, a.name, time.Time{}, time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))
	}
	b.read(o, rest+"content/listings/"+product+"/userEntitlements/"+a.name, rest+"community/users/"+a.name+"/appBundles")
	return o
}

// license gives an account the basic level of the product.
func (b *builder) license(a who) {
	b.ask(b.admin, rest+"content/listings/"+product+"/provisionUserEntitlements", url.Values{"userEntitlements": {
		mustJSON(map[string]any{"users": []string{a.name}, "entitlements": []string{"desktopBasicN"}})}})
}

// advanced gives the account the advanced level.
func advanced(o *object, _ who) url.Values {
	return values("userEntitlements", mustJSON(map[string]any{"users": []string{o.vars["user"]}, "entitlements": []string{"desktopAdvN"}}),
		"suppressCustomerEmail", "true")
}
