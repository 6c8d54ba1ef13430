package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
)

// GroupView is a group as a caller sees it.
type GroupView struct {
	*Group
	Org esri.OrgID
	// Member is whose part in the group MemberType tells; empty: an anonymous caller.
	Member       string
	MemberType   MemberType
	Applications int // pending ones, for owner and managers
}

// Group reads a group that the caller may see, with the caller's own part in it.
func (p *Portal) Group(ctx context.Context, c Caller, id esri.GroupID) (*GroupView, error) {
	var out *GroupView
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		org, err := tx.Org()
		if err != nil {
			return err
		}
		out, err = groupView(tx, a, g, org.ID, a.name())
		return err
	})
	return out, err
}

// groupView describes g with the part that member has in it.
func groupView(tx Tx, a *actor, g *Group, org esri.OrgID, member string) (*GroupView, error) {
	v := &GroupView{Group: g, Org: org, Member: member, MemberType: MemberNone}
	if member == "" {
		return v, nil
	}
	t, err := memberTypeOf(tx, g.ID, member)
	if err != nil {
		return nil, err
	}
	if t != MemberAsking {
		v.MemberType = t
	}
	if !a.manages(g.ID) {
		return v, nil
	}
	apps, err := applicants(tx, g.ID)
	v.Applications = len(apps)
	return v, err
}

// applicants lists the members who asked to join a group.
func applicants(tx Tx, id esri.GroupID) ([]Membership, error) {
	ms, err := tx.MembersOf(id)
	if err != nil {
		return nil, err
	}
	var out []Membership
	for _, m := range ms {
		if m.Type == MemberAsking {
			out = append(out, m)
		}
	}
	return out, nil
}

// groupsOf lists the groups that a member belongs to and the caller may know of, without the
// group of favorites.
func groupsOf(tx Tx, a *actor, username string, org esri.OrgID) ([]*GroupView, error) {
	ms, err := tx.MembershipsOf(username)
	if err != nil {
		return nil, err
	}
	var out []*GroupView
	for _, m := range ms {
		if m.Type == MemberAsking {
			continue
		}
		g, err := tx.Group(m.Group)
		if err != nil {
			return nil, err
		}
		known := a.is(username) || m.Type != MemberPlain || a.seesMembers(g)
		if g.Fav || !a.sees(g) || !known {
			continue
		}
		v, err := groupView(tx, a, g, org, username)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
