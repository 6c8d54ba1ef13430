package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// MemberDefaults are what new members get where their account does not say otherwise.
type MemberDefaults struct {
	Role       esri.RoleID    `json:"role,omitempty"`
	UserType   string         `json:"userLicenseType,omitempty"`
	Groups     []esri.GroupID `json:"groups,omitempty"`
	Categories []string       `json:"categories,omitempty"`
	Apps       []DefaultApp   `json:"apps,omitempty"`
	AppBundles []DefaultApp   `json:"appBundles,omitempty"`
}

// DefaultApp is a product, or without entitlements a bundle of apps, that new members get.
type DefaultApp struct {
	ItemID       esri.ItemID `json:"itemId"`
	Entitlements []string    `json:"entitlements,omitempty"`
}

// DefaultsUpdate is what is to change of the defaults; nil leaves a part as it is, the empty
// value clears it.
type DefaultsUpdate struct {
	Role       *esri.RoleID
	UserType   *string
	Groups     *[]esri.GroupID
	Categories *[]string
	Apps       *[]DefaultApp
	AppBundles *[]DefaultApp
}

// Limits of the defaults.
const (
	maxDefaultGroups     = 100
	maxDefaultCategories = 20
	maxDefaultApps       = 50
	defaultsKey          = "userDefaultSettings"
)

// MemberDefaults reads what new members get, for who makes members.
func (p *Portal) MemberDefaults(ctx context.Context, c Caller, id string) (d MemberDefaults, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		a, err := actorIn(tx, c)
		if err != nil {
			return err
		}
		org, err := namedOrg(tx, id)
		if err != nil {
			return err
		}
		if err := a.needs(privInviteUsers); err != nil {
			return err
		}
		d, err = org.memberDefaults()
		return err
	})
	return d, err
}

func (o *Org) memberDefaults() (d MemberDefaults, err error) {
	if doc, there := o.Config[defaultsKey]; there {
		err = json.Unmarshal(doc, &d)
	}
	return d, err
}

// SetMemberDefaults changes what new members get. It takes the role of administrator, as the
// defaults reach every account that somebody else makes.
func (p *Portal) SetMemberDefaults(ctx context.Context, c Caller, id string, u DefaultsUpdate) error {
	return p.editOrg(ctx, c, id, func(tx Tx, a *actor, org *Org) error {
		if err := a.administers(); err != nil {
			return err
		}
		if err := u.check(tx, a); err != nil {
			return err
		}
		if err := u.checkApps(tx, p.clock.Now()); err != nil {
			return err
		}
		d, err := org.memberDefaults()
		if err != nil {
			return err
		}
		set(&d.Role, u.Role)
		set(&d.UserType, u.UserType)
		set(&d.Groups, u.Groups)
		set(&d.Categories, u.Categories)
		set(&d.Apps, u.Apps)
		set(&d.AppBundles, u.AppBundles)
		if err := d.agree(tx); err != nil {
			return err
		}
		org.Config[defaultsKey], err = json.Marshal(d)
		return err
	})
}

// ClearMemberDefaults goes back to what the portal itself gives.
func (p *Portal) ClearMemberDefaults(ctx context.Context, c Caller, id string) error {
	return p.editOrg(ctx, c, id, func(_ Tx, a *actor, org *Org) error {
		delete(org.Config, defaultsKey)
		return a.administers()
	})
}

// administers returns nil for a default administrator.
func (a *actor) administers() error {
	switch {
	case a.anonymous():
		return ErrTokenRequired()
	case !a.admin():
		return ErrDenied("the role of administrator")
	}
	return nil
}

