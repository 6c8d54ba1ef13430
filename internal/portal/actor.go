package portal

import (
	"errors"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// actor is a Caller as one transaction sees it: role, privileges and groups of this moment,
// so that a right that was taken away is gone at once.
type actor struct {
	user   *User // nil: anonymous
	privs  map[string]bool
	groups map[esri.GroupID]MemberType // asking ones left out
	app    *App                        // that calls for itself; nil: none
}

// actorIn resolves c. A caller whose account is gone or disabled is refused as if the token
// were invalid.
func actorIn(tx Tx, c Caller) (*actor, error) {
	if c.Anonymous() {
		return appIn(tx, c.ClientID)
	}
	u, err := tx.User(c.Username)
	if errors.Is(err, ErrAbsent) || (err == nil && u.Disabled) {
		return nil, ErrInvalidToken()
	}
	if err != nil {
		return nil, err
	}
	privs, err := privilegesOf(tx, u)
	if err != nil {
		return nil, err
	}
	a := &actor{user: u, privs: make(map[string]bool, len(privs)), groups: map[esri.GroupID]MemberType{}}
	for _, p := range privs {
		a.privs[p] = true
	}
	ms, err := tx.MembershipsOf(u.Username)
	if err != nil {
		return nil, err
	}
	for _, m := range ms {
		if m.Type != MemberAsking {
			a.groups[m.Group] = m.Type
		}
	}
	return a, nil
}

func (a *actor) anonymous() bool { return a.user == nil }

// name is the caller's username, empty for an anonymous one.
func (a *actor) name() string {
	if a.user == nil {
		return ""
	}
	return a.user.Username
}

// is reports whether the caller is the named member.
func (a *actor) is(username string) bool {
	return a.user != nil && strings.EqualFold(a.user.Username, username)
}

// admin reports whether the caller is a default administrator.
func (a *actor) admin() bool { return a.user != nil && a.user.Role == RoleAdmin }

// has reports whether the caller holds a privilege, such as portal:admin:viewItems.
func (a *actor) has(privilege string) bool { return a.privs[privilege] }

// needs returns the error for a caller without the privilege: 499 for an anonymous one, 403
// that names the privilege for a member, and nil for one who holds it.
func (a *actor) needs(privilege string) error {
	switch {
	case a.has(privilege):
		return nil
	case a.anonymous():
		return ErrTokenRequired()
	default:
		return ErrDenied("the privilege " + privilege)
	}
}

// manages reports whether the caller owns or manages the group.
func (a *actor) manages(id esri.GroupID) bool {
	t := a.groups[id]
	return t == MemberOwner || t == MemberAdmin
}

// in reports whether the caller belongs to the group.
func (a *actor) in(id esri.GroupID) bool { return a.groups[id] != "" }

// visibility is the caller's part of a search; all is the privilege that shows everything.
func (a *actor) visibility(all string) Visibility {
	v := Visibility{All: a.has(all), Username: a.name(), Member: !a.anonymous()}
	for id := range a.groups {
		v.Groups = append(v.Groups, id)
	}
	return v
}
