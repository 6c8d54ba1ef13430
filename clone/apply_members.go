package clone

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/secret"
)

// makeRole creates a custom role. The call has no id to choose; a role of this name that is
// there already, from a call whose answer was lost, is taken when its privileges are right.
func (a *applier) makeRole(ctx context.Context, s Step) error {
	if administrative(s.Privileges) && !a.opts.AllowAdmins {
		return errors.New("it holds administrative privileges; allow it with --allow-admins")
	}
	src, err := a.src.Roles.Get(ctx, esri.RoleID(s.Source))
	if err != nil {
		return fmt.Errorf("read the role: %w", err)
	}
	privileges, err := src.ReadPrivileges(ctx)
	if err != nil {
		return fmt.Errorf("read its privileges: %w", err)
	}
	if administrative(privileges) && !a.opts.AllowAdmins {
		return errors.New("it was given administrative privileges since the plan was made; plan again")
	}
	role, err := a.dst.Roles.ByName(ctx, src.Name)
	_, begun := a.j.begun(KindRole, s.Source)
	switch {
	case errors.Is(err, gis.ErrNotFound):
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindRole, Source: s.Source}); err != nil {
			return err
		}
		role, err = a.dst.Roles.Create(ctx, gis.RoleSpec{Name: src.Name, Description: src.Description, Privileges: privileges})
	case err == nil && !begun:
		return errors.New("a role of this name appeared on the target since the plan was made; plan again with --restart")
	case err == nil:
		err = role.SetPrivileges(ctx, privileges) // left behind by a call that was cut off
	}
	if err != nil {
		return err
	}
	a.roles.set(s.Source, string(role.ID))
	return a.done(Entry{Kind: KindRole, Source: s.Source, Target: string(role.ID), Action: Create})
}

// targetRole maps a role and refuses administrative ones unless they are allowed. What a role
// may do is asked of the target: the plan may have been edited, and the role too.
func (a *applier) targetRole(ctx context.Context, id esri.RoleID) (esri.RoleID, error) {
	if !predefined(id) {
		t := a.roles.get(string(id))
		if t == "" {
			return "", blocked("its role " + string(id) + " has no counterpart on the target")
		}
		id = esri.RoleID(t)
	}
	if a.opts.AllowAdmins || (id != gis.RoleAdmin && predefined(id)) || a.safe.get(string(id)) != "" {
		return id, nil
	}
	if id == gis.RoleAdmin {
		return "", errors.New("administrators are made only with --allow-admins")
	}
	role, err := a.dst.Roles.Get(ctx, id)
	if err != nil {
		return "", fmt.Errorf("read its role on the target: %w", err)
	}
	privileges, err := role.ReadPrivileges(ctx)
	if err != nil {
		return "", fmt.Errorf("read the privileges of its role on the target: %w", err)
	}
	if administrative(privileges) {
		return "", fmt.Errorf("its role %q holds administrative privileges on the target; allow it with --allow-admins", role.Name)
	}
	a.safe.set(string(id), "yes")
	return id, nil
}

// predefined reports whether every portal has the role under this id.
func predefined(id esri.RoleID) bool {
	switch id {
	case gis.RoleAdmin, gis.RolePublisher, gis.RoleUser, gis.RoleViewer, gis.RoleDataEditor:
		return true
	}
	return false
}

// makeUser creates an account with a random password that is thrown away and must be changed
// at the first sign-in, then brings its profile in line.
func (a *applier) makeUser(ctx context.Context, s Step) error {
	role, err := a.targetRole(ctx, esri.RoleID(s.Role))
	if err != nil {
		return err
	}
	src, err := a.src.Users.Get(ctx, s.Source)
	if err != nil {
		return fmt.Errorf("read the account: %w", err)
	}
	user, err := a.dst.Users.Get(ctx, s.Source)
	switch {
	case errors.Is(err, gis.ErrNotFound):
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindUser, Source: s.Source, Target: s.Source}); err != nil {
			return err
		}
		user, err = a.createUser(ctx, src, role)
	case err == nil && !a.ours(s.Source):
		return errors.New("an account of this name appeared on the target since the plan was made; plan again with --restart")
	}
	if err != nil {
		return err
	}
	if err := a.dressUser(ctx, src, user, role); err != nil {
		return err
	}
	a.users.set(s.Source, user.Username)
	return a.done(Entry{Kind: KindUser, Source: s.Source, Target: user.Username, Action: Create})
}

// ours reports whether an account that is there was made by this run or an earlier one, which
// was cut off before the account was complete. Nobody else's is ever changed.
func (a *applier) ours(username string) bool {
	there, known := a.j.wasThere(username)
	e, begun := a.j.begun(KindUser, username)
	return begun && e.Target != "" && known && !there
}

func (a *applier) createUser(ctx context.Context, src *gis.User, role esri.RoleID) (*gis.User, error) {
	spec := gis.UserSpec{
		Username: src.Username, FirstName: src.FirstName, LastName: src.LastName, Email: src.Email,
		Description: src.Description, Role: role, UserType: src.UserLicenseTypeID, Provider: src.Provider, IDPUsername: src.IDPUsername,
	}
	if spec.FirstName == "" && spec.LastName == "" {
		spec.FirstName, spec.LastName, _ = strings.Cut(src.FullName, " ")
	}
	if src.Provider != "enterprise" {
		spec.Password = "r1" + secret.New(24).Reveal()
	}
	user, err := a.dst.Users.Create(ctx, spec)
	if err != nil && gis.Ambiguous(err) {
		if got, gerr := a.dst.Users.Get(ctx, src.Username); gerr == nil {
			return got, nil
		}
	}
	return user, err
}

// dressUser copies the profile. Every call sets a state, so that it can be repeated.
func (a *applier) dressUser(ctx context.Context, src, dst *gis.User, role esri.RoleID) error {
	if dst.EffectiveRole() != role {
		if err := dst.SetRole(ctx, role); err != nil {
			return fmt.Errorf("set the role: %w", err)
		}
	}
	up := gis.UserUpdate{
		Access: &src.Access, PreferredView: &src.PreferredView, Description: &src.Description, FullName: &src.FullName,
		FirstName: &src.FirstName, LastName: &src.LastName, Email: &src.Email, Culture: &src.Culture,
		CultureFormat: &src.CultureFormat, Region: &src.Region, Units: &src.Units, Tags: &src.Tags,
	}
	if src.Thumbnail != "" {
		pic, err := a.small(ctx, src.OpenThumbnail)
		if err != nil {
			return fmt.Errorf("read the thumbnail: %w", err)
		}
		up.Thumbnail = pic
	}
	if err := dst.Update(ctx, up); err != nil {
		return fmt.Errorf("update the profile: %w", err)
	}
	if src.Provider != "enterprise" {
		if err := dst.ExpirePassword(ctx); err != nil {
			return fmt.Errorf("expire the password: %w", err)
		}
	}
	if src.Disabled != dst.Disabled {
		turn := dst.Enable
		if src.Disabled {
			turn = dst.Disable
		}
		if err := turn(ctx); err != nil {
			return fmt.Errorf("set the state: %w", err)
		}
	}
	return nil
}
