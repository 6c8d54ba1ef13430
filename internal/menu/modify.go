package menu

import (
	"context"
	"errors"
	"fmt"

	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/member"
)

// modify changes the licenses of a member, or sees the member off.
func (s *session) modify(ctx context.Context) error {
	name, err := s.ask(ctx, "User name")
	if err != nil {
		return err
	}
	u, err := s.p.Users.Get(ctx, name)
	if errors.Is(err, gis.ErrNotFound) {
		return fmt.Errorf("there is no member %q", name)
	}
	if err != nil {
		return err
	}
	return s.submenu(ctx, fmt.Sprintf("%s (%s, %s)", u.Username, u.FullName, u.Email), []entry{
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
	if err := s.sure(ctx, fmt.Sprintf("%s will be %s. Sure?", username, what)); err != nil {
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
	to, err := s.ask(ctx, "Who receives what the member owns?")
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
		return errLeave // there is nothing left to modify
	}
	return nil
}
