package portal

import (
	"context"
	"errors"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// UserView is a member as a caller sees it: what the caller may not see is empty, the stored
// password always.
type UserView struct {
	*User
	Tier       Tier
	Org        esri.OrgID
	BasicRole  esri.RoleID  // TierOrg and up
	Privileges []string     // TierFull
	Groups     []*GroupView // where asked for
}

// User reads a member that the caller may see, with the groups that the caller may know of.
// In place of a username it takes the member's id: the Python client asks so for members that
// it found by a search.
func (p *Portal) User(ctx context.Context, c Caller, username string) (*UserView, error) {
	return p.viewUser(ctx, c, func(tx Tx, _ *actor) (string, error) { return usernameOf(tx, username) })
}

// Self reads the calling member.
func (p *Portal) Self(ctx context.Context, c Caller) (*UserView, error) {
	return p.viewUser(ctx, c, func(_ Tx, a *actor) (string, error) {
		if a.anonymous() {
			return "", &Error{Code: 400, MessageCode: "COM_0019", Message: "Not logged in."}
		}
		return a.name(), nil
	})
}

// usernameOf is the name of the member with that id, and every other text as it is.
func usernameOf(tx Tx, nameOrID string) (string, error) {
	if _, err := tx.User(nameOrID); !errors.Is(err, ErrAbsent) {
		return nameOrID, err
	}
	u, err := tx.UserByID(nameOrID)
	if errors.Is(err, ErrAbsent) {
		return nameOrID, nil
	}
	if err != nil {
		return "", err
	}
	return u.Username, nil
}

func (p *Portal) viewUser(ctx context.Context, c Caller, name func(Tx, *actor) (string, error)) (*UserView, error) {
	var out *UserView
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		username, err := name(tx, a)
		if err != nil {
			return err
		}
		u, _, err := visibleUser(tx, a, username)
		if err != nil {
			return err
		}
		org, err := tx.Org()
		if err != nil {
			return err
		}
		if out, err = userView(tx, a, u, org.ID); err != nil {
			return err
		}
		out.Groups, err = groupsOf(tx, a, u.Username, org.ID)
		return err
	})
	return out, err
}

// userView is u without what the caller may not see, and without groups.
func userView(tx Tx, a *actor, u *User, org esri.OrgID) (*UserView, error) {
	v := &UserView{Tier: a.userTier(u), Org: org}
	v.User = redacted(u, v.Tier)
	if v.Tier < TierOrg {
		return v, nil
	}
	privs, err := privilegesOf(tx, u)
	if err != nil {
		return nil, err
	}
	v.BasicRole = basicRole(u.Role, privs)
	if v.Tier == TierFull {
		v.Privileges = privs
	}
	return v, nil
}

// redacted is a copy of u that holds only what a tier may see.
func redacted(u *User, t Tier) *User {
	c := *u
	c.Password = Password{}
	if t == TierFull {
		return &c
	}
	c.Email, c.IDPUsername, c.Role, c.UserType = "", "", "", ""
	c.Disabled, c.System = false, false
	c.Properties, c.Categories, c.FavGroupID = nil, nil, ""
	c.LastLogin, c.PreferredView = time.Time{}, ""
	return &c
}

// sameMember reads the member whose own affairs are asked for: the caller, or anybody for a
// caller with the privilege.
func sameMember(tx Tx, c Caller, username, privilege string) (*actor, *User, error) {
	a, err := actorIn(tx, c)
	if err != nil {
		return nil, nil, err
	}
	if a.anonymous() {
		return nil, nil, ErrTokenRequired()
	}
	u, _, err := visibleUser(tx, a, username)
	if err != nil {
		return nil, nil, err
	}
	if !a.is(u.Username) {
		if err := a.needs(privilege); err != nil {
			return nil, nil, err
		}
	}
	return a, u, nil
}
