package portal

import (
	"context"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

const maxRoleDescription = 250

// CreateRole adds a custom role without privileges.
func (p *Portal) CreateRole(ctx context.Context, c Caller, name, description string) (*Role, error) {
	now := p.clock.Now()
	r := &Role{ID: esri.RoleID(newShortID()), Name: strings.TrimSpace(name), Description: description, Created: now, Modified: now}
	err := p.store.Update(ctx, func(tx Tx) error {
		if err := managesRoles(tx, c); err != nil {
			return err
		}
		if err := checkRole(tx, r); err != nil {
			return err
		}
		return tx.PutRole(r)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// managesRoles resolves a caller who may edit roles.
func managesRoles(tx Tx, c Caller) error {
	a, err := actorIn(tx, c)
	if err != nil {
		return err
	}
	return a.needs(privManageRoles)
}

// checkRole checks a role's name and description; names are unique without regard to case.
func checkRole(tx Tx, r *Role) error {
	if r.Name == "" {
		return ErrMissingParam("name")
	}
	if err := checkText("name", r.Name, maxNamePart); err != nil {
		return err
	}
	if err := checkText("description", r.Description, maxRoleDescription); err != nil {
		return err
	}
	roles, err := listedRoles(tx)
	if err != nil {
		return err
	}
	for _, other := range roles {
		if other.ID != r.ID && strings.EqualFold(other.Name, r.Name) {
			return ErrBadParam("name", "is the name of another role of this portal")
		}
	}
	return nil
}

// UpdateRole renames or describes a custom role; nil leaves a property as it is.
func (p *Portal) UpdateRole(ctx context.Context, c Caller, id esri.RoleID, name, description *string) error {
	return p.editRole(ctx, c, id, func(tx Tx, _ *actor, r *Role) error {
		if name != nil {
			r.Name = strings.TrimSpace(*name)
		}
		if description != nil {
			r.Description = *description
		}
		return checkRole(tx, r)
	})
}

// SetRolePrivileges replaces the privileges of a custom role. Nobody gives or takes a
// privilege that he lacks, so that a role cannot be used to climb.
func (p *Portal) SetRolePrivileges(ctx context.Context, c Caller, id esri.RoleID, privileges []string) error {
	for _, name := range privileges {
		if !IsPrivilege(name) {
			return ErrBadParam("privileges", "holds '"+name+"', which is no privilege of this portal")
		}
	}
	return p.editRole(ctx, c, id, func(tx Tx, a *actor, r *Role) error {
		if err := a.lacks(r.Privileges); err != nil {
			return err
		}
		if err := a.lacks(privileges); err != nil {
			return err
		}
		if err := privilegesFit(tx, r.ID, privileges); err != nil {
			return err
		}
		r.Privileges = ordered(privileges)
		return nil
	})
}

// ordered drops repeated privileges and puts them in the order of the list of all.
func ordered(privileges []string) []string {
	var out []string
	for _, p := range allPrivileges {
		if slices.Contains(privileges, p) {
			out = append(out, p)
		}
	}
	return out
}

func (p *Portal) editRole(ctx context.Context, c Caller, id esri.RoleID, edit func(Tx, *actor, *Role) error) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, r, err := changeableRole(tx, c, id)
		if err != nil {
			return err
		}
		if err := edit(tx, a, r); err != nil {
			return err
		}
		r.Modified = p.clock.Now()
		return tx.PutRole(r)
	})
}

// changeableRole reads a custom role for a caller who may edit roles.
func changeableRole(tx Tx, c Caller, id esri.RoleID) (*actor, *Role, error) {
	a, err := actorIn(tx, c)
	if err != nil {
		return nil, nil, err
	}
	if err := a.needs(privManageRoles); err != nil {
		return nil, nil, err
	}
	if IsPredefined(id) {
		return nil, nil, &Error{Code: 400, Message: "A predefined role cannot be changed or deleted.", Details: []string{"'" + string(id) + "' is predefined; create a custom role instead."}}
	}
	r, err := tx.Role(id)
	return a, r, absentAs(err, errNoRole())
}

// DeleteRole removes a custom role that no member holds.
func (p *Portal) DeleteRole(ctx context.Context, c Caller, id esri.RoleID) error {
	return p.store.Update(ctx, func(tx Tx) error {
		_, r, err := changeableRole(tx, c, id)
		if err != nil {
			return err
		}
		n, err := tx.CountRoleHolders(r.ID)
		if err != nil {
			return err
		}
		if n > 0 {
			return &Error{Code: 400, Message: "The role is assigned to members and cannot be deleted.", Details: []string{"Assign another role to its members first."}}
		}
		return tx.DeleteRole(r.ID)
	})
}
