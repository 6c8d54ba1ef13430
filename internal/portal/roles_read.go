package portal

import (
	"context"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// IsPredefined reports whether a role cannot be changed.
func IsPredefined(id esri.RoleID) bool {
	_, ok := predefinedPrivileges(id)
	return ok
}

// ParseRole reads a role as clients write it, with the old names of the three basic roles as
// aliases.
func ParseRole(s string) esri.RoleID {
	s = strings.TrimSpace(s)
	switch strings.ToLower(s) {
	case "org_admin", "account_admin":
		return RoleAdmin
	case "org_publisher", "account_publisher":
		return RolePublisher
	case "org_user", "account_user":
		return RoleUser
	}
	return esri.RoleID(s)
}

// rolePrivileges returns the privileges of a role that must exist.
func rolePrivileges(tx Tx, id esri.RoleID) ([]string, error) {
	if p, ok := predefinedPrivileges(id); ok {
		return p, nil
	}
	r, err := tx.Role(id)
	if err != nil {
		return nil, err
	}
	return r.Privileges, nil
}

// basicRole is the one of the three basic roles that a role is closest to, as Esri's page
// "User" shows it beside the role's id.
func basicRole(id esri.RoleID, privileges []string) esri.RoleID {
	switch id {
	case RoleAdmin, RolePublisher, RoleUser:
		return id
	}
	for _, p := range privileges {
		if strings.HasPrefix(p, "portal:publisher:") {
			return RolePublisher
		}
	}
	return RoleUser
}

// isBasic reports whether a role is one of the three that have a name instead of an id.
func isBasic(id esri.RoleID) bool { return id == RoleAdmin || id == RolePublisher || id == RoleUser }

// Roles lists Viewer, Data Editor and the custom roles; every member may read it.
func (p *Portal) Roles(ctx context.Context, c Caller) ([]*Role, error) {
	var out []*Role
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		out, err = listedRoles(tx)
		return err
	})
	return out, err
}

// listedRoles returns the roles that have an id, the predefined ones first.
func listedRoles(tx Tx) ([]*Role, error) {
	org, err := tx.Org()
	if err != nil {
		return nil, err
	}
	out := []*Role{predefinedRole(RoleViewer, org), predefinedRole(RoleDataEditor, org)}
	custom, err := tx.Roles()
	if err != nil {
		return nil, err
	}
	return append(out, custom...), nil
}

// predefinedRole describes a predefined role; nil where id names none.
func predefinedRole(id esri.RoleID, org *Org) *Role {
	privs, ok := predefinedPrivileges(id)
	if !ok {
		return nil
	}
	r := &Role{ID: id, Privileges: privs, Created: org.Created, Modified: org.Created}
	switch id {
	case RoleAdmin:
		r.Name, r.Description = "Administrator", "Manages the organization and its members."
	case RolePublisher:
		r.Name, r.Description = "Publisher", "Creates, shares and publishes content."
	case RoleUser:
		r.Name, r.Description = "User", "Creates and shares content."
	case RoleViewer:
		r.Name, r.Description = "Viewer", "Views what is shared with the organization."
	case RoleDataEditor:
		r.Name, r.Description = "Data Editor", "Views and edits what is shared with the organization."
	}
	return r
}

// Role reads one role with its privileges; every member may.
func (p *Portal) Role(ctx context.Context, c Caller, id esri.RoleID) (*Role, error) {
	var out *Role
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		out, err = readRole(tx, id)
		return err
	})
	return out, err
}

func readRole(tx Tx, id esri.RoleID) (*Role, error) {
	org, err := tx.Org()
	if err != nil {
		return nil, err
	}
	if r := predefinedRole(id, org); r != nil {
		return r, nil
	}
	r, err := tx.Role(id)
	return r, absentAs(err, errNoRole())
}

func errNoRole() *Error { return &Error{Code: 400, Message: "Role does not exist or is inaccessible."} }
