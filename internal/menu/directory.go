package menu

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/cli/terminal"
	"github.com/rhumb-gis/rhumb/member"
)

// mostPeople bounds what is asked of a directory at once.
const mostPeople = 1000

// enterprise is about the people of the directory that stands beside a portal.
func (s *session) enterprise(ctx context.Context) error {
	return s.submenu(ctx, "Enterprise users", []entry{
		{"1", "Search the directory", s.searchDirectory},
		{"2", "List the people of a group of the directory", func(ctx context.Context) error {
			people, err := s.peopleOfGroup(ctx)
			if err == nil {
				s.people(people)
			}
			return err
		}},
		{"3", "Make a person a member", s.admitOne},
		{"4", "Make the people of a group members", func(ctx context.Context) error {
			people, err := s.peopleOfGroup(ctx)
			if err != nil {
				return err
			}
			s.people(people)
			return s.admit(ctx, people)
		}},
		{"5", "End the check-out of a license", s.release},
	})
}

func (s *session) searchDirectory(ctx context.Context) error {
	filter, err := s.ask(ctx, "Part of a name or an address")
	if err != nil {
		return err
	}
	people, err := s.p.Users.SearchStore(ctx, filter, mostPeople)
	if err == nil {
		s.people(people)
	}
	return err
}

func (s *session) peopleOfGroup(ctx context.Context) ([]gis.StoreUser, error) {
	group, err := s.ask(ctx, "Group of the directory")
	if err != nil {
		return nil, err
	}
	return s.p.Users.StoreGroupMembers(ctx, group, "", mostPeople)
}

func (s *session) people(list []gis.StoreUser) {
	var rows [][]string
	for _, u := range list {
		rows = append(rows, []string{u.Username, u.FirstName, u.LastName, u.Email})
	}
	s.table(terminal.Named("USER NAME", "FIRST NAME", "LAST NAME", "E-MAIL"), rows)
	if len(list) == mostPeople {
		s.say("There may be more: a directory is asked for %d people at most.", mostPeople)
	}
}

func (s *session) admitOne(ctx context.Context) error {
	name, err := s.ask(ctx, "User name in the directory")
	if err != nil {
		return err
	}
	u, err := s.p.Users.StoreUser(ctx, name)
	if err != nil {
		return err
	}
	s.people([]gis.StoreUser{*u})
	return s.admit(ctx, []gis.StoreUser{*u})
}

// admit makes members of people of the directory, as one import.
func (s *session) admit(ctx context.Context, people []gis.StoreUser) error {
	if len(people) == 0 {
		return nil
	}
	role, err := s.role(ctx)
	if err != nil {
		return err
	}
	userType, err := s.userType(ctx)
	if err != nil {
		return err
	}
	sheet, err := sheetOf(people)
	if err != nil {
		return err
	}
	return s.load(ctx, sheet, member.ImportOptions{Role: string(role), UserType: userType}, "Make them members?")
}

// sheetOf writes people of a directory as rows of a file of members. DOMAIN\name becomes
// name@DOMAIN, as portals name such members.
func sheetOf(people []gis.StoreUser) (*member.Sheet, error) {
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
		return nil, err
	}
	return member.ReadSheet(&file)
}

func (s *session) release(ctx context.Context) error {
	name, err := s.ask(ctx, "User name")
	if err != nil {
		return err
	}
	if err := s.sure(ctx, "The machine that holds the license of "+name+" loses it. Sure?"); err != nil {
		return err
	}
	if err := s.p.Licenses.Release(ctx, name); err != nil {
		return err
	}
	s.say("Released: %s", name)
	return nil
}
