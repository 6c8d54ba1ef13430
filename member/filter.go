package member

import (
	"fmt"
	"strings"
	"time"

	"github.com/rhumb-gis/rhumb/internal/clock"
)

// Filter chooses the members of a report: those that meet everything that is set.
type Filter struct {
	Text        string        // part of the user name, the full name or the e-mail address
	Role        string        // id or name
	UserType    string        // id or name
	Product     string        // title or id of a license that the member holds
	Entitlement string        // such as spatialAnalystN, of any product or of Product
	Bundle      string        // name of an app bundle that the member holds
	NotSince    time.Duration // has not signed in for so long
	UnusedFor   time.Duration // has not used Product, or any license held, for so long
	CheckedOut  bool          // has a license offline
	Disabled    *bool
	Now         time.Time // by which NotSince and UnusedFor count; zero: the machine's clock
}

func (f Filter) now() time.Time {
	if f.Now.IsZero() {
		return clock.System{}.Now()
	}
	return f.Now
}

// compile checks the words of the filter and answers its test.
func (f Filter) compile(r *Report) (func(*Row) bool, error) {
	var tests []func(*Row) bool
	add := func(on bool, test func(*Row) bool) {
		if on {
			tests = append(tests, test)
		}
	}
	if f.Role != "" {
		id, err := r.words.role(f.Role)
		if err != nil {
			return nil, err
		}
		add(true, func(row *Row) bool { return row.RoleID == id })
	}
	if f.UserType != "" {
		t, err := r.words.userType(f.UserType)
		if err != nil {
			return nil, err
		}
		add(true, func(row *Row) bool { return row.UserTypeID == t.ID })
	}
	if f.Bundle != "" {
		b, err := findBundle(r.Bundles, f.Bundle)
		if err != nil {
			return nil, err
		}
		add(true, func(row *Row) bool { return b.Holds(row.Username) })
	}
	held, err := f.held(r)
	if err != nil {
		return nil, err
	}
	add(held != nil, held)
	text, now := fold(f.Text), f.now()
	add(text != "", func(row *Row) bool {
		return strings.Contains(fold(row.Username), text) || strings.Contains(fold(row.FullName), text) || strings.Contains(fold(row.Email), text)
	})
	add(f.NotSince > 0, func(row *Row) bool { return now.Sub(row.LastLogin.Time) >= f.NotSince })
	add(f.Disabled != nil, func(row *Row) bool { return row.Disabled == *f.Disabled })
	return func(row *Row) bool {
		for _, test := range tests {
			if !test(row) {
				return false
			}
		}
		return true
	}, nil
}

// held tests for a license that meets everything that the filter says of one; nil: nothing.
func (f Filter) held(r *Report) (func(*Row) bool, error) {
	if f.Product == "" && f.Entitlement == "" && f.UnusedFor <= 0 && !f.CheckedOut {
		return nil, nil
	}
	var product *Product
	if f.Product != "" {
		var err error
		if product, err = findProduct(r.Products, f.Product); err != nil {
			return nil, err
		}
	}
	if f.Entitlement != "" && !r.sells(product, f.Entitlement) {
		return nil, fmt.Errorf("no license of the organization has an entitlement %q", f.Entitlement)
	}
	now := f.now()
	return func(row *Row) bool {
		for _, l := range row.Licenses {
			if product != nil && l.ItemID != product.ItemID {
				continue
			}
			if f.Entitlement != "" && !containsFold(l.Entitlements, f.Entitlement) {
				continue
			}
			if f.CheckedOut && !l.CheckedOut || f.UnusedFor > 0 && now.Sub(l.LastUsed.Time) < f.UnusedFor {
				continue
			}
			return true
		}
		return false
	}, nil
}

func (r *Report) sells(product *Product, entitlement string) bool {
	for _, p := range r.Products {
		if product != nil && p != product {
			continue
		}
		for name := range p.Seats {
			if strings.EqualFold(name, entitlement) {
				return true
			}
		}
	}
	return false
}

func containsFold(list []string, s string) bool {
	for _, v := range list {
		if strings.EqualFold(v, s) {
			return true
		}
	}
	return false
}
