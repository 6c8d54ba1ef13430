package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var roles = newTable("roles", "id", nil, func(r *portal.Role) []field {
	return []field{
		{"id", text(&r.ID)},
		{"name", text(&r.Name)},
		{"description", text(&r.Description)},
		{"privileges", list(&r.Privileges)},
		{"created", moment(&r.Created)},
		{"modified", moment(&r.Modified)},
	}
})

func (t *tx) Role(id esri.RoleID) (*portal.Role, error) {
	return roles.one(t, " WHERE id=?", string(id))
}

func (t *tx) Roles() ([]*portal.Role, error) { return roles.all(t, " ORDER BY created, id") }

func (t *tx) PutRole(r *portal.Role) error { return roles.put(t, r) }

func (t *tx) DeleteRole(id esri.RoleID) error {
	return t.exec("DELETE FROM roles WHERE id=?", string(id))
}

func (t *tx) CountRoleHolders(id esri.RoleID) (int, error) {
	n, err := t.number("SELECT count(*) FROM users WHERE role=?", string(id))
	return int(n), err
}