// check holds the new defaults against what the portal has, and brings them into the form in
// which they are stored.
func (u *DefaultsUpdate) check(tx Tx, a *actor) error {
	if u.Role != nil && *u.Role != "" {
		if *u.Role == RoleAdmin {
			return ErrBadParam("role", "must not make every new member an administrator")
		}
		if err := a.grants(tx, *u.Role); err != nil {
			return err
		}
	}
	if u.UserType != nil && strings.TrimSpace(*u.UserType) != "" {
		t, err := namedUserType(tx, "userLicenseType", *u.UserType)
		if err != nil {
			return err
		}
		u.UserType = &t.ID
	}
	if u.Categories != nil {
		if len(*u.Categories) > maxDefaultCategories {
			return ErrBadParam("categories", fmt.Sprintf("must hold at most %d categories", maxDefaultCategories))
		}
		for _, path := range *u.Categories {
			if err := checkText("categories", path, maxItemWord); err != nil {
				return err
			}
		}
	}
	if u.Groups == nil {
		return nil
	}
	if len(*u.Groups) > maxDefaultGroups {
		return ErrBadParam("groups", fmt.Sprintf("must hold at most %d groups", maxDefaultGroups))
	}
	for i, id := range *u.Groups {
		g, err := visibleGroup(tx, a, id)
		if err != nil {
			return err
		}
		if err := a.mayAssign(g); err != nil {
			return err
		}
		(*u.Groups)[i] = g.ID
	}
	return nil
}

// checkApps holds the products and bundles against those of the portal. What an app may have is
// looked at again when a member gets it.
func (u *DefaultsUpdate) checkApps(tx Tx, now time.Time) error {
	for param, list := range map[string]*[]DefaultApp{"apps": u.Apps, "appBundles": u.AppBundles} {
		if list != nil && len(*list) > maxDefaultApps {
			return ErrBadParam(param, fmt.Sprintf("must hold at most %d entries", maxDefaultApps))
		}
	}
	n := &NewUser{}
	n.lendDefaults(MemberDefaults{Apps: deref(u.Apps), AppBundles: deref(u.AppBundles)})
	for _, l := range n.defaultLicenses {
		p, err := productIn(tx, l.Item)
		if err != nil {
			return err
		}
		if len(l.Keys) == 0 {
			return ErrBadParam("apps", "holds an app without entitlements: "+p.Title)
		}
		if _, err := p.holdable(l.Keys, now); err != nil {
			return err
		}
	}
	for _, item := range n.defaultBundles {
		if _, err := tx.AppBundle(item); err != nil {
			return absentAs(err, errNotProvisioned())
		}
	}
	return nil
}

func deref[T any](p *[]T) []T {
	if p == nil {
		return nil
	}
	return *p
}

// lendDefaults notes the products and bundles that an account gets which names none itself.
func (n *NewUser) lendDefaults(d MemberDefaults) {
	if len(n.Licenses) == 0 {
		for _, app := range d.Apps {
			n.defaultLicenses = append(n.defaultLicenses, NewLicense{Item: app.ItemID, Keys: app.Entitlements})
		}
	}
	if len(n.Bundles) == 0 {
		for _, b := range d.AppBundles {
			n.defaultBundles = append(n.defaultBundles, b.ItemID)
		}
	}
}

// agree returns an error where the user type does not allow the role.
func (d *MemberDefaults) agree(tx Tx) error {
	if d.Role == "" || d.UserType == "" {
		return nil
	}
	t, err := namedUserType(tx, "userLicenseType", d.UserType)
	if err != nil {
		return err
	}
	return t.allowsRole(tx, d.Role)
}

// takeDefaults gives an account what it does not say itself. A role or a group that is gone
// meanwhile is left out.
func (n *NewUser) takeDefaults(tx Tx, d MemberDefaults) error {
	if n.NoDefaults {
		return nil
	}
	if n.Role == "" && d.Role != "" {
		_, err := rolePrivileges(tx, d.Role)
		switch {
		case err == nil:
			n.Role = d.Role
		case !isAbsent(err):
			return err
		}
	}
	if n.UserType == "" {
		n.UserType = d.UserType
	}
	n.categories = slices.Clone(d.Categories)
	n.lendDefaults(d)
	if len(n.Groups) > 0 {
		return nil
	}
	for _, id := range d.Groups {
		switch _, err := tx.Group(id); {
		case err == nil:
			n.defaultGroups = append(n.defaultGroups, id)
		case !isAbsent(err):
			return err
		}
	}
	return nil
}
