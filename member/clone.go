package member

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/rhumb-gis/rhumb/gis"
)

// CloneOptions say how licenses are carried to another portal.
type CloneOptions struct {
	Options
	DryRun bool // only tell what would be done
	// Products maps titles of the source's licenses to those of the target; titles that are
	// not in it keep their name. An empty title leaves the license out.
	Products map[string]string
}

// CloneLicenses gives members of the target what their counterparts hold on the source: user
// type, entitlements and app bundles, where the target has seats. users maps user names of the
// source to those of the target.
//
// Seats are counted before anything is given; whom there is no seat for is told, in the order
// of the names. Nothing is taken from anybody, but for a level of ArcGIS Pro that another one
// takes the place of: what a member of the target holds beyond the source stays. A second run
// changes nothing, so that one that was cut off is simply run again; no journal is kept.
func CloneLicenses(ctx context.Context, source, target *gis.Portal, users map[string]string, opts CloneOptions) (*Results, error) {
	c := &licenseClone{to: target, opts: opts}
	var err error
	if c.src, err = readHoldings(ctx, source, opts.Options); err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	if c.dst, err = readHoldings(ctx, target, opts.Options); err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	types := map[string]string{}
	for u, err := range source.Users.ListAll(ctx, &gis.UserListAll{Ahead: opts.workers()}) {
		if err != nil {
			return nil, fmt.Errorf("source: read the members: %w", err)
		}
		types[fold(u.Username)] = u.UserLicenseTypeID
	}
	if err := c.readTarget(ctx); err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	for _, from := range slices.Sorted(maps.Keys(users)) {
		c.plan(from, users[from], types)
	}
	settle(c.changes, c.dst.products)
	if opts.DryRun {
		return c.results(nil), nil
	}
	return c.apply(ctx)
}

type licenseClone struct {
	to       *gis.Portal
	opts     CloneOptions
	src, dst *holdings
	words    *vocabulary
	seats    map[string]*counter
	members  map[string]*gis.User // of the target, by folded name
	bundles  map[*BundleUse]*counter

	rows    []Result // user types and bundles
	sends   []send   // of rows
	changes []Change
}

// send is a call for one member that may go together with others of its key.
type send struct {
	row int
	key string
	do  func(ctx context.Context, usernames ...string) error
}

func (c *licenseClone) readTarget(ctx context.Context) (err error) {
	if c.words, err = readVocabulary(ctx, c.to); err != nil {
		return err
	}
	c.members = map[string]*gis.User{}
	taken := map[string]int{}
	for u, err := range c.to.Users.ListAll(ctx, &gis.UserListAll{Ahead: c.opts.workers()}) {
		if err != nil {
			return fmt.Errorf("read the members: %w", err)
		}
		c.members[fold(u.Username)] = u
		taken[u.UserLicenseTypeID]++
	}
	if c.seats, err = userTypeSeats(ctx, c.to, c.words, taken); err != nil {
		return err
	}
	c.bundles = map[*BundleUse]*counter{}
	for _, b := range c.dst.bundles {
		n := &counter{name: "the app bundle " + b.Name, seats: gis.NoLimit, taken: b.Users()}
		if b.MaxUsers > 0 {
			n.seats = b.MaxUsers
		}
		c.bundles[b] = n
	}
	return nil
}

// plan notes what one member is to get.
func (c *licenseClone) plan(from, to string, types map[string]string) {
	licenses, bundles, _ := c.src.of(from)
	sourceType, known := types[fold(from)]
	user := c.members[fold(to)]
	switch {
	case !known:
		c.note(Result{Username: to, Outcome: Refused, Reason: fmt.Sprintf("the source has no member %s", from)}, send{})
		return
	case user == nil:
		c.note(Result{Username: to, Outcome: Refused, Reason: "the target has no member of this name"}, send{})
		return
	}
	c.planType(user, sourceType)
	for _, h := range licenses {
		title, mapped := c.opts.Products[h.Product]
		if !mapped {
			title = h.Product
		}
		if title != "" {
			c.changes = append(c.changes, c.change(user.Username, title, h))
		}
	}
	for _, h := range bundles {
		c.planBundle(user.Username, h)
	}
}

func (c *licenseClone) note(r Result, s send) {
	if r.Outcome == Done {
		s.row = len(c.rows)
		c.sends = append(c.sends, s)
	}
	c.rows = append(c.rows, r)
}

