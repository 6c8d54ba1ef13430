package clone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// makeRole creates a custom role, or brings the one that the step names in line. A role that is
// replaced keeps its id: members hold it.
func (a *applier) makeRole(ctx context.Context, s Step) error {
	if administrative(s.Privileges) && !a.opts.AllowAdmins {
		return errors.New("it holds administrative privileges; allow it with --allow-admins")
	}
	src, err := a.src.Roles.Get(ctx, esri.RoleID(s.Source))
	if err != nil {
		return gone(err, "read the role")
	}
	privileges, err := src.ReadPrivileges(ctx)
	if err != nil {
		return fmt.Errorf("read its privileges: %w", err)
	}
	if administrative(privileges) && !a.opts.AllowAdmins {
		return errors.New("it was given administrative privileges since the plan was made; plan again")
	}
	role, err := a.findRole(ctx, s, src, privileges)
	if err != nil {
		return err
	}
	changed, err := settleRole(ctx, role, cmp.Or(s.Rename, src.Name), src.Description, privileges)
	if err != nil {
		return err
	}
	a.roles.set(s.Source, string(role.ID))
	return a.finished(s, Entry{Kind: KindRole, Source: s.Source, Target: string(role.ID), Action: s.Action}, changed)
}

// findRole returns the role of the target that is or becomes the copy. Creating one has no id
// to choose: a role of the name that is there already, from a call whose answer was lost, is
// taken.
func (a *applier) findRole(ctx context.Context, s Step, src *gis.Role, privileges []string) (*gis.Role, error) {
	if s.Action == Update || s.Action == Replace {
		if predefined(esri.RoleID(s.Target)) {
			return nil, errors.New("roles that every portal has are never changed")
		}
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindRole, Source: s.Source, Target: s.Target, Action: s.Action}); err != nil {
			return nil, err
		}
		return a.dst.Roles.Get(ctx, esri.RoleID(s.Target))
	}
	name := cmp.Or(s.Rename, src.Name)
	role, err := a.dst.Roles.ByName(ctx, name)
	_, begun := a.j.begun(KindRole, s.Source)
	switch {
	case errors.Is(err, gis.ErrNotFound):
		if err := a.j.Append(Entry{Event: EventIntent, Kind: KindRole, Source: s.Source, Action: Create}); err != nil {
			return nil, err
		}
		return a.dst.Roles.Create(ctx, gis.RoleSpec{Name: name, Description: src.Description, Privileges: privileges})
	case err == nil && !begun:
		return nil, errors.New("a role of this name appeared on the target since the plan was made; plan again with --restart")
	}
	return role, err
}

// settleRole makes name, description and privileges of a role what they should be and reports
// whether they were otherwise.
func settleRole(ctx context.Context, role *gis.Role, name, description string, privileges []string) (changed bool, err error) {
	have, err := role.ReadPrivileges(ctx)
	if err != nil {
		return false, fmt.Errorf("read its privileges on the target: %w", err)
	}
	if set(have) != set(privileges) {
		changed = true
		if err := role.SetPrivileges(ctx, slices.Clone(privileges)); err != nil {
			return true, fmt.Errorf("set its privileges: %w", err)
		}
	}
	if role.Name != name || role.Description != description {
		changed = true
		if err := role.Update(ctx, gis.RoleUpdate{Name: &name, Description: &description}); err != nil {
			return true, fmt.Errorf("set its name: %w", err)
		}
	}
	return changed, nil
}

// finished records a step that is complete. An update that found nothing to change counts as
// matched.
func (a *applier) finished(s Step, e Entry, changed bool) error {
	if s.Action == Update && !changed {
		e.Action = Match
	}
	if err := a.done(e); err != nil {
		return err
	}
	if e.Action == Match {
		return errThere
	}
	return nil
}

// gone puts what is not there any more into words.
func gone(err error, doing string) error {
	if errors.Is(err, gis.ErrNotFound) {
		return errors.New("it is gone from the source since the plan was made")
	}
	return fmt.Errorf("%s: %w", doing, err)
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
