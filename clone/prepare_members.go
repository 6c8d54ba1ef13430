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

// planRoles matches custom roles by the journal, else by name; one with other privileges is a
// conflict.
func (v *survey) planRoles() {
	have, byID := map[string]*gis.Role{}, map[string]*gis.Role{}
	taken := map[string]bool{}
	for _, r := range v.to.roles {
		have[fold(r.Name)], byID[string(r.ID)] = r, r
		taken[fold(r.Name)] = true
	}
	for _, r := range v.from.roles {
		taken[fold(r.Name)] = true
	}
	for _, r := range v.from.roles {
		s := Step{Kind: KindRole, Action: Create, Source: string(r.ID), Title: r.Name, Privileges: r.Privileges}
		v.adminRoles[s.Source] = administrative(r.Privileges)
		made, t := byID[v.made(KindRole, s.Source)], have[fold(r.Name)]
		switch {
		case v.adminRoles[s.Source] && !v.opts.AllowAdmins:
			s.Action, s.Reason = Skip, "it holds administrative privileges; its members become plain users unless --allow-admins is given"
		case made != nil:
			s.Action, s.Target = Match, string(made.ID)
			if !slices.Equal(made.Privileges, r.Privileges) || made.Description != r.Description {
				s.Action, s.Reason = Update, sourceChanged
			}
		case t != nil && slices.Equal(t.Privileges, r.Privileges):
			s.Action, s.Target = Match, string(t.ID)
			if v.opts.UpdateExisting && t.Description != r.Description {
				s.Action, s.Reason = Update, differs
			}
		case t != nil && v.began(KindRole, s.Source):
			s.Target, s.Reason = string(t.ID), incomplete
		case t != nil:
			v.settleRole(&s, t, taken)
		}
		if s.begun() {
			v.roles[s.Source] = s.Target
		}
		v.step(s)
	}
}

// settleRole settles a role whose name belongs to one with other privileges.
func (v *survey) settleRole(s *Step, t *gis.Role, taken map[string]bool) {
	s.Target = string(t.ID)
	mode := v.opts.conflict()
	if v.opts.UpdateExisting && mode != ConflictRename {
		mode = ConflictReplace
	}
	switch {
	case mode == ConflictMatch && administrative(t.Privileges) && !v.opts.AllowAdmins:
		s.Action = Conflict
		s.Reason = "the role of this name holds administrative privileges on the target; rename one of them, allow it with --allow-admins, or plan with --on-conflict rename or replace"
	case mode == ConflictMatch:
		s.Action, s.Reason = Match, "a role of this name is on the target and is used as it is, with other privileges (--on-conflict match)"
		v.kept[s.Source] = true
	case mode == ConflictRename:
		s.Action, s.Target = Create, ""
		s.Rename = freeTitle(s.Title, taken)
		s.Reason = "its name is taken by a role with other privileges (--on-conflict rename)"
	case mode == ConflictReplace:
		s.Action, s.Reason = Update, "a role of this name is on the target and is given these privileges"
	default:
		s.Action = Conflict
		s.Reason = "a role of this name has other privileges on the target; rename one of them or make their privileges equal; " +
			"or plan with --on-conflict match (use it as it is), --on-conflict rename (make it under another name), or --on-conflict replace or --update-existing (give it these privileges)"
	}
}

