package member

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// Pro is the title of ArcGIS Pro, the product whose entitlements old CSV files name without a
// product.
const Pro = "ArcGIS Pro"

// Holding is what one member holds of a product.
type Holding struct {
	Username     string
	Entitlements []string // sorted; shared between members, not to be changed
	LastUsed     esri.Time
	CheckedOut   bool
	Since        esri.Time // of the check-out; zero: unknown
}

// Product is a license of the organization with who holds it.
type Product struct {
	*gis.License
	// Assigned counts the seats that are taken, by entitlement.
	Assigned map[string]int
	// Unread is why the portal does not tell who holds the product, as with some listings of
	// the marketplace; nil: it does.
	Unread  error
	holders map[string]*Holding // by folded name
}

// Users is the number of members who hold the product.
func (p *Product) Users() int { return len(p.holders) }

// Holder answers what a member holds; ok is false for nothing.
func (p *Product) Holder(username string) (h Holding, ok bool) {
	got, ok := p.holders[fold(username)]
	if !ok {
		return Holding{Username: username}, false
	}
	return *got, true
}

// Holders are the members who hold the product, by name.
func (p *Product) Holders() []Holding {
	var out []Holding
	for _, name := range slices.Sorted(maps.Keys(p.holders)) {
		out = append(out, *p.holders[name])
	}
	return out
}

// Free is the number of seats of an entitlement that nobody holds, or [gis.NoLimit].
func (p *Product) Free(entitlement string) int {
	total, known := p.Seats[entitlement]
	switch {
	case !known:
		return 0
	case total == gis.NoLimit:
		return gis.NoLimit
	}
	return max(total-p.Assigned[entitlement], 0)
}

// fold makes user names and titles comparable, as portals compare them.
func fold(s string) string { return strings.ToLower(s) }

// Products reads the licenses of the organization with everybody who holds them, at most
// Workers requests at a time.
func Products(ctx context.Context, p *gis.Portal, opts Options) ([]*Product, error) {
	licenses, err := p.Licenses.List(ctx, gis.PurchasesActive)
	if err != nil {
		return nil, fmt.Errorf("read the licenses of the organization: %w", err)
	}
	return readProducts(ctx, licenses, opts.workers())
}

func readProducts(ctx context.Context, licenses []*gis.License, workers int) ([]*Product, error) {
	out := make([]*Product, len(licenses))
	sets := &interner{}
	index := make([]int, len(licenses))
	for i := range index {
		index[i] = i
	}
	err := each(ctx, workers, index, func(ctx context.Context, i int) (err error) {
		out[i], err = readProduct(ctx, licenses[i], sets, workers)
		return err
	})
	return out, err
}

func readProduct(ctx context.Context, l *gis.License, sets *interner, workers int) (*Product, error) {
	one := &Product{License: l, Assigned: map[string]int{}, holders: map[string]*Holding{}}
	for e, err := range l.EntitlementsAhead(ctx, workers) {
		if errors.Is(err, gis.ErrInvalid) || errors.Is(err, gis.ErrNotFound) || errors.Is(err, gis.ErrUnsupported) {
			one.Unread = err
			return one, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read who holds %s: %w", l.Title, err)
		}
		if len(e.Entitlements) == 0 {
			continue
		}
		set := sets.set(e.Entitlements)
		for _, name := range set {
			one.Assigned[name]++
		}
		one.holders[fold(e.Username)] = &Holding{
			Username: e.Username, Entitlements: set, LastUsed: e.LastLogin, CheckedOut: e.CheckedOut, Since: e.CheckedOutSince,
		}
	}
	return one, nil
}

// interner keeps each set of entitlements once: many members hold few different ones.
type interner struct {
	mu   sync.Mutex
	sets map[string][]string
}

func (i *interner) set(list []string) []string {
	sorted := slices.Compact(slices.Sorted(slices.Values(list)))
	key := strings.Join(sorted, ",")
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.sets == nil {
		i.sets = map[string][]string{}
	}
	if have, ok := i.sets[key]; ok {
		return have
	}
	i.sets[key] = sorted
	return sorted
}

// findProduct answers the product of a title, without regard to case, or of a listing's id.
func findProduct(products []*Product, name string) (*Product, error) {
	var found []*Product
	for _, p := range products {
		if string(p.ItemID) == name {
			return p, nil
		}
		if strings.EqualFold(p.Title, name) {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		var titles []string
		for _, p := range products {
			titles = append(titles, fmt.Sprintf("%q", p.Title))
		}
		if len(titles) == 0 {
			return nil, fmt.Errorf("the organization holds no license %q, and no other", name)
		}
		return nil, fmt.Errorf("the organization holds no license %q; it holds %s", name, strings.Join(titles, ", "))
	}
	return nil, fmt.Errorf("%d licenses are called %q: name one by the id of its listing", len(found), name)
}
