package portal

import (
	"context"
	"strings"
)

// UserType is a user type (user license type) of the portal. Every member has one; seats are
// not counted.
type UserType struct {
	ID    string
	Name  string
	Level string // the level of releases before user types: 1 views, 2 creates
}

// UserTypes lists the user types, the default first.
func UserTypes() []UserType {
	return []UserType{
		{defaultUserType, "Creator", "2"},
		{"viewerUT", "Viewer", "1"},
		{"editorUT", "Editor", "1"},
		{"fieldWorkerUT", "Field Worker", "1"},
		{"GISProfessionalBasicUT", "GIS Professional Basic", "2"},
		{"GISProfessionalStdUT", "GIS Professional Standard", "2"},
		{"GISProfessionalAdvUT", "GIS Professional Advanced", "2"},
		{"storytellerUT", "Storyteller", "2"},
		{"insightsAnalystUT", "Insights Analyst", "2"},
		{"IndoorsUserUT", "Indoors User", "1"},
		{"basicUT", "Basic", "2"},
		{"standardUT", "Standard", "2"},
		{"advancedUT", "Advanced", "2"},
		{"liteUT", "Lite", "1"},
	}
}

// UserTypeOf finds a user type by id, without regard to case.
func UserTypeOf(id string) (UserType, bool) {
	for _, t := range UserTypes() {
		if strings.EqualFold(t.ID, id) {
			return t, true
		}
	}
	return UserType{}, false
}

// ListUserTypes lists the user types for a member.
func (p *Portal) ListUserTypes(ctx context.Context, c Caller) ([]UserType, error) {
	return UserTypes(), p.signedIn(ctx, c)
}

// signedIn returns nil for a caller who is a member.
func (p *Portal) signedIn(ctx context.Context, c Caller) error {
	return p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err == nil && a.anonymous() {
			err = ErrTokenRequired()
		}
		return err
	})
}

// checkedUserType returns the id of a user type as it is stored.
func checkedUserType(param, id string) (string, error) {
	t, ok := UserTypeOf(strings.TrimSpace(id))
	if !ok {
		return "", ErrBadParam(param, "names no user type of this portal: '"+id+"'; userLicenseTypes lists them")
	}
	return t.ID, nil
}

// UserLicenseType reads a member's user type: the member's own, or for who manages licenses or
// views all members.
func (p *Portal) UserLicenseType(ctx context.Context, c Caller, username string) (UserType, error) {
	var out UserType
	err := p.store.View(ctx, func(tx Tx) error {
		privilege := privViewUsers
		if a, err := actorIn(tx, c); err == nil && a.has(privManageLicenses) {
			privilege = privManageLicenses
		}
		_, u, err := sameMember(tx, c, username, privilege)
		if err != nil {
			return err
		}
		out, _ = UserTypeOf(u.UserType)
		return nil
	})
	return out, err
}

// UpdateUserLicenseType gives members another user type; a refusal concerns its member alone.
func (p *Portal) UpdateUserLicenseType(ctx context.Context, c Caller, usernames []string, userType string) ([]UserResult, error) {
	id, err := checkedUserType("userLicenseType", userType)
	if err != nil {
		return nil, err
	}
	return p.forUsers(ctx, c, privManageLicenses, usernames, func(tx Tx, a *actor, name string) error {
		u, err := governedUser(tx, a, name, privManageLicenses)
		if err != nil {
			return err
		}
		u.UserType, u.Modified = id, p.clock.Now()
		return tx.PutUser(u)
	})
}
