package member

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/gis"
)

// Assignment says who is to hold what. Exactly one of Set, Revoke and Add with Remove is
// given, unless the members come from a CSV file with a column License: its cells then say for
// each member what to hold, of one product or several.
type Assignment struct {
	Members Select
	Product string // title, or id of the listing; default: ArcGIS Pro
	Set     []string
	Add     []string // to what is held; a level takes the place of another
	Remove  []string // from what is held
	Revoke  bool     // everything of the product
}

// Change is what is to become of one member's licenses of one product.
type Change struct {
	Line     int         `json:"line,omitempty"` // of the CSV file
	Username string      `json:"username"`
	Product  string      `json:"product"`
	ItemID   esri.ItemID `json:"itemId"`
	Before   []string    `json:"before"`
	After    []string    `json:"after"`
	Refusal  string      `json:"refusal,omitempty"` // why it is not done
	// Wave orders changes: a seat that is given up in one wave is free in the next.
	Wave int `json:"wave"`
}

// Action names the change: assign, change, revoke, or nothing for one that changes nothing.
func (c *Change) Action() string {
	switch {
	case slices.Equal(c.Before, c.After):
		return ""
	case len(c.Before) == 0:
		return "assign"
	case len(c.After) == 0:
		return "revoke"
	}
	return "change"
}

func (c *Change) result() Result {
	r := Result{Line: c.Line, Username: c.Username, Action: c.Action(), Product: c.Product, Before: c.Before, After: c.After, Outcome: Done}
	switch {
	case c.Refusal != "":
		r.Outcome, r.Reason = Refused, c.Refusal
	case c.Action() == "":
		r.Outcome = Unchanged
	}
	return r
}

// AssignPlan is what an assignment will do.
type AssignPlan struct {
	Changes []Change
	p       *gis.Portal
}

// Preview tells what the plan will do, as [AssignPlan.Apply] tells what it did.
func (pl *AssignPlan) Preview() *Results {
	out := &Results{}
	for i := range pl.Changes {
		out.Rows = append(out.Rows, pl.Changes[i].result())
	}
	return out
}

// PlanAssign reads who holds what and plans the assignment, seats counted. Members whom it
// cannot serve are in the plan with the reason; an error means that the assignment itself is
// wrong or the portal cannot be read. It needs portal:admin:manageLicenses.
func PlanAssign(ctx context.Context, p *gis.Portal, a Assignment, opts Options) (*AssignPlan, error) {
	if a.Product == "" {
		a.Product = Pro
	}
	picks, err := a.Members.resolve(ctx, p)
	if err != nil {
		return nil, err
	}
	byFile := slices.ContainsFunc(picks, func(k picked) bool { return k.license != "" })
	if err := a.check(byFile); err != nil {
		return nil, err
	}
	products, err := Products(ctx, p, opts)
	if err != nil {
		return nil, err
	}
	unknown, err := strangers(ctx, p, picks, products, opts.workers())
	if err != nil {
		return nil, err
	}
	pl := &AssignPlan{p: p}
	for _, k := range picks {
		changes, err := a.changes(k, products, byFile)
		if err != nil && !byFile {
			return nil, err
		}
		if err != nil {
			changes = []Change{{Line: k.line, Username: k.username, Refusal: err.Error()}}
		}
		for _, c := range changes {
			if why := unknown[fold(k.username)]; why != "" && c.Refusal == "" {
				c.Refusal = why
			}
			pl.Changes = append(pl.Changes, c)
		}
	}
	settle(pl.Changes, products)
	return pl, nil
}

func (a Assignment) check(byFile bool) error {
	given := 0
	for _, on := range []bool{len(a.Set) > 0, a.Revoke, len(a.Add)+len(a.Remove) > 0} {
		if on {
			given++
		}
	}
	switch {
	case given > 1:
		return errors.New("say one thing: a whole set, what to add and remove, or to revoke")
	case given == 0 && !byFile:
		return errors.New("say what to assign, to add or remove, or to revoke")
	}
	return nil
}

// changes are what is to become of one member. Its error is about the assignment, or about the
// member's cell in the file.
func (a Assignment) changes(k picked, products []*Product, byFile bool) ([]Change, error) {
	if byFile && k.license != "" && !a.Revoke && len(a.Set)+len(a.Add)+len(a.Remove) == 0 {
		grants, err := parseGrants(k.license)
		if err != nil {
			return nil, err
		}
		var out []Change
		for _, g := range grants {
			c, err := g.change(k, products)
			if err != nil {
				return nil, err
			}
			out = append(out, c)
		}
		return out, nil
	}
	product, err := findProduct(products, a.Product)
	if err != nil {
		return nil, err
	}
	if byFile && k.license == "" && !a.Revoke && len(a.Set)+len(a.Add)+len(a.Remove) == 0 {
		return nil, errors.New("the row names no license")
	}
	h, _ := product.Holder(k.username)
	c := Change{Line: k.line, Username: k.username, Product: product.Title, ItemID: product.ItemID, Before: h.Entitlements}
	set := product.properAll(a.Set)
	if len(a.Add)+len(a.Remove) > 0 {
		set = product.edit(h.Entitlements, product.properAll(a.Add), product.properAll(a.Remove))
	}
	c.After = slices.Compact(slices.Sorted(slices.Values(set)))
	for _, word := range slices.Concat(a.Set, a.Add, a.Remove) {
		if _, sold := product.Seats[product.proper(word)]; !sold {
			return nil, product.checkSet([]string{word})
		}
	}
	c.Refusal = product.refuse(h, c.After)
	return []Change{c}, nil
}

