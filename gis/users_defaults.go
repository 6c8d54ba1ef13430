package gis

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// MemberDefaults are what new members get unless they are given something else.
type MemberDefaults struct {
	Role       esri.RoleID    `json:"role,omitempty"`
	UserType   string         `json:"userLicenseType,omitempty"`
	EsriAccess string         `json:"userType,omitempty"` // arcgisonly or both
	Groups     []esri.GroupID `json:"groups,omitempty"`
	Apps       []DefaultApp   `json:"apps,omitempty"`
	AppBundles []DefaultApp   `json:"appBundles,omitempty"`
	Categories []string       `json:"categories,omitempty"`
}

// DefaultApp is an app or a bundle of apps that new members may use.
type DefaultApp struct {
	ItemID       esri.ItemID `json:"itemId"`
	Entitlements []string    `json:"entitlements,omitempty"`
}

// Defaults answers what new members get. What was never set is empty.
//
// rest: GET portals/self/userDefaultSettings
// py: arcgis.gis.UserManager.user_settings
func (u *Users) Defaults(ctx context.Context) (*MemberDefaults, error) {
	var d MemberDefaults
	if err := u.p.do(ctx, wire.Read("portals/self/userDefaultSettings"), &d); err != nil {
		return nil, err
	}
	return &d, nil
}

// SetDefaults replaces what new members get. Only administrators may.
//
// rest: POST portals/self/setUserDefaultSettings
// py: arcgis.gis.UserManager.user_settings
func (u *Users) SetDefaults(ctx context.Context, d MemberDefaults) error {
	r := wire.Write("portals/self/setUserDefaultSettings").Set("role", string(d.Role)).
		Set("userLicenseType", d.UserType).Text("userType", d.EsriAccess).
		JSON("groups", append([]esri.GroupID{}, d.Groups...)).JSON("apps", append([]DefaultApp{}, d.Apps...)).
		JSON("appBundles", append([]DefaultApp{}, d.AppBundles...)).JSON("categories", append([]string{}, d.Categories...)).
		Bool("clearEmptyFields", true)
	return u.p.do(ctx, r, nil)
}

// ClearDefaults goes back to the portal's own defaults.
//
// rest: POST portals/self/userDefaultSettings/delete
func (u *Users) ClearDefaults(ctx context.Context) error {
	return u.p.do(ctx, wire.Write("portals/self/userDefaultSettings/delete"), nil)
}
