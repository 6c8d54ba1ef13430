package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
)

// JoinGroup makes the caller a member of a group that admits everybody, or puts in an
// application to one that decides.
func (p *Portal) JoinGroup(ctx context.Context, c Caller, id esri.GroupID) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		if err := a.needs(privJoinGroup); err != nil {
			return err
		}
		t, err := memberTypeOf(tx, g.ID, a.name())
		if err != nil {
			return err
		}
		switch {
		case t == MemberAsking:
			return nil // the application that is there stands
		case t != MemberNone:
			return &Error{Code: 400, Message: "You are already a member of this group."}
		case g.InvitationOnly || g.Fav:
			return &Error{Code: 400, Message: "This group can be joined by invitation only."}
		}
		if err := hasRoom(tx, a.name()); err != nil {
			return err
		}
		m := Membership{Group: g.ID, Username: a.name(), Type: MemberAsking, Joined: p.clock.Now()}
		if g.AutoJoin {
			m.Type = MemberPlain
		}
		return tx.PutMembership(m)
	})
}

// LeaveGroup ends the caller's membership, or takes an application back. The owner stays, and
// a group may forbid its members to leave.
func (p *Portal) LeaveGroup(ctx context.Context, c Caller, id esri.GroupID) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		t, err := memberTypeOf(tx, g.ID, a.name())
		if err != nil {
			return err
		}
		switch {
		case t == MemberNone:
			return &Error{Code: 400, Message: "You are not a member of this group."}
		case t == MemberOwner:
			return &Error{Code: 400, Message: "The owner cannot leave the group.", Details: []string{"Reassign the group first."}}
		case g.LeavingDisallowed && t != MemberAsking && !a.has(privAssignToGroups):
			return &Error{Code: 400, Message: "The members of this group cannot leave it.", Details: []string{"An administrator can remove them."}}
		}
		return tx.DeleteMembership(g.ID, a.name())
	})
}

// Application is a member's wish to join a group.
type Application struct {
	Membership
	FullName string
}

// GroupApplications lists the pending applications of a group for who may accept them.
func (p *Portal) GroupApplications(ctx context.Context, c Caller, id esri.GroupID) ([]Application, error) {
	var out []Application
	err := p.store.View(ctx, func(tx Tx) error {
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
		asking, err := applicants(tx, g.ID)
		if err != nil {
			return err
		}
		for _, m := range asking {
			u, err := tx.User(m.Username)
			if err != nil {
				return err
			}
			out = append(out, Application{m, u.FullName})
		}
		return nil
	})
	return out, err
}

// DecideApplication accepts or declines an application and returns who had put it in.
func (p *Portal) DecideApplication(ctx context.Context, c Caller, id esri.GroupID, username string, accept bool) (string, error) {
	name := ""
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
		m, err := tx.Membership(g.ID, username)
		if isAbsent(err) || (err == nil && m.Type != MemberAsking) {
			return &Error{Code: 400, Message: "Application does not exist or is inaccessible."}
		}
		if err != nil {
			return err
		}
		name = m.Username
		if !accept {
			return tx.DeleteMembership(g.ID, m.Username)
		}
		if err := hasRoom(tx, m.Username); err != nil {
			return err
		}
		m.Type, m.Joined = MemberPlain, p.clock.Now()
		return tx.PutMembership(*m)
	})
	return name, err
}
