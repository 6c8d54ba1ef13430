package clone

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// noticePrivileges names the privileges that the connecting account of the target lacks for what
// the plan does. The source is only read, for which openSite checks the privileges.
func (v *survey) noticePrivileges() {
	me := v.dst.self.User
	if me.Role == gis.RoleAdmin {
		return
	}
	var missing []string
	for i := range v.plan.Steps {
		s := &v.plan.Steps[i]
		for _, p := range v.privilegesFor(s) {
			if !hasPrivilege(me, p) && !slices.Contains(missing, p) {
				missing = append(missing, p)
			}
		}
	}
	v.noticeOf(NoticePrivileges, "privileges that "+me.Username+" lacks on the target for what is planned: %d", missing)
	if slices.ContainsFunc(v.plan.Steps, func(s Step) bool {
		return s.Kind == KindUser && s.writes() && s.Role == string(gis.RoleAdmin)
	}) {
		v.notice(NoticePrivileges, fmt.Sprintf("only an administrator makes administrators, and %s is none on the target", me.Username))
	}
}

// privilegesFor lists what a step asks of the account that carries it out.
//
// Source: the privileges of the REST documentation's role and sharing pages.
func (v *survey) privilegesFor(s *Step) []string {
	if !s.writes() {
		return nil
	}
	others := s.Owner != "" && !strings.EqualFold(v.users[fold(s.Owner)], v.dst.side.User)
	switch s.Kind {
	case KindRole:
		return []string{"portal:admin:manageRoles"}
	case KindUser:
		return v.privilegesForUser(s)
	case KindGroup:
		out := []string{"portal:user:createGroup"}
		if s.Action == Update {
			out = []string{"portal:admin:updateGroups"}
		}
		if s.Action == Replace {
			out = append(out, "portal:admin:deleteGroups")
		}
		out = append(out, "portal:admin:assignToGroups")
		if others {
			out = append(out, "portal:admin:reassignGroups")
		}
		return out
	case KindFolder, KindItem, KindRelationship:
		out := []string{"portal:user:createItem"}
		if others {
			out = append(out, "portal:admin:updateItems")
		}
		return out
	case KindShare:
		return sharePrivileges(s, others)
	}
	return nil
}

func (v *survey) privilegesForUser(s *Step) []string {
	out := []string{"portal:admin:inviteUsers", "portal:admin:updateUsers"}
	if s.Action == Update {
		out = []string{"portal:admin:updateUsers", "portal:admin:changeUserRoles"}
	}
	if s.Action == Replace {
		out = append(out, "portal:admin:deleteUsers", "portal:admin:reassignItems")
	}
	if u := v.sourceUser(s.Source); u != nil && u.Disabled {
		out = append(out, "portal:admin:disableUsers")
	}
	return out
}

func sharePrivileges(s *Step, others bool) (out []string) {
	of := "portal:user:"
	if others {
		of = "portal:admin:"
	}
	if len(s.Groups) > 0 {
		out = append(out, of+"shareToGroup")
	}
	switch s.Access {
	case levelOrg:
		out = append(out, of+"shareToOrg")
	case levelPublic:
		out = append(out, of+"shareToPublic")
	}
	return out
}
