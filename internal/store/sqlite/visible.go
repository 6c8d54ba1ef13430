package sqlite

import "github.com/rhumb-gis/rhumb/internal/portal"

// itemsSeenBy is the policy's part of an item search: own items, public ones, those of the
// organization for its members, and what the caller's groups share.
func itemsSeenBy(v portal.Visibility) cond {
	if v.All {
		return cond{kind: yes}
	}
	seen := []cond{sqlCond("+i.access=? OR +i.access=?", portal.Public, level(v))}
	if v.Username != "" {
		seen = append(seen, cond{kind: equal, column: "+i.owner_key", values: []string{fold(v.Username)}})
	}
	if len(v.Groups) > 0 {
		seen = append(seen, sqlCond("+i.id IN (SELECT item FROM shares WHERE group_id IN (SELECT value FROM json_each(?)))", groupList(v)))
	}
	return or(seen...)
}

// groupsSeenBy is the same for groups, whose row is alias: those of the caller, public ones,
// and those of the organization for its members.
func groupsSeenBy(v portal.Visibility, alias string) cond {
	if v.All {
		return cond{kind: yes}
	}
	seen := []cond{sqlCond("+"+alias+".access=? OR +"+alias+".access=?", portal.Public, level(v))}
	if len(v.Groups) > 0 {
		seen = append(seen, sqlCond(alias+".id IN (SELECT value FROM json_each(?))", groupList(v)))
	}
	return or(seen...)
}

// usersSeenBy is the same for members: the caller, public profiles, and those of the
// organization for its members.
func usersSeenBy(v portal.Visibility) cond {
	if v.All {
		return cond{kind: yes}
	}
	seen := []cond{sqlCond("+i.access=? OR +i.access=?", portal.Public, level(v))}
	if v.Username != "" {
		seen = append(seen, cond{kind: equal, column: "+i.user_key", values: []string{fold(v.Username)}})
	}
	return or(seen...)
}

// level is the access level that the caller sees besides public.
func level(v portal.Visibility) portal.Access {
	if v.Member {
		return portal.InOrg
	}
	return portal.Public
}

func groupList(v portal.Visibility) string {
	list := make([]string, len(v.Groups))
	for i, g := range v.Groups {
		list[i] = string(g)
	}
	return inList(list)
}
