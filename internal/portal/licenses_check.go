package portal

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/rhumb-gis/rhumb/esri"
)

// poolReader turns a file of licenses into a pool and collects what is wrong with it.
type poolReader struct {
	pool  LicensePool
	errs  []error
	items map[esri.ItemID]string // by item: the field that named it
}

func (r *poolReader) wrong(field, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
}

func (r *poolReader) read(f *poolFile) {
	r.items = map[esri.ItemID]string{}
	r.userTypes(f)
	r.products(f)
	r.bundles(f)
	r.activity(f)
}

// seats checks a number of seats, which must be given.
func (r *poolReader) seats(field string, n *int64) int64 {
	switch {
	case n == nil:
		r.wrong(field, "is missing; -1 stands for unlimited")
		return 0
	case *n < Unlimited:
		r.wrong(field, "must be -1 (unlimited) or a whole number from 0 on, not %d", *n)
	}
	return *n
}

// seatsOr is seats for a number that may be left out.
func (r *poolReader) seatsOr(field string, n *int64) int64 {
	if n == nil {
		return Unlimited
	}
	return r.seats(field, n)
}

// name checks a text that must be given.
func (r *poolReader) name(field, s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		r.wrong(field, "is missing")
	}
	return s
}

// item checks an item id, which is made from the name where it is left out.
func (r *poolReader) item(field, id, kind, name string) esri.ItemID {
	item := esri.ItemID(strings.ToLower(id))
	if id == "" {
		item = derivedID(kind, name)
	} else if _, err := hex.DecodeString(id); err != nil || len(id) != 32 {
		r.wrong(field, "must be 32 hexadecimal digits, not %q", id)
	}
	if other, taken := r.items[item]; taken {
		r.wrong(field, "is the same as %s", other)
	}
	r.items[item] = field
	return item
}

func (r *poolReader) userTypes(f *poolFile) {
	defaults := defaultUserTypes()
	for i, in := range f.UserTypes {
		at := fmt.Sprintf("userTypes[%d]", i)
		t := &UserType{
			ID: r.name(at+".id", in.ID), Ordinal: i, Name: in.Name, Description: in.Description,
			Seats: r.seats(at+".seats", in.Seats), Expires: in.Expires.at, Apps: in.Apps,
		}
		if findUserType(r.pool.UserTypes, t.ID) != nil {
			r.wrong(at+".id", "%q is there twice", t.ID)
		}
		if known := findUserType(defaults, t.ID); known != nil {
			t.ID, t.Privileges = known.ID, known.Privileges
			t.Name = orElse(t.Name, known.Name)
		}
		t.Name = orElse(t.Name, t.ID)
		t.Description = orElse(t.Description, t.Name)
		if in.Privileges != nil {
			t.Privileges = r.privileges(at, in.Privileges)
		}
		r.pool.UserTypes = append(r.pool.UserTypes, t)
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// privileges reads names of privileges; one that ends in * stands for all that begin so.
func (r *poolReader) privileges(at string, names []string) []string {
	out := []string{}
	for i, name := range names {
		prefix, all := strings.CutSuffix(name, "*")
		n := len(out)
		for _, p := range allPrivileges {
			if p == name || all && strings.HasPrefix(p, prefix) {
				out = append(out, p)
			}
		}
		if len(out) == n {
			r.wrong(fmt.Sprintf("%s.privileges[%d]", at, i), "%q is no privilege of this portal", name)
		}
	}
	return ordered(out)
}

func (r *poolReader) products(f *poolFile) {
	for i, in := range f.Products {
		at := fmt.Sprintf("products[%d]", i)
		title := r.name(at+".title", in.Title)
		p := &Product{
			Item: r.item(at+".itemId", in.ItemID, "product", title), Ordinal: i, Title: title, Description: in.Description,
			LicenseType: orElse(in.LicenseType, "paid"), Vendor: in.Vendor, URL: in.URL, Trial: in.Trial,
			MaxUsers: r.seatsOr(at+".maxUsers", in.MaxUsers), Starts: in.Starts.at, Ends: in.Expires.at,
			CanDisconnect: in.CanDisconnect, MaxDisconnect: r.seatsOr(at+".maxDisconnectDuration", in.MaxDisconnectDuration),
		}
		if slices.ContainsFunc(r.pool.Products, func(o *Product) bool { return strings.EqualFold(o.Title, title) }) {
			r.wrong(at+".title", "%q is there twice", title)
		}
		if len(in.Entitlements) == 0 {
			r.wrong(at+".entitlements", "is missing: list what members hold of the product, with seats")
		}
		for j, e := range in.Entitlements {
			at := fmt.Sprintf("%s.entitlements[%d]", at, j)
			part := ProductPart{Key: r.name(at+".name", e.Name), Seats: r.seats(at+".seats", e.Seats), Level: e.Level || isProLevel(e.Name)}
			if slices.Contains(p.keys(), part.Key) {
				r.wrong(at+".name", "%q is there twice", part.Key)
			}
			p.Parts = append(p.Parts, part)
		}
		r.pool.Products = append(r.pool.Products, p)
	}
}

// isProLevel reports whether an entitlement is a level of ArcGIS Pro.
func isProLevel(key string) bool {
	return key == "desktopBasicN" || key == "desktopStdN" || key == "desktopAdvN"
}

func (r *poolReader) bundles(f *poolFile) {
	ids := map[string]bool{}
	for i, in := range f.AppBundles {
		at := fmt.Sprintf("appBundles[%d]", i)
		name := r.name(at+".name", in.Name)
		b := &AppBundle{
			Item: r.item(at+".itemId", in.ItemID, "bundle", name), ID: orElse(in.ID, string(derivedID("bundle id", name))), Ordinal: i, Name: name,
			Description: in.Description, Seats: r.seats(at+".seats", in.Seats), Expires: in.Expires.at, Apps: in.Apps,
		}
		if ids[b.ID] {
			r.wrong(at+".id", "%q is there twice", b.ID)
		}
		ids[b.ID] = true
		if len(b.Apps) == 0 {
			r.wrong(at+".apps", "is missing: list the applications of the bundle")
		}
		r.pool.AppBundles = append(r.pool.AppBundles, b)
	}
}

func (r *poolReader) activity(f *poolFile) {
	for i, in := range f.Activity {
		at := fmt.Sprintf("activity[%d]", i)
		a := Activity{Username: r.name(at+".username", in.Username), LastUsed: in.LastUsed.at, CheckedOut: in.CheckedOut.at}
		j := slices.IndexFunc(r.pool.Products, func(p *Product) bool {
			return strings.EqualFold(p.Title, in.Product) || strings.EqualFold(string(p.Item), in.Product)
		})
		switch {
		case j < 0:
			r.wrong(at+".product", "%q is no product of this file", in.Product)
			continue
		case a.LastUsed.IsZero() && a.CheckedOut.IsZero():
			r.wrong(at, "says neither lastUsed nor checkedOut")
		case !a.CheckedOut.IsZero() && !r.pool.Products[j].CanDisconnect:
			r.wrong(at+".checkedOut", "%s has no canDisconnect", r.pool.Products[j].Title)
		}
		a.Item = r.pool.Products[j].Item
		r.pool.Activity = append(r.pool.Activity, a)
	}
}
