package portal

import (
	"context"

	"github.com/rhumb-gis/rhumb/esri"
)

// maxGroupsPerUser is how many groups a member may belong to (Esri's page "Add Users to Group").
const maxGroupsPerUser = 512

// CreateGroup makes a group that the caller owns.
func (p *Portal) CreateGroup(ctx context.Context, c Caller, up GroupUpdate) (*GroupView, error) {
	if up.Title == nil {
		return nil, ErrMissingParam("title")
	}
	if err := up.check(); err != nil {
		return nil, err
	}
	var err error
	if up.Thumbnail, err = p.checkedThumbnail(ctx, up.Thumbnail); err != nil {
		return nil, err
	}
	var out *GroupView
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if err := a.needs(privCreateGroup); err != nil {
			return err
		}
		now := p.clock.Now()
		g := newGroup(now, "", a.name())
		up.apply(g)
		if up.Capabilities != nil {
			g.Capabilities = *up.Capabilities
		}
		if g.SharedUpdate() {
			if err := a.needs(privUpdateCapable); err != nil {
				return err
			}
		}
		if err := hasRoom(tx, a.name()); err != nil {
			return err
		}
		if err := checkGroup(tx, a, &Group{}, g); err != nil {
			return err
		}
		if err := keepFile(tx, up.Thumbnail); err != nil {
			return err
		}
		if err := putNewGroup(tx, now, g); err != nil {
			return err
		}
		org, err := tx.Org()
		if err != nil {
			return err
		}
		out = &GroupView{Group: g, Org: org.ID, Member: a.name(), MemberType: MemberOwner}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// checkGroup holds a group that is about to be stored against what it was before: the
// privileges that the change takes, rules between properties, and the title, which is unique
// in the organization.
func checkGroup(tx Tx, a *actor, before, g *Group) error {
	if g.Access != before.Access {
		if err := a.publishes(g.Access); err != nil {
			return err
		}
	}
	if g.OpenData && !before.OpenData {
		if err := a.needs(privDesignateOpenData); err != nil {
			return err
		}
	}
	if g.LeavingDisallowed && !before.LeavingDisallowed {
		if err := a.needs(privAssignToGroups); err != nil {
			return err
		}
	}
	// guess: which kinds of joining a group with item updates excludes is not documented;
	// letting anybody in without being asked would give everybody's items away.
	if g.SharedUpdate() && g.AutoJoin {
		return ErrBadParam("autoJoin", "must be false for a group whose members may update its items")
	}
	if g.InvitationOnly && g.AutoJoin {
		return ErrBadParam("autoJoin", "must be false for a group that one joins by invitation only")
	}
	return freeTitle(tx, g)
}

// freeTitle returns nil where no other group has the title.
//
// guess: the code of this error is not documented.
func freeTitle(tx Tx, g *Group) error {
	other, err := tx.GroupTitled(g.Title)
	switch {
	case isAbsent(err):
		return nil
	case err != nil:
		return err
	case other.ID == g.ID:
		return nil
	}
	return &Error{Code: 400, Message: "You already have a group named '" + g.Title + "'. Try a different name.", Details: []string{"The titles of groups are unique in the organization."}}
}

// hasRoom returns nil where a member may join one more group.
func hasRoom(tx Tx, username string) error {
	ms, err := tx.MembershipsOf(username)
	if err != nil {
		return err
	}
	n := 0
	for _, m := range ms {
		if m.Type != MemberAsking {
			n++
		}
	}
	if n > maxGroupsPerUser { // one of them holds the favorites
		return &Error{Code: 400, Message: "A member may belong to at most 512 groups.", Details: []string{"'" + username + "' belongs to that many."}}
	}
	return nil
}

// UpdateGroup changes a group: its owner, its managers, and who may update all groups.
//
// Whether members may update items is settled at creation. An empty list of capabilities is
// what clients send that know nothing of it, and changes nothing.
func (p *Portal) UpdateGroup(ctx context.Context, c Caller, id esri.GroupID, up GroupUpdate) error {
	if err := up.check(); err != nil {
		return err
	}
	var err error
	if up.Thumbnail, err = p.checkedThumbnail(ctx, up.Thumbnail); err != nil {
		return err
	}
	return p.editGroup(ctx, c, id, func(tx Tx, a *actor, g *Group) error {
		before := *g
		if up.Capabilities != nil && len(*up.Capabilities) > 0 && !g.SharedUpdate() {
			return ErrBadParam("capabilities", "is settled when a group is created; create a new group with "+updateCapability)
		}
		up.apply(g)
		if err := checkGroup(tx, a, &before, g); err != nil {
			return err
		}
		return keepFile(tx, up.Thumbnail)
	})
}

// editGroup changes a group that the caller may update.
func (p *Portal) editGroup(ctx context.Context, c Caller, id esri.GroupID, edit func(Tx, *actor, *Group) error) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		if err := a.mayEdit(g); err != nil {
			return err
		}
		if err := edit(tx, a, g); err != nil {
			return err
		}
		g.Modified = p.clock.Now()
		return tx.PutGroup(g)
	})
}

// SetGroupProtected guards a group against deletion, or lifts the guard.
func (p *Portal) SetGroupProtected(ctx context.Context, c Caller, id esri.GroupID, protected bool) error {
	return p.editGroup(ctx, c, id, func(_ Tx, _ *actor, g *Group) error {
		g.Protected = protected
		return nil
	})
}

// DeleteGroupThumbnail removes a group's picture.
func (p *Portal) DeleteGroupThumbnail(ctx context.Context, c Caller, id esri.GroupID) error {
	return p.editGroup(ctx, c, id, func(_ Tx, _ *actor, g *Group) error {
		g.Thumbnail = nil
		return nil
	})
}

// GroupThumbnail reads the picture of a group that the caller may see.
func (p *Portal) GroupThumbnail(ctx context.Context, c Caller, id esri.GroupID, name string) (f *File, public bool, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		f, public = g.Thumbnail, g.Access == Public
		return namedFile(f, name)
	})
	return f, public, err
}
