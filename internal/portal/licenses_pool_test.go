package portal

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseLicenses(t *testing.T) {
	t.Parallel()
	p, err := ParseLicenses(strings.NewReader(`{
		"userTypes": [
			{"id": "CREATORUT", "seats": 10, "expires": "2027-12-31"},
			{"id": "viewerUT", "name": "Looker", "seats": -1, "privileges": ["portal:user:view*", "premium:user:geocode"]},
			{"id": "ownUT", "seats": 0}],
		"products": [{"title": "ArcGIS Pro", "entitlements": [{"name": "desktopAdvN", "seats": 3}, {"name": "3DAnalystN", "seats": 1}],
			"starts": "2026-01-01T08:00:00+02:00"}],
		"appBundles": [{"name": "Apps", "seats": 2, "apps": [{"title": "One"}]}],
		"activity": [{"product": "arcgis pro", "username": "ada", "lastUsed": "2026-05-01"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	creator, viewer, own := p.UserTypes[0], p.UserTypes[1], p.UserTypes[2]
	if creator.ID != "creatorUT" || creator.Name != "Creator" || creator.Privileges != nil || creator.Seats != 10 || !creator.Expires.Equal(time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("creator %+v", creator)
	}
	if viewer.Name != "Looker" || !slices.Equal(viewer.Privileges, []string{"portal:user:viewOrgUsers", "portal:user:viewOrgGroups", "portal:user:viewOrgItems", "portal:user:viewTracks", "premium:user:geocode"}) {
		t.Errorf("viewer %+v", viewer)
	}
	if own.Name != "ownUT" || own.Privileges != nil || own.Seats != 0 || own.Ordinal != 2 {
		t.Errorf("a type of one's own %+v", own)
	}
	pro := p.Products[0]
	if len(pro.Item) != 32 || pro.MaxUsers != Unlimited || !pro.Parts[0].Level || pro.Parts[1].Level || pro.LicenseType != "paid" || !pro.Starts.Equal(time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("product %+v", pro)
	}
	if b := p.AppBundles[0]; len(b.Item) != 32 || b.ID == "" || b.Item == pro.Item {
		t.Errorf("bundle %+v", b)
	}
	if a := p.Activity[0]; a.Item != pro.Item || a.LastUsed.IsZero() || !a.CheckedOut.IsZero() {
		t.Errorf("activity %+v", a)
	}
}

func TestParseLicensesNamesTheField(t *testing.T) {
	t.Parallel()
	const one = `{"name": "x", "seats": 1}`
	product := func(s string) string { return `{"products": [{"title": "A", "entitlements": [` + one + `]` + s + `}]}` }
	tests := []struct{ name, file, want string }{
		{"nothing", ``, "ends before"},
		{"cut off", `{"products": [`, "ends before"},
		{"no JSON", "{\n\"products\": oops}", "line 2"},
		{"another form", `{"products": {}}`, "products must be a list, not an object"},
		{"a text for a number", `{"userTypes": [{"id": "a", "seats": "5"}]}`, "userTypes.seats must be a whole number, not a text"},
		{"two documents", `{} {}`, "nothing behind it"},
		{"an unknown field", `{"product": []}`, `unknown field "product"`},
		{"an unknown field inside", product(`, "seats": 1`), `unknown field "seats"`},
		{"no seats", `{"userTypes": [{"id": "a", "seats": 1}, {"id": "b"}]}`, "userTypes[1].seats: is missing"},
		{"negative seats", `{"userTypes": [{"id": "a", "seats": -2}]}`, "userTypes[0].seats: must be -1 (unlimited) or a whole number from 0 on, not -2"},
		{"no id", `{"userTypes": [{"seats": 1}]}`, "userTypes[0].id: is missing"},
		{"a type twice", `{"userTypes": [{"id": "a", "seats": 1}, {"id": "A", "seats": 1}]}`, `userTypes[1].id: "A" is there twice`},
		{"no privilege", `{"userTypes": [{"id": "a", "seats": 1, "privileges": ["portal:user:fly"]}]}`, `userTypes[0].privileges[0]: "portal:user:fly" is no privilege`},
		{"no date", `{"userTypes": [{"id": "a", "seats": 1, "expires": "soon"}]}`, `"soon" must be a date`},
		{"no title", `{"products": [{"entitlements": [` + one + `]}]}`, "products[0].title: is missing"},
		{"a title twice", `{"products": [{"title": "A", "entitlements": [` + one + `]}, {"title": "a", "itemId": "00000000000000000000000000000abc", "entitlements": [` + one + `]}]}`, `products[1].title: "a" is there twice`},
		{"an item twice", `{"products": [{"title": "A", "itemId": "00000000000000000000000000000abc", "entitlements": [` + one + `]}, {"title": "B", "itemId": "00000000000000000000000000000ABC", "entitlements": [` + one + `]}]}`, "products[1].itemId: is the same as products[0].itemId"},
		{"no item id", product(`, "itemId": "xyz"`), "products[0].itemId: must be 32 hexadecimal digits"},
		{"no entitlements", `{"products": [{"title": "A"}]}`, "products[0].entitlements: is missing"},
		{"an entitlement without seats", `{"products": [{"title": "A", "entitlements": [` + one + `, {"name": "y"}]}]}`, "products[0].entitlements[1].seats: is missing"},
		{"an entitlement twice", `{"products": [{"title": "A", "entitlements": [` + one + `, ` + one + `]}]}`, "products[0].entitlements[1].name: \"x\" is there twice"},
		{"a limit below -1", product(`, "maxUsers": -7`), "products[0].maxUsers: must be -1"},
		{"a bundle without apps", `{"appBundles": [{"name": "B", "seats": 1}]}`, "appBundles[0].apps: is missing"},
		{"a bundle without seats", `{"appBundles": [{"name": "B", "apps": [{"title": "C"}]}]}`, "appBundles[0].seats: is missing"},
		{"activity of nothing", `{"activity": [{"product": "A", "username": "ada", "lastUsed": "2026-01-01"}]}`, `activity[0].product: "A" is no product of this file`},
		{"activity of nobody", product(``)[:len(product(``))-1] + `, "activity": [{"product": "A", "lastUsed": "2026-01-01"}]}`, "activity[0].username: is missing"},
		{"activity without a time", product(``)[:len(product(``))-1] + `, "activity": [{"product": "A", "username": "ada"}]}`, "activity[0]: says neither"},
		{"a check-out that cannot be", product(``)[:len(product(``))-1] + `, "activity": [{"product": "A", "username": "ada", "checkedOut": "2026-01-01"}]}`, "activity[0].checkedOut: A has no canDisconnect"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := ParseLicenses(strings.NewReader(tt.file)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// A file with several mistakes tells them all.
func TestParseLicensesTellsEveryMistake(t *testing.T) {
	t.Parallel()
	_, err := ParseLicenses(strings.NewReader(`{"userTypes": [{"id": "a"}, {"seats": -3}], "products": [{}]}`))
	for _, want := range []string{"userTypes[0].seats", "userTypes[1].id", "userTypes[1].seats", "products[0].title", "products[0].entitlements"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

// Every default user type allows some predefined role, and the default one every privilege.
func TestDefaultUserTypes(t *testing.T) {
	t.Parallel()
	types := defaultUserTypes()
	if types[0].ID != "creatorUT" || types[0].Privileges != nil {
		t.Errorf("the default is %+v", types[0])
	}
	for _, u := range types {
		if u.Seats != Unlimited || u.allows(viewerPrivileges) != nil {
			t.Errorf("%s: %d seats, for viewers: %v", u.ID, u.Seats, u.allows(viewerPrivileges))
		}
	}
}
