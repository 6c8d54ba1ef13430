package demo

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

func (s *seeder) makeMembers(ctx context.Context) error {
	return each(ctx, s, s.Members, func(e *memberEntry) string { return "member " + e.Username }, s.makeMember)
}

// makeMember makes an account with a random password that nobody learns. Its profile follows in
// one call, so that an account of ours without tags is one whose making was cut off.
func (s *seeder) makeMember(ctx context.Context, e *memberEntry) error {
	u, err := s.p.Users.Get(ctx, e.Username)
	if errors.Is(err, gis.ErrNotFound) {
		u, err = s.p.Users.Create(ctx, gis.UserSpec{
			Username: e.Username, Password: "d3" + secret.New(24).Reveal(), FirstName: e.FirstName, LastName: e.LastName,
			Email: e.Email, Role: s.role(e.Role), UserType: e.UserType,
		})
	}
	if err != nil || len(u.Tags) > 0 || u.Email != e.Email {
		return err
	}
	up := gis.UserUpdate{
		Description: &e.Description, Tags: &e.Tags, Access: new(gis.Access(e.Access)), Culture: &e.Culture, Region: &e.Region,
	}
	if e.Units != "" {
		up.Units = &e.Units
	}
	if e.PreferredView != "" {
		up.PreferredView = &e.PreferredView
	}
	if up.Thumbnail, err = upload(e.Thumbnail, ""); err != nil {
		return err
	}
	return u.Update(ctx, up)
}

// role is the id of a custom role of the manifest, or of another role.
func (s *seeder) role(name string) esri.RoleID {
	if id, ok := s.roles[name]; ok {
		return id
	}
	return esri.RoleID(name)
}

// disableMembers comes last, when the content of those members is complete.
func (s *seeder) disableMembers(ctx context.Context) error {
	for _, e := range s.Members {
		if !e.Disabled {
			continue
		}
		u, err := s.p.Users.Get(ctx, e.Username)
		if err == nil && !u.Disabled {
			err = u.Disable(ctx)
		}
		if err != nil {
			return fmt.Errorf("disable %s: %w", e.Username, err)
		}
	}
	return nil
}

// upload is a file below data under its own or another name; nil where there is none.
func upload(file, name string) (*gis.Upload, error) {
	if file == "" {
		return nil, nil
	}
	b, err := read(file)
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = path.Base(file)
	}
	return new(gis.BytesUpload(name, b)), nil
}
