package portal

import (
	"context"
	"fmt"
)

// DeleteUser removes a member who owns neither items nor groups; folders, memberships and
// tokens go along, and the seats of his licenses become free. Nobody deletes himself or the
// last administrator.
func (p *Portal) DeleteUser(ctx context.Context, c Caller, username string) (string, error) {
	name := ""
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		name, err = deleteUser(tx, a, username)
		return err
	})
	return name, err
}

func deleteUser(tx Tx, a *actor, username string) (string, error) {
	u, err := governedUser(tx, a, username, privDeleteUsers)
	if err != nil {
		return "", err
	}
	if a.is(u.Username) {
		return "", ErrBadParam("username", "names the caller; nobody deletes his own account")
	}
	if err := keepsAdministrator(tx, u); err != nil {
		return "", err
	}
	if err := ownsNothing(tx, u); err != nil {
		return "", err
	}
	if err := worksOnline(tx, u); err != nil {
		return "", err
	}
	return u.Username, removeUser(tx, u)
}

// ownsNothing returns an error that counts what a member owns.
func ownsNothing(tx Tx, u *User) error {
	items, err := tx.CountItemsOf(u.Username)
	if err != nil {
		return err
	}
	groups, err := ownedGroups(tx, u)
	if err != nil {
		return err
	}
	if items == 0 && len(groups) == 0 {
		return nil
	}
	return &Error{Code: 400, Message: "Unable to delete user '" + u.Username + "': the user owns content or groups.",
		Details: []string{fmt.Sprintf("'%s' owns %d items and %d groups; reassign or delete them first.", u.Username, items, len(groups))}}
}

// ownedGroups lists the groups that a member owns, without the one of favorites.
func ownedGroups(tx Tx, u *User) ([]*Group, error) {
	ms, err := tx.MembershipsOf(u.Username)
	if err != nil {
		return nil, err
	}
	var out []*Group
	for _, m := range ms {
		if m.Type != MemberOwner {
			continue
		}
		g, err := tx.Group(m.Group)
		if err != nil {
			return nil, err
		}
		if !g.Fav {
			out = append(out, g)
		}
	}
	return out, nil
}

func removeUser(tx Tx, u *User) error {
	folders, err := tx.FoldersOf(u.Username)
	if err != nil {
		return err
	}
	for _, f := range folders {
		if err := tx.DeleteFolder(f.ID); err != nil {
			return err
		}
	}
	if u.FavGroupID != "" {
		if err := tx.DeleteGroup(u.FavGroupID); err != nil && !isAbsent(err) {
			return err
		}
	}
	ms, err := tx.MembershipsOf(u.Username)
	if err != nil {
		return err
	}
	for _, m := range ms {
		if err := tx.DeleteMembership(m.Group, u.Username); err != nil {
			return err
		}
	}
	if err := tx.DeleteTokensOf(u.Username); err != nil {
		return err
	}
	return tx.DeleteUser(u.Username)
}

// RemoveUsers is DeleteUser for many members; a refusal concerns its member alone.
func (p *Portal) RemoveUsers(ctx context.Context, c Caller, usernames []string) ([]UserResult, error) {
	return p.forUsers(ctx, c, privDeleteUsers, usernames, func(tx Tx, a *actor, name string) error {
		_, err := deleteUser(tx, a, name)
		return err
	})
}
