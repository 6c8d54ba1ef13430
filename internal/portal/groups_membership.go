package portal

import (
	"context"
	"fmt"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
)

// maxGroupCall is how many members one call adds to a group or removes from it.
const maxGroupCall = 25

// AddToGroup adds members and managers to a group, and returns those that could not be added.
// A member who is there already stays; one named as a manager is made one. Owner, managers
// and who may assign members to all groups may do this.
func (p *Portal) AddToGroup(ctx context.Context, c Caller, id esri.GroupID, users, admins []string) ([]string, error) {
	return p.assign(ctx, c, id, slices.Concat(admins, users), "users", func(tx Tx, a *actor, g *Group, i int, u *User) (bool, error) {
		if u.System {
			return false, nil
		}
		want := MemberPlain
		if i < len(admins) {
			want = MemberAdmin
		}
		return p.addMember(tx, g, u, want)
	})
}

// addMember makes u a member; done is false where that is refused.
func (p *Portal) addMember(tx Tx, g *Group, u *User, want MemberType) (done bool, err error) {
	m, err := tx.Membership(g.ID, u.Username)
	switch {
	case err != nil && !isAbsent(err):
		return false, err
	case err == nil && (m.Type == MemberOwner || m.Type == want || m.Type == MemberAdmin):
		return true, nil
	case err == nil && m.Type == MemberPlain:
		m.Type = want
		return true, tx.PutMembership(*m)
	}
	if err := hasRoom(tx, u.Username); err != nil {
		if isRefusal(err) {
			return false, nil
		}
		return false, err
	}
	return true, tx.PutMembership(Membership{Group: g.ID, Username: u.Username, Type: want, Joined: p.clock.Now()})
}

// RemoveFromGroup removes members from a group, and returns those that could not be removed:
// the owner, and who was not a member.
func (p *Portal) RemoveFromGroup(ctx context.Context, c Caller, id esri.GroupID, users []string) ([]string, error) {
	return p.assign(ctx, c, id, users, "users", func(tx Tx, _ *actor, g *Group, _ int, u *User) (bool, error) {
		t, err := memberTypeOf(tx, g.ID, u.Username)
		if err != nil || t == MemberOwner || t == MemberNone || t == MemberAsking {
			return false, err
		}
		return true, tx.DeleteMembership(g.ID, u.Username)
	})
}

// MemberResult is the outcome of a change of one member's part in a group.
type MemberResult struct {
	Username string
	Done     bool
}

// UpdateGroupUsers makes members managers, and managers plain members. The owner's part does
// not change this way.
func (p *Portal) UpdateGroupUsers(ctx context.Context, c Caller, id esri.GroupID, admins, users []string) ([]MemberResult, error) {
	names := slices.Concat(admins, users)
	refused, err := p.assign(ctx, c, id, names, "users", func(tx Tx, _ *actor, g *Group, i int, u *User) (bool, error) {
		m, err := tx.Membership(g.ID, u.Username)
		if isAbsent(err) {
			return false, nil
		}
		if err != nil || m.Type == MemberOwner || m.Type == MemberAsking {
			return false, err
		}
		m.Type = MemberPlain
		if i < len(admins) {
			m.Type = MemberAdmin
		}
		return true, tx.PutMembership(*m)
	})
	if err != nil {
		return nil, err
	}
	out := make([]MemberResult, len(names))
	for i, name := range names {
		out[i] = MemberResult{name, !slices.Contains(refused, name)}
	}
	return out, nil
}

// assign does one thing for each named member in one transaction and returns those for whom
// it could not be done, among them those whom the caller does not see. do gets the place of
// the name in the list.
func (p *Portal) assign(ctx context.Context, c Caller, id esri.GroupID, names []string, param string, do func(tx Tx, a *actor, g *Group, i int, u *User) (bool, error)) ([]string, error) {
	var refused []string
	err := p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		if err := a.mayAssign(g); err != nil {
			return err
		}
		switch {
		case len(names) == 0:
			return ErrMissingParam(param)
		case len(names) > maxGroupCall:
			return ErrBadParam(param, fmt.Sprintf("must name at most %d members", maxGroupCall))
		}
		for i, name := range names {
			u, err := tx.User(name)
			if err != nil && !isAbsent(err) {
				return err
			}
			done := false
			if err == nil {
				if done, err = a.knows(tx, g, u); err != nil {
					return err
				}
			}
			if done {
				if done, err = do(tx, a, g, i, u); err != nil {
					return err
				}
			}
			if !done {
				refused = append(refused, name)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return refused, nil
}
