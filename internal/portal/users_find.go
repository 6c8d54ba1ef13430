package portal

import (
	"context"
)

// UserPage is one page of found members.
type UserPage struct {
	Users []*UserView
	Total int
}

// Users searches members for a signed-in caller: those that the caller may see. Results end
// at 10,000.
func (p *Portal) Users(ctx context.Context, c Caller, s UserSearch) (*UserPage, error) {
	return p.findUsers(ctx, c, s, func(a *actor) error {
		if a.anonymous() {
			return ErrTokenRequired()
		}
		return nil
	})
}

// OrgUsers is Users for who may list the members of the organization.
func (p *Portal) OrgUsers(ctx context.Context, c Caller, s UserSearch) (*UserPage, error) {
	return p.findUsers(ctx, c, s, (*actor).listsMembers)
}

func (p *Portal) findUsers(ctx context.Context, c Caller, s UserSearch, allowed func(*actor) error) (*UserPage, error) {
	out := &UserPage{}
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := allowed(a); err != nil {
			return err
		}
		match, err := userMatch(tx, a, s)
		if err != nil {
			return err
		}
		page, err := userSort(a, s.Page)
		if err != nil {
			return err
		}
		org, err := tx.Org()
		if err != nil {
			return err
		}
		users, total, err := tx.FindUsers(UserQuery{Match: match, Visible: a.findableUsers(), Page: page})
		if err != nil {
			return err
		}
		out.Total = total
		for _, u := range users {
			v, err := userView(tx, a, u, org.ID)
			if err != nil {
				return err
			}
			out.Users = append(out.Users, v)
		}
		return nil
	})
	return out, err
}

// UserGroups is the groups of one member that a caller may know of.
type UserGroups struct {
	Username string
	Groups   []*GroupView
}

// GroupsOfUsers lists the groups of several members, at most limit each; members that the
// caller does not see are left out.
func (p *Portal) GroupsOfUsers(ctx context.Context, c Caller, usernames []string, limit int) ([]UserGroups, error) {
	if len(usernames) > maxBulkUsers {
		return nil, ErrBadParam("users", "must name at most 100 members")
	}
	var out []UserGroups
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		org, err := tx.Org()
		if err != nil {
			return err
		}
		for _, name := range usernames {
			u, _, err := visibleUser(tx, a, name)
			if isRefusal(err) {
				continue
			}
			if err != nil {
				return err
			}
			groups, err := groupsOf(tx, a, u.Username, org.ID)
			if err != nil {
				return err
			}
			out = append(out, UserGroups{u.Username, groups[:min(limit, len(groups))]})
		}
		return nil
	})
	return out, err
}
