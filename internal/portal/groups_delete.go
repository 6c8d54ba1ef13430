package portal

import (
	"context"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// DeleteGroup removes a group: its owner, or who may delete all groups. The items shared with
// it stay; a protected group stays too.
func (p *Portal) DeleteGroup(ctx context.Context, c Caller, id esri.GroupID) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		if err := a.mayOwn(g, privDeleteGroups); err != nil {
			return err
		}
		if g.Protected {
			return &Error{Code: 400, Message: "Unable to delete group. The group is protected from deletion.", Details: []string{"Unprotect the group first."}}
		}
		if err := emptyGroup(tx, g.ID); err != nil {
			return err
		}
		return tx.DeleteGroup(g.ID)
	})
}

// ReassignGroup gives a group to another member, who must be allowed to own groups. The owner
// before stays as a manager.
func (p *Portal) ReassignGroup(ctx context.Context, c Caller, id esri.GroupID, target string) error {
	if target == "" {
		return ErrMissingParam("targetUsername")
	}
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		if err := a.mayOwn(g, privReassignGroups); err != nil {
			return err
		}
		to, _, err := visibleUser(tx, a, target)
		if err != nil {
			return err
		}
		if to.Username == g.Owner {
			return nil
		}
		if to.System {
			return ErrBadParam("targetUsername", "names an account of the portal itself")
		}
		if err := ownsGroups(tx, to); err != nil {
			return err
		}
		return giveGroup(tx, g, to, p.clock.Now())
	})
}

// giveGroup makes another member the owner of a group; the owner before stays as a manager.
func giveGroup(tx Tx, g *Group, to *User, now time.Time) error {
	joined := now
	m, err := tx.Membership(g.ID, to.Username)
	switch {
	case err == nil && m.Type != MemberAsking:
		joined = m.Joined
	case err == nil, isAbsent(err):
		if err := hasRoom(tx, to.Username); err != nil {
			return err
		}
	default:
		return err
	}
	old, err := tx.Membership(g.ID, g.Owner)
	if err != nil {
		return err
	}
	old.Type = MemberAdmin
	if err := tx.PutMembership(*old); err != nil {
		return err
	}
	g.Owner, g.Modified = to.Username, now
	if err := tx.PutGroup(g); err != nil {
		return err
	}
	return tx.PutMembership(Membership{Group: g.ID, Username: to.Username, Type: MemberOwner, Joined: joined})
}
