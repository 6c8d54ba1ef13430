package portal

import (
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// listingOwner is the account that the listings of products and app bundles belong to.
const listingOwner = "system_publisher"

// listingItem is a product or an app bundle as an item, which clients read where they were told
// of a listing. It is there for who manages licenses and for who holds one of it.
func listingItem(tx Tx, a *actor, id esri.ItemID) (ItemView, error) {
	if a.anonymous() {
		return ItemView{}, errNoItem()
	}
	id = esri.ItemID(strings.ToLower(string(id)))
	it, err := itemOfListing(tx, id)
	if err != nil {
		return ItemView{}, absentAs(err, errNoItem())
	}
	held, err := holdsListing(tx, a, id)
	if err != nil {
		return ItemView{}, err
	}
	if !held && !a.has(privManageLicenses) {
		return ItemView{}, errNoItem()
	}
	org, err := tx.Org()
	if err != nil {
		return ItemView{}, err
	}
	return ItemView{Item: it, OrgID: org.ID, Member: true}, nil
}

func itemOfListing(tx Tx, id esri.ItemID) (*Item, error) {
	it := &Item{ID: id, Owner: listingOwner, Access: InOrg, Listed: true}
	p, err := tx.Product(id)
	if err == nil {
		it.Title, it.Type, it.Description, it.URL, it.Created, it.Modified = p.Title, "Desktop Application", p.Description, p.URL, p.Created, p.Created
	}
	if !isAbsent(err) {
		return it, err
	}
	b, err := tx.AppBundle(id)
	if err == nil {
		it.Title, it.Type, it.Description = b.Name, "App Bundle", b.Description
	}
	return it, err
}
