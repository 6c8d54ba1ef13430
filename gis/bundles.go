package gis

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Bundle is a set of apps that is given to members as a whole.
//
// py: arcgis.gis.admin.Bundle
type Bundle struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	ItemID      esri.ItemID     `json:"appBundleItemId"`
	MaxUsers    int             `json:"maxUsers"` // 0: the portal does not tell
	Apps        json.RawMessage `json:"apps"`

	p *Portal
}

// listing is the item by which the bundle is given to members.
func (b *Bundle) listing() string {
	if b.ItemID != "" {
		return string(b.ItemID)
	}
	return b.ID
}

// Bundles yields the app bundles that the organization can give to members.
//
// rest: GET portals/self/appBundles
// py: arcgis.gis.admin.LicenseManager.bundles
func (l *Licenses) Bundles(ctx context.Context) iter.Seq2[*Bundle, error] {
	return l.p.bundles(ctx, func() *wire.Request { return wire.Read("portals/self/appBundles") })
}

func (p *Portal) bundles(ctx context.Context, r func() *wire.Request) iter.Seq2[*Bundle, error] {
	return pages(ctx, 1, 0, func(ctx context.Context, start int) (*Page[*Bundle], error) {
		found, err := readPage[*Bundle](ctx, p, r(), "appBundles", start, maxPage)
		if err != nil {
			return nil, err
		}
		for _, b := range found.Items {
			b.p = p
		}
		return found, nil
	})
}

// Users yields the members who hold the bundle, however many there are.
//
// rest: GET portals/self/users/search
// py: arcgis.gis.admin.Bundle.users
func (b *Bundle) Users(ctx context.Context) iter.Seq2[*User, error] {
	return b.p.Users.OrgSearchAll(ctx, "appbundle:"+b.listing(), nil)
}

// Assign gives the bundle to several members. Those of a refused call, 25 at a time, are in the
// returned [BatchError].
//
// rest: POST content/listings/{itemId}/provisionUserAppBundle
// py: arcgis.gis.admin.Bundle.assign
func (b *Bundle) Assign(ctx context.Context, usernames ...string) error {
	return b.provision(ctx, false, usernames)
}

// Revoke takes the bundle from several members. See [Bundle.Assign].
//
// rest: POST content/listings/{itemId}/provisionUserAppBundle
// py: arcgis.gis.admin.Bundle.revoke
func (b *Bundle) Revoke(ctx context.Context, usernames ...string) error {
	return b.provision(ctx, true, usernames)
}

func (b *Bundle) provision(ctx context.Context, revoke bool, usernames []string) error {
	const op = "content/listings/{itemId}/provisionUserAppBundle"
	return inChunks(ctx, "POST "+op, usernames, maxUsersPerCall, func(out *batch, chunk []string) error {
		r := wire.Write(op, b.listing()).List("users", chunk).Bool("revoke", revoke)
		if err := b.p.do(ctx, r, nil); err != nil {
			return err
		}
		out.done = append(out.done, chunk...)
		return nil
	})
}

// Bundles are the app bundles that the account holds.
//
// rest: GET community/users/{username}/appBundles
// py: arcgis.gis.User.bundles
func (u *User) Bundles(ctx context.Context) ([]*Bundle, error) {
	return Collect(u.p.bundles(ctx, func() *wire.Request {
		return wire.Read("community/users/{username}/appBundles", u.Username)
	}))
}

// Provision is an app that an account may use by a license of its own.
type Provision struct {
	ItemID       esri.ItemID `json:"itemId"`
	Title        string      `json:"title"`
	Type         string      `json:"type"`
	TypeKeywords []string    `json:"typeKeywords"`
	LicenseType  string      `json:"licenseType"`
	LicenseBy    string      `json:"licenseBy"`
	Owner        string      `json:"owner"`
	URL          string      `json:"url"`
}

// ProvisionList chooses apps, in [User.Provisions].
type ProvisionList struct {
	All            bool // also those that come with the user type
	IncludeExpired bool
}

// Provisions yields the apps that the account may use by licenses of its own. What comes with
// app bundles and user types is not among them unless All is set.
//
// rest: GET community/users/{username}/provisionedListings
// py: arcgis.gis.User.provisions
func (u *User) Provisions(ctx context.Context, opts *ProvisionList) iter.Seq2[*Provision, error] {
	o := deref(opts)
	return pages(ctx, 1, 0, func(ctx context.Context, start int) (*Page[*Provision], error) {
		r := wire.Read("community/users/{username}/provisionedListings", u.Username)
		if o.All {
			r.Bool("returnAllProvisions", true)
		}
		if o.IncludeExpired {
			r.Bool("includeExpired", true)
		}
		return readPage[*Provision](ctx, u.p, r, "provisionedListings", start, maxPage)
	})
}

// HandleBundle answers an app bundle to call methods on, of which only the id of its item is
// known. It sends nothing.
func (l *Licenses) HandleBundle(item esri.ItemID) *Bundle { return &Bundle{ItemID: item, p: l.p} }
