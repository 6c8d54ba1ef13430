package gis

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// The predefined roles. The first three are not listed by [Roles.List].
const (
	RoleAdmin      esri.RoleID = "org_admin"
	RolePublisher  esri.RoleID = "org_publisher"
	RoleUser       esri.RoleID = "org_user"
	RoleViewer     esri.RoleID = "iAAAAAAAAAAAAAAA"
	RoleDataEditor esri.RoleID = "iBBBBBBBBBBBBBBB"
)

// Roles are what members may do.
//
// py: arcgis.gis.RoleManager
type Roles struct{ p *Portal }

// Role is a named set of privileges.
type Role struct {
	ID          esri.RoleID `json:"id"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Created     esri.Time   `json:"created"`
	Modified    esri.Time   `json:"modified"`
	// Privileges are filled by [Roles.List] where the portal lists them, and by
	// [Role.ReadPrivileges].
	Privileges []string `json:"privileges"`

	raw json.RawMessage
	p   *Portal
}

// UnmarshalJSON reads a role and keeps all of it.
func (r *Role) UnmarshalJSON(b []byte) error {
	type plain Role
	if err := decode(b, (*plain)(r)); err != nil {
		return err
	}
	r.raw = bytes.Clone(b)
	return nil
}

// MarshalJSON writes what was received.
func (r *Role) MarshalJSON() ([]byte, error) { return rawOr(r.raw) }

// Raw is the JSON as received, with every property.
func (r *Role) Raw() json.RawMessage { return r.raw }

// List yields the custom roles, Viewer and Data Editor, with their privileges where the
// portal includes them. Administrator, Publisher and User are never listed.
//
// rest: GET portals/self/roles
// py: arcgis.gis.RoleManager.all
func (r *Roles) List(ctx context.Context) iter.Seq2[*Role, error] {
	return pages(ctx, 1, 0, func(ctx context.Context, start int) (*Page[*Role], error) {
		req := wire.Read("portals/self/roles").Bool("returnPrivileges", true)
		found, err := readPage[*Role](ctx, r.p, req, "roles", start, maxPage)
		if err != nil {
			return nil, err
		}
		for _, role := range found.Items {
			role.p = r.p
		}
		return found, nil
	})
}

// Get reads one role.
//
// rest: GET portals/self/roles/{id}
// py: arcgis.gis.RoleManager.get_role
// py: arcgis.gis.Role
func (r *Roles) Get(ctx context.Context, id esri.RoleID) (*Role, error) {
	var role Role
	if err := r.p.do(ctx, wire.Read("portals/self/roles/{id}", string(id)), &role); err != nil {
		// The only thing that can be wrong with this request is the id.
		return nil, as(err, ErrNotFound, func(e *Error) bool { return e.Code == 400 && e.MessageCode == "" })
	}
	role.p = r.p
	return &role, nil
}

// ByName finds a role of [Roles.List] by its name, without regard to case.
//
// rest: GET portals/self/roles
func (r *Roles) ByName(ctx context.Context, name string) (*Role, error) {
	for role, err := range r.List(ctx) {
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(role.Name, name) {
			return role, nil
		}
	}
	return nil, refuse(ErrNotFound, "GET portals/self/roles", "there is no role %q", name)
}

// Exists reports whether [Roles.ByName] finds a role.
//
// rest: GET portals/self/roles
// py: arcgis.gis.RoleManager.exists
func (r *Roles) Exists(ctx context.Context, name string) (bool, error) {
	_, err := r.ByName(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// RoleSpec is a role to create.
type RoleSpec struct {
	Name        string // at most 128 characters
	Description string // at most 250 characters
	Privileges  []string
}

// Create makes a custom role. Only default administrators may. Where setting the privileges
// fails, the role is there without them and is returned with the error.
//
// rest: POST portals/self/createRole
// rest: POST portals/self/roles/{id}/setPrivileges
// py: arcgis.gis.RoleManager.create
func (r *Roles) Create(ctx context.Context, spec RoleSpec) (*Role, error) {
	var answer struct {
		ID esri.RoleID `json:"id"`
	}
	req := wire.Once("portals/self/createRole").Set("name", spec.Name).Set("description", spec.Description)
	if err := r.p.do(ctx, req, &answer); err != nil {
		return nil, err
	}
	role := &Role{ID: answer.ID, Name: spec.Name, Description: spec.Description, p: r.p}
	if len(spec.Privileges) > 0 {
		if err := role.SetPrivileges(ctx, spec.Privileges); err != nil {
			return role, err
		}
	}
	fresh, err := r.Get(ctx, role.ID)
	if err != nil {
		return role, err
	}
	fresh.Privileges = role.Privileges
	return fresh, nil
}

// ReadPrivileges reads the role's privileges, such as portal:user:createItem.
//
// rest: GET portals/self/roles/{id}/privileges
// py: arcgis.gis.Role.privileges
func (r *Role) ReadPrivileges(ctx context.Context) ([]string, error) {
	var answer struct {
		Privileges []string `json:"privileges"`
	}
	if err := r.p.do(ctx, wire.Read("portals/self/roles/{id}/privileges", string(r.ID)), &answer); err != nil {
		return nil, err
	}
	r.Privileges = answer.Privileges
	return answer.Privileges, nil
}

// SetPrivileges replaces the role's privileges. Predefined roles refuse.
//
// rest: POST portals/self/roles/{id}/setPrivileges
// py: arcgis.gis.Role.privileges
func (r *Role) SetPrivileges(ctx context.Context, privileges []string) error {
	wrapped := struct {
		Privileges []string `json:"privileges"`
	}{append([]string{}, privileges...)}
	req := wire.Write("portals/self/roles/{id}/setPrivileges", string(r.ID)).JSON("privileges", wrapped)
	if err := r.p.do(ctx, req, nil); err != nil {
		return err
	}
	r.Privileges = wrapped.Privileges
	return nil
}

// RoleUpdate is what [Role.Update] changes; nil keeps.
type RoleUpdate struct {
	Name        *string
	Description *string
}

// Update changes the role's name and description. Predefined roles refuse.
//
// rest: POST portals/self/roles/{id}/update
// py: arcgis.gis.Role.name
// py: arcgis.gis.Role.description
func (r *Role) Update(ctx context.Context, change RoleUpdate) error {
	name, description := r.Name, r.Description
	if change.Name != nil {
		name = *change.Name
	}
	if change.Description != nil {
		description = *change.Description
	}
	req := wire.Write("portals/self/roles/{id}/update", string(r.ID)).Set("name", name).Set("description", description)
	if err := r.p.do(ctx, req, nil); err != nil {
		return err
	}
	r.Name, r.Description = name, description
	return nil
}

// Delete removes the role. The portal refuses while members hold it.
//
// rest: POST portals/self/roles/{id}/delete
// py: arcgis.gis.Role.delete
func (r *Role) Delete(ctx context.Context) error {
	return r.p.do(ctx, wire.Once("portals/self/roles/{id}/delete", string(r.ID)), nil)
}
