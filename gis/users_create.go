package gis

import (
	"context"
	"errors"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// UserSpec is a member to create.
type UserSpec struct {
	Username    string // required; DOMAIN\user and user@DOMAIN name accounts of a directory
	Password    string // required for built-in accounts
	FirstName   string
	LastName    string
	Email       string
	Description string
	Role        esri.RoleID // default: org_user
	UserType    string      // id such as creatorUT; default: the organization's
	Provider    string      // arcgis (default) or enterprise
	IDPUsername string      // name in the identity provider, for provider enterprise
	Groups      []esri.GroupID
	Credits     *float64 // ArcGIS Online: nil means the organization's default
}

const opInvite = "POST portals/self/invite"

// Create makes an account and answers it as read back. It needs portal:admin:inviteUsers;
// ArcGIS Enterprise also a right on portaladmin.
//
// Enterprise makes members by portaladmin, ArcGIS Online by an invitation that carries the
// password; which way is taken follows from [Features]. What a way does not take, Groups of
// the one and Description of the other, is set afterwards; a failure there is returned
// together with the account.
//
// [ErrConflict] means that the name is taken.
//
// rest: POST portaladmin/security/users/createUser
// rest: POST portals/self/invite
// py: arcgis.gis.UserManager.create
func (u *Users) Create(ctx context.Context, spec UserSpec) (*User, error) {
	if spec.Username == "" {
		return nil, refuse(ErrInvalid, opInvite, "the user name is empty")
	}
	if spec.Provider == "" {
		spec.Provider = "arcgis"
	}
	if spec.Provider == "arcgis" && spec.Password == "" {
		return nil, refuse(ErrInvalid, opInvite, "%s: a built-in account needs a password", spec.Username)
	}
	if spec.Role == "" {
		spec.Role = RoleUser
	}
	f, err := u.p.Features(ctx)
	if err != nil {
		return nil, err
	}
	if f.CreatesUsersByAdmin {
		err = u.createByAdmin(ctx, spec)
	} else {
		err = u.createByInvitation(ctx, spec)
	}
	if err != nil {
		return nil, err
	}
	user, err := u.Get(ctx, accountName(spec.Username))
	if err != nil {
		return nil, err
	}
	if !f.CreatesUsersByAdmin {
		if spec.Description == "" {
			return user, nil
		}
		return user, user.Update(ctx, UserUpdate{Description: &spec.Description})
	}
	var later []error
	for _, g := range spec.Groups {
		later = append(later, u.p.Groups.Handle(g).AddUsers(ctx, user.Username))
	}
	return user, errors.Join(later...)
}

// accountName is how the portal calls an account of a directory that was created as
// DOMAIN\user.
func accountName(created string) string {
	if domain, name, ok := strings.Cut(created, `\`); ok {
		return name + "@" + domain
	}
	return created
}

func (u *Users) createByAdmin(ctx context.Context, spec UserSpec) error {
	r := wire.Once("portaladmin/security/users/createUser").TokenInBody().
		Set("username", spec.Username).Text("password", spec.Password).
		Set("firstname", spec.FirstName).Set("lastname", spec.LastName).Set("email", spec.Email).
		Set("role", string(spec.Role)).Text("userLicenseTypeId", spec.UserType).
		Set("provider", spec.Provider).Text("idpUsername", spec.IDPUsername).Text("description", spec.Description)
	return u.p.do(ctx, r, nil)
}

type invitation struct {
	Username    string      `json:"username"`
	Password    string      `json:"password,omitempty"`
	FirstName   string      `json:"firstname"`
	LastName    string      `json:"lastname"`
	FullName    string      `json:"fullname"`
	Email       string      `json:"email"`
	Role        esri.RoleID `json:"role"`
	UserType    string      `json:"userLicenseType,omitempty"`
	Groups      string      `json:"groups,omitempty"`
	Credits     *float64    `json:"userCreditAssignment,omitempty"`
	Provider    string      `json:"targetUserProvider,omitempty"`
	IDPUsername string      `json:"idpUsername,omitempty"`
}

func (u *Users) createByInvitation(ctx context.Context, spec UserSpec) error {
	list := struct {
		Invitations []invitation `json:"invitations"`
	}{[]invitation{spec.invitation()}}
	var answer struct {
		NotInvited []string `json:"notInvited"`
	}
	if err := u.p.do(ctx, wire.Once("portals/self/invite").JSON("invitationList", list), &answer); err != nil {
		return err
	}
	if len(answer.NotInvited) == 0 {
		return nil
	}
	// The portal gives no reason; the usual one can be checked.
	if taken, err := u.exists(ctx, spec.Username); err == nil && taken {
		return refuse(ErrConflict, opInvite, "the user name %s is taken", spec.Username)
	}
	return refuse(ErrInvalid, opInvite, "the portal did not create %s and gives no reason: check the name, the password rules and the seats of the user type", spec.Username)
}

// InviteSpec invites people to the organization by e-mail. ArcGIS Online only.
type InviteSpec struct {
	Emails        []string
	Message       string
	Role          esri.RoleID // default: org_user
	Provider      string      // arcgis (default) or enterprise
	MustApprove   bool
	ValidateEmail bool
	Minutes       int // until it lapses: 1440, 4320, 10080 or 20160; 0: the portal's default
}

// Invite sends invitations to e-mail addresses, whose owners choose their own user names.
//
// rest: POST portals/self/inviteByEmail
// py: arcgis.gis.UserManager.invite
func (u *Users) Invite(ctx context.Context, spec InviteSpec) error {
	if spec.Role == "" {
		spec.Role = RoleUser
	}
	r := wire.Once("portals/self/inviteByEmail").List("emails", spec.Emails).Text("message", spec.Message).
		Set("role", string(spec.Role)).Text("targetUserProvider", spec.Provider).
		Bool("mustApprove", spec.MustApprove).Bool("validateEmail", spec.ValidateEmail).Int("expiration", spec.Minutes)
	return u.p.do(ctx, r, nil)
}

// SignUpSpec is an account that its owner makes himself.
type SignUpSpec struct{ Username, Password, FullName, Email string }

// SignUp makes a built-in account where the portal lets anybody do that. ArcGIS Enterprise
// only. It answers the account's name.
//
// rest: POST community/signUp
// py: arcgis.gis.UserManager.signup
func (u *Users) SignUp(ctx context.Context, spec SignUpSpec) (string, error) {
	r := wire.Once("community/signUp").Anonymous().Set("username", spec.Username).Set("password", spec.Password).
		Set("fullname", spec.FullName).Set("email", spec.Email)
	answer := struct {
		Username string `json:"username"`
	}{spec.Username}
	err := u.p.do(ctx, r, &answer)
	return answer.Username, err
}
