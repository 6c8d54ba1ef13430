package rest

import (
	"context"
	"net/url"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// invitationRoutes are the invitations of an online portal.
func (s *Server) invitationRoutes(org string) []Route {
	const one = "/invitations/{invitation}"
	return []Route{
		{Pattern: org + "/inviteByEmail", Write: true, Handle: s.inOrg(s.inviteByEmail)},
		{Pattern: org + "/invitations", Handle: s.inOrg(s.invitations)},
		{Pattern: org + one, Handle: s.inOrg(s.invitation)},
		{Pattern: org + one + "/delete", Write: true, Handle: s.inOrg(s.deleteInvitation)},
		{Pattern: org + one + "/accept", Write: true, NoToken: true, Handle: s.inOrg(s.acceptInvitation)},
		{Pattern: org + one + "/decline", Write: true, NoToken: true, Handle: s.inOrg(s.declineInvitation)},
		{Pattern: newUserPage, Write: true, Get: true, NoToken: true, Plain: true, Handle: s.newUser},
	}
}

// handedOut is how the inviter, once, learns the keys of what was made.
//
// deviates: the portal sends no mail, so the answer holds what the mail would.
func (s *Server) handedOut(list []*portal.Invitation) []Object {
	rows := make([]Object, len(list))
	for i, v := range list {
		rows[i] = Object{
			"id": v.ID, "username": orNull(v.Username), "email": orNull(v.Email), "expiration": esri.TimeOf(v.Expires),
			"invitationKey": v.Key.Reveal(), "url": s.base + "/" + newUserPage + "?invitation=" + url.QueryEscape(v.Key.Reveal()),
		}
	}
	return rows
}

// inviteByEmail answers {success, invitations} for people who choose their own user names.
//
// deviates: no mail is sent, and message goes nowhere: the inviter gets the links. With
// mustApprove the account begins disabled, until an administrator enables it.
func (s *Server) inviteByEmail(ctx context.Context, r *Request) (any, error) {
	e := portal.EmailInvites{Role: portal.ParseRole(r.Str("role"))}
	var err error
	if e.Emails, _ = r.List("emails"); len(e.Emails) == 0 {
		return nil, portal.ErrMissingParam("emails")
	}
	if e.MustApprove, err = r.Bool("mustApprove", false); err != nil {
		return nil, err
	}
	if _, err := r.Bool("validateEmail", true); err != nil { // addresses are always held against the rules
		return nil, err
	}
	minutes, err := r.Int("expiration", 20160)
	switch {
	case err != nil:
		return nil, err
	case minutes != 1440 && minutes != 4320 && minutes != 10080 && minutes != 20160:
		return nil, portal.ErrBadParam("expiration", "must be 1440, 4320, 10080 or 20160 minutes")
	}
	e.Life = time.Duration(minutes) * time.Minute
	if p := r.field("targetUserProvider", false); p != nil && *p != "arcgis" {
		return nil, portal.ErrBadParam("targetUserProvider", "must be arcgis; invite people of an identity provider by name, through the operation invite")
	}
	if l := r.field("level", false); l != nil {
		if e.UserType, err = userTypeOfLevel("level", *l); err != nil {
			return nil, err
		}
	}
	list, err := s.portal.InviteByEmail(ctx, r.Caller, e)
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "invitations": s.handedOut(list)}, nil
}

// userTypeOfLevel translates the levels of old clients; empty: the first of the portal.
func userTypeOfLevel(param, level string) (string, error) {
	switch level {
	case "1":
		return "viewerUT", nil
	case "", "2", "11":
		return "", nil
	}
	return "", portal.ErrBadParam(param, "must be 1, 2 or 11; name a user type by userLicenseType instead")
}

// invitations answers {total, start, num, nextStart, invitations} with what is open.
func (s *Server) invitations(ctx context.Context, r *Request) (any, error) {
	p, err := r.window(defaultNum)
	if err != nil {
		return nil, err
	}
	list, total, err := s.portal.Invitations(ctx, r.Caller, p)
	if err != nil {
		return nil, err
	}
	rows := make([]Object, len(list))
	for i, v := range list {
		rows[i] = invitationJSON(v)
	}
	return listing("invitations", rows, p, total), nil
}

func (s *Server) invitation(ctx context.Context, r *Request) (any, error) {
	v, err := s.portal.Invitation(ctx, r.Caller, r.Var("invitation"))
	if err != nil {
		return nil, err
	}
	return invitationJSON(v), nil
}

// invitationJSON writes an invitation as those of groups are.
//
// guess: targetType is org, and that the rest of the shape is the same.
func invitationJSON(v *portal.Invitation) Object {
	kind := "user"
	if v.Username == "" {
		kind = "email"
	}
	return Object{
		"id": v.ID, "targetType": "org", "type": kind, "username": orNull(v.Username), "email": orNull(v.Email), "role": v.Role,
		"userLicenseType": orNull(v.UserType), "mustApprove": v.MustApprove, "accepted": false, "dateAccepted": -1,
		"fromUsername": Object{"username": v.Inviter}, "created": esri.TimeOf(v.Created), "received": esri.TimeOf(v.Created),
		"expiration": esri.TimeOf(v.Expires),
	}
}

func (s *Server) deleteInvitation(ctx context.Context, r *Request) (any, error) {
	if err := s.portal.DeleteInvitation(ctx, r.Caller, r.Var("invitation")); err != nil {
		return nil, err
	}
	return Object{"success": true, "id": r.Var("invitation")}, nil
}

// keyOf reads the key of the invitation that the path names.
//
// guess: the key is a parameter of its own. It is no part of the path, which logs may hold.
func (s *Server) keyOf(ctx context.Context, r *Request) (secret.Secret, error) {
	text, err := r.Need("invitationKey")
	if err != nil {
		return "", err
	}
	v, err := s.portal.OpenInvitation(ctx, secret.Secret(text))
	if err == nil && v.ID != r.Var("invitation") {
		err = portal.ErrBadParam("invitationKey", "is that of another invitation")
	}
	return secret.Secret(text), err
}

// acceptInvitation answers {success, username, id} to who holds the key: the account is open.
func (s *Server) acceptInvitation(ctx context.Context, r *Request) (any, error) {
	key, err := s.keyOf(ctx, r)
	if err != nil {
		return nil, err
	}
	name, err := s.portal.AcceptInvitation(ctx, key, acceptance(r))
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "username": name, "id": r.Var("invitation")}, nil
}

func acceptance(r *Request) portal.Acceptance {
	return portal.Acceptance{
		Username: r.Str("username"), FirstName: r.Str("firstName"), LastName: r.Str("lastName"), Password: secret.Secret(r.Str("password")),
	}
}

func (s *Server) declineInvitation(ctx context.Context, r *Request) (any, error) {
	key, err := s.keyOf(ctx, r)
	if err == nil {
		err = s.portal.DeclineInvitation(ctx, key)
	}
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "id": r.Var("invitation")}, nil
}
