package portal

import (
	"context"
	"strings"
)

// OrgView is the organization as a caller sees it.
type OrgView struct {
	*Org
	User     *UserView // the caller; nil: anonymous
	Contacts []string  // names of the administrators, for members

	UserTypes []UserTypeView // for who manages licenses; nil for others
}

// Organization reads the organization by id, or the caller's by "self". Anybody may.
func (p *Portal) Organization(ctx context.Context, c Caller, id string) (*OrgView, error) {
	out := &OrgView{}
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if out.Org, err = namedOrg(tx, id); err != nil || a.anonymous() {
			return err
		}
		if out.User, err = userView(tx, a, a.user, out.ID); err != nil {
			return err
		}
		if out.User.Groups, err = groupsOf(tx, a, a.name(), out.ID); err != nil {
			return err
		}
		if a.has(privManageLicenses) {
			if out.UserTypes, err = userTypeViews(tx); err != nil {
				return err
			}
		}
		admins, err := usersInRole(tx, RoleAdmin)
		for _, u := range admins {
			if !u.Disabled && a.userTier(u) != TierNone {
				out.Contacts = append(out.Contacts, u.Username)
			}
		}
		return err
	})
	return out, err
}

// namedOrg reads the organization where id names it.
func namedOrg(tx Tx, id string) (*Org, error) {
	org, err := tx.Org()
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(id, "self") && !strings.EqualFold(id, string(org.ID)) {
		return nil, &Error{Code: 400, Message: "Organization does not exist or is inaccessible."}
	}
	return org, nil
}

// CheckOrg returns nil where id is that of the organization, or "self".
func (p *Portal) CheckOrg(ctx context.Context, id string) error {
	return p.store.View(ctx, func(tx Tx) error {
		_, err := namedOrg(tx, id)
		return err
	})
}

// Administers returns nil for a caller who holds a privilege; it guards collections that
// hold nothing yet answer only to some.
func (p *Portal) Administers(ctx context.Context, c Caller, privilege string) error {
	return p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		return a.needs(privilege)
	})
}

// Affairs returns nil where the caller may read what concerns a member alone, such as
// notifications: the member itself, and who holds the privilege, where one is named.
func (p *Portal) Affairs(ctx context.Context, c Caller, username, privilege string) error {
	return p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		u, _, err := visibleUser(tx, a, username)
		if err != nil || a.is(u.Username) {
			return err
		}
		needed := "to be signed in as '" + u.Username + "'"
		if privilege == "" {
			return ErrDenied(needed)
		}
		if !a.has(privilege) {
			return ErrDenied(needed + ", or the privilege " + privilege)
		}
		return nil
	})
}

// CountMembers counts all accounts for an administrator of members.
func (p *Portal) CountMembers(ctx context.Context, c Caller) (int, error) {
	total := 0
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privViewUsers); err != nil {
			return err
		}
		_, total, err = tx.FindUsers(UserQuery{Visible: Visibility{All: true}, Page: Page{Start: 1}})
		return err
	})
	return total, err
}
