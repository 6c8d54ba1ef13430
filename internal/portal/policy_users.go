package portal

import (
	"errors"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
)

// Tier says how much of a member a caller may see.
type Tier int

// Tiers of a member's profile, each with all of the one before.
const (
	TierNone   Tier = iota // the member does not exist for the caller
	TierPublic             // names, description, tags, thumbnail
	TierOrg                // also the basic role, for fellow members
	TierFull               // everything: the member itself and who may view all members
)

// Privileges that the member use cases ask for.
const (
	privViewUsers       = "portal:admin:viewUsers"
	privUpdateUsers     = "portal:admin:updateUsers"
	privDeleteUsers     = "portal:admin:deleteUsers"
	privInviteUsers     = "portal:admin:inviteUsers"
	privDisableUsers    = "portal:admin:disableUsers"
	privChangeUserRoles = "portal:admin:changeUserRoles"
	privManageLicenses  = "portal:admin:manageLicenses"
	privManageRoles     = "portal:admin:manageRoles"
	privManageSecurity  = "portal:admin:manageSecurity"
	privReassignItems   = "portal:admin:reassignItems"
	privReassignGroups  = "portal:admin:reassignGroups"
	privViewOrgUsers    = "portal:user:viewOrgUsers"
	privCreateItem      = "portal:user:createItem"
)

// userTier decides what the caller sees of u.
func (a *actor) userTier(u *User) Tier {
	switch {
	case a.is(u.Username), a.has(privViewUsers):
		return TierFull
	case u.Access == Private:
		return TierNone
	case a.has(privViewOrgUsers):
		return TierOrg
	case u.Access == Public:
		return TierPublic
	default:
		return TierNone
	}
}

// listsMembers returns nil where the caller may list the members of the organization.
func (a *actor) listsMembers() error {
	if a.has(privViewUsers) {
		return nil
	}
	return a.needs(privViewOrgUsers)
}

// findableUsers is the caller's part of a search for members.
func (a *actor) findableUsers() Visibility {
	v := a.visibility(privViewUsers)
	v.Member = a.has(privViewOrgUsers)
	return v
}

// visibleUser reads a member that the caller may see.
func visibleUser(tx Tx, a *actor, username string) (*User, Tier, error) {
	u, err := tx.User(username)
	if err != nil {
		return nil, TierNone, absentAs(err, errNoUser())
	}
	t := a.userTier(u)
	if t == TierNone {
		return nil, TierNone, errNoUser()
	}
	return u, t, nil
}

// governedUser reads a member whom the caller is about to change by an administrative
// privilege: one that the caller may see, that is no system account, and that does not
// outrank the caller.
func governedUser(tx Tx, a *actor, username, privilege string) (*User, error) {
	if err := a.needs(privilege); err != nil {
		return nil, err
	}
	u, _, err := visibleUser(tx, a, username)
	if err != nil {
		return nil, err
	}
	return u, a.governs(tx, u)
}

// governs returns nil where the caller may change u by an administrative privilege: never a
// system account, and never one who may do administrative work that the caller may not.
func (a *actor) governs(tx Tx, u *User) error {
	if u.System {
		return denied("'" + u.Username + "' is an account of the portal itself, which nobody changes.")
	}
	if u.Role == RoleAdmin && !a.admin() {
		return ErrDenied("the role of administrator")
	}
	privs, err := privilegesOf(tx, u)
	if err != nil {
		return err
	}
	return a.lacks(slices.DeleteFunc(slices.Clone(privs), func(p string) bool { return !Administrative(p) }))
}

// denied is ErrDenied with a reason that is no missing right.
func denied(why string) *Error {
	e := ErrDenied("")
	e.Details = []string{why}
	return e
}

// impersonates returns nil where the caller may take over u's account, as setting a password
// does: only who may do all that u may.
func (a *actor) impersonates(tx Tx, u *User) error {
	privs, err := privilegesOf(tx, u)
	if err != nil {
		return err
	}
	return a.lacks(privs)
}

// lacks returns an error that names the first privilege that the caller does not hold.
func (a *actor) lacks(privileges []string) error {
	for _, p := range privileges {
		if !a.has(p) {
			return a.needs(p)
		}
	}
	return nil
}

// grants returns nil where the caller may give the role to somebody: administrators alone
// make administrators, and nobody gives what he lacks.
func (a *actor) grants(tx Tx, role esri.RoleID) error {
	if role == RoleAdmin && !a.admin() {
		return ErrDenied("the role of administrator")
	}
	privs, err := rolePrivileges(tx, role)
	if errors.Is(err, ErrAbsent) {
		return ErrBadParam("role", "names no role of this portal: '"+string(role)+"'")
	}
	if err != nil {
		return err
	}
	return a.lacks(privs)
}

// keepsAdministrator returns an error where u is the only administrator who can sign in.
func keepsAdministrator(tx Tx, u *User) error {
	if u.Role != RoleAdmin || u.Disabled {
		return nil
	}
	admins, err := usersInRole(tx, RoleAdmin)
	if err != nil {
		return err
	}
	for _, other := range admins {
		if other.Username != u.Username && !other.Disabled && !other.System {
			return nil
		}
	}
	return &Error{Code: 400, MessageCode: "RHUMB_0002", Message: "'" + u.Username + "' is the last administrator who can sign in.",
		Details: []string{"Make another member an administrator first."}}
}
