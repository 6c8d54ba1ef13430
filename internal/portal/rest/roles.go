package rest

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

func (s *Server) rolesRoutes() []Route {
	const org = "sharing/rest/portals/{id}"
	const role = org + "/roles/{role}"
	return []Route{
		{Pattern: org + "/roles", Handle: s.inOrg(s.roles)},
		{Pattern: org + "/createRole", Write: true, Handle: s.inOrg(s.createRole)},
		{Pattern: org + "/updateUserRole", Write: true, Handle: s.inOrg(s.updateUserRole)},
		{Pattern: role, Handle: s.inOrg(s.role)},
		{Pattern: role + "/privileges", Handle: s.inOrg(s.rolePrivileges)},
		{Pattern: role + "/setPrivileges", Write: true, Handle: s.inOrg(s.setRolePrivileges)},
		{Pattern: role + "/update", Write: true, Handle: s.inOrg(s.updateRole)},
		{Pattern: role + "/delete", Write: true, Handle: s.inOrg(s.deleteRole)},
	}
}

// roles answers {total, start, num, nextStart, roles} (Esri's page "Roles"): Viewer, Data
// Editor and custom roles; privileges where returnPrivileges is true.
func (s *Server) roles(ctx context.Context, r *Request) (any, error) {
	p, err := r.window(defaultNum)
	if err != nil {
		return nil, err
	}
	withPrivileges, err := r.Bool("returnPrivileges", false)
	if err != nil {
		return nil, err
	}
	roles, err := s.portal.Roles(ctx, r.Caller)
	if err != nil {
		return nil, err
	}
	var rows []Object
	for _, role := range roles {
		o := roleJSON(role)
		if withPrivileges {
			o["privileges"] = orEmpty(role.Privileges)
		}
		rows = append(rows, o)
	}
	return listPage("roles", rows, p), nil
}

func roleJSON(r *portal.Role) Object {
	return Object{"id": r.ID, "name": r.Name, "description": r.Description, "created": esri.TimeOf(r.Created), "modified": esri.TimeOf(r.Modified)}
}

// role answers the role (Esri's page "Role").
func (s *Server) role(ctx context.Context, r *Request) (any, error) {
	role, err := s.portal.Role(ctx, r.Caller, roleID(r))
	if err != nil {
		return nil, err
	}
	return roleJSON(role), nil
}

// rolePrivileges answers {privileges} (Esri's page "Role Privileges").
func (s *Server) rolePrivileges(ctx context.Context, r *Request) (any, error) {
	role, err := s.portal.Role(ctx, r.Caller, roleID(r))
	if err != nil {
		return nil, err
	}
	return Object{"privileges": orEmpty(role.Privileges)}, nil
}

// createRole answers {success, id} (Esri's page "Create Role"). The role has no privileges
// until setPrivileges.
func (s *Server) createRole(ctx context.Context, r *Request) (any, error) {
	name, err := r.Need("name")
	if err != nil {
		return nil, err
	}
	role, err := s.portal.CreateRole(ctx, r.Caller, name, r.Str("description"))
	if err != nil {
		return nil, err
	}
	return Object{"success": true, "id": role.ID}, nil
}

// setRolePrivileges answers {success} (Esri's page "Set Role Privileges"). privileges is
// {"privileges": [...]}, a bare list, or either encoded once more as a string.
func (s *Server) setRolePrivileges(ctx context.Context, r *Request) (any, error) {
	if _, err := r.Need("privileges"); err != nil {
		return nil, err
	}
	var wrapped struct{ Privileges []string }
	if _, err := r.JSON("privileges", &wrapped); err != nil {
		if _, bare := r.JSON("privileges", &wrapped.Privileges); bare != nil {
			return nil, err
		}
	}
	if wrapped.Privileges == nil {
		return nil, portal.ErrBadParam("privileges", `must be of the form {"privileges":["portal:user:viewOrgItems"]}`)
	}
	return success(s.portal.SetRolePrivileges(ctx, r.Caller, roleID(r), wrapped.Privileges))
}

// updateRole answers {success} (Esri's page "Update Role").
func (s *Server) updateRole(ctx context.Context, r *Request) (any, error) {
	return success(s.portal.UpdateRole(ctx, r.Caller, roleID(r), r.field("name", false), r.field("description", true)))
}

// deleteRole answers {success} (Esri's page "Delete Role").
//
// guess: a role that members hold is refused; the documentation does not say.
func (s *Server) deleteRole(ctx context.Context, r *Request) (any, error) {
	return success(s.portal.DeleteRole(ctx, r.Caller, roleID(r)))
}

// updateUserRole answers {success} (Esri's page "Update User Role").
func (s *Server) updateUserRole(ctx context.Context, r *Request) (any, error) {
	user, err := r.Need("user")
	if err != nil {
		return nil, err
	}
	role, err := r.Need("role")
	if err != nil {
		return nil, err
	}
	return success(s.portal.UpdateUserRole(ctx, r.Caller, user, portal.ParseRole(role)))
}

func roleID(r *Request) esri.RoleID { return portal.ParseRole(r.Var("role")) }

// success is the answer of a write that has nothing else to say.
func success(err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return Object{"success": true}, nil
}
