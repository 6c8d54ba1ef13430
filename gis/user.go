package gis

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// User is an account as it was read. How much of it is filled depends on the caller: others
// than administrators and the account itself see the public profile only.
type User struct {
	Username      string       `json:"username"`
	ID            string       `json:"id"`
	FullName      string       `json:"fullName"`
	FirstName     string       `json:"firstName"`
	LastName      string       `json:"lastName"`
	Email         string       `json:"email"`
	Description   string       `json:"description"`
	PreferredView string       `json:"preferredView"` // Web or GIS
	UserType      string       `json:"userType"`      // arcgisonly, or both: also Esri's own sites
	IDPUsername   string       `json:"idpUsername"`   // name in the identity provider
	Provider      string       `json:"provider"`      // arcgis or enterprise
	FavGroupID    esri.GroupID `json:"favGroupId"`
	OrgID         esri.OrgID   `json:"orgId"`

	Role              esri.RoleID `json:"role"`   // org_admin, org_publisher or org_user
	RoleID            esri.RoleID `json:"roleId"` // the custom role, if that is what the account has
	Level             string      `json:"level"`
	UserLicenseTypeID string      `json:"userLicenseTypeId"` // user type
	Privileges        []string    `json:"privileges"`
	Disabled          bool        `json:"disabled"`
	MFAEnabled        bool        `json:"mfaEnabled"`

	Tags          []string `json:"tags"`
	Categories    []string `json:"categories"`
	Culture       string   `json:"culture"`
	CultureFormat string   `json:"cultureFormat"`
	Region        string   `json:"region"`
	Units         string   `json:"units"`
	Thumbnail     string   `json:"thumbnail"` // file name
	Access        Access   `json:"access"`    // who sees the profile

	StorageUsage int64 `json:"storageUsage"` // of the whole organization
	StorageQuota int64 `json:"storageQuota"`

	LastLogin esri.Time `json:"lastLogin"` // zero: never
	Created   esri.Time `json:"created"`
	Modified  esri.Time `json:"modified"`

	// Groups are those the account belongs to, where the portal embeds them: in Get and Me.
	//
	// py: arcgis.gis.User.groups
	Groups []*Group `json:"groups"`

	raw json.RawMessage
	p   *Portal
}

// UnmarshalJSON reads an account and keeps all of it.
func (u *User) UnmarshalJSON(b []byte) error { return u.readFrom(whole(b)) }

func (u *User) readFrom(next func(v any) ([]byte, error)) error {
	type plain User
	raw, err := next((*plain)(u))
	u.raw = bytes.Clone(raw)
	u.Groups = present(u.Groups)
	if u.IDPUsername == "null" { // the documentation has this text for accounts of the portal itself
		u.IDPUsername = ""
	}
	return err
}

// MarshalJSON writes what was received.
func (u *User) MarshalJSON() ([]byte, error) { return rawOr(u.raw) }

// Raw is the JSON as received, with every property.
func (u *User) Raw() json.RawMessage { return u.raw }

func (u *User) bind(p *Portal) {
	u.p = p
	for _, g := range u.Groups {
		g.p = p
	}
}

// EffectiveRole is the role as it is assigned: the custom role if the account has one.
func (u *User) EffectiveRole() esri.RoleID {
	if u.RoleID != "" {
		return u.RoleID
	}
	return u.Role
}

// HomepageURL is the account's page in the portal's website.
//
// py: arcgis.gis.User.homepage
func (u *User) HomepageURL() string {
	return u.p.URL() + "/home/user.html?user=" + url.QueryEscape(u.Username)
}

// ThumbnailURL is the address of the account's picture, without a token; empty: none.
//
// py: arcgis.gis.User.get_thumbnail_link
func (u *User) ThumbnailURL() string {
	if u.Thumbnail == "" {
		return ""
	}
	return u.p.RESTURL() + "/community/users/" + url.PathEscape(u.Username) + "/info/" + url.PathEscape(u.Thumbnail)
}

// OpenThumbnail reads the account's picture. [ErrNotFound] means that there is none.
//
// rest: GET community/users/{username}/info/{name}
// py: arcgis.gis.User.get_thumbnail
// py: arcgis.gis.User.download_thumbnail
func (u *User) OpenThumbnail(ctx context.Context) (*Data, error) {
	const op = "community/users/{username}/info/{name...}"
	if u.Thumbnail == "" {
		return nil, refuse(ErrNotFound, "GET "+op, "%s has no thumbnail", u.Username)
	}
	return u.p.openFile(ctx, func() *wire.Request { return wire.Read(op, u.Username, u.Thumbnail) })
}

// Refresh reads the account again.
//
// rest: GET community/users/{username}
func (u *User) Refresh(ctx context.Context) error {
	fresh, err := u.p.Users.Get(ctx, u.Username)
	if err != nil {
		return err
	}
	*u = *fresh
	return nil
}
