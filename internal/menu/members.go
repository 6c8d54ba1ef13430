package menu

import (
	"context"
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// create makes one member: an account, or an invitation where the portal invites.
func (s *session) create(ctx context.Context) error {
	f, err := s.p.Features(ctx)
	if err != nil {
		return err
	}
	spec := gis.UserSpec{}
	for _, q := range []struct {
		question string
		to       *string
	}{{"User name", &spec.Username}, {"First name", &spec.FirstName}, {"Last name", &spec.LastName}, {"E-mail address", &spec.Email}} {
		if *q.to, err = s.ask(ctx, q.question); err != nil {
			return err
		}
	}
	if spec.Role, err = s.role(ctx); err != nil {
		return err
	}
	if spec.UserType, err = s.userType(ctx); err != nil {
		return err
	}
	if f.CreatesUsersByAdmin {
		err = s.makeMember(ctx, spec)
	} else {
		err = s.invite(ctx, spec)
	}
	if err != nil {
		return err
	}
	if more, err := s.yes(ctx, "Give a license too?"); err != nil || !more {
		return err
	}
	return s.assign(ctx, spec.Username, false)
}

// makeMember makes an account with a first password, which has to be changed at the first sign-in.
func (s *session) makeMember(ctx context.Context, spec gis.UserSpec) error {
	password, drawn, err := s.password(ctx)
	if err != nil {
		return err
	}
	if err := s.sure(ctx, fmt.Sprintf("Make the member %s (%s %s, %s)?", spec.Username, spec.FirstName, spec.LastName, spec.Email)); err != nil {
		return err
	}
	spec.Password = password.Reveal()
	u, err := s.p.Users.Create(ctx, spec)
	if u == nil {
		return err
	}
	s.say("%s is a member now.", u.Username)
	if drawn {
		s.say("The first password, shown this once: %s", spec.Password)
	}
	if err := errors.Join(err, u.ExpirePassword(ctx)); err != nil {
		return fmt.Errorf("%s was made, but need not change the password at the first sign-in: %w", u.Username, err)
	}
	return nil
}

// invite asks somebody to become a member, who then chooses a password.
func (s *session) invite(ctx context.Context, spec gis.UserSpec) error {
	if err := s.sure(ctx, fmt.Sprintf("Invite %s (%s %s, %s)?", spec.Username, spec.FirstName, spec.LastName, spec.Email)); err != nil {
		return err
	}
	if err := s.p.Users.InviteMembers(ctx, gis.InviteMail{}, spec); err != nil {
		return err
	}
	s.say("%s is invited.", spec.Username)
	return nil
}

// role lets the person choose among the roles that everybody has and the organization's own.
func (s *session) role(ctx context.Context) (esri.RoleID, error) {
	type choice struct {
		id   esri.RoleID
		name string
	}
	list := []choice{{gis.RoleUser, "User"}, {gis.RolePublisher, "Publisher"}, {gis.RoleViewer, "Viewer"}, {gis.RoleDataEditor, "Data Editor"}, {gis.RoleAdmin, "Administrator"}}
	for r, err := range s.p.Roles.List(ctx) {
		if err != nil {
			return "", err
		}
		if r.ID != gis.RoleViewer && r.ID != gis.RoleDataEditor {
			list = append(list, choice{r.ID, r.Name})
		}
	}
	c, err := pick(ctx, s, "Which role?", list, func(c choice) string { return c.name })
	return c.id, err
}

func (s *session) userType(ctx context.Context) (string, error) {
	types, err := gis.Collect(s.p.Users.UserTypes(ctx))
	if err != nil || len(types) == 0 {
		return "", err
	}
	t, err := pick(ctx, s, "Which user type?", types, func(t *gis.UserType) string { return t.Name })
	if err != nil {
		return "", err
	}
	return t.ID, nil
}

// password reads a first password without showing it, or draws one.
func (s *session) password(ctx context.Context) (password secret.Secret, drawn bool, err error) {
	line, err := s.read(ctx, "First password (empty: draw one)", s.lines.Hidden)
	if err != nil {
		return "", false, err
	}
	if s.io.InTTY {
		fmt.Fprintln(s.io.Out) // an Enter that was not shown
	}
	if line == "" {
		return "r1" + secret.New(12), true, nil // with the letter and the digit that portals want
	}
	return secret.Secret(line), false, nil
}
