package clone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// planChanges turns matches into updates where the source differs from its copy: always for what
// an earlier run made, and under --update-existing for what was there before.
func (v *survey) planChanges(ctx context.Context, m *Meter) error {
	v.changedUsers()
	if err := v.changedGroups(); err != nil {
		return err
	}
	return v.changedItems(ctx, m)
}

// changedUsers compares accounts by their listings. The connecting account is never changed.
func (v *survey) changedUsers() {
	source := map[string]*censusUser{}
	for _, u := range v.from.users {
		source[u.Username] = u
	}
	for i := range v.plan.Steps {
		s := &v.plan.Steps[i]
		if s.Kind != KindUser || s.Action != Match || strings.EqualFold(s.Target, v.dst.side.User) || isSystem(s.Target) {
			continue
		}
		u, t := source[s.Source], v.targetBy[fold(s.Target)]
		before := v.wasThere(s.Target)
		if u == nil || t == nil || before && !v.opts.UpdateExisting {
			continue
		}
		lowered := !v.opts.AllowAdmins && (u.Role == gis.RoleAdmin || v.adminRoles[string(u.Role)])
		role := v.roleOnTarget(u.Role)
		switch {
		case lowered && before:
			role = string(t.Role) // an account that was there before is not given a lower role
		case lowered:
			role = string(gis.RoleUser)
		}
		if u.Profile == t.Profile && u.UserType == t.UserType && u.Disabled == t.Disabled && role == string(t.Role) {
			continue
		}
		s.Action = Update
		if lowered {
			s.Role = string(gis.RoleUser)
		}
		if before {
			delete(v.untouched, fold(s.Target))
			s.addReason(differs)
		} else {
			s.addReason(sourceChanged)
		}
	}
}

// roleOnTarget is the id of the counterpart of a role; a predefined role is its own.
func (v *survey) roleOnTarget(role esri.RoleID) string {
	if t := v.roles[string(role)]; t != "" {
		return t
	}
	return string(role)
}

// changedGroups compares groups by their listings and members.
func (v *survey) changedGroups() error {
	rw, err := v.rewriter(nil, nil)
	if err != nil {
		return err
	}
	c := &comparison{v: v, rw: rw}
	for i := range v.plan.Steps {
		s := &v.plan.Steps[i]
		if s.Kind != KindGroup || s.Action != Match || v.untouchedGroup(s.Source) {
			continue
		}
		src, dst := v.sourceGroup(s.Source), v.to.group(s.Target)
		if src == nil || dst == nil || v.groupIsAlike(c, s, src, dst) {
			continue
		}
		s.Action = Update
		if v.kept[s.Source] || v.theirs[s.Source] {
			s.addReason(differs)
		} else {
			s.addReason(sourceChanged)
		}
	}
	return nil
}

// groupIsAlike reports whether a group is what a run would make it now.
func (v *survey) groupIsAlike(c *comparison, s *Step, src, dst *censusGroup) bool {
	for _, f := range groupFacts {
		want, got := f.read(src.group), f.read(dst.group)
		if f.want != nil {
			want = f.want(c, want)
		}
		switch f.name {
		case "access":
			want = string(v.groupLevel(src))
		case "title":
			if want != got && s.Rename == "" && v.made(KindGroup, s.Source) != "" && strings.HasPrefix(got, want+" (") {
				continue // an earlier run renamed it
			}
		}
		if want != got {
			return false
		}
	}
	return yesNo(src.group.Thumbnail != "") == yesNo(dst.group.Thumbnail != "") &&
		v.membersOf(c, src.members.Admins, src.members.Owner) == folded(dst.members.Admins, dst.members.Owner) &&
		v.membersOf(c, src.members.Users, src.members.Owner) == folded(dst.members.Users, dst.members.Owner)
}

// membersOf maps those members who have, or will have, an account.
func (v *survey) membersOf(c *comparison, list []string, owner string) string {
	return c.names(slices.DeleteFunc(slices.Clone(list), func(n string) bool { return v.users[fold(n)] == "" }), owner)
}

// groupLevel is who sees the copy of a group.
func (v *survey) groupLevel(g *censusGroup) gis.Access {
	return gis.Access(v.level(string(g.group.Access)))
}

// level is the access level that an object of the source gets on the target.
func (v *survey) level(source string) string {
	to := v.opts.access(source)
	if to == levelPublic && !v.dst.self.CanSharePublic {
		return levelOrg
	}
	return to
}

// itemLevel is level for an item that is shared with groups on the target, or not.
func (v *survey) itemLevel(source string, inGroups bool) string {
	to := v.opts.itemAccess(source, inGroups)
	if to == levelPublic && !v.dst.self.CanSharePublic {
		return levelOrg
	}
	return to
}

// changedItems compares each item that has a copy with what the copy's marker says of its
// source, and with its place. Of those that are alike the resources are listed.
func (v *survey) changedItems(ctx context.Context, m *Meter) error {
	m.begin("look for changes", len(v.from.items), 0)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, it := range v.from.items {
		s := v.itemStep(i)
		if s.Action != Match || v.stays(it.ID) || v.leaves(it.ID) {
			m.finish(MeterEvent{})
			continue
		}
		t := v.to.item(s.Target)
		if t == nil {
			continue
		}
		why := v.changed(it, t)
		if why == "" && v.journal != nil && v.journal.unfinished(KindItem, it.ID) {
			why = "an earlier run did not bring it in line to the end"
		}
		if why != "" {
			s.Action = Update
			s.addReason(why)
			m.finish(MeterEvent{})
			continue
		}
		g.Go(func() error {
			defer m.finish(MeterEvent{})
			now, err := v.resourcesOf(ctx, it)
			if err != nil {
				return err
			}
			if now != t.Copied.Resources {
				s.Action = Update
				s.addReason("its resources changed on the source since it was copied")
			}
			return nil
		})
	}
	return g.Wait()
}

// changed says why a copy is to be updated, as far as listings tell; "" for no reason.
func (v *survey) changed(it, t *censusItem) string {
	switch {
	case v.opts.Full:
		return "it is written anew (--full)"
	case t.Copied == nil || t.Marked != it.ID:
		if v.kept[it.ID] {
			return differs
		}
		return "its copy does not say from which state it was made"
	case t.Copied.Modified != it.Modified || t.Copied.Size != it.Size:
		return sourceChanged
	case !strings.EqualFold(t.Owner, v.users[fold(it.Owner)]):
		return "its copy belongs to another account"
	case v.movedTo(it) != t.Folder:
		return "its copy is in another folder"
	case t.Protected != it.Protected:
		return "its copy is protected otherwise"
	case t.Status != it.Status:
		return "the status of its copy is another one"
	}
	return ""
}

// movedTo is the folder of the target that an item belongs into. One that is yet to be made is
// none that a copy could be in.
func (v *survey) movedTo(it *censusItem) string {
	if it.Folder == "" {
		return ""
	}
	if id := v.folders[it.Folder]; id != "" {
		return id
	}
	return "a new folder"
}

// resourcesOf sums up the resources that an item of the source has now.
func (v *survey) resourcesOf(ctx context.Context, it *censusItem) (string, error) {
	h := v.src.Content.Handle(it.Owner, esri.FolderID(it.Folder), esri.ItemID(it.ID))
	list, err := gis.Collect(h.Resources().List(ctx, nil))
	if errors.Is(err, gis.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("resources of %s: %w", describe(it.Title, it.ID), err)
	}
	return resourcesHash(list), nil
}
