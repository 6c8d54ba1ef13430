package portaltest

import (
	"testing"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// Predefined roles.
const (
	RoleAdmin      = string(portal.RoleAdmin)
	RolePublisher  = string(portal.RolePublisher)
	RoleUser       = string(portal.RoleUser)
	RoleDataEditor = string(portal.RoleDataEditor)
	RoleViewer     = string(portal.RoleViewer)
)

// Member is an account of the portal.
type Member struct {
	Username, Password string
}

// CreateMember makes an account with a role (an id, such as RoleUser or that of a custom
// role) and a random password.
func (p *Portal) CreateMember(t testing.TB, username, role string) Member {
	t.Helper()
	m := Member{Username: username, Password: newPassword().Reveal()}
	err := p.app.Portal().CreateUser(t.Context(), portal.Caller{Username: p.Admin}, portal.NewUser{
		Username: m.Username, Password: secret.Secret(m.Password), Role: esri.RoleID(role),
		FirstName: username, LastName: "Member", Email: username + "@example.com",
	})
	if err != nil {
		t.Fatalf("portaltest: create %s: %v", username, err)
	}
	return m
}

// Cast is one member of each predefined role, named after it.
type Cast struct {
	Admin, Publisher, User, DataEditor, Viewer Member
}

// CreateCast makes one member of each predefined role.
func (p *Portal) CreateCast(t testing.TB) Cast {
	t.Helper()
	return Cast{
		Admin:      p.CreateMember(t, "second_admin", RoleAdmin),
		Publisher:  p.CreateMember(t, "publisher", RolePublisher),
		User:       p.CreateMember(t, "user", RoleUser),
		DataEditor: p.CreateMember(t, "data_editor", RoleDataEditor),
		Viewer:     p.CreateMember(t, "viewer", RoleViewer),
	}
}
