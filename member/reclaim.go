package member

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
	"github.com/rhumb-gis/rhumb/internal/clock"
)

// Reclaim says which licenses count as unused.
type Reclaim struct {
	Products  []string      // titles or ids; empty: all
	UnusedFor time.Duration // required: not used for so long
	// SkipNever leaves those out who never used their license. Otherwise they count if their
	// account is older than UnusedFor: portals do not tell since when a license is held.
	SkipNever bool
	Now       time.Time // zero: the machine's clock
}

// UnusedLicense is a license that its member does not use.
type UnusedLicense struct {
	Username     string
	FullName     string
	Email        string
	Product      string
	ItemID       esri.ItemID
	Entitlements []string
	LastUsed     esri.Time // zero: never
	LastLogin    esri.Time // to the portal; zero: never
	Created      esri.Time // of the account
	// Kept is why it is not taken back; empty: it can be.
	Kept string
}

// ReclaimPlan lists unused licenses. Nothing is taken back before [ReclaimPlan.Apply].
type ReclaimPlan struct {
	Unused []UnusedLicense // by product, longest unused first
	Notes  []string

	p       *gis.Portal
	request Reclaim
}

// PlanReclaim lists the licenses that nobody has used for a time. It needs
// portal:admin:manageLicenses and portal:admin:viewUsers.
func PlanReclaim(ctx context.Context, p *gis.Portal, r Reclaim, opts Options) (*ReclaimPlan, error) {
	if r.UnusedFor <= 0 {
		return nil, fmt.Errorf("say for how long a license has to be unused")
	}
	if r.Now.IsZero() {
		r.Now = clock.System{}.Now()
	}
	all, err := Products(ctx, p, opts)
	if err != nil {
		return nil, err
	}
	products := all
	if len(r.Products) > 0 {
		products = nil
		for _, name := range r.Products {
			one, err := findProduct(all, name)
			if err != nil {
				return nil, err
			}
			products = append(products, one)
		}
	}
	pl := &ReclaimPlan{p: p, request: r}
	for _, one := range products {
		if one.Unread != nil {
			pl.Notes = append(pl.Notes, fmt.Sprintf("who holds %s is unknown: %v", one.Title, one.Unread))
		}
	}
	for u, err := range p.Users.ListAll(ctx, &gis.UserListAll{Ahead: opts.workers()}) {
		if err != nil {
			return nil, fmt.Errorf("read the members: %w", err)
		}
		for _, one := range products {
			if h, ok := one.Holder(u.Username); ok && r.unused(h, u) {
				pl.Unused = append(pl.Unused, newUnused(one, h, u))
			}
		}
	}
	slices.SortStableFunc(pl.Unused, func(a, b UnusedLicense) int {
		if c := strings.Compare(fold(a.Product), fold(b.Product)); c != 0 {
			return c
		}
		return a.LastUsed.Compare(b.LastUsed.Time)
	})
	return pl, nil
}

// unused reports whether a holding counts as unused.
func (r Reclaim) unused(h Holding, u *gis.User) bool {
	if h.LastUsed.IsZero() {
		return !r.SkipNever && r.Now.Sub(u.Created.Time) >= r.UnusedFor
	}
	return r.Now.Sub(h.LastUsed.Time) >= r.UnusedFor
}

func newUnused(p *Product, h Holding, u *gis.User) UnusedLicense {
	out := UnusedLicense{
		Username: u.Username, FullName: u.FullName, Email: u.Email, Product: p.Title, ItemID: p.ItemID,
		Entitlements: h.Entitlements, LastUsed: h.LastUsed, LastLogin: u.LastLogin, Created: u.Created,
	}
	if h.CheckedOut {
		out.Kept = fmt.Sprintf("%s is checked out offline", p.Title)
	}
	return out
}

// Apply takes back exactly the confirmed licenses, of those that the plan lists. Each is read
// once more: one that was used meanwhile, changed or checked out stays. A confirmed license
// that is not in the plan is an error, and nothing is taken back.
func (pl *ReclaimPlan) Apply(ctx context.Context, confirmed []UnusedLicense, opts Options) (*Results, error) {
	changes := make([]Change, len(confirmed))
	for i, c := range confirmed {
		at := slices.IndexFunc(pl.Unused, func(u UnusedLicense) bool {
			return u.ItemID == c.ItemID && strings.EqualFold(u.Username, c.Username)
		})
		if at < 0 {
			return nil, fmt.Errorf("%s of %s is not in the list of unused licenses", c.Product, c.Username)
		}
		u := pl.Unused[at]
		changes[i] = Change{Username: u.Username, Product: u.Product, ItemID: u.ItemID, Before: u.Entitlements, Refusal: u.Kept}
	}
	err := each(ctx, opts.workers(), indexes(len(changes)), func(ctx context.Context, i int) error {
		if changes[i].Refusal != "" {
			return nil
		}
		e, err := pl.p.Licenses.Handle(changes[i].ItemID).Entitlement(ctx, changes[i].Username)
		if err != nil {
			return fmt.Errorf("read what %s holds: %w", changes[i].Username, err)
		}
		changes[i].Refusal = pl.recheck(changes[i], e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	r, err := beginRun(ctx, pl.p, opts.Journal, kindAssign, changes)
	if err != nil {
		return nil, err
	}
	defer r.close()
	return applyChanges(ctx, pl.p, r, changes, opts)
}

// recheck says why a license that was confirmed stays after all.
func (pl *ReclaimPlan) recheck(c Change, e *gis.Entitlement) string {
	held := slices.Compact(slices.Sorted(slices.Values(e.Entitlements)))
	switch {
	case e.CheckedOut:
		return fmt.Sprintf("%s was checked out offline meanwhile", c.Product)
	case !e.LastLogin.IsZero() && pl.request.Now.Sub(e.LastLogin.Time) < pl.request.UnusedFor:
		return fmt.Sprintf("%s was used meanwhile", c.Product)
	case !slices.Equal(held, c.Before):
		return fmt.Sprintf("somebody changed it meanwhile: %s is held now", listed(held))
	}
	return ""
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