func (c *licenseClone) planType(user *gis.User, id string) {
	row := Result{Username: user.Username, Action: "user type", Before: []string{user.UserLicenseTypeID}, After: []string{id}, Outcome: Done}
	if id == "" || strings.EqualFold(user.UserLicenseTypeID, id) {
		row.Outcome = Unchanged
		c.note(row, send{})
		return
	}
	t, err := c.words.userType(id)
	if err == nil {
		err = c.seats[t.ID].take()
	}
	if err != nil {
		row.Outcome, row.Reason = Refused, err.Error()
		c.note(row, send{})
		return
	}
	if old := c.seats[user.UserLicenseTypeID]; old != nil {
		old.giveUp()
	}
	c.note(row, send{key: "type " + t.ID, do: func(ctx context.Context, names ...string) error {
		return c.to.Users.SetUserType(ctx, t.ID, names...)
	}})
}

// change is what becomes of one license of a member of the target.
func (c *licenseClone) change(username, title string, h HeldLicense) Change {
	out := Change{Username: username, Product: title}
	product, err := findProduct(c.dst.products, title)
	if err != nil {
		out.After, out.Refusal = h.Entitlements, err.Error()
		return out
	}
	have, _ := product.Holder(username)
	out.ItemID, out.Before = product.ItemID, have.Entitlements
	out.After = merged(have.Entitlements, product.properAll(h.Entitlements))
	out.Refusal = product.refuse(have, out.After)
	return out
}

func (c *licenseClone) planBundle(username string, h HeldBundle) {
	row := Result{Username: username, Action: "app bundle", Product: h.Name, Outcome: Done}
	b, err := findBundle(c.dst.bundles, h.Name)
	if err == nil && b.Holds(username) {
		row.Outcome = Unchanged
		c.note(row, send{})
		return
	}
	if err == nil {
		err = c.bundles[b].take()
	}
	if err != nil {
		row.Outcome, row.Reason = Refused, err.Error()
		c.note(row, send{})
		return
	}
	c.note(row, send{key: "bundle " + b.ID, do: b.Assign})
}

// apply gives user types first, on which licenses may depend, then licenses and bundles.
func (c *licenseClone) apply(ctx context.Context) (*Results, error) {
	types := slices.DeleteFunc(slices.Clone(c.sends), func(s send) bool { return !strings.HasPrefix(s.key, "type ") })
	others := slices.DeleteFunc(slices.Clone(c.sends), func(s send) bool { return strings.HasPrefix(s.key, "type ") })
	if err := c.sendAll(ctx, types); err != nil {
		return c.results(nil), err
	}
	r := &run{outcomes: map[int]line{}}
	licenses, err := applyChanges(ctx, c.to, r, c.changes, c.opts.Options)
	if err != nil {
		return c.results(licenses), err
	}
	err = c.sendAll(ctx, others)
	return c.results(licenses), err
}

// sendAll makes calls for up to 25 members each; where one is refused, one for each member.
func (c *licenseClone) sendAll(ctx context.Context, sends []send) error {
	var calls [][]send
	open := map[string]int{}
	for _, s := range sends {
		at, ok := open[s.key]
		if !ok || len(calls[at]) == parcelSize {
			at = len(calls)
			open[s.key], calls = at, append(calls, nil)
		}
		calls[at] = append(calls[at], s)
	}
	var mu sync.Mutex
	return each(ctx, c.opts.workers(), calls, func(ctx context.Context, part []send) error {
		names := make([]string, len(part))
		for i, s := range part {
			names[i] = c.rows[s.row].Username
		}
		err := part[0].do(ctx, names...)
		var b *gis.BatchError
		for i, s := range part {
			one := err
			switch {
			case err == nil:
				continue
			case errors.As(err, &b):
				one = failureOf(b, names[i])
			case ends(ctx, err):
				return err
			case len(part) > 1:
				one = s.do(ctx, names[i])
			}
			if one != nil && ends(ctx, one) {
				return one
			}
			if one != nil {
				mu.Lock()
				c.rows[s.row].Outcome, c.rows[s.row].Reason = Failed, reasonOf(one)
				mu.Unlock()
			}
		}
		return nil
	})
}

// results joins user types and bundles with the licenses.
func (c *licenseClone) results(licenses *Results) *Results {
	if licenses == nil {
		licenses = (&AssignPlan{Changes: c.changes}).Preview()
	}
	return &Results{Rows: slices.Concat(c.rows, licenses.Rows)}
}
