package gis

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// UserUpdate is what [User.Update] changes. A nil pointer keeps a property; a pointer to the
// empty text clears it.
type UserUpdate struct {
	FullName         *string
	FirstName        *string
	LastName         *string
	Email            *string
	Description      *string
	Access           *Access
	PreferredView    *string // Web or GIS
	Culture          *string
	CultureFormat    *string
	Region           *string
	Units            *string // english or metric
	Tags             *[]string
	Categories       *[]string // member categories: "/Categories/…" paths
	UserType         *string   // arcgisonly or both: see [User.SetEsriAccess]
	IDPUsername      *string
	Password         *string // a temporary one, set by an administrator
	SecurityQuestion *int    // 1 to 14
	SecurityAnswer   *string
	Thumbnail        *Upload // PNG, GIF or JPEG
}

// Update changes the account's profile and reads it back. Members change their own unless
// the portal forbids it; others need portal:admin:updateUsers.
//
// [ErrDenied] means that the privilege is missing.
//
// rest: POST community/users/{username}/update
// py: arcgis.gis.User.update
func (u *User) Update(ctx context.Context, change UserUpdate) error {
	if err := u.update(ctx, change); err != nil {
		return err
	}
	return u.Refresh(ctx)
}

func (u *User) update(ctx context.Context, change UserUpdate) error {
	r := wire.Write("community/users/{username}/update", u.Username).
		TextIf("fullname", change.FullName).TextIf("firstName", change.FirstName).TextIf("lastName", change.LastName).
		TextIf("email", change.Email).TextIf("description", change.Description).
		TextIf("access", (*string)(change.Access)).TextIf("preferredView", change.PreferredView).
		TextIf("culture", change.Culture).TextIf("cultureFormat", change.CultureFormat).
		TextIf("region", change.Region).TextIf("units", change.Units).ListIf("tags", change.Tags).
		TextIf("userType", change.UserType).TextIf("idpUsername", change.IDPUsername).
		TextIf("password", change.Password).TextIf("securityAnswer", change.SecurityAnswer).
		Bool("clearEmptyFields", true)
	if change.Categories != nil {
		r.JSON("categories", append([]string{}, *change.Categories...))
	}
	if change.SecurityQuestion != nil {
		r.Int("securityQuestionIdx", *change.SecurityQuestion)
	}
	if change.Thumbnail != nil {
		attach(r, "thumbnail", *change.Thumbnail)
	}
	return u.p.do(ctx, r, nil)
}

// attach adds an upload to a request as its field.
func attach(r *wire.Request, field string, up Upload) {
	if err := up.check(field); err != nil {
		r.Fail(err)
		return
	}
	r.File(up.settled().file(field, nil))
}

// SetThumbnail replaces the account's picture: a PNG, GIF or JPEG of at most 1 MB.
//
// rest: POST community/users/{username}/update
// py: arcgis.gis.User.update
func (u *User) SetThumbnail(ctx context.Context, picture Upload) error {
	return u.Update(ctx, UserUpdate{Thumbnail: &picture})
}

// DeleteThumbnail removes the account's picture.
//
// rest: POST community/users/{username}/deleteThumbnail
// py: arcgis.gis.User.delete_thumbnail
func (u *User) DeleteThumbnail(ctx context.Context) error {
	if err := u.p.do(ctx, wire.Write("community/users/{username}/deleteThumbnail", u.Username), nil); err != nil {
		return err
	}
	u.Thumbnail = ""
	return nil
}

// SetRole gives the account a role: a predefined one such as [RolePublisher], or a custom
// one. It needs portal:admin:changeUserRoles, and an administrator where the old or the new
// role is the administrator's.
//
// rest: POST portals/self/updateUserRole
// py: arcgis.gis.User.update_role
func (u *User) SetRole(ctx context.Context, role esri.RoleID) error {
	r := wire.Write("portals/self/updateUserRole").Set("user", u.Username).Set("role", string(role))
	if err := u.p.do(ctx, r, nil); err != nil {
		return err
	}
	return u.Refresh(ctx)
}

// SetUserType gives the account another user type, such as "creatorUT".
//
// rest: POST portals/self/updateUserLicenseType
// py: arcgis.gis.User.update_license_type
func (u *User) SetUserType(ctx context.Context, userType string) error {
	if err := u.p.Users.SetUserType(ctx, userType, u.Username); err != nil {
		return err
	}
	u.UserLicenseTypeID = userType
	return nil
}

// SetEsriAccess says whether the account may use Esri's own sites, such as training and
// support. ArcGIS Online only.
//
// rest: POST community/users/{username}/update
// py: arcgis.gis.User.esri_access
func (u *User) SetEsriAccess(ctx context.Context, allowed bool) error {
	kind := "arcgisonly"
	if allowed {
		kind = "both"
	}
	return u.Update(ctx, UserUpdate{UserType: &kind})
}
