package portal

import (
	"errors"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// Privileges that the group use cases ask for.
const (
	privViewGroups        = "portal:admin:viewGroups"
	privUpdateGroups      = "portal:admin:updateGroups"
	privDeleteGroups      = "portal:admin:deleteGroups"
	privAssignToGroups    = "portal:admin:assignToGroups"
	privUpdateCapable     = "portal:admin:createUpdateCapableGroup"
	privViewOrgGroups     = "portal:user:viewOrgGroups"
	privCreateGroup       = "portal:user:createGroup"
	privJoinGroup         = "portal:user:joinGroup"
	privShareGroupToOrg   = "portal:user:shareGroupToOrg"
	privShareGroupPublic  = "portal:user:shareGroupToPublic"
	privDesignateOpenData = "opendata:user:designateGroup"
)

// sees reports whether the group exists for the caller. The group of a member's favorites
// does for that member alone.
func (a *actor) sees(g *Group) bool {
	switch {
	case g.Fav:
		return a.is(g.Owner)
	case a.in(g.ID), a.has(privViewGroups), g.Access == Public:
		return true
	default:
		return g.Access == InOrg && a.has(privViewOrgGroups)
	}
}

// findableGroups is the caller's part of a search for groups.
func (a *actor) findableGroups() Visibility {
	v := a.visibility(privViewGroups)
	v.Member = a.has(privViewOrgGroups)
	return v
}

// visibleGroup reads a group that the caller may see.
func visibleGroup(tx Tx, a *actor, id esri.GroupID) (*Group, error) {
	g, err := tx.Group(esri.GroupID(strings.ToLower(string(id))))
	if err != nil {
		return nil, absentAs(err, errNoGroup())
	}
	if !a.sees(g) {
		return nil, errNoGroup()
	}
	return g, nil
}

// mayEdit returns nil where the caller may change the group: its owner, its managers, and who
// may update all groups.
func (a *actor) mayEdit(g *Group) error {
	if !g.Fav && a.manages(g.ID) {
		return nil
	}
	return a.mayOverride(g, privUpdateGroups)
}

// mayOverride returns nil where the caller may act on a group of others by a privilege. The
// group of a member's favorites stays out of reach, its owner's too.
func (a *actor) mayOverride(g *Group, privilege string) error {
	if g.Fav {
		return denied("The group of a member's favorites cannot be changed.")
	}
	return a.needs(privilege)
}

// mayOwn returns nil where the caller owns the group or holds the privilege over all groups.
func (a *actor) mayOwn(g *Group, privilege string) error {
	if !g.Fav && a.is(g.Owner) {
		return nil
	}
	return a.mayOverride(g, privilege)
}

// mayAssign returns nil where the caller may add and remove members: owner, managers, and who
// may assign members to all groups.
func (a *actor) mayAssign(g *Group) error {
	if !g.Fav && a.manages(g.ID) {
		return nil
	}
	return a.mayOverride(g, privAssignToGroups)
}

// seesMembers reports whether the caller sees the plain members of a group that hides them.
func (a *actor) seesMembers(g *Group) bool {
	return !g.HiddenMembers || a.manages(g.ID) || a.has(privViewGroups) || a.has(privAssignToGroups)
}

// knows reports whether a member exists for the caller, who is about to change the member's
// part in a group: by the profile, or as one of a group of the caller's.
func (a *actor) knows(tx Tx, g *Group, u *User) (bool, error) {
	if a.userTier(u) != TierNone || !a.in(g.ID) {
		return a.userTier(u) != TierNone, nil
	}
	part, err := memberTypeOf(tx, g.ID, u.Username)
	return part != MemberNone, err
}

// publishes returns nil where the caller may give a group this access.
func (a *actor) publishes(access Access) error {
	switch access {
	case Public:
		return a.needs(privShareGroupPublic)
	case InOrg:
		return a.needs(privShareGroupToOrg)
	default:
		return nil
	}
}

// memberTypeOf is a member's part in a group, MemberNone where there is none.
func memberTypeOf(tx Tx, id esri.GroupID, username string) (MemberType, error) {
	m, err := tx.Membership(id, username)
	if errors.Is(err, ErrAbsent) {
		return MemberNone, nil
	}
	if err != nil {
		return "", err
	}
	return m.Type, nil
}

// ownsGroups returns nil where a member may be the owner of groups.
func ownsGroups(tx Tx, u *User) error {
	privs, err := privilegesOf(tx, u)
	if err != nil {
		return err
	}
	for _, p := range privs {
		if p == privCreateGroup {
			return nil
		}
	}
	return &Error{Code: 400, Message: "The target user cannot own groups.", Details: []string{"'" + u.Username + "' needs the privilege " + privCreateGroup + "."}}
}
