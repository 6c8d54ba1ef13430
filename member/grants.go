package member

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Grant is what a cell of the column License gives of one product.
type Grant struct {
	Product      string // title or id; empty: ArcGIS Pro
	Entitlements []string
}

// parseGrants reads a cell of the column License. Products stand between semicolons, each with
// its title, a colon and its entitlements between commas:
//
//	ArcGIS Pro: desktopAdvN, spatialAnalystN; Insights: insightsN
//
// Entitlements without a title are those of ArcGIS Pro, as in old files. A backslash takes the
// meaning from the character behind it.
func parseGrants(cell string) ([]Grant, error) {
	var out []Grant
	for _, part := range splitEscaped(cell, ';') {
		if strings.TrimSpace(part) == "" {
			continue
		}
		g := Grant{}
		title, list, titled := cutEscaped(part, ':')
		if titled {
			if g.Product = unescape(strings.TrimSpace(title)); g.Product == "" {
				return nil, fmt.Errorf("%q names no product before the colon", part)
			}
		} else {
			list = part
		}
		for _, e := range splitEscaped(list, ',') {
			if e = unescape(strings.TrimSpace(e)); e != "" && !slices.Contains(g.Entitlements, e) {
				g.Entitlements = append(g.Entitlements, e)
			}
		}
		if len(g.Entitlements) == 0 {
			return nil, fmt.Errorf("%q names no entitlements", strings.TrimSpace(part))
		}
		if slices.ContainsFunc(out, func(o Grant) bool { return strings.EqualFold(o.title(), g.title()) }) {
			return nil, fmt.Errorf("%s stands twice", g.title())
		}
		out = append(out, g)
	}
	if len(out) == 0 {
		return nil, errors.New("it names no license")
	}
	return out, nil
}

func (g Grant) title() string {
	if g.Product == "" {
		return Pro
	}
	return g.Product
}

// formatGrants writes a cell that [parseGrants] reads.
func formatGrants(grants []Grant) string {
	parts := make([]string, 0, len(grants))
	for _, g := range grants {
		names := make([]string, len(g.Entitlements))
		for i, e := range g.Entitlements {
			names[i] = escape(e, ";,:")
		}
		parts = append(parts, escape(g.title(), ";:")+": "+strings.Join(names, ", "))
	}
	return strings.Join(parts, "; ")
}

// change is what the grant makes of a member's licenses.
func (g Grant) change(k picked, products []*Product) (Change, error) {
	product, set, err := g.on(products)
	if err != nil {
		return Change{}, err
	}
	h, _ := product.Holder(k.username)
	c := Change{
		Line: k.line, Username: k.username, Product: product.Title, ItemID: product.ItemID,
		Before: h.Entitlements, After: set,
	}
	c.Refusal = product.refuse(h, set)
	return c, nil
}

// on finds the product of the grant and the set in the product's own words.
func (g Grant) on(products []*Product) (*Product, []string, error) {
	product, err := findProduct(products, g.title())
	if err != nil {
		return nil, nil, err
	}
	set := slices.Compact(slices.Sorted(slices.Values(product.properAll(g.Entitlements))))
	return product, set, product.checkSet(set)
}
