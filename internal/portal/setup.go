package portal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// systemAccount is an account that every portal is born with: it owns groups of the portal
// itself and never signs in.
type systemAccount struct {
	username, fullName string
	role               esri.RoleID
}

func systemAccounts() []systemAccount {
	return []systemAccount{
		{"system_publisher", "System Publisher", RolePublisher},
		{"esri_nav", "Esri Navigation", RoleUser},
		{"esri_livingatlas", "Esri Living Atlas", RoleUser},
		{"esri_boundaries", "Esri Boundaries", RoleUser},
		{"esri_demographics", "Esri Demographics", RoleUser},
	}
}

// IsSystemAccount reports whether a name is reserved for an account of the portal itself.
func IsSystemAccount(username string) bool {
	for _, a := range systemAccounts() {
		if strings.EqualFold(a.username, username) {
			return true
		}
	}
	return false
}

// Setup makes an empty store into an organization: its id, drawn at random, the first
// administrator, the system accounts and their groups. On a store that holds an organization
// it changes nothing and created is false.
func (p *Portal) Setup(ctx context.Context, admin string, password secret.Secret) (created bool, err error) {
	if done, err := p.isSetUp(ctx); done || err != nil {
		return false, err
	}
	if err := checkUsername("username", admin); err != nil {
		return false, err
	}
	if IsSystemAccount(admin) {
		return false, ErrBadParam("username", "is the name of a system account")
	}
	if err := checkPassword("password", admin, password); err != nil {
		return false, err
	}
	hash, err := p.hasher.Hash(ctx, password)
	if err != nil {
		return false, fmt.Errorf("hash a password: %w", err)
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		if _, err := tx.Org(); !errors.Is(err, ErrAbsent) {
			return err
		}
		created = true
		t, err := namedUserType(tx, "userTypes", "")
		if err != nil {
			return err
		}
		if err := t.allowsRole(tx, RoleAdmin); err != nil {
			return fmt.Errorf("the first user type of the licenses is that of the first administrator: %w", err)
		}
		if err := t.free(tx, p.clock.Now()); err != nil {
			return err
		}
		return setup(tx, p.clock.Now(), admin, hash, t.ID)
	})
	return created && err == nil, err
}

func (p *Portal) isSetUp(ctx context.Context) (bool, error) {
	err := p.store.View(ctx, func(tx Tx) error {
		_, err := tx.Org()
		return err
	})
	if errors.Is(err, ErrAbsent) {
		return false, nil
	}
	return err == nil, err
}

func setup(tx Tx, now time.Time, admin, hash, userType string) error {
	org := &Org{ID: esri.OrgID(newShortID()), Name: "Portal", Created: now, Modified: now, Settings: firstSettings(admin)}
	if err := tx.PutOrg(org); err != nil {
		return err
	}
	first := newUser(now, admin)
	first.FirstName, first.LastName, first.FullName = "Portal", "Administrator", "Portal Administrator"
	first.Role, first.UserType = RoleAdmin, userType
	first.Password = Password{Hash: hash, Changed: now}
	if err := putNewUser(tx, now, first); err != nil {
		return err
	}
	for _, a := range systemAccounts() {
		u := newUser(now, a.username)
		u.FullName, u.Role, u.UserType, u.System = a.fullName, a.role, userType, true
		if err := putNewUser(tx, now, u); err != nil {
			return err
		}
	}
	for _, g := range firstGroups(now, admin) {
		if err := putNewGroup(tx, now, g); err != nil {
			return err
		}
	}
	return nil
}

// firstGroups are the groups of a fresh portal; the group queries of the organization name
// them by title and owner.
func firstGroups(now time.Time, admin string) []*Group {
	var out []*Group
	for _, g := range []struct{ title, owner, snippet string }{
		{"Basemaps", admin, "Basemaps offered by the map viewers of this portal."},
		{"Esri Boundary Layers", "esri_boundaries", "Boundary layers for use in this portal."},
		{"Esri Demographic Layers", "esri_demographics", "Demographic layers for use in this portal."},
		{"Living Atlas", "esri_livingatlas", "Reference content for use in this portal."},
		{"Living Atlas Analysis Layers", "esri_livingatlas", "Layers offered by analysis tools."},
		{"Navigator Maps", "esri_nav", "Maps for navigation apps."},
	} {
		n := newGroup(now, g.title, g.owner)
		n.Snippet, n.Access, n.InvitationOnly = g.snippet, Public, true
		out = append(out, n)
	}
	return out
}

// newShortID draws 16 alphanumeric characters, the form of organization and role ids.
func newShortID() string { return rand.Text()[:16] }
