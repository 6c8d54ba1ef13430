package gis

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// UserTypeApp is an app, or a bundle of apps, that comes with a user type.
type UserTypeApp struct {
	ID           esri.ItemID   `json:"id"`
	Title        string        `json:"title"`
	Type         string        `json:"type"`
	IsBundle     bool          `json:"isAppBundle"`
	Entitlements []string      `json:"entitlements"`
	Apps         []UserTypeApp `json:"apps"` // of a bundle
}

// AssignedUserType is the user type of an account with what comes with it.
type AssignedUserType struct {
	ID   string        `json:"id"` // for example creatorUT
	Name string        `json:"name"`
	Apps []UserTypeApp `json:"apps"`
}

// ReadUserType answers the account's user type with the apps that come with it. Those of
// others need portal:admin:manageLicenses.
//
// rest: GET community/users/{username}/userLicenseType
// py: arcgis.gis.User.user_types
func (u *User) ReadUserType(ctx context.Context) (*AssignedUserType, error) {
	var t AssignedUserType
	if err := u.p.do(ctx, wire.Read("community/users/{username}/userLicenseType", u.Username), &t); err != nil {
		return nil, err
	}
	return &t, nil
}

// InstalledLicense is how many members the license of a portal allows.
type InstalledLicense struct {
	Members    int             `json:"currentRegisteredMembers"`
	MaxMembers int             `json:"maximumRegisteredMembers"`
	Version    string          `json:"version"`
	UserTypes  []InstalledSeat `json:"userTypes"`
	AppBundles []InstalledSeat `json:"appBundles"`
	Apps       []InstalledSeat `json:"apps"`
	Extensions []InstalledSeat `json:"extensions"`
}

// InstalledSeat is one line of a portal's license.
type InstalledSeat struct {
	ID         string      `json:"id"`
	ItemID     esri.ItemID `json:"itemId"` // of apps and bundles
	Members    int         `json:"currentRegisteredMembers"`
	MaxMembers int         `json:"maximumRegisteredMembers"`
	Expiration esri.Time   `json:"expiration"` // zero: never
}

// Installed reads the license that the portal runs by: seats by user type, app bundle and app.
// ArcGIS Enterprise only, and only for its administrators.
//
// rest: GET portaladmin/license
// py: arcgis.gis.admin.PortalLicense.properties
func (l *Licenses) Installed(ctx context.Context) (*InstalledLicense, error) {
	var answer InstalledLicense
	if err := l.p.do(ctx, wire.Read("portaladmin/license"), &answer); err != nil {
		return nil, err
	}
	return &answer, nil
}
