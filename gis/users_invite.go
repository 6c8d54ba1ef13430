package gis

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// InviteMail is the message that goes with invitations; the zero value is the portal's own.
type InviteMail struct {
	Subject string
	HTML    string // may hold @@invitation.id@@ and @@touser.username@@
}

// InviteMembers makes several members by one call: those with a password at once, the others
// as accounts that wait for their owners, who get a message and choose a password. ArcGIS
// Online, and portals that make members as it does; Description and what [UserSpec] says of
// other portals do not apply.
//
// The portal names those that it did not invite, without a reason: they are in the returned
// [BatchError]. A refusal of the call as a whole is returned as it is, and nobody was made. An
// error that is [Ambiguous] leaves it open.
//
// rest: POST portals/self/invite
// py: arcgis.gis.UserManager.create
func (u *Users) InviteMembers(ctx context.Context, mail InviteMail, specs ...UserSpec) error {
	if len(specs) == 0 {
		return nil
	}
	list := struct {
		Invitations []invitation `json:"invitations"`
	}{}
	names := make([]string, 0, len(specs))
	for _, s := range specs {
		if s.Username == "" {
			return refuse(ErrInvalid, opInvite, "a user name is empty")
		}
		list.Invitations = append(list.Invitations, s.invitation())
		names = append(names, s.Username)
	}
	r := wire.Once("portals/self/invite").JSON("invitationList", list).Text("subject", mail.Subject).Text("html", mail.HTML)
	var answer struct {
		NotInvited []string `json:"notInvited"`
	}
	if err := u.p.do(ctx, r, &answer); err != nil {
		return err
	}
	b := &batch{op: opInvite}
	b.verdict(names, answer.NotInvited, "the portal did not invite the account and gives no reason")
	return b.err()
}

// invitation writes the account as invitations have it.
func (s UserSpec) invitation() invitation {
	inv := invitation{
		Username: s.Username, Password: s.Password, FirstName: s.FirstName, LastName: s.LastName,
		FullName: strings.TrimSpace(s.FirstName + " " + s.LastName), Email: s.Email,
		Role: s.Role, UserType: s.UserType, Groups: strings.Join(strs(s.Groups), ","),
		Credits: s.Credits, IDPUsername: s.IDPUsername,
	}
	if inv.Role == "" {
		inv.Role = RoleUser
	}
	if s.Provider != "" && s.Provider != "arcgis" {
		inv.Provider = s.Provider
	}
	return inv
}

// Handle answers an account to call methods on, of which only the name is known. It sends
// nothing.
func (u *Users) Handle(username string) *User { return &User{Username: username, p: u.p} }

// Make makes an account as [Users.Create] does on ArcGIS Enterprise, by one request: the account
// is not read back, and Groups are left aside.
//
// rest: POST portaladmin/security/users/createUser
func (u *Users) Make(ctx context.Context, spec UserSpec) error {
	const op = "POST portaladmin/security/users/createUser"
	if spec.Provider == "" {
		spec.Provider = "arcgis"
	}
	if spec.Role == "" {
		spec.Role = RoleUser
	}
	switch {
	case spec.Username == "":
		return refuse(ErrInvalid, op, "the user name is empty")
	case spec.Provider == "arcgis" && spec.Password == "":
		return refuse(ErrInvalid, op, "%s: a built-in account needs a password", spec.Username)
	}
	return u.createByAdmin(ctx, spec)
}

// SetRole gives an account a role, as [User.SetRole] does, without reading the account back.
//
// rest: POST portals/self/updateUserRole
func (u *Users) SetRole(ctx context.Context, username string, role esri.RoleID) error {
	return u.p.do(ctx, wire.Write("portals/self/updateUserRole").Set("user", username).Set("role", string(role)), nil)
}
