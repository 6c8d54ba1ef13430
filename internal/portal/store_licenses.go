package portal

import "github.com/rhumb-gis/rhumb/esri"

// LicenseTx reads and writes licenses of every kind.
type LicenseTx interface {
	UserTypeTx
	ProductTx
	EntitlementTx
	BundleTx
	ActivityTx
}

// UserTypeTx reads and writes the user types of the pool. Accounts of the portal itself hold
// no seat of one and are not counted.
type UserTypeTx interface {
	UserTypes() ([]*UserType, error) // by ordinal
	PutUserType(*UserType) error
	DeleteUserType(id string) error
	// TypeHolders counts the members of each user type that somebody has.
	TypeHolders() (map[string]int64, error)
	// HoldsType reports whether anybody has a user type together with a role.
	HoldsType(id string, role esri.RoleID) (bool, error)
}

// ProductTx reads and writes products.
type ProductTx interface {
	Product(esri.ItemID) (*Product, error)
	Products() ([]*Product, error) // by ordinal
	PutProduct(*Product) error
	// DeleteProduct removes a product of which nobody holds anything.
	DeleteProduct(esri.ItemID) error
	ProductUse(esri.ItemID) (*ProductUse, error)
}

// EntitlementTx reads and writes what members hold of products. An entitlement refers to a
// product and to a member.
type EntitlementTx interface {
	Entitlement(item esri.ItemID, username string) (*Entitlement, error)
	// Entitlements lists who holds a product. The order is stable but for this: when somebody
	// loses the product, the last of the list takes that place. Page.Sort is not looked at, and
	// a page is found without reading those before it.
	Entitlements(item esri.ItemID, page Page) ([]*Entitlement, error)
	EntitlementsOf(username string) ([]*Entitlement, error) // by the products' ordinals
	PutEntitlement(*Entitlement) error
	DeleteEntitlement(item esri.ItemID, username string) error
}

// BundleTx reads and writes app bundles and who holds them.
type BundleTx interface {
	AppBundle(item esri.ItemID) (*AppBundle, error)
	AppBundles() ([]*AppBundle, error) // by ordinal
	PutAppBundle(*AppBundle) error
	// DeleteAppBundle removes a bundle that nobody holds.
	DeleteAppBundle(item esri.ItemID) error
	BundleHolders(item esri.ItemID) (int64, error)
	BundlesOf(username string) ([]*AppBundle, error) // by ordinal
	HoldsBundle(item esri.ItemID, username string) (bool, error)
	GrantBundle(item esri.ItemID, username string) error // granting twice is granting once
	RevokeBundle(item esri.ItemID, username string) error
}

// ActivityTx reads and writes what applications reported.
type ActivityTx interface {
	// PutActivity notes a report, unless the same was ever noted before.
	PutActivity(Activity) error
	// TakeActivity returns the reports on a member's license that are still to take effect, the
	// earliest first, and marks them as done.
	TakeActivity(item esri.ItemID, username string) ([]Activity, error)
}
