package rest

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// invitationList is the parameter of that name. Its keys are matched without regard to case.
type invitationList struct {
	Invitations []invitation
	Apps        []invitedApp
	AppBundles  []struct{ ItemID string }
}

// invitedApp is a product that everybody in the list gets.
type invitedApp struct {
	ItemID       string
	Entitlements any // ["a","b"] or "a,b"
}

// lend gives an account the apps and bundles of the list.
func (l *invitationList) lend(u *portal.NewUser) error {
	for _, app := range l.Apps {
		keys, ok := texts(app.Entitlements)
		if !ok {
			return portal.ErrBadParam("invitationList", "must list the entitlements of each of apps")
		}
		u.Licenses = append(u.Licenses, portal.NewLicense{Item: esri.ItemID(strings.ToLower(app.ItemID)), Keys: keys})
	}
	for _, b := range l.AppBundles {
		u.Bundles = append(u.Bundles, esri.ItemID(strings.ToLower(b.ItemID)))
	}
	return nil
}

type invitation struct {
	Username, FirstName, LastName, FullName string
	Email, Description, Role, Password      string
	UserLicenseType, UserType               string
	TargetUserProvider, IDPUsername         string
	Groups                                  any // "id1,id2" or ["id1","id2"]
}

// invite answers {success, notInvited}: the accounts are created at once, with the passwords
// given. notInvited names those whose name is taken.
//
// Everybody gets the apps and bundles of the list besides, for which the caller manages licenses.
//
// deviates: an invitation without a password, which a mail would have to complete, is refused. A
// broken rule refuses the whole list before anything is
// created.
func (s *Server) invite(ctx context.Context, r *Request) (any, error) {
	if _, err := r.Need("invitationList"); err != nil {
		return nil, err
	}
	var list invitationList
	if _, err := r.JSON("invitationList", &list); err != nil {
		return nil, err
	}
	if len(list.Invitations) == 0 {
		return nil, portal.ErrBadParam("invitationList", "must hold invitations")
	}
	var users []portal.NewUser
	for _, in := range list.Invitations {
		u, err := in.newUser()
		if err == nil {
			err = list.lend(&u)
		}
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	taken, err := s.portal.CreateUsers(ctx, r.Caller, users)
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "notInvited": orEmpty(taken)}, nil
}

func (in invitation) newUser() (portal.NewUser, error) {
	u := portal.NewUser{
		Username: in.Username, Password: secret.Secret(in.Password), FirstName: in.FirstName, LastName: in.LastName, FullName: in.FullName,
		Email: in.Email, Description: in.Description, Role: portal.ParseRole(in.Role), UserType: in.UserLicenseType,
		Provider: strings.ToLower(in.TargetUserProvider), IDPUsername: in.IDPUsername,
	}
	if in.UserType != "" && !strings.EqualFold(in.UserType, "arcgisonly") {
		return u, portal.ErrNotSupported("The user type '" + in.UserType + "' of the invitation of '" + in.Username + "'")
	}
	if u.Password == "" && u.Provider != "enterprise" {
		return u, &portal.Error{Code: 400, MessageCode: "RHUMB_0001", Message: "Invitations by mail are not supported by this portal.",
			Details: []string{"The invitation of '" + in.Username + "' has no password. Give one, and the account is created at once."}}
	}
	var ids []string
	switch g := in.Groups.(type) {
	case string:
		ids = splitList(g)
	case []any:
		for _, v := range g {
			if s, ok := v.(string); ok {
				ids = append(ids, splitList(s)...)
			}
		}
	}
	for _, id := range ids {
		u.Groups = append(u.Groups, esri.GroupID(strings.ToLower(id)))
	}
	return u, nil
}
