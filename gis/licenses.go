package gis

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Licenses are the apps and app bundles that the organization holds for its members. Most of
// it needs portal:admin:manageLicenses.
//
// py: arcgis.gis.admin.LicenseManager
type Licenses struct{ p *Portal }

// PurchaseStatus says which purchases [Licenses.List] answers.
type PurchaseStatus string

// The choices; the empty one is PurchasesActive.
const (
	PurchasesActive  PurchaseStatus = "active"
	PurchasesExpired PurchaseStatus = "expired"
	PurchasesAll     PurchaseStatus = "all"
)

// NoLimit is the number of seats where the organization bought no particular number.
const NoLimit = -1

// License is a product that the organization holds: what was bought, and the listing by which
// it is given to members.
type License struct {
	ItemID      esri.ItemID    // of the listing
	Title       string         // for example ArcGIS Pro
	Type        string         // licenseType of the listing
	LicenseBy   string         // licenseByUser or licenseByOrg
	Vendor      string         // who sells it
	Trial       bool           // on trial, not bought
	Start       esri.Time      // zero: unknown
	End         esri.Time      // zero: never
	MaxUsers    int            // members that may hold it; NoLimit: any number
	Seats       map[string]int // by entitlement, such as desktopAdvN; NoLimit: any number
	CanCheckOut bool           // members may take it offline
	MaxCheckOut int            // days for which they may; NoLimit: any time

	raw json.RawMessage
	p   *Portal
}

// Raw is the purchase as received, with every property.
func (l *License) Raw() json.RawMessage { return l.raw }

// purchase is a row of portals/self/purchases.
type purchase struct {
	Provision struct {
		ItemID                esri.ItemID `json:"itemId"`
		StartDate             esri.Time   `json:"startDate"`
		EndDate               esri.Time   `json:"endDate"`
		Trial                 bool        `json:"trial"`
		CanDisconnect         bool        `json:"canDisconnect"`
		MaxDisconnectDuration *int        `json:"maxDisconnectDuration"`
		OrgEntitlements       *struct {
			MaxUsers     *int `json:"maxUsers"`
			Entitlements map[string]struct {
				Num *int `json:"num"`
			} `json:"entitlements"`
		} `json:"orgEntitlements"`
	} `json:"provision"`
	Listing struct {
		ItemID      esri.ItemID `json:"itemId"`
		Title       string      `json:"title"`
		LicenseType string      `json:"licenseType"`
		LicenseBy   string      `json:"licenseBy"`
		Vendor      struct {
			Name string `json:"name"`
		} `json:"vendor"`
	} `json:"listing"`
}

// UnmarshalJSON reads a purchase. Listings of the marketplace may lack entitlements, vendor or
// a title: what is missing stays empty.
func (l *License) UnmarshalJSON(b []byte) error {
	var w purchase
	if err := decode(b, &w); err != nil {
		return err
	}
	limit := func(n *int) int {
		if n == nil || *n < 0 {
			return NoLimit
		}
		return *n
	}
	*l = License{
		ItemID: w.Listing.ItemID, Title: w.Listing.Title, Type: w.Listing.LicenseType, LicenseBy: w.Listing.LicenseBy,
		Vendor: w.Listing.Vendor.Name, Trial: w.Provision.Trial, Start: w.Provision.StartDate, End: w.Provision.EndDate,
		MaxUsers: NoLimit, Seats: map[string]int{},
		CanCheckOut: w.Provision.CanDisconnect, MaxCheckOut: limit(w.Provision.MaxDisconnectDuration),
		raw: bytes.Clone(b),
	}
	if l.ItemID == "" {
		l.ItemID = w.Provision.ItemID
	}
	if o := w.Provision.OrgEntitlements; o != nil {
		l.MaxUsers = limit(o.MaxUsers)
		for name, e := range o.Entitlements {
			l.Seats[name] = limit(e.Num)
		}
	}
	return nil
}

// List answers the products that the organization holds, bought ones and those on trial. One
// that is listed as both comes once.
//
// rest: GET portals/self/purchases
// py: arcgis.gis.admin.LicenseManager.all
func (l *Licenses) List(ctx context.Context, status PurchaseStatus) ([]*License, error) {
	if status == "" {
		status = PurchasesActive
	}
	var answer struct {
		Purchases []*License `json:"purchases"`
		Trials    []*License `json:"trials"`
	}
	if err := l.p.do(ctx, wire.Read("portals/self/purchases").Set("status", string(status)), &answer); err != nil {
		return nil, err
	}
	var out []*License
	seen := map[esri.ItemID]bool{}
	for i, part := range [][]*License{answer.Purchases, answer.Trials} {
		for _, one := range part {
			if one == nil || one.ItemID == "" || seen[one.ItemID] {
				continue
			}
			seen[one.ItemID] = true
			one.p, one.Trial = l.p, one.Trial || i == 1
			out = append(out, one)
		}
	}
	return out, nil
}

// Get finds a product that the organization holds by its title, without regard to case, or by
// the id of its listing.
//
// rest: GET portals/self/purchases
// py: arcgis.gis.admin.LicenseManager.get
func (l *Licenses) Get(ctx context.Context, titleOrID string) (*License, error) {
	all, err := l.List(ctx, PurchasesActive)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if strings.EqualFold(one.Title, titleOrID) || string(one.ItemID) == titleOrID {
			return one, nil
		}
	}
	return nil, refuse(ErrNotFound, "GET portals/self/purchases", "the organization holds no license %q", titleOrID)
}

// Handle answers a product to call methods on, of which only the listing's id is known. It
// sends nothing.
func (l *Licenses) Handle(id esri.ItemID) *License {
	return &License{ItemID: id, MaxUsers: NoLimit, Seats: map[string]int{}, MaxCheckOut: NoLimit, p: l.p}
}

// SetCheckOut says whether members may take the product offline, and for how many days;
// [NoLimit] is any time. It touches no check-out that is going on: see [Licenses.Release].
//
// rest: POST content/listings/{itemId}/setDisconnectSettings
// py: arcgis.gis.admin.LicenseManager.offline_pro
func (l *License) SetCheckOut(ctx context.Context, allowed bool, days int) error {
	const op = "content/listings/{itemId}/setDisconnectSettings"
	if days < 0 {
		days = NoLimit
	}
	r := wire.Write(op, string(l.ItemID)).Bool("canDisconnect", allowed).Set("maxDisconnectDuration", fmt.Sprint(days))
	if err := l.p.do(ctx, r, nil); err != nil {
		return err
	}
	l.CanCheckOut, l.MaxCheckOut = allowed, days
	return nil
}

// Release takes a check-out back that a member's machine holds, so that the license can be
// changed or given to others. ArcGIS Enterprise only: on ArcGIS Online the machine itself has
// to check in.
//
// rest: POST portaladmin/license/releaseLicense
// rest: POST portaladmin/system/licenses/releaseLicense
// py: arcgis.gis.admin.PortalLicense.release_license
func (l *Licenses) Release(ctx context.Context, username string) error {
	send := func(op string) error {
		return l.p.do(ctx, wire.Write(op).TokenInBody().Set("username", username), nil)
	}
	err := send("portaladmin/license/releaseLicense")
	if errors.Is(err, ErrUnsupported) { // a release before 10.7
		return send("portaladmin/system/licenses/releaseLicense")
	}
	return err
}
