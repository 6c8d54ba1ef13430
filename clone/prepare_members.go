package clone

import (
	"cmp"
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
		case t != nil && v.began(KindRole, s.Source):
			s.Target, s.Reason = string(t.ID), incomplete
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
		case t != nil && v.began(KindUser, u.Username) && !v.wasThere(t.Username):
			s.Target, s.Reason = t.Username, incomplete
		case t != nil && !(connecting && strings.EqualFold(t.Username, other)) && u.Email != "" && t.Email != "" && !strings.EqualFold(u.Email, t.Email):
			s.Action, s.Target = Conflict, t.Username
			s.Reason = "an account of this name has another e-mail address on the target, so it may be another person; make the addresses equal, or rename or delete one of the accounts"
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
		v.users[fold(u.Username)] = cmp.Or(s.Target, u.Username)
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
	if v.journal == nil {
		return true
	}
	there, known := v.journal.wasThere(username)
	return there || !known
}
