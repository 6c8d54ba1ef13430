package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
)

// UserLicenseType reads a member's user type: the member's own, or for who manages licenses or
// views all members.
func (p *Portal) UserLicenseType(ctx context.Context, c Caller, username string) (*UserType, error) {
	var out *UserType
	err := p.store.View(ctx, func(tx Tx) error {
		privilege := privViewUsers
		if a, err := actorIn(tx, c); err == nil && a.has(privManageLicenses) {
			privilege = privManageLicenses
		}
		_, u, err := sameMember(tx, c, username, privilege)
		if err != nil {
			return err
		}
		types, err := userTypesIn(tx)
		if err != nil {
			return err
		}
		if out = findUserType(types, u.UserType); out == nil {
			out = &UserType{ID: u.UserType, Name: u.UserType}
		}
		return nil
	})
	return out, err
}

// UpdateUserLicenseType gives members another user type. One is refused where no seat is free
// or the type does not allow the member's role; a refusal concerns its member alone.
func (p *Portal) UpdateUserLicenseType(ctx context.Context, c Caller, usernames []string, userType string) ([]UserResult, error) {
	if userType == "" {
		return nil, ErrMissingParam("userLicenseType")
	}
	if err := p.store.View(ctx, func(tx Tx) error {
		_, err := namedUserType(tx, "userLicenseType", userType)
		return err
	}); err != nil {
		return nil, err
	}
	return p.forUsers(ctx, c, privManageLicenses, usernames, func(tx Tx, a *actor, name string) error {
		u, err := governedUser(tx, a, name, privManageLicenses)
		if err != nil {
			return err
		}
		t, err := namedUserType(tx, "userLicenseType", userType)
		if err != nil {
			return err
		}
		if u.UserType == t.ID {
			return nil
		}
		if err := t.allowsRole(tx, u.Role); err != nil {
			return named(u.Username, err)
		}
		if err := t.free(tx, p.clock.Now()); err != nil {
			return named(u.Username, err)
		}
		u.UserType, u.Modified = t.ID, p.clock.Now()
		return tx.PutUser(u)
	})
}

// roleFits returns an error where a member's user type does not allow a role.
func roleFits(tx Tx, u *User, role esri.RoleID) error {
	types, err := userTypesIn(tx)
	if err != nil {
		return err
	}
	t := findUserType(types, u.UserType)
	if t == nil || u.System {
		return nil
	}
	return t.allowsRole(tx, role)
}

// privilegesFit returns an error where somebody who holds a role has a user type that does not
// allow the privileges that the role is about to get.
func privilegesFit(tx Tx, role esri.RoleID, privileges []string) error {
	types, err := userTypesIn(tx)
	if err != nil {
		return err
	}
	for _, t := range types {
		refusal := t.allows(privileges)
		if refusal == nil {
			continue
		}
		held, err := tx.HoldsType(t.ID, role)
		if err != nil {
			return err
		}
		if held {
			return refusal
		}
	}
	return nil
}
