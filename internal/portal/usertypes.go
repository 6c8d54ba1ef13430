package portal

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// defaultUserTypes are the user types of a portal without a pool of licenses: all that Esri's
// clients know, the default first, with seats for everybody.
//
// guess: what a type allows is documented for viewers alone. Editors and field workers may edit
// besides; storytellers, analysts and the basic type do all that the role User may; the others
// do everything.
func defaultUserTypes() []*UserType {
	view, edit := viewerPrivileges, slices.Concat(dataEditorPrivileges, []string{"features:user:fullEdit", "portal:user:viewTracks"})
	types := []*UserType{
		{ID: "creatorUT", Name: "Creator"},
		{ID: "viewerUT", Name: "Viewer", Privileges: view},
		{ID: "editorUT", Name: "Editor", Privileges: edit},
		{ID: "fieldWorkerUT", Name: "Field Worker", Privileges: edit},
		{ID: "GISProfessionalBasicUT", Name: "GIS Professional Basic"},
		{ID: "GISProfessionalStdUT", Name: "GIS Professional Standard"},
		{ID: "GISProfessionalAdvUT", Name: "GIS Professional Advanced"},
		{ID: "storytellerUT", Name: "Storyteller", Privileges: userPrivileges},
		{ID: "insightsAnalystUT", Name: "Insights Analyst", Privileges: userPrivileges},
		{ID: "IndoorsUserUT", Name: "Indoors User", Privileges: view},
		{ID: "basicUT", Name: "Basic", Privileges: userPrivileges},
		{ID: "standardUT", Name: "Standard"},
		{ID: "advancedUT", Name: "Advanced"},
		{ID: "liteUT", Name: "Lite", Privileges: view},
	}
	for i, t := range types {
		t.Ordinal, t.Description, t.Seats = i, t.Name, Unlimited
	}
	return types
}

// UserTypeLevel is the level that a user type had in releases before user types: 1 views, 2
// creates.
func UserTypeLevel(id string) string {
	switch strings.ToLower(id) {
	case "viewerut", "editorut", "fieldworkerut", "indoorsuserut", "liteut":
		return "1"
	}
	return "2"
}

// userTypesIn lists the user types of the pool, the default first.
func userTypesIn(tx Tx) ([]*UserType, error) {
	types, err := tx.UserTypes()
	if err == nil && len(types) == 0 {
		types = defaultUserTypes()
	}
	return types, err
}

// findUserType finds a user type by id, without regard to case.
func findUserType(types []*UserType, id string) *UserType {
	if i := slices.IndexFunc(types, func(t *UserType) bool { return strings.EqualFold(t.ID, id) }); i >= 0 {
		return types[i]
	}
	return nil
}

// namedUserType is the user type that a parameter names; an empty id is the default.
func namedUserType(tx Tx, param, id string) (*UserType, error) {
	types, err := userTypesIn(tx)
	if err != nil {
		return nil, err
	}
	id = strings.TrimSpace(id)
	if id == "" {
		return types[0], nil
	}
	if t := findUserType(types, id); t != nil {
		return t, nil
	}
	return nil, ErrBadParam(param, "names no user type of this portal: '"+id+"'; userLicenseTypes lists them")
}

// allows returns an error that names the first privilege that the type does not allow.
func (t *UserType) allows(privileges []string) error {
	if t.Privileges == nil {
		return nil
	}
	for _, p := range privileges {
		if !slices.Contains(t.Privileges, p) {
			return &Error{Code: 400, MessageCode: "RHUMB_0010", Message: "The user type '" + t.ID + "' does not allow the role: it excludes the privilege " + p + ".",
				Details: []string{"Choose a role with fewer privileges, or another user type."}}
		}
	}
	return nil
}

// allowsRole is allows for the privileges of a role.
func (t *UserType) allowsRole(tx Tx, role esri.RoleID) error {
	privs, err := rolePrivileges(tx, role)
	if err != nil {
		return err
	}
	return t.allows(privs)
}

// free returns nil where one more member may get the type.
func (t *UserType) free(tx Tx, now time.Time) error {
	if expired(t.Expires, now) {
		return &Error{Code: 400, MessageCode: "RHUMB_0011", Message: "The user type '" + t.ID + "' expired on " + t.Expires.Format(time.DateOnly) + "."}
	}
	if t.Seats == Unlimited {
		return nil
	}
	held, err := tx.TypeHolders()
	if err != nil {
		return err
	}
	if held[t.ID] >= t.Seats {
		return errNoSeat("user type '"+t.ID+"'", t.Seats)
	}
	return nil
}

// errNoSeat is the refusal where all seats are taken.
func errNoSeat(what string, seats int64) error {
	return &Error{Code: 400, MessageCode: "RHUMB_0012", Message: fmt.Sprintf("No seat of the %s is free: all %d are assigned.", what, seats),
		Details: []string{"Take it from a member who no longer needs it, or add seats."}}
}

// expired reports whether the end of something has come; zero: it has none.
func expired(end, now time.Time) bool { return !end.IsZero() && !now.Before(end) }

// UserTypeView is a user type with the number of its holders.
type UserTypeView struct {
	*UserType
	Holders int64
}

// ListUserTypes lists the user types for a member. Counts says whether the caller manages
// licenses and is told of seats and holders.
func (p *Portal) ListUserTypes(ctx context.Context, c Caller) (out []UserTypeView, counts bool, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		if a.anonymous() {
			return ErrTokenRequired()
		}
		counts = a.has(privManageLicenses)
		out, err = userTypeViews(tx)
		return err
	})
	return out, counts, err
}

func userTypeViews(tx Tx) ([]UserTypeView, error) {
	types, err := userTypesIn(tx)
	if err != nil {
		return nil, err
	}
	held, err := tx.TypeHolders()
	if err != nil {
		return nil, err
	}
	var out []UserTypeView
	for _, t := range types {
		out = append(out, UserTypeView{t, held[t.ID]})
	}
	return out, nil
}

// DefaultAccount is the role and the user type of accounts for which none is asked.
func (p *Portal) DefaultAccount(ctx context.Context) (role esri.RoleID, userType string, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		org, err := tx.Org()
		if err != nil {
			return err
		}
		d, err := org.memberDefaults()
		if err != nil {
			return err
		}
		n := NewUser{}
		if err := n.takeDefaults(tx, d); err != nil {
			return err
		}
		t, err := namedUserType(tx, "", n.UserType)
		if err != nil {
			return err
		}
		role, userType = cmp.Or(n.Role, RoleUser), t.ID
		return nil
	})
	return role, userType, err
}