// edit adds to a set and removes from it. A level that is added takes the place of another.
func (p *Product) edit(set, add, remove []string) []string {
	out := slices.DeleteFunc(slices.Clone(set), func(e string) bool { return slices.Contains(remove, e) })
	if slices.ContainsFunc(add, isLevel) && p.hasLevels() {
		out = slices.DeleteFunc(out, isLevel)
	}
	for _, e := range add {
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

func (p *Product) properAll(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = p.proper(w)
	}
	return out
}

// refuse says why a member cannot get a set, seats aside; empty: he can.
func (p *Product) refuse(h Holding, after []string) string {
	if slices.Equal(h.Entitlements, after) {
		return ""
	}
	if p.Unread != nil {
		return fmt.Sprintf("the portal does not tell who holds %s: %v", p.Title, p.Unread)
	}
	if h.CheckedOut {
		return fmt.Sprintf("%s is checked out offline; it has to be checked in, or released, before it can be changed", p.Title)
	}
	if err := p.checkSet(after); err != nil {
		return err.Error()
	}
	return ""
}

// strangers says of names that are no members why nothing is assigned to them. Holders of a
// license are members.
func strangers(ctx context.Context, p *gis.Portal, picks []picked, products []*Product, workers int) (map[string]string, error) {
	why := map[string]string{}
	ask := slices.DeleteFunc(slices.Clone(picks), func(k picked) bool {
		return slices.ContainsFunc(products, func(p *Product) bool { _, holds := p.Holder(k.username); return holds })
	})
	for _, k := range ask {
		why[fold(k.username)] = "there is no member of this name"
	}
	if len(ask) > manyNames {
		for u, err := range p.Users.ListAll(ctx, &gis.UserListAll{Ahead: workers}) {
			if err != nil {
				return nil, fmt.Errorf("read the members: %w", err)
			}
			delete(why, fold(u.Username))
		}
		return why, nil
	}
	found := make(chan string, len(ask))
	err := each(ctx, workers, ask, func(ctx context.Context, k picked) error {
		u, err := p.Users.Get(ctx, k.username)
		switch {
		case errors.Is(err, gis.ErrNotFound), err == nil && u.IsSystem():
			return nil
		case err != nil:
			return fmt.Errorf("read the member %s: %w", k.username, err)
		}
		found <- k.username
		return nil
	})
	close(found)
	for name := range found {
		delete(why, fold(name))
	}
	return why, err
}

// manyNames is from how many names on the list of all members is read in place of single ones.
const manyNames = 100

// settle counts the seats: what is given up first, then what is taken, in the order of the
// changes, and again as long as seats become free.
func settle(changes []Change, products []*Product) {
	ledgers := map[esri.ItemID]*ledger{}
	for _, p := range products {
		ledgers[p.ItemID] = newLedger(p)
	}
	var open []*Change
	for i := range changes {
		c := &changes[i]
		if c.Refusal == "" && c.Action() != "" {
			open = append(open, c)
		}
	}
	for wave := 0; len(open) > 0; wave++ {
		var rest, freed []*Change
		why := map[*Change]error{}
		for _, c := range open {
			if wave == 0 && !subset(c.After, c.Before) {
				rest = append(rest, c)
				continue
			}
			// Seats that c gives up are free from the next wave on.
			if err := ledgers[c.ItemID].change(c.Before, union(c.Before, c.After)); err != nil {
				rest, why[c] = append(rest, c), err
				continue
			}
			c.Wave = wave
			freed = append(freed, c)
		}
		for _, c := range freed {
			_ = ledgers[c.ItemID].change(union(c.Before, c.After), c.After) // gives up only
		}
		if wave > 0 && len(freed) == 0 {
			for _, c := range rest {
				c.Refusal = why[c].Error()
			}
			return
		}
		open = rest
	}
}

func subset(part, whole []string) bool {
	return !slices.ContainsFunc(part, func(e string) bool { return !slices.Contains(whole, e) })
}

func union(a, b []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

// reasonOf is an error for a person: the portal's words without the operation.
func reasonOf(err error) string {
	text := err.Error()
	b, batch := errors.AsType[*gis.BatchError](err)
	if batch && len(b.Failed) == 1 { // of one member: his failure is meant
		text = strings.Replace(text, b.Error(), b.Failed[0].Err.Error(), 1)
		err = b.Failed[0].Err
	}
	if e, ok := errors.AsType[*gis.Error](err); ok && e.Message != "" {
		words := e.Message
		for _, d := range e.Details {
			if d != "" && d != e.Message {
				words += " " + d
			}
		}
		text = strings.Replace(text, e.Error(), words, 1)
	}
	return strings.TrimSpace(text)
}
