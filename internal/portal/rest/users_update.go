package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// updateUser answers {success, username} (Esri's page "Update User"). A blank parameter leaves
// the property as it is, unless clearEmptyFields is true and the property may be empty.
//
// deviates: userType=both is refused, as this portal gives no access to Esri's own sites.
func (s *Server) updateUser(ctx context.Context, r *Request) (any, error) {
	up, err := r.userUpdate()
	if err != nil {
		return nil, err
	}
	name, err := s.portal.UpdateUser(ctx, r.Caller, r.Var("username"), up)
	return forUser(name, err)
}

func (r *Request) userUpdate() (portal.UserUpdate, error) {
	clear, err := r.Bool("clearEmptyFields", false)
	if err != nil {
		return portal.UserUpdate{}, err
	}
	if t := r.field("userType", false); t != nil && !strings.EqualFold(*t, "arcgisonly") {
		return portal.UserUpdate{}, portal.ErrNotSupported("The user type '" + *t + "' of the parameter 'userType'")
	}
	up := portal.UserUpdate{
		FirstName: r.field("firstName", clear), LastName: r.field("lastName", clear), FullName: r.field("fullName", clear),
		Email: r.field("email", clear), Description: r.field("description", clear),
		Culture: r.field("culture", clear), CultureFormat: r.field("cultureFormat", clear), Region: r.field("region", clear),
		Units: r.field("units", false), PreferredView: r.field("preferredView", clear), IDPUsername: r.field("idpUsername", clear),
		Access: access(r.field("access", false)), Tags: r.fieldList("tags", clear), Categories: r.fieldList("categories", clear),
	}
	if v := up.PreferredView; v != nil && strings.EqualFold(*v, "null") {
		*v = ""
	}
	if pw := r.Str("password"); pw != "" {
		up.Password = new(secret.Secret(pw))
	}
	up.Thumbnail = r.thumbnail()
	return up, nil
}

// thumbnail is the picture that was sent with a call, nil where none was. A plain value is the
// name of the present picture, which clients send back with all that they read.
func (r *Request) thumbnail() *portal.File {
	f, ok := r.File("thumbnail")
	if !ok || f.Blob.Size == 0 {
		return nil // browsers send an empty part for a file that was not chosen
	}
	return &f
}

// forUser is the answer of a write on one member: {success, username}.
func forUser(name string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "username": name}, nil
}

// deleteUserThumbnail answers {success} (Esri's page "Delete Thumbnail").
func (s *Server) deleteUserThumbnail(ctx context.Context, r *Request) (any, error) {
	return success(s.portal.DeleteUserThumbnail(ctx, r.Caller, r.Var("username")))
}

// deleteUser answers {success, username} (Esri's page "Delete User"). A member who owns items
// or groups is refused.
func (s *Server) deleteUser(ctx context.Context, r *Request) (any, error) {
	if err := r.refuseTrue("dryRun"); err != nil {
		return nil, err
	}
	name, err := s.portal.DeleteUser(ctx, r.Caller, r.Var("username"))
	return forUser(name, err)
}

// disableUser answers {success, username} (Esri's page "Disable User") and ends the member's
// tokens.
func (s *Server) disableUser(ctx context.Context, r *Request) (any, error) {
	name, err := s.portal.SetUserDisabled(ctx, r.Caller, r.Var("username"), true)
	return forUser(name, err)
}

// enableUser answers {success, username} (Esri's page "Enable User").
func (s *Server) enableUser(ctx context.Context, r *Request) (any, error) {
	name, err := s.portal.SetUserDisabled(ctx, r.Caller, r.Var("username"), false)
	return forUser(name, err)
}

// resetPassword answers {success, username}: the caller changes his own password, and all of
// his tokens end, that of the call included.
//
// deviates: there are no security questions. newSecurityQuestionIdx is refused; an answer
// without a question, which old clients send, has nothing to answer.
func (s *Server) resetPassword(ctx context.Context, r *Request) (any, error) {
	if err := r.refuseTrue("email"); err != nil {
		return nil, err
	}
	old, err := r.Need("password")
	if err != nil {
		return nil, err
	}
	fresh, err := r.Need("newPassword")
	if err != nil {
		return nil, err
	}
	name, err := s.portal.OwnPassword(ctx, r.Caller, r.Var("username"))
	if err != nil {
		return nil, err
	}
	return forUser(name, s.auth.ChangePassword(ctx, r.HTTP, name, secret.Secret(old), secret.Secret(fresh)))
}

// expirePassword answers {success}: the next sign-in asks for a new password. What clients
// send as expiration means "now".
func (s *Server) expirePassword(ctx context.Context, r *Request) (any, error) {
	return success(s.portal.ExpirePassword(ctx, r.Caller, r.Var("username")))
}

// reassignContent answers {success}: all items and groups of the member go to targetUsername.
//
// guess: the operation is not documented; items of the root folder go to <user>_root.
func (s *Server) reassignContent(ctx context.Context, r *Request) (any, error) {
	target, err := r.Need("targetUsername")
	if err != nil {
		return nil, err
	}
	return success(s.portal.ReassignContent(ctx, r.Caller, r.Var("username"), strings.TrimSpace(target)))
}

// setUserProperties answers {success}: properties is a JSON object that replaces the one
// before.
func (s *Server) setUserProperties(ctx context.Context, r *Request) (any, error) {
	v, err := r.object("properties")
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, portal.ErrMissingParam("properties")
	}
	return success(s.portal.SetUserProperties(ctx, r.Caller, r.Var("username"), v))
}
