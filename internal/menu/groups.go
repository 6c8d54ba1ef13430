package menu

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/member"
)

func (s *session) groups(ctx context.Context) error {
	return s.menu(ctx, "Groups", []entry{
		{"1", "List groups", s.listGroups},
		{"2", "Create a group", s.createGroup},
	})
}

func (s *session) listGroups(ctx context.Context) error {
	var rows [][]string
	for g, err := range s.p.Groups.SearchAll(ctx, "", nil) {
		if err != nil {
			return err
		}
		rows = append(rows, []string{g.Title, g.Owner, string(g.Access), string(g.ID)})
	}
	s.table([]string{"GROUP", "OWNER", "ACCESS", "ID"}, rows)
	return nil
}

func (s *session) createGroup(ctx context.Context) error {
	title, err := s.ask("Title")
	if err != nil {
		return err
	}
	tags, err := s.ask("Tags, with commas between")
	if err != nil {
		return err
	}
	access, err := pick(s, "Who may see it?", []gis.Access{gis.AccessPrivate, gis.AccessOrg, gis.AccessPublic}, func(a gis.Access) string { return string(a) })
	if err != nil {
		return err
	}
	spec := gis.GroupSpec{Title: title, Access: access}
	for _, t := range strings.Split(tags, ",") {
		if t = strings.TrimSpace(t); t != "" {
			spec.Tags = append(spec.Tags, t)
		}
	}
	if err := s.sure(fmt.Sprintf("Make the group %q?", title)); err != nil {
		return err
	}
	g, err := s.p.Groups.Create(ctx, spec)
	if err != nil {
		return err
	}
	s.say("Made: %s (%s)", g.Title, g.ID)
	return nil
}

// enterprise is about the people of the directory that stands beside a portal.
func (s *session) enterprise(ctx context.Context) error {
	return s.menu(ctx, "Enterprise users", []entry{
		{"1", "Search the directory", func(ctx context.Context) error {
			filter, err := s.ask("Part of a name or an address")
			if err != nil {
				return err
			}
			people, err := s.p.Users.SearchStore(ctx, filter, 0)
			if err == nil {
				s.people(people)
			}
			return err
		}},
		{"2", "List the people of a group of the directory", func(ctx context.Context) error {
			people, err := s.peopleOfGroup(ctx)
			if err == nil {
				s.people(people)
			}
			return err
		}},
		{"3", "Make a person a member", func(ctx context.Context) error {
			name, err := s.ask("User name in the directory")
			if err != nil {
				return err
			}
			u, err := s.p.Users.StoreUser(ctx, name)
			if err != nil {
				return err
			}
			return s.admit(ctx, []gis.StoreUser{*u})
		}},
		{"4", "Make the people of a group members", func(ctx context.Context) error {
			people, err := s.peopleOfGroup(ctx)
			if err != nil {
				return err
			}
			return s.admit(ctx, people)
		}},
		{"5", "Take back a license that was checked out", func(ctx context.Context) error {
			name, err := s.ask("User name")
			if err != nil {
				return err
			}
			if err := s.sure("The machine that holds the license of " + name + " loses it. Sure?"); err != nil {
				return err
			}
			if err := s.p.Licenses.Release(ctx, name); err != nil {
				return err
			}
			s.say("Released: %s", name)
			return nil
		}},
	})
}

func (s *session) peopleOfGroup(ctx context.Context) ([]gis.StoreUser, error) {
	group, err := s.ask("Group of the directory")
	if err != nil {
		return nil, err
	}
	return s.p.Users.StoreGroupMembers(ctx, group, "", 1000)
}

func (s *session) people(list []gis.StoreUser) {
	var rows [][]string
	for _, u := range list {
		rows = append(rows, []string{u.Username, u.FirstName, u.LastName, u.Email})
	}
	s.table([]string{"USER NAME", "FIRST NAME", "LAST NAME", "E-MAIL"}, rows)
}

// admit makes members of people of the directory, as one import.
func (s *session) admit(ctx context.Context, people []gis.StoreUser) error {
	if len(people) == 0 {
		s.say("Nobody was found.")
		return nil
	}
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	rows := [][]string{{"Username", "First Name", "Last Name", "Email", "Provider", "IDP Username"}}
	for _, u := range people {
		name := u.Username
		if domain, plain, ok := strings.Cut(name, `\`); ok {
			name = plain + "@" + domain
		}
		rows = append(rows, []string{name, u.FirstName, u.LastName, u.Email, "enterprise", u.Username})
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	sheet, err := member.ReadSheet(&file)
	if err != nil {
		return err
	}
	role, err := s.role(ctx)
	if err != nil {
		return err
	}
	userType, err := s.userType(ctx)
	if err != nil {
		return err
	}
	plan, err := member.PlanImport(ctx, s.p, sheet, member.ImportOptions{Role: string(role), UserType: userType})
	if err != nil {
		return err
	}
	return s.apply(ctx, "Make them members?", plan.Preview(), func(ctx context.Context, _ member.Options) (*member.Results, error) { return plan.Apply(ctx) })
}