// planUsers matches members by --map-users, by the journal and by name. The two connecting
// accounts stand for each other where neither has a namesake and none is mapped.
func (v *survey) planUsers() {
	mapped, mappedTo, taken := map[string]string{}, map[string]bool{}, map[string]bool{}
	for from, to := range v.opts.MapUsers {
		mapped[fold(from)], mappedTo[fold(to)] = to, true
	}
	for _, c := range []*census{v.from, v.to} {
		for _, u := range c.users {
			taken[fold(u.Username)] = true
		}
	}
	me, other := v.src.side.User, v.dst.side.User
	named := map[string]bool{}
	for _, u := range v.from.users {
		named[fold(u.Username)] = true
	}
	for _, u := range v.from.users {
		s := Step{Kind: KindUser, Action: Create, Source: u.Username, Title: u.FullName, Role: string(u.Role), UserType: u.UserType}
		t := v.targetBy[fold(cmp.Or(mapped[fold(u.Username)], v.made(KindUser, u.Username), u.Username))]
		connecting := strings.EqualFold(u.Username, me)
		switch {
		case isSystem(u.Username):
			s.Action, s.Reason = Skip, "an account of the portal itself"
			if t != nil {
				v.users[fold(u.Username)] = t.Username
			}
		case mapped[fold(u.Username)] != "":
			s.Action, s.Target, s.Reason = Match, t.Username, "mapped by --map-users"
		case connecting && t == nil && !named[fold(other)] && !mappedTo[fold(other)]:
			s.Action, s.Target, s.Reason = Match, other, "the connecting accounts stand for each other"
		case t != nil && v.made(KindUser, u.Username) != "":
			s.Action, s.Target = Match, t.Username
		case t != nil && v.began(KindUser, u.Username) && !v.wasThere(t.Username):
			s.Target, s.Reason = t.Username, incomplete
		case t != nil && !(connecting && strings.EqualFold(t.Username, other)) && u.Email != "" && t.Email != "" && !strings.EqualFold(u.Email, t.Email):
			v.settleUser(&s, t, taken)
		case t != nil:
			s.Action, s.Target = Match, t.Username
		}
		v.placeUser(&s, u)
		v.step(s)
	}
}

// settleUser settles a member whose name belongs to an account with another address.
func (v *survey) settleUser(s *Step, t *censusUser, taken map[string]bool) {
	s.Target = t.Username
	switch v.opts.conflict() {
	case ConflictMatch:
		s.Action, s.Reason = Match, "the account of this name has another e-mail address and counts as the same person (--on-conflict match)"
		return
	case ConflictRename:
		s.Action, s.Target = Create, ""
		s.Rename = freeName(s.Source, taken)
		s.Reason = "its name is taken by an account with another e-mail address (--on-conflict rename)"
		return
	case ConflictReplace:
		if why := v.keptAccount(t); why != "" {
			s.Action, s.Reason = Conflict, "an account of this name has another e-mail address on the target, and it is not replaced: "+why
			return
		}
		s.Action = Replace
		s.Reason = fmt.Sprintf("the account of this name is deleted on the target; %s receives what it owns", v.opts.ReassignTo)
		return
	}
	s.Action = Conflict
	s.Reason = "an account of this name has another e-mail address on the target, so it may be another person; make the addresses equal, or rename or delete one of the accounts; " +
		"or name the right account with --map-users FILE, or plan with --on-conflict match (it is the same person), --on-conflict rename (make it under another name), " +
		"or --on-conflict replace --replace-members --reassign-to USER (delete the account there; USER receives what it owns)"
}

// keptAccount is why an account of the target may not be replaced; "" for one that may.
func (v *survey) keptAccount(t *censusUser) string {
	switch {
	case strings.EqualFold(t.Username, v.dst.side.User):
		return "it is the connecting account; connect with another one, or map the member with --map-users FILE"
	case isSystem(t.Username):
		return "it is an account of the portal itself; map the member with --map-users FILE"
	case !v.opts.ReplaceMembers:
		return "accounts are replaced only with --replace-members --reassign-to USER"
	case strings.EqualFold(t.Username, v.opts.ReassignTo):
		return "it is the account that --reassign-to names; name another one"
	}
	return ""
}

// placeUser notes what a user step means for the maps and lowers the role where it must.
func (v *survey) placeUser(s *Step, u *censusUser) {
	if s.Action == Skip || s.Action == Conflict {
		return
	}
	name := cmp.Or(s.Rename, s.Target, u.Username)
	v.users[fold(u.Username)] = name
	if name != u.Username {
		v.plan.Header.Users[u.Username] = name
	}
	admin := u.Role == gis.RoleAdmin || v.adminRoles[string(u.Role)]
	lowered := admin && !v.opts.AllowAdmins
	switch {
	case s.Action == Match && v.wasThere(s.Target):
		v.untouched[fold(s.Target)] = true
	case s.Action == Match && lowered:
		v.demoted[fold(u.Username)] = true
	case lowered:
		s.Role = string(gis.RoleUser)
		s.addReason(fmt.Sprintf("role %s becomes %s; --allow-admins keeps it", u.Role, gis.RoleUser))
		v.demoted[fold(u.Username)] = true
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
