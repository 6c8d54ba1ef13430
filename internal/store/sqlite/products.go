package sqlite

import (
	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/portal"
)

var products = newTable("products", "item", nil, func(p *portal.Product) []field {
	return []field{
		{"item", text(&p.Item)},
		{"ordinal", small(&p.Ordinal)},
		{"title", text(&p.Title)},
		{"description", text(&p.Description)},
		{"license_type", text(&p.LicenseType)},
		{"vendor", text(&p.Vendor)},
		{"url", text(&p.URL)},
		{"trial", flag(&p.Trial)},
		{"max_users", whole(&p.MaxUsers)},
		{"parts", document(&p.Parts)},
		{"starts", moment(&p.Starts)},
		{"ends", moment(&p.Ends)},
		{"can_disconnect", flag(&p.CanDisconnect)},
		{"max_disconnect", whole(&p.MaxDisconnect)},
		{"created", moment(&p.Created)},
	}
})

func (t *tx) Product(id esri.ItemID) (*portal.Product, error) {
	return products.one(t, " WHERE item=?", string(id))
}

func (t *tx) Products() ([]*portal.Product, error) {
	return products.all(t, " ORDER BY ordinal, item")
}

func (t *tx) PutProduct(p *portal.Product) error { return products.put(t, p) }

func (t *tx) DeleteProduct(id esri.ItemID) error {
	return t.exec("DELETE FROM products WHERE item=?", string(id))
}

func (t *tx) ProductUse(id esri.ItemID) (*portal.ProductUse, error) {
	parts, err := t.tally("SELECT part, n FROM product_use WHERE product=? AND n>0", string(id))
	if err != nil {
		return nil, err
	}
	use := &portal.ProductUse{Holders: parts[""], Parts: parts}
	delete(parts, "")
	return use, nil
}

// use adds to how often a part of a product is held; part "" is the product itself.
func (t *tx) use(id esri.ItemID, part string, by int) error {
	return t.exec(`INSERT INTO product_use(product, part, n) VALUES(?,?,?)
		ON CONFLICT(product, part) DO UPDATE SET n=n+excluded.n`, string(id), part, by)
}
