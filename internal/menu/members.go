package menu

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/outcome"
	"github.com/rhumb-gis/rhumb/internal/secret"
	"github.com/rhumb-gis/rhumb/member"
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
		if *q.to, err = s.ask(q.question); err != nil {
			return err
		}
	}
	if spec.Role, err = s.role(ctx); err != nil {
		return err
	}
	if spec.UserType, err = s.userType(ctx); err != nil {
		return err
	}
	made := false
	if f.Kind == gis.KindEnterprise {
		if spec.Password, made, err = s.password(); err != nil {
			return err
		}
	}
	if err := s.sure(fmt.Sprintf("Make the member %s (%s %s, %s)?", spec.Username, spec.FirstName, spec.LastName, spec.Email)); err != nil {
		return err
	}
	u, err := s.p.Users.Create(ctx, spec)
	if err != nil {
		return err
	}
	if f.Kind == gis.KindEnterprise {
		if err := u.ExpirePassword(ctx); err != nil {
			return fmt.Errorf("%s was made, but the password need not be changed: %w", u.Username, err)
		}
	}
	s.say("%s is a member now.", u.Username)
	if made {
		s.say("The first password, shown this once: %s", spec.Password)
	}
	if answer, err := s.optional("Give a license too? [y/N]"); err != nil || (answer != "y" && answer != "Y") {
		return err
	}
	return s.assign(ctx, u.Username, false)
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
	c, err := pick(s, "Which role?", list, func(c choice) string { return c.name })
	return c.id, err
}

func (s *session) userType(ctx context.Context) (string, error) {
	types, err := gis.Collect(s.p.Users.UserTypes(ctx))
	if err != nil || len(types) == 0 {
		return "", err
	}
	t, err := pick(s, "Which user type?", types, func(t *gis.UserType) string { return t.Name })
	if err != nil {
		return "", err
	}
	return t.ID, nil
}

// password reads a first password without showing it, or draws one.
func (s *session) password() (password string, made bool, err error) {
	const question = "First password (empty: draw one)"
	if f, ok := s.io.In.(*os.File); ok && s.io.InTTY {
		fmt.Fprintf(s.io.Out, "%s: ", question)
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(s.io.Out)
		if err != nil {
			return "", false, err
		}
		password = string(b)
	} else if password, err = s.optional(question); err != nil {
		return "", false, err
	}
	if password == "" {
		return "r1" + secret.New(12).Reveal(), true, nil
	}
	return password, false, nil
}

// load imports members from a CSV file.
func (s *session) load(ctx context.Context) error {
	name, err := s.ask("CSV file")
	if err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	sheet, err := member.ReadSheet(file)
	file.Close()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	journal, err := member.JournalPath(ctx, s.p, "import")
	if err != nil {
		return err
	}
	bar := outcome.NewBar(s.io)
	opts := member.ImportOptions{Options: member.Options{Journal: journal, Progress: func(p member.Progress) { bar.Note(p) }}}
	plan, err := member.PlanImport(ctx, s.p, sheet, opts)
	bar.Stop()
	if err != nil {
		return err
	}
	for _, w := range append(sheet.Warnings, plan.Warnings...) {
		s.say("warning: %s", w)
	}
	return s.apply(ctx, "Import these members?", plan.Preview(), func(ctx context.Context, _ member.Options) (*member.Results, error) {
		bar = outcome.NewBar(s.io)
		defer bar.Stop()
		return plan.Apply(ctx)
	})
}

// modify changes the licenses of a member, or sees the member off.
func (s *session) modify(ctx context.Context) error {
	name, err := s.ask("User name")
	if err != nil {
		return err
	}
	u, err := s.p.Users.Get(ctx, name)
	if err != nil {
		return err
	}
	return s.menu(ctx, fmt.Sprintf("%s (%s, %s)", u.Username, u.FullName, u.Email), []entry{
		{"1", "Give or change a license", func(ctx context.Context) error { return s.assign(ctx, u.Username, false) }},
		{"2", "Take a license away", func(ctx context.Context) error { return s.assign(ctx, u.Username, true) }},
		{"3", "Disable or enable", func(ctx context.Context) error { return s.turn(ctx, u.Username) }},
		{"4", "Delete: content and groups go to somebody else", func(ctx context.Context) error { return s.remove(ctx, u.Username) }},
	})
}

// turn disables an account that can sign in, and enables one that cannot.
func (s *session) turn(ctx context.Context, username string) error {
	u, err := s.p.Users.Get(ctx, username)
	if err != nil {
		return err
	}
	what, do := "disabled", u.Disable
	if u.Disabled {
		what, do = "enabled", u.Enable
	}
	if err := s.sure(fmt.Sprintf("%s will be %s. Sure?", username, what)); err != nil {
		return err
	}
	if err := do(ctx); err != nil {
		return err
	}
	s.say("%s is %s.", username, what)
	return nil
}

// remove deletes a member; what the member owns goes to a successor.
func (s *session) remove(ctx context.Context, username string) error {
	to, err := s.ask("Who receives what the member owns?")
	if err != nil {
		return err
	}
	plan, err := member.PlanOffboard(ctx, s.p, member.Offboard{
		Members: member.Select{Usernames: []string{username}}, Successor: to, Delete: true, JoinGroups: true,
	}, member.Options{})
	if err != nil {
		return err
	}
	if err := s.apply(ctx, fmt.Sprintf("Delete %s?", username), plan.Preview(), plan.Apply); err != nil {
		return err
	}
	if _, err := s.p.Users.Get(ctx, username); errors.Is(err, gis.ErrNotFound) {
		return errBack // there is nothing left to modify
	}
	return nil
}

// utilities writes CSV files.
func (s *session) utilities(ctx context.Context) error {
	return s.menu(ctx, "Utilities", []entry{
		{"1", "Write a CSV file to fill in", func(context.Context) error { return s.write(member.WriteTemplate) }},
		{"2", "Export the members into a CSV file", func(ctx context.Context) error {
			return s.write(func(w io.Writer) error {
				bar := outcome.NewBar(s.io)
				defer bar.Stop()
				results, err := member.Export(ctx, s.p, w, member.ExportOptions{Options: member.Options{Progress: bar.Note}, Groups: true, Folders: true})
				if err == nil {
					for _, n := range results.Notes {
						s.say("note: %s", n)
					}
				}
				return err
			})
		}},
	})
}

// write makes a new file; nothing half-written is left.
func (s *session) write(write func(io.Writer) error) error {
	name, err := s.ask("File to write (it must not exist)")
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = errors.Join(write(file), file.Close()); err != nil {
		os.Remove(name)
		return err
	}
	s.say("Written: %s", name)
	return nil
}
