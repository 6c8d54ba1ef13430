package portal

import (
	"time"

	"github.com/rhumb-gis/rhumb/esri"
)

// UserType is a user type (user license type). Every member has exactly one, and a role that
// asks for no more than the type allows.
type UserType struct {
	ID          string
	Ordinal     int // place in the list; the first is what an account gets for which none is asked
	Name        string
	Description string
	Seats       int64     // members who may have it; Unlimited: any number
	Expires     time.Time // from then on nobody gets it; zero: never
	Privileges  []string  // what its members may be allowed; nil: everything
	Apps        []LicensedApp
}

// Unlimited is the number of seats that are not counted.
const Unlimited = -1

// LicensedApp is an application that comes with a user type or a bundle.
type LicensedApp struct {
	ID           esri.ItemID `json:"id,omitempty"`
	Title        string      `json:"title"`
	Type         string      `json:"type,omitempty"`
	Entitlements []string    `json:"entitlements"`
}

// Product is something that members hold licenses of, such as ArcGIS Pro: in Esri's terms a
// listing that the organization has bought.
type Product struct {
	Item          esri.ItemID
	Ordinal       int
	Title         string
	Description   string
	LicenseType   string // paid, free, ...
	Vendor        string
	URL           string
	Trial         bool
	MaxUsers      int64         // members who may hold it, whatever of it; Unlimited: any number
	Parts         []ProductPart // what of it can be held, in the file's order
	Starts        time.Time     // zero: always
	Ends          time.Time     // from then on nobody is given it; zero: never
	CanDisconnect bool          // licenses may be checked out to work offline
	MaxDisconnect int64         // longest check-out, in the product's unit; Unlimited: any
	Created       time.Time
}

// ProductPart is one entitlement of a product: a level, of which a member holds exactly one,
// or an extension.
type ProductPart struct {
	Key   string `json:"key"`
	Seats int64  `json:"seats"` // Unlimited: any number
	Level bool   `json:"level,omitempty"`
}

// ProductUse is how much of a product is held.
type ProductUse struct {
	Holders int64
	Parts   map[string]int64 // by key; without those that nobody holds
}

// Entitlement is what one member holds of one product.
type Entitlement struct {
	Item       esri.ItemID
	Username   string
	Keys       []string  // in the order of the product's parts; never empty
	LastUsed   time.Time // zero: never
	CheckedOut time.Time // since when the license is used offline; zero: it is not
}

// AppBundle is a named set of applications that members are given as a whole.
type AppBundle struct {
	ID          string
	Item        esri.ItemID
	Ordinal     int
	Name        string
	Description string
	Seats       int64
	Expires     time.Time // from then on nobody is given it; zero: never
	Apps        []LicensedApp
}

// Activity is what an application reported about a member's license: that it was used, and
// that it was checked out. It takes effect once, as soon as the member holds the license.
type Activity struct {
	Item       esri.ItemID
	Username   string
	LastUsed   time.Time
	CheckedOut time.Time
}
