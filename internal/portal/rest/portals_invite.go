package rest

import (
	"context"
	"fmt"
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
	Level                                   any // of old clients: "1" or 1
	ApplyActUserDefaults                    any // false: without what new members get
	UserCreditAssignment                    any // credits are not kept: -1
}

// invite answers {success, notInvited}: the accounts are created at once, with the passwords
// given. notInvited names those whose name is taken.
//
// Everybody gets the apps and bundles of the list besides, for which the caller manages licenses.
//
// On an online portal one without a password makes an account that waits for its owner, and
// notInvited also names those for whom no seat is free.
//
// deviates: the portal sends no mail, so subject, html and message go nowhere, and the answer
// hands the links of invitations to the inviter, under invitations. On Enterprise an
// invitation without a password is refused. A broken rule refuses the whole list before
// anything is created.
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
		u, err := in.newUser(s.online())
		if err == nil {
			err = list.lend(&u)
		}
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	if s.online() {
		refused, waiting, err := s.portal.InviteUsers(ctx, r.Caller, users)
		if err != nil {
			return nil, err
		}
		o := Object{"success": true, "notInvited": orEmpty(refused)}
		if len(waiting) > 0 {
			o["invitations"] = s.handedOut(waiting)
		}
		return o, nil
	}
	taken, err := s.portal.CreateUsers(ctx, r.Caller, users)
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "notInvited": orEmpty(taken)}, nil
}

func (in invitation) newUser(online bool) (portal.NewUser, error) {
	u := portal.NewUser{
		Username: in.Username, Password: secret.Secret(in.Password), FirstName: in.FirstName, LastName: in.LastName, FullName: in.FullName,
		Email: in.Email, Description: in.Description, Role: portal.ParseRole(in.Role), UserType: in.UserLicenseType,
		Provider: strings.ToLower(in.TargetUserProvider), IDPUsername: in.IDPUsername,
	}
	if in.UserType != "" && !strings.EqualFold(in.UserType, "arcgisonly") {
		return u, portal.ErrNotSupported("The user type '" + in.UserType + "' of the invitation of '" + in.Username + "'")
	}
	if c := word(in.UserCreditAssignment); c != "" && c != "-1" {
		return u, portal.ErrNotSupported("The userCreditAssignment of the invitation of '" + in.Username + "', other than -1,")
	}
	if err := in.settle(&u); err != nil {
		return u, err
	}
	if u.Password == "" && u.Provider != "enterprise" && !online {
		return u, &portal.Error{Code: 400, MessageCode: "RHUMB_0001", Message: "Invitations by mail are not supported by this portal.",
			Details: []string{"The invitation of '" + in.Username + "' has no password. Give one, and the account is created at once."}}
	}
	u.Groups = in.groups()
	return u, nil
}

// settle brings in what old clients say by a level, and whether defaults apply.
func (in invitation) settle(u *portal.NewUser) (err error) {
	u.NoDefaults = strings.EqualFold(word(in.ApplyActUserDefaults), "false")
	if u.UserType == "" {
		u.UserType, err = userTypeOfLevel("invitationList", word(in.Level))
	}
	return err
}

// word is the text of a value that clients write as text, number or switch; empty for none.
func word(v any) string {
	if v == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(v))
}

func (in invitation) groups() (out []esri.GroupID) {
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
		out = append(out, esri.GroupID(strings.ToLower(id)))
	}
	return out
}
