package portal

import (
	"errors"

	"github.com/rhumb-gis/rhumb/esri"
)

// Predefined roles. Viewer and Data Editor carry ids like custom roles but cannot be changed.
const (
	RoleAdmin      esri.RoleID = "org_admin"
	RolePublisher  esri.RoleID = "org_publisher"
	RoleUser       esri.RoleID = "org_user"
	RoleViewer     esri.RoleID = "iAAAAAAAAAAAAAAA"
	RoleDataEditor esri.RoleID = "iBBBBBBBBBBBBBBB"
)

// privilegesOf returns the privileges of u's role. The user type's limit comes with licenses.
func privilegesOf(tx Tx, u *User) ([]string, error) {
	if p, ok := predefinedPrivileges(u.Role); ok {
		return p, nil
	}
	r, err := tx.Role(u.Role)
	if errors.Is(err, ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.Privileges, nil
}
