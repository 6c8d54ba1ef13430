package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var userTypes = newTable("user_types", "id", nil, func(u *portal.UserType) []field {
	return []field{
		{"id", text(&u.ID)},
		{"ordinal", small(&u.Ordinal)},
		{"name", text(&u.Name)},
		{"description", text(&u.Description)},
		{"seats", whole(&u.Seats)},
		{"expires", moment(&u.Expires)},
		{"privileges", list(&u.Privileges)},
		{"apps", document(&u.Apps)},
	}
})

func (t *tx) UserTypes() ([]*portal.UserType, error) {
	return userTypes.all(t, " ORDER BY ordinal, id")
}

func (t *tx) PutUserType(u *portal.UserType) error { return userTypes.put(t, u) }

func (t *tx) DeleteUserType(id string) error {
	return t.exec("DELETE FROM user_types WHERE id=?", id)
}

// TypeHolders reads what triggers on the members' table count.
func (t *tx) TypeHolders() (map[string]int64, error) {
	return t.tally("SELECT user_type, n FROM user_type_holders WHERE n>0")
}

func (t *tx) HoldsType(id string, role esri.RoleID) (bool, error) {
	n, err := t.number("SELECT EXISTS(SELECT 1 FROM users WHERE user_type=? AND role=? AND system=0)", id, string(role))
	return n == 1, err
}

// tally collects rows of a name and a number.
func (t *tx) tally(query string, args ...any) (map[string]int64, error) {
	out := map[string]int64{}
	for r, err := range t.rows(query, args...) {
		if err != nil {
			return nil, err
		}
		var name string
		var n int64
		if err := r.Scan(&name, &n); err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, nil
}
