package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/internal/portal/search"
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

// Count is how many members have a value.
type Count struct {
	Key   string
	Count int
}

// CountUsers counts the members by role or by user type, values that nobody has left out; the
// accounts of the portal itself are not counted. It takes the privilege to view all members.
func (p *Portal) CountUsers(ctx context.Context, c Caller, by string) ([]Count, error) {
	var out []Count
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privViewUsers); err != nil {
			return err
		}
		field, keys, err := countKeys(tx, by)
		if err != nil {
			return err
		}
		for _, key := range keys {
			match := &search.And{Parts: []search.Node{exactly(field, key), withoutSystem()}}
			_, n, err := tx.FindUsers(UserQuery{Match: match, Visible: Visibility{All: true}, Page: Page{Start: 1}})
			if err != nil {
				return err
			}
			if n > 0 {
				out = append(out, Count{key, n})
			}
		}
		return nil
	})
	return out, err
}

// countKeys lists the values by which members are counted. Nobody holds an app or a bundle.
func countKeys(tx Tx, by string) (field string, keys []string, err error) {
	switch by {
	case "role":
		keys = []string{string(RoleAdmin), string(RolePublisher), string(RoleUser)}
		roles, err := listedRoles(tx)
		for _, r := range roles {
			keys = append(keys, string(r.ID))
		}
		return "role", keys, err
	case "userLicenseType":
		for _, t := range UserTypes() {
			keys = append(keys, t.ID)
		}
		return "userlicensetype", keys, nil
	case "app", "appBundle":
		return "", nil, nil
	}
	return "", nil, ErrBadParam("type", "must be role, userLicenseType, app or appBundle")
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
