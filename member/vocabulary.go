package member

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// vocabulary is what a portal calls its roles and user types.
type vocabulary struct {
	roles []*gis.Role // the predefined ones among them
	types []*gis.UserType
}

func readVocabulary(ctx context.Context, p *gis.Portal) (*vocabulary, error) {
	v := &vocabulary{roles: []*gis.Role{
		{ID: gis.RoleAdmin, Name: "Administrator"}, {ID: gis.RolePublisher, Name: "Publisher"}, {ID: gis.RoleUser, Name: "User"},
	}}
	for r, err := range p.Roles.List(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read the roles: %w", err)
		}
		v.roles = append(v.roles, r)
	}
	types, err := gis.Collect(p.Users.UserTypes(ctx))
	if err != nil && !errors.Is(err, gis.ErrUnsupported) {
		return nil, fmt.Errorf("read the user types: %w", err)
	}
	v.types = types
	return v, nil
}

// oldRoles are the names of predefined roles in old files.
func oldRole(name string) esri.RoleID {
	switch fold(name) {
	case "account_user":
		return gis.RoleUser
	case "account_publisher":
		return gis.RolePublisher
	case "account_admin":
		return gis.RoleAdmin
	}
	return ""
}

// role finds a role by its id, its name, or its name in old files.
func (v *vocabulary) role(word string) (esri.RoleID, error) {
	word = strings.TrimSpace(word)
	if id := oldRole(word); id != "" {
		return id, nil
	}
	var found []esri.RoleID
	for _, r := range v.roles {
		if string(r.ID) == word || strings.EqualFold(string(r.ID), word) && strings.HasPrefix(fold(word), "org_") {
			return r.ID, nil
		}
		if strings.EqualFold(r.Name, word) {
			found = append(found, r.ID)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fmt.Errorf("there is no role %q; the roles are %s", word, v.roleNames())
	}
	return "", fmt.Errorf("%d roles are called %q: name one by its id", len(found), word)
}

func (v *vocabulary) roleNames() string {
	var names []string
	for _, r := range v.roles {
		names = append(names, r.Name)
	}
	return strings.Join(names, ", ")
}

// roleName is the name of a role, unique among all roles, else its id.
func (v *vocabulary) roleName(id esri.RoleID) string {
	for _, r := range v.roles {
		if r.ID != id {
			continue
		}
		if got, err := v.role(r.Name); err != nil || got != id {
			return string(id)
		}
		return r.Name
	}
	return string(id)
}

// userType finds a user type by its id or its name.
func (v *vocabulary) userType(word string) (*gis.UserType, error) {
	word = strings.TrimSpace(word)
	var found []*gis.UserType
	for _, t := range v.types {
		if strings.EqualFold(t.ID, word) {
			return t, nil
		}
		if strings.EqualFold(t.Name, word) {
			found = append(found, t)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var ids []string
	for _, t := range v.types {
		ids = append(ids, t.ID)
	}
	slices.Sort(ids)
	return nil, fmt.Errorf("there is no user type %q; the user types are %s", word, strings.Join(ids, ", "))
}

func (v *vocabulary) userTypeName(id string) string {
	for _, t := range v.types {
		if t.ID == id {
			return t.Name
		}
	}
	return id
}

// userTypeSeats counts the seats of every user type. Where the portal does not tell how many
// there are, there is no limit, and the portal itself has the last word.
func userTypeSeats(ctx context.Context, p *gis.Portal, v *vocabulary, taken map[string]int) (map[string]*counter, error) {
	out := map[string]*counter{}
	for _, t := range v.types {
		c := &counter{name: "the user type " + t.ID, seats: gis.NoLimit, taken: taken[t.ID]}
		if t.MaxUsers > 0 {
			c.seats = t.MaxUsers
		}
		out[t.ID] = c
	}
	installed, err := p.Licenses.Installed(ctx)
	switch {
	case errors.Is(err, gis.ErrUnsupported), errors.Is(err, gis.ErrDenied), errors.Is(err, gis.ErrNotFound), errors.Is(err, gis.ErrInvalid):
		return out, nil
	case err != nil:
		return nil, fmt.Errorf("read the seats of user types: %w", err)
	}
	for _, s := range installed.UserTypes {
		if c := out[s.ID]; c != nil && s.MaxMembers > 0 && c.seats == gis.NoLimit {
			c.seats = s.MaxMembers
		}
	}
	return out, nil
}
