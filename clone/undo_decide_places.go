package clone

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/gis"
)

// decideShares takes items that stay out of the groups that the run made and put them into.
func (u *undoing) decideShares() {
	u.each(KindShare, func(o *logged) {
		item := o.target
		if item == "" || u.going[goingKey(KindItem, item)] != nil || !o.complete || u.log.undone[objectKey{KindItem, o.source}] {
			return
		}
		made := u.log.objects[objectKey{KindItem, o.source}]
		if made != nil && made.action != Update && made.action != Match && made.action != Replace {
			return // made by this run and kept: it stays as it is
		}
		d := u.object(KindShare, o)
		if now := u.seen.items[item]; now != nil {
			d.Title, d.Owner = now.title, now.owner
		}
		for id, g := range u.seen.groups {
			if slices.Contains(g.items, item) && u.groupReason(id, g) == "" {
				u.goes(&undoObject{UndoObject: d, logged: o})
				return
			}
		}
		d.Reason = "its sharing was changed by the run; what it was before is not known"
		u.rep.NotUndone = append(u.rep.NotUndone, d)
	})
}

// groupReason says why a group stays, its content aside.
func (u *undoing) groupReason(id string, g *groupNow) string {
	o := u.groupLogged(id)
	switch {
	case o == nil || (o.action != Create && (o.action != "" || o.complete)):
		return "the run did not make it"
	case u.log.before[goingKey(KindGroup, id)]:
		return "it was there before the run"
	case o.sealed != nil:
		if t := o.touched(groupState(g.group, g.members)); len(t) > 0 {
			return changedSince(t)
		}
		return ""
	}
	m, _ := readMarker(g.group.Properties)
	switch {
	case !u.log.runs[m.Run]:
		return "it does not carry the marker of this run"
	case g.group.Modified.Millis() > u.seen.latest+unsealedGrace:
		return "the run did not finish, and the group was changed later; finish the run first, then undo it"
	}
	return ""
}

func (u *undoing) groupLogged(id string) *logged {
	for key, o := range u.log.objects {
		if key.kind == KindGroup && o.target == id {
			return o
		}
	}
	return nil
}

func (u *undoing) decideGroups() {
	u.each(KindGroup, func(o *logged) {
		d := u.object(KindGroup, o)
		g := u.seen.groups[o.target]
		if g == nil {
			u.gone(KindGroup, o)
			return
		}
		d.Title, d.Owner = g.group.Title, g.members.Owner
		if reason := u.groupReason(o.target, g); reason != "" {
			u.stays(d, reason)
			return
		}
		left := slices.DeleteFunc(slices.Clone(g.items), func(id string) bool {
			s := u.going[goingKey(KindShare, id)]
			return u.going[goingKey(KindItem, id)] != nil || s != nil
		})
		if len(left) > 0 {
			u.stays(d, "items that stay are shared with it: "+u.nameItems(left))
			return
		}
		u.goes(&undoObject{UndoObject: d, logged: o, protected: g.group.Protected})
	})
}

// nameItems names a few items.
func (u *undoing) nameItems(ids []string) string {
	slices.Sort(ids)
	var names []string
	for i, id := range ids {
		if i == 3 {
			names = append(names, fmt.Sprintf("and %d more", len(ids)-i))
			break
		}
		title := ""
		if it := u.seen.items[id]; it != nil {
			title = it.title
		}
		names = append(names, describe(title, id))
	}
	return strings.Join(names, ", ")
}

// itemsIn lists the items that stay in a home, or in one folder of it.
func (u *undoing) itemsIn(owner string, folder *string) []string {
	var left []string
	for id, it := range u.seen.items {
		if strings.EqualFold(it.owner, owner) && (folder == nil || it.folder == *folder) && u.going[goingKey(KindItem, id)] == nil {
			left = append(left, id)
		}
	}
	return left
}

func (u *undoing) decideFolders() {
	u.each(KindFolder, func(o *logged) {
		d := u.object(KindFolder, o)
		f := u.seen.folders[o.target]
		switch {
		case f == nil:
			u.gone(KindFolder, o)
			return
		case !o.intended:
			d.Title = f.Title
			d.Reason = "it was there before the run"
			u.rep.NotUndone = append(u.rep.NotUndone, d)
			return
		}
		d.Title, d.Owner = f.Title, f.Username
		if o.sealed != nil {
			if t := o.touched(folderState(f)); len(t) > 0 {
				u.stays(d, changedSince(t))
				return
			}
		} else if want := u.log.titles[objectKey{KindFolder, o.source}]; want != "" && want != f.Title {
			u.stays(d, "changed since: title")
			return
		}
		folder := o.target
		if left := u.itemsIn(f.Username, &folder); len(left) > 0 {
			u.stays(d, "items that stay are in it: "+u.nameItems(left))
			return
		}
		u.goes(&undoObject{UndoObject: d, logged: o})
	})
}

func (u *undoing) decideUsers() {
	u.each(KindUser, func(o *logged) {
		d := u.object(KindUser, o)
		user := u.seen.users[fold(o.target)]
		if user == nil {
			u.gone(KindUser, o)
			return
		}
		d.Title = user.FullName
		if reason := u.userReason(o, user); reason != "" {
			u.stays(d, reason)
			return
		}
		u.goes(&undoObject{UndoObject: d, logged: o})
	})
}

func (u *undoing) userReason(o *logged, user *gis.User) string {
	switch {
	case u.log.before[goingKey(KindUser, o.target)], strings.EqualFold(user.Username, u.dst.side.User), isSystem(user.Username):
		return "it was there before the run"
	case o.sealed != nil:
		if t := o.touched(userState(user)); len(t) > 0 {
			return changedSince(t)
		}
	case !user.LastLogin.IsZero():
		return undoWords["sign-in"]
	case user.Modified.Millis() > max(u.seen.latest, user.Created.Millis())+unsealedGrace:
		return "the run did not finish, and the account was changed later; finish the run first, then undo it"
	}
	if left := u.itemsIn(user.Username, nil); len(left) > 0 {
		return "it owns items that stay: " + u.nameItems(left)
	}
	for id, f := range u.seen.folders {
		if strings.EqualFold(f.Username, user.Username) && u.going[goingKey(KindFolder, id)] == nil {
			return fmt.Sprintf("it owns the folder %q, which stays", f.Title)
		}
	}
	for id, g := range u.seen.owned[fold(user.Username)] {
		if u.going[goingKey(KindGroup, id)] == nil {
			return fmt.Sprintf("it owns the group %q, which stays", g)
		}
	}
	return ""
}

// decideRoles keeps what a member who stays holds.
func (u *undoing) decideRoles(ctx context.Context) error {
	held := map[string]string{}
	for name, user := range u.seen.users {
		if u.going[goingKey(KindUser, name)] == nil {
			held[string(user.EffectiveRole())] = user.Username
		}
	}
	var failed error
	u.each(KindRole, func(o *logged) {
		d := u.object(KindRole, o)
		r := u.seen.roles[o.target]
		if r == nil || failed != nil {
			u.gone(KindRole, o)
			return
		}
		d.Title = r.Name
		privileges, err := r.ReadPrivileges(ctx)
		if err != nil {
			failed = fmt.Errorf("privileges of role %q: %w", r.Name, err)
			return
		}
		r.Privileges = privileges
		t := o.touched(roleState(r))
		switch {
		case len(t) > 0:
			u.stays(d, changedSince(t))
		case held[o.target] != "":
			u.stays(d, "members hold it, such as "+held[o.target])
		default:
			u.goes(&undoObject{UndoObject: d, logged: o})
		}
	})
	return failed
}
