package gis

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"slices"

	"github.com/rhumb-gis/rhumb/esri"
	"github.com/rhumb-gis/rhumb/internal/wire"
)

// Entitlement is what one member may use of a product.
type Entitlement struct {
	Username     string    `json:"username"`
	Entitlements []string  `json:"entitlements"` // such as desktopAdvN and spatialAnalystN
	LastLogin    esri.Time `json:"lastLogin"`    // when the member last used it; zero: never
	CheckedOut   bool      `json:"disconnected"` // taken offline: cannot be changed
	// CheckedOutSince is zero where the portal does not tell.
	CheckedOutSince esri.Time `json:"-"`
}

// UnmarshalJSON reads an entitlement.
func (e *Entitlement) UnmarshalJSON(b []byte) error { return e.readFrom(whole(b)) }

func (e *Entitlement) readFrom(next func(v any) ([]byte, error)) error {
	type plain Entitlement
	w := struct {
		plain
		Info *struct {
			Since esri.Time `json:"disconnectedSince"`
		} `json:"disconnectedInfo"`
	}{}
	if _, err := next(&w); err != nil {
		return err
	}
	*e = Entitlement(w.plain)
	// The documentation has [""] for a member without entitlements.
	e.Entitlements = slices.DeleteFunc(e.Entitlements, func(s string) bool { return s == "" })
	if w.Info != nil {
		e.CheckedOutSince = w.Info.Since
	}
	return nil
}

// EntitlementPage answers one page of [License.Entitlements]. Total is 0 where the portal does
// not count. An answer that says nothing about a next page has one if it is full.
//
// rest: GET content/listings/{itemId}/userEntitlements
func (l *License) EntitlementPage(ctx context.Context, start, size int) (*Page[*Entitlement], error) {
	size, start = pageSize(size, 0), max(start, 1)
	r := wire.Read("content/listings/{itemId}/userEntitlements", string(l.ItemID))
	found, rest, err := readPageAnd[*Entitlement](ctx, l.p, r, "userEntitlements", start, size)
	if err != nil {
		return nil, err
	}
	n := len(found.Items)
	found.Items = slices.DeleteFunc(found.Items, func(e *Entitlement) bool { return e == nil || e.Username == "" })
	if _, told := rest["nextStart"]; !told && found.Total == 0 && n == size {
		found.Next = start + size
	}
	return found, nil
}

// Entitlements yields who may use what of the product. Members who hold nothing of it are not
// listed. Pages are fetched as the loop reaches them, in the portal's order; a member who comes
// again, as with portals that do not page at all, is yielded once.
//
// rest: GET content/listings/{itemId}/userEntitlements
// py: arcgis.gis.admin.License.all
func (l *License) Entitlements(ctx context.Context) iter.Seq2[*Entitlement, error] {
	return func(yield func(*Entitlement, error) bool) {
		seen := map[string]bool{}
		for start := 1; ; {
			page, err := l.EntitlementPage(ctx, start, maxPage)
			if err != nil {
				yield(nil, err)
				return
			}
			fresh := false
			for _, e := range page.Items {
				if seen[e.Username] {
					continue
				}
				seen[e.Username], fresh = true, true
				if !yield(e, nil) {
					return
				}
			}
			if page.Next <= start || !fresh {
				return
			}
			start = page.Next
		}
	}
}

// Entitlement answers what one member may use of the product. A member who holds nothing of it
// has an entitlement without Entitlements.
//
// rest: GET content/listings/{itemId}/userEntitlements/{username}
// py: arcgis.gis.admin.License.user_entitlement
// py: arcgis.gis.admin.License.check
func (l *License) Entitlement(ctx context.Context, username string) (*Entitlement, error) {
	const op = "content/listings/{itemId}/userEntitlements/{username}"
	var answer struct {
		UserEntitlements json.RawMessage `json:"userEntitlements"`
	}
	r := wire.Read(op, string(l.ItemID), username)
	if err := l.p.do(ctx, r, &answer); err != nil {
		return nil, err
	}
	e := &Entitlement{}
	raw := bytes.TrimSpace(answer.UserEntitlements)
	if len(raw) > 0 && raw[0] == '[' { // as in the list of all
		var list []*Entitlement
		if err := decode(raw, &list); err != nil {
			return nil, &Error{Op: r.Op(), kind: ErrProtocol, cause: err}
		}
		if len(list) > 0 && list[0] != nil {
			e = list[0]
		}
	} else if len(raw) > 0 && string(raw) != "null" && string(raw) != `""` {
		if err := decode(raw, e); err != nil {
			return nil, &Error{Op: r.Op(), kind: ErrProtocol, cause: err}
		}
	}
	if e.Username == "" {
		e.Username = username
	}
	return e, nil
}

// Assign sets what several members may use of the product: entitlements become the whole set
// of each of them, whatever they held before. Portals send no message about it.
//
// Members go to the portal 25 at a time, and each of these calls succeeds or fails as a whole:
// its members are then in the returned [BatchError]. Portals refuse a call that would exceed
// the seats, and members who took the product offline.
//
// rest: POST content/listings/{itemId}/provisionUserEntitlements
// py: arcgis.gis.admin.License.assign
func (l *License) Assign(ctx context.Context, entitlements []string, usernames ...string) error {
	const op = "content/listings/{itemId}/provisionUserEntitlements"
	return inChunks(ctx, "POST "+op, usernames, maxUsersPerCall, func(b *batch, chunk []string) error {
		set := struct {
			Users        []string `json:"users"`
			Entitlements []string `json:"entitlements"`
		}{chunk, append([]string{}, entitlements...)}
		r := wire.Write(op, string(l.ItemID)).JSON("userEntitlements", set).Bool("suppressCustomerEmail", true)
		if err := l.p.do(ctx, r, nil); err != nil {
			return err
		}
		b.done = append(b.done, chunk...)
		return nil
	})
}

// Revoke takes the product from several members. Who holds nothing of it is no failure. See
// [License.Assign].
//
// rest: POST content/listings/{itemId}/provisionUserEntitlements
// py: arcgis.gis.admin.License.revoke
func (l *License) Revoke(ctx context.Context, usernames ...string) error {
	return l.Assign(ctx, nil, usernames...)
}

// EntitlementsAhead is [License.Entitlements] with several requests at a time, ahead of the
// loop; 0 means 8.
//
// rest: GET content/listings/{itemId}/userEntitlements
func (l *License) EntitlementsAhead(ctx context.Context, ahead int) iter.Seq2[*Entitlement, error] {
	if ahead <= 0 {
		ahead = defaultListAhead
	}
	return func(yield func(*Entitlement, error) bool) {
		seen := map[string]bool{}
		for page, err := range pagesAhead(ctx, ahead, func(ctx context.Context, start int) (*Page[*Entitlement], error) {
			return l.EntitlementPage(ctx, start, maxPage)
		}) {
			if err != nil {
				yield(nil, err)
				return
			}
			fresh := len(page.Items) == 0
			for _, e := range page.Items {
				if seen[e.Username] {
					continue
				}
				seen[e.Username], fresh = true, true
				if !yield(e, nil) {
					return
				}
			}
			if !fresh { // the portal does not page
				return
			}
		}
	}
}
