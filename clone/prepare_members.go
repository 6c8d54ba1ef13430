package clone

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// administrative reports whether any privilege governs other members' objects.
func administrative(privileges []string) bool {
	return slices.ContainsFunc(privileges, func(p string) bool {
		return strings.HasPrefix(p, "portal:admin:") || strings.HasPrefix(p, "marketplace:admin:")
	})
}

// planRoles matches custom roles by name; one with other privileges is a conflict.
func (v *survey) planRoles() {
	have, byID := map[string]*gis.Role{}, map[string]*gis.Role{}
	for _, r := range v.to.roles {
		have[fold(r.Name)], byID[string(r.ID)] = r, r
	}
	for _, r := range v.from.roles {
		s := Step{Kind: KindRole, Action: Create, Source: string(r.ID), Title: r.Name, Privileges: r.Privileges}
		v.adminRoles[string(r.ID)] = administrative(r.Privileges)
		t := have[fold(r.Name)]
		if made := byID[v.made(KindRole, s.Source)]; made != nil {
			t = made
		}
		switch {
		case v.adminRoles[string(r.ID)] && !v.opts.AllowAdmins:
			s.Action, s.Reason = Skip, "it holds administrative privileges; its members become plain users unless --allow-admins is given"
		case t != nil && (slices.Equal(t.Privileges, r.Privileges) || string(t.ID) == v.made(KindRole, s.Source)):
			s.Action, s.Target = Match, string(t.ID)
			v.roles[s.Source] = s.Target
		case t != nil:
			s.Action, s.Target = Conflict, string(t.ID)
			s.Reason = "a role of this name has other privileges on the target; rename one of them or make their privileges equal"
		}
		v.step(s)
	}
}

// planUsers matches members by name. The two connecting accounts stand for each other where
// neither has a namesake.
func (v *survey) planUsers() {
	me, other := v.src.side.User, v.dst.side.User
	named := map[string]bool{}
	for _, u := range v.from.users {
		named[fold(u.Username)] = true
	}
	for _, u := range v.from.users {
		s := Step{Kind: KindUser, Action: Create, Source: u.Username, Title: u.FullName, Role: string(u.EffectiveRole()), UserType: u.UserLicenseTypeID}
		t := v.targetBy[fold(u.Username)]
		connecting := strings.EqualFold(u.Username, me)
		switch {
		case isSystem(u.Username):
			s.Action, s.Reason = Skip, "an account of the portal itself"
			if t != nil {
				v.users[fold(u.Username)] = t.Username
			}
		case connecting && t == nil && !named[fold(other)]:
			s.Action, s.Target, s.Reason = Match, other, "the connecting accounts stand for each other"
		case t != nil && v.made(KindUser, u.Username) != "":
			s.Action, s.Target = Match, t.Username
		case t != nil && !connecting && u.Email != "" && t.Email != "" && !strings.EqualFold(u.Email, t.Email):
			s.Action, s.Target = Conflict, t.Username
			s.Reason = "an account of this name has another e-mail address on the target, so it may be another person"
		case t != nil:
			s.Action, s.Target = Match, t.Username
		}
		v.placeUser(&s, u)
		v.step(s)
	}
}

// placeUser notes what a user step means for the maps and lowers the role where it must.
func (v *survey) placeUser(s *Step, u *gis.User) {
	switch s.Action {
	case Create:
		v.users[fold(u.Username)] = u.Username
		if !v.opts.AllowAdmins && (u.EffectiveRole() == gis.RoleAdmin || v.adminRoles[string(u.EffectiveRole())]) {
			s.Role = string(gis.RoleUser)
			s.Reason = fmt.Sprintf("role %s becomes %s; --allow-admins keeps it", u.EffectiveRole(), gis.RoleUser)
			v.demoted[fold(u.Username)] = true
		}
	case Match:
		v.users[fold(u.Username)] = s.Target
		if s.Target != u.Username {
			v.plan.Header.Users[u.Username] = s.Target
		}
		if v.wasThere(s.Target) {
			v.untouched[fold(s.Target)] = true
		} else if !v.opts.AllowAdmins && (u.EffectiveRole() == gis.RoleAdmin || v.adminRoles[string(u.EffectiveRole())]) {
			v.demoted[fold(u.Username)] = true
		}
	}
}

// wasThere reports whether an account was on the target before the first run. Without a
// journal every account that is there now counts as such.
func (v *survey) wasThere(username string) bool {
	if v.journal == nil || v.journal.Before() == nil {
		return true
	}
	return slices.ContainsFunc(v.journal.Before().Users, func(n string) bool { return strings.EqualFold(n, username) })
}

// planGroups skips the portal's own groups and matches copies of an earlier run; a title that
// is taken by another group is a conflict.
func (v *survey) planGroups() {
	titled, marked := map[string]*gis.Group{}, map[string][]string{}
	for _, g := range v.to.groups {
		titled[fold(g.group.Title)] = g.group
		if m, ok := readMarker(g.group.Properties); ok && m.Source == v.src.side.Key {
			marked[m.ID] = append(marked[m.ID], string(g.group.ID))
		}
	}
	for _, g := range v.from.groups {
		s := Step{Kind: KindGroup, Action: Create, Source: string(g.group.ID), Title: g.group.Title, Owner: g.group.Owner, Access: string(g.group.Access)}
		if len(g.settings) > 0 || isSystem(g.group.Owner) {
			s.Action, s.Reason = Skip, "a group of the portal itself"
			if id := v.counterpart(g); id != "" {
				v.groups[s.Source], v.plan.Header.Groups[s.Source] = id, id
			}
			v.step(s)
			continue
		}
		made := v.made(KindGroup, s.Source)
		switch found := marked[s.Source]; {
		case v.targetGroup(made) != nil:
			s.Action, s.Target = Match, made
		case len(found) > 1:
			s.Action, s.Reason = Conflict, "two groups of the target are marked as its copy: "+strings.Join(found, ", ")
		case len(found) == 1:
			s.Action, s.Target = Match, found[0]
		case titled[fold(s.Title)] != nil:
			s.Action, s.Target = Conflict, string(titled[fold(s.Title)].ID)
			s.Reason = "a group of this title is on the target; rename or delete one of them"
		}
		if s.Action == Match {
			v.groups[s.Source] = s.Target
		}
		v.step(s)
	}
}

// counterpart finds the target's own group for one of the source's: the one that the same
// setting names, else the one of the same title and owner.
func (v *survey) counterpart(g *censusGroup) string {
	for _, t := range v.to.groups {
		if slices.ContainsFunc(g.settings, func(s string) bool { return slices.Contains(t.settings, s) }) {
			return string(t.group.ID)
		}
	}
	for _, t := range v.to.groups {
		if strings.EqualFold(t.group.Title, g.group.Title) && strings.EqualFold(t.group.Owner, g.group.Owner) {
			return string(t.group.ID)
		}
	}
	return ""
}

func (v *survey) targetGroup(id string) *gis.Group {
	for _, g := range v.to.groups {
		if string(g.group.ID) == id {
			return g.group
		}
	}
	return nil
}
